"""Coherence across one résumé: what separate employers don't share, and all that excuses it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from scanner.checks import Facts, Scene, case_findings
from scanner.knowledge import Knowledge
from scanner.model import Case, Claim, Date, Finding, Level, Observation, Period, Role, Strength
from scanner.rarity import Kind, shared_row
from scanner.verdict import defeat, level_of
from tests.checks.conftest import NOW, Run, created, fact

A, B, C = "ebbfield.example", "corrymere.example", "tarnlight.example"
OWN = "rufus-dane.example"
PERIODS = {A: "2016-03", B: "2019-05", C: "2022-01", OWN: ""}
Rows = dict[str, list[Observation]]


def claim(domain: str, role: Role = Role.EMPLOYER, organisation: str = "") -> Claim:
    starts = PERIODS.get(domain, "2015-01")
    name = organisation or domain.partition(".")[0].title()
    return Claim(role, f"https://{domain}", name, Period(Date(starts) if starts else None))


def both(kind: Kind, value: str, *domains: str, rarity: float = 1.0) -> Rows:
    """A value that these domains share, as a scan writes it down."""
    return {
        one: [shared_row(kind, other, value, value, rarity) for other in domains if other != one]
        for one in domains
    }


def together(*parts: Rows) -> Rows:
    found: Rows = {}
    for part in parts:
        for domain, rows in part.items():
            found.setdefault(domain, []).extend(rows)
    return found


def scene(rows: Rows, *claims: Claim) -> Scene:
    stated = claims or tuple(claim(domain) for domain in (A, B))
    claimed = tuple(one.url.removeprefix("https://") for one in stated)
    others = {domain: Facts.of(rows.get(domain, [])) for domain in {*claimed, *rows}}
    return Scene(Case("c", "", stated), Knowledge.load(NOW), NOW, others, claimed)


def found(rows: Rows, *claims: Claim) -> dict[str, Finding]:
    return {one.check_id: one for one in case_findings(scene(rows, *claims))}


def level(rows: Rows, *claims: Claim) -> Level:
    return level_of(defeat(case_findings(scene(rows, *claims))))


MAILBOX = both(Kind.MAIL, "desk.recruiting@gmail.com", A, B)
PHONE = both(Kind.PHONE, "+441174960231", A, B, rarity=0.9)
ACCOUNT = both(Kind.ANALYTICS, "google-analytics G-7QX2TNW9LA", A, B)
HOUR: Rows = {
    domain: [
        created(at),
        fact("registration", "registrar", "Harbour Names Inc."),
    ]
    for domain, at in ((A, "2022-03-14T23:02:11Z"), (B, "2022-03-14T23:21:05Z"), (C, "2022-03-14T23:40:00Z"))
}


def linking(one: str, other: str) -> Rows:
    return {one: [fact("page", "acknowledged_domain", other)]}


# -------------------------------------------------------------------------------- how much it weighs


@pytest.mark.parametrize(
    ("rows", "id"),
    [
        (MAILBOX, "coherence.shared-contact"),
        (PHONE, "coherence.shared-contact"),
        (ACCOUNT, "coherence.shared-account"),
    ],
)
def test_one_thing_in_common_is_medium_and_makes_no_level(rows: Rows, id: str) -> None:
    assert found(rows)[id].strength is Strength.MEDIUM
    assert level(rows) is Level.NOTHING_FOUND


@pytest.mark.parametrize(
    "rows",
    [together(MAILBOX, ACCOUNT), together(PHONE, ACCOUNT), together(MAILBOX, PHONE), together(ACCOUNT, HOUR)],
)
def test_two_independent_things_in_common_are_strong(rows: Rows) -> None:
    assert level(rows) is Level.REVIEW


def test_two_things_one_hand_gives_are_one() -> None:
    # given an agency's container and its pixel on both sites, then that is one account
    rows = together(ACCOUNT, both(Kind.PIXEL, "facebook 123456789012", A, B))
    assert found(rows)["coherence.shared-account"].strength is Strength.MEDIUM


def test_what_stands_on_many_addresses_is_nobodys() -> None:
    rows = both(Kind.MAIL, "hello@everybodys.example", A, B, rarity=0.3)
    assert not found(rows)


def test_one_telephone_for_three_employers_is_strong() -> None:
    rows = both(Kind.PHONE, "+441174960231", A, B, C, rarity=0.9)
    [one] = found(rows, claim(A), claim(B), claim(C)).values()
    assert (one.strength, one.check_id) == (Strength.STRONG, "coherence.shared-contact")
    assert all(domain in one.statement for domain in (A, B, C))


def test_a_mailbox_at_a_third_firm_is_whoevers_looks_after_the_sites() -> None:
    # given one mailbox at an agency's domain, which both sites link, then it excuses itself
    mail = both(Kind.MAIL, "webmaster@brightquill.example", A, B)
    assert found(mail)["coherence.shared-contact"].strength is Strength.MEDIUM
    linked = together(mail, linking(A, "brightquill.example"), linking(B, "brightquill.example"))
    assert not found(linked)


# ------------------------------------------------------------------------------------ what excuses it


ALL = together(
    MAILBOX, PHONE, ACCOUNT, HOUR, both(Kind.NAME_SERVERS, "ns1.a.test ns2.a.test", A, B, rarity=0.5)
)


@pytest.mark.parametrize(
    ("said", "claims"),
    [
        (together(linking(A, B), linking(B, A)), ()),
        ({A: [fact("website", "redirect", f"https://{A}/ -> https://{B}/")]}, ()),
        ({}, (claim(A, organisation="Corrymere Ltd"), claim(B, organisation="CORRYMERE LLC"))),
        (together(linking(A, B), {A: [created("2001-01-01")]}), ()),
    ],
    ids=["each names the other", "one leads to the other", "one name", "the elder names the younger"],
)
def test_firms_that_say_they_belong_together_are_no_finding(said: Rows, claims: tuple[Claim, ...]) -> None:
    rows = together(ALL, said)
    if "2001-01-01" in str(said):
        rows[A] = [row for row in rows[A] if row.value != "2022-03-14T23:02:11Z"]
    findings = found(rows, *claims)
    assert list(findings) == ["coherence.related-firms"]
    assert findings["coherence.related-firms"].score < 0


def test_a_firm_under_two_endings_is_one_firm() -> None:
    other = "ebbfield.test"
    rows = both(Kind.MAIL, "post@ebbfield.example", A, other)
    assert list(found(rows, claim(A), claim(other))) == ["coherence.related-firms"]


def test_what_the_younger_says_of_the_elder_takes_one_step_off() -> None:
    rows = together(MAILBOX, ACCOUNT, linking(B, A))
    assert {one.strength for one in found(rows).values()} == {Strength.MEDIUM}
    assert level(rows) is Level.NOTHING_FOUND


def test_clients_of_one_agency_may_share_what_an_agency_gives() -> None:
    linked = together(linking(A, "brightquill.example"), linking(B, "brightquill.example"))
    servers = both(Kind.NAME_SERVERS, "ns1.brightquill.test", A, B, rarity=0.5)
    assert not found(together(ACCOUNT, servers, linked))
    # but not a mailbox of their own, and a link that everybody has is no agency
    assert "coherence.shared-contact" in found(together(MAILBOX, linked))
    common = together(linking(A, "linkedin.com"), linking(B, "linkedin.com"))
    assert "coherence.shared-account" in found(together(ACCOUNT, common))


def test_two_sites_of_one_person_are_no_finding() -> None:
    rows = both(Kind.MAIL, "me@rufus-dane.example", OWN, B)
    assert not found(rows, claim(OWN, Role.PORTFOLIO), claim(B, Role.PORTFOLIO))


def test_a_personal_site_and_an_employer_in_one_hand_are_weak_unless_one_names_the_other() -> None:
    rows = both(Kind.ANALYTICS, "google-analytics G-2DANE77QKX", OWN, B)
    claims = (claim(OWN, Role.PORTFOLIO), claim(B))
    [one] = found(rows, *claims).values()
    assert (one.check_id, one.strength) == ("coherence.own-employer", Strength.WEAK)
    assert not found(together(rows, linking(OWN, B)), *claims)


# ------------------------------------------------------------------------------------- registrations


def test_two_names_of_one_hour_are_medium_and_three_are_strong() -> None:
    id = "coherence.registered-together"
    assert found(HOUR)[id].strength is Strength.MEDIUM
    three = (claim(A), claim(B), claim(C))
    assert found(HOUR, *three)[id].strength is Strength.STRONG
    assert "3 claimed" in found(HOUR, *three)[id].statement


def test_units_of_a_group_are_ordered_in_one_sitting_and_answer_at_one_telephone() -> None:
    # given two of one hour with one telephone number, then they hang together in two ways
    line = both(Kind.PHONE, "+441271496000", A, B)
    assert found(together(HOUR, line))["coherence.shared-contact"].strength is Strength.STRONG
    # but where both name the group that they are part of, its sitting is no second way
    group = together(linking(A, "tawe-trust.example"), linking(B, "tawe-trust.example"))
    assert {one.strength for one in found(together(HOUR, line, group)).values()} == {Strength.MEDIUM}


def moved(domain: str, *facts: Observation) -> Rows:
    """The registrations of one hour, that domain's facts replaced."""
    return {**HOUR, domain: list(facts)}


