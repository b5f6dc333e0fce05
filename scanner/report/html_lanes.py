"""The lanes of a timeline: the claim's own, and one for each kind of record, with its rows for the table.

Positions are percentages of the width, so that one drawing fits a desk, a phone and paper with letters of one size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scanner.model import Bound, Claim, Date, Status
from scanner.report.html_facts import Row
from scanner.report.html_words import SILENCES, STATES

LANE_HEIGHT, HEAD, FOOT = 46, 8, 34
"""Pixels: of a lane (its name above its line), and of what stands above and below the lanes."""
MOST_CLAIMS, MOST_DOTS, NAME_LETTERS = 4, 60, 46
EDGE = 1.0
"""Percent of the width left free on both sides, so that no dot is cut on paper."""
BROWSER = "screenshot"  # the source of what a browser showed
_SECONDS_A_YEAR = 365.25 * 86400


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a lane. x and width in percent; `shape` is `span`, `open` (an end not known), `dot` or `other`
    (a page that is not the site's content)."""

    shape: str
    x: float
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table: when, what the record says, and what it was read from."""

    when: str
    what: str
    said: str = ""  # the record's own words
    evidence: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    kind: str  # claim, words, registration, certificate, archive, content
    marks: tuple[Mark, ...] = ()
    entries: tuple[Entry, ...] = ()
    y: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """Years to percent."""

    first: int
    last: int  # exclusive
    as_of: datetime
    span: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "span", (self.last - self.first) * _SECONDS_A_YEAR)

    def at(self, moment: datetime) -> float:
        start = datetime(self.first, 1, 1, tzinfo=UTC)
        share = min(1.0, max(0.0, (moment - start).total_seconds() / self.span))
        return round(EDGE + share * (100 - 2 * EDGE), 2)

    def of(self, starts: Date, ends: datetime | None, shape: str = "span") -> Mark:
        x = self.at(starts.first)
        return Mark(shape, x, round(max(0.4, self.at(ends or self.as_of) - x), 2))

    def dot(self, date: Date, shape: str = "dot") -> Mark:
        return Mark(shape, self.at(date.first))


def claimed(claims: Sequence[Claim], scale: Scale) -> Iterator[Lane]:
    """One for each claim as far as there is room; the rest stand in the table."""
    for number, claim in enumerate(claims):
        period = claim.period
        stated = " to ".join((str(period.starts or "not stated"), period.end_text or "not stated"))
        when = stated if period.starts or period.end_text else "no period stated"
        entry = Entry(when, f"claimed ({claim.role.value})", claim.organisation or claim.url)
        marks: tuple[Mark, ...] = ()
        if period.starts:
            ends = None if period.ongoing else period.ends.last if period.ends else None
            known = period.ongoing or period.ends is not None
            marks = (scale.of(period.starts, ends, "span" if known else "open"),)
        elif period.ends:
            marks = (scale.dot(period.ends),)
        name = f"Claimed: {stated}" if marks else f"Claimed as {claim.role.value}, no period stated"
        if number < MOST_CLAIMS:
            yield Lane(_short(name), "claim", marks, (entry,))
        else:
            yield Lane("Claimed (more in the table)", "claim", (), (entry,))


def own_words(rows: Iterable[Row], scale: Scale) -> Iterator[Lane]:
    """What the pages say of their own age; the same words on many pages are one row."""
    said: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        if row.fact.kind == "history" and row.fact.starts:
            said.setdefault((row.fact.name, row.fact.starts.text, row.fact.value), row)
    found = sorted(said.values(), key=lambda row: (str(row.fact.starts), row.fact.name, row.fact.value))[:8]
    if not found:
        return
    dates = [row.fact.starts for row in found if row.fact.starts]
    entries = tuple(Entry(_span(row), "the pages' own words", row.fact.value, row.evidence) for row in found)
    marks = tuple(dict.fromkeys(scale.dot(date) for date in dates))
    began = next((row for row in found if row.fact.name != "copyright"), None)
    since = f"since {began.fact.starts}" if began is not None else f"© {dates[0].day}"
    yield Lane(_short(f"The pages' own words: {since}"), "words", marks, entries)


def registration(rows: Sequence[Row], scale: Scale, status: Mapping[str, Status]) -> Lane:
    """Since when the name is registered, and what became of it; empty, it says why."""
    named = ("created", "reregistered", "transferred", "updated", "expires")
    found = _once(row for row in rows if row.named("registration", *named))
    began = next((row.fact.starts for row in found if row.fact.name == "created"), None)
    entries = tuple(Entry(_when(row), _REGISTERED[row.fact.name], "", row.evidence) for row in found)
    if began is None:
        return Lane(f"Registered: {_silence(status, 'rdap', 'whois')}", "registration", (), entries)
    expires = next((row.fact.starts for row in found if row.fact.name == "expires"), None)
    runs_to = min(expires.last, scale.as_of) if expires else None
    dots = [scale.dot(row.fact.starts) for row in found if row.fact.starts and row.fact.name != "expires"]
    return Lane(
        f"Registered: {began.day}", "registration", (scale.of(began, runs_to), *dict.fromkeys(dots)), entries
    )


_REGISTERED = {
    "created": "the name was registered",
    "reregistered": "the name was registered anew",
    "transferred": "the name moved to another registrar",
    "updated": "the record was changed",
    "expires": "the registration runs to",
}


def related(name: str, rows: Sequence[Row], scale: Scale) -> Iterator[Lane]:
    """When another domain that speaks for the claims was registered."""
    began = next((row for row in _once(rows) if row.named("registration", "created")), None)
    if began is not None and began.fact.starts is not None:
        date = began.fact.starts
        entry = Entry(_when(began), f"{name} was registered", "", began.evidence)
        marks = (scale.of(date, None), scale.dot(date))
        yield Lane(_short(f"Registered {date.day}: {name}"), "registration", marks, (entry,))


def certificates(rows: Sequence[Row], scale: Scale, status: Mapping[str, Status]) -> Lane:
    """From the first certificate logged to the last; empty, it says why."""
    found = _once(row for row in rows if row.named("ct", "first_logged", "logged_by", "last_logged"))
    first = next((row for row in found if row.fact.name != "last_logged"), None)
    if first is None or first.fact.starts is None:
        return Lane(f"Certificates: {_silence(status, 'ct')}", "certificate")
    words = {"last_logged": "last certificate logged", "first_logged": "first certificate logged"}
    entries = tuple(
        Entry(
            _when(row),
            words.get(row.fact.name, "a certificate logged (earlier ones not listed)"),
            "",
            row.evidence,
        )
        for row in found
    )
    last = next((row.fact.starts for row in found if row.fact.name == "last_logged"), None)
    dots = [scale.dot(row.fact.starts) for row in found if row.fact.starts]
    span = scale.of(first.fact.starts, last.last if last else first.fact.starts.last)
    return Lane(
        f"Certificates: by {first.fact.starts.day}", "certificate", (span, *dict.fromkeys(dots)), entries
    )


def archive(rows: Sequence[Row], scale: Scale, status: Mapping[str, Status]) -> Lane:
    """The captures, thinned; empty, it says why."""
    found = _once(row for row in rows if row.named("archive", "first_capture", "last_capture"))
    dates = sorted(
        {row.fact.starts for row in rows if row.fact.kind == "archive" and row.fact.starts}, key=str
    )
    firsts = [row.fact.starts for row in found if row.fact.name == "first_capture" and row.fact.starts]
    if not firsts:
        return Lane(f"Archived: {_silence(status, 'archive')}", "archive")
    ends = {"first_capture": min(firsts, key=str), "last_capture": dates[-1]}
    entries = tuple(
        Entry(_when(row), f"{row.fact.name.split('_')[0]} archived page", row.fact.value, row.evidence)
        for row in found
        if row.fact.starts == ends[row.fact.name]
    )
    marks = dict.fromkeys(scale.dot(date) for date in dates)
    thinned = tuple(marks)[:: len(marks) // MOST_DOTS + 1]
    return Lane(f"Archived: by {min(firsts, key=str).day}", "archive", thinned, entries)


_SEEN = {"archive": "archived", "website": "seen", "page": "seen in a browser"}


def content(rows: Sequence[Row], scale: Scale, as_of: datetime) -> Iterator[Lane]:
    """What stood at the address: as archived, as the scan found it, and as a browser showed it."""
    seen: list[tuple[Date, str, Row]] = []
    shown: set[str] = set()
    for row in rows:
        state = row.fact.value.partition(" ")[0]
        if row.named("archive", "held") and row.fact.starts:
            seen.append((row.fact.starts, state, row))
        elif row.named("website", "state"):
            seen.append((Date.of(as_of), state, row))
        elif row.named("page", "state") and row.fact.source == BROWSER and state not in shown:
            shown.add(state)
            seen.append((Date.of(as_of), state, row))
    seen.sort(key=lambda one: (one[0].text, one[1]))
    if not seen:
        return
    entries = tuple(
        Entry(
            date.day,
            f"{_SEEN[row.fact.kind]}: {STATES.get(state, state)}",
            "",
            row.evidence,
        )
        for date, state, row in seen
    )
    drawn = dict.fromkeys(
        scale.dot(date, "dot" if state == "content" else "other") for date, state, _ in seen
    )
    marks = sorted(drawn, key=lambda mark: mark.shape == "dot")  # content last, so that nothing lies over it
    held = [date.day for date, state, _ in seen if state == "content"]
    name = f"Content: seen {held[0]}" if held else "Content: none seen"
    if len(set(held)) > 1:
        name += f" to {held[-1]}"
    if len(held) < len(seen):
        name += " (○ other)"
    yield Lane(_short(name), "content", tuple(marks), entries)


# ------------------------------------------------------------------------------------------------ words


def _once(rows: Iterable[Row]) -> list[Row]:
    """One row for each name and date: RDAP and WHOIS often say the same."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.fact.starts:
            found.setdefault((row.fact.name, row.fact.starts.day), row)
    return sorted(found.values(), key=lambda row: (str(row.fact.starts), row.fact.name))


def _when(row: Row) -> str:
    day = row.fact.starts.day if row.fact.starts else ""
    return {Bound.AT: day, Bound.NOT_AFTER: f"by {day}", Bound.NOT_BEFORE: f"{day} or later"}[row.fact.bound]


def _span(row: Row) -> str:
    """A year, or the years a notice names."""
    ends = row.fact.ends
    return _when(row) if ends is None or ends == row.fact.starts else f"{_when(row)} to {ends.day}"


def _silence(status: Mapping[str, Status], *sources: str) -> str:
    """Why a lane is empty, said so that nobody takes silence for an answer."""
    states = [status[source] for source in sources if source in status]
    if Status.ABSENT in states:
        return "none on record"
    if any(state.answered for state in states):
        return "no date given"
    spoken = [state for state in states if state is not Status.SKIPPED]
    return f"unknown (source {SILENCES[spoken[0].value]})" if spoken else "not asked"


def _short(text: str) -> str:
    return text if len(text) <= NAME_LETTERS else f"{text[: NAME_LETTERS - 1]}…"
