"""What goes around every answer: headers that let a page load and tell nothing, and a look at who is asked for.

Without the look at `Host`, a page on the internet could have its own name point to 127.0.0.1 and read the database
through the browser of whoever runs `browse` (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from scanner.browse.csv_cells import Cells

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No script at all, ours or anybody's; no picture, font or frame from elsewhere."""

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-dns-prefetch-control", b"off"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OURS = frozenset(name for name, _ in HEADERS)


def guarded(app: App, hosts_now: Callable[[], frozenset[str] | None]) -> App:
    """The app with those headers on every answer. hosts_now: the names it may be asked by; None for any."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        cells: Cells | None = None

        async def sent(message: Message) -> None:
            nonlocal cells
            if message["type"] == "http.response.start":
                cells = Cells() if _is_csv(scope, message) else None
                dropped = _OURS | {b"content-length"} if cells else _OURS
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in dropped]
                message = {**message, "headers": [*kept, *HEADERS]}
            elif cells is not None and message["type"] == "http.response.body":
                body = cells.feed(message.get("body", b""), last=not message.get("more_body", False))
                message = {**message, "body": body}
            await send(message)

        hosts = hosts_now()
        if hosts is not None and _host(scope) not in hosts:
            await _refuse(sent)
            return
        await app(scope, receive, sent)

    return answer


def _host(scope: Scope) -> str:
    """The name that was asked for, without its port."""
    values = [value for name, value in scope.get("headers", ()) if name.lower() == b"host"]
    if len(values) != 1:
        return ""
    host = str(values[0].decode("latin-1")).lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _is_csv(scope: Scope, start: Message) -> bool:
    """Datasette gives CSV out as plain text, unless it is downloaded."""
    named = str(scope["path"]).endswith(".csv") or b"_format=csv" in scope.get("query_string", b"")
    kinds = [value for name, value in start.get("headers", ()) if name.lower() == b"content-type"]
    return named and any(kind.startswith((b"text/csv", b"text/plain")) for kind in kinds)


async def _refuse(send: Send) -> None:
    body = b"This page answers to 127.0.0.1 and localhost alone.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": body})