REGISTRAR = fact("registration", "registrar", "Harbour Names Inc.")


@pytest.mark.parametrize(
    ("rows", "strength"),
    [
        (moved(B, created("2022-03-15T11:00:00Z"), REGISTRAR), Strength.WEAK),
        (moved(B, created("2022-03-14"), REGISTRAR), Strength.WEAK),
        (moved(B, created("2022-03-14T00:00:00Z"), REGISTRAR), Strength.WEAK),
        (moved(B, created("2022-03-17"), REGISTRAR), None),
        (moved(B, created("2022-03"), REGISTRAR), None),
        (
            moved(B, created("2022-03-14T23:21:05Z"), structs.replace(REGISTRAR, value="Another Registrar")),
            None,
        ),
        (moved(B, created("2022-03-14T23:21:05Z")), None),
        (moved(B, *HOUR[B], fact("archive", "first_capture", "http://b/", "2011-01-01")), None),
    ],
    ids=[
        "half a day",
        "the day alone",
        "midnight",
        "three days",
        "the month",
        "registrars",
        "none named",
        "older",
    ],
)
def test_less_than_one_order_weighs_less(rows: Rows, strength: Strength | None) -> None:
    hit = found(rows).get("coherence.registered-together")
    assert (hit.strength if hit else None) is strength


