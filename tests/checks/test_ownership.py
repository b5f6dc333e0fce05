"""Whose address was it: captured pages against a claim and today's site, from facts written by hand."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model import Observation, Role, Strength
from scanner.sketch import sketch
from tests.checks.conftest import DOMAIN, Run, captures, created, employer, fact

OTHER = "history.other-business-then"
YOUNG = "history.young-content"
SAME = "history.same-business-then"
PLACE = "contact.earlier-place"
TEXTS = {
    name: sketch([random.Random(name).choices([f"w{n}" for n in range(3000)], k=300)]) for name in "abcd"
}


def shown(at: str, name: str = "", text: str = "", **more: str) -> list[Observation]:
    """One captured page. more: further rows by name (`phone=…`), or `state=…`."""
    url = f"http://{DOMAIN}/"
    mark = f"sha256:{at}"
    rows = {"site_name": name, "text": TEXTS.get(text, ""), **more}
    state = rows.pop("state", "content")
    held = [fact("archive", "held", f"{state} {url}", at, "archive")]
    held += [fact("archived", key, value, at, "archive") for key, value in rows.items() if value]
    return [Observation(r.kind, r.name, r.value, r.source, r.starts, None, r.bound, mark) for r in held]


def site(name: str = "Acme Soft", text: str = "d", **more: str) -> list[Observation]:
    """Today's site. more: contact rows by name."""
    rows = [fact("page", "title", name), fact("page", "text", TEXTS[text]), fact("page", "site_name", name)]
    return rows + [fact("contact", key, value) for key, value in more.items()]


def bakery(at: str, name: str = "Rosehill Bakery", **more: str) -> list[Observation]:
    return shown(at, name, more.pop("text", "a"), **{"phone": "+441584810442", **more})


TWICE = [*bakery("2016-03-01"), *bakery("2018-03-01")]


def strengths(run: Run, id: str, *facts: Observation, **more: object) -> list[Strength]:
    return [finding.strength for finding in run(id, *facts, **more)]


# ------------------------------------------------------------------------------------------ another business


def test_another_business_in_the_claimed_years_by_how_often_it_was_seen(run: Run) -> None:
    once = bakery("2016-03-01")
    assert strengths(run, OTHER, *site(), *once) == [Strength.MEDIUM]
    assert strengths(run, OTHER, *site(), *TWICE) == [Strength.STRONG]
    assert strengths(run, OTHER, *site(), *TWICE, created("2009-01-01")) == [Strength.STRONG]
    assert strengths(run, OTHER, *site(), *TWICE, created("2021-01-01")) == [Strength.DECISIVE]


def test_an_unchanged_page_counts_for_every_day_the_index_holds_it(run: Run) -> None:
    rows = captures(2016, 2017, 2018)
    held = bakery("2016-03-01")
    assert strengths(run, OTHER, *site(), *held, *rows) == [Strength.STRONG]


@pytest.mark.parametrize("at", ["2014-06-01", "2019-09-01", "2022-01-01"])
def test_what_stood_there_outside_of_the_claimed_time_says_nothing(run: Run, at: str) -> None:
    assert run(OTHER, *site(), *bakery(at)) == ()


@pytest.mark.parametrize(
    "innocent",
    [
        [*site(), *shown("2016-03-01", "Acme Soft Ltd", "a", phone="+441584810442")],
        [*site(), *bakery("2016-03-01", name="AcmeSoft Germany")],
        [*site(phone="+441584810442"), *TWICE],
        [*site(address="14 Mill Lane, Ludlow SY8 1AA"), *bakery("2016-03-01", address="SY8 1AA Ludlow, 14 Mill Lane")],
        [*site(mail="jane.doe@acme-soft.example"), *bakery("2016-03-01", mail="jane.doe@acme-soft.example")],
        [*site(social="linkedin https://linkedin.test/in/x"), *bakery("2016-03-01", social="linkedin https://linkedin.test/in/x")],
        [*site(text="a"), *TWICE],
        [*site(), fact("page", "former_name", "Rosehill Bakery until 2019"), *TWICE],
        [*site(), fact("identifier", "analytics", "ga UA-1"), *bakery("2016-03-01", identifier="ga UA-1")],
        [*site(), fact("person", "officer", "FOUNDER: Rosehill Bakery"), *TWICE],
        [*site(), *shown("2016-03-01", "Rosehill Bakery", "a"), *shown("2018-03-01", "Rosehill Bakery", "a")],
        [*site(), *bakery("2016-03-01", name="")],
        [*site(), *bakery("2016-03-01", state="challenge"), *bakery("2018-03-01", state="error")],
        [*TWICE],
    ],
    ids=[
        "same name", "name within a name", "same telephone", "same street", "same person's mailbox", "same profile",
        "same text", "says its former name", "same account", "the founder's own page", "a page without contacts",
        "a page without a name", "bot wall and error", "today's site not read",
    ],
)  # fmt: skip
def test_what_two_pages_share_makes_them_one_business(run: Run, innocent: list[Observation]) -> None:
    for id in (OTHER, YOUNG):
        assert run(id, *innocent) == ()


