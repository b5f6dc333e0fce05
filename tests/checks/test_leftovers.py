"""Left-overs of another site: context alone, weak beside text that stood there first; one firm's two addresses."""

from __future__ import annotations

import json

import pytest

from scanner.model import Observation, Strength
from tests.checks.conftest import DOMAIN, Run, employer, fact
from tests.checks.test_copy import OTHER, at, match, passage, registered, strengths

LATER = (match(), passage(), registered("2022-01-01"), at("theirs", "seen", "2012-01-01"))


def left(place: str, other: str = OTHER) -> Observation:
    return fact("page", "left_over", f"{place} {other} https://{other}/")


def named(ours: str, theirs: str) -> Observation:
    what = {"domain": OTHER, "words": 40, "ours": ours, "theirs": theirs}
    return fact("copy", "passage", json.dumps(what), source="library")


@pytest.mark.parametrize("place", ["canonical", "og-url", "base", "saved-from"])
def test_a_telling_place_alone_is_context(run: Run, place: str) -> None:
    found = run("identity.left-over-name", left(place))
    assert strengths(found) == [Strength.CONTEXT]
    assert found[0].score == 0
    assert OTHER in found[0].statement


@pytest.mark.parametrize(
    "place", ["mail", "form", "json-ld", "menu", "api", "image", "asset", "comment", "nonsense"]
)
def test_an_ordinary_place_alone_is_not_told(run: Run, place: str) -> None:
    assert run("identity.left-over-name", left(place)) == ()


def test_beside_text_that_stood_there_first_it_is_weak(run: Run) -> None:
    assert strengths(run("identity.left-over-name", left("comment"), *LATER)) == [Strength.WEAK]
    rows = (fact("lead", "same_name", f"{OTHER} logo Elder Soft", source="library"), *LATER)
    assert strengths(run("identity.left-over-name", *rows)) == [Strength.WEAK]


def test_text_that_stood_here_first_or_without_dates_adds_nothing(run: Run) -> None:
    mine = (
        match(),
        registered("2006-01-01"),
        at("ours", "seen", "2010-01-01"),
        at("theirs", "unseen", "2019-01-01"),
    )
    assert run("identity.left-over-name", left("mail"), *mine) == ()
    assert run("identity.left-over-name", left("mail"), match()) == ()


def test_the_text_of_a_third_site_says_nothing_of_the_one_that_is_named(run: Run) -> None:
    # framing: a copy of one firm names another
    found = run("identity.left-over-name", left("canonical", "innocent.example"), *LATER)
    assert [(f.strength, "innocent.example" in f.statement) for f in found] == [(Strength.CONTEXT, True)]


def test_no_more_than_three_are_told_and_always_the_same(run: Run) -> None:
    rows = [left("canonical", f"site{n}.example") for n in range(9)]
    found = run("identity.left-over-name", *rows)
    assert [f.statement for f in found] == [
        f.statement for f in run("identity.left-over-name", *reversed(rows))
    ]
    assert len(found) == 3


# ---------------------------------------------------------------------------------- one firm, two addresses


@pytest.mark.parametrize(
    "pointing", [left("canonical"), left("mail"), fact("page", "acknowledged_domain", OTHER)]
)
def test_one_organisation_named_on_both_sides_is_no_later_copy(run: Run, pointing: Observation) -> None:
    # given the claimed organisation's name in the shared text of both, and the other address named openly
    both = named("Acme Soft stacks beech.", "Here Acme Soft, Inc. stacks beech.")
    facts = (match(), both, registered("2022-01-01"), at("theirs", "seen", "2012-01-01"), pointing)
    # then it is said as what it can be, one step that makes no level alone
    assert run("copy.later-copy", *facts) == ()
    assert run("copy.undated-likeness", *facts) == ()
    assert strengths(run("copy.two-addresses", *facts)) == [Strength.MEDIUM]
    assert strengths(run("copy.two-addresses", match(), both, pointing)) == [Strength.WEAK]


def test_an_address_that_stands_in_the_other_is_one_name(run: Run) -> None:
    other = "acmesoft-europe.example"
    facts = (
        match(other),
        registered("2022-01-01"),
        at("theirs", "seen", "2012-01-01", other),
        left("og-url", other),
    )
    assert run("copy.later-copy", *facts) == ()
    assert strengths(run("copy.two-addresses", *facts)) == [Strength.MEDIUM]


@pytest.mark.parametrize(
    "both",
    [
        named("Acme Soft stacks beech.", "Elder Soft stacks beech."),  # the brand was swapped
        named("Elder Soft stacks beech.", "Elder Soft stacks beech."),  # the claimed name stands on neither
        named("We stack beech.", "We stack beech."),
    ],
)
def test_a_swapped_brand_is_a_later_copy_whatever_the_page_names(run: Run, both: Observation) -> None:
    facts = (match(), both, registered("2022-01-01"), at("theirs", "seen", "2012-01-01"), left("canonical"))
    assert strengths(run("copy.later-copy", *facts)) == [Strength.DECISIVE]
    assert run("copy.two-addresses", *facts) == ()


def test_without_an_open_word_one_name_excuses_nothing(run: Run) -> None:
    both = named("Acme Soft stacks beech.", "Acme Soft stacks beech.")
    facts = (match(), both, registered("2022-01-01"), at("theirs", "seen", "2012-01-01"))
    assert strengths(run("copy.later-copy", *facts)) == [Strength.DECISIVE]


def test_a_short_or_missing_organisation_names_nobody(run: Run) -> None:
    from dataclasses import replace

    both = named("The Co stacks beech.", "The Co stacks beech.")
    facts = (match(), both, registered("2022-01-01"), at("theirs", "seen", "2012-01-01"), left("canonical"))
    for organisation in ("", "The Co", "Co Ltd"):
        claims = (replace(employer(), organisation=organisation),)
        assert strengths(run("copy.later-copy", *facts, claims=claims)) == [Strength.DECISIVE]


def test_where_the_other_leads_here_or_was_later_nothing_is_said(run: Run) -> None:
    both = named("Acme Soft stacks beech.", "Acme Soft stacks beech.")
    related = {OTHER: [fact("page", "acknowledged_domain", DOMAIN)]}
    dated = (match(), both, registered("2022-01-01"), at("theirs", "seen", "2012-01-01"), left("canonical"))
    assert run("copy.two-addresses", *dated, others=related) == ()
    mine = (
        match(),
        both,
        registered("2006-01-01"),
        at("ours", "seen", "2010-01-01"),
        at("theirs", "unseen", "2019-01-01"),
    )
    assert run("copy.two-addresses", *mine, left("canonical")) == ()
