"""HTTP answers: evidence as it came, bodies bounded, redirects by us, failures typed."""

from __future__ import annotations

import asyncio
import gzip
import io
import tracemalloc
import zlib

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from scanner.egress import EgressError, Garbled, Network, NetworkConfig, TimedOut, TooLarge, Unreachable
from scanner.model import Status
from tests.egress.tiny_servers import PUBLIC, TinyDns, TinyWeb, ok, redirect

URL = f"http://{PUBLIC}"


@pytest.fixture(autouse=True)
def names(dns_server: TinyDns) -> None:
    for name in ("acme.example", "other.example"):
        dns_server.zone[name, "A"] = [PUBLIC]


async def test_an_answer_is_kept_as_it_came_with_both_heads(network: Network, web: TinyWeb) -> None:
    packed = gzip.compress(b"hello " * 20)
    web.pages["/a?q=1"] = ok(
        packed, "Content-Encoding: gzip", "X-Odd:  two  words ", "Set-Cookie: a=1", "Set-Cookie: b=2"
    )
    answer = await network.http("http://acme.example/a?q=1#top", headers={"X-Mine": "yes"})
    assert (answer.status, answer.body, answer.cut) == (200, b"hello " * 20, "")
    assert answer.header("set-cookie") == "a=1, b=2"
    evidence = answer.evidence
    head, _, body = evidence.block.partition(b"\r\n\r\n")
    assert body == packed
    assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: ")
    assert b"X-Odd: two  words\r\n" in head
    assert evidence.request == web.heads[0]
    assert evidence.uri == "http://acme.example/a?q=1"
    assert evidence.address == PUBLIC
    assert evidence.truncated == ""
    assert evidence.media_type == "application/http;msgtype=response"


async def test_the_request_says_who_we_are_and_carries_no_cookies(network: Network, web: TinyWeb) -> None:
    web.pages["/"] = ok(b"", "Set-Cookie: id=1; Domain=acme.example")
    await network.http("http://user:secret@acme.example/")
    await network.http("http://acme.example/again")
    head = web.heads[1].lower()
    assert b"user-agent: mozilla/5.0 (compatible; falsefront/0.1; website evidence check)" in head
    assert b"cookie" not in head
    assert b"authorization" not in web.heads[0].lower()


async def test_a_name_that_only_browsers_spell_is_asked_for_as_dns_holds_it(
    network: Network, web: TinyWeb, dns_server: TinyDns
) -> None:
    dns_server.zone["xn--ls8h.example", "A"] = [PUBLIC]
    web.pages["/"] = ok(b"pile")
    for url in ("http://xn--ls8h.example/", "http://💩.example/"):
        assert (await network.http(url)).body == b"pile"
    assert b"\r\nHost: xn--ls8h.example\r\n" in web.heads[0]


