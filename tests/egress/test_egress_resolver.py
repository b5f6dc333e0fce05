"""DNS: answers kept as they came, each failure its own."""

from __future__ import annotations

import asyncio

import dns.message
import pytest

from scanner.egress import EgressError, Garbled, NameAbsent, Network, Refused, TimedOut, Unreachable
from scanner.model import Status
from tests.egress.tiny_servers import NOW, PUBLIC, PUBLIC6, Open, TinyDns


async def test_an_answer_has_records_wire_and_evidence(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "MX"] = ["10 mx1.acme.example.", "20 mx2.acme.example."]
    answer = await network.lookup("ACME.example.", "mx")
    assert (answer.name, answer.rdtype, answer.rcode) == ("acme.example", "MX", "NOERROR")
    assert answer.records == ("10 mx1.acme.example.", "20 mx2.acme.example.")
    assert (answer.ttl, answer.cname, answer.authenticated) == (300, (), False)
    assert answer.evidence.uri == "dns:acme.example?type=MX"
    assert answer.evidence.media_type == "application/dns-message"
    assert answer.evidence.fetched_at.date() == NOW.date()
    assert dns.message.from_wire(answer.evidence.block).answer[0].to_text().count("\n") == 1


async def test_the_alias_chain_is_followed_inside_the_answer(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["www.acme.example", "A"] = ["-> cdn.example", "-> edge.cdn.example", PUBLIC]
    answer = await network.lookup("www.acme.example", "A")
    assert answer.cname == ("cdn.example.", "edge.cdn.example.")
    assert answer.records == (PUBLIC,)
    assert answer.ttl == 60


async def test_the_same_question_is_asked_once_also_when_asked_at_once(
    network: Network, dns_server: TinyDns
) -> None:
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    answers = await asyncio.gather(*(network.lookup("acme.example", "A") for _ in range(50)))
    again = await network.lookup("acme.example", "A")
    assert len(dns_server.asked) == 1
    assert all(answer is again for answer in answers)


async def test_many_questions_at_once_all_get_their_answer(network: Network, dns_server: TinyDns) -> None:
    answers = await asyncio.gather(*(network.lookup(f"h{n}.example", "TXT") for n in range(600)))
    assert [answer.name for answer in answers] == [f"h{n}.example" for n in range(600)]


async def test_one_caller_that_gives_up_does_not_take_the_answer_from_another(
    network: Network, dns_server: TinyDns
) -> None:
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    first = asyncio.create_task(network.lookup("acme.example", "A"))
    second = asyncio.create_task(network.lookup("acme.example", "A"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).records == (PUBLIC,)


async def test_a_truncated_answer_is_asked_again_over_tcp(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "TXT"] = "truncated"
    answer = await network.lookup("acme.example", "TXT")
    assert answer.records == ('"one"', '"two"')
    assert [how for _, _, how in dns_server.asked] == ["udp", "tcp"]


@pytest.mark.parametrize(
    ("fault", "rcode"), [("nxdomain", "NXDOMAIN"), ("servfail", "SERVFAIL"), ("refused", "REFUSED")]
)
async def test_what_a_server_says_is_an_answer(
    network: Network, dns_server: TinyDns, fault: str, rcode: str
) -> None:
    dns_server.zone["acme.example", "A"] = fault
    assert (await network.lookup("acme.example", "A")).rcode == rcode


async def test_silence_is_a_timeout_and_is_asked_twice_but_not_remembered(
    opened: Open, dns_server: TinyDns
) -> None:
    network = opened(deadline_scale=0.2)
    dns_server.zone["acme.example", "A"] = "timeout"
    with pytest.raises(TimedOut, match="dns-timeout"):
        await network.lookup("acme.example", "A")
    assert len(dns_server.asked) == 2
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    assert (await network.lookup("acme.example", "A")).records == (PUBLIC,)


async def test_a_lost_packet_is_sent_again(opened: Open, dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "A"] = "slow-start"
    answer = await opened(deadline_scale=0.4).lookup("acme.example", "A")
    assert answer.records == (PUBLIC,)


async def test_bytes_that_are_no_dns_message_are_ignored_until_the_deadline(
    opened: Open, dns_server: TinyDns
) -> None:
    dns_server.zone["acme.example", "A"] = "garbage"
    with pytest.raises(TimedOut):
        await opened(deadline_scale=0.02).lookup("acme.example", "A")


async def test_an_answer_that_can_not_be_read_is_unreachable(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "A"] = "mangled"
    with pytest.raises(Unreachable, match="dns-malformed"):
        await network.lookup("acme.example", "A")


async def test_a_closed_resolver_port_is_unreachable_at_once(opened: Open, dns_server: TinyDns) -> None:
    await dns_server.stop()
    with pytest.raises(Unreachable, match="resolver connection-refused"):
        await opened().lookup("acme.example", "A")


async def test_a_second_resolver_helps_when_the_first_is_dead_or_fails(
    opened: Open, dns_server: TinyDns
) -> None:
    dead = TinyDns()
    await dead.start()
    await dead.stop()
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    network = opened(resolver=(("127.0.0.1", dead.port), ("127.0.0.1", dns_server.port)))
    assert (await network.lookup("acme.example", "A")).records == (PUBLIC,)


async def test_a_network_with_routes_but_no_resolver_never_asks_the_systems(opened: Open) -> None:
    with pytest.raises(Unreachable, match="no-resolver"):
        await opened(resolver=()).lookup("acme.example", "A")


async def test_a_name_that_can_not_be_is_unreachable_not_absent(
    network: Network, dns_server: TinyDns
) -> None:
    for name in ("a..b", "x" * 64, "", "a b.example"):
        with pytest.raises(Unreachable, match="bad-name"):
            await network.lookup(name, "A")
    assert dns_server.asked == []


async def test_addresses_are_ipv4_then_ipv6(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "A"] = [PUBLIC, "1.1.1.1"]
    dns_server.zone["acme.example", "AAAA"] = [PUBLIC6]
    assert await network.addresses("acme.example") == (PUBLIC, "1.1.1.1", PUBLIC6)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0x7f.1", "127.0.0.1"),
        ("[::ffff:10.0.0.1]", "10.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("LOCALHOST.", "127.0.0.1"),
        ("x.localhost", "127.0.0.1"),
        (PUBLIC6, PUBLIC6),
    ],
)
async def test_a_literal_is_its_own_address_and_nobody_is_asked(
    network: Network, dns_server: TinyDns, host: str, address: str
) -> None:
    assert await network.addresses(host) == (address,)
    assert dns_server.asked == []


@pytest.mark.parametrize(
    ("a", "aaaa", "kind", "status", "slug"),
    [
        ("nxdomain", "nxdomain", NameAbsent, Status.ABSENT, "nxdomain"),
        ("nxdomain", "timeout", NameAbsent, Status.ABSENT, "nxdomain"),
        ([], [], Unreachable, Status.UNREACHABLE, "no-address"),
        ("servfail", "servfail", Unreachable, Status.UNREACHABLE, "servfail"),
        ("refused", "refused", Refused, Status.REFUSED, "dns-refused"),
        ("timeout", "timeout", TimedOut, Status.TIMEOUT, "dns-timeout"),
        ([], "timeout", TimedOut, Status.TIMEOUT, "dns-timeout"),
        ("timeout", "servfail", TimedOut, Status.TIMEOUT, "dns-timeout"),
    ],
)
async def test_why_a_name_has_no_address_is_told_apart(
    opened: Open,
    dns_server: TinyDns,
    a: list[str] | str,
    aaaa: list[str] | str,
    kind: type[EgressError],
    status: Status,
    slug: str,
) -> None:
    dns_server.zone["acme.example", "A"], dns_server.zone["acme.example", "AAAA"] = a, aaaa
    with pytest.raises(kind) as caught:
        await opened(deadline_scale=0.1).addresses("acme.example")
    assert (caught.value.status, caught.value.slug) == (status, slug)


async def test_one_type_that_fails_does_not_hide_the_other(opened: Open, dns_server: TinyDns) -> None:
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    dns_server.zone["acme.example", "AAAA"] = "timeout"
    assert await opened(deadline_scale=0.2).addresses("acme.example") == (PUBLIC,)


async def test_a_host_that_is_no_host_is_garbled(network: Network) -> None:
    with pytest.raises(Garbled):
        await network.addresses("256.1.1.1")