def test_a_mailbox_that_every_owner_has_is_no_link(run: Run) -> None:
    rows = [*bakery("2016-03-01", mail="info@acme-soft.example"), *bakery("2018-03-01")]
    assert strengths(run, OTHER, *site(mail="info@acme-soft.example"), *rows) == [Strength.STRONG]


def test_a_page_in_between_links_what_shares_nothing(run: Run) -> None:
    between = shown("2018-06-01", "Acme Soft", "c", phone="+441584810442")
    assert run(OTHER, *site(), *TWICE, *between) == ()


def test_another_language_or_little_text_is_never_more_than_weak(run: Run) -> None:
    spoken = [*site(), fact("page", "language", "en")]
    tongue = [*bakery("2016-03-01", language="ja"), *bakery("2018-03-01", language="ja")]
    short = [*bakery("2016-03-01", text="-"), *bakery("2018-03-01", text="-")]
    assert strengths(run, OTHER, *spoken, *tongue) == [Strength.WEAK]
    assert strengths(run, OTHER, *site(), *short) == [Strength.WEAK]


def test_of_an_ended_claim_only_where_a_page_carries_the_claimed_name(run: Run) -> None:
    # the employer is gone and a stranger keeps the address: what stood there then was the employer
    rows = [*site("Lucky Heron"), *TWICE, created("2021-01-01")]
    assert run(OTHER, *rows) == ()
    assert run(YOUNG, *rows) == ()


def test_a_present_employer_is_todays_site(run: Run) -> None:
    present = (employer("2015-03", "present"),)
    assert strengths(run, OTHER, *site("Nexovia"), *TWICE, claims=present) == [Strength.STRONG]


def test_names_that_only_repeat_the_domain_need_a_change_of_hands(run: Run) -> None:
    domain = "rosecrumb.example"
    claims = (employer(),)
    claims = (
        type(claims[0])(Role.EMPLOYER, f"https://{domain}", "Rosecrumb Technologies", claims[0].period),
    )
    now = site("Rosecrumb Technologies")
    then = [*bakery("2016-03-01", name="Rosecrumb Bakery"), *bakery("2018-03-01", name="Rosecrumb Bakery")]
    assert run(OTHER, *now, *then, claims=claims, domain=domain) == ()
    assert run(OTHER, *now, *then, created("2010-01-01"), claims=claims, domain=domain) == ()
    assert strengths(run, OTHER, *now, *then, created("2021-01-01"), claims=claims, domain=domain) == [
        Strength.STRONG
    ]
    parked = shown("2020-03-01", state="parked")
    assert strengths(run, OTHER, *now, *then, *parked, claims=claims, domain=domain) == [Strength.WEAK]


# --------------------------------------------------------------------------------------------- young content


def test_todays_text_far_younger_than_the_claim(run: Run) -> None:
    first = shown("2021-03-01", "Acme Soft", "d")
    assert strengths(run, YOUNG, *site(), *TWICE, *first) == [Strength.STRONG]
    assert strengths(run, YOUNG, *site(), *bakery("2016-03-01"), *first) == [Strength.MEDIUM]
    assert strengths(run, YOUNG, *site(), *TWICE) == [Strength.MEDIUM]  # no capture dates today's text
    parked = [*shown("2016-03-01", state="parked"), *shown("2018-03-01", state="for-sale")]
    assert strengths(run, YOUNG, *site(), *parked, *first) == [Strength.STRONG]


def test_the_same_firm_with_other_words_is_not_young(run: Run) -> None:
    first = shown("2021-03-01", "Acme Soft", "d")
    early = shown("2015-06-01", "Acme Soft", "b")
    assert run(YOUNG, *site(), *early, *TWICE, *first) == ()
    assert run(YOUNG, *site(), *shown("2015-06-01", "Acme Soft", "d"), *TWICE) == ()


def test_only_the_pages_own_words_put_it_early(run: Run) -> None:
    first = shown("2021-03-01", "Acme Soft", "d")
    rows = [*site(), fact("history", "since", "since 2009", "2009"), *TWICE, *first]
    undated = (employer("", ""),)
    assert strengths(run, YOUNG, *rows, claims=undated) == [Strength.WEAK]


# ---------------------------------------------------------------------------------------- speaks for a claim


