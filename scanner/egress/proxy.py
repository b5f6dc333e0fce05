"""A browser's way through the one door: a proxy on loopback that dials for it, under the same policy.

A browser resolves nothing and connects nowhere itself. Each CONNECT and each plain request is judged and dialled by
`Network`, counts against one visit's budget, and needs the credential made for that visit: another program on this
machine gets nothing but 407 from it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import secrets
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit

from scanner.egress.errors import EgressError
from scanner.egress.network import Connection, Network
from scanner.egress.policy import WEB_PORTS
from scanner.model import Status

HEAD_LIMIT = 64 << 10
HEAD_SECONDS = 10.0
DIAL_SECONDS = 10.0
CHUNK = 64 << 10
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-authorization", "proxy-connection"})
_ANSWERS = {
    400: "Bad Request",
    403: "Forbidden",
    407: "Proxy Authentication Required",
    429: "Too Many Requests",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Undialled:
    """What a browser asked for in vain: the host, how that ended, and why (a slug, then free text)."""

    host: str
    status: Status
    reason: str


class BrowserProxy:
    """One visit's proxy. requests: CONNECTs and plain requests together; max_bytes: both directions together.

    `refused` tells what was asked for in vain, in order and at most 100; `spent` the bytes so far.
    """

    def __init__(self, network: Network, *, requests: int = 300, max_bytes: int = 24 << 20) -> None:
        self.username, self.password = "visit", secrets.token_urlsafe(24)
        self.refused: list[Undialled] = []
        self.spent = 0
        self.port = 0
        self._network = network
        self._requests_left = requests
        self._max_bytes = max_bytes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> BrowserProxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_LIMIT)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    # ------------------------------------------------------------------------------------ one connection

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            """The browser or the site went away, or spoke something else than HTTP: nothing to tell anybody."""
        except asyncio.CancelledError:
            """The visit is over; asyncio would log a handler that ends cancelled."""
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(HEAD_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ")
        headers = [
            (name.strip(), value.strip())
            for name, _, value in (line.partition(":") for line in lines if line)
        ]
        if not self._knows(headers):
            await _say(writer, 407, 'Proxy-Authenticate: Basic realm="falsefront"\r\n')
            return
        far = await self._dial(_place(method, target))
        if isinstance(far, int):
            await _say(writer, far)
            return
        async with far:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._both_ways(reader, writer, far.reader, far.writer)
            else:
                await self._plain(method, target, headers, reader, writer, far.reader, far.writer)

    async def _dial(self, place: tuple[str, int] | None) -> Connection | int:
        """A connection, within policy and budget; else the status to answer with."""
        if place is None:
            return self._refuse("", Status.BLOCKED, "bad-request", 400)
        host, port = place
        if self._requests_left <= 0 or self.spent >= self._max_bytes:
            return self._refuse(host, Status.BLOCKED, "budget", 429)
        self._requests_left -= 1
        try:
            await self._network.reachable(host, port, WEB_PORTS)
            return await self._network.connect(host, port, timeout=DIAL_SECONDS)
        except EgressError as error:
            answer = {Status.BLOCKED: 403, Status.TIMEOUT: 504}.get(error.status, 502)
            return self._refuse(host, error.status, error.reason, answer)

    def _knows(self, headers: list[tuple[str, str]]) -> bool:
        wanted = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        given = next((value for name, value in headers if name.lower() == "proxy-authorization"), "")
        scheme, _, token = given.partition(" ")
        return scheme.lower() == "basic" and hmac.compare_digest(token.strip().encode(), wanted.encode())

    def _refuse(self, host: str, status: Status, reason: str, answer: int) -> int:
        if len(self.refused) < 100:
            self.refused.append(Undialled(host, status, reason))
        return answer

    async def _plain(
        self,
        method: str,
        target: str,
        headers: list[tuple[str, str]],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """One request, one answer, and the connection ends: a second request might name another host."""
        parts = urlsplit(target)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [f"{name}: {value}" for name, value in headers if name.lower() not in _HOP_BY_HOP]
        lines = [f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]
        far_writer.write("\r\n".join(lines).encode("latin-1"))
        length = next((value for name, value in headers if name.lower() == "content-length"), "0")
        if left := min(int(length), self._max_bytes):
            await self._carry(reader, far_writer, left)
        await far_writer.drain()
        head = (await far_reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        kept = [
            line for line in head[1:] if line and line.partition(":")[0].strip().lower() not in _HOP_BY_HOP
        ]
        answer = "\r\n".join([head[0], *kept, "Connection: close", "", ""]).encode("latin-1")
        self.spent += len(answer)
        writer.write(answer)
        await self._carry(far_reader, writer)

    async def _both_ways(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        ways = {
            asyncio.create_task(self._carry(reader, far_writer)),
            asyncio.create_task(self._carry(far_reader, writer)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: int | None = None
    ) -> None:
        """Bytes from one side to the other until it ends, `left` are through, or the visit's budget is spent."""
        with contextlib.suppress(OSError):
            while left is None or left > 0:
                room = min(CHUNK, left) if left is not None else CHUNK
                if self.spent >= self._max_bytes or not (data := await source.read(room)):
                    break
                self.spent += len(data)
                left = left - len(data) if left is not None else None
                sink.write(data)
                await sink.drain()


def _place(method: str, target: str) -> tuple[str, int] | None:
    """Host and port of a request line; None for anything but CONNECT HOST:PORT and http://HOST[:PORT]/…

    >>> _place("CONNECT", "acme.example:443"), _place("GET", "http://acme.example/a"), _place("GET", "/a")
    (('acme.example', 443), ('acme.example', 80), None)
    """
    try:
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None:
        return None
    if method == "CONNECT":
        return None if port is None or parts.path or parts.query else (parts.hostname, port)
    return (parts.hostname, 80 if port is None else port) if parts.scheme == "http" else None


async def _say(writer: asyncio.StreamWriter, status: int, more: str = "") -> None:
    writer.write(
        f"HTTP/1.1 {status} {_ANSWERS[status]}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )
    await writer.drain()
