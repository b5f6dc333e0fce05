"""Who is said to have employed or taught somebody, when and where: entries of a section around their dates.

A résumé sets all entries of a section alike, so the first one tells how many lines stand above its dates, and those
that are certain tell where in the others the organisation stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scanner.intake.resume import dates
from scanner.intake.resume.headings import Part
from scanner.intake.resume.pieces import Piece, pieces_of
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.spread import SHORT, put_together
from scanner.intake.resume.weighing import place_of, ranked
from scanner.intake.resume.words import FORM, FREE, LABELS, LEGAL, NO_POST, SCHOOL, TITLE
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
    lines = [_labelled_cell(line) for line in put_together(lines)]
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
    for entry in found:
        if part is Part.WORK and not entry.doubts and not _told_apart(entry):
            entry.doubts.append(_GUESSED)
    return found


def _told_apart(entry: Entry) -> bool:
    """Whether anything but its place on the page says which piece is the organisation: its own look, or another piece
    that names the post."""
    one = entry.chosen
    if (
        one is None
        or one.linked
        or one.after_at
        or one.label
        or FORM.search(one.text)
        or LEGAL.search(one.text)
    ):
        return True
    return any(
        TITLE.search(piece.text) for piece in entry.pieces if piece is not one and not piece.in_brackets
    )


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
    entry.place = place_of(entry.pieces, piece)


def _take(entry: Entry, found: list[Entry], part: Part) -> None:
    """Adds an entry; one that names a post alone belongs to the firm before it."""
    if part is Part.WORK and any(NO_POST.fullmatch(piece.text) for piece in entry.pieces[:2]):
        return  # years without a post: no firm to look at, and private
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
        if _bulk(line.text) - (span.end - span.start) <= SHORT and not _told(line.text, span)
    ]
    ranges = [row for row in every if dates.is_range(row[1])]
    if part is Part.SCHOOL:
        chosen = every
    else:
        chosen = ranges or [row for row in every if not row[2].bullet and len(row[2].text) < 80]
    plain = [row for row in chosen if not row[2].bullet]
    return [(number, span) for number, span, _ in plain or chosen]


def _bulk(text: str) -> int:
    """Characters of a line; of a row of cells, all but the longest: what somebody did there may take any room."""
    cells = text.split("\t")
    return len(text) - (max(map(len, cells)) if len(cells) > 2 else 0)


def _told(text: str, span: dates.Span) -> bool:
    """Whether a period stands in the middle of a sentence: "twelve years since 2012 in the trade"."""
    before, after = text[: span.start].rstrip(" "), text[span.end :].lstrip(" ")
    inside = before[-1:].isalpha() and after[:1].islower()
    since = after == "." and before and span.period.ongoing and len(text[span.start : span.end].split()) == 2
    return (
        inside
        or bool(since)
        or (not before and after[:1].islower() and len(after.split()) > 3 and after[-1:].isalpha())
    )


def _best(spans: list[dates.Span]) -> dates.Span:
    return next((span for span in spans if dates.is_range(span)), spans[0])


def _above(lines: Sequence[Line], number: int, floor: int, most: int) -> int:
    """How many lines right above line `number`, and below `floor`, can belong to its head."""
    count = aside = 0
    while count - aside < most and number - count - 1 > floor:
        line = lines[number - count - 1]
        if _one_item(lines, number - count - 1, number):
            line = replace(line, bullet=False)
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


def _one_item(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether both lines belong to one item of a list, over several lines."""
    return lines[first].bullet and all(line.goes_on for line in lines[first + 1 : last + 1])


def _headlike(line: Line) -> bool:
    text = line.text
    ended = text.endswith((".", "。", ";")) and len(text) > 40 and not _ends_in_form(text)
    return not line.bullet and len(text) <= SHORT and not ended


def _labelled_cell(line: Line) -> Line:
    """A row of a table whose first cell says what the second is, with a colon between them: "Employer   Acme"."""
    first, tab, _ = line.text.partition("\t")
    if tab and any(label.fullmatch(f"{first}:") for _, label in LABELS):
        return replace(line, text=line.text.replace("\t", ":", 1))
    return line


def _labelled(line: Line) -> bool:
    """Whether a line says what it is: "Employer: Acme"."""
    return any(name != "other" and label.match(line.text) for name, label in LABELS)


def _aside(line: Line) -> bool:
    """Whether a line tells by a label that it is about something else: "Salary: 70,000"."""
    return any(name == "other" and label.match(line.text) for name, label in LABELS)


def _ends_in_form(text: str) -> bool:
    """Whether a full stop at the end is a legal form's."""
    return LEGAL.search(text) is not None or FORM.search(text[-12:]) is not None


def _sentence(text: str) -> bool:
    """Whether a line tells what was done rather than where."""
    if text.endswith("。"):
        return True
    return text.endswith(".") and len(text.split()) > 3 and not _ends_in_form(text)


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
    rows = ranked(pieces, part, block.start, number)
    head = range(block.start, head_end)
    entry = Entry(period=span.period, head=head, lines=block, dated=number, pieces=pieces)
    if not span.sure:
        entry.doubts.append("the dates leave open when it ended")
    if not rows:
        return entry
    best, piece = rows[0]
    _choose(entry, piece)
    entry.title_only = best < -1
    entry.own = entry.title_only and any(FREE.search(piece.text) for piece in pieces)
    if best < SURE or (len(rows) > 1 and best - rows[1][0] < 0.5):
        entry.doubts.append(_GUESSED)
    return entry


def _undated(lines: Sequence[Line]) -> list[Entry]:
    """Schools without dates: a line that names one."""
    found = []
    for number, line in enumerate(lines):
        if len(line.text) > SHORT:
            continue
        rows = ranked(pieces_of(line, number, None), Part.SCHOOL, number, number)
        if rows and SCHOOL.search(rows[0][1].text):
            found.append(
                Entry(rows[0][1].text, head=range(number, number + 1), lines=range(number, number + 1))
            )
    return found
