"""A claimed period against what was recorded, as lanes over the same years: for a drawing and, row by row, a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count, takewhile

from scanner.model import Attempt, Claim
from scanner.report import html_lanes as lane_of
from scanner.report.html_facts import Row
from scanner.report.html_lanes import Entry, Lane, Mark, Scale

MOST_YEARS, MOST_LABELS, MOST_RELATED = 40, 7, 2


@dataclass(frozen=True, slots=True)
class Timeline:
    """bands: claimed periods, drawn behind all lanes. now: where the scan stands."""

    lanes: tuple[Lane, ...]
    years: tuple[tuple[float, str], ...]
    bands: tuple[Mark, ...]
    now: float
    height: int

    @property
    def others(self) -> bool:
        """Whether anything is drawn that is not the site's content."""
        return any(mark.shape == "other" for lane in self.lanes for mark in lane.marks)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Claims first, then by date."""
        claimed = [entry for lane in self.lanes if lane.kind == "claim" for entry in lane.entries]
        dated = [entry for lane in self.lanes if lane.kind != "claim" for entry in lane.entries]
        return (*claimed, *sorted(dated, key=lambda entry: entry.when.removeprefix("by ")))


def draw(
    claims: Sequence[Claim],
    rows: Sequence[Row],
    attempts: Sequence[Attempt],
    as_of: datetime,
    related: Mapping[str, Sequence[Row]] | None = None,
) -> Timeline:
    """The timeline of one target. Never raises: dates beyond the drawing stand at its edge, and in the table.

    related: the dated facts of other domains that speak for the claims, an earlier address of the same firm say.
    """
    others = dict(list((related or {}).items())[:MOST_RELATED])
    scale = _scale(claims, [*rows, *(row for own in others.values() for row in own)], as_of)
    status = {attempt.source: attempt.status for attempt in attempts}
    lanes = [
        *lane_of.claimed(claims, scale),
        *lane_of.own_words(rows, scale),
        lane_of.registration(rows, scale, status),
        lane_of.certificates(rows, scale, status),
        lane_of.archive(rows, scale, status),
        *lane_of.content(rows, scale, as_of),
        *(lane for name, own in others.items() for lane in lane_of.related(name, own, scale)),
    ]
    placed = tuple(
        replace(lane, y=lane_of.HEAD + number * lane_of.LANE_HEIGHT) for number, lane in enumerate(lanes)
    )
    bands = tuple(mark for lane in placed if lane.kind == "claim" for mark in lane.marks)
    height = lane_of.HEAD + len(placed) * lane_of.LANE_HEIGHT + lane_of.FOOT
    return Timeline(placed, tuple(_years(scale)), bands, scale.at(as_of), height)


def _scale(claims: Sequence[Claim], rows: Sequence[Row], as_of: datetime) -> Scale:
    dates = [c.period.starts for c in claims] + [c.period.ends for c in claims]
    dates += [row.fact.starts for row in rows if _drawn(row)]
    years = [date.year for date in dates if date is not None] + [as_of.year - 2]
    first = max(min(years), as_of.year - MOST_YEARS, 2)
    last = min(max([*(c.period.ends.year for c in claims if c.period.ends), as_of.year]), as_of.year + 5) + 1
    return Scale(min(first, as_of.year - 2), last, as_of)


def _drawn(row: Row) -> bool:
    return row.fact.kind in ("registration", "ct", "archive", "history") and row.fact.name != "expires"


def _years(scale: Scale) -> Iterator[tuple[float, str]]:
    length = scale.last - scale.first
    step = next(step for step in (1, 2, 5, 10, 20) if length <= step * MOST_LABELS)
    begin = scale.first + -scale.first % step
    for year in takewhile(lambda year: year < scale.last, count(begin, step)):
        yield scale.at(datetime(year, 1, 1, tzinfo=UTC)), str(year)
