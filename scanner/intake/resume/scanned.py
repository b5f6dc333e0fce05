"""Pages that are pictures, drawn anew for text recognition: what leaves the worker are plain grey pictures of ours."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO

import msgspec
import pypdfium2
from PIL import Image

MAX_PAGES = 6
DPI = 250
MOST_PIXELS = 20_000_000  # of one page
_LONGEST = 3_600  # pixels of a page's side that recognition can use


def pages(payload: bytes) -> bytes:
    """For `scanner.parse`: payload is a PDF, PNG or JPEG file; answer is a list of PNG files for
    `record.unpack_pages`, the first MAX_PAGES pages. Empty where nothing can be drawn."""
    drawn = _of_pdf(payload) if payload[:1024].lstrip().startswith(b"%PDF") else _of_picture(payload)
    return msgspec.msgpack.encode([_png(page) for page in drawn])


def _of_pdf(raw: bytes) -> list[Image.Image]:
    found = []
    try:
        document = pypdfium2.PdfDocument(raw)
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            width, height = page.get_size()
            scale = min(DPI / 72, _LONGEST / max(width, height, 1))
            if width * height * scale * scale <= MOST_PIXELS:
                found.append(page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil())
    except pypdfium2.PdfiumError:
        pass  # what was drawn before it is kept
    return found


def _of_picture(raw: bytes) -> list[Image.Image]:
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(BytesIO(raw), formats=["PNG", "JPEG"]) as picture,
        ):
            if picture.size[0] * picture.size[1] > MOST_PIXELS:
                return []
            return [picture.convert("L")]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return []
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, struct.error):
        return []


def _png(page: Image.Image) -> bytes:
    out = BytesIO()
    page.convert("L").save(out, "PNG", dpi=(DPI, DPI), compress_level=1)
    return out.getvalue()
