#!/usr/bin/env python3
"""Prints resize_reference.inc: pixels of what Pillow makes of the picture of resize_test.cpp's formula.

    python3 -m pip install pillow numpy && python3 make_resize_reference.py > resize_reference.inc
"""
import numpy as np
import PIL
from PIL import Image

SIZES = [(37, 23), (23, 37), (100, 7), (5, 100), (61, 41), (200, 150), (61, 20), (30, 41)]  # width, height


def picture(width, height):
    """A hash of the coordinates: every pixel differs from its neighbours."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3].astype(np.uint64)
    return ((x * 2654435761 + y * 40503 + c * 7919 + x * y * 131) % 2**32 >> 8 & 255).astype(np.uint8)


source = Image.fromarray(picture(61, 41))
print(f"// Made by make_resize_reference.py with Pillow {PIL.__version__}.")
print("// width, height, x, y, red, green, blue; none of the outermost pixels")
for width, height in SIZES:
    # Across, then down: new versions of Pillow choose the order by its cost, which changes single bytes by one.
    across = source.resize((width, source.height), Image.Resampling.BILINEAR)
    result = across.resize((width, height), Image.Resampling.BILINEAR)
    for k in range(5):
        x, y = 1 + (width - 3) * k // 4, 1 + (height - 3) * (k * 3 % 5) // 4
        print(f"{{{width}, {height}, {x}, {y}, {{{', '.join(map(str, result.getpixel((x, y))))}}}}},")
