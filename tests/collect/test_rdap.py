"""The RDAP source against a world, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from scanner.collect.base import Job, Outcome, operator
from scanner.collect.rdap import INFO, bootstrap_of, collect, plan
from scanner.egress import EgressError, Network, NetworkConfig
from scanner.model import About, Observation, Status, Target
from scanner.observe import observe
from scanner.parse import ParsePool
from tests.collect.collecting import Collected, Kept, OpenWorld, into

WORLD = """
    now: 2024-06-01
    domains:
      acmesoft.com:
        registration: {via: rdap, created: 2022-05-03, updated: 2024-01-02, expires: 2025-05-03,
                       registrar: "Sample Registrar, Inc.", registrant: {organisation: Acme Soft LLC, country: US},
                       status: [clientTransferProhibited], nameservers: [dns1.sample-dns.net]}
      hidden.org:
        registration: {created: 2021-01-02, registrar: Sample, registrant: {name: Jo}, redacted: true}
      busy.net: {registration: {via: throttled}}
      closed.net: {registration: {via: refused}}
      silent.net: {registration: {via: timeout}}
      old.de: {registration: {via: whois, created: 2001-02-03}}
"""


async def ask(world: OpenWorld, domain: str, text: str = WORLD) -> Collected:
    async with world(text) as field, field.parse:
        return await field.collect("rdap", domain)


async def test_given_a_thin_registry_when_asked_then_dates_come_from_it_and_the_holder_from_the_registrar(
    world: OpenWorld,
) -> None:
    seen = await ask(world, "acmesoft.com")
    assert seen.outcome.status is Status.OK
    assert seen.dates("registration", "created") == ["2022-05-03T00:00:00Z"]
    assert seen.dates("registration", "updated") == ["2024-01-02T00:00:00Z"]
    assert seen.dates("registration", "expires") == ["2025-05-03T00:00:00Z"]
    assert seen.values("registration", "registrar") == ["Sample Registrar, Inc."]
    assert seen.values("registration", "nameserver") == ["dns1.sample-dns.net"]
    assert seen.values("registration", "status") == ["clientTransferProhibited"]
    assert seen.values("registration", "registrant_organisation") == ["Acme Soft LLC"]
    assert seen.values("registration", "registrant_country") == ["US"]
    assert len(seen.kept) == 2
    assert seen.kept[1][0].uri.endswith("#registrar")


async def test_given_a_withheld_owner_when_asked_then_redacted_and_no_name_is_made_of_it(
    world: OpenWorld,
) -> None:
    seen = await ask(world, "hidden.org")
    assert seen.outcome == Outcome(Status.REDACTED, "owner-withheld")
    assert seen.dates("registration", "created")
    assert "registrant" in seen.values("registration", "redacted")
    assert not seen.values("registration", "registrant_name")


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
    seen = await ask(world, domain, WORLD.replace("now:", "deadline_scale: 0.02\n    now:"))
    assert seen.outcome.status is status
    assert not seen.dates("registration", "created")
    assert seen.values("registration", "state") == (["available"] if status is Status.ABSENT else [])


async def test_given_a_suffix_without_a_service_when_asked_then_skipped(world: OpenWorld) -> None:
    seen = await ask(world, "old.de")
    assert seen.outcome == Outcome(Status.SKIPPED, "no-rdap-service for .de")


async def test_given_passive_when_asked_then_the_registrar_is_left_alone(world: OpenWorld) -> None:
    async with world(WORLD) as field, field.parse:
        kept: Kept = []
        target, about = Target("acmesoft.com"), About("acmesoft.com")
        job = Job("rdap", target, field.network, field.parse, about, into(kept), passive=True)
        outcome = await collect(job)
    assert outcome.status is Status.OK
    assert len(kept) == 1


async def test_given_many_targets_when_the_bootstrap_is_needed_then_it_is_fetched_once(
    world: OpenWorld,
) -> None:
    async with world(WORLD) as field:
        files = await asyncio.gather(*(bootstrap_of(field.network) for _ in range(5)))
        assert all(file is files[0] for file in files)
        assert sum("dns.json" in event.what for event in field.log) == 1


async def test_given_the_real_internet_then_the_shipped_bootstrap_is_used_without_asking() -> None:
    async with Network(NetworkConfig()) as network:
        assert (await bootstrap_of(network)).base("acmesoft.com").startswith("https://")


def test_given_a_platform_subdomain_or_an_address_then_it_is_not_asked() -> None:
    assert plan(Target("jane.github.io", platform="github.io")).startswith("platform-subdomain")
    assert plan(Target("198.51.7.9")).startswith("not-needed")
    assert plan(Target("acmesoft.com")) == ""
    assert INFO.passive
    assert not INFO.touches_target


def test_quotas_are_kept_by_operator() -> None:
    assert operator("https://rdap.verisign.com/com/v1/domain/a.com") == "verisign.com"
    assert operator("whois.nic.uk") == "nic.uk"


# ------------------------------------------------------------- servers that misbehave, at one public address

HERE = "198.51.7.9"
Answer = Callable[[str], bytes]


def http(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(**more: object) -> bytes:
    events = [{"eventAction": "registration", "eventDate": "2020-01-02T03:04:05Z"}]
    return json.dumps({"objectClassName": "domain", "ldhName": "a.test", "events": events, **more}).encode()


@asynccontextmanager
async def registry(answer: Answer) -> AsyncIterator[Network]:
    """A network whose bootstrap sends .test to a server that answers paths as told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        bootstrap = json.dumps({"services": [[["test"], [f"http://{HERE}/"]]]}).encode()
        writer.write(http(200, bootstrap) if path == "/dns.json" else answer(path))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    config = NetworkConfig(
        rdap_bootstrap=f"http://{HERE}/dns.json", routes={(HERE, 80): ("127.0.0.1", port)}, pace=False
    )
    try:
        async with Network(config) as network:
            yield network
    finally:
        server.close()


