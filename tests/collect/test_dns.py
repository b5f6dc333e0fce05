"""The dns source against a world."""

from __future__ import annotations

import pytest

from scanner.collect.base import entry_host
from scanner.collect.dns import INFO, plan, questions
from scanner.model import Status, Target
from tests.collect.collecting import OpenWorld

ACME = """
    now: 2024-06-01
    domains:
      acmesoft.com:
        dns: {A: [162.0.229.10], AAAA: ["2606:4700::1111"], MX: ["10 mx1.privateemail.com"],
              NS: [dns1.registrar-servers.com], TXT: ["v=spf1 -all"]}
        site: site
        hosts: {www: site}
"""


async def test_all_questions_are_asked_at_once_and_every_answer_is_kept(world: OpenWorld) -> None:
    async with world(ACME) as field:
        seen = await field.collect("dns", "acmesoft.com")
        assert seen.outcome.status is Status.OK
        assert seen.outcome.reason == ""
        assert len(seen.kept) == len(list(questions(Target("acmesoft.com")))) == len(field.questions("dns"))
    assert seen.values("dns", "exists") == ["yes"]
    assert "162.0.229.10" in seen.values("dns", "a")
    assert "2606:4700::1111" in seen.values("dns", "aaaa")
    assert seen.values("dns", "mx") == ["10 mx1.privateemail.com"]
    assert seen.values("dns", "ns") == ["dns1.registrar-servers.com"]
    assert seen.values("dns", "spf") == ["v=spf1 -all"]
    assert seen.values("dns", "wildcard") == ["no"]
    assert {"A", "AAAA", "NS", "MX", "TXT", "SOA", "CAA"} == set(seen.values("dns", "answered"))
    assert "22612 Namecheap, Inc." in seen.values("hosting", "asn")
    # and what was kept is the wire message itself, which any reader can open
    assert {evidence.media_type for evidence, _ in seen.kept} == {"application/dns-message"}


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("nxdomain", Status.ABSENT),
        ("servfail", Status.UNREACHABLE),
        ("refused", Status.REFUSED),
        ("timeout", Status.TIMEOUT),
    ],
)
async def test_each_fault_is_an_outcome_of_its_own(world: OpenWorld, fault: str, status: Status) -> None:
    async with world(f"{{now: 2024-06-01, domains: {{acmesoft.com: {{dns: {{fault: {fault}}}}}}}}}") as field:
        seen = await field.collect("dns", "acmesoft.com")
    assert seen.outcome.status is status
    assert seen.outcome.reason
    # none of them is taken for an answer, but for the one that is
    assert seen.values("dns", "exists") == (["no"] if fault == "nxdomain" else [])
    assert seen.values("dns", "mx") == seen.values("dns", "answered") == []
    # and the observer says the same of the kept bytes as the collector said
    assert {given.status for _, given in seen.kept if given.status} <= {status}


async def test_a_wildcard_zone_is_noticed(world: OpenWorld) -> None:
    yaml = """
        now: 2024-06-01
        domains:
          acmesoft.com: {dns: {A: [162.0.229.10]}, hosts: {"*": {site: site, dns: {A: [162.0.229.11]}}}}
    """
    async with world(yaml) as field:
        seen = await field.collect("dns", "acmesoft.com")
    assert seen.values("dns", "wildcard") == ["yes"]


async def test_a_private_address_is_recorded_never_dialled(world: OpenWorld) -> None:
    async with world("{now: 2024-06-01, domains: {acmesoft.com: {dns: {A: [10.0.0.7]}}}}") as field:
        seen = await field.collect("dns", "acmesoft.com")
        assert field.questions("connect") == []
    assert seen.outcome.status is Status.OK
    assert "10.0.0.7" in seen.values("dns", "blocked_address")


async def test_a_name_below_a_platform_is_asked_for_its_addresses_alone(world: OpenWorld) -> None:
    target = Target("jane.github.io", ("https://jane.github.io/cv",), platform="github.io")
    assert list(questions(target)) == [("jane.github.io", "A"), ("jane.github.io", "AAAA")]
    yaml = "{now: 2024-06-01, domains: {jane.github.io: {dns: {A: [185.199.108.153]}, site: site}}}"
    async with world(yaml) as field:
        seen = await field.collect("dns", target)
    assert set(seen.values("hosting", "platform")) == {"GitHub Pages"}


def test_hosts_of_the_entry_addresses_are_asked_strangers_are_not() -> None:
    entries = ("https://shop.acme.example/x", "https://other.example/", "https://acme.example:8443/")
    hosts = {name for name, rdtype in questions(Target("acme.example", entries)) if rdtype == "AAAA"}
    assert hosts == {"acme.example", "www.acme.example", "shop.acme.example"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:pw@Acme.example:8443/a?b@c", "acme.example"),
        ("http://bücher.example", "xn--bcher-kva.example"),
        ("acme.example", ""),
        ("https://", ""),
        ("https://exa mple/", ""),
    ],
)
def test_entry_host(url: str, host: str) -> None:
    assert entry_host(url) == host


def test_a_bare_address_has_no_name_to_ask_for_and_the_owner_may_see_the_question() -> None:
    assert plan(Target("93.184.216.34")).startswith("not-needed")
    assert plan(Target("acme.example")) == ""
    assert INFO.touches_target
    assert not INFO.passive
