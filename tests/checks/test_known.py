"""Checks of the family `known`: lists that ship, a team's own, listed contacts and listed names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from scanner.checks import Facts, Scene, Subject, table
from scanner.knowledge import Knowledge, Listing, Overrule, OwnKnowledge
from scanner.knowledge.indicators import Indicator
from scanner.model import Case, Claim, Finding, Level, Observation, Role, Strength, Target
from tests.checks.conftest import DOMAIN, NOW, created, employer, fact

SEIZED = "foxvsun.com"


def found(
    id: str,
    *facts: Observation,
    own: OwnKnowledge | None = None,
    domain: str = DOMAIN,
    claims: Sequence[Claim] = (employer(),),
    knowledge: Knowledge | None = None,
) -> tuple[Finding, ...]:
    entry = next(entry for entry in table() if entry.id == id)
    target = Target(domain, (f"https://{domain}/jobs",), tuple(claims))
    scene = Scene(Case("c", "", tuple(claims)), knowledge or Knowledge.load(NOW), NOW)
    return entry.findings(Subject(target, Facts.of(facts), {}, NOW, own or OwnKnowledge()), scene)


def listed(feed: str = "vendor", **fields: object) -> OwnKnowledge:
    indicator = Indicator(**{"kind": "domain", "value": DOMAIN, "published": "2023-05-01", **fields})  # type: ignore[arg-type]
    return OwnKnowledge.of([Listing(feed, indicator)])


# ------------------------------------------------------------------------------- feeds and one's own list


@pytest.mark.parametrize("status", ["reported", "seized"])
@pytest.mark.parametrize("feed", ["vendor", "own"])
def test_a_feed_and_an_own_entry_are_strong_and_never_a_level(feed: str, status: str) -> None:
    (finding,) = found("known.listed-domain", own=listed(feed, status=status))
    assert (finding.strength, finding.level) == (Strength.STRONG, None)
    assert ("your own list" if feed == "own" else "the feed vendor") in finding.statement


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"counts": False}, ()),  # context by the feed's own word
        ({}, (created("2023-09-01"),)),  # in new hands since
    ],
)
def test_what_does_not_count_is_context(fields: dict[str, object], facts: tuple[Observation, ...]) -> None:
    (finding,) = found(
        "known.listed-domain", *facts, own=listed(**fields), claims=(employer("2024-01", "present"),)
    )
    assert finding.strength is Strength.CONTEXT


@pytest.mark.parametrize("fields", [{"published": "2024-12-01"}, {"until": "2023-12-31"}])
def test_an_entry_counts_from_its_publication_until_it_is_taken_back(fields: dict[str, object]) -> None:
    # given a scan of NOW
    assert found("known.listed-domain", own=listed(**fields)) == ()


def test_an_undated_entry_counts_but_not_in_the_view_of_a_day() -> None:
    own, today = listed(published=""), Knowledge.load(NOW)
    assert found("known.listed-domain", own=own, knowledge=today)
    assert not found("known.listed-domain", own=own, knowledge=today.dated())


def test_a_listed_page_counts_where_it_was_opened_and_only_there() -> None:
    assert found("known.listed-domain", own=listed(kind="url", value=f"{DOMAIN}/jobs"))
    assert not found("known.listed-domain", own=listed(kind="url", value=f"{DOMAIN}/other"))


@pytest.mark.parametrize("domain", [SEIZED, DOMAIN])
def test_an_overrule_with_its_reason_wins_over_every_list(domain: str) -> None:
    own = OwnKnowledge.of(
        [Listing("vendor", Indicator("domain", domain, published="2023-11-01"))],
        [Overrule(domain, "a client of ours since 2011", "2024-01-02")],
    )
    findings = found("known.listed-domain", own=own, domain=domain)
    assert findings
    for finding in findings:
        assert (finding.strength, finding.level) == (Strength.CONTEXT, None)
        assert "overruled here on 2024-01-02: a client of ours since 2011" in finding.statement


def test_an_authoritative_list_alone_gives_the_level() -> None:
    findings = found("known.listed-domain", own=listed(value=SEIZED, published="2023-11-01"), domain=SEIZED)
    assert [finding.level for finding in findings] == [Level.KNOWN, None]


# ----------------------------------------------------------------------------------------- listed contacts


def test_the_only_mailbox_on_a_listed_domain_counts() -> None:
    (finding,) = found("known.listed-contact", fact("contact", "mail", f"hr@{SEIZED}"))
    assert finding.strength is Strength.MEDIUM


def test_a_listed_mailbox_among_others_is_context() -> None:
    rows = (fact("contact", "mail", f"hr@{SEIZED}"), fact("contact", "mail", f"editor@{DOMAIN}"))
    (finding,) = found("known.listed-contact", *rows)
    assert finding.strength is Strength.CONTEXT


def test_the_registrants_listed_mailbox_counts_beside_others() -> None:
    rows = (
        fact("registration", "registrant_email", "boss@other-mail.com"),
        fact("contact", "mail", "a@b-mail.com"),
    )
    (finding,) = found("known.listed-contact", *rows, own=listed(kind="mail", value="boss@other-mail.com"))
    assert finding.strength is Strength.MEDIUM


def test_mailboxes_of_lures_and_servers_do_not_count() -> None:
    assert (
        found("known.listed-contact", fact("contact", "mail", "a@matrixane.com"), knowledge=Knowledge.load())
        == ()
    )


WALLET = "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


@pytest.mark.parametrize("other", [False, True])
def test_a_listed_payment_address_is_matched_exactly(other: bool) -> None:
    own = listed(kind="payment", value=WALLET)
    more = (fact("contact", "payment", "tron TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),) if other else ()
    (finding,) = found("known.listed-contact", fact("contact", "payment", WALLET), *more, own=own)
    assert finding.strength is (Strength.CONTEXT if other else Strength.MEDIUM)
    assert not found("known.listed-contact", fact("contact", "payment", WALLET.lower()), own=own)


# -------------------------------------------------------------------------------------------- listed names

NAME = fact("page", "site_name", "Kwillmarsh-Example I.T. Cooperation")
STREET = fact("contact", "address", "Bldg 7, 213 Harbour Light Road, Portmarrow")


@pytest.mark.parametrize(
    ("second", "strength"),
    [
        ((), Strength.CONTEXT),
        ((fact("contact", "address", "9 Rope Walk, Portmarrow"),), Strength.MEDIUM),
        ((STREET,), Strength.STRONG),
        ((fact("contact", "mail", "x@once-seized.example"),), Strength.STRONG),
        ((fact("contact", "country", "RU"), fact("page", "language", "ko")), Strength.CONTEXT),
    ],
)
def test_a_listed_name_counts_by_its_second_fact(second: tuple[Observation, ...], strength: Strength) -> None:
    (finding,) = found("known.listed-organisation", NAME, *second)
    assert finding.strength is strength
    for shown in ("demo-1", "spelling met", "likeness", "second fact"):
        assert shown in f"{finding.statement} {finding.observed}"


@pytest.mark.parametrize("town", ["9 Rope Walk, Portmarrow", "12 Mill Street, Eastkirk"])
def test_a_common_name_needs_its_street(town: str) -> None:
    name = fact("page", "site_name", "Example LLC")
    assert found("known.listed-organisation", name, fact("contact", "address", town)) == ()
    (finding,) = found(
        "known.listed-organisation", name, fact("contact", "address", "Office 2, 41 Lantern Quay, Portmarrow")
    )
    assert finding.strength is Strength.STRONG


OFFICER = fact("person", "officer", "ceo: Orrin Velmarsh Example")


def test_an_officers_name_counts_with_the_street_alone() -> None:
    assert found("known.listed-officer", OFFICER, fact("contact", "address", "9 Rope Walk, Portmarrow")) == ()
    assert found("known.listed-officer", OFFICER) == ()
    (finding,) = found("known.listed-officer", OFFICER, STREET)
    assert finding.strength is Strength.STRONG


@pytest.mark.parametrize("role", [Role.PORTFOLIO, Role.REFERENCE, Role.PROFILE, Role.SCHOOL])
def test_candidates_and_references_are_never_compared(role: Role) -> None:
    assert found("known.listed-officer", OFFICER, STREET, claims=(employer(role=role),)) == ()


def test_a_name_in_a_claim_or_label_is_no_officer() -> None:
    claim = Claim(Role.EMPLOYER, f"https://{DOMAIN}", "Orrin Velmarsh Example", employer().period)
    assert found("known.listed-officer", STREET, claims=(claim,)) == ()
    assert found("known.listed-organisation", STREET, claims=(claim,)) == ()


def test_a_name_counts_from_the_day_it_was_listed() -> None:
    before = Knowledge.load(datetime(2021, 5, 9, tzinfo=UTC))
    assert found("known.listed-organisation", NAME, STREET, knowledge=before) == ()
