#!/bin/sh
# consumer_test.sh BUILD SOURCE GENERATOR COMPILER [TOOLCHAIN EMULATOR]: builds docs/example.c as strangers do, shared and
# static: with an installed libsenet by find_package and by pkg-config, with a build folder, and with the sources as a part of
# their project. Each program starts and refuses a file that isn't there.
set -eu
build=$1 source=$2 generator=$3 compiler=$4 toolchain=${5:-} emulator=${6:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

logged() {
    "$@" > "$work/log" 2>&1 || {
        cat "$work/log"
        exit 1
    }
}

# consumer HOW FLAG...: configures, builds and runs the project beside this script.
consumer() {
    how=$1
    shift
    logged cmake -G "$generator" -S "$source/tests/packages/project" -B "$work/$how" -DEXAMPLE="$source/docs/example.c" \
        ${toolchain:+-DCMAKE_TOOLCHAIN_FILE="$toolchain"} "$@"
    logged cmake --build "$work/$how"
    runs "$work/$how/with_senet"
    runs "$work/$how/with_senet_static"
    echo "$how: found, linked and started"
}

runs() {
    # shellcheck disable=SC2086  # an emulator is words, or none
    if $emulator "$1" /no/such/file 2> "$work/message"; then exit 1; fi
    grep -q "can't be opened" "$work/message" || {
        cat "$work/message"
        exit 1
    }
}

for component in libsenet libsenet-dev; do
    logged cmake --install "$build" --prefix "$work/prefix" --component $component
done
[ -e "$(find "$work/prefix" -name libsenet.so.0)" ] || { echo "no libsenet.so.0 is installed"; exit 1; }
mv "$work/prefix" "$work/moved"  # the installed folder may go anywhere

consumer installed -Dsenet_DIR="$(dirname "$(find "$work/moved" -name senetConfig.cmake)")"
consumer build_folder -Dsenet_DIR="$build/runtime/core"
consumer part_of_project -DSENET_SOURCE="$source"

command -v pkg-config > /dev/null || { echo "SKIPPED: pkg-config is not here (./setup --tests installs it)"; exit 0; }
PKG_CONFIG_LIBDIR=$(dirname "$(find "$work/moved" -name senet.pc)")
LD_LIBRARY_PATH=$(dirname "$(find "$work/moved" -name libsenet.so)")
export PKG_CONFIG_LIBDIR
# shellcheck disable=SC2046  # flags are words
logged "$compiler" "$source/docs/example.c" -o "$work/with_pkg_config" $(pkg-config --cflags --libs senet) \
    -Wl,-rpath,"$LD_LIBRARY_PATH"
runs "$work/with_pkg_config"
echo "pkg-config: found, linked and started"
