#!/bin/sh
# arm_build.sh SOURCE BUILD [FLAG...]: builds the arm-64 preset in a folder and runs its tests in qemu. Exit status 77: what
# it needs is not here.
set -eu
source=$1 build=$2
shift 2
for tool in qemu-aarch64 aarch64-linux-gnu-g++; do
    command -v $tool > /dev/null || { echo "SKIPPED: $tool is not here (./setup --tests installs it)"; exit 77; }
done
for library in fmt jpeg png exif; do
    [ -e /usr/lib/aarch64-linux-gnu/lib$library.so ] ||
        { echo "SKIPPED: lib$library for arm64 is not here (./setup --tests installs it)"; exit 77; }
done
cmake -S "$source" --preset arm-64 -B "$build" "$@"
cmake --build "$build"
ctest --test-dir "$build" --parallel 2 --output-on-failure
