#!/usr/bin/env python3
"""Draws the pictures of models/demo: emoji of CIFAR-10's ten classes over plain backgrounds, 32x32.

    before: Debian's fonts-noto-color-emoji, Python with Pillow
    after:  models/demo/<class>/<emoji>-<background>.png

The pictures are in the repository, so only a change to the table below needs this script:

    apt-get install fonts-noto-color-emoji && pip install pillow && models/demo/draw_emoji.py
"""
import pathlib
import sys

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
FONT_SIZE = 109  # the only size that the font's bitmaps have
GLYPH = 136      # the width and height of one bitmap
SIDE = 32        # of a picture
MARGIN = 2       # between the drawing and the picture's edge

# Colours at the top and at the bottom of the picture.
BACKGROUNDS = {
    "sky": ((110, 165, 225), (190, 220, 245)),
    "grass": ((150, 175, 110), (85, 125, 60)),
    "water": ((165, 195, 215), (40, 85, 125)),
    "road": ((190, 195, 200), (110, 110, 115)),
    "sand": ((215, 200, 165), (175, 150, 110)),
}

# Class: the emoji, each with the backgrounds that it is drawn over.
DRAWINGS = {
    "airplane": [("airplane", "\u2708", "sky"), ("small-airplane", "\U0001F6E9", "sky"),
                 ("departure", "\U0001F6EB", "sky"), ("arrival", "\U0001F6EC", "sky")],
    "automobile": [("car", "\U0001F697", "road"), ("suv", "\U0001F699", "road"), ("taxi", "\U0001F695", "road"),
                   ("racing-car", "\U0001F3CE", "road")],
    "bird": [("bird", "\U0001F426", "grass"), ("eagle", "\U0001F985", "sky"), ("duck", "\U0001F986", "water"),
             ("dove", "\U0001F54A", "sky")],
    "cat": [("cat", "\U0001F408", "grass"), ("cat", "\U0001F408", "sand"), ("face", "\U0001F431", "sand")],
    "deer": [("deer", "\U0001F98C", "grass"), ("deer", "\U0001F98C", "sand"), ("deer", "\U0001F98C", "sky")],
    "dog": [("dog", "\U0001F415", "grass"), ("poodle", "\U0001F429", "sand"), ("face", "\U0001F436", "sand")],
    "frog": [("frog", "\U0001F438", "grass"), ("frog", "\U0001F438", "water"), ("frog", "\U0001F438", "sand")],
    "horse": [("horse", "\U0001F40E", "grass"), ("horse", "\U0001F40E", "sand"), ("face", "\U0001F434", "grass")],
    "ship": [("ship", "\U0001F6A2", "water"), ("ferry", "\u26F4", "water"), ("motor-boat", "\U0001F6E5", "water"),
             ("sailboat", "\u26F5", "water")],
    "truck": [("lorry", "\U0001F69A", "road"), ("articulated", "\U0001F69B", "road"),
              ("fire-engine", "\U0001F692", "road"), ("pickup", "\U0001F6FB", "road")],
}


def background(name):
    """A vertical gradient, RGBA."""
    top, bottom = BACKGROUNDS[name]
    column = Image.new("RGBA", (1, SIDE))
    for y in range(SIDE):
        t = y / (SIDE - 1)
        column.putpixel((0, y), tuple(round(a + (b - a) * t) for a, b in zip(top, bottom)) + (255,))
    return column.resize((SIDE, SIDE), Image.NEAREST)


def drawing(emoji, font):
    """The emoji alone, RGBA, cut to its bounding box and scaled into the picture's margins."""
    glyph = Image.new("RGBA", (GLYPH, GLYPH), (0, 0, 0, 0))
    ImageDraw.Draw(glyph).text((0, 0), emoji, font=font, embedded_color=True)
    glyph = glyph.crop(glyph.getbbox())
    scale = (SIDE - 2 * MARGIN) / max(glyph.size)
    return glyph.resize([max(1, round(side * scale)) for side in glyph.size], Image.LANCZOS)


def main():
    root = pathlib.Path(__file__).parent
    try:
        font = ImageFont.truetype(FONT, FONT_SIZE)
    except OSError:
        sys.exit(f"{FONT} is not there: install fonts-noto-color-emoji")
    for label, drawings in DRAWINGS.items():
        (root / label).mkdir(exist_ok=True)
        for name, emoji, scene in drawings:
            picture, glyph = background(scene), drawing(emoji, font)
            left, top = (SIDE - glyph.width) // 2, (SIDE - glyph.height) // 2
            picture.alpha_composite(glyph, (left, top))
            picture.convert("RGB").save(root / label / f"{name}-{scene}.png", optimize=True)


if __name__ == "__main__":
    main()
