#!/bin/sh
# debian_test.sh BUILD SOURCE [EMULATOR]: builds the Debian packages of a build folder, unpacks them into a folder and uses them from
# there: versions, manual pages, a network compiled and run. What they depend on must be installed here, by its name. They are
# compressed by gzip, since xz takes long.
set -eu
build=$1 source=$2 emulator=${3:-}
for tool in cpack dpkg-deb dpkg-shlibdeps file; do
    command -v $tool > /dev/null || { echo "SKIPPED: $tool is not here (./setup --tests installs it)"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "$*"
    exit 1
}

(cd "$build" && cpack -G DEB -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip -B "$work/packages") > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
programs=senet
[ -n "$emulator" ] || programs="senet senetc"
for package in libsenet0 libsenet-dev $programs; do
    archive=$(find "$work/packages" -maxdepth 1 -name "${package}_*.deb")
    [ -n "$archive" ] || fail "there is no package $package"
    dpkg-deb -x "$archive" "$work/root"
    depends=$(dpkg-deb -f "$archive" Depends)
    machine=$(dpkg-deb -f "$archive" Architecture)
    echo "$package $machine $(dpkg-deb -f "$archive" Version) ($(stat -c %s "$archive") bytes): $depends"
    # Each name, but those of our own packages, is a package that is installed.
    echo "$depends" | tr ',' '\n' | sed 's/^ *//; s/[ (|].*//' | grep -v '^libsenet' | while read -r name; do
        dpkg-query -W "$name:$machine" > "$work/log" 2>&1 || fail "$package needs $name:$machine, which is not installed here"
    done
    [ -s "$work/root/usr/share/doc/$package/copyright" ] || fail "$package has no copyright file"
done
case $(dpkg-deb -f "$work"/packages/libsenet0_*.deb Depends) in
    *,*) fail "libsenet0 needs more than libc" ;;
esac

root=$work/root/usr
for program in $programs; do
    # shellcheck disable=SC2086  # an emulator is words, or none
    version=$($emulator "$root/bin/$program" --version)
    echo "$version" | grep -qx "$program [0-9.]*" || fail "$program --version says $version"
    if command -v help2man > /dev/null; then
        grep -q "^.SH NAME" "$root/share/man/man1/$program.1" || fail "$program has no manual page"
    fi
    if readelf -d "$root/bin/$program" | grep -E "R(UN)?PATH" | grep -vF 'ORIGIN'; then
        fail "$program looks for libraries in a folder of this machine"
    fi
done
[ "$programs" != senet ] || { echo "unpacked and started"; exit 0; }

export PATH="$root/bin:$PATH" SENETC_CACHE="$build/kernel-cache"
ldd "$root/bin/senetc" | grep -qF "$root" || fail "senetc doesn't take the Halide of its package"
senetc build se_resnet20_cifar --weights "$source/models/weights/se_resnet20_cifar10.safetensors" -o "$work/dist"
senet run "$work/dist/x86-64/libse_resnet20_cifar.so" "$source/models/demo" --class-folders --top 1 | tail -n 1 > "$work/last"
grep -qF "27 of 35" "$work/last" || fail "the demo's pictures give $(cat "$work/last")"
# Autoschedulers come along, and what retrains one: it starts, and asks for its arguments.
senetc build se_resnet20_cifar --weights "$source/models/weights/se_resnet20_cifar10.safetensors" --variants avx2 \
    --schedule auto:Li2018 --fallback -o "$work/auto"
senet info "$work/auto/x86-64/libse_resnet20_cifar.so" | grep -q auto:Li2018 || fail "no kernel is scheduled by Li2018"
halide=$(dirname "$(ldd "$root/bin/senetc" | sed -n 's/.*libHalide.so => \([^ ]*\).*/\1/p')")
for tool in adams2019_retrain_cost_model featurization_to_sample; do
    "$halide/$tool" 2>&1 | grep -qi usage || fail "$tool doesn't start"
done
echo "unpacked, started and used"
