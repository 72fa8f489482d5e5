#!/usr/bin/env bash
# Installs what is missing and configures build/. Sourced by demo.sh and test.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(g++ meson ninja-build pkg-config libeigen3-dev libtbb-dev nlohmann-json3-dev zlib1g-dev
          libcli11-dev doctest-dev libbenchmark-dev)

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        for tool in c++ meson ninja pkg-config; do
            command -v "$tool" >/dev/null || {
                echo "mend needs a C++20 compiler, Meson >= 1.0, Ninja, pkg-config, Eigen >= 3.4, oneTBB," \
                    "nlohmann-json >= 3.11, zlib, CLI11, doctest and Google Benchmark; \"$tool\" was not found." \
                    "Install them with this system's package manager and run this again." >&2
                exit 2
            }
        done
        return
    fi
    local missing=() package
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    echo "installing: ${missing[*]}" >&2
    local log
    log=$(mktemp)
    { as_root apt-get update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        echo "could not install ${missing[*]}; the whole log is in $log" >&2
        exit 2
    }
    rm -f "$log"
}

install_missing
if [ ! -f build/build.ninja ]; then
    meson setup build >build-setup.log 2>&1 || { cat build-setup.log >&2; rm -f build-setup.log; exit 2; }
    mv build-setup.log build/setup.log
fi
