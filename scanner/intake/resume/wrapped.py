"""Lines that a paragraph was broken into: where the break falls within a name or an address, both parts on one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from scanner.intake.resume.word import Row, Word, spans_of, text_of

LONGEST = 105  # characters of a line that can still say who and when
TAIL = 4  # words that are taken from a long paragraph's second line
_LINKING = re.compile(
    r"(?:of|the|and|for|in|at|de|du|des|la|le|les|et|y|e|del|della|dello|delle|degli|di|da|do|dos|das|und|für|der|des|im|"
    r"van|voor|en|och|og|z|w|i|&|\+|[–—/-]|\S*,|\S+-)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?:(?://)?|(?:https?://|www\.)\S*[/.\-_=?&])$", re.IGNORECASE
)  # broken in the middle
_ENDS = re.compile(r"[.,;:)]$")
_ITEM = re.compile(r"^(?:[•●▪■◦‣·○►▸➢✓✔–—*-]|\(?\d{1,2}[.)])$")


def unbroken(rows: Sequence[Row]) -> list[Row]:
    """The same rows; one that goes on in the middle of a name stands with what follows."""
    found = [list(row) for row in rows]
    edge = max((row[-1].right for row in found), default=0.0)
    at = 0
    while at + 1 < len(found):
        (upper, cell), lower = _parted(found[at]), found[at + 1]
        if not _broken(upper, lower, cell[0].left - 6 if cell else edge):
            at += 1
            continue
        text = f"{text_of(upper)} {text_of(lower)} {text_of(cell)}"
        if len(text) <= LONGEST and not (at + 2 < len(found) and _broken(lower, found[at + 2], edge)):
            found[at : at + 2] = [[*_put(upper, lower), *cell]]
        elif _heads(upper + cell):
            count = next((n for n, word in enumerate(lower[:TAIL], 1) if _ENDS.search(word.text)), 0)
            if count or _ADDRESS.search(upper[-1].text):
                count = count or 1
                whole = [*_put(upper, lower[:count]), *cell]
                found[at : at + 2] = [whole, *([lower[count:]] if lower[count:] else [])]
        at += 1
    return found


def _parted(row: Row) -> tuple[Row, Row]:
    """A row, and the dates at its right that stand apart."""
    begin = next((n for n in range(len(row) - 1, 0, -1) if _apart(row[n - 1], row[n])), 0)
    text = text_of(row[begin:])
    spans = spans_of(text) if begin else []
    if spans and len(text) - (spans[0].end - spans[0].start) <= 3:
        row[begin].apart = True
        return row[:begin], row[begin:]
    return row, []


def _apart(left: Word, right: Word) -> bool:
    return right.apart or right.left - left.right > 2.5 * left.size


def _heads(row: Row) -> bool:
    return bool(spans_of(text_of(row))) or _ADDRESS.search(row[-1].text) is not None


def _broken(upper: Row, lower: Row, edge: float) -> bool:
    """Whether the next word had no room on the upper line, is set like its last one, and goes on with what it says."""
    last, first = upper[-1], lower[0]
    begin = next((word for word in reversed(upper) if abs(word.left - first.left) < 2), None)
    flush = begin is None and abs(last.right - lower[-1].right) < 2  # a cell set flush right
    if flush:
        begin = next((b for a, b in reversed(list(pairwise(upper))) if _apart(a, b)), None)
        begin = begin if begin and begin.left < first.left + 2 else None
    pitch = min(word.bottom for word in upper) - min(word.bottom for word in lower)
    address = _ADDRESS.search(last.text) is not None
    if (
        begin is None
        or (last.style != first.style and not address)
        or not 0 < pitch < 1.9 * last.size
        or _ITEM.match(first.text)
    ):
        return False
    if any(_apart(a, b) for a, b in pairwise(upper) if a.left >= begin.left):
        return False
    small = first.text[:1].islower() or first.text[:1] in "(/&"
    linking = _LINKING.fullmatch(last.text) is not None
    sure = (small and (linking or flush)) or (address and not last.text.endswith("/"))
    if last.right + 0.2 * last.size + _width(first) <= edge + 0.5 and not sure:
        return False
    if any(span.start <= 2 for span in spans_of(text_of(lower))) or (
        not address and re.search(r"\w{4,}[.;!?]$", last.text)
    ):
        return False
    return small or ((address or linking) and not flush)


def _width(word: Word) -> float:
    return word.right - word.left


def _put(upper: Row, lower: Row) -> Row:
    last, first = upper[-1], lower[0]
    address = _ADDRESS.search(last.text) is not None or "/" in last.text or last.text.count("-") > 1
    hyphen = last.text.endswith("-") and len(last.text) > 2 and first.text[:1].islower()
    if hyphen or _ADDRESS.search(last.text):
        text = (last.text[:-1] if hyphen and not address else last.text) + first.text
        return [*upper[:-1], replace(last, text=text, bottom=min(last.bottom, first.bottom)), *lower[1:]]
    return [*upper, *lower]
