"""A plain web server for many hosts, with a name server beside it: a process of its own, from memory.

`python -m benchmarks.plain SET COPIES NETWORK_FILE` serves each site of a set of `benchmarks.corpus` under so many
names, until it is ended. It answers by Host header, and `/HOST/path` to who asks 127.0.0.1 itself. It parses no
more of a request than it needs, so that it is never what a crawl waits for.
"""

from __future__ import annotations

import asyncio
import mimetypes
import struct
import sys
from pathlib import Path
from typing import cast

from benchmarks import corpus

ADDRESS = "198.51.7.9"
Sites = dict[str, dict[str, bytes]]
SETS = {"as they are": corpus.as_they_are, "gathered": corpus.gathered}


def sites(which: str, copies: int) -> Sites:
    """Whole answers by host and path: each site of the set under so many names."""
    found: Sites = {}
    for number, files in enumerate(SETS[which]()):
        answers = {path: _message("200 OK", _kind(path), body) for path, body in files.items()}
        found |= {f"site{number}x{copy}.com": answers for copy in range(copies)}
    return found


def _kind(path: str) -> str:
    return "text/html" if path == "/" else mimetypes.guess_type(path)[0] or "application/octet-stream"


def _message(status: str, kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


NOT_FOUND = _message("404 Not Found", "text/html", b"<html><title>404</title><h1>Not found</h1></html>")


class Web(asyncio.Protocol):
    """One connection; requests have no body, and come one after the other."""

    def __init__(self, hosts: Sites) -> None:
        self.hosts = hosts
        self.left = b""
        self.transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        *heads, self.left = (self.left + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split(b" ", 2)[1].decode().partition("?")[0]
            host = head.lower().partition(b"\r\nhost:")[2].partition(b"\r\n")[0].decode().strip()
            if host.startswith("127.0.0.1"):
                _, host, rest = path.split("/", 2)
                path = "/" + rest
            self.transport.write(self.hosts.get(host, {}).get(path, NOT_FOUND))


class Names(asyncio.DatagramProtocol):
    """A for the hosts served, an empty answer for their other types, NXDOMAIN for the rest (RFC 1035)."""

    def __init__(self, hosts: Sites) -> None:
        self.hosts = hosts
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        labels, place = [], 12
        while size := data[place]:
            labels.append(data[place + 1 : place + 1 + size].decode().lower())
            place += size + 1
        question = data[12 : place + 5]
        known = ".".join(labels) in self.hosts
        address = known and question[-4:-2] == b"\x00\x01"
        head = struct.pack(
            "!HHHHHH", int.from_bytes(data[:2], "big"), 0x8180 | (not known) * 3, 1, address, 0, 0
        )
        record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 4) + bytes(map(int, ADDRESS.split(".")))
        self.transport.sendto(head + question + record * address, addr)


async def serve(which: str, copies: int, network: Path) -> None:
    """Until cancelled. The network file is written once both servers listen."""
    hosts = sites(which, copies)
    loop = asyncio.get_running_loop()
    web = await loop.create_server(lambda: Web(hosts), "127.0.0.1", 0, backlog=512)
    names, _ = await loop.create_datagram_endpoint(lambda: Names(hosts), ("127.0.0.1", 0))
    port = web.sockets[0].getsockname()[1]
    text = (
        f'resolver = ["127.0.0.1:{names.get_extra_info("sockname")[1]}"]\nroutes = {{ "80" = "127.0.0.1:{port}" }}\n'
        "pace = false\n"
    )
    await asyncio.to_thread(network.write_text, text)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
