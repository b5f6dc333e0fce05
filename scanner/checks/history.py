"""History: does what is claimed lie within the time the address can be seen to have existed?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Facts, Scene, Sight, Subject, first_sights
from scanner.model import Claim, Date, Observation, Role, Strength

DATED_ROLES = (Role.EMPLOYER, Role.VENDOR, Role.REFERENCE, Role.SCHOOL, Role.CERTIFICATE)
"""Roles whose period is a statement about the organisation. A portfolio's dates are about a person's work."""

YEAR = timedelta(days=365)
LEEWAY = timedelta(days=120)
"""Firms often begin before they register their name. A claim has to lie clearly earlier than this to count."""

NO_CONTENT = frozenset({"parked", "for-sale"})

TEXTS_EARLY = Texts(
    innocent="The firm may have used another address then: a rebrand, a merger, a move from .com to .io, "
    "or a name that lapsed and was bought again.",
    ask="Which web and mail address did the organisation use in those years, and who could confirm your time there?",
    next_step="Look the organisation up in the company register of its place, and reach it through a number "
    "found there, not on this site.",
)


def stated_start(claim: Claim) -> Date | None:
    """The earliest date a claim states: its start, or its end where only that is given."""
    return claim.period.starts or claim.period.ends


def _dated_claims(subject: Subject) -> Iterator[tuple[Claim, Date]]:
    for claim in subject.target.claims:
        start = stated_start(claim)
        if claim.role in DATED_ROLES and start is not None:
            yield claim, start


def _named(claim: Claim) -> str:
    return f"{claim.organisation or claim.url or claim.role.value}: {claim.period}"


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
    before the claim. Registration alone is strong; a gap of less than a year is weak, since firms often
    begin before they register a name. Nothing is said where no registration date was given.
    """
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None:
        return NoEvidence("no registration date was given")
    sights = [sight for sight in first_sights(subject.facts) if sight.operator != "registration"]
    if any(sight.date.surely_before(created.starts, LEEWAY) for sight in sights):
        return NoEvidence("the name was in use before its present registration")
    own = _own_words(subject.facts)
    hits = []
    for claim, start in _dated_claims(subject):
        if not start.surely_before(created.starts, LEEWAY):
            continue
        later = [s for s in (*sights, *([own] if own else [])) if start.surely_before(s.date)]
        hits.append(_early_hit(subject, claim, start, created, created.starts, later))
    return hits


def _early_hit(
    subject: Subject, claim: Claim, start: Date, created: Observation, born: Date, later: list[Sight]
) -> Hit:
    strength = Strength.DECISIVE if later else Strength.STRONG
    if not start.surely_before(born, YEAR):
        strength = Strength.WEAK
    seen = f"registered {born.day} ({created.source})" + "".join(
        f"; {_SIGHT_WORDS[sight.operator]} {sight.date.day}" for sight in later
    )
    agree = " The other dated sources agree." if later else " No second dated source answered."
    return Hit(
        f"The claim begins {start.day}, but {subject.domain} was registered only on {born.day}.{agree}",
        claimed=_named(claim),
        observed=seen,
        support=(created, *(sight.observation for sight in later)),
        strength=strength,
    )


_SIGHT_WORDS = {
    "certificates": "first certificate logged",
    "archive": "first archived",
    "site": "its own pages say",
    "registration": "registered",
}


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
    earlier holder. Medium where something was seen in the claimed years, strong where nothing was;
    set aside where captures run on across the registration date without a break.
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
    for claim, start in _dated_claims(subject):
        if not start.surely_before(born, YEAR):
            continue
        seen_then = any(sight.date.first <= start.last for sight in before) or _captured_between(
            subject.facts, start, born
        )
        first = min(before, key=lambda sight: sight.date.last)
        hits.append(
            Hit(
                f"The claim begins {start.day}, but the present registration of {subject.domain} dates from {born.day}; "
                f"the name was in earlier use ({first.date.day}), perhaps by someone else.",
                claimed=_named(claim),
                observed=f"registered {born.day} ({created.source}); earlier use seen {first.date.day}",
                support=(created, first.observation),
                strength=Strength.MEDIUM if seen_then else Strength.STRONG,
            )
        )
    return hits


