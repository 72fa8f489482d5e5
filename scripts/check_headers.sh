#!/usr/bin/env bash
# Compiles every header alone (no code is made). Arguments go to the compiler, which $CXX names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
find include -name '*.hpp' -print0 | sort -z |
    xargs -0 -P "$(nproc)" -I{} sh -c 'printf "#include \"%s\"\n" "{}" |
        "${CXX:-c++}" -std=c++20 -fsyntax-only -Wall -Wextra -Wshadow -I. -Iinclude -isystem /usr/include/eigen3 "$@" -x c++ - ||
        { echo "{} does not stand alone" >&2; exit 255; }' sh "$@"
echo "every header stands alone"