async def test_any_warc_reader_reads_a_chunked_answer_back(network: Network, web: TinyWeb) -> None:
    body = b"cafe\r\nis also a hexadecimal number"
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    web.pages["/"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunked
    answer = await network.http(URL + "/")
    assert answer.header("transfer-encoding") == "chunked"
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    record = writer.create_warc_record(
        answer.url, "response", payload=io.BytesIO(answer.evidence.block), http_headers=None
    )
    writer.write_record(record)
    file.seek(0)
    assert [read.content_stream().read() for read in ArchiveIterator(file)] == [body]


async def test_every_status_is_an_answer(network: Network, web: TinyWeb) -> None:
    for status in (204, 304, 403, 404, 429, 500, 503):
        web.pages[f"/{status}"] = ok(b"", "Retry-After: 30", status=f"{status} Whatever")
        answer = await network.http(f"{URL}/{status}")
        assert answer.status == status
        assert answer.retry_after == 30


# ---------------------------------------------------------------------------------------- redirects


async def test_redirects_are_followed_hop_by_hop_and_kept(network: Network, web: TinyWeb) -> None:
    web.pages["/1"] = redirect("/2", "301 Moved")
    web.pages["/2"] = redirect("http://other.example/3?x=é#part", "307 Temporary")
    answer = await network.http("http://acme.example/1", redirects=5)
    assert answer.url == "http://other.example/3?x=%C3%A9"
    assert [(hop.url, hop.status) for hop in answer.hops] == [
        ("http://acme.example/1", 301),
        ("http://acme.example/2", 307),
    ]
    assert all(hop.evidence.block.startswith(b"HTTP/1.1 30") for hop in answer.hops)


async def test_without_leave_to_follow_a_redirect_is_an_answer(network: Network, web: TinyWeb) -> None:
    web.pages["/1"] = redirect("http://127.0.0.1/")
    answer = await network.http(URL + "/1")
    assert (answer.status, answer.header("Location"), answer.hops) == (302, "http://127.0.0.1/", ())


async def test_redirects_without_an_end_are_unreachable(network: Network, web: TinyWeb) -> None:
    web.pages["/self"] = redirect("/self")
    web.pages["/ping"], web.pages["/pong"] = redirect("/pong"), redirect("/ping")
    for path, hops in (("/self", 1), ("/ping", 4)):
        with pytest.raises(Unreachable, match="redirects") as caught:
            await network.http(URL + path, redirects=3)
        assert len(caught.value.hops) == hops


async def test_a_redirect_to_nonsense_is_garbled(network: Network, web: TinyWeb) -> None:
    web.pages["/1"] = redirect("http://[::g]/")
    with pytest.raises(Garbled) as caught:
        await network.http(URL + "/1", redirects=1)
    assert len(caught.value.hops) == 1


async def test_credentials_do_not_follow_to_another_origin(network: Network, web: TinyWeb) -> None:
    web.pages["/1"], web.pages["/2"] = redirect("/2"), redirect("http://other.example/3")
    await network.http("http://acme.example/1", headers={"Authorization": "token x"}, redirects=3)
    assert [b"authorization" in head.lower() for head in web.heads] == [True, True, False]


# --------------------------------------------------------------------------------- hostile bodies


async def test_an_endless_body_is_cut_and_marked(network: Network, web: TinyWeb) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    web.pages["/"] = endless
    answer = await network.http(URL + "/", max_bytes=100_000)
    assert (len(answer.body), answer.cut, answer.evidence.truncated) == (100_000, "length", "length")
    assert answer.evidence.block.endswith(b"x" * 1000)
    assert len(answer.evidence.block) < 101_000


async def test_a_bomb_costs_no_memory(network: Network, web: TinyWeb) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    assert len(bomb) < 1 << 20
    web.pages["/"] = ok(bomb, "Content-Encoding: gzip")
    tracemalloc.start()
    answer = await network.http(URL + "/", max_bytes=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(answer.body), answer.cut, answer.evidence.truncated) == (1 << 20, "length", "")
    assert peak < 12 << 20


async def test_a_slow_body_times_out_and_leaves_what_came(network: Network, web: TinyWeb) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart")
        await writer.drain()
        await asyncio.Event().wait()

    web.pages["/go"], web.pages["/slow"] = redirect("/slow"), slow
    with pytest.raises(TimedOut) as caught:
        await network.http(URL + "/go", timeout=0.2, redirects=1)
    assert caught.value.evidence is not None
    assert caught.value.evidence.block.endswith(b"\r\n\r\npart")
    assert caught.value.evidence.truncated == "time"
    assert len(caught.value.hops) == 1


async def test_a_head_that_never_comes_times_out(network: Network, web: TinyWeb) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    web.pages["/"] = silent
    with pytest.raises(TimedOut) as caught:
        await network.http(URL + "/", timeout=0.1)
    assert caught.value.evidence is None


async def test_a_body_that_breaks_off_is_unreachable_and_leaves_what_came(
    network: Network, web: TinyWeb
) -> None:
    web.pages["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"
    with pytest.raises(Unreachable, match="disconnected") as caught:
        await network.http(URL + "/")
    assert caught.value.evidence is not None
    assert caught.value.evidence.truncated == "disconnect"
    assert caught.value.evidence.block.endswith(b"part")


async def test_a_peer_that_hangs_up_is_unreachable(network: Network, web: TinyWeb) -> None:
    web.pages["/"] = b""
    with pytest.raises(Unreachable, match="disconnected"):
        await network.http(URL + "/")


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"<html>not http</html>\r\n\r\n"]
)
async def test_bytes_that_are_not_http_are_garbled(network: Network, web: TinyWeb, answer: bytes) -> None:
    web.pages["/"] = answer
    with pytest.raises(Garbled, match="bad-http") as caught:
        await network.http(URL + "/")
    assert caught.value.status is Status.UNPARSED


async def test_heads_without_measure_are_too_large(network: Network, web: TinyWeb) -> None:
    web.pages["/long"] = ok(b"", "X-Long: " + "x" * 100_000)
    web.pages["/many"] = ok(b"", *(f"X-{n}: x" for n in range(5000)))
    for path in ("/long", "/many"):
        with pytest.raises(TooLarge):
            await network.http(URL + path)


async def test_a_security_policy_of_nine_kilobytes_is_an_ordinary_head(
    network: Network, web: TinyWeb
) -> None:
    web.pages["/"] = ok(b"fine", "Content-Security-Policy: " + "x" * 9000)
    assert (await network.http(URL + "/")).body == b"fine"


async def test_an_unknown_coding_leaves_the_body_as_it_came_and_says_so(
    network: Network, web: TinyWeb
) -> None:
    web.pages["/"] = ok(b"bytes", "Content-Encoding: rot13")
    answer = await network.http(URL + "/")
    assert (answer.body, answer.cut) == (b"bytes", "encoding")
    assert answer.evidence.block.endswith(b"bytes")


async def test_a_header_can_not_smuggle_lines_into_the_evidence(network: Network, web: TinyWeb) -> None:
    with pytest.raises(EgressError, match="fault") as caught:
        await network.http(URL + "/", headers={"X-Mine": "a\r\nX-Yours: b"})
    assert caught.value.status is Status.ERROR
    assert web.heads == []


async def test_deadlines_are_nominal_seconds(web: TinyWeb, dns_server: TinyDns) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    web.pages["/"] = silent
    config = NetworkConfig(routes={("", 80): ("127.0.0.1", web.port)}, deadline_scale=0.001)
    async with Network(config) as network:
        began = network.monotonic()
        with pytest.raises(TimedOut):
            await network.http(URL + "/", timeout=100)
        assert network.monotonic() - began < 5
