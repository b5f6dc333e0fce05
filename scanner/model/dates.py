"""Dates as precisely as they are known, and periods of them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a date is known."""

    SECOND = "second"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Bound(StrEnum):
    """What a date says about the moment it stands for."""

    AT = "at"  # it happened then
    NOT_BEFORE = "not-before"  # it happened then or later
    NOT_AFTER = "not-after"  # it had happened by then


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?)?)?)?\Z")


@dataclass(frozen=True, slots=True)
class Date:
    """A point in time as precisely as it is known, as ISO 8601 UTC text.

    >>> Date("2015-03").precision.value, Date("2015-03").last.isoformat()
    ('month', '2015-03-31T23:59:59+00:00')
    >>> Date("2015").surely_before(Date("2016-01")), Date("2015").surely_before(Date("2015-06"))
    (True, False)
    """

    text: str

    def __post_init__(self) -> None:
        if not _DATE.match(self.text):
            raise ValueError(f"not a date: {self.text!r} (write YYYY, YYYY-MM or YYYY-MM-DD)")
        self.first  # noqa: B018  raises ValueError for month 0 and the 31st of February

    @classmethod
    def of(cls, moment: datetime, precision: Precision = Precision.SECOND) -> Date:
        """The date of an aware datetime (converted to UTC; microseconds dropped)."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        iso = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
        return cls(iso[: {"second": 20, "day": 10, "month": 7, "year": 4}[precision.value]])

    @property
    def precision(self) -> Precision:
        return {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}.get(
            len(self.text), Precision.SECOND
        )

    @property
    def first(self) -> datetime:
        """The earliest moment this date can mean."""
        y, m, d, hh, mm, ss = self._parts()
        return datetime(
            int(y or 0), int(m or 1), int(d or 1), int(hh or 0), int(mm or 0), int(ss or 0), tzinfo=UTC
        )

    @property
    def last(self) -> datetime:
        """The latest moment this date can mean."""
        y, m, d, hh, _, _ = self._parts()
        if hh is not None:
            return self.first
        month = int(m or 12)
        day = int(d or calendar.monthrange(int(y or 1), month)[1])
        return datetime(int(y or 0), month, day, 23, 59, 59, tzinfo=UTC)

    @property
    def day(self) -> str:
        """The date as people write it: never finer than a day."""
        return self.text[:10]

    @property
    def year(self) -> int:
        return int(self.text[:4])

    def surely_before(self, other: Date, margin: timedelta = timedelta(0)) -> bool:
        """True when every moment this can mean lies more than `margin` before every moment `other` can mean."""
        return self.last + margin < other.first

    def _parts(self) -> Iterable[str | None]:
        found = _DATE.match(self.text)
        assert found is not None
        return found.groups()

    def __str__(self) -> str:
        return self.text


def earliest(dates: Iterable[Date]) -> Date | None:
    """The date whose latest meaning is earliest: what can be said with certainty."""
    return min(dates, key=lambda date: (date.last, date.text), default=None)


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, as stated. Absent means not stated; `ongoing` means "present" was said."""

    starts: Date | None = None
    ends: Date | None = None
    ongoing: bool = False

    @property
    def end_text(self) -> str:
        """What the `ends` columns hold: a date, `present`, or nothing."""
        return "present" if self.ongoing else str(self.ends or "")

    def __str__(self) -> str:
        return f"{self.starts or '?'} to {self.end_text or '?'}"
