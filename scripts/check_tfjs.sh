#!/usr/bin/env bash
# Repairs five of mend's own faults and trains faulty and repaired problem in TensorFlow.js, on the rows that mend trained
# on: does the gain hold there? Prints a table (bench/results/tfjs.md); exit 1 if one does not. Needs Node.js and npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mend=${MEND_TOOL:-build/tools/mend}
runs=${RUNS:-5}
faults=${*:-blobs_mlp_zero_weights circles_mlp_linear line_mlp_output moons_mlp_loss mnist_mlp_learning_rate}

for program in node npm "$mend"; do
    if ! command -v "$program" >/dev/null; then
        echo "check_tfjs: $program is missing (Debian: apt-get install nodejs npm; mend: ninja -C build tools/mend)" >&2
        exit 2
    fi
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# TensorFlow.js without its converters and its WebGL backend; nothing is installed into the repository.
version=4.22.0
npm install --silent --no-audit --no-fund --prefix "$folder" \
    "@tensorflow/tfjs-core@$version" "@tensorflow/tfjs-layers@$version" "@tensorflow/tfjs-backend-cpu@$version" >&2
node scripts/check_tfjs.mjs "$folder" "$mend" "$runs" $faults
