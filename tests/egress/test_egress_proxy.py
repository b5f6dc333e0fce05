"""A browser's proxy: the same policy as everywhere, a credential, a budget; nothing else is dialled."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace

import pytest

from scanner.egress import BrowserProxy, Network, NetworkConfig
from scanner.model import Status
from tests.egress.tiny_servers import PUBLIC, TinyDns, TinyWeb, ok


@pytest.fixture(autouse=True)
def names(dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    dns_server.zone["inside.example", "A"] = ["10.0.0.1"]


def credential(proxy: BrowserProxy) -> str:
    token = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
    return f"Proxy-Authorization: Basic {token}\r\n"


async def ask(proxy: BrowserProxy, line: str, more: str | None = None, body: bytes = b"") -> bytes:
    """What comes back for one request, until the proxy ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    head = f"{line} HTTP/1.1\r\n{credential(proxy) if more is None else more}\r\n"
    writer.write(head.encode() + body)
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


def status(answer: bytes) -> int:
    return int(answer.split()[1])


async def test_given_the_credential_then_a_page_comes_and_none_of_the_proxys_headers_goes(
    network: Network, web: TinyWeb
) -> None:
    web.pages["/a?b=c"] = ok(b"a page", "Keep-Alive: timeout=5")
    async with BrowserProxy(network) as proxy:
        more = credential(proxy) + "Host: acme.example\r\nProxy-Connection: keep-alive\r\nAccept: */*\r\n"
        answer = await ask(proxy, "GET http://acme.example/a?b=c", more)
    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\na page")
    assert b"keep-alive" not in answer.lower()
    assert web.heads == [
        b"GET /a?b=c HTTP/1.1\r\nHost: acme.example\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    ]
    assert proxy.refused == []


async def test_a_body_goes_along_and_nothing_after_it(network: Network, web: TinyWeb) -> None:
    # given bytes behind the body that look like a second request, to another host
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"body"))
        writer.write(ok(b"thanks"))
        writer.write_eof()
        got.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Network(_routed(network, port)) as there, BrowserProxy(there) as proxy:
        more = credential(proxy) + "Content-Length: 4\r\n"
        answer = await ask(
            proxy, f"POST http://{PUBLIC}/", more, b"bodyGET http://10.0.0.1/ HTTP/1.1\r\n\r\n"
        )
    assert answer.endswith(b"thanks")
    assert got[0].endswith(b"\r\n\r\nbody")
    assert got[1:] in ([], [b""])


async def test_a_tunnel_carries_both_ways(network: Network, web: TinyWeb) -> None:
    web.pages["/inner"] = ok(b"through the tunnel")
    async with BrowserProxy(network) as proxy:
        answer = await ask(proxy, "CONNECT acme.example:80", body=b"GET /inner HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")
    assert answer.endswith(b"through the tunnel")


@pytest.mark.parametrize(
    "given", ["", "Proxy-Authorization: Basic dmlzaXQ6Z3Vlc3M=\r\n", "Proxy-Authorization: Bearer x\r\n"]
)
async def test_without_the_credential_nothing_is_looked_up_or_dialled(
    network: Network, web: TinyWeb, dns_server: TinyDns, given: str
) -> None:
    async with BrowserProxy(network) as proxy:
        answers = [
            await ask(proxy, line, given) for line in ("GET http://acme.example/", "CONNECT acme.example:443")
        ]
    assert [status(answer) for answer in answers] == [407, 407]
    assert b"Proxy-Authenticate: Basic" in answers[0]
    assert (web.heads, dns_server.asked) == ([], [])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "192.168.1.1", "169.254.169.254", "inside.example"],
)
@pytest.mark.parametrize("line", ["CONNECT {}:443", "CONNECT {}:80", "GET http://{}/"])
async def test_no_address_inside_is_reached(network: Network, web: TinyWeb, line: str, host: str) -> None:
    async with BrowserProxy(network) as proxy:
        answer = await ask(proxy, line.format(host))
    assert status(answer) == 403
    assert [(one.status, one.reason.split()[0]) for one in proxy.refused] == [
        (Status.BLOCKED, "private-address")
    ]
    assert web.heads == []


@pytest.mark.parametrize("port", [22, 25, 43, 8080])
async def test_other_ports_than_the_webs_are_refused(network: Network, web: TinyWeb, port: int) -> None:
    async with BrowserProxy(network) as proxy:
        answers = [
            await ask(proxy, f"CONNECT acme.example:{port}"), await ask(proxy, f"GET http://acme.example:{port}/")
        ]  # fmt: skip
    assert [status(answer) for answer in answers] == [403, 403]
    assert {one.reason for one in proxy.refused} == {f"port-refused {port}"}
    assert web.heads == []


@pytest.mark.parametrize(
    "line", ["GET /", "GET file:///etc/passwd", "GET ftp://acme.example/", "CONNECT acme.example", "GET http://u@acme.example/"]
)  # fmt: skip
async def test_what_is_no_web_address_is_no_request(network: Network, web: TinyWeb, line: str) -> None:
    async with BrowserProxy(network) as proxy:
        assert status(await ask(proxy, line)) == 400
    assert web.heads == []


async def test_a_name_that_does_not_exist_is_told_apart(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["nobody.example", "A"] = "nxdomain"
    async with BrowserProxy(network) as proxy:
        assert status(await ask(proxy, "CONNECT nobody.example:443")) == 502
    assert [one.status for one in proxy.refused] == [Status.ABSENT]


async def test_the_budget_of_requests_ends(network: Network, web: TinyWeb) -> None:
    async with BrowserProxy(network, requests=2) as proxy:
        answers = [await ask(proxy, "GET http://acme.example/") for _ in range(3)]
    assert [status(answer) for answer in answers] == [200, 200, 429]
    assert len(web.heads) == 2


async def test_the_budget_of_bytes_ends_an_answer_without_end(network: Network, web: TinyWeb) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    web.pages["/"] = endless
    async with BrowserProxy(network, max_bytes=1 << 20) as proxy:
        answer = await ask(proxy, "GET http://acme.example/")
        later = await ask(proxy, "GET http://acme.example/")
    assert 1 << 20 <= len(answer) <= (1 << 20) + (64 << 10)
    assert status(later) == 429


async def test_when_the_visit_ends_then_what_is_open_ends_with_it(network: Network, web: TinyWeb) -> None:
    # given a request that is never answered
    asked = asyncio.Event()

    async def silent(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    web.pages["/"] = silent
    async with BrowserProxy(network) as proxy:
        waiting = asyncio.create_task(ask(proxy, "GET http://acme.example/"))
        await asked.wait()
        port = proxy.port
    assert await waiting == b""
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


def _routed(network: Network, port: int) -> NetworkConfig:
    return replace(network.config, routes={("", 80): ("127.0.0.1", port)})
