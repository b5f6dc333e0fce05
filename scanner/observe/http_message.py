"""Split a stored HTTP response into status, headers and decoded body, within fixed limits.

Evidence keeps an answer as it came: head, blank line, content-encoded body. The bytes are a stranger's, so
decoding stops at a size, at two stacked codings, and at the first broken byte; what was decoded until then is
what counts. Sources: RFC 9110 §8.4 (content codings), RFC 9112 (message format).
"""

from __future__ import annotations

import sys
import zlib
from typing import Any, Protocol

import brotli  # type: ignore[import-untyped]

zstd: Any
try:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
except ImportError:  # pragma: no cover - the package is a dependency of aiohttp's speed-ups only
    zstd = None

BODY_LIMIT = 4 << 20  # bytes of decoded body
MOST_CODINGS = 2  # a coding inside a coding is seen in the wild; more is an attack
_CHUNK = 64 << 10


class _Decoder(Protocol):
    def feed(self, data: bytes, room: int) -> bytes:
        """Decode at most `room` bytes more; "" when the input is used up. Raises on a broken stream."""


class _Zlib:
    """gzip or deflate; deflate also without the zlib wrapper, as some servers send it."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding == "gzip"
        self._inner = zlib.decompressobj(31 if self._gzip else 15)
        self._started = False

    def feed(self, data: bytes, room: int) -> bytes:
        data = self._inner.unconsumed_tail + data
        try:
            out = self._inner.decompress(data, room)
        except zlib.error:
            if self._gzip or self._started:
                raise
            self._inner = zlib.decompressobj(-15)
            out = self._inner.decompress(data, room)
        self._started = self._started or bool(out)
        return out


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        if not data and self._inner.can_accept_more_data():
            return b""
        return bytes(self._inner.process(data, output_buffer_limit=room))


class _Zstd:
    def __init__(self) -> None:
        # 8 MiB is the window a receiver must support (RFC 8878 §3.1.1.1.2); larger ones only cost memory.
        self._inner = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})

    def feed(self, data: bytes, room: int) -> bytes:
        if self._inner.eof or (not data and self._inner.needs_input):
            return b""
        return bytes(self._inner.decompress(data, max_length=room))


def split(block: bytes, limit: int = BODY_LIMIT) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status code, header fields (names lower case, in order) and the decoded body (at most `limit` bytes).

    A block without a readable status line has status 0 and is all body. An unknown or broken coding gives the
    bytes decoded so far, or the raw body when not one could be.

    >>> split(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\nhello")
    (200, [('content-type', 'text/plain')], b'hello')
    """
    head, separator, body = _cut(block)
    lines = head.decode("latin-1").splitlines()
    status = _status(lines[0]) if separator and lines else 0
    if not status:
        return 0, [], block[:limit]
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip().lower(), value.strip()))
    return status, headers, decode(body, _codings(headers), limit)


def decode(body: bytes, codings: list[str], limit: int = BODY_LIMIT) -> bytes:
    """Undo `codings` (in the order they were applied) and return at most `limit` bytes; never raises."""
    if len(codings) > MOST_CODINGS:
        return body[:limit]
    for coding in reversed(codings):
        decoded = _undo(body, coding, limit)
        if decoded is None:
            return body[:limit]
        body = decoded
    return body[:limit]


def _undo(body: bytes, coding: str, limit: int) -> bytes | None:
    """One coding undone, None when it is unknown or the first byte already fails."""
    decoder = _decoder(coding)
    if decoder is None:
        return None
    parts: list[bytes] = []
    room = limit
    try:
        for start in range(0, len(body), _CHUNK):
            data = body[start : start + _CHUNK]
            while room > 0 and (part := decoder.feed(data, room)):
                parts.append(part)
                room -= len(part)
                data = b""
            if room <= 0:
                break
    except Exception:
        # zlib.error, brotli.error and ZstdError share no base; whichever it is, what came before stands.
        return b"".join(parts) or None
    return b"".join(parts)


def _decoder(coding: str) -> _Decoder | None:
    if coding in ("gzip", "x-gzip"):
        return _Zlib("gzip")
    if coding == "deflate":
        return _Zlib("deflate")
    if coding == "br":
        return _Brotli()
    if coding == "zstd" and zstd is not None:
        return _Zstd()
    return None


def _codings(headers: list[tuple[str, str]]) -> list[str]:
    listed = ",".join(value for name, value in headers if name == "content-encoding")
    return [c for c in (part.strip().lower() for part in listed.split(",")) if c not in ("", "identity")]


def _cut(block: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, separator, body; a bare-LF head is accepted as receivers do."""
    crlf, lf = block.find(b"\r\n\r\n"), block.find(b"\n\n")
    if lf >= 0 and (crlf < 0 or lf < crlf):
        return block[:lf], b"\n\n", block[lf + 2 :]
    if crlf >= 0:
        return block[:crlf], b"\r\n\r\n", block[crlf + 4 :]
    return block, b"", b""


def _status(line: str) -> int:
    parts = line.split(None, 2)
    if len(parts) >= 2 and parts[0].upper().startswith("HTTP/") and parts[1].isdigit() and len(parts[1]) == 3:
        return int(parts[1])
    return 0