def test_claims_that_begin_together_make_registrations_of_one_hour_weak() -> None:
    # two names of one hour for two firms that are said to have begun in one year: a group may do so
    same = tuple(replace(claim(domain), period=Period(Date("2022-04"))) for domain in (A, B))
    assert found(HOUR, *same)["coherence.registered-together"].strength is Strength.WEAK


# --------------------------------------------------------------------------------------- likenesses


@pytest.mark.parametrize("kind", [Kind.NEAR_ROOM, Kind.NEAR_PHONE, Kind.MAIL_NAME, Kind.MAIL_HOST, Kind.ROOM])
def test_likenesses_are_weak_however_many(kind: Kind) -> None:
    rows = both(kind, "some value", A, B, rarity=0.6)
    assert found(rows)["coherence.near-contact"].strength is Strength.WEAK
    assert level(rows) is Level.NOTHING_FOUND


@pytest.mark.parametrize("kind", [Kind.ADDRESS, Kind.FAVICON, Kind.GENERATOR, Kind.SOCIAL, Kind.BUILDING])
def test_host_theme_icon_and_building_are_no_finding(kind: Kind) -> None:
    assert not found(both(kind, "some value", A, B, rarity=0.4))


def test_one_text_on_two_employers() -> None:
    what = {"kind": "strong", "ours": "u", "theirs": "v", "words": 90, "containment": 1, "contained": 1}
    match = json.dumps({**what, "domain": "%s"})
    rows = {A: [fact("copy", "match", match % B)], B: [fact("copy", "match", match % A)]}
    assert found(rows)["coherence.shared-text"].strength is Strength.MEDIUM
    part = {A: [fact("copy", "match", (match % B).replace("strong", "partial"))]}
    assert found(part)["coherence.shared-text"].strength is Strength.WEAK
    assert not found({A: [fact("copy", "match", match % "stranger.example")]})


