#!/usr/bin/env bash
# The README's demo, and what it says of it: demo_test.sh SENETC SENET ROOT FOLDER. Compiles the trained network and
# classifies the pictures on every variant; in double, too, the network knows 27 of the 35.
set -euo pipefail
senetc=$1 senet=$2 root=$3 folder=$4
expected="top-1 77.14 % (27 of 35)"

"$senetc" build se_resnet20_cifar --weights "$root/models/weights/se_resnet20_cifar10.safetensors" -o "$folder"
library=$folder/x86-64/libse_resnet20_cifar.so
for variant in avx512 avx2; do
    if [ $variant = avx512 ] && ! grep -qw avx512vl /proc/cpuinfo; then
        echo "SKIPPED on avx512: this CPU has none"
        continue
    fi
    "$senet" run "$library" "$root/models/demo" --class-folders --top 1 --variant $variant > "$folder/rows.txt"
    tail -n 1 "$folder/rows.txt"
    tail -n 1 "$folder/rows.txt" | grep -qF "$expected" || {
        echo "expected '$expected' on $variant" >&2
        exit 1
    }
done
