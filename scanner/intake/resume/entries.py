"""Who is said to have employed or taught somebody, when and where: entries of a section around their dates.

A résumé sets all entries of a section alike, so the first one tells how many lines stand above its dates, and all of
them together tell which of their pieces name organisations (`joint`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scanner.domains import host_of, registrable
from scanner.intake.resume import dates, links
from scanner.intake.resume.headings import Part
from scanner.intake.resume.heads import (
    ABOVE,
    UNFINISHED,
    above,
    as_heads,
    dated_lines,
    headlike,
    labelled,
    labelled_cell,
    names_employer,
    sentence,
    unbroken,
)
from scanner.intake.resume.joint import Head, Scored, chosen, without_commas
from scanner.intake.resume.pieces import Piece, pieces_of
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.spread import SHORT, put_together
from scanner.intake.resume.weighing import named, place_of, ranked
from scanner.intake.resume.words import FORM, FREE, LEGAL, NO_POST, SCHOOL, TITLE
from scanner.knowledge import Kind
from scanner.model import Period

BELOW = 2
_GUESSED = "the organisation was guessed from its place on the page"
_ODD = "the organisation's name reads like part of a sentence, or of a longer name"
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
    pieces: list[Piece] = field(default_factory=list)
    chosen: Piece | None = None


def entries(lines: Sequence[Line], part: Part) -> list[Entry]:
    """The entries of a section."""
    lines = as_heads(unbroken([labelled_cell(line) for line in put_together(lines)]))
    dated = dated_lines(lines, part)
    if not dated:
        return _undated(lines) if part is Part.SCHOOL else []
    blocks = _blocks(lines, dated)
    body, sites = _body(lines), _sites(lines)
    read = _read(lines, part, blocks, dated, body, sites)
    astray = [at for at, entry in enumerate(read) if not entry.organisation or entry.title_only]
    if astray:  # set otherwise than the first: what stands right above?
        wider = list(blocks)
        for at in astray:
            number, floor = dated[at][0], dated[at - 1][0] if at else -1
            wider[at] = range(number - above(lines, number, floor, ABOVE), blocks[at].stop)
        again = _read(lines, part, wider, dated, body, sites)
        for at in astray:
            if again[at].organisation and not again[at].title_only:
                again[at].doubts = again[at].doubts or [_GUESSED]
                read[at] = again[at]
    found: list[Entry] = []
    for entry in read:
        _take(entry, found, part)
    for entry in found:
        if part is Part.WORK and not entry.doubts and not _told_apart(entry, sites):
            entry.doubts.append(_GUESSED)
    return found


def _blocks(lines: Sequence[Line], dated: Sequence[tuple[int, dates.Span]]) -> list[range]:
    """The lines of each entry: as many above its dates as the first one has."""
    most = above(lines, dated[0][0], -1, ABOVE)
    starts, last = [], -1
    for number, _ in dated:
        starts.append(number - above(lines, number, last, most))
        last = number
    return [range(*pair) for pair in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _body(lines: Sequence[Line]) -> str:
    """The style of running text: that of most characters; empty where styles are not known, or nearly all are alike, or
    the section begins so."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts[line.style] += len(line.text)
    style, count = counts.most_common(1)[0] if counts else ("", 0)
    heads = lines[0].style if lines else ""
    return style if style != heads and count * 10 < counts.total() * 9 else ""


def _sites(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """(line, name of the host) of the addresses that are no profiles."""
    return [
        (one.line, (registrable(host_of(one.url) or "") or "").partition(".")[0].replace("-", ""))
        for one in links.find(lines)[0]
        if one.kind is Kind.SITE
    ]


def _read(
    lines: Sequence[Line],
    part: Part,
    blocks: Sequence[range],
    dated: Sequence[tuple[int, dates.Span]],
    body: str,
    sites: Sequence[tuple[int, str]],
) -> list[Entry]:
    """An entry for each block, their organisations chosen together."""
    read, heads = [], []
    for block, (number, span) in zip(blocks, dated, strict=True):
        pieces, end = _pieces(lines, block, number, span)
        names = frozenset(name for at, name in sites if at in block)
        heads.append(Head(pieces, block.start, number, names))
        read.append(Entry(period=span.period, head=range(block.start, end), lines=block))
        if not span.sure:
            read[-1].doubts.append("the dates leave open when it ended")
    heads = without_commas(heads)
    for entry, head, rows in zip(read, heads, chosen(heads, part, body), strict=True):
        entry.pieces = head.pieces
        if rows:
            _choose(entry, rows)
    return read


def _choose(entry: Entry, rows: Sequence[Scored]) -> None:
    best = rows[0]
    points = max(best.points, best.own)  # that the others are as doubtful makes it no title
    entry.chosen, entry.organisation = best.piece, best.piece.text
    entry.place = place_of(entry.pieces, best.piece)
    entry.title_only = points < -1
    entry.own = entry.title_only and any(FREE.search(one.text) for one in entry.pieces)
    if _odd(best.piece.text):
        entry.doubts.append(_ODD)
    elif points < SURE or best.piece.merged or (len(rows) > 1 and best.points - rows[1].points < 0.5):
        entry.doubts.append(_GUESSED)


def _odd(name: str) -> bool:
    """Whether an organisation is called oddly: words of a sentence, half of a name, words without
    the spaces between them, or a legal form alone."""
    words = [word for word in name.split() if word[:1].isalpha()]
    small = sum(word[:1].islower() for word in words)
    told = len(words) > 3 and small * 2 >= len(words)
    glued = any(len(re.findall(r"[a-z][A-Z]", word)) > 1 for word in words)  # "atNorthernLights"
    return (
        told
        or glued
        or UNFINISHED.search(name) is not None
        or re.fullmatch(FORM.pattern, name, re.IGNORECASE) is not None
    )


def _told_apart(entry: Entry, sites: Sequence[tuple[int, str]]) -> bool:
    """Whether anything but its place on the page says which piece is the organisation: its own look, an address that
    bears its name, or another piece that names the post."""
    one = entry.chosen
    if one is None or one.linked or one.after_at or one.label:
        return True
    if FORM.search(one.text) or LEGAL.search(one.text):
        return True
    if named(one.text, frozenset(name for at, name in sites if at in entry.lines)):
        return True
    return any(
        TITLE.search(piece.text) for piece in entry.pieces if piece is not one and not piece.in_brackets
    )


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


def _pieces(lines: Sequence[Line], block: range, number: int, span: dates.Span) -> tuple[list[Piece], int]:
    """The pieces of an entry's head, and the number of the line after it."""
    pieces: list[Piece] = []
    for at in range(block.start, number + 1):
        pieces += pieces_of(lines[at], at, (span.start, span.end) if at == number else None)
    first = block.start == number  # nothing above the dates: all of it stands below
    end = number + 1
    for at in range(number + 1, min(number + 1 + BELOW + first, block.stop)):
        line = lines[at]
        if (line.goes_on and lines[number].bullet and not line.gap) or labelled(line):
            line = replace(
                line, bullet=False
            )  # each post is an item of a list, over several lines; or each line is one
        if not headlike(line) or sentence(line.text):
            break
        end = at + 1
        pieces += pieces_of(line, at, None)
    for at in range(end, block.stop):  # "Employer: Acme", wherever it stands in the entry
        if names_employer(lines[at]):
            pieces += pieces_of(lines[at], at, None)
    return pieces, end


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