# --------------------------------------------------------------------------------- a listed front's own


FRONT = fact("identifier", "analytics", "matomo 7@stats.once-seized.example")


def test_a_listed_fronts_private_account_is_decisive_on_a_younger_site(run: Run) -> None:
    id = "infrastructure.front-identifier"
    [one] = run(id, FRONT, created("2022-05-01"))
    assert one.strength is Strength.DECISIVE
    # no date: the order can't be told; older: it was copied from here; common: nobody's
    assert [hit.strength for hit in run(id, FRONT)] == [Strength.STRONG]
    assert [hit.strength for hit in run(id, FRONT, created("2011-05-01"))] == [Strength.CONTEXT]
    count = Observation("rarity", "analytics", f"19 {FRONT.value}", "library")
    assert [hit.strength for hit in run(id, FRONT, created("2022-05-01"), count)] == [Strength.MEDIUM]


def test_whoever_prints_a_fronts_mailbox_is_no_front(run: Run) -> None:
    mail = fact("contact", "mail", "desk@once-seized.example")
    [one] = run("infrastructure.front-identifier", mail, created("2022-05-01"))
    assert one.strength is Strength.MEDIUM
    assert run("infrastructure.front-identifier", mail, domain="once-seized.example") == ()


def test_an_identifier_counts_from_the_day_it_became_public(run: Run) -> None:
    before = Knowledge.load(NOW.replace(year=2021))
    assert run("infrastructure.front-identifier", FRONT, created("2021-05-01"), knowledge=before) == ()


# --------------------------------------------------------------------------------------- invariants

EXTRA = "unrelated.example"
PIECES = [
    MAILBOX,
    PHONE,
    ACCOUNT,
    HOUR,
    both(Kind.NEAR_ROOM, "r", A, C, rarity=0.3),
    both(Kind.VERIFICATION, "google abc", B, C),
    both(Kind.PHONE, "+441174960777", A, B, C, rarity=0.9),
    linking(A, B),
    linking(B, A),
    linking(A, "brightquill.example"),
    linking(C, "brightquill.example"),
]
CLAIMS = [claim(A), claim(B), claim(C), claim(OWN, Role.PORTFOLIO)]


@given(
    st.lists(st.sampled_from(PIECES), max_size=6), st.permutations(CLAIMS), st.randoms(use_true_random=False)
)
def test_the_order_of_claims_and_facts_changes_nothing(
    pieces: list[Rows], order: list[Claim], chance: object
) -> None:
    rows = together(*pieces)
    mixed = {domain: list(reversed(own)) for domain, own in reversed(rows.items())}
    assert case_findings(scene(rows, *CLAIMS)) == case_findings(scene(mixed, *order))


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(list(Role)))
def test_an_unrelated_site_moves_nothing(pieces: list[Rows], role: Role) -> None:
    # given any case, when one more site is claimed that shares nothing with the others, then no level rises
    rows = together(*pieces)
    more = {**rows, EXTRA: [created("2013-01-01"), fact("page", "acknowledged_domain", "linkedin.com")]}
    before, after = level(rows, *CLAIMS), level(more, *CLAIMS, claim(EXTRA, role))
    assert after is before


@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_saying_so_on_both_sides_never_raises_a_level(pieces: list[Rows]) -> None:
    rows = together(*pieces)
    said = together(rows, linking(A, B), linking(B, A))
    assert level(said, *CLAIMS).rank <= level(rows, *CLAIMS).rank
