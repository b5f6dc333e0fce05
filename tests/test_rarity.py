"""What two sites can share, in one normal form, and how much it says."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner import rarity
from scanner.knowledge import KnowledgeError
from scanner.knowledge.identifiers import load_identifiers
from scanner.knowledge.reader import shipped
from scanner.model import Observation
from scanner.rarity import COMMON, TRAITS, Kind, Value, is_rare, shareable, weight
from scanner.rooms import near, room_of

DOMAIN = "acme-soft.example"


def seen(kind: str, name: str, value: str) -> Observation:
    return Observation(kind, name, value, "website")


SITE = [
    seen("contact", "mail", "Office+jobs@acme-soft.example"),
    seen("contact", "phone", "+441174960123"),
    seen("contact", "messenger", "telegram https://T.me/AcmeSoft/"),
    seen("contact", "address", "1200 Market Street, Suite 410, Austin, TX 78701"),
    seen("identifier", "analytics", "google-analytics UA-1234567-1"),
    seen("identifier", "form_endpoint", "formspree office@acme-soft.example"),
    seen("identifier", "form_endpoint", "getform a1b2c3d4"),
    seen("dns", "ns", "ns2.tinyhost.test"),
    seen("dns", "ns", "ns1.tinyhost.test"),
    seen("dns", "a", "162.0.229.10"),
    seen("tls", "key_digest", "ab" * 32),
    seen("tls", "trust", "trusted"),
    seen("tls", "name", "*.acme-soft.example"),
]


@pytest.mark.parametrize("kind", Kind)
def test_a_value_says_less_the_more_domains_have_it_and_nothing_when_they_are_many(kind: Kind) -> None:
    falling = [weight(kind, domains) for domains in range(1, 200)]
    assert all(earlier >= later for earlier, later in pairwise(falling))
    assert falling[1] == TRAITS[kind].weight
    assert 0 <= min(falling) <= max(falling) <= 1
    assert weight(kind, COMMON) == 0


def test_only_what_is_given_to_one_holder_is_rare_on_a_few_domains() -> None:
    rare = {kind for kind in Kind if is_rare(kind, 3)}
    assert rare == {kind for kind in Kind if TRAITS[kind].private}
    assert not is_rare(Kind.GENERATOR, 2)
    assert not is_rare(Kind.ADDRESS, 2)


def test_values_come_in_one_spelling() -> None:
    assert {(value.kind.value, value.value) for value in shareable(DOMAIN, SITE)} == {
        ("mail", "office@acme-soft.example"),  # the mailbox and the form that is sent to it are one
        ("phone", "+441174960123"),
        ("messenger", "telegram t.me/acmesoft"),
        ("building", "1200 market street 78701"),
        ("room", "1200 market street 78701 #410"),
        ("analytics", "google-analytics UA-1234567-1"),
        ("form_endpoint", "getform a1b2c3d4"),
        ("name_servers", "ns1.tinyhost.test ns2.tinyhost.test"),
        ("address", "162.0.229.10"),
        ("key", "ab" * 32),
    }


@given(st.permutations(SITE))
def test_the_order_of_observations_changes_nothing(rows: list[Observation]) -> None:
    assert shareable(DOMAIN, rows) == shareable(DOMAIN, SITE)


@pytest.mark.parametrize(
    "hosted",
    [seen("hosting", "parking", "Sedo"), seen("hosting", "platform", "Cloudflare")],
    ids=["parking", "content network"],
)
def test_what_a_service_gives_to_everybody_is_nobodys(hosted: Observation) -> None:
    # given a site behind a service that many share, then neither its address nor its key is its own
    kinds = {value.kind for value in shareable(DOMAIN, [*SITE, hosted])}
    assert not kinds & {Kind.ADDRESS, Kind.KEY}
    assert (Kind.NAME_SERVERS in kinds) == (hosted.name == "platform")
    assert {Kind.MAIL, Kind.PHONE, Kind.ANALYTICS} <= kinds


@pytest.mark.parametrize(
    "servers",
    [
        ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
        ["dns1.registrar-servers.com", "dns2.registrar-servers.com"],
        ["ns-12.awsdns-01.net", "ns-77.awsdns-09.org"],
        ["ns5.kasserver.com", "ns1.own.test"],
    ],
)
def test_name_servers_that_everybody_is_given_weigh_nothing(servers: list[str]) -> None:
    assert shareable(DOMAIN, [seen("dns", "ns", name) for name in servers]) == ()


def test_a_certificate_for_strangers_too_or_one_nobody_trusts_ties_to_nobody() -> None:
    key = [row for row in SITE if row.kind == "tls"]
    assert shareable(DOMAIN, [*key, seen("tls", "name", "stranger.example")]) == ()
    assert shareable(DOMAIN, [row for row in key if row.name != "trust"]) == ()


def test_the_relay_of_a_privacy_service_is_no_mailbox_of_the_holder() -> None:
    assert shareable(DOMAIN, [seen("registration", "registrant_email", "ab12@contact.gandi.net")]) == ()
    [own] = shareable(DOMAIN, [seen("registration", "registrant_email", "Owner@acme-soft.example")])
    assert own == Value(Kind.MAIL, "owner@acme-soft.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (
            "form_endpoint",
            "url https://forms.some-service.example/subscribe",
        ),  # every customer's forms go there
        ("verification", "facebook-app 123456789012345"),  # a plug-in's own
    ],
)
def test_what_comes_with_a_service_or_a_plug_in_is_no_account(name: str, value: str) -> None:
    assert shareable(DOMAIN, [seen("identifier", name, value)]) == ()


# ------------------------------------------------------------------------------------- background


def test_the_background_loads_and_says_where_each_list_comes_from() -> None:
    for seed in rarity.listing():
        assert seed.least <= len(seed.entries) <= seed.most
        assert seed.licence
    assert all(one.source for rows in load_identifiers().by_value.values() for one in rows)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: gandi.net", "name: com", "no registrable domain"),
        ("name: gandi.net", "name: ovh.net", "stands there twice"),
        ("why: dns-service", "why: guess", "not one of"),
        ("sources: [tranco]", "sources: []", "without a source"),
    ],
)
def test_a_broken_background_does_not_load(tmp_path: Path, old: str, new: str, said: str) -> None:
    for name in ("name_servers", "values", "linked"):
        text = shipped().joinpath("rarity", f"{name}.yaml").read_text("utf-8")
        (tmp_path / "rarity").mkdir(exist_ok=True)
        changed = text.replace(old, new, 1) if name == "name_servers" else text
        (tmp_path / "rarity" / f"{name}.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=said) as error:
        rarity.listing(tmp_path)
    assert "\n" not in str(error.value)


# ------------------------------------------------------------------------------------------- rooms


@pytest.mark.parametrize(
    "spelling",
    [
        "Suite 410, 1200 Market Street, Austin TX 78701-2210, USA",
        "1200 Market St. #410, Austin, TX 78701",
        "1200 MARKET STREET, STE. 410, AUSTIN, TX 78701",
    ],
)
def test_one_room_in_many_spellings(spelling: str) -> None:
    assert room_of(spelling) == room_of("1200 Market Street, Suite 410, Austin, TX 78701")


@pytest.mark.parametrize(
    "address",
    ["Austin, TX", "Miami, FL 33101", "10115 Berlin", "", "call us", "Since 2012 in Leeds"],
)
def test_what_names_no_street_is_no_room(address: str) -> None:
    assert room_of(address) is None


def test_another_street_house_town_or_room_is_another_place() -> None:
    places = [
        "1200 Market Street, Suite 410, Austin, TX 78701",
        "1201 Market Street, Suite 410, Austin, TX 78701",
        "1200 Main Street, Suite 410, Austin, TX 78701",
        "1200 Market Street, Suite 410, Philadelphia, PA 19107",
        "1200 Market Street, Suite 412, Austin, TX 78701",
    ]
    assert len({room_of(place) for place in places}) == len(places)


def test_rooms_are_neighbours_within_one_building_only() -> None:
    assert near("1200 market street 78701 #410", "1200 market street 78701 #412")
    assert not near("1200 market street 78701 #410", "1200 market street 78701 #480")
    assert not near("1200 market street 78701 #410", "1201 market street 78701 #411")


@given(st.text(max_size=120))
def test_no_address_breaks_the_reader(text: str) -> None:
    room = room_of(text)
    assert room is None or room.building
