"""Documents that nobody should send, made on the spot."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

import numpy as np
import pypdfium2
import pytest
from PIL import Image

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: bytes | str, **more: bytes) -> bytes:
    """A DOCX whose document.xml holds exactly these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", body)
        for name, data in more.items():
            package.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def paragraphs(*lines: str) -> str:
    rows = "".join(f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in lines)
    return f"<w:document {WORD}><w:body>{rows}</w:body></w:document>"


def odt(lines: Sequence[str], **more: bytes) -> bytes:
    names = {"office": "office:1.0", "text": "text:1.0"}
    spaces = " ".join(
        f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for key, name in names.items()
    )
    rows = "".join(f"<text:p>{line}</text:p>" for line in lines)
    body = f"<office:body><office:text>{rows}</office:text></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
        for name, data in more.items():
            package.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def with_photo(document: bytes, jpeg: bytes) -> bytes:
    """The PDF with a picture on its first page."""
    with pypdfium2.PdfDocument(document) as opened:
        picture = pypdfium2.PdfImage.new(opened)
        picture.load_jpeg(io.BytesIO(jpeg), inline=True)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(80, 80).translate(480, 740))
        opened[0].insert_obj(picture)
        opened[0].gen_content()
        stream = io.BytesIO()
        opened.save(stream)
    return stream.getvalue()


def zip_bomb() -> bytes:
    """300 MB of spaces in 300 kB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("word/document.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b" " * (1 << 20))
    return out.getvalue()


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", paragraphs("x"))
        for number in range(5_000):
            package.writestr(f"word/{number}.xml", b"")
    return out.getvalue()


LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;"}">' for n in range(12))
    + f"]><w:document {WORD}><w:body><w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"
)  # fmt: skip


def outside(path: str) -> str:
    """A document that asks its reader for another file."""
    return (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{path}">]>'
        f"<w:document {WORD}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )


def deep() -> str:
    return (
        f"<w:document {WORD}><w:body>" + "<w:sdt>" * 20_000 + "</w:sdt>" * 20_000 + "</w:body></w:document>"
    )


def picture_pdf(inside: Image.Image | None = None) -> bytes:
    """A scanned page: a picture, and no letter that is one."""
    page = Image.new("L", (600, 800), 255)
    if inside is not None:
        page.paste(inside, (40, 40))
    return picture_file(page, "PDF")


def pdf_bomb(megabytes: int) -> bytes:
    """One page whose content unpacks to that many megabytes of drawing commands."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"0 0 m 9 9 l S\n" * 75_000) for _ in range(megabytes)) + packer.flush()
    return pdf([data], b"/Filter/FlateDecode")


def pdf(contents: list[bytes], how: bytes = b"") -> bytes:
    """A PDF of one page for each content stream, with Helvetica as /F."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for at, data in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            % (5 + 2 * at)
        )
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), how, data))
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def code(says: str, pixel: int = 4) -> Image.Image:
    """A QR code, so many points a dot."""
    zxing = pytest.importorskip("zxingcpp", reason="zxing-cpp has no wheel for this machine")
    made = zxing.create_barcode(says, zxing.BarcodeFormat.QRCode)
    return Image.fromarray(np.array(zxing.write_barcode_to_image(made, scale=pixel))).convert("L")


def drawn(picture: Image.Image, left: int, bottom: int, dot: float = 0.75) -> bytes:
    """A picture as filled squares of a page's content, as a vector drawing is."""
    black = np.argwhere(np.asarray(picture) < 128)
    boxes = "".join(
        f"{left + x * dot:.2f} {bottom + (picture.height - y) * dot:.2f} {dot} {dot} re\n" for y, x in black
    )
    return f"0 g\n{boxes}f\n".encode()


def picture_file(picture: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def written(*lines: str) -> bytes:
    """A page's content: these lines from the top."""
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    return f"BT /F 10 Tf 14 TL 60 780 Td\n{shown}ET".encode("cp1252")


def long_pdf(pages: int, *lines: str) -> bytes:
    """The same page so many times."""
    one = pypdfium2.PdfDocument(pdf([written(*lines)]))
    out = pypdfium2.PdfDocument.new()
    out.import_pages(one, pages=[0] * pages)
    stream = io.BytesIO()
    out.save(stream)
    return stream.getvalue()
