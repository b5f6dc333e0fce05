"""Dates that the rest of a document completes: those that stand on several lines, and the order of day and month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scanner.intake.resume import dates, narrow
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.words import ERAS, JOINED, LEFT, STILL

SHORT = 110  # characters of a line that can belong to the head of an entry
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
_DASH = re.compile(r"\s?[–—-]\s*(?=\S)")
_ONLY_DASH = re.compile(r"[–—-](?:\s+|$)")
_GAP = re.compile(r"\.?\t")
_SPACE = re.compile(r"\.?\s+")
_ENDED = re.compile(r"([–—-]\s*)?(\S+(?:\s(?:19|20)\d\d)?)(?:\s+|$)")  # "12/2018", "– Dec 2018", "present"


def day_first(lines: Sequence[Line]) -> Sequence[Line]:
    """The same lines, dates with slashes written with full stops where another date of the document shows that its
    writer puts the day first (15/09/2014). Where both orders stand in it, or none is certain, nothing is changed."""
    written = [match for line in lines for match in _SLASHED.finditer(line.text)]
    if not any(int(match[1]) > 12 for match in written) or any(int(match[2]) > 12 for match in written):
        return lines
    return [replace(line, text=_SLASHED.sub(r"\1.\2.\3", line.text)) for line in lines]


def put_together(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each period on one of them."""
    return _whole(narrow.joined(_joined_and_left(lines)))


def _joined_and_left(lines: Sequence[Line]) -> list[Line]:
    """A Japanese or Chinese list of joining and leaving, with both dates of a post on one line."""
    found = list(lines)
    joined: list[int] = []
    for number, line in enumerate(found):
        line = found[number] = replace(line, text=_in_our_years(line.text))
        if JOINED.search(line.text) and dates.find(line.text):
            joined.append(number)
        elif LEFT.search(line.text) and dates.find(line.text) and joined:
            _ended(found, joined.pop(), line.text[(span := dates.find(line.text)[0]).start : span.end])
            found[number] = replace(line, text="")
        elif STILL.search(line.text) and joined:
            _ended(found, joined.pop(), "現在")
            found[number] = replace(line, text="")
    return found


def _in_our_years(text: str) -> str:
    """平成25年 is 2013年."""
    for era, before in ERAS:
        for match in reversed(list(re.finditer(rf"{era}\s?(\d{{1,2}}|元)年", text))):
            year = before + int(match[1].replace("元", "1"))
            text = f"{text[: match.start()]}{year}年{text[match.end() :]}"
    return text


def _ended(found: list[Line], number: int, end: str) -> None:
    line = found[number]
    span = dates.find(line.text)[0]
    name = JOINED.sub("", line.text[span.end :])
    found[number] = replace(line, text=f"{line.text[span.start : span.end]} – {end}\t{name.strip()}")


def _whole(lines: Sequence[Line]) -> list[Line]:
    """The same lines, with dates that run over the end of one put on it."""
    found = list(lines)
    for number in range(len(found) - 1):
        if number + 2 < len(found):
            _stacked(found, number)
        upper, lower = found[number], found[number + 1]
        if upper.bullet or not upper.text or len(upper.text) + len(lower.text) > 2 * SHORT:
            continue
        if _broken(found, number) or lower.bullet:
            continue
        size = len(upper.text)
        for span in dates.find(f"{upper.text} {lower.text}"):
            if span.start < size < span.end - 1 and dates.is_range(span):
                rest = span.end - size - 1
                found[number] = replace(upper, text=f"{upper.text} {lower.text[:rest]}")
                found[number + 1] = _moved(replace(lower, text=lower.text[rest:].lstrip(" )")), -rest)
                break
    return found


def _stacked(found: list[Line], number: int) -> None:
    """Puts dates together that stand one below the other in a column of their own: "2016", "–", "2021", each before
    words of the entry."""
    upper, between, lower = found[number : number + 3]
    begun, ended = dates.find(upper.text), _ENDED.match(lower.text)
    dashed = between.bullet or _ONLY_DASH.match(between.text)  # a dash before words was taken for an item's
    if not begun or begun[0].start or dates.is_range(begun[0]) or ended is None or ended[1] or not dashed:
        return
    first = upper.text[: begun[0].end]
    whole = f"{first} – {ended[2]}"
    if not _one_period(whole):
        return
    rest = upper.text[begun[0].end :].strip()
    found[number] = _moved(replace(upper, text=f"{whole}\t{rest}"), len(whole) - len(first))
    dash = _ONLY_DASH.match(between.text)
    cut = dash.end() if dash else 0
    found[number + 1] = _moved(replace(between, text=between.text[cut:], bullet=False), -cut)
    found[number + 2] = _moved(replace(lower, text=lower.text[ended.end() :]), -ended.end())


def _one_period(text: str) -> bool:
    """Whether a text is one period, from its beginning to its end, and both sides of it are certain."""
    return any(
        dates.is_range(span) and span.sure and span.start == 0 and span.end == len(text)
        for span in dates.find(text)
    )


def _broken(found: list[Line], number: int) -> bool:
    """Puts dates together that break within a column of their own: "03/2016–" above "12/2018", each before words."""
    upper, lower = found[number], found[number + 1]
    begun, ended = dates.find(upper.text), _ENDED.match(lower.text)
    if not begun or begun[0].start or ended is None:
        return False
    first = upper.text[: begun[0].end].rstrip(" –—-")
    dashed = ended[1] or lower.bullet  # a dash at the beginning of a line was taken for an item's
    cut = _DASH.match(upper.text, len(first)) or (_SPACE if dashed else _GAP).match(upper.text, len(first))
    if cut is None or (dates.is_range(begun[0]) and begun[0].sure and (dashed or cut.re is _DASH)):
        return False
    if lower.bullet and ended[2].isdigit() and not ended[0].endswith("\t"):
        return False  # "- 2017 promoted" is an item
    dash = "– " if cut.re is _DASH or dashed else ""
    whole = f"{first} {dash}{ended[2].strip().rstrip('.')}"
    if not _one_period(whole):
        return False
    found[number] = _moved(
        replace(upper, text=f"{whole}\t{upper.text[cut.end() :]}"), len(whole) + 1 - cut.end()
    )
    rest = replace(lower, text=lower.text[ended.end() :], bullet=False)
    found[number + 1] = _moved(rest, -ended.end())
    return True


def _moved(line: Line, by: int) -> Line:
    links = [replace(a, start=max(0, a.start + by), end=max(0, a.end + by)) for a in line.links]
    return replace(line, links=links, turns=tuple(turn + by for turn in line.turns if turn + by > 0))
