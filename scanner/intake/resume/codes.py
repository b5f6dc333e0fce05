"""Addresses in QR codes on a page or in a picture of a résumé. Decoded on the spot: no picture is kept.

Of a code only web addresses are taken; of a visiting card its `URL` lines, never a name, number or mailbox.
"""

from __future__ import annotations

import importlib
import re
import struct
import warnings
from collections.abc import Iterable, Sequence
from functools import partial
from io import BytesIO
from types import ModuleType
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
from PIL import Image, JpegImagePlugin, PngImagePlugin

from scanner.intake.resume.sheet import Line, Link, Sheet

CODECS = (JpegImagePlugin, PngImagePlugin)
"""What is decoded: imported here, so that a worker has them before it starts."""
SCALE = 2.0  # pixels a point: a code of 15 mm has 85 pixels
MOST_PIXELS = 16_000_000  # of one picture; a page's own are counted before it is drawn
LEAST = 20  # points of a page's side
MOST_OBJECTS = 6_000  # of one page: a map takes too long to draw
MOST_PICTURES = 12  # of one document
MOST_CODES = 20
_STRICT = partial(warnings.catch_warnings, action="error", category=Image.DecompressionBombWarning)
_ADDRESS = re.compile(r"\s*((?:https?://|www\.)\S+)\s*", re.IGNORECASE)
_CARD = re.compile(r"(?:^|[\n;:])(?:[\w.]+\.)?URL(?:;[^:\n]*)?:((?:https?://|www\.)[^\s;]+)", re.IGNORECASE)


def _decoder() -> ModuleType | None:
    try:
        return importlib.import_module("zxingcpp")
    except ImportError:  # no wheel for this machine
        return None


_ZXING = _decoder()


def of_page(page: Any) -> list[str]:
    """The addresses in codes on a page of a PDF; none of a page that costs too much to draw."""
    count = raw.FPDFPage_CountObjects(page.raw)
    if _ZXING is None or count > MOST_OBJECTS or _pixels(page, count) > MOST_PIXELS:
        return []
    width, height = page.get_size()
    if width * height * SCALE * SCALE > MOST_PIXELS or min(width, height) < LEAST:
        return []
    try:
        drawn = page.render(scale=SCALE, grayscale=True, draw_annots=False, may_draw_forms=False)
        return _read(drawn.to_numpy().reshape(drawn.height, -1)[:, : drawn.width])
    except (pypdfium2.PdfiumError, ValueError, RuntimeError):
        return []  # its text is read all the same


def of_pictures(pictures: Iterable[bytes]) -> list[str]:
    """The addresses in codes in PNG and JPEG files; what is no such file, or broken, or too large, has none."""
    found: dict[str, None] = {}
    for at, picture in enumerate(pictures):
        if _ZXING is None or at == MOST_PICTURES:
            break
        try:
            with _STRICT(), Image.open(BytesIO(picture), formats=["PNG", "JPEG"]) as opened:
                if opened.size[0] * opened.size[1] > MOST_PIXELS or opened.mode.startswith(("I", "F")):
                    continue
                seen = opened.convert("RGBA")
            grey = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("L")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            continue
        except (OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, struct.error):
            continue  # whatever a codec says of broken bytes
        found.update(dict.fromkeys(_read(np.asarray(grey))))
    return list(found)


def add(sheet: Sheet, urls: Sequence[str]) -> None:
    """Puts addresses of codes below a heading of their own: whose they are can't be told from where they stand."""
    known = {link.url for line in sheet.lines for link in line.links}
    new = [url for url in dict.fromkeys(urls) if url not in known]
    if not new:
        return
    sheet.lines.append(Line("Links", heading=True, gap=True))
    sheet.lines += [Line("", [Link(0, 0, url)]) for url in new]
    codes = "1 address was" if len(new) == 1 else f"{len(new)} addresses were"
    sheet.notes.append(f"{codes} read from a QR code: see whose it is")


def addresses(text: str) -> list[str]:
    """The web addresses in what a code says.

    >>> addresses("https://jane.example/cv")
    ['https://jane.example/cv']
    >>> addresses("BEGIN:VCARD\\nN:Doe;Jane\\nURL:https://jane.example\\nEND:VCARD"), addresses("tel:+99555")
    (['https://jane.example'], [])
    """
    whole = _ADDRESS.fullmatch(text)
    return [whole[1]] if whole else [match[1] for match in _CARD.finditer(text)]


def _pixels(page: Any, count: int) -> int:
    """Pixels of all pictures on a page, as their headers have it."""
    wide, high = raw.c_uint(), raw.c_uint()
    total = 0
    for place in range(count):
        thing = raw.FPDFPage_GetObject(page.raw, place)
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE:
            known = raw.FPDFImageObj_GetImagePixelSize(thing, wide, high)
            total += wide.value * high.value if known else MOST_PIXELS + 1
    return total


def _read(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> list[str]:
    assert _ZXING is not None
    codes = _ZXING.read_barcodes(pixels, formats=_ZXING.BarcodeFormat.QRCode)
    return [url for code in codes[:MOST_CODES] if code.valid for url in addresses(code.text)]
