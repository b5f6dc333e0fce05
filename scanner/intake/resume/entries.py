"""Who is said to have employed or taught somebody, when and where: entries of a section around their dates.

A résumé sets all entries of a section alike, so the first one tells how many lines stand above its dates, and those
that are certain tell where in the others the organisation stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scanner.intake.resume import dates
from scanner.intake.resume.pieces import Piece, pieces_of
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.spread import SHORT, put_together
from scanner.intake.resume.words import DEGREE, FORM, FREE, LABELS, SCHOOL, TITLE, Part
from scanner.model import Period

ABOVE = 3  # lines of an entry above its dates, at most
BELOW = 2
_GUESSED = "the organisation was guessed from its place on the page"
SURE = 0.6  # points from which an organisation needs no second look


@dataclass(slots=True)
class Entry:
    """One post or course. lines: the numbers of all its lines; head: of those that say who and when."""

    organisation: str = ""
    period: Period = field(default_factory=Period)
    place: str = ""
    head: range = range(0)
    lines: range = range(0)
    doubts: list[str] = field(default_factory=list)
    title_only: bool = False
    own: bool = False
    dated: int = 0  # the number of the line with its dates
    pieces: list[Piece] = field(default_factory=list)
    chosen: Piece | None = None


def entries(lines: Sequence[Line], part: Part) -> list[Entry]:
    """The entries of a section."""
    lines = put_together(lines)
    dated = _dated(lines, part)
    if not dated:
        return _undated(lines) if part is Part.SCHOOL else []
    above = _above(lines, dated[0][0], -1, ABOVE)
    starts = []
    last = -1
    for number, _ in dated:
        starts.append(number - _above(lines, number, last, above))
        last = number
    read: list[Entry] = []
    for place, (number, span) in enumerate(dated):
        end = starts[place + 1] if place + 1 < len(starts) else len(lines)
        entry = _entry(lines, part, range(starts[place], end), number, span)
        if (
            not entry.organisation or entry.title_only
        ):  # set otherwise than the first: what stands right above?
            begin = number - _above(lines, number, dated[place - 1][0] if place else -1, ABOVE)
            other = _entry(lines, part, range(begin, end), number, span)
            if other.organisation and not other.title_only:
                other.doubts = other.doubts or [_GUESSED]
                entry = other
        read.append(entry)
    _set_alike(read)
    found: list[Entry] = []
    for entry in read:
        _take(entry, found, part)
    return found


def _set_alike(read: Sequence[Entry]) -> None:
    """Where the organisation was guessed, takes what stands in the place that it has in most entries."""
    guessed = [entry for entry in read if entry.title_only or _GUESSED in entry.doubts]
    known: Counter[tuple[int, int, int]] = Counter()
    for entry in read:
        if entry.chosen and not entry.title_only:
            known[_slot(entry, entry.chosen)] += 1 if entry in guessed else 2
    if not known or known.most_common(1)[0][1] * 2 <= known.total():
        return
    slot = known.most_common(1)[0][0]
    for entry in guessed:
        for piece in entry.pieces:
            words = len(piece.text.split()) <= 8 and not piece.label and not piece.is_place
            if _slot(entry, piece) == slot and words and not TITLE.search(piece.text):
                _choose(entry, piece)
                entry.doubts = list(dict.fromkeys([*entry.doubts, _GUESSED]))
                entry.title_only = entry.own = False


def _slot(entry: Entry, piece: Piece) -> tuple[int, int, int]:
    """Line from the dates, part of that line, place in the part."""
    beside = [other for other in entry.pieces if (other.line, other.cluster) == (piece.line, piece.cluster)]
    at = next(at for at, other in enumerate(beside) if other is piece)
    return piece.line - entry.dated, piece.cluster, at


def _choose(entry: Entry, piece: Piece) -> None:
    entry.chosen, entry.organisation = piece, piece.text
    entry.place = _place(entry.pieces, piece)


def _take(entry: Entry, found: list[Entry], part: Part) -> None:
    """Adds an entry; one that names a post alone belongs to the firm before it."""
    if entry.organisation and not entry.title_only:
        found.append(entry)
        return
    before = found[-1] if found else None
    if entry.own:  # one's own business without a name: nothing that could be looked at
        return
    if part is Part.WORK and before is not None and entry.title_only:
        if before.period.starts and entry.period.starts and _within(entry.period, before.period):
            before.lines = range(before.lines.start, entry.lines.stop)
            return
        entry.organisation, entry.place = before.organisation, entry.place or before.place
        entry.doubts = ["no organisation on these lines: taken from the post above"]
        found.append(entry)
    elif entry.organisation:
        found.append(entry)


def _within(inner: Period, outer: Period) -> bool:
    assert inner.starts is not None
    assert outer.starts is not None
    if inner.starts.last < outer.starts.first:
        return False
    if outer.ongoing:
        return True
    ends = inner.ends or inner.starts
    return not inner.ongoing and outer.ends is not None and ends.first <= outer.ends.last


def _dated(lines: Sequence[Line], part: Part) -> list[tuple[int, dates.Span]]:
    """Lines that carry an entry's dates: ranges; where there are none, single dates."""
    every = [
        (number, span, line)
        for number, line in enumerate(lines)
        if (spans := dates.find(line.text)) and (span := _best(spans))
        if len(line.text) - (span.end - span.start) <= SHORT
    ]
    ranges = [row for row in every if dates.is_range(row[1])]
    if part is Part.SCHOOL:
        chosen = every
    else:
        chosen = ranges or [row for row in every if not row[2].bullet and len(row[2].text) < 80]
    plain = [row for row in chosen if not row[2].bullet]
    return [(number, span) for number, span, _ in plain or chosen]


