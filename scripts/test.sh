#!/usr/bin/env bash
# Installs what is missing, builds, and runs the whole test suite. Arguments go to `meson test`.
# Tests on real data look for MEND_DATA_DIR (default ../shared/data) and say so when they are skipped.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

ninja -C build
status=0
meson test -C build --no-rebuild --print-errorlogs "$@" || status=$?
grep -h 'skipped:' build/meson-logs/testlog.txt 2>/dev/null | sort -u || true
exit $status
