"""Stored evidence as text, made in a worker process: codings undone within limits, binary as a dump, nothing rendered.

Imports little: a worker loads it before it is locked in.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from scanner.coding import codings, decode

MOST_BYTES = 1 << 20
"""Of a body after its codings are undone; more is not read."""
MOST_TEXT = 60_000
"""Characters of it that go on a page."""
MOST_HEAD = 8_000
_DUMPED = 2048
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._:-]{1,40})", re.I)
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9._:-]{1,40})", re.I)


@dataclass(frozen=True, slots=True)
class Shown:
    """head: status line and headers of an HTTP exchange, else "". text: the body as text. note: what is not shown
    and why, else ""."""

    head: str
    text: str
    note: str


def payload(media_type: str, block: bytes) -> bytes:
    """What `as_text` takes."""
    return media_type.encode("utf-8", "replace").replace(b"\n", b" ") + b"\n" + block


def as_text(message: bytes) -> bytes:
    """The block of one evidence record as JSON `{head, text, note}`. Runs in a worker."""
    kind, _, block = message.partition(b"\n")
    media_type = kind.decode("utf-8", "replace")
    head, text, note = "", "", ""
    if media_type.startswith("application/http"):
        head, text, note = _http(block)
    elif media_type.startswith("application/dns-message"):
        text = _dns(block)
    else:
        text, note = _plain(block, media_type)
    if len(text) > MOST_TEXT:
        note = f"{note}; " if note else ""
        note += f"the first {MOST_TEXT:,} of {len(text):,} characters"
    return json.dumps({"head": head[:MOST_HEAD], "text": text[:MOST_TEXT], "note": note}).encode()


def read(answer: bytes) -> Shown:
    """What `as_text` said."""
    return Shown(**json.loads(answer))


def _http(block: bytes) -> tuple[str, str, str]:
    raw_head, _, body = block.partition(b"\r\n\r\n")
    head = raw_head.decode("utf-8", "replace")
    named: dict[str, str] = {}
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        named.setdefault(name.strip().lower(), value.strip())
    content, fault = decode(body, codings(named.get("content-encoding", "")), MOST_BYTES)
    text, note = _plain(content, named.get("content-type", ""))
    if fault:
        said = {"length": f"only the first {MOST_BYTES:,} bytes are read"}
        note = said.get(fault, "the body is not whole, or its coding is broken")
    return head, text, note


def _plain(content: bytes, media_type: str) -> tuple[str, str]:
    if not content:
        return "", ""
    sample = content[:4096]
    if sum(byte < 9 or 13 < byte < 32 for byte in sample) > len(sample) // 20:
        return _dump(content[:_DUMPED]), f"binary, {len(content):,} bytes; the first {_DUMPED:,} as a dump"
    stated = _CHARSET.search(media_type)
    named = stated[1] if stated else ""
    if not named and (meta := _META.search(sample)):
        named = meta[1].decode("ascii")
    try:
        return content.decode(named or "utf-8", "replace"), ""
    except (LookupError, ValueError):  # a charset nobody knows, or one of Python's that is none
        return content.decode("utf-8", "replace"), ""


def _dump(content: bytes) -> str:
    rows = (content[start : start + 16] for start in range(0, len(content), 16))
    return "\n".join(
        f"{16 * number:06x}  {row.hex(' '):<47}  {''.join(chr(b) if 32 <= b < 127 else '.' for b in row)}"
        for number, row in enumerate(rows)
    )


def _dns(block: bytes) -> str:
    from dns.exception import DNSException
    from dns.message import from_wire

    try:
        return from_wire(block, ignore_trailing=True).to_text()
    except (DNSException, ValueError):
        return _dump(block[:_DUMPED])
