#!/bin/sh
# compare.sh PROGRAM EXPECTED: runs the program and compares what it prints.
"$1" | diff - "$2"
