#!/usr/bin/env bash
# Installs what is missing, builds the tool, and repairs a broken CNN and a broken MLP on data that mend draws itself.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

ninja -C build tools/mend
echo
for fault in digits_cnn_output mnist_mlp_learning_rate; do
    echo "== mend repair fault:$fault"
    status=0
    build/tools/mend repair "fault:$fault" --budget 10 --seed 1 || status=$?
    if [ "$status" -gt 1 ]; then exit "$status"; fi
    echo
done
echo "Other faults: build/tools/mend faults. Your own: build/tools/mend repair problem.json --data ..."
