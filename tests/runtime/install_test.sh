#!/bin/sh
# install_test.sh BUILD SOURCE GENERATOR: installs libsenet and builds docs/example.c with what a stranger would use:
# find_package and pkg-config, shared and static.
set -eu
build=$1 source=$2 generator=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" --component libsenet > "$work/log"
[ -e "$(find "$work/prefix" -name libsenet.so.0)" ] || { echo "no libsenet.so.0 is installed"; exit 1; }

cat > "$work/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.16)
project(stranger LANGUAGES C)
find_package(senet 0.1 REQUIRED)
foreach(kind senet senet_static)
    add_executable(with_\${kind} "$source/docs/example.c")
    target_link_libraries(with_\${kind} PRIVATE senet::\${kind})
endforeach()
EOF
cmake -G "$generator" -S "$work" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" >> "$work/log" || { cat "$work/log"; exit 1; }
cmake --build "$work/build" >> "$work/log" 2>&1 || { cat "$work/log"; exit 1; }

if command -v pkg-config > /dev/null; then
    PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name senet.pc)")
    export PKG_CONFIG_PATH
    # shellcheck disable=SC2046  # flags are words
    cc "$source/docs/example.c" -o "$work/with_pkg_config" $(pkg-config --cflags --libs senet)
    export LD_LIBRARY_PATH="$(dirname "$(find "$work/prefix" -name libsenet.so)")"
    ! "$work/with_pkg_config" /no/such/file 2> "$work/message"
    grep -q "can't be opened" "$work/message"
fi
for program in with_senet with_senet_static; do
    ! "$work/build/$program" /no/such/file 2> "$work/message"
    grep -q "can't be opened" "$work/message"
done
echo "installed, found and linked"
