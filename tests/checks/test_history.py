"""Claimed periods against the record: what is decisive, what is not, and what speaks for a claim."""

from __future__ import annotations

import pytest

from scanner.model import Bound, Finding, Observation, Role, Strength
from tests.checks.conftest import DOMAIN, Run, archived, captures, created, employer, fact, logged

EARLY = "history.claim-before-life"
ANEW = "history.claim-before-reregistration"


@pytest.mark.parametrize(
    ("facts", "strength"),
    [
        ([created("2022-05-03")], Strength.STRONG),
        ([created("2022-05-03"), archived("2022-08-01")], Strength.DECISIVE),
        ([created("2022-05-03"), logged("2022-05-04")], Strength.DECISIVE),
        ([created("2022-05-03"), fact("history", "founded", "founded in 2022", "2022")], Strength.DECISIVE),
        ([created("2022-05-03"), fact("history", "founded", "founded in 2009", "2009")], Strength.STRONG),
        ([created("2022-05-03"), fact("tls", "certificate", "ab", "2024-05-01")], Strength.STRONG),
        ([created("2015-10-01"), archived("2015-11-01")], Strength.WEAK),
    ],
)
def test_a_claim_before_registration_is_decisive_only_with_a_second_dated_source(
    run: Run, facts: list, strength: Strength
) -> None:
    [found] = run(EARLY, *facts)
    assert found.strength is strength
    assert "2015-03" in found.statement
    assert facts[0] in found.support


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [archived("2022-08-01"), logged("2022-05-04")],
        [created("2014-01-01")],
        [created("2015-05-20")],
        [created("2022-05-03"), archived("2012-01-01")],
        [fact("registration", "created", "before 2022", "2022-08", bound=Bound.NOT_AFTER)],
    ],
    ids=["no date", "no registration date", "older", "within the leeway", "in use before", "only a bound"],
)
def test_no_claim_is_early_without_a_later_registration(run: Run, facts: list) -> None:
    assert run(EARLY, *facts) == ()


@pytest.mark.parametrize(
    ("starts", "ends", "strength"),
    [
        ("2021-01", "2021-06", Strength.DECISIVE),
        ("2021-05", "2021-06", Strength.STRONG),
        ("2021", "2021-06", Strength.MEDIUM),
        ("2021-01", "2021-07", Strength.WEAK),
        ("2021-01", "present", Strength.WEAK),
        ("2021-05", "present", None),
    ],
)
def test_a_period_that_was_over_at_registration_has_no_late_registration_to_plead(
    run: Run, starts: str, ends: str, strength: Strength | None
) -> None:
    # given a name registered, and certified, the day after June 2021
    found = run(EARLY, created("2021-07-01"), logged("2021-07-01"), claims=[employer(starts, ends)])
    assert [one.strength for one in found] == ([strength] if strength else [])


@pytest.mark.parametrize("role", [Role.PORTFOLIO, Role.PROFILE])
def test_a_portfolio_may_show_older_work(run: Run, role: Role) -> None:
    assert run(EARLY, created("2022-05-03"), archived("2022-08-01"), claims=[employer(role=role)]) == ()


def test_a_claim_with_only_an_end_counts_from_its_end(run: Run) -> None:
    [found] = run(EARLY, created("2022-05-03"), claims=[employer(starts="", ends="2019-06")])
    assert found.strength is Strength.STRONG
    assert run(EARLY, created("2022-05-03"), claims=[employer(starts="", ends="")]) == ()


def test_a_name_in_earlier_use_raises_the_question_of_a_new_holder(run: Run) -> None:
    # given a name registered in 2022 and a claim from 2015 to 2019
    [unseen] = run(ANEW, created("2022-05-03"), archived("2010-01-01"))
    [seen] = run(ANEW, created("2022-05-03"), archived("2017-01-01"))
    assert (unseen.strength, seen.strength) == (Strength.STRONG, Strength.MEDIUM)
    # then an archive that could not be asked is no archive that holds nothing
    [not_asked] = run(ANEW, created("2022-05-03"), logged("2013-01-01"))
    assert not_asked.strength is Strength.MEDIUM
    assert run(ANEW, created("2022-05-03"), archived("2022-06-01")) == ()


def test_pages_that_claim_a_long_history_are_medium_at_most(run: Run) -> None:
    id = "history.page-claims-too-early"
    since = fact("history", "since", "serving clients since 2009", "2009")
    [two] = run(id, since, created("2022-05-03"), archived("2022-08-01"))
    [one] = run(id, since, created("2022-05-03"))
    assert (two.strength, one.strength) == (Strength.MEDIUM, Strength.WEAK)
    assert two.claimed == "serving clients since 2009"
    long_before = [created("2011-05-03"), archived("2011-08-01")]
    [aside] = run(id, fact("history", "founded", "founded 1921", "1921"), *long_before)
    assert aside.strength is Strength.WEAK, "the record reaches back years before the claim"
    assert run(id, since) == ()
    assert run(id, since, created("2009-05-03")) == ()


