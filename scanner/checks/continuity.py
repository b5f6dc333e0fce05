"""History that speaks for a claim: an archive over years, an older address that leads here, dates that fit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import LEEWAY, SIGHT_WORDS, YEAR, dated_claims, held_then, idle_then, named
from scanner.checks.facts import Facts, Scene, Subject, first_sights
from scanner.checks.one_business import other_then
from scanner.model import Bound, Claim, Date, Observation, Strength

EXPLAINED = (
    "history.claim-before-life",
    "history.no-early-trace",
    "history.page-claims-too-early",
    "history.other-business-then",
    "history.young-content",
)
"""What an older address of the same owner explains."""
_ANNOUNCED = ("coming-soon ", "default ")


@check(
    "history.continuity",
    version=3,
    strength=Strength.CONTEXT,
    needs=("archive/capture", "archive/held", "registration/created"),
    texts=Texts(
        innocent="This speaks for the claim: pages were captured over years.",
        ask="What did the organisation's web site show in your time there?",
        next_step="Open one archived page from the claimed years and see that it shows the same business.",
    ),
    idea="Archive history that grows over years is hard to make up (what lowers suspicion).",
)
def continuity(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: the archive holds pages of the address over the claimed years.

    Needs captures with content in at least three different years, with no more than two years between two of
    them from the claimed start to the claimed end (today where none is stated). Without a claimed date, five
    different years without such a gap. It sets aside a later registration date and a claimed founding year;
    it clears nobody. It is not said where a capture from the claimed years shows an unused address or another
    business, nor where all that were read only announce a site: that speaks for nothing, however long it stood.
    """
    captures = [
        row
        for row in subject.facts.all("archive", "capture")
        if row.starts is not None and row.value.startswith("200 ")
    ]
    years = sorted({row.starts.year for row in captures if row.starts is not None})
    if len(years) < 3:
        return NoEvidence("fewer than three years with captures")
    spans = [_span(claim, start, subject.as_of.year) for claim, start in dated_claims(subject)]
    if not spans and (len(years) < 5 or _gaps(years)):
        return NoEvidence("fewer than five years with captures, or a gap of years")
    if any(idle_then(subject, claim, start) for claim, start in dated_claims(subject)):
        return NoEvidence("a capture from the claimed years shows an unused address")
    if any(_empty_then(subject, claim, start) for claim, start in dated_claims(subject)):
        return NoEvidence("the captures that were read from the claimed years only announce a site")
    if any(other_then(subject, claim, start) for claim, start in dated_claims(subject)):
        return NoEvidence("a capture from the claimed years shows another business")
    if not all(_covered(years, first, last) for first, last in spans):
        return NoEvidence("the captures do not cover the claimed years")
    return [
        Hit(
            f"{subject.domain} was archived in {len(years)} different years, from {years[0]} to {years[-1]}.",
            claimed="; ".join(named(claim) for claim, _ in dated_claims(subject)),
            observed=f"captures in {', '.join(map(str, years))}",
            support=(captures[0], captures[-1]),
            defeats=("history.claim-before-reregistration", "history.page-claims-too-early"),
        )
    ]


def _empty_then(subject: Subject, claim: Claim, start: Date) -> bool:
    """Whether captures of the claimed period were read, and each only announces a site or is the server's own page."""
    held = held_then(subject, claim, start)
    return bool(held) and all(row.value.startswith(_ANNOUNCED) for row in held)


def _span(claim: Claim, start: Date, today: int) -> tuple[int, int]:
    """First and last claimed year."""
    end = claim.period.ends
    return start.year, max(start.year, end.year if end else today)


def _covered(years: list[int], first: int, last: int) -> bool:
    """Captures from (nearly) the first year to the last, none of them further than that from the next."""
    near = [year for year in years if first - 1 <= year <= last + 1]
    begun = any(year <= first + 1 for year in years)
    return begun and bool(near) and not _gaps(sorted({first, *near, last}))


def _gaps(years: list[int]) -> bool:
    return any(later - earlier > 3 for earlier, later in pairwise(years))


