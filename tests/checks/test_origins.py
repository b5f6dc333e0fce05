"""Each value the scan compared by itself leads back to the row, read from evidence, that holds it."""

from __future__ import annotations

import json

import pytest

from scanner.checks.origins import MOST_ROWS, Origins
from scanner.model import Observation
from scanner.rarity import Kind, shared_row


def row(kind: str, name: str, value: str, evidence: str = "sha256:1") -> Observation:
    return Observation(kind, name, value, "website", evidence=evidence)


MAIL_A, MAIL_B = row("contact", "mail", "Office@acme.example"), row("contact", "mail", "office@acme.example")
OURS, THEIRS = "https://acme.example/about", "https://bolt.example/us"
ROWS = [
    ("acme.example", MAIL_A),
    ("bolt.example", MAIL_B),
    ("acme.example", row("page", "state", "content https://acme.example/about")),
    ("bolt.example", row("page", "state", "content https://bolt.example/us")),
    ("acme.example", row("dns", "ns", "ns2.small.example")),
    ("acme.example", row("dns", "ns", "ns1.small.example")),
    ("acme.example", row("contact", "phone", "+441174960433")),
    ("bolt.example", row("contact", "phone", "+441174960498")),
    ("bolt.example", row("dns", "a", "192.0.2.7")),
    ("bolt.example", row("contact", "mail", "nobody@acme.example", evidence="")),
]


def both(kind: Kind, value: str) -> Observation:
    return shared_row(kind, "bolt.example", value, value, 1.0)


def origins(rows: list[tuple[str, Observation]]) -> Origins:
    held: dict[str, list[Observation]] = {}
    for domain, row in rows:
        held.setdefault(domain, []).append(row)
    return Origins(held, held.__getitem__)


def behind(*support: Observation) -> list[Observation]:
    return list(origins(ROWS).behind(support))


@pytest.mark.parametrize(
    ("shared", "values"),
    [
        (both(Kind.MAIL, "office@acme.example"), [MAIL_A.value, MAIL_B.value]),
        (
            shared_row(Kind.NEAR_PHONE, "bolt.example", "+441174960433", "+441174960498", 1.0),
            ["+441174960433", "+441174960498"],
        ),
        (both(Kind.ADDRESS, "192.0.2.7"), ["192.0.2.7"]),
        (
            both(Kind.NAME_SERVERS, "ns1.small.example ns2.small.example"),
            ["ns2.small.example"],
        ),
    ],
    ids=["mailbox", "near numbers", "address", "name servers"],
)  # fmt: skip
def test_a_shared_value_leads_to_where_each_side_shows_it(shared: Observation, values: list[str]) -> None:
    assert [row.value for row in behind(shared)] == values


def pages(**what: str) -> str:
    return json.dumps({"domain": "bolt.example", **what})


@pytest.mark.parametrize(
    "found",
    [
        row("copy", "match", pages(ours=OURS, theirs=THEIRS), ""),
        row("picture", "shared", pages(ours_page=OURS, theirs_page=THEIRS), ""),
    ],
    ids=["text", "picture"],
)  # fmt: skip
def test_a_likeness_leads_to_both_pages(found: Observation) -> None:
    assert [row.value.split(" ")[1] for row in behind(found)] == [OURS, THEIRS]


def test_what_has_evidence_already_needs_no_more() -> None:
    shared = both(Kind.MAIL, "office@acme.example")
    assert behind(shared, row("contact", "mail", "x@acme.example")) == []


@pytest.mark.parametrize(
    "found",
    [
        row("copy", "seen", "theirs bolt.example https://bolt.example/us", ""),
        row("copy", "match", "[]", ""),
        row("registration", "created", "", ""),
    ],
)
def test_what_names_nothing_leads_nowhere(found: Observation) -> None:
    assert behind(found) == []


def test_a_value_on_many_sites_brings_a_bounded_number_of_rows() -> None:
    many = [(f"s{n:02}.example", MAIL_B) for n in range(40)]
    shared = both(Kind.MAIL, "office@acme.example")
    found = origins(many).behind([shared])
    assert len(found) == MOST_ROWS
    assert origins(many[::-1]).behind([shared]) == found
