"""Answers of sources made to cost time, or to say what nobody said: sitemaps, RDAP, certificate log, DNS."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from scanner.egress import Network, NetworkConfig
from scanner.model import Evidence, Status
from scanner.observe import observe
from tests.hostile.hostile_page import ABOUT, DOMAIN, answer, filled, seconds_for
from tests.ports import tcp_and_udp


@pytest.mark.parametrize(
    "unit",
    [
        "<loc>",
        "<loc>" + " " * 500,
        "<loc><![CDATA[" + " " * 500,
        "<aaaaaaaaaaaaaaaaaaaa:",
        "<loc>ftp://x/y</loc>",
    ],
)
def test_a_sitemap_of_beginnings_is_read_in_linear_time(unit: str) -> None:
    evidence = answer(filled(unit), uri=f"https://{DOMAIN}/sitemap.xml", media_type="application/xml")
    observed, seconds = seconds_for("website", evidence)
    assert observed.links == ()
    assert seconds < 2


def test_a_sitemap_that_unpacks_without_end_stops_at_its_limit() -> None:
    import gzip

    body = gzip.compress(b"<loc>ftp://x.example/yyyy</loc>" * 400_000)
    evidence = answer(body, uri=f"https://{DOMAIN}/sitemap.xml.gz", media_type="application/gzip")
    observed, seconds = seconds_for("website", evidence)
    assert (observed.links, observed.observations) == ((), ())
    assert seconds < 3


@pytest.mark.parametrize(
    "code", ["9" * 900_000, "²", "4040", "40", "", -404, True, [404], {"a": 1}, None, 404.0]
)
def test_an_error_code_that_is_none_is_no_crash(code: object) -> None:
    # Given an RDAP answer whose errorCode is something else, when it is read, then it is one without meaning
    body = json.dumps({"errorCode": code})
    evidence = answer(body, uri=f"https://rdap.example/domain/{DOMAIN}", media_type="application/rdap+json")
    assert observe("rdap", evidence, ABOUT).status is Status.UNPARSED


def test_of_a_log_cut_short_the_oldest_entry_left_is_no_first_sight() -> None:
    # Given a log's answer, newest entries first, that a limit cut
    rows = [
        {
            "common_name": DOMAIN,
            "name_value": DOMAIN,
            "issuer_name": "CN=x",
            "id": n,
            "entry_timestamp": f"20{n}-01-01T00:00:00",
        }
        for n in range(24, 10, -1)
    ]
    whole = json.dumps(rows)
    # When both are read
    complete = observe("ct", answer(whole, uri="https://crt.sh/?q=x"), ABOUT)
    cut = observe("ct", answer(whole[: len(whole) // 2], uri="https://crt.sh/?q=x"), ABOUT)
    # Then the whole one knows the beginning, and the other only a time by which the name was in use
    assert [str(o.starts)[:4] for o in complete.observations if o.name == "first_logged"] == ["2011"]
    assert not [o for o in cut.observations if o.name == "first_logged"]
    assert [str(o.starts)[:4] for o in cut.observations if o.name == "logged_by"] == ["2018"]


# -------------------------------------------------------------------------------------------------- DNS


class _BrimmingDns(asyncio.DatagramProtocol):
    """Truncates over UDP, and over TCP answers with as many addresses as a message holds."""

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        self.transport.sendto(data[:2] + b"\x83\x80" + data[4:6] + b"\0" * 6 + _question(data), addr)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]


def _question(query: bytes) -> bytes:
    return query[12 : query.index(b"\0", 12) + 5]


async def _stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    size = int.from_bytes(await reader.readexactly(2), "big")
    query = await reader.readexactly(size)
    count = 4000
    records = b"".join(
        b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + struct.pack("!I", 0x5DB8D800 + n)
        for n in range(count)
    )
    wire = query[:2] + struct.pack("!HHHHH", 0x8180, 1, count, 0, 0) + _question(query) + records
    writer.write(struct.pack("!H", len(wire)) + wire)
    await writer.drain()
    writer.close()


@pytest_asyncio.fixture
async def brimming() -> AsyncIterator[Network]:
    listening, datagrams = tcp_and_udp()
    port = listening.getsockname()[1]
    stream = await asyncio.start_server(_stream, sock=listening)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(_BrimmingDns, sock=datagrams)
    async with Network(
        NetworkConfig(resolver=(("127.0.0.1", port),), routes={("", 80): "refuse"})
    ) as network:
        yield network
    transport.close()
    stream.close()


async def test_an_answer_full_to_the_brim_does_not_stop_the_loop(brimming: Network) -> None:
    # Given an owner whose name has four thousand addresses, and a loop that has other things to do
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    # When twenty such names are looked up
    answers = [await brimming.lookup(f"n{n}.acme-front.example", "A") for n in range(10)]
    watching.cancel()
    # Then a hundred records of each are handed on, all bytes are kept, and the loop went on
    assert {(len(a.records), len(a.wire) > 60_000) for a in answers} == {(100, True)}
    assert longest < 0.2


async def test_answers_full_to_the_brim_do_not_fill_the_memory(
    brimming: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given room for five such answers, when twenty came, then five are remembered
    monkeypatch.setattr("scanner.egress.resolver.REMEMBERED_BYTES", 5 << 16)
    for n in range(20):
        await brimming.lookup(f"n{n}.acme-front.example", "A")
    assert len(brimming._resolver._known) == 5


def test_a_name_without_a_string_is_no_record() -> None:
    wire = struct.pack("!HHHHHH", 1, 0x8180, 1, 1, 0, 0) + b"\x01a\0" + struct.pack("!HH", 16, 1)
    wire += b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 0, 0)
    evidence = Evidence("dns:a?type=TXT", "application/dns-message", ABOUT.as_of, wire)
    assert observe("dns", evidence, ABOUT).status is Status.UNPARSED
