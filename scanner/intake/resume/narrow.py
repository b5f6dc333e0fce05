"""Dates in a narrow column of their own, before the words of an entry and broken over its lines, in any format.

`margins` does the same for words on a page, whose places are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scanner.intake.periods import is_present
from scanner.intake.resume import dates
from scanner.intake.resume.sheet import Line

_WIDE = 18  # characters of such a column, at most
_BROAD = 30  # of one at the right
_MOST = 4  # lines that one period takes, at most


def joined(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each period of such a column on the first of its lines."""
    found = list(lines)
    for number in range(len(found) - 1):
        _downwards(found, number)
        _at_the_right(found, number)
    _upwards(found)
    return found


def _column(line: Line) -> int:
    """How many characters of a line stand in such a column: up to the first tab or change of type; all of a short
    line."""
    tab = line.text.find("\t")
    ends = [*line.turns[:1], *([tab] if tab > 0 else [])]
    end = min(ends, default=len(line.text))
    return end if end <= _WIDE and not line.bullet else 0


def _downwards(found: list[Line], number: int) -> None:
    """ "September", "2021 -", "present", each before other words."""
    if not _column(found[number]) or _column(found[number]) == len(found[number].text):
        return
    before, cuts = "", list[int]()
    for count, line in enumerate(found[number : number + _MOST], 1):
        ends = [_column(line)] if _column(line) else _words(line) if count > 1 else []
        whole = {_with(before, line.text[:end]): end for end in ends}
        full = next((period for period in whole if _one_period(period)), "")
        if full:
            if count > 1:
                _put(found, number, full, [*cuts, whole[full]])
            return
        if not _column(line):
            return
        before = _with(before, line.text[: ends[0]])
        cuts.append(ends[0])


def _with(before: str, more: str) -> str:
    """Words of two lines of a column one after the other, a word that was broken at its end whole again."""
    more = more.strip()
    broken = len(before) > 2 and before[-1] in "-\u2010" and before[-2].isalpha() and more[:1].islower()
    return before[:-1] + more if broken else f"{before} {more}".strip()


def _at_the_right(found: list[Line], number: int) -> None:
    """ "Engineer   Apr 2021 –" above "Present", alone or behind other words."""
    first = found[number]
    begin = first.text.rfind("\t") + 1
    words = first.text[begin:].strip()
    if not begin or not words or len(words) > _BROAD or _one_period(words):
        return
    cuts: list[int] = []
    for line in found[number + 1 : number + _MOST]:
        cut = line.text.rfind("\t") + 1
        part = line.text[cut:].strip()
        if not part or len(part) > _WIDE or (line.bullet and not line.goes_on):
            return
        words = _with(words, part)
        cuts.append(cut)
        if _one_period(words):
            found[number] = replace(first, text=first.text[:begin] + words)
            for at, end in enumerate(cuts, number + 1):
                left = found[at].text[:end].rstrip("\t")
                found[at] = replace(
                    found[at], text=left, links=[link for link in found[at].links if link.start <= len(left)]
                )
            return


def _words(line: Line) -> list[int]:
    """Where the first two words of a line end, whose type does not change."""
    return [found.end() for found in re.finditer(r"\S+(?=\s|$)", line.text[: _WIDE + 1])][1::-1]


def _one_period(text: str) -> bool:
    spans = dates.find(text)
    full = len(spans) == 1 and spans[0].start == 0 and spans[0].end == len(text)
    return full and spans[0].sure and dates.is_range(spans[0])


def _put(found: list[Line], number: int, period: str, cuts: Sequence[int]) -> None:
    """Puts a period on line `number`, and takes its parts off the lines on which they stood, up to the cut of each."""
    for at, cut in enumerate(cuts, number):
        line = found[at]
        rest = line.text[cut:].strip()
        cut += len(line.text[cut:]) - len(line.text[cut:].lstrip())
        begin = f"{period}\t" if at == number else ""
        found[at] = _moved(line, begin + rest, len(begin) - cut)


def _moved(line: Line, text: str, by: int) -> Line:
    links = [replace(a, start=max(0, a.start + by), end=max(0, a.end + by)) for a in line.links]
    turns = tuple(turn + by for turn in line.turns if 0 < turn + by < len(text))
    return replace(line, text=text, links=links, turns=turns)


def _upwards(found: list[Line]) -> None:
    """The end above the start, as on a line that is drawn through the years: "Present" or "2019-04", below it
    "2014-10"; only where no period of the section stands on one line."""
    if any(dates.is_range(span) for line in found for span in dates.find(line.text)):
        return
    for number in range(len(found) - 1):
        upper, lower = found[number], found[number + 1]
        cut = _column(upper)
        ends, starts = upper.text[:cut].strip(), lower.text[: _column(lower)].strip()
        if not (ends and starts and _one_date(starts) and (is_present(ends) or _one_date(ends))):
            continue
        whole = f"{starts} – {ends}"
        if _one_period(whole):
            _put(found, number, whole, (cut, _column(lower)))


def _one_date(text: str) -> bool:
    spans = dates.find(text)
    return len(spans) == 1 and spans[0].end - spans[0].start == len(text)
