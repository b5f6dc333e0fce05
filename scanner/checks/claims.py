"""What the checks of history share: which claims are dated, how far apart two dates must lie, how a claim is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scanner.checks.facts import Facts, Subject
from scanner.domains import host_of
from scanner.model import DATED_ROLES, Claim, Date, Observation

YEAR = timedelta(days=365)
LEEWAY = timedelta(days=120)
"""Firms often begin before they register their name. A claim has to lie clearly earlier than this to count."""
MONTH = timedelta(days=30)

NO_CONTENT = frozenset({"parked", "for-sale"})
"""Page states of an address that nobody uses for anything of their own."""

SIGHT_WORDS = {
    "certificates": "first certificate logged",
    "archive": "first archived",
    "site": "its own pages say",
    "registration": "registered",
}


def stated_start(claim: Claim) -> Date | None:
    """The earliest date a claim states: its start, or its end where only that is given."""
    return claim.period.starts or claim.period.ends


def dated_claims(subject: Subject) -> Iterator[tuple[Claim, Date]]:
    """The claims whose period says something about the organisation, with the date they begin."""
    for claim in subject.target.claims:
        start = stated_start(claim)
        if claim.role in DATED_ROLES and start is not None:
            yield claim, start


def ended_before(claim: Claim, date: Date) -> bool:
    """True when the whole claimed period surely lies before the date."""
    return claim.period.ends is not None and claim.period.ends.surely_before(date)


def held_then(subject: Subject, claim: Claim, start: Date) -> tuple[Observation, ...]:
    """The captures of the claimed period whose content was read (`archive/held`)."""
    last = claim.period.ends.last if claim.period.ends else subject.as_of
    return tuple(
        row
        for row in subject.facts.all("archive", "held")
        if row.starts is not None and start.first <= row.starts.first <= last
    )


def idle_then(subject: Subject, claim: Claim, start: Date) -> tuple[Observation, ...]:
    """Those of them that show a parked page or one for sale, where none shows anything else."""
    held = held_then(subject, claim, start)
    idle = tuple(row for row in held if row.value.partition(" ")[0] in NO_CONTENT)
    return idle if len(idle) == len(held) else ()


def days_held(facts: Facts, held: Observation) -> tuple[Date, ...]:
    """All days on which the index holds the bytes of a capture that was read (`archive/held`), its own first: a page
    that did not change is read once."""
    rows = [
        row
        for row in facts.all("archive", "capture")
        if row.value.count(" ") >= 3 and _page(row, 3) == _page(held, 1)
    ]
    own = {row.value.split(" ", 3)[2] for row in rows if row.starts == held.starts}
    days = [row.starts for row in rows if row.value.split(" ", 3)[2] in own]
    return tuple(dict.fromkeys(day for day in (held.starts, *days) if day is not None))


def _page(row: Observation, fields: int) -> str:
    """The address behind so many fields of a value; scheme, www and a last slash play no part."""
    url = row.value.split(" ", fields)[-1]
    rest = url.partition("://")[2] or url
    return host_of(url).removeprefix("www.") + "/" + rest.partition("/")[2].rstrip("/")


def named(claim: Claim) -> str:
    """The claim as a person would write it: who, from when to when."""
    return f"{claim.organisation or claim.url or claim.role.value}: {claim.period}"
