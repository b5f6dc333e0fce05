"""The registration stage: since when names and the firms they look like exist, and so which is the newer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from scanner.collect import Job, rdap
from scanner.egress import EgressError
from scanner.means import Means
from scanner.model import About, Bound, Date, Evidence, Observed, Status, Target
from scanner.sweep.likes import Firm
from scanner.sweep.offline import LIKE, Fact
from scanner.sweep.rows import PAGES, REGISTRATION, Row, Step

LATEST = "<="
OLDER, NEWER = 5, 15
"""Rank of a name that is older than the firm it looks like, and what a newer one gains."""
_MORE_THAN_A_LIKENESS = frozenset({"listed", "family", "seized"})


async def created(domain: str, means: Means) -> tuple[str, str]:
    """The day the registry gives, with LATEST before a mere upper bound; else "" and a reason. Asks the registry
    alone, within its quota. Never raises for what the network does."""
    target = Target(domain, (f"https://{domain}/",))
    if reason := rdap.plan(target):
        return "", reason
    kept: list[Observed] = []

    def keep(evidence: Evidence, observed: Observed | None) -> None:
        if observed is not None:
            kept.append(observed)

    network = means.network
    about = About(domain, target.entries, as_of=network.now())
    job = Job("rdap", target, network, means.parse, about, keep, passive=True)
    try:
        async with asyncio.timeout(network.scale(rdap.INFO.deadline)):
            outcome = await rdap.collect(job)
    except TimeoutError:
        return "", "rdap-timeout"
    except EgressError as error:
        return "", error.reason
    rows = [row for observed in kept for row in observed.observations]
    for row in rows:
        if (row.kind, row.name) == ("registration", "created") and row.starts is not None:
            return f"{'' if row.bound is Bound.AT else LATEST}{row.starts}", ""
    if outcome.status is Status.OK:
        return "", "no-dates the registry gives none"
    return "", outcome.reason or f"rdap-{outcome.status.value}"


class Registered:
    """firms: those the names were compared with; dates: what their own registries said, by firm as given."""

    def __init__(self, means: Means, firms: Mapping[str, Firm], dates: Mapping[str, str]) -> None:
        self._means = means
        self._firms = firms
        self._dates = dates

    async def step(self, row: Row) -> Step:
        date, reason = await created(row.domain, self._means)
        facts = list(row.facts)
        if date:
            facts.append(Fact("registered", f"registered {_words(date)}, the registry says"))
        verdict, told = self._direction(row, date)
        facts += told
        others = any(fact.kind in _MORE_THAN_A_LIKENESS for fact in facts)
        rank = row.rank
        if verdict == "older" and not others:
            return Step(
                row.domain, REGISTRATION, True, 0, "older than the firm it looks like", OLDER, facts, date
            )
        if verdict == "newer" and not others:
            rank = max(rank, LIKE) + NEWER
        following = PAGES
        if not others and not any(fact.kind == "like" for fact in facts):
            following, reason = 0, "parked and nothing else to look into"
        return Step(row.domain, REGISTRATION, bool(date), following, reason, rank, facts, date)

    def _direction(self, row: Row, date: str) -> tuple[str, list[Fact]]:
        """Who can have imitated whom. Without both dates nobody can say, and nothing is said of either."""
        found = next((fact for fact in row.facts if fact.kind == "like"), None)
        if found is None:
            return "", []
        firm = self._dates.get(found.about, "")
        if not date or not firm:
            missing = found.about if date else row.domain
            text = f"which of the two is older can't be said: no date for {missing}"
            return "", [Fact("direction", text, found.about)]
        order = compared(date, firm)
        words = {
            "newer": f"newer than {found.about} (registered {_words(firm)})",
            "older": f"older than {found.about} (registered {_words(firm)}): no imitation of it",
            "": f"which of it and {found.about} (registered {_words(firm)}) is older can't be said",
        }
        return order, [Fact("direction", words[order], found.about)]


def compared(date: str, firm: str) -> str:
    """`newer`, `older` or "" for a name's date against a firm's.

    >>> compared("2024-01-05", "1999-03-01"), compared("1999", "1999-03-01"), compared("<=1996", "1999-03-01")
    ('newer', '', 'older')
    """
    mine, its = Date(date.removeprefix(LATEST)), Date(firm.removeprefix(LATEST))
    if not date.startswith(LATEST) and its.surely_before(mine):
        return "newer"
    return "older" if not firm.startswith(LATEST) and mine.surely_before(its) else ""


def _words(date: str) -> str:
    return f"by {date.removeprefix(LATEST)}" if date.startswith(LATEST) else date[:10]
