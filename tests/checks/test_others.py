"""Known, seizure, mail, contact, infrastructure: each fires on its fact, and not on its look-alike."""

from __future__ import annotations

import pytest

from scanner.model import Level, Status, Strength
from tests.checks.conftest import Run, created, employer, fact

LISTED = "once-seized.example"


def test_a_listed_seized_domain_gives_the_level_known(run: Run) -> None:
    [found] = run("known.listed-domain", domain=LISTED)
    assert found.level is Level.KNOWN
    assert "2022-03-10" in found.statement


def test_a_once_seized_name_registered_anew_is_context(run: Run) -> None:
    today = [employer("2023-04", "present")]
    [found] = run("known.listed-domain", created("2023-02-14"), domain=LISTED, claims=today)
    assert (found.level, found.strength) == (None, Strength.CONTEXT)
    # but a claim about the time before the seizure is one about the earlier holder
    [earlier] = run("known.listed-domain", created("2023-02-14"), domain=LISTED)
    assert (earlier.level, earlier.strength) == (None, Strength.STRONG)
    [same_day] = run("known.listed-domain", created("2022-03-10"), domain=LISTED)
    assert same_day.level is Level.KNOWN


def test_a_twin_under_another_ending_is_not_listed(run: Run) -> None:
    assert run("known.listed-domain", domain="once-seized.test") == ()


def test_a_vendors_report_is_strong_and_gives_no_level(run: Run) -> None:
    [found] = run("known.listed-domain", domain="ccwaterfall.com")
    assert (found.level, found.strength) == (None, Strength.STRONG)
    [adjacent] = run("known.listed-domain", domain="detankwar.com")
    assert adjacent.strength is Strength.CONTEXT


def test_several_names_of_a_seized_family_on_one_resume_are_medium(run: Run) -> None:
    id = "known.name-family"
    [found] = run(id, claimed=("cloudfoxtech.example", "my-fox-studio.example"))
    assert found.strength is Strength.MEDIUM
    assert run(id, claimed=("cloudfoxtech.example",)) == ()
    assert run(id, claimed=("foxglove.example", "firefoxfans.example", "samfoxton.example")) == ()


def test_seizure_name_servers_give_the_level_known(run: Run) -> None:
    id = "seizure.name-servers"
    [found] = run(id, fact("dns", "ns", "ns1.fbi.seized.gov"), fact("dns", "ns", "ns2.fbi.seized.gov"))
    assert found.level is Level.KNOWN
    [held] = run(id, fact("registration", "nameserver", "ns1.seizedservers.com"))
    assert held.level is Level.KNOWN
    [sink] = run(id, fact("dns", "ns", "ns911a.microsoftinternetsafety.net"))
    assert (sink.level, sink.strength) == (None, Strength.STRONG)
    assert (
        run(
            id,
            fact("dns", "ns", "ns1.fbi-seized-gov.example"),
            fact("dns", "ns", "jocelyn.ns.cloudflare.com"),
        )
        == ()
    )


def test_where_only_the_zone_names_seizure_servers_the_statement_says_so(run: Run) -> None:
    # given a zone that names the agency's servers while the registry holds a hoster's
    zone = fact("dns", "ns", "ns1.fbi.seized.gov")
    [found] = run("seizure.name-servers", zone, fact("registration", "nameserver", "ns1.hoster.example"))
    assert found.level is Level.KNOWN
    assert "registry still holds other name servers" in found.statement
    [agreed] = run("seizure.name-servers", zone, fact("registration", "nameserver", "ns2.fbi.seized.gov"))
    assert agreed.level is Level.KNOWN
    assert "registry" not in agreed.statement


def test_a_seizure_banner_alone_is_context(run: Run) -> None:
    words = fact("seizure", "banner", "this domain has been seized")
    locks = [
        fact("registration", "status", f"server{what}Prohibited") for what in ("Transfer", "Update", "Delete")
    ]
    entry = fact("website", "state", "seized-banner")
    [alone] = run("seizure.banner", words, entry)
    [two_locks] = run("seizure.banner", words, entry, *locks[:2])
    [all_locks] = run("seizure.banner", words, entry, *locks)
    [quoted] = run("seizure.banner", words, fact("website", "state", "content"), *locks)
    assert quoted.strength is Strength.CONTEXT, "an article on an inner page of a firm that pays for locks"
    assert [f.strength for f in (alone, two_locks, all_locks)] == [
        Strength.CONTEXT,
        Strength.CONTEXT,
        Strength.STRONG,
    ]
    assert run("seizure.banner", *locks) == (), "a registry lock is a paid service too"


@pytest.mark.parametrize(
    ("facts", "statuses", "fires"),
    [
        ([fact("dns", "answered", "MX")], {"dns": Status.OK}, True),
        ([fact("dns", "answered", "MX"), fact("dns", "mx", "0 .")], {"dns": Status.OK}, True),
        (
            [fact("dns", "answered", "MX"), fact("dns", "mx", "10 mx.acme-soft.example")],
            {"dns": Status.OK},
            False,
        ),
        ([fact("dns", "answered", "A")], {"dns": Status.OK}, False),
        ([fact("dns", "answered", "MX")], {"dns": Status.TIMEOUT}, False),
        ([], {}, False),
    ],
)
def test_no_mail_set_up_needs_an_answer(
    run: Run, facts: list, statuses: dict[str, Status], fires: bool
) -> None:
    assert bool(run("mail.no-mail-setup", *facts, statuses=statuses)) is fires


def test_phone_and_address_elsewhere_are_medium_phone_alone_weak(run: Run) -> None:
    claims = [employer(place="Austin, TX, US")]
    phone, address = fact("contact", "phone_country", "PT"), fact("contact", "country", "PT")
    [weak] = run("contact.phone-country", phone, claims=claims)
    [medium] = run("contact.phone-country", phone, address, claims=claims)
    assert (weak.strength, medium.strength) == (Strength.WEAK, Strength.MEDIUM)
    both = run("contact.phone-country", phone, fact("contact", "phone_country", "US"), claims=claims)
    assert both == (), "an office in the claimed country is enough"
    assert run("contact.phone-country", fact("contact", "phone_country", "001"), claims=claims) == ()
    assert run("contact.phone-country", phone, claims=[employer(place="Remote")]) == ()


@pytest.mark.parametrize(
    ("claimed", "other"), [("Germany", "BR"), ("Brazil", "DE"), ("Korea", "US"), ("US", "KR")]
)
def test_which_countries_they_are_plays_no_part(run: Run, claimed: str, other: str) -> None:
    claims = [employer(place=f"Somewhere, {claimed}")]
    [found] = run("contact.phone-country", fact("contact", "phone_country", other), claims=claims)
    assert found.strength is Strength.WEAK


def test_behind_a_platform_the_network_says_nothing(run: Run) -> None:
    asn, platform = fact("hosting", "asn", "64500 Example Net"), fact("hosting", "platform", "Example CDN")
    [found] = run("infrastructure.hosting", asn, platform)
    assert "64500" not in found.statement
    assert found.strength is Strength.CONTEXT


def test_delegation_that_differs_is_context(run: Run) -> None:
    zone, registry = fact("dns", "ns", "ns1.a.example"), fact("registration", "nameserver", "ns1.b.example")
    [found] = run("infrastructure.delegation-differs", zone, registry)
    assert found.strength is Strength.CONTEXT
    assert (
        run("infrastructure.delegation-differs", zone, fact("registration", "nameserver", "ns1.a.example"))
        == ()
    )
