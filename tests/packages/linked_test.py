#!/usr/bin/env python3
"""A C program outside this tree with lib<model>.a and libsenet linked in, for one target: what it computes is what senet
computes here with the shared library.

linked_test.py TARGET BUILD SENETC SENET SOURCE GENERATOR [TOOLCHAIN EMULATOR]; BUILD has libsenet for TARGET. Exit 77: skipped.
"""
import array
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

PIXELS, CLASSES = 3 * 32 * 32, 10


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def image():
    """Floats in [-2, 2), the same everywhere."""
    state, values = 1, array.array("f")
    for _ in range(PIXELS):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**30 - 2)
    return values.tobytes()


def logits_of_shared(senet, library, folder):
    header = json.dumps({"image": {"dtype": "F32", "shape": [1, 3, 32, 32], "data_offsets": [0, 4 * PIXELS]}}).encode()
    (folder / "in").write_bytes(struct.pack("<Q", len(header)) + header + image())
    run([senet, "run", library, "--tensors", folder / "in", "--output", folder / "out"])
    return array.array("f", (folder / "out").read_bytes()[-4 * CLASSES:])


def build_project(target, build, source, generator, toolchain, folder):
    for component in ("libsenet", "libsenet-dev"):
        run(["cmake", "--install", build, "--prefix", folder / "prefix", "--component", component])
    config = next((folder / "prefix").rglob("senetConfig.cmake")).parent
    run(["cmake", "-G", generator, "-S", source / "tests/packages/linked", "-B", folder / "project",
         f"-DMODEL={folder / 'dist' / target}", f"-Dsenet_DIR={config}"] +
        ([f"-DCMAKE_TOOLCHAIN_FILE={toolchain}"] if toolchain else []))
    run(["cmake", "--build", folder / "project"])


def main():
    target, build, senetc, senet, source, generator = sys.argv[1:7]
    toolchain, emulator = (sys.argv[7:] + ["", ""])[:2]
    if toolchain and not (shutil.which(emulator) and os.path.exists(f"{build}/bin/senet")):
        print("SKIPPED: the cross compiler or its libraries are not here (./setup --tests installs them)")
        return 77
    source = pathlib.Path(source)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run([senetc, "build", "se_resnet20_cifar", "--target", ",".join(dict.fromkeys([target, "x86-64"])),
             "--weights", source / "models/weights/se_resnet20_cifar10.safetensors", "-o", folder / "dist"])
        expected = logits_of_shared(senet, folder / "dist/x86-64/libse_resnet20_cifar.so", folder)
        build_project(target, build, source, generator, toolchain, folder)
        for program in ("dynamic", "static"):
            lines = run(emulator.split() + [folder / "project" / program], input=image()).decode().split()
            logits = [float(line) for line in lines]
            error = max(abs(a - b) for a, b in zip(logits, expected, strict=True)) / max(map(abs, expected))
            print(f"{target}, {program}: largest difference to the shared library here {error:.1e} of the largest logit")
            if not error <= 1e-5:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
