"""Which lines of a section say who and when: those with dates, and those above and below that belong to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scanner.intake.resume import dates
from scanner.intake.resume.headings import Part
from scanner.intake.resume.pieces import ICONS
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.spread import SHORT
from scanner.intake.resume.words import FORM, LABELS, LEGAL

ABOVE = 3  # lines of an entry above its dates, at most


def dated_lines(lines: Sequence[Line], part: Part) -> list[tuple[int, dates.Span]]:
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
    elif ranges:
        chosen = [row for row in every if row in ranges or _set_as(row, ranges)]
    else:
        chosen = [row for row in every if not row[2].bullet and len(row[2].text) < 80]
    plain = [row for row in chosen if not row[2].bullet]
    return [(number, span) for number, span, _ in plain or chosen]


Row = tuple[int, dates.Span, Line]


def _set_as(row: Row, ranges: Sequence[Row]) -> bool:
    """Whether a single date stands as the periods do, alone on its line or by a tab at its end: a post of one year."""
    if len(ranges) < 2 or row[2].bullet:
        return False
    return all(_way(row) and _way(row) == _way(other) for other in ranges)


def _way(row: Row) -> tuple[object, ...]:
    """How a line with dates is set; empty where nothing sets them apart."""
    _, span, line = row
    alone = span.start == 0 and span.end == len(line.text)
    tab = line.text[: span.start].endswith("\t") and span.end == len(line.text)
    return (line.style, alone) if alone or tab else ()


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


def above(lines: Sequence[Line], number: int, floor: int, most: int) -> int:
    """How many lines right above line `number`, and below `floor`, can belong to its head."""
    count = aside = 0
    while count - aside < most and number - count - 1 > floor:
        line = lines[number - count - 1]
        if _one_item(lines, number - count - 1, number):
            line = replace(line, bullet=False)
        if not line.text and not line.links and not line.gap:  # its words went to another line
            count += 1
            aside += 1
            continue
        if (
            not line.text
            or not headlike(line)
            or sentence(line.text)
            or _of_columns(line, lines[number])
            or (lines[number - count].gap and count + 1 - aside > most)
        ):
            break
        count += 1
        aside += _aside(line) or not any(char.isalnum() for char in ICONS.sub("", line.text))
    return count


def _of_columns(line: Line, below: Line) -> bool:
    """Whether a line says what the columns below it are: as many cells as the row with the dates, and no address."""
    cells = line.text.count("\t")
    return cells > 1 and cells == below.text.count("\t") and not dates.find(line.text)


def _one_item(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether both lines belong to one item of a list, over several lines."""
    return lines[first].bullet and all(line.goes_on for line in lines[first + 1 : last + 1])


def headlike(line: Line) -> bool:
    text = line.text
    ended = text.endswith((".", "。", ";")) and len(text) > 40 and not _ends_in_form(text)
    return not line.bullet and len(text) <= SHORT and not ended


def labelled_cell(line: Line) -> Line:
    """A row of a table whose first cell says what the second is, with a colon between them: "Employer   Acme"."""
    first, tab, _ = line.text.partition("\t")
    if tab and any(label.fullmatch(f"{first}:") for _, label in LABELS):
        return replace(line, text=line.text.replace("\t", ":", 1))
    return line


def labelled(line: Line) -> bool:
    """Whether a line says what it is: "Employer: Acme"."""
    return any(name != "other" and label.match(line.text) for name, label in LABELS)


def _aside(line: Line) -> bool:
    """Whether a line tells by a label that it is about something else: "Salary: 70,000"."""
    return any(
        (name == "other" and label.match(line.text)) or label.fullmatch(f"{line.text}:")
        for name, label in LABELS
    )


def _ends_in_form(text: str) -> bool:
    """Whether a full stop at the end is a legal form's."""
    return LEGAL.search(text) is not None or FORM.search(text[-12:]) is not None


def sentence(text: str) -> bool:
    """Whether a line tells what was done rather than where."""
    if text.endswith("。"):
        return True
    return text.endswith(".") and len(text.split()) > 3 and not _ends_in_form(text)


UNFINISHED = re.compile(
    r"(?:\s(?:of|and|for|the|de|des|du|la|le|les|et|del|y|da|do|dos|e|di|der|die|das|für|und|van|en|dla|w|z|i)|[&,-])$",
    re.IGNORECASE,
)


def unbroken(lines: Sequence[Line]) -> list[Line]:
    """The same lines, those of a head that were broken within a name whole again: "Holm Institute of" above
    "Oceanography"; what stood on the second goes to the first."""
    found = list(lines)
    for at in range(len(found) - 1):
        upper, lower = found[at], found[at + 1]
        first, tab, rest = upper.text.partition("\t")
        spans = dates.find(rest)
        if tab and not (spans and spans[0].end - spans[0].start == len(rest)):
            continue
        near = [*found[max(0, at - 1) : at], *found[at : at + 4]]
        plain = not (
            lower.bullet or lower.gap or lower.heading or "\t" in lower.text or dates.find(lower.text)
        )
        small = lower.text[:1].islower() and upper.style == lower.style and len(first) > 24
        if (
            plain
            and lower.text
            and not upper.bullet
            and len(first) + len(lower.text) < SHORT
            and not sentence(upper.text)
            and not sentence(lower.text)
            and (UNFINISHED.search(first) or small)
            and not dates.find(first)
            and any(map(dates.is_range, [span for line in near for span in dates.find(line.text)]))
        ):
            found[at] = _joined(upper, len(first), lower)
            found[at + 1] = replace(lower, text="", links=[])
    return found


def _joined(upper: Line, at: int, lower: Line) -> Line:
    """The upper line with the words of the lower one put in at character `at`."""
    more = len(lower.text) + 1
    links = [replace(a, start=a.start + more, end=a.end + more) if a.start > at else a for a in upper.links]
    links += [replace(a, start=a.start + at + 1, end=a.end + at + 1) for a in lower.links]
    return replace(upper, text=f"{upper.text[:at]} {lower.text}{upper.text[at:]}", links=links)


def as_heads(lines: Sequence[Line]) -> list[Line]:
    """The same lines, those no longer marked as items that say who and when as a list: firm, then dates alone; or items
    that each stand right above the dates of a post."""
    found = list(lines)
    ranged = [at for at, line in enumerate(lines) if any(map(dates.is_range, dates.find(line.text)))]
    if not ranged:
        return found
    alone = [at for at in ranged if lines[at].bullet and _only_dates(lines[at].text)]
    if alone and all(at in alone or not lines[at].bullet for at in ranged):
        starts = [_run(lines, at) for at in alone]
        if all(0 < at - start <= ABOVE for at, start in zip(alone, starts, strict=True)):
            for at, start in zip(alone, starts, strict=True):
                for place in range(start, at + 1):
                    found[place] = replace(lines[place], bullet=False)
    over = [at - 1 for at in ranged if not lines[at].bullet and at]
    if ranged[0] == 1 and len(over) == len(ranged) > 1 and all(lines[at].bullet for at in over):
        for at in over:
            found[at] = replace(lines[at], bullet=False)
    return found


def _only_dates(text: str) -> bool:
    return any(len(text) - (span.end - span.start) < 4 for span in dates.find(text))


def _run(lines: Sequence[Line], at: int) -> int:
    """Where the list begins that line `at` is an item of."""
    while at and lines[at - 1].bullet:
        at -= 1
    return at
