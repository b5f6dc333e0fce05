"""Split a stored HTTP response into status, headers and decoded body, within fixed limits.

Evidence keeps an answer as it came: head, blank line, content-encoded body. The bytes are a stranger's: what
could be decoded until a limit or a broken byte is what counts. Source: RFC 9112 (message format).
"""

from __future__ import annotations

import re

from scanner.coding import codings, decode

_CODE = re.compile("[0-9]{3}")
BODY_LIMIT = 4 << 20  # bytes of decoded body


def split(block: bytes, limit: int = BODY_LIMIT) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status code, header fields (names lower case, in order) and the decoded body (at most `limit` bytes).

    A block without a readable status line has status 0 and is all body. Broken codings: see `scanner.coding`.

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
    applied = codings(",".join(value for name, value in headers if name == "content-encoding"))
    return status, headers, decode(body, applied, limit)[0]


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
    if len(parts) >= 2 and parts[0].upper().startswith("HTTP/") and _CODE.fullmatch(parts[1]):
        return int(parts[1])
    return 0
