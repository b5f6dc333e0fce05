"""What a team knows by itself about one target: entries of its feeds and its own, and what it overrules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scanner.knowledge.indicators import Indicator
from scanner.model import Date

OWN_FEED = "own"
"""Name of the list that `knowledge add` writes to."""


@dataclass(frozen=True, slots=True)
class Listing:
    """An indicator with the feed it stands in."""

    feed: str
    indicator: Indicator

    @property
    def whose(self) -> str:
        """Who says it, for a sentence."""
        return "your own list" if self.feed == OWN_FEED else f"the feed {self.feed}"

    def valid(self, limit: datetime | None, *, undated: bool) -> bool:
        """Whether it was public by then and not taken back yet. undated: entries without a date count too."""
        if limit is None:
            return True
        day = limit.astimezone(UTC).date()
        until, published = self.indicator.until, self.indicator.published
        if until and Date(until).first.date() <= day:
            return False
        return Date(published).last.date() <= day if published else undated


@dataclass(frozen=True, slots=True)
class Overrule:
    """A team's decision that no list counts for this registrable domain, with its reason and day."""

    domain: str
    reason: str
    decided: str


@dataclass(frozen=True, slots=True)
class OwnKnowledge:
    """Entries by (kind, value) and overrules by domain; only what somebody asked for."""

    _entries: Mapping[tuple[str, str], tuple[Listing, ...]] = field(default_factory=dict)
    _overrules: Mapping[str, Overrule] = field(default_factory=dict)

    @classmethod
    def of(cls, listings: Iterable[Listing], overrules: Iterable[Overrule] = ()) -> OwnKnowledge:
        grouped: dict[tuple[str, str], list[Listing]] = {}
        for listing in listings:
            grouped.setdefault((listing.indicator.kind, listing.indicator.value), []).append(listing)
        return cls(
            {key: tuple(rows) for key, rows in grouped.items()}, {one.domain: one for one in overrules}
        )

    def about(
        self, kind: str, value: str, limit: datetime | None = None, *, undated: bool = True
    ) -> tuple[Listing, ...]:
        """Listings of exactly this, by feed, as they stood on a day."""
        rows = self._entries.get((kind, value), ())
        return tuple(row for row in rows if row.valid(limit, undated=undated))

    def overrule(self, domain: str) -> Overrule | None:
        return self._overrules.get(domain)

    def __bool__(self) -> bool:
        return bool(self._entries or self._overrules)
