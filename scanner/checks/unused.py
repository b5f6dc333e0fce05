"""Unused: is an address parked, for sale or gone where the claim puts a working firm?"""

from __future__ import annotations

from datetime import timedelta

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import LEEWAY, NO_CONTENT, YEAR, dated_claims, days_held, idle_then, named
from scanner.checks.facts import Scene, Subject
from scanner.checks.one_business import Record
from scanner.model import Bound, Claim, Date, Observation, Role, Strength

FORGOTTEN = timedelta(days=90)
"""For so long after its end a registration that nobody renewed is most likely an oversight: registries keep it for
some 75 days."""
LOST = 2 * YEAR
"""So long a firm may be without its name and get it back; what rests longer is more often given up."""
GRACE = frozenset({"autoRenewPeriod", "redemptionPeriod", "pendingRestore", "pendingDelete"})


@check(
    "history.idle-in-claimed-years",
    version=3,
    strength=Strength.STRONG,
    needs=("archive/held", "archived/site_name", "archived/text", "registration/created"),
    texts=Texts(
        innocent="The firm may have used another address then, or its page lapsed for a time.",
        ask="Which web and mail address did the organisation use in those years?",
        next_step="Open the archived pages named here, and look the organisation up in the company register.",
    ),
    idea="Names are bought for their age; parked pages in the claimed years belong to no firm (red flag 3).",
)
def idle_in_claimed_years(subject: Subject, scene: Scene) -> Result:
    """The archive shows a parked page, or one for sale, where the claim puts a working firm.

    Reads the captures of the home page from the claimed years, four at most; none may show anything else. Strong
    where it was parked or for sale on two days, and decisive where the claim also begins before the present
    registration; medium where it was seen so once. Weak where captures from before and from after those days show the
    claimed organisation, and it was back within two years: it lost its name for a time.
    """
    created = subject.facts.earliest("registration", "created")
    born = created.starts if created is not None and created.bound is Bound.AT else None
    hits = []
    for claim, start in dated_claims(subject):
        idle = idle_then(subject, claim, start)
        if not idle:
            continue
        anew = born is not None and start.surely_before(born, LEEWAY)
        strength = Strength.DECISIVE if anew else Strength.STRONG
        seen = _days_within(subject, claim, start, idle)
        days = ", ".join(seen)
        state = idle[0].value.partition(" ")[0]
        if _came_back(subject, claim, idle):
            strength = Strength.WEAK
        elif len(seen) < 2:
            strength = Strength.MEDIUM
        hits.append(
            Hit(
                f"In the claimed years the archive holds a page of {subject.domain} marked {state} ({days}).",
                claimed=named(claim),
                observed=f"archived as {state}: {days}"
                + (f"; registered {born.day}" if anew and born else ""),
                support=(*idle, *((created,) if anew and created else ())),
                strength=strength,
            )
        )
    return hits or NoEvidence("no capture from the claimed years shows an unused address")


def _came_back(subject: Subject, claim: Claim, idle: tuple[Observation, ...]) -> bool:
    """Whether the claimed organisation was at the address before these captures, and soon after them again. A name
    that rested for years and then shows a closed firm's pages again may be in other hands."""
    days = [row.starts.first for row in idle if row.starts is not None]
    record = Record.of(subject)
    surely = record.surely_own(claim)
    own = [page.at.first for n, page in enumerate(record.pages) if n in surely]
    since = len(record.pages) in surely or any(day > max(days) for day in own)  # today's page stands last
    anew = [
        row.starts.first for row in subject.facts.all("registration", "created") if row.starts is not None
    ]
    back = min((day for day in (*own, *anew) if day > max(days)), default=None)
    soon = back is not None and back - min(days) <= LOST
    return since and soon and any(day < min(days) for day in own)


def _days_within(subject: Subject, claim: Claim, start: Date, idle: tuple[Observation, ...]) -> list[str]:
    """The days in the claimed time on which a page like these was held, first to last, four shown at most."""
    last = claim.period.ends.last if claim.period.ends else subject.as_of
    days = {day for row in idle for day in days_held(subject.facts, row) if start.first <= day.first <= last}
    return [day.day for day in sorted(days, key=lambda day: day.first)[:4]]


@check(
    "history.gone-while-current",
    version=2,
    strength=Strength.STRONG,
    needs=(
        "website/state",
        "dns/exists",
        "registration/state",
        "registration/expires",
        "registration/status",
    ),
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
    offers it for sale or is parked; weak where only the name service gives no answer, and where the registration ran
    out within the last three months or is in its time of grace, for firms forget to renew. Nothing where the
    address answers after all, whatever the registry's service says. A former employer whose address is gone
    is nothing unusual and gives no finding.
    """
    current = [
        c for c in subject.target.claims if c.period.ongoing and c.role in (Role.EMPLOYER, Role.VENDOR)
    ]
    if not current or subject.target.platform:
        return NoEvidence("no claim says this is a present employer")
    free = [row for row in subject.facts.all("registration", "state") if row.value == "available"]
    off = [row for row in subject.facts.all("website", "state") if row.value in NO_CONTENT]
    if "content" in subject.facts.values("website", "state"):
        return ()
    if "yes" in subject.facts.values("dns", "exists"):
        free = []
    nowhere = [row for row in subject.facts.all("dns", "exists") if row.value == "no"]
    if free:
        words, support, strength = "is not registered", (*free, *nowhere), Strength.STRONG
    elif off:
        words, support, strength = f"shows a page marked {off[0].value}", tuple(off), Strength.STRONG
    elif nowhere:
        words, support, strength = "does not exist in the name service", tuple(nowhere), Strength.WEAK
    else:
        return ()
    lapsed = _just_lapsed(subject)
    if lapsed is not None:
        words, support, strength = (
            f"{words}; its registration has just run out",
            (*support, lapsed),
            Strength.WEAK,
        )
    return [
        Hit(
            f"{claim.organisation or 'The organisation'} is claimed as present, but {subject.domain} {words}.",
            claimed=named(claim),
            observed=words,
            support=support,
            strength=strength,
        )
        for claim in current
    ]


def _just_lapsed(subject: Subject) -> Observation | None:
    """What shows that a registration was not renewed in time, lately: its end, or a status of the time after it."""
    for row in subject.facts.all("registration", "expires"):
        if row.starts is not None and subject.as_of - FORGOTTEN <= row.starts.last <= subject.as_of:
            return row
    return next((row for row in subject.facts.all("registration", "status") if row.value in GRACE), None)
