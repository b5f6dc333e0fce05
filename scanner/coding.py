"""Undo content codings within a fixed size, so that no answer can exhaust memory.

One module for what the door hands on and for what observers read from stored evidence: the two must never
differ about a body. Source: RFC 9110 §8.4.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]

_zstd: Any
try:
    if sys.version_info >= (3, 14):
        from compression import zstd as _zstd
    else:
        from backports import zstd as _zstd
except ImportError:  # pragma: no cover - a Python 3.14 built without it: zstd is neither offered nor read
    _zstd = None

MOST_CODINGS = 2  # a coding inside a coding is seen in the wild; a third is an attack, not a website
ACCEPT_ENCODING = "gzip, deflate, br" + (", zstd" if _zstd else "")
_CHUNK = 64 << 10


def codings(header: str) -> list[str]:
    """The codings a Content-Encoding header lists, in the order they were applied."""
    return [c for c in (part.strip().lower() for part in header.split(",")) if c not in ("", "identity")]


def decode(body: bytes, applied: list[str], limit: int) -> tuple[bytes, str]:
    """The body with its codings undone, at most `limit` bytes, and why it is not whole: "", `length`
    (there was more) or `encoding` (unknown, broken, cut short, or too many stacked). Never raises.

    Of a broken stream stays what came before the break. Bytes that are not of the named coding at all stay as
    they are: servers label plain pages as packed, or name the same coding twice.
    """
    if len(applied) > MOST_CODINGS:
        return body[:limit], "encoding"
    fault = ""
    for coding in reversed(applied):
        undone, failed = _undo(body, coding, limit)
        if undone is None:
            return body[:limit], "encoding"
        body, fault = undone, fault or failed
    if len(body) > limit:
        return body[:limit], "length"
    return body, fault


def _undo(body: bytes, coding: str, limit: int) -> tuple[bytes | None, str]:
    """One coding undone, and why not all of it; None for a coding nobody knows or bytes that are not of it."""
    step = _STEPS.get(coding)
    if step is None:
        return None, "encoding"
    parts: list[bytes] = []
    try:
        room, whole = step(body, limit + 1, parts.append)
    except Exception:
        # zlib.error, brotli.error and ZstdError share no base; whichever it is, what came before stands.
        return b"".join(parts)[:limit] or None, "encoding"
    if room <= 0:
        return b"".join(parts)[:limit], "length"
    return b"".join(parts), "" if whole else "encoding"


Step = Callable[[bytes, int, Callable[[bytes], None]], tuple[int, bool]]


def _zlib(window: int) -> Step:
    def step(body: bytes, room: int, out: Callable[[bytes], None]) -> tuple[int, bool]:
        """The room left, and whether the stream ended properly. A gzip body may have several members."""
        inner = zlib.decompressobj(window)
        while body and room > 0:
            part = inner.decompress(body, min(room, _CHUNK))
            out(part)
            room -= len(part)
            body = inner.unconsumed_tail
            if inner.eof and window > 16 and inner.unused_data.startswith(b"\x1f\x8b"):
                body, inner = inner.unused_data, zlib.decompressobj(window)
        return room, inner.eof

    return step


def _deflate(body: bytes, room: int, out: Callable[[bytes], None]) -> tuple[int, bool]:
    """zlib format as the RFC says, or the bare stream some servers send."""
    try:
        zlib.decompressobj(15).decompress(body[:512], 1)
    except zlib.error:
        return _zlib(-15)(body, room, out)
    return _zlib(15)(body, room, out)


def _brotli(body: bytes, room: int, out: Callable[[bytes], None]) -> tuple[int, bool]:
    inner = brotli.Decompressor()
    part = inner.process(body, output_buffer_limit=min(room, _CHUNK))
    while part:
        out(part[:room])
        room -= len(part)
        if room <= 0 or inner.is_finished():
            break
        # Ask until nothing comes: `can_accept_more_data` is true while finished output still waits.
        part = inner.process(b"", output_buffer_limit=min(room, _CHUNK))
    return room, inner.is_finished()


def _zstandard(body: bytes, room: int, out: Callable[[bytes], None]) -> tuple[int, bool]:
    # 8 MiB is the largest window HTTP allows (RFC 9659); larger ones only cost memory.
    limits = {_zstd.DecompressionParameter.window_log_max: 23}
    inner = _zstd.ZstdDecompressor(options=limits)
    while room > 0:
        part = inner.decompress(body, max_length=min(room, _CHUNK))
        out(part)
        room -= len(part)
        body = b""
        if inner.eof and inner.unused_data:
            body, inner = inner.unused_data, _zstd.ZstdDecompressor(options=limits)
        elif inner.eof or inner.needs_input:
            break
    return room, bool(inner.eof)


_STEPS: dict[str, Step] = {
    "gzip": _zlib(31),
    "x-gzip": _zlib(31),
    "deflate": _deflate,
    "br": _brotli,
    **({"zstd": _zstandard} if _zstd else {}),
}