async def asked(answer: Answer) -> tuple[Outcome, list[Observation], int]:
    async with registry(answer) as network, ParsePool(1) as pool:
        kept: Kept = []
        job = Job("rdap", Target("a.test"), network, pool, About("a.test"), into(kept))
        try:
            outcome = await collect(job)
        except EgressError as error:
            outcome = Outcome(error.status, error.reason)
    said = [given or observe("rdap", evidence, job.about) for evidence, given in kept]
    rows = [row for one in said for row in one.observations]
    return outcome, rows, len(kept)


@pytest.mark.parametrize("where", ["http://127.0.0.1/", "http://[::ffff:10.0.0.1]/x", "http://2130706433/"])
async def test_given_a_redirect_inside_when_followed_then_blocked_and_the_redirect_is_kept(
    where: str,
) -> None:
    outcome, rows, kept = await asked(lambda _: http(302, b"", f"Location: {where}"))
    assert outcome.status is Status.BLOCKED
    assert rows == []
    assert kept == 1


async def test_given_a_related_link_inside_when_followed_then_blocked_and_the_dates_stay() -> None:
    inside = "http://127.0.0.1/domain/a.test"
    link = {"rel": "related", "type": "application/rdap+json", "href": inside}
    outcome, rows, _ = await asked(lambda _: http(200, record(links=[link])))
    assert outcome.status is Status.BLOCKED
    assert [str(row.starts) for row in rows if row.name == "created"] == ["2020-01-02T03:04:05Z"]


async def test_given_a_short_pause_when_throttled_then_it_is_asked_once_more() -> None:
    answers = [http(429, b"", "Retry-After: 0"), http(200, record())]
    outcome, _, kept = await asked(lambda _: answers.pop(0))
    assert outcome.status is Status.OK
    assert kept == 2


async def test_given_a_long_pause_when_throttled_then_it_is_left_alone() -> None:
    answers = [http(429, b"", "Retry-After: 3600")]
    outcome, rows, _ = await asked(lambda _: answers.pop(0))
    assert outcome.status is Status.THROTTLED
    assert rows == []


async def test_given_a_compressed_answer_when_read_then_it_counts() -> None:
    outcome, _, _ = await asked(lambda _: http(200, gzip.compress(record()), "Content-Encoding: gzip"))
    assert outcome.status is Status.OK


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (http(200, b"<html>hello</html>", "Content-Type: text/html"), Status.UNPARSED),
        (http(404, b"<html>no page</html>", "Content-Type: text/html"), Status.UNPARSED),
        (http(404, b'{"errorCode": 404}', "Content-Type: application/rdap+json"), Status.ABSENT),
        (http(200, b"[" * 300_000), Status.UNPARSED),
        (http(200, record(ldhName="other.test")), Status.UNPARSED),
        (http(200, b'{"errorCode": 429}'), Status.THROTTLED),
        (http(503), Status.UNREACHABLE),
        (http(200, record(events=[])), Status.REDACTED),
    ],
)
async def test_given_an_odd_answer_when_read_then_it_is_typed_and_never_an_absence_by_mistake(
    answer: bytes, status: Status
) -> None:
    outcome, rows, _ = await asked(lambda _: answer)
    assert outcome.status is status
    assert any(row.value == "available" for row in rows) is (status is Status.ABSENT)