def test_without_registration_dates_two_late_sources_are_medium(run: Run) -> None:
    id = "history.no-early-trace"
    [found] = run(id, archived("2022-08-01"), logged("2022-05-04"))
    assert found.strength is Strength.MEDIUM
    assert run(id, archived("2022-08-01")) == ()
    assert run(id, archived("2022-08-01"), logged("2022-05-04"), platform="example") == ()


@pytest.mark.parametrize(
    ("facts", "strength"),
    [
        ([fact("registration", "state", "available"), fact("dns", "exists", "no")], Strength.STRONG),
        ([fact("website", "state", "for-sale")], Strength.STRONG),
        ([fact("dns", "exists", "no")], Strength.WEAK),
    ],
)
def test_a_present_employer_whose_address_is_gone(run: Run, facts: list, strength: Strength) -> None:
    id = "history.gone-while-current"
    [found] = run(id, *facts, claims=[employer(ends="present")])
    assert found.strength is strength
    assert run(id, *facts, claims=[employer()]) == (), "a former employer's address may be gone"
    assert run(id, fact("website", "state", "challenge"), claims=[employer(ends="present")]) == ()
    alive = [*facts, fact("website", "state", "content")]
    assert run(id, *alive, claims=[employer(ends="present")]) == (), "it answers, whatever a registry says"


@pytest.mark.parametrize(
    ("states", "registered", "strength"),
    [
        (["parked 2016", "for-sale 2018"], "2004-01-01", Strength.STRONG),
        (["parked 2016", "for-sale 2018"], "2021-01-01", Strength.DECISIVE),
        (["parked 2016"], "2021-01-01", Strength.MEDIUM),
        (["parked 2016", "content 2018"], "2021-01-01", None),
        (["parked 2011", "parked 2022"], "2021-01-01", None),
        (["maintenance 2016", "empty 2018"], "2021-01-01", None),
        ([], "2021-01-01", None),
    ],
)
def test_an_address_that_was_parked_in_the_claimed_years(
    run: Run, states: list[str], registered: str, strength: Strength | None
) -> None:
    # given a claim from 2015 to 2019
    held = [
        fact("archive", "held", f"{one[:-5]} http://acme-soft.example/", f"{one[-4:]}-05-01")
        for one in states
    ]
    found = run("history.idle-in-claimed-years", created(registered), *held)
    assert [one.strength for one in found] == ([strength] if strength else [])
    # then captures of such pages are no continuity either
    speaks = run("history.continuity", created(registered), *held, *captures(2014, 2016, 2018))
    assert bool(speaks) is (strength is None)


def _here(at: str, name: str = "Acme Soft Ltd") -> list[Observation]:
    """A capture of the claimed firm's own page."""
    return [
        fact("archive", "held", f"content http://{DOMAIN}/", at),
        fact("archived", "site_name", name, at, "archive"),
        fact("archived", "phone", "+441539746021", at, "archive"),
    ]


def test_a_name_that_was_lost_for_a_time_and_came_back_weighs_little(run: Run) -> None:
    # given parked pages on two days of the claimed time, and a registration after it
    idle = [
        fact("archive", "held", f"parked http://{DOMAIN}/", f"{year}-07-01", "archive")
        for year in (2016, 2017)
    ]
    rows = [created("2017-11-01"), *idle]
    id = "history.idle-in-claimed-years"
    assert [one.strength for one in run(id, *rows)] == [Strength.DECISIVE]
    # when captures show the firm before and after, then it is weak; one side alone changes nothing
    both = [*_here("2012-03-01"), *_here("2022-03-01")]
    assert [one.strength for one in run(id, *rows, *both)] == [Strength.WEAK]
    assert [one.strength for one in run(id, *rows, *_here("2022-03-01"))] == [Strength.DECISIVE]
    # nor a name that rested for years: whoever holds it then may show a closed firm's pages
    late = [created("2021-01-01"), *idle]
    assert [one.strength for one in run(id, *late, *both)] == [Strength.DECISIVE]
    another = [*_here("2012-03-01", "Millrace Bakery"), *_here("2022-03-01")]
    another[2] = fact("archived", "phone", "+441539746099", "2012-03-01", "archive")
    assert [one.strength for one in run(id, *rows, *another)] == [Strength.DECISIVE]


