"""Plain text as lines."""

from __future__ import annotations

import re

from scanner.intake.resume.sheet import Sheet, Unreadable, Writer


def decoded(raw: bytes) -> str:
    """Text of a file in an unknown encoding. Raises Unreadable for what is no text."""
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\0" in raw[:4096]:
        raise Unreadable("binary, not text; give PDF, DOCX, ODT, HTML, Markdown, plain text or JSON Resume")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("neither UTF-8, UTF-16 nor Windows-1252 text; save it as UTF-8")


def read(raw: bytes) -> Sheet:
    """Every line as it stands; wide gaps part columns."""
    writer = Writer()
    for line in decoded(raw).splitlines():
        if re.fullmatch(r"\s*[-=_*~#]{3,}\s*", line):  # a ruler
            writer.gap()
            continue
        text = line.strip("\f")
        indent = len(text) - len(text.lstrip())
        writer.add(text[:indent] + re.sub(r"\s{3,}|\t+", "\t", text[indent:]))
        writer.end()
    return writer.sheet
