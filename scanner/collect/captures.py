"""Which captures of a home page are worth a turn of the archive's quota; pure.

At most four, each of other content than the rest, so that none is read twice: the page as it stood when the claimed
time began, when it ended, the first that held a page at all, and then whatever lies farthest from all of these. The
index tells when the content changed and not by how much, so the widest stretch of time that nothing is known of is
what one more capture tells most about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanner.model import DATED_ROLES, Observation, Role, Target

MOST = 4
"""Captures of the home page read for one target."""
PERSONAL = frozenset({Role.PORTFOLIO, Role.PROFILE})
_CLOSE = timedelta(days=120)
"""Two captures closer than this tell the same, whatever changed on the page."""
_AWAY = timedelta(days=180)
"""So long a name must have led elsewhere, and nowhere else, for that to be a move."""


@dataclass(frozen=True, slots=True)
class Held:
    """A capture that held a page: when, the digest of its bytes, its address."""

    at: datetime
    digest: str
    url: str


def telling_captures(target: Target, rows: Iterable[Observation], now: datetime) -> list[tuple[str, str]]:
    """(14 digits, address) of at most MOST captures, in order of time.

    rows: what the index of the home page gave (`archive/capture`). Several dated claims count from the first
    beginning to the last end. Without one, the first capture stands for the beginning and the last for the end.
    Of a person's own site none is read: its past says nothing about an organisation.
    """
    if all(claim.role in PERSONAL for claim in target.claims):
        return []
    held = [one for row in rows if (one := _held(row)) is not None]
    held.sort(key=lambda one: (one.at, one.url))
    chosen: list[Held] = []
    for first, last in _spans(target, now):
        within = [one for one in held if first <= one.at <= last]
        before = [one for one in held if one.at < first]
        after = [one for one in held if one.at > last]
        # nothing from those years: what stood there before and after tells of the time between
        _take(chosen, within[:1] or before[-1:])
        _take(chosen, within[-1:] or after[:1])
    _take(chosen, held[:1])
    if not chosen:
        return []
    _take(chosen, held[-1:] if len(chosen) == 1 else [])
    while len(chosen) < MOST and (one := _farthest(held, chosen, now)) is not None:
        chosen.append(one)
    chosen.sort(key=lambda one: (one.at, one.url))
    return [(f"{one.at:%Y%m%d%H%M%S}", one.url) for one in chosen]


def moved_away(rows: Iterable[Observation]) -> list[tuple[str, str]]:
    """(14 digits, address) of the first capture of the last stretch in which the home page led elsewhere, at most one:
    where a name goes when its holder moves.

    That is the stretch after the last page. Where a page follows it, somebody may have the name since: such a stretch
    counts if a page came before it as well and half a year of nothing else lay in it, for the way from `http:` to
    `https:` is captured beside the page itself.
    """
    seen = sorted(
        (row.starts.first, row.value)
        for row in rows
        if row.name == "capture" and row.starts is not None and row.value.count(" ") >= 3
    )
    away: tuple[datetime, str] | None = None
    earlier: tuple[datetime, str] | None = None
    lived = False
    for at, value in seen:
        status, _, _, url = value.split(" ", 3)
        if status.startswith("2"):
            if away and lived and at - away[0] >= _AWAY:
                earlier = away
            away, lived = None, True
        elif status in ("301", "302", "307", "308") and away is None:
            away = at, url
    found = away or earlier
    return [(f"{found[0]:%Y%m%d%H%M%S}", found[1])] if found else []


def _held(row: Observation) -> Held | None:
    words = row.value.split(" ", 3)
    if row.name != "capture" or row.starts is None or len(words) != 4 or words[:2] != ["200", "text/html"]:
        return None
    return Held(row.starts.first, words[2], words[3])


def _spans(target: Target, now: datetime) -> list[tuple[datetime, datetime]]:
    """The claimed time, from the first beginning to the last end; none where no claim is dated."""
    periods = [claim.period for claim in target.claims if claim.role in DATED_ROLES]
    begins = [begin.first for period in periods if (begin := period.starts or period.ends)]
    ends = [period.ends.last if period.ends else now for period in periods if period.starts or period.ends]
    return [(min(begins), max(ends))] if begins else []


def _take(chosen: list[Held], found: Sequence[Held]) -> None:
    """Takes one that isn't there yet, by its content."""
    for one in found:
        if len(chosen) < MOST and all(one.digest != other.digest for other in chosen):
            chosen.append(one)


def _farthest(held: Sequence[Held], chosen: Sequence[Held], now: datetime) -> Held | None:
    """The capture of other content that lies farthest in time from all that are chosen; None where none is left
    that would tell anything new. Today's page is read anyway, so what is close to now counts as known."""
    known = [one.at for one in chosen] + [now]
    digests = {one.digest for one in chosen}
    left = [one for one in held if one.digest not in digests]
    best = max(left, key=lambda one: min(abs(one.at - at) for at in known), default=None)
    return best if best is not None and min(abs(best.at - at) for at in known) >= _CLOSE else None
