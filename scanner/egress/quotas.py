"""How often an operator may be asked. Keys are operators (registry, archive, log, platform), never hosts.

A question is granted or it is not; nothing is reserved, so a caller that gives up costs nobody a turn.
Sources of the rates: published or reported limits, NOTES §9.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

RATES: dict[str, tuple[float, int]] = {
    # kind (what stands before the colon): questions a second, and how many at once after a pause
    "rdap": (1.0, 1),
    "whois": (1.0, 1),
    "archive": (24 / 60, 4),
    "ct": (0.5, 1),
    "github": (48 / 3600, 12),  # 60 in any hour, the burst included
    "github-token": (4000 / 3600, 100),  # of 5,000
}
OTHERWISE = (1.0, 1)
LONGEST_PENALTY = 24 * 3600.0  # some registrars ban for a day; a header that says more is not believed
_REMEMBERED = 4096


class Quotas(Protocol):
    """Where the counts live: in memory for a scan, elsewhere for many machines."""

    async def take(self, key: str) -> float:
        """0 when granted (and counted); else the seconds after which asking again makes sense."""

    def penalise(self, key: str, seconds: float) -> None:
        """The operator said to stay away for so long."""


class MemoryQuotas:
    """Token buckets for one process."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: dict[str, tuple[float, float]] = {}  # key -> tokens, when counted
        self._closed_until: dict[str, float] = {}

    async def take(self, key: str) -> float:
        now = self._monotonic()
        closed = self._closed_until.get(key, 0.0) - now
        if closed > 0:
            return closed
        rate, burst = RATES.get(key.partition(":")[0], OTHERWISE)
        tokens, counted = self._buckets.get(key, (float(burst), now))
        tokens = min(float(burst), tokens + (now - counted) * rate)
        if tokens + 1e-9 < 1:
            return (1 - tokens) / rate
        self._forget(now)
        self._buckets[key] = (tokens - 1, now)
        return 0.0

    def penalise(self, key: str, seconds: float) -> None:
        if math.isfinite(seconds) and seconds > 0:
            until = self._monotonic() + min(seconds, LONGEST_PENALTY)
            self._closed_until[key] = max(until, self._closed_until.get(key, 0.0))

    def _forget(self, now: float) -> None:
        """Full buckets say nothing; drop them when many have gathered."""
        if len(self._buckets) < _REMEMBERED:
            return
        for key, (tokens, counted) in list(self._buckets.items()):
            rate, burst = RATES.get(key.partition(":")[0], OTHERWISE)
            if tokens + (now - counted) * rate >= burst:
                del self._buckets[key]


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds a Retry-After header asks for (a number or an HTTP date); None when it says nothing readable.

    >>> retry_after("120", datetime(2024, 6, 1, tzinfo=UTC))
    120.0
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
