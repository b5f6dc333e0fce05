"""A plain web server for many hosts, with a name server beside it: a process of its own, from memory.

`python -m benchmarks.plain FOLDER COPIES NETWORK_FILE` serves each site of the corpus folder `sites` under so many
names, until it is ended. It answers by Host header, and `/HOST/path` to who asks 127.0.0.1 itself. It parses no
more of a request than it needs, so that it is never what a crawl waits for.
"""

from __future__ import annotations

import asyncio
import json
import mimetypes
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
ADDRESS = "198.51.7.9"
Sites = dict[str, dict[str, bytes]]


def sites(corpus: Path, copies: int) -> Sites:
    """Whole answers by host and path."""
    found: Sites = {}
    for number, files in enumerate(_folders(corpus)):
        for copy in range(copies):
            found[f"site{number}x{copy}.com"] = files
    return found


def _folders(corpus: Path) -> Iterator[dict[str, bytes]]:
    for line in (corpus / "sites" / "sites.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["path"].startswith("sites/"):
            continue  # the copies of one template: another benchmark's
        place = corpus / row["path"]
        files = [place] if place.is_file() else [path for path in sorted(place.rglob("*")) if path.is_file()]
        base = place.parent if place.is_file() else place
        answers = {"/" + path.relative_to(base).as_posix(): _answer(path) for path in files}
        answers["/"] = answers["/" + row["entry"]]
        yield answers


def _answer(path: Path) -> bytes:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _message("200 OK", kind, path.read_bytes())


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


async def serve(corpus: Path, copies: int, network: Path) -> None:
    """Until cancelled. The network file is written once both servers listen."""
    hosts = sites(corpus, copies)
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
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
