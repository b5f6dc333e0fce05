"""One picture: what it is, how large, and a fingerprint that survives scaling, re-encoding and mirroring.

Pictures are compared as whole pictures: nothing in them is looked for, and no face is compared, described or
looked up. The bytes are a stranger's, so size is judged by the header before a pixel is decoded.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from base64 import b32encode
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from scanner.model import Date, Evidence, Observation

LEAST_PIXELS = 120  # of width and of height: below are icons and thumbnails
MOST_PIXELS = 12_000_000  # of what must be decoded whole: 48 MB as RGBA
MOST_SCALED_PIXELS = 50_000_000  # of a JPEG, which is decoded at an eighth of its size where it is large
ENOUGH_PIXELS = 256  # of width and height, for a fingerprint
GRID = 8
CODECS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""What is decoded, of the many formats Pillow knows: imported here, so that a worker has them before it starts."""

_ICON = re.compile(
    r"(?:\A|[^a-z])(?:fav|mask|site|app|touch|shortcut)?icons?(?:[^a-z]|\Z)|\.ico\Z", re.IGNORECASE
)
_ENDING = re.compile(r"\.(?:jpe?g|jfif|png|gif|webp)\Z", re.IGNORECASE)
_STEP = 3  # levels of grey between neighbours that are no noise
_LEAST_STEPS = 56  # of 128 neighbours: a picture with fewer is plain, and plain pictures all look alike
_MOST_GROUND = 0.5  # of a picture in one shade: a mark on a plain ground is a logo or a drawing, no scene
_LEAST_MIX = 6  # of 64 bits each way: a smooth gradient, of which there are many, has fewer


@dataclass(frozen=True, slots=True)
class Looks:
    """A decoded picture. hash, mirror: 128-bit difference hashes of it and of its mirror image as 32 hex digits, ""
    for a picture without enough detail to tell it by."""

    format: str
    width: int
    height: int
    hash: str
    mirror: str


def looks(body: bytes) -> Looks | None:
    """What the first frame of a picture looks like.

    None for what is no picture of the four formats, too small, larger than the limits by its header, cut short
    or broken: nothing is known of it then.
    """
    kind = kind_of(body)
    if not kind:
        return None
    try:
        with Image.open(BytesIO(body), formats=[kind]) as picture:
            width, height = picture.size
            most = MOST_SCALED_PIXELS if kind == "JPEG" else MOST_PIXELS
            if min(width, height) < LEAST_PIXELS or width * height > most:
                return None
            if picture.mode.startswith(("I", "F")):
                return None  # 16 bits a level: no picture of a web page
            if kind == "JPEG":
                picture.draft("L", (ENOUGH_PIXELS, ENOUGH_PIXELS))
            grey = _grey(picture)
    except Image.DecompressionBombError:
        return None
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, struct.error):
        return None  # whatever a codec says of broken bytes
    own, mirror = difference_hash(grey), difference_hash(ImageOps.mirror(grey))
    return Looks(kind, width, height, own, mirror)


def kind_of(body: bytes) -> str:
    """The format by the first bytes, which is what decides; "" for every other.

    >>> kind_of(b"GIF89a..."), kind_of(b"<svg>")
    ('GIF', '')
    """
    if body.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "WEBP" if body.startswith(b"RIFF") and body[8:12] == b"WEBP" else ""


def difference_hash(grey: Image.Image) -> str:
    """Whether each cell of a grid is brighter than its neighbour to the left, and than the one above: 128 bits.

    "" for a plain picture: most of it is of one shade, too few of the neighbours differ, or all in one direction.
    """
    shades = grey.resize((GRID * 8, GRID * 8), Image.Resampling.BOX).histogram()
    ground = max(sum(shades[at : at + _STEP * 2]) for at in range(256))
    if ground > _MOST_GROUND * sum(shades):
        return ""
    across = grey.resize((GRID + 1, GRID), Image.Resampling.BOX).tobytes()
    down = grey.resize((GRID, GRID + 1), Image.Resampling.BOX).tobytes()
    rows = [across[at + 1] - across[at] for y in range(GRID) for at in range(y * 9, y * 9 + GRID)]
    columns = [down[at + GRID] - down[at] for at in range(GRID * GRID)]
    if sum(abs(step) >= _STEP for step in (*rows, *columns)) < _LEAST_STEPS:
        return ""
    bits = 0
    for steps in (rows, columns):
        rising = sum(step > 0 for step in steps)
        if not _LEAST_MIX <= rising <= len(steps) - _LEAST_MIX:
            return ""
        for step in steps:
            bits = bits << 1 | (step > 0)
    return f"{bits:032x}"


def observation(evidence: Evidence, body: bytes) -> Observation | None:
    """The row `picture/seen` of an answer's body; None for what `looks` knows nothing of."""
    found = looks(body)
    if found is None:
        return None
    what = {
        "url": evidence.uri,
        "digest": hashlib.sha256(body).hexdigest(),
        "sha1": b32encode(hashlib.sha1(body).digest()).decode(),  # as web archives list it
        "format": found.format,
        "width": found.width,
        "height": found.height,
        "hash": found.hash,
        "mirror": found.mirror,
    }
    value = json.dumps(what, ensure_ascii=False, sort_keys=True)
    return Observation(
        "picture", "seen", value, "website", Date.of(evidence.fetched_at), evidence=evidence.digest
    )


def _grey(picture: Image.Image) -> Image.Image:
    """In shades of grey, on white where it lets the ground through, not much larger than what follows needs."""
    picture.load()
    if picture.mode in ("P", "PA", "LA", "RGBA") or "transparency" in picture.info:
        small = picture.convert("RGBA")
        small = small.reduce(max(1, min(small.size) // ENOUGH_PIXELS))
        ground = Image.new("RGBA", small.size, "white")
        ground.alpha_composite(small)
        picture = ground
    return picture.convert("L")


def is_icon(url: str) -> bool:
    """Whether an address is an icon's by its name.

    >>> is_icon("https://a.example/img/favicon-32x32.png"), is_icon("https://a.example/silicon-valley.jpg")
    (True, False)
    """
    return bool(_ICON.search(urlsplit(url).path))


def is_address(url: str) -> bool:
    """Whether an address is a picture's by its ending: one of the formats that are decoded.

    >>> is_address("https://a.example/team.JPG?w=600"), is_address("https://a.example/team")
    (True, False)
    """
    return bool(_ENDING.search(urlsplit(url).path))