@pytest.mark.parametrize(
    ("facts", "strength"),
    [
        ([fact("registration", "expires", "2024-05-24", "2024-05-24")], Strength.WEAK),
        ([fact("registration", "status", "redemptionPeriod")], Strength.WEAK),
        ([fact("registration", "expires", "2023-05-24", "2023-05-24")], Strength.STRONG),
        ([fact("registration", "expires", "2025-05-24", "2025-05-24")], Strength.STRONG),
        ([fact("registration", "status", "clientHold")], Strength.STRONG),
    ],
)
def test_a_registration_that_has_just_run_out_is_most_likely_forgotten(
    run: Run, facts: list[Observation], strength: Strength
) -> None:
    parked = fact("website", "state", "parked")
    [found] = run("history.gone-while-current", parked, *facts, claims=[employer(ends="present")])
    assert found.strength is strength


def test_years_of_coming_soon_are_no_continuity(run: Run) -> None:
    id, years = "history.continuity", captures(2014, 2016, 2018)
    soon = fact("archive", "held", f"coming-soon http://{DOMAIN}/", "2016-03-01", "archive")
    content = fact("archive", "held", f"content http://{DOMAIN}/", "2018-03-01", "archive")
    assert run(id, *years, soon) == ()
    assert run(id, *years, soon, content), "one page of its own is enough"


def test_captures_over_years_speak_for_a_claim(run: Run) -> None:
    id = "history.continuity"
    [found] = run(id, *captures(2014, 2016, 2018, 2020))
    assert found.score < 0
    assert ANEW in found.defeats
    assert run(id, *captures(2020, 2021, 2022)) == (), "captures begin after the claim"
    assert run(id, *captures(2014, 2015, 2022)) == (), "a gap of years"
    assert run(id, *captures(2014, 2015)) == ()
    assert run(id, *captures(2004, 2006, 2008)) == (), "captures ended before the claim"
    assert run(id, *captures(2014, 2016, 2018, 2023)), "what comes after the claim plays no part"
    assert run(id, *captures(2014, 2016, 2018), claims=[employer(ends="present")]) == ()


def test_an_older_domain_that_redirects_here_sets_the_young_registration_aside(run: Run) -> None:
    id = "history.older-domain-redirects"
    hop = fact("website", "redirect", "http://old-acme.example/ -> https://www.acme-soft.example/")
    [found] = run(id, others={"old-acme.example": [hop, created("2010-01-01")]})
    assert EARLY in found.defeats
    young = {"old-acme.example": [hop, created("2023-01-01"), archived("2008-01-01")]}
    assert run(id, others=young) == (), "an old name bought lately proves nothing"
    # and one that explains the second job does not set the first aside
    two = [employer("2005", "2008"), employer("2015", "2019")]
    [shown] = run(id, claims=two, others={"old-acme.example": [hop, created("2010-01-01")]})
    assert (shown.defeats, shown.score < 0) == ((), True)
    elsewhere = fact(
        "website", "redirect", "http://old-acme.example/ -> https://other.example/?acme-soft.example"
    )
    assert run(id, others={"old-acme.example": [elsewhere, created("2010-01-01")]}) == ()


def test_an_archived_redirect_counts_where_it_dates_from_the_move(run: Run) -> None:
    # given an older name that is gone, and the present one registered in 2018
    id, old = "history.older-domain-redirects", "old-acme.example"
    value = "http://old-acme.example/ -> https://www.acme-soft.example/"

    def found(at: str, *facts: Observation, born: str = "2018-01-01") -> tuple[Finding, ...]:
        led = fact("archive", "redirected", value, at)
        return run(id, created(born), others={old: [led, archived("2008-01-01"), *facts]})

    [hit] = found("2019-02-01")
    assert EARLY in hit.defeats
    assert "redirected in 2019" in hit.statement
    assert found("2023-09-01") == (), "captured lately: anybody can have held the name for a week"
    assert found("2021-09-01") == (), "long after the move"
    assert found("2019-02-01", created("2019-01-01")) == (), "the old name was registered anew for it"


def test_fitting_dates_are_shown_and_set_nothing_aside(run: Run) -> None:
    [found] = run("history.consistent-dates", created("2010-01-01"), archived("2011-01-01"))
    assert found.score < 0
    assert found.defeats == ()
    assert run("history.consistent-dates", created("2010-01-01")) == ()


def test_the_earliest_signs_of_domain_and_content_stand_side_by_side(run: Run) -> None:
    id = "history.earliest-signs"
    empty = fact("archive", "capture", "301 text/html X http://acme-soft.example/", "2012-01-01")
    [found] = run(id, created("2011-05-03"), archived("2012-01-01"), empty, *captures(2019, 2021))
    assert "registered 2011-05-03" in found.statement
    assert "content by 2019-03-01" in found.statement
    assert found.strength is Strength.CONTEXT
    assert run(id) == ()
