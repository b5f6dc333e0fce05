"""Pictures for tests and worlds: made-up scenes of shapes and shades, the same for the same seed everywhere."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter


def scene(seed: int, width: int = 320, height: int = 220) -> Image.Image:
    """A scene with as much detail as a photograph: shaded ground, forty shapes, soft edges."""
    dice = random.Random(seed)
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        left, top = dice.randrange(-40, width), dice.randrange(-40, height)
        box = (left, top, left + dice.randrange(20, width // 3), top + dice.randrange(20, height // 2))
        colour = tuple(dice.randrange(256) for _ in range(3))
        (draw.ellipse if dice.random() < 0.5 else draw.rectangle)(box, fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(2))


def logo(seed: int, size: int = 160) -> Image.Image:
    """A mark on white: a ring and a bar."""
    dice = random.Random(seed)
    picture = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(picture)
    colour = tuple(dice.randrange(160) for _ in range(3))
    draw.ellipse((20, 20, size - 20, size - 20), outline=colour, width=12)
    draw.rectangle((size // 2 - 8, 40, size // 2 + 8, size - 40), fill=colour)
    return picture


def encoded(picture: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    """The bytes of a picture's file."""
    sink = BytesIO()
    picture.save(sink, format, **options)
    return sink.getvalue()
