"""History: does what is claimed lie within the time the address can be seen to have existed?"""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import (
    LEEWAY,
    MONTH,
    SIGHT_WORDS,
    YEAR,
    dated_claims,
    ended_before,
    named,
)
from scanner.checks.facts import Facts, Scene, Sight, Subject, first_sights
from scanner.model import Bound, Claim, Date, Observation, Strength

TEXTS_EARLY = Texts(
    innocent="The firm may have used another address then: a rebrand, a merger, a move from .com to .io, "
    "or a name that lapsed and was bought again.",
    ask="Which web and mail address did the organisation use in those years, and who could confirm your time there?",
    next_step="Look the organisation up in the company register of its place, and reach it through a number "
    "found there, not on this site.",
)


def _own_words(facts: Facts) -> Sight | None:
    """What the site itself says of its beginning."""
    row = facts.earliest("history", "founded", "since")
    return Sight("site", row.starts, row) if row is not None and row.starts is not None else None


@check(
    "history.claim-before-life",
    strength=Strength.STRONG,
    needs=("registration/created", "archive/first_capture", "ct/first_logged", "history/founded"),
    texts=TEXTS_EARLY,
    idea="Seized fronts were claimed as employers for years in which their domains did not exist (red flag 2).",
)
def claim_before_life(subject: Subject, scene: Scene) -> Result:
    """The claim begins before the address shows any sign of life.

    Compares the start of a claimed period with the registration date, and with the first sight in the
    certificate log, in the web archive and in the site's own words. It is decisive only where the
    registration date and at least one more independent source answered with dates, and none of them lies
    before the claim. Registration alone is strong. A claim that runs on after the registration and begins
    less than a year before it is weak, since firms often begin before they register a name. Nothing is said
    where no registration date was given, or only one that the name is older than.
    """
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None:
        return NoEvidence("no registration date was given")
    if created.bound is not Bound.AT:
        return NoEvidence("the registry only says that the name is older than a date")
    sights = [sight for sight in first_sights(subject.facts) if sight.operator != "registration"]
    if any(sight.date.surely_before(created.starts, LEEWAY) for sight in sights):
        return NoEvidence("the name was in use before its present registration")
    own = _own_words(subject.facts)
    hits = []
    for claim, start in dated_claims(subject):
        strength = _by_gap(claim, start, created.starts)
        if strength is None:
            continue
        later = [s for s in (*sights, *([own] if own else [])) if start.surely_before(s.date)]
        if strength is Strength.DECISIVE and not later:
            strength = Strength.STRONG
        hits.append(_early_hit(subject, claim, start, created, created.starts, later, strength))
    return hits


def _by_gap(claim: Claim, start: Date, born: Date) -> Strength | None:
    """How much a claim that begins before the registration can say at most; None where it says nothing.

    A period that was over when the name was registered can't be explained by a firm slow to register.
    """
    over = ended_before(claim, born)
    if start.surely_before(born, LEEWAY if over else YEAR):
        return Strength.DECISIVE
    if over:
        return Strength.STRONG if start.surely_before(born, MONTH) else Strength.MEDIUM
    return Strength.WEAK if start.surely_before(born, LEEWAY) else None


def _early_hit(
    subject: Subject,
    claim: Claim,
    start: Date,
    created: Observation,
    born: Date,
    later: list[Sight],
    strength: Strength,
) -> Hit:
    seen = f"registered {born.day} ({created.source})" + "".join(
        f"; {SIGHT_WORDS[sight.operator]} {sight.date.day}" for sight in later
    )
    agree = " The other dated sources agree." if later else " No second dated source answered."
    return Hit(
        f"The claim begins {start.day}, but {subject.domain} was registered only on {born.day}.{agree}",
        claimed=named(claim),
        observed=seen,
        support=(created, *(sight.observation for sight in later)),
        strength=strength,
    )


