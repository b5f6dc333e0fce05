"""The registration stage: since when names and the firms they look like exist, and so which is the newer.

Each is asked about by a scan of the two registration sources alone, so that the answer is kept as evidence like any
other, WHOIS is asked where RDAP has none, and the scan of the pages takes the answer over and asks nobody twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.collect import SOURCES
from scanner.means import Means
from scanner.model import Attempt, Bound, Date, Observation, Status
from scanner.plan import Choice
from scanner.session import scan_anew
from scanner.store import Store, StoreError
from scanner.sweep.cases import case_of
from scanner.sweep.offline import LIKE, Fact
from scanner.sweep.rows import PAGES, REGISTRATION, Row, Step

LATEST = "<="
OLDER, NEWER = 5, 15
"""Rank of a name that is older than the firm it looks like, and what a newer one gains."""
ASKED = ("rdap", "whois")
_ALONE = Choice(without=frozenset(SOURCES) - frozenset(ASKED))
_MORE_THAN_A_LIKENESS = frozenset({"listed", "family", "seized"})


@dataclass(frozen=True, slots=True)
class Registration:
    """created: the day, with LATEST before a mere upper bound, "" for none, then `reason` says why. answered: a
    registry said something. failed: one was asked and said nothing."""

    created: str
    reason: str
    answered: bool
    failed: bool


async def registration(domain: str, sweep: str, means: Means) -> Registration:
    """What RDAP says, or else WHOIS, within their quotas. Raises StoreError, and CancelledError once the scan is
    marked as interrupted."""
    try:
        record = await scan_anew(case_of(sweep, domain), replace(means, choice=_ALONE, shelf=None))
    except StoreError:  # what is wrong with the database is wrong for every name
        raise
    except Exception as error:  # one name never stops the rest
        return Registration("", f"scan-failed {type(error).__name__}: {error}", False, True)
    attempts = (await means.store.call(Store.attempts, record)).get(domain, ())
    rows = await means.store.call(Store.observations, record, domain)
    return _read([one for one in attempts if one.source in ASKED], rows)


def _read(attempts: Sequence[Attempt], rows: Sequence[Observation]) -> Registration:
    answered = any(one.status.answered for one in attempts)
    asked = [one for one in attempts if one.status is not Status.SKIPPED]
    for source in ASKED:
        for row in rows:
            if (row.kind, row.name, row.source) == ("registration", "created", source) and row.starts:
                return Registration(f"{'' if row.bound is Bound.AT else LATEST}{row.starts}", "", True, False)
    if any(one.status is Status.ABSENT for one in attempts):
        return Registration("", "not-registered the registry has no such name", True, False)
    if answered:
        return Registration("", "no-dates the registry gives none", True, False)
    told = next((f"{one.source}-{one.status.value} {one.reason}".strip() for one in asked), "")
    skipped = next((one.reason for one in attempts), "")
    return Registration("", told or skipped or "not-asked", False, bool(asked))


class Registered:
    """dates: what the registries of the firms themselves said, by firm as given."""

    def __init__(self, means: Means, sweep: str, dates: Mapping[str, str]) -> None:
        self._means = means
        self._sweep = sweep
        self._dates = dates

    async def step(self, row: Row) -> Step:
        """Raises StoreError, and CancelledError once the scan is marked as interrupted."""
        found = await registration(row.domain, self._sweep, self._means)
        date, reason = found.created, found.reason
        facts = list(row.facts)
        if date:
            facts.append(Fact("registered", f"registered {_words(date)}, the registry says"))
        verdict, told = self._direction(row, date)
        facts += told
        others = any(fact.kind in _MORE_THAN_A_LIKENESS for fact in facts)
        rank = row.rank
        if verdict == "older" and not others:
            reason = "older than the firm it looks like"
            return Step(row.domain, REGISTRATION, True, 0, reason, OLDER, facts, date)
        if verdict == "newer" and not others:
            rank = max(rank, LIKE) + NEWER
        following = PAGES
        if not others and not any(fact.kind == "like" for fact in facts):
            following, reason = 0, "parked and nothing else to look into"
        return Step(
            row.domain,
            REGISTRATION,
            found.answered,
            following,
            reason,
            rank,
            facts,
            date,
            failed=found.failed,
        )

    def _direction(self, row: Row, date: str) -> tuple[str, list[Fact]]:
        """Who can have imitated whom. Without both dates nobody can say, and nothing is said of either."""
        found = next((fact for fact in row.facts if fact.kind == "like"), None)
        if found is None:
            return "", []
        firm = self._dates.get(found.about, "")
        if not date or not firm:
            missing = found.about if date else row.domain
            text = f"undated: which of the two is older can't be said, without a date for {missing}"
            return "", [Fact("direction", text, found.about)]
        order = compared(date, firm)
        words = {
            "newer": f"newer than {found.about} (registered {_words(firm)})",
            "older": f"older than {found.about} (registered {_words(firm)}): no imitation of it",
            "": f"undated: which of it and {found.about} (registered {_words(firm)}) is older can't be said",
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
