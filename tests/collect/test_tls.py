"""The tls source against a world."""

from __future__ import annotations

import pytest

from scanner.model import Status
from scanner.observe.tls import read_header
from tests.collect.collecting import OpenWorld

PLAIN = "{{now: 2024-06-01, domains: {{acmesoft.com: {{site: site{more}}}}}}}"


async def test_a_valid_chain_is_kept_and_trusted(world: OpenWorld) -> None:
    yaml = PLAIN.format(more=", tls: {not_before: 2024-02-01, names: [acmesoft.com, shop.acmesoft.com]}")
    async with world(yaml) as field, field.parse:
        seen = await field.collect("tls", "acmesoft.com")
    assert seen.outcome.status is Status.OK
    assert seen.values("tls", "trust") == ["trusted"]
    assert seen.values("tls", "name") == ["acmesoft.com", "shop.acmesoft.com"]
    assert seen.dates("tls", "certificate")[0].startswith("2024-02-01")
    evidence, _ = seen.kept[0]
    assert (evidence.uri, evidence.media_type) == ("tls://acmesoft.com:443", "application/x-pem-file")
    assert evidence.block.count(b"BEGIN CERTIFICATE") >= 1
    assert read_header(evidence.block)["server-name"] == "acmesoft.com"
    assert evidence.address  # the logical one, as the name service gave it
    assert not evidence.address.startswith("127.")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (", tls: {expired: true}", "expired"),
        (", tls: {untrusted: true}", "untrusted"),
        (", tls: {names: [other.example]}", "wrong-name"),
    ],
)
async def test_a_bad_certificate_is_recorded_not_refused(world: OpenWorld, more: str, word: str) -> None:
    async with world(PLAIN.format(more=more)) as field, field.parse:
        seen = await field.collect("tls", "acmesoft.com")
    assert seen.outcome.status is Status.OK
    assert seen.values("tls", "trust") == [word]
    assert len(seen.values("tls", "certificate")) == 1


@pytest.mark.parametrize(
    ("yaml", "status"),
    [
        (PLAIN.format(more=", tls: {none: true}"), Status.UNREACHABLE),
        ("{now: 2024-06-01, domains: {acmesoft.com: {site: {behaviour: blackhole}}}}", Status.TIMEOUT),
        ("{now: 2024-06-01, domains: {acmesoft.com: {dns: {A: [10.0.0.7]}, site: site}}}", Status.BLOCKED),
        ("{now: 2024-06-01, domains: {acmesoft.com: {dns: {fault: servfail}}}}", Status.UNREACHABLE),
        ("{now: 2024-06-01, domains: {other.com: {site: site}}}", Status.ABSENT),
    ],
)
async def test_no_certificate_is_typed_and_says_nothing(world: OpenWorld, yaml: str, status: Status) -> None:
    async with world(yaml) as field:
        seen = await field.collect("tls", "acmesoft.com")
    assert seen.outcome.status is status
    assert seen.kept == []