def _best(spans: list[dates.Span]) -> dates.Span:
    return next((span for span in spans if dates.is_range(span)), spans[0])


def _above(lines: Sequence[Line], number: int, floor: int, most: int) -> int:
    """How many lines right above line `number`, and below `floor`, can belong to its head."""
    count = aside = 0
    while count - aside < most and number - count - 1 > floor:
        line = lines[number - count - 1]
        if (
            not line.text
            or not _headlike(line)
            or _sentence(line.text)
            or (lines[number - count].gap and count + 1 - aside > most)
        ):
            break
        count += 1
        aside += _aside(line)
    return count


def _headlike(line: Line) -> bool:
    text = line.text
    ended = text.endswith((".", "。", ";")) and len(text) > 40 and not FORM.search(text[-12:])
    return not line.bullet and len(text) <= SHORT and not ended


def _labelled(line: Line) -> bool:
    """Whether a line says what it is: "Employer: Acme"."""
    return any(name != "other" and label.match(line.text) for name, label in LABELS)


def _aside(line: Line) -> bool:
    """Whether a line tells by a label that it is about something else: "Salary: 70,000"."""
    return any(name == "other" and label.match(line.text) for name, label in LABELS)


def _sentence(text: str) -> bool:
    """Whether a line tells what was done rather than where."""
    return text.endswith((".", "。")) and len(text.split()) > 3 and not FORM.search(text[-12:])


def _entry(
    lines: Sequence[Line],
    part: Part,
    block: range,
    number: int,
    span: dates.Span,
) -> Entry:
    pieces: list[Piece] = []
    head_end = number + 1
    for at in range(block.start, number + 1):
        cut = (span.start, span.end) if at == number else None
        pieces += pieces_of(lines[at], at, cut)
    first = block.start == number  # nothing above the dates: all of it stands below
    for at in range(number + 1, min(number + 1 + BELOW + first, block.stop)):
        line = lines[at]
        if (line.goes_on and lines[number].bullet and not line.gap) or _labelled(line):
            line = replace(
                line, bullet=False
            )  # each post is an item of a list, over several lines; or each line is one
        if not _headlike(line) or _sentence(line.text):
            break
        head_end = at + 1
        pieces += pieces_of(lines[at], at, None)
    ranked = _ranked(pieces, part, block.start, number)
    head = range(block.start, head_end)
    entry = Entry(period=span.period, head=head, lines=block, dated=number, pieces=pieces)
    if not span.sure:
        entry.doubts.append("the dates leave open when it ended")
    if not ranked:
        return entry
    best, piece = ranked[0]
    _choose(entry, piece)
    entry.title_only = best < -1
    entry.own = entry.title_only and any(FREE.search(piece.text) for piece in pieces)
    if best < SURE or (len(ranked) > 1 and best - ranked[1][0] < 0.5):
        entry.doubts.append(_GUESSED)
    return entry


def _ranked(pieces: Sequence[Piece], part: Part, first: int, number: int) -> list[tuple[float, Piece]]:
    points = [
        (
            _points(piece, part, place, (0.2 if first == number else 1.5) * max(0, piece.line - number)),
            -place,
            piece,
        )
        for place, piece in enumerate(pieces)
    ]
    return [
        (score, piece)
        for score, _, piece in sorted(points, key=lambda row: (row[0], row[1]), reverse=True)
        if score > -6
    ]


def _points(piece: Piece, part: Part, place: int, below: float) -> float:
    """How much speaks for a piece being the organisation. below: what standing below the dates counts against it."""
    text = piece.text
    title = TITLE.search(text) is not None
    form = FORM.search(text) is not None
    score = 1.0 - 0.3 * min(place, 5)
    score += 3.0 if piece.linked else 0.0
    score += 3.0 if piece.after_at else 0.0
    score += 5.0 if piece.label == "organisation" else -7.0 if piece.label else 0.0
    score -= 3.5 if piece.is_place else 0.0
    score -= below
    score -= 2.0 if text[:1].islower() and "." not in text else 0.0
    score -= 3.0 if len(text) > 60 or len(text.split()) > 8 else 0.0
    score -= 8.0 if sum(char.isalpha() for char in text) < 2 else 0.0
    score -= 1.5 if piece.in_brackets else 0.0
    if part is Part.SCHOOL:
        return score + (4.0 if SCHOOL.search(text) else 0.0) - (3.0 if DEGREE.search(text) else 0.0)
    score += 3.0 if form and not title else 1.0 if form else 0.0
    score -= 4.0 if title and not piece.after_at else 2.0 if title else 0.0
    score += 0.5 if FREE.search(text) and not title else 0.0
    return score


def _place(pieces: Sequence[Piece], chosen: Piece) -> str:
    found = [p for p in pieces if p.is_place and p is not chosen and not p.label and len(p.text) <= 60]
    if found:
        first = found[0]
        return ", ".join(p.text for p in found if p.line == first.line and p.cluster == first.cluster)
    at = pieces.index(chosen)
    after = pieces[at + 1 : at + 2]
    if (
        after
        and after[0].line == chosen.line
        and after[0].cluster == chosen.cluster
        and after[0].text[:1].isupper()
        and len(after[0].text.split()) <= 3
        and not TITLE.search(after[0].text)
        and not DEGREE.search(after[0].text)
    ):
        return after[0].text
    return ""


def _undated(lines: Sequence[Line]) -> list[Entry]:
    """Schools without dates: a line that names one."""
    found = []
    for number, line in enumerate(lines):
        if len(line.text) > SHORT:
            continue
        ranked = _ranked(pieces_of(line, number, None), Part.SCHOOL, number, number)
        if ranked and SCHOOL.search(ranked[0][1].text):
            found.append(
                Entry(ranked[0][1].text, head=range(number, number + 1), lines=range(number, number + 1))
            )
    return found
