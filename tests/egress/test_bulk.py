"""The lean reader of DNS answers: the same answers as the full one, and no harm from hostile bytes."""

from __future__ import annotations

import random
from pathlib import Path

import dns.flags
import dns.message
import dns.rrset
import pytest

from scanner.egress import Network, NetworkConfig, Unreachable
from scanner.egress.bulk import MalformedError, read
from scanner.egress.resolver import answers, question
from scanner.world import serve

WORLD = Path(__file__).parents[1] / "sweep" / "list"


def answer(asked: bytes, *sections: tuple[str, str, str], flags: int = 0) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(asked))
    message.answer = [dns.rrset.from_text(name, 60, "IN", kind, value) for name, kind, value in sections]
    message.flags |= flags
    return message.to_wire()


def test_a_question_is_what_the_full_codec_would_ask() -> None:
    asked = dns.message.from_wire(question("acme.example", "MX", 4711))
    assert (asked.id, asked.edns, asked.flags & dns.flags.RD) == (4711, 0, dns.flags.RD)
    assert asked.question[0].to_text() == "acme.example. IN MX"


def test_records_at_the_end_of_the_alias_chain_count_and_no_others() -> None:
    asked = question("acme.example", "A", 7)
    wire = answer(
        asked,
        ("acme.example.", "CNAME", "Host.example."),
        ("host.example.", "A", "192.0.2.7"),
        ("other.example.", "A", "192.0.2.8"),
    )
    assert read(wire, asked) == (0, ["192.0.2.7"])


def test_mail_servers_and_the_null_one() -> None:
    asked = question("acme.example", "MX", 7)
    assert read(answer(asked, ("acme.example.", "MX", "10 Mail.acme.example.")), asked) == (
        0,
        ["mail.acme.example"],
    )
    assert read(answer(asked, ("acme.example.", "MX", "0 .")), asked) == (0, [""])


def test_an_answer_to_another_question_is_none() -> None:
    asked, other = question("acme.example", "NS", 7), question("else.example", "NS", 7)
    assert read(answer(other, ("else.example.", "NS", "ns.evil.example.")), asked) is None
    assert read(answer(question("acme.example", "NS", 8)), asked) is None
    assert read(asked, asked) is None


def test_a_truncated_answer_is_for_the_full_reader() -> None:
    asked = question("acme.example", "NS", 7)
    with pytest.raises(MalformedError):
        read(answer(asked, flags=dns.flags.TC), asked)


def test_hostile_bytes_end_in_a_result_or_one_error() -> None:
    asked = question("acme.example", "NS", 7)
    good = answer(
        asked, ("acme.example.", "NS", "ns1.acme.example."), ("acme.example.", "NS", "ns2.acme.example.")
    )
    dice = random.Random(3)
    ends = {"odd": 0, "none": 0, "read": 0}
    for _ in range(5000):
        wire = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            wire[dice.randrange(2, len(wire))] = dice.randrange(256)
        try:
            ends["none" if read(bytes(wire[: dice.randint(0, len(wire))]), asked) is None else "read"] += 1
        except MalformedError:
            ends["odd"] += 1
    assert all(ends.values())
    # a name that points to itself
    loop = good[: len(asked) - 11] + b"\xc0" + bytes((len(asked) - 11,)) + b"\0\2\0\1\0\0\0\0\0\0"
    with pytest.raises(MalformedError):
        read(loop, asked)


async def test_it_says_what_the_full_one_says() -> None:
    async with serve(WORLD) as served:
        config = NetworkConfig.parse(served.network_toml, WORLD)
        async with Network(config) as network, network.bulk() as bulk:
            for name in ("oakmill.com", "taken-down.com", "never-was.com"):
                for kind in ("NS", "A", "MX"):
                    short, full = await bulk.ask(name, kind), await network.lookup(name, kind)
                    assert short.rcode == full.rcode
                    assert sorted(short.records) == sorted(
                        r.rpartition(" ")[2].rstrip(".") for r in full.records
                    )


async def test_a_name_no_question_can_hold_is_refused_without_asking(tmp_path: Path) -> None:
    config = NetworkConfig.parse('resolver = ["127.0.0.1:9"]\nroutes = { "443" = "refuse" }\n', tmp_path)
    async with Network(config) as network, network.bulk() as bulk:
        for name in ("a..b", "x" * 64 + ".com", ""):
            with pytest.raises(Unreachable, match="bad-name"):
                await bulk.ask(name, "NS")


def test_only_an_answer_to_the_question_itself_counts() -> None:
    """Given the id and the question again, then it is one; given either of another, or a question, then not."""
    asked = question("acme.example", "A", 7)
    reply = dns.message.make_response(dns.message.from_wire(asked)).to_wire()
    assert answers(reply, asked)
    assert answers(reply.replace(b"acme", b"AcMe"), asked)
    assert not answers(reply, question("acme.example", "A", 8))
    assert not answers(reply, question("acme.example", "AAAA", 7))
    assert not answers(reply, question("evil.example", "A", 7))
    assert not answers(asked, asked)
    assert not answers(reply[:11], asked)


def test_an_error_may_leave_the_question_out_and_nothing_else_may() -> None:
    asked = question("acme.example", "A", 7)
    head = asked[:2]
    assert answers(head + b"\x81\x85" + b"\0" * 8, asked)  # REFUSED
    assert not answers(head + b"\x81\x80" + b"\0" * 8, asked)  # NOERROR


@pytest.mark.parametrize("name", ["", "a..b", "a" * 64 + ".example", "a." * 127 + "b"])
def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        question(name, "A", 1)
