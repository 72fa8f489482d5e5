#!/bin/sh
# Trains the networks of bench_train with mend and with PyTorch, in turn, and prints medians and ratios.
#
#   bench/compare_torch.sh PEER_SCRIPT [PYTHON] [ROUNDS] [BENCH]
#
# PEER_SCRIPT takes --threads, --seconds, --json and names of networks, and prints
# {"peer": ..., "samples_per_second": {name: number}}. Environment: SECONDS_EACH (2), NAMES, JOBS=0 leaves out
# /jobs:2. Processor time is compared, of one thread each, so that other programs disturb less; /jobs:2 is compared
# with one job by the clock, which wants two idle cores.
set -eu
script=${1:?usage: compare_torch.sh PEER_SCRIPT [PYTHON] [ROUNDS] [BENCH]}
here=$(dirname "$0")
exec "${2:-python3}" "$here/compare_torch.py" "$script" "${2:-python3}" "${3:-5}" "${4:-$here/../build/bench/bench_train}"
