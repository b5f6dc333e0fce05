"""The WHOIS source against a world, and against servers that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scanner.collect.base import Job, Outcome
from scanner.collect.whois import MOST_BYTES, ask, collect, plan, server_for
from scanner.egress import EgressError, Network, NetworkConfig
from scanner.model import About, Observed, Status, Target
from scanner.observe import observe
from scanner.parse import ParsePool
from tests.collect.collecting import Collected, Kept, OpenWorld, into

WORLD = """
    now: 2024-06-01
    domains:
      acmesoft.com:
        registration: {via: both, created: 2022-05-03, updated: 2024-01-02, expires: 2025-05-03,
                       registrar: "Sample Registrar, Inc.", registrant: {organisation: Acme Soft LLC, country: US},
                       nameservers: [dns1.sample-dns.net]}
      firma.de: {registration: {via: whois, created: 2001-02-03, updated: 2023-04-05}}
      umlaut.fr: {registration: {whois_file: latin1.txt}}
      inside.com: {registration: {whois_file: inside.txt}}
      busy.net: {registration: {via: throttled}}
      closed.net: {registration: {via: refused}}
      silent.net: {registration: {via: timeout}}
"""
INSIDE = b"Domain Name: INSIDE.COM\r\nRegistrar WHOIS Server: %s\r\nCreation Date: 2020-01-02T03:04:05Z\r\n"


async def run(world: OpenWorld, domain: str, text: str = WORLD) -> Collected:
    async with world(text) as field, field.parse:
        return await field.collect("whois", domain)


@pytest.fixture(autouse=True)
def texts(tmp_path: Path) -> None:
    (tmp_path / "latin1.txt").write_bytes(
        "domain: umlaut.fr\nregistrar: Société Générale de Noms\ncreated: 03/02/2011\n".encode("latin-1")
    )
    (tmp_path / "inside.txt").write_bytes(INSIDE % b"127.0.0.1")


async def test_given_a_thin_registry_when_asked_by_way_of_the_root_then_dates_and_holder_come(
    world: OpenWorld,
) -> None:
    seen = await run(world, "acmesoft.com")
    assert seen.outcome.status is Status.OK
    assert {str(date)[:10] for date in seen.dates("registration", "created")} == {"2022-05-03"}
    assert seen.values("registration", "nameserver") == ["dns1.sample-dns.net"]
    assert seen.values("registration", "registrant_organisation") == ["Acme Soft LLC"]
    # the root's own record of the suffix is kept, and says nothing of the name
    root = seen.kept[0]
    assert root[0].media_type == "text/plain"
    assert root[1] == Observed()


async def test_given_a_registry_that_hides_the_date_when_asked_then_redacted(world: OpenWorld) -> None:
    seen = await run(world, "firma.de")
    assert seen.outcome.status is Status.REDACTED
    assert seen.outcome.reason.startswith("no-dates")
    assert seen.values("registration", "state") == ["registered"]


async def test_given_latin_1_when_read_then_its_letters_are_right(world: OpenWorld) -> None:
    seen = await run(world, "umlaut.fr")
    assert seen.values("registration", "registrar") == ["Société Générale de Noms"]
    assert seen.dates("registration", "created") == ["2011-02-03"]


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("unknown.com", Status.ABSENT),
        ("busy.net", Status.THROTTLED),
        ("closed.net", Status.REFUSED),
        ("silent.net", Status.TIMEOUT),
    ],
)
async def test_given_no_record_when_asked_then_the_reason_is_typed(
    world: OpenWorld, domain: str, status: Status
) -> None:
    seen = await run(world, domain, WORLD.replace("now:", "deadline_scale: 0.02\n    now:"))
    assert seen.outcome.status is status
    assert seen.values("registration", "state") == (["available"] if status is Status.ABSENT else [])


@pytest.mark.parametrize("where", ["127.0.0.1", "localhost", "10.0.0.7:6379", "[::1]:43", "::1"])
async def test_given_a_referral_inside_when_followed_then_blocked_and_the_dates_stay(
    world: OpenWorld, tmp_path: Path, where: str
) -> None:
    (tmp_path / "inside.txt").write_bytes(INSIDE % where.encode())
    seen = await run(world, "inside.com")
    assert seen.outcome.status is Status.BLOCKED
    assert seen.dates("registration", "created") == ["2020-01-02T03:04:05Z"]


def test_given_the_real_internet_then_the_shipped_server_is_asked_and_a_network_file_goes_before() -> None:
    assert server_for(NetworkConfig(), "acmesoft.com") == "whois.verisign-grs.com"
    assert server_for(NetworkConfig(), "acmesoft.nosuchsuffix") == "whois.iana.org"
    own = NetworkConfig(whois={"default": "whois.iana.org", "com": "whois.mine.test"})
    assert server_for(own, "acmesoft.com") == "whois.mine.test"
    assert (
        server_for(NetworkConfig(whois={"default": "whois.iana.test"}), "acmesoft.com") == "whois.iana.test"
    )


def test_given_a_platform_subdomain_then_it_is_not_asked() -> None:
    assert plan(Target("jane.github.io", platform="github.io")).startswith("platform-subdomain")


# ------------------------------------------------------------- servers that misbehave, at one public address

HERE = "198.51.7.9"


@asynccontextmanager
async def server(answer: bytes, *, linger: bool = False, scale: float = 1.0) -> AsyncIterator[Network]:
    asked: list[bytes] = []
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(answer)
        if linger:
            await ended.wait()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    config = NetworkConfig(
        whois={"default": HERE}, routes={(HERE, 43): ("127.0.0.1", port)}, pace=False, deadline_scale=scale
    )
    try:
        async with Network(config) as network:
            yield network
    finally:
        ended.set()
        listening.close()


async def asked(answer: bytes) -> tuple[Outcome, list[str]]:
    async with server(answer) as network, ParsePool(1) as pool:
        kept: Kept = []
        job = Job("whois", Target("a.test"), network, pool, About("a.test"), into(kept))
        try:
            outcome = await collect(job)
        except EgressError as error:
            outcome = Outcome(error.status, error.reason)
    rows = [(given or observe("whois", evidence, job.about)).observations for evidence, given in kept]
    return outcome, [f"{row.name} {row.value}" for part in rows for row in part]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"", Status.UNREACHABLE),
        (b"\x00\xff\xfe garbage \x1b[31m", Status.UNPARSED),
        (b"WHOIS LIMIT EXCEEDED - SEE WWW.EXAMPLE/WHOIS\r\n", Status.THROTTLED),
        (b"Your IP address has been blocked\r\n", Status.THROTTLED),
        (b"Access denied\r\n", Status.REFUSED),
        (b"Server too busy, try again later\r\n", Status.UNREACHABLE),
        (b"domain: a.test\nstatus: reserved\n", Status.OK),
        (b"refer: 169.254.169.254\r\n", Status.BLOCKED),
        (b"a.test\n" + b"x" * 200_000, Status.UNPARSED),
    ],
)
async def test_given_an_odd_answer_when_read_then_it_is_typed_and_never_an_absence(
    answer: bytes, status: Status
) -> None:
    outcome, rows = await asked(answer)
    assert outcome.status is status
    assert "state available" not in rows


async def test_given_an_answer_without_an_end_when_read_then_64_kb_are_kept() -> None:
    async with server(b"x" * 500_000) as network:
        evidence = await ask(network, HERE, "a.test")
    assert len(evidence.block) == MOST_BYTES
    assert evidence.truncated == "length"


async def test_given_a_server_that_never_hangs_up_when_time_is_over_then_what_came_is_kept() -> None:
    async with server(b"domain: a.test\ncreated: 2020-01-02\n", linger=True, scale=0.01) as network:
        with pytest.raises(EgressError) as failure:
            await ask(network, HERE, "a.test")
    assert failure.value.status is Status.TIMEOUT
    assert failure.value.evidence is not None
    assert b"2020-01-02" in failure.value.evidence.block