def _captured_between(facts: Facts, start: Date, end: Date) -> bool:
    return any(
        row.starts is not None and start.first <= row.starts.first <= end.first
        for row in facts.all("archive", "capture")
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
    the domain. Medium where the gap is three years or more and two independent sources agree, weak
    otherwise: many honest firms are older than their web address.
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
    wide = row.starts.surely_before(first.date, 3 * YEAR) and len(sights) > 1
    return [
        Hit(
            f"The pages claim a beginning in {row.starts.year}; "
            f"the first dated sign of {subject.domain} is {first.date.day}.",
            claimed=row.value,
            observed=f"{_SIGHT_WORDS[first.operator]} {first.date.day}",
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
            claimed=_named(claim),
            observed="; ".join(f"{_SIGHT_WORDS[s.operator]} {s.date.day}" for s in sights),
            support=tuple(s.observation for s in sights),
        )
        for claim, start in _dated_claims(subject)
        if all(start.surely_before(sight.date, 2 * YEAR) for sight in sights)
    ]


@check(
    "history.gone-while-current",
    strength=Strength.STRONG,
    needs=("website/state", "dns/exists", "registration/state"),
    texts=Texts(
        innocent="The firm may have closed or moved very recently, or the résumé may be older than the change.",
        ask="Which address does your present employer use for its web site and mail today?",
        next_step="Ask for a recent pay document or a register entry of the present employer.",
    ),
    idea="Sites used to set up accounts are often dead later (red flag 7).",
)
def gone_while_current(subject: Subject, scene: Scene) -> Result:
    """The address of a present employer is not registered, parked or for sale.

    Only for claims that say "present". Strong where the registry says the name does not exist or the page
    offers it for sale or is parked; weak where only the name service gives no answer. A former employer
    whose address is gone is nothing unusual and gives no finding.
    """
    current = [
        c for c in subject.target.claims if c.period.ongoing and c.role in (Role.EMPLOYER, Role.VENDOR)
    ]
    if not current or subject.target.platform:
        return NoEvidence("no claim says this is a present employer")
    free = [row for row in subject.facts.all("registration", "state") if row.value == "available"]
    off = [row for row in subject.facts.all("website", "state") if row.value in NO_CONTENT]
    nowhere = [row for row in subject.facts.all("dns", "exists") if row.value == "no"]
    if free:
        words, support, strength = "is not registered", (*free, *nowhere), Strength.STRONG
    elif off:
        words, support, strength = f"shows a page marked {off[0].value}", tuple(off), Strength.STRONG
    elif nowhere:
        words, support, strength = "does not exist in the name service", tuple(nowhere), Strength.WEAK
    else:
        return ()
    return [
        Hit(
            f"{claim.organisation or 'The organisation'} is claimed as present, but {subject.domain} {words}.",
            claimed=_named(claim),
            observed=words,
            support=support,
            strength=strength,
        )
        for claim in current
    ]


@check(
    "history.continuity",
    strength=Strength.CONTEXT,
    needs=("archive/capture", "registration/created"),
    texts=Texts(
        innocent="This speaks for the claim: pages were captured over years.",
        ask="Nothing to ask here.",
        next_step="Open one archived page from the claimed years and see that it shows the same business.",
    ),
    idea="Archive history that grows over years is hard to make up (what lowers suspicion).",
)
def continuity(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: the archive holds pages of the address over years, from the claimed start on.

    Needs captures with content in at least three different years, the first no later than a year after the
    earliest claimed start (or, without a claimed date, five different years), and no gap of more than two
    years. It sets aside a later registration date and a claimed founding year; it clears nobody.
    """
    captures = [
        row
        for row in subject.facts.all("archive", "capture")
        if row.starts is not None and row.value.startswith("200 ")
    ]
    years = sorted({row.starts.year for row in captures if row.starts is not None})
    if len(years) < 3:
        return NoEvidence("fewer than three years with captures")
    if any(later - earlier > 3 for earlier, later in pairwise(years)):
        return NoEvidence("the captures have a gap of years")
    starts = [start for _, start in _dated_claims(subject)]
    if starts and min(start.year for start in starts) + 1 < years[0]:
        return NoEvidence("the captures begin after the claim")
    if not starts and len(years) < 5:
        return NoEvidence("fewer than five years with captures")
    return [
        Hit(
            f"{subject.domain} was archived in {len(years)} different years, from {years[0]} to {years[-1]}.",
            claimed="; ".join(_named(claim) for claim, _ in _dated_claims(subject)),
            observed=f"captures in {', '.join(map(str, years))}",
            support=(captures[0], captures[-1]),
            defeats=("history.claim-before-reregistration", "history.page-claims-too-early"),
        )
    ]


@check(
    "history.older-domain-redirects",
    strength=Strength.CONTEXT,
    needs=("website/redirect", "registration/created"),
    texts=Texts(
        innocent="This speaks for the claim: an older address of the same owner leads here.",
        ask="When did the organisation change its name or address?",
        next_step="Check that the older address was the same business, in the archive or the company register.",
    ),
    idea="Rebrands and moves leave a redirect from the older name (innocent explanation of red flag 2).",
)
def older_domain_redirects(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: an address that is older than the claim redirects here.

    The older address is one the case names or one this site names as its former one. It must have been
    registered before the claim begins; where no registration date is given, it must have been archived or
    certified by then. The finding sets the young registration aside and names what to check.
    """
    hits = []
    for other, facts in sorted(scene.others.items()):
        hops = [row for row in facts.all("website", "redirect") if _leads_to(row, subject.domain)]
        sights = first_sights(facts)
        if other == subject.domain or not hops or not sights:
            continue
        # An old name can be bought for its age: where its registration date is known, that date counts.
        first = sights[0] if sights[0].operator == "registration" else min(sights, key=lambda s: s.date.last)
        for claim, start in _dated_claims(subject):
            if not start.surely_before(first.date, LEEWAY):
                hits.append(
                    Hit(
                        f"{other}, first seen {first.date.day}, redirects to {subject.domain}: "
                        "the organisation may have moved.",
                        claimed=_named(claim),
                        observed=f"{other} {_SIGHT_WORDS[first.operator]} {first.date.day}",
                        support=(hops[0], first.observation),
                        defeats=(
                            "history.claim-before-life",
                            "history.no-early-trace",
                            "history.page-claims-too-early",
                        ),
                    )
                )
    return hits


def _leads_to(row: Observation, domain: str) -> bool:
    host = row.value.rpartition(" -> ")[2].partition("://")[2].partition("/")[0].partition(":")[0]
    return host == domain or host.endswith("." + domain)


@check(
    "history.consistent-dates",
    strength=Strength.CONTEXT,
    needs=("registration/created", "archive/first_capture", "ct/first_logged"),
    texts=Texts(
        innocent="This speaks for the claim: the dates fit.",
        ask="Nothing to ask here.",
        next_step="Nothing to do; remember that fitting dates clear nobody.",
    ),
    idea="A record that predates the claim (what lowers suspicion).",
)
def consistent_dates(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: the address was registered before the claim begins and a second source saw it early.

    Nothing is set aside by it: it stands in the report beside whatever else was found.
    """
    sights = {sight.operator: sight for sight in first_sights(subject.facts)}
    created = sights.pop("registration", None)
    hits = []
    for claim, start in _dated_claims(subject):
        early = [s for s in sights.values() if not start.surely_before(s.date)]
        if created is not None and early and not start.surely_before(created.date):
            hits.append(
                Hit(
                    f"{subject.domain} was registered {created.date.day}, before the claim begins, and was seen by then.",
                    claimed=_named(claim),
                    observed="; ".join(f"{_SIGHT_WORDS[s.operator]} {s.date.day}" for s in (created, *early)),
                    support=(created.observation, *(s.observation for s in early)),
                    lowers=True,
                )
            )
    return hits