def test_the_same_business_in_the_claimed_years_sets_a_later_registration_aside(run: Run) -> None:
    rows = [*site(), *shown("2016-03-01", "Acme Soft", "b"), *shown("2018-03-01", "Acme Soft", "c")]
    [found] = run(SAME, *rows)
    assert found.defeats == ("history.claim-before-reregistration", "history.page-claims-too-early")
    [once] = run(SAME, *site(), *shown("2018-03-01", "Acme Soft", "b"))
    assert once.defeats == ()
    assert run(SAME, *site(), *TWICE) == ()
    assert run(SAME, *rows, *bakery("2017-03-01")) == ()


def test_continuity_is_not_said_of_another_business(run: Run) -> None:
    rows = captures(*range(2014, 2021))
    assert run("history.continuity", *site(), *rows)
    assert run("history.continuity", *site(), *rows, *TWICE) == ()


# ------------------------------------------------------------------------------------------- earlier contacts


def wien(at: str, **more: str) -> list[Observation]:
    rows = {
        "address": "Herbststraße 27, 1160 Wien",
        "country": "AT",
        "phone": "+4315130044",
        "phone_country": "AT",
    }
    return shown(at, "Acme Soft", "d", **{**rows, **more})


def test_an_earlier_place_by_how_far_it_contradicts_the_claim(run: Run) -> None:
    us = (employer(place="Austin, TX, US"),)
    assert strengths(run, PLACE, *site(), *wien("2016-03-01"), claims=us) == [Strength.MEDIUM]
    assert strengths(run, PLACE, *site(), *wien("2013-03-01"), claims=us) == [Strength.WEAK]
    alone = wien("2016-03-01", phone="", phone_country="")
    assert strengths(run, PLACE, *site(), *alone, claims=us) == [Strength.WEAK]
    at = (employer(place="Wien, Austria"),)
    assert strengths(run, PLACE, *site(), *wien("2016-03-01"), claims=at) == [Strength.CONTEXT]


def test_a_place_that_is_still_shown_or_another_firms_is_none(run: Run) -> None:
    us = (employer(place="Austin, TX, US"),)
    still = site(address="Herbststraße 27, 1160 Wien", phone="+4315130044", country="AT")
    assert run(PLACE, *still, *wien("2016-03-01"), claims=us) == ()
    assert run(PLACE, *site("Lucky Heron"), *bakery("2016-03-01", address="14 Mill Lane"), claims=us) == ()


def test_the_claimed_country_on_an_archived_page_speaks_for_it(run: Run) -> None:
    at = (employer(place="Wien, Austria"),)
    assert run("contact.place-then", *site(), *wien("2016-03-01"), claims=at)
    assert run("contact.place-then", *site(), *wien("2013-03-01"), claims=at) == ()


def test_a_word_of_a_title_or_a_namesake_speaks_for_nobody(run: Run) -> None:
    # given a front that calls itself by a city, and a bakery of that city before it
    claims = (type(employer())(Role.EMPLOYER, "https://loaf.example", "Whitby Digital", employer().period),)
    then = [
        *bakery("2016-03-01", title="Fresh bread in Whitby"),
        *bakery("2018-03-01", title="Bread in Whitby"),
    ]
    now = site("Whitby Digital")
    assert run(SAME, *now, *then, claims=claims, domain="loaf.example") == ()
    assert run("contact.place-then", *now, *then, claims=claims, domain="loaf.example") == ()
    # and one that is called after the domain, as the bakery was
    claims = (
        type(employer())(Role.EMPLOYER, "https://rosecrumb.example", "Rosecrumb Labs", employer().period),
    )
    then = [*bakery("2016-03-01", name="Rosecrumb Bakery"), *bakery("2018-03-01", name="Rosecrumb Bakery")]
    assert run(SAME, *site("Rosecrumb Labs"), *then, claims=claims, domain="rosecrumb.example") == ()


NAMES = (
    "title",
    "site_name",
    "former_name",
    "copyright",
    "language",
    "text",
    "mail",
    "phone",
    "address",
    "officer",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=60)), max_size=12), st.text(max_size=30))
def test_whatever_a_captured_page_says_the_order_of_rows_changes_nothing(
    run: Run, said: list[tuple[str, str]], held: str
) -> None:
    rows = [fact("archived", name, value, "2016-03-01", "archive") for name, value in said]
    rows += [
        fact("archive", "held", held, "2016-03-01", "archive"),
        fact("archive", "capture", held, "2016-03-01"),
    ]
    rows += [*site(), fact("archive", "held", f"content http://{DOMAIN}/", "2018-03-01", "archive")]
    for id in (
        OTHER,
        YOUNG,
        SAME,
        PLACE,
        "contact.place-then",
        "history.archived-pages",
        "history.continuity",
    ):
        assert run(id, *rows) == run(id, *rows[::-1])