@check(
    "history.claim-before-reregistration",
    strength=Strength.MEDIUM,
    needs=("registration/created", "registration/reregistered", "archive/first_capture", "ct/first_logged"),
    texts=Texts(
        innocent="Owners let names lapse and buy them back, and some registries restart the date on a transfer.",
        ask="Did the organisation's web address lapse or change hands at some point?",
        next_step="Open archived pages from the claimed years and compare the business they show with today's.",
    ),
    idea="Expired names are bought for their age; the history before belongs to someone else (red flag 3).",
)
def claim_before_reregistration(subject: Subject, scene: Scene) -> Result:
    """The claim lies before the present registration of a name that existed earlier.

    The archive or the certificate log saw the name before its present registration date, so it changed
    hands or lapsed at least once. A claim that begins before the present registration may concern the
    earlier holder. Strong where the archive knows the name and holds nothing from the claimed years, medium
    elsewhere; set aside where captures cover the claimed years without a break.
    """
    created = subject.facts.earliest("registration", "reregistered") or subject.facts.earliest(
        "registration", "created"
    )
    if created is None or created.starts is None:
        return NoEvidence("no registration date was given")
    born = created.starts
    before = [
        s
        for s in first_sights(subject.facts)
        if s.operator != "registration" and s.date.surely_before(born, LEEWAY)
    ]
    if not before:
        return NoEvidence("nothing was seen before the present registration")
    hits = []
    for claim, start in dated_claims(subject):
        if not start.surely_before(born, LEEWAY if ended_before(claim, born) else YEAR):
            continue
        unseen = bool(subject.facts.all("archive", "first_capture")) and not _seen_within(
            subject.facts, claim, start, born
        )
        first = min(before, key=lambda sight: sight.date.last)
        hits.append(
            Hit(
                f"The claim begins {start.day}, but the present registration of {subject.domain} dates from "
                f"{born.day}; "
                f"the name was in earlier use ({first.date.day}), perhaps by someone else.",
                claimed=named(claim),
                observed=f"registered {born.day} ({created.source}); earlier use seen {first.date.day}",
                support=(created, first.observation),
                strength=Strength.STRONG if unseen else Strength.MEDIUM,
            )
        )
    return hits


def _seen_within(facts: Facts, claim: Claim, start: Date, born: Date) -> bool:
    """Whether the archive or the log saw the name in the claimed period, as far as that precedes `born`."""
    end = claim.period.ends.last if claim.period.ends else born.first
    rows = (*facts.all("archive", "capture"), *(sight.observation for sight in first_sights(facts)))
    return any(
        row.starts is not None and start.first <= row.starts.last and row.starts.first <= min(end, born.first)
        for row in rows
        if row.source != "rdap" and row.source != "whois"
    )


@check(
    "history.page-claims-too-early",
    strength=Strength.MEDIUM,
    needs=("history/since", "history/founded", "registration/created"),
    texts=Texts(
        innocent="Founders count earlier work, firms keep their founding year over a rebrand, "
        "and themes ship with sample years.",
        ask="Under which name and address did the organisation work in its first years?",
        next_step="Compare the founding year with the company register of the stated place.",
    ),
    idea="Founding years and 'since 2012' lines at odds with dated records (red flag 4).",
)
def page_claims_too_early(subject: Subject, scene: Scene) -> Result:
    """The site claims a history that no dated source goes back to.

    Compares "since …", "founded …" and years in business on the pages with the earliest sign of life of
    the domain. Medium where the gap is three years or more and two independent sources agree. Weak
    otherwise, and where the record begins three years or more before every claimed period: many honest
    firms are older than their web address, and then that plays no part in the claim.
    """
    sights = first_sights(subject.facts)
    if not sights:
        return NoEvidence("no source answered with a date")
    first = min(sights, key=lambda sight: sight.date.last)
    row = subject.facts.earliest("history", "founded", "since", "years_in_business")
    if row is None or row.starts is None:
        return NoEvidence("the pages claim no beginning")
    if not row.starts.surely_before(first.date, YEAR):
        return ()
    starts = [start for _, start in dated_claims(subject)]
    reaches_back = bool(starts) and all(first.date.surely_before(start, 3 * YEAR) for start in starts)
    wide = row.starts.surely_before(first.date, 3 * YEAR) and len(sights) > 1 and not reaches_back
    return [
        Hit(
            f"The pages claim a beginning in {row.starts.year}; "
            f"the first dated sign of {subject.domain} is {first.date.day}.",
            claimed=row.value,
            observed=f"{SIGHT_WORDS[first.operator]} {first.date.day}",
            support=(row, *(sight.observation for sight in sights)),
            strength=Strength.MEDIUM if wide else Strength.WEAK,
        )
    ]


@check(
    "history.no-early-trace",
    strength=Strength.MEDIUM,
    needs=("archive/first_capture", "ct/first_logged"),
    texts=TEXTS_EARLY,
    idea="Some registries publish no dates; certificates and captures then give the only bounds (red flag 2).",
)
def no_early_trace(subject: Subject, scene: Scene) -> Result:
    """No registration date was given, and both the archive and the certificate log begin long after the claim.

    First captures and first certificates show only that the address existed by then, so this is medium at
    most, and only where both answered with dates at least two years after the claim begins.
    """
    if subject.target.platform or subject.facts.all("registration", "created"):
        return NoEvidence("a registration date is known, or the address hangs under a shared platform")
    sights = first_sights(subject.facts)
    if len(sights) < 2:
        return NoEvidence("fewer than two sources answered with dates")
    return [
        Hit(
            f"The claim begins {start.day}; the archive and the certificate log first show {subject.domain} "
            "more than two years later.",
            claimed=named(claim),
            observed="; ".join(f"{SIGHT_WORDS[s.operator]} {s.date.day}" for s in sights),
            support=tuple(s.observation for s in sights),
        )
        for claim, start in dated_claims(subject)
        if all(start.surely_before(sight.date, 2 * YEAR) for sight in sights)
    ]