@check(
    "history.older-domain-redirects",
    version=3,
    strength=Strength.CONTEXT,
    needs=("website/redirect", "archive/redirected", "registration/created"),
    texts=Texts(
        innocent="This speaks for the claim: an older address of the same owner leads here.",
        ask="When did the organisation change its name or address?",
        next_step="Check that the older address was the same business, in the archive or the company register.",
    ),
    idea="Rebrands and moves leave a redirect from the older name (innocent explanation of red flag 2).",
)
def older_domain_redirects(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: an address that is older than the claim redirects here, or did after the move.

    The older address is one the case names or one this site names as its former one. It must have been
    registered before the claim begins; where no registration date is given, it must have been archived or
    certified by then. The finding sets the young registration aside where the older address explains every
    claimed period, and names what to check. Where the older address does not lead here today (it is dead, or was sold
    on), an archived redirect counts that was captured a year ago or more, and within two years of this address's
    registration.
    """
    hits = []
    for other, facts, hop, led in _led(subject, scene):
        sights = first_sights(facts)
        if not sights:
            continue
        # An old name can be bought for its age: where its registration date is known, that date counts.
        first = sights[0] if sights[0].operator == "registration" else min(sights, key=lambda s: s.date.last)
        explained = [
            (claim, start)
            for claim, start in dated_claims(subject)
            if not start.surely_before(first.date, LEEWAY)
        ]
        whole = len(explained) == len(list(dated_claims(subject)))
        for claim, _ in explained:
            hits.append(
                Hit(
                    f"{other}, first seen {first.date.day}, {led} to {subject.domain}: "
                    "the organisation may have moved.",
                    claimed=named(claim),
                    observed=f"{other} {SIGHT_WORDS[first.operator]} {first.date.day}",
                    support=(hop, first.observation),
                    defeats=EXPLAINED if whole else (),
                    lowers=True,
                )
            )
    return hits


def _led(subject: Subject, scene: Scene) -> Iterator[tuple[str, Facts, Observation, str]]:
    """Other addresses that lead here or did, each with its facts, the row that shows it, and the verb."""
    today = set[str]()
    for other, facts, hops in scene.leading_to(subject.domain):
        today.add(other)
        yield other, facts, hops[0], "redirects"
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None or created.bound is not Bound.AT:
        return
    for other, facts, row in scene.led_to(subject.domain):
        at = row.starts
        if at is None or other in today or subject.as_of - at.last < YEAR:
            continue
        if at.first <= created.starts.last + 2 * YEAR:
            yield other, facts, row, f"redirected in {at.year}"


@check(
    "history.consistent-dates",
    version=2,
    strength=Strength.CONTEXT,
    needs=("registration/created", "archive/first_capture", "ct/first_logged"),
    texts=Texts(
        innocent="This speaks for the claim: the dates fit.",
        ask="Was this the organisation's web address during your whole time there?",
        next_step="Nothing to do; remember that fitting dates clear nobody.",
    ),
    idea="A record that predates the claim (what lowers suspicion).",
)
def consistent_dates(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: the address was registered before the claim begins and a second source saw it early.

    Nothing is set aside by it: it stands in the report beside whatever else was found. It is not said where
    captures from the claimed years show an unused address or another business.
    """
    sights = {sight.operator: sight for sight in first_sights(subject.facts)}
    created = sights.pop("registration", None)
    hits = []
    for claim, start in dated_claims(subject):
        early = [s for s in sights.values() if not start.surely_before(s.date)]
        if idle_then(subject, claim, start) or other_then(subject, claim, start):
            continue
        if created is not None and early and not start.surely_before(created.date):
            hits.append(
                Hit(
                    f"{subject.domain} was registered {created.date.day}, before the claim begins, "
                    "and was seen by then.",
                    claimed=named(claim),
                    observed="; ".join(f"{SIGHT_WORDS[s.operator]} {s.date.day}" for s in (created, *early)),
                    support=(created.observation, *(s.observation for s in early)),
                    lowers=True,
                )
            )
    return hits
