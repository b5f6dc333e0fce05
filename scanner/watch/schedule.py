"""When a case is due. Pure: moments in, moments out."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from scanner.model import Date

LEAST, MOST = timedelta(hours=1), timedelta(days=366)
RECHECK = timedelta(hours=22)
"""After so long a scan looks again, where the last one saw something that waits to be confirmed: the next day, also
where a timer runs once a day."""
RETRY = timedelta(hours=1)
"""After a run that failed; doubled each time, up to the interval itself."""
AT_ONCE = 20
SPREAD = timedelta(days=1)
"""So many cases of a list are due when it is added; the others are spread over their interval (a day at most)."""
JITTER, MOST_JITTER = 0.05, timedelta(hours=10)
"""So much of the interval, and no more, a scan comes early: what was added together drifts apart, and a cron job that
runs once an interval never finds its cases due an hour after it."""

_EVERY = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class ScheduleError(ValueError):
    """A schedule that can't be kept; one line that says what is allowed."""


def interval(text: str) -> timedelta:
    """The time between two scans: `12h`, `7d`, `2w`.

    >>> interval("7d")
    datetime.timedelta(days=7)
    """
    found = _EVERY.fullmatch(text.strip().lower())
    if not found:
        raise ScheduleError(f"{text!r} is no interval; write 12h, 7d or 2w")
    every = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not LEAST <= every <= MOST:
        raise ScheduleError(f"{text!r}: an interval is between an hour (1h) and a year (366d)")
    return every


def first_due(now: datetime, every: timedelta, position: int, of: int, starts: Date | None) -> datetime:
    """When the case at `position` of a list is scanned first; "today" is now. Raises ScheduleError for a start in the
    past."""
    if starts is not None and starts.last < now:
        raise ScheduleError(
            f"{starts} is past (it is {now:%Y-%m-%dT%H:%M}Z); leave the start out to begin now"
        )
    spread = timedelta(0)
    if of > AT_ONCE and position >= AT_ONCE:
        spread = min(every, SPREAD) * ((position - AT_ONCE) / (of - AT_ONCE))
    return (max(starts.first, now) if starts else now) + spread


def next_due(case: str, due: datetime, now: datetime, every: timedelta, runs: int) -> datetime:
    """When a case that was just scanned is due again: on its own grid, so that missed runs are caught up once, and a
    little before it. After a very late scan the grid moves by half an interval: no two scans stand close together."""
    due = min(due, now)  # later only after the clock was set back
    late = (now - due) % every
    whole = every if late <= every / 2 else every * 1.5
    return now - late + whole - min(every * JITTER, MOST_JITTER) * _spread(f"{case} {runs}")


def retry_due(now: datetime, every: timedelta, failures: int) -> datetime:
    """When a run that failed is tried again: soon, then less and less often."""
    return now + min(every, RETRY * (1 << min(max(failures - 1, 0), 16)))


def _spread(text: str) -> float:
    """Between 0 and 1, the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
