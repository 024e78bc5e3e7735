#!/usr/bin/env python3
"""Prints resize_reference.inc: what Pillow makes of the picture of resize_test.cpp's formula.

    python3 -m pip install pillow numpy && python3 make_resize_reference.py > resize_reference.inc
"""
import numpy as np
import PIL
from PIL import Image

SIZES = [(37, 23), (23, 37), (100, 7), (5, 100), (61, 41), (1, 1), (200, 150), (61, 20), (30, 41)]  # width, height


def picture(width, height):
    """A hash of the coordinates: every pixel differs from its neighbours."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3].astype(np.uint64)
    return ((x * 2654435761 + y * 40503 + c * 7919 + x * y * 131) % 2**32 >> 8 & 255).astype(np.uint8)


def fnv1a(data):
    state = 2166136261
    for byte in data:
        state = (state ^ byte) * 16777619 % 2**32
    return state


source = Image.fromarray(picture(61, 41))
print(f"// Made by make_resize_reference.py with Pillow {PIL.__version__}.")
print("// width, height, FNV-1a of all bytes, the first bytes")
for size in SIZES:
    # Across, then down: new versions of Pillow choose the order by its cost, which changes single bytes by one.
    across = source.resize((size[0], source.height), Image.Resampling.BILINEAR)
    data = across.resize(size, Image.Resampling.BILINEAR).tobytes()
    first = ", ".join(str(b) for b in data[:6].ljust(6, b"\0"))
    print(f"{{{size[0]}, {size[1]}, {fnv1a(data)}u, {{{first}}}}},")
