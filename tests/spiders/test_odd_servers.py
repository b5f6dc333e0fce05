"""Servers that break the protocol, lie about lengths, or play with redirects: one line each, nothing hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from scanner.egress import Network, NetworkConfig
from scanner.model import Evidence, Observed, Status
from scanner.parse import ParsePool
from spiders.engine import Engine
from spiders.visit import Site
from tests.spiders.site_lab import Seen

ADDRESS = "93.184.216.34"  # a public literal: no resolver is needed, and the policy sees the real thing
PAGE = b"<html><head><title>Acme</title></head><body>" + b"<p>We write software for small firms. </p>" * 30


def ok(body: bytes, *fields: str) -> bytes:
    head = [
        "HTTP/1.1 200 OK",
        "Content-Type: text/html",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *fields,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def moved(to: str, *fields: str) -> bytes:
    lines = ["HTTP/1.1 302 Found", f"Location: {to}", "Content-Length: 0", "Connection: close", *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


NOT_THERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def answering(
    answer: Callable[[str, str], bytes], folder: Path
) -> AsyncIterator[tuple[Engine, list[str]]]:
    """An engine whose only reachable server answers like that; and the paths that were asked for."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            asked.append(path)
            writer.write(answer(path, head))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has seen enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    text = f'pace = false\ndeadline_scale = 0.2\n[routes]\n"80" = "127.0.0.1:{port}"\n"443" = "refuse"\n'
    async with (
        Network(NetworkConfig.parse(text, folder)) as network,
        ParsePool(workers=1) as parse,
        Engine(network, parse) as engine,
    ):
        yield engine, asked
    server.close()
    await server.wait_closed()


async def visit(engine: Engine) -> Seen:
    kept: list[tuple[Evidence, Observed | None]] = []
    crawled = await engine.crawl(Site(ADDRESS, (f"http://{ADDRESS}/",)), lambda *one: kept.append(one))
    return Seen(crawled, kept)


async def test_a_door_that_wants_its_cookie_back_opens(tmp_path: Path) -> None:
    """Given a server that sets a cookie and sends everyone without it to the same page, then it is brought
    back once, to that host alone."""

    def answer(path: str, head: str) -> bytes:
        if path == "/robots.txt":
            return NOT_THERE
        return (
            ok(PAGE)
            if "Cookie: seen=1" in head
            else moved("/", "Set-Cookie: seen=1; Path=/; Domain=.example.com")
        )

    async with answering(answer, tmp_path) as (engine, asked):
        seen = await visit(engine)
    assert seen.crawled.status is Status.OK
    assert asked.count("/") == 2


async def test_a_cookie_is_no_way_around_the_limit_on_redirects(tmp_path: Path) -> None:
    count = iter(range(100))

    def answer(path: str, head: str) -> bytes:
        return moved("/", f"Set-Cookie: n={next(count)}") if path == "/" else NOT_THERE

    async with answering(answer, tmp_path) as (engine, asked):
        seen = await visit(engine)
    assert seen.crawled.status is Status.UNREACHABLE
    assert seen.crawled.reason.startswith("redirect-loop")
    assert asked.count("/") == 2


async def test_a_chain_of_ever_new_redirects_ends(tmp_path: Path) -> None:
    def answer(path: str, head: str) -> bytes:
        return moved(f"{path}x") if path != "/robots.txt" else NOT_THERE

    async with answering(answer, tmp_path) as (engine, asked):
        seen = await visit(engine)
    assert seen.crawled.reason.startswith("redirect-loop 9 redirects")
    assert len(asked) == 10
    assert len(seen.facts("redirect")) == 9


async def test_redirects_to_other_schemes_and_nonsense_are_not_followed(tmp_path: Path) -> None:
    for target in ("file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://10.0.0.1/"):
        async with answering(
            lambda path, head, to=target: moved(to) if path == "/" else NOT_THERE,  # type: ignore[misc]
            tmp_path,
        ) as (engine, asked):
            seen = await visit(engine)
        assert seen.crawled.status is Status.OK, target
        assert seen.crawled.reason.startswith("redirect-elsewhere"), target
        assert set(asked) <= {"/", "/robots.txt"}
    for target in ("http://[::1", "http://", "//", "http://a b/", "http://exa\xe4mple..com/"):
        async with answering(
            lambda path, head, to=target: moved(to) if path == "/" else NOT_THERE,  # type: ignore[misc]
            tmp_path,
        ) as (engine, asked):
            seen = await visit(engine)
        assert seen.crawled.status in (Status.UNREACHABLE, Status.UNPARSED, Status.BLOCKED, Status.ABSENT), (
            target
        )
        assert seen.crawled.reason, target


async def test_a_body_shorter_than_promised_is_kept_marked_and_read(tmp_path: Path) -> None:
    """Given a length of 9,999 and a page of less, then what came is read, as browsers do, and marked."""

    def answer(path: str, head: str) -> bytes:
        if path != "/":
            return NOT_THERE
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n" + PAGE

    async with answering(answer, tmp_path) as (engine, _):
        seen = await visit(engine)
    page = next(evidence for evidence, _ in seen.kept if evidence.uri.endswith("/"))
    assert page.truncated == "disconnect"
    assert page.block.endswith(PAGE)
    assert seen.facts("state") == ["content"]


async def test_what_is_not_http_is_unparsed_or_unreachable_in_one_line(tmp_path: Path) -> None:
    answers = {
        "a banner of another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
        "nothing at all": b"",
        "a head without end": b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
        "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "a broken chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        "null bytes in a field": b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
    }
    for what, raw in answers.items():
        async with answering(lambda path, head, raw=raw: raw, tmp_path) as (engine, _):  # type: ignore[misc]
            seen = await visit(engine)
        assert seen.crawled.status in (Status.UNPARSED, Status.UNREACHABLE, Status.OK), (what, seen.crawled)
        assert "\n" not in seen.crawled.reason
        assert seen.crawled.reason or seen.crawled.status is Status.OK, what


async def test_stacked_codings_and_wrong_charsets_do_not_break_the_walk(tmp_path: Path) -> None:
    """Given a body that claims three codings it doesn't have, and one in a charset that doesn't exist, then
    the walk ends as ok and the bytes are kept as they came."""
    for fields in (
        ("Content-Encoding: gzip, br, deflate",),
        ("Content-Type: text/html; charset=x-none-such",),
    ):
        async with answering(
            lambda path, head, more=fields: ok(PAGE, *more) if path == "/" else NOT_THERE,  # type: ignore[misc]
            tmp_path,
        ) as (engine, _):
            seen = await visit(engine)
        assert seen.crawled.status in (Status.OK, Status.UNPARSED)
        assert any(evidence.block.endswith(PAGE) for evidence, _ in seen.kept)
