#!/bin/sh
# Makes sure that the system has what tinygest needs beside Python packages: a C compiler, Python's
# headers and venv, the Cortex-M4 compiler and the emulator. Installs Debian packages where it may,
# otherwise names them in one sentence.
set -eu

missing=""
need() { # need COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need python3 "python3 python3-venv python3-dev"
need cc gcc
need c++ g++
need arm-none-eabi-gcc "gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib"
need qemu-system-arm qemu-system-arm
# The server for the tests of `search`; Debian keeps it out of PATH.
command -v postgres >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
need dbus-daemon dbus-daemon
need node nodejs
need npm npm
need chromium chromium
if command -v python3 >/dev/null 2>&1; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
    headers=$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')
    [ -f "$headers/Python.h" ] || missing="$missing python3-dev"
fi

if [ -n "$missing" ]; then
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        if sudo -n true 2>/dev/null; then as_root="sudo"; else as_root="none"; fi
    fi
    if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "tinygest needs these Debian packages, please install them and run this again:$missing" >&2
        exit 1
    fi
    echo "installing Debian packages:$missing"
    # shellcheck disable=SC2086 # a list of words
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        $as_root apt-get install -y -qq --no-install-recommends $missing; } >/dev/null
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "tinygest needs Python 3.11 or newer; python3 here is $(python3 --version)" >&2
    exit 1
}
