"""Dates in a narrow column beside the posts, which run over several lines there: each put on the line it begins on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanner.intake.months import MONTHS
from scanner.intake.resume import dates
from scanner.intake.resume.word import Row, Word, spans_of, text_of

_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_BEGINS = re.compile(
    rf"^\W*(?:[^\W\d]+\s)?(?:\d{{1,2}}[./-])?(?:19|20)\d\d|^\W*(?:{_MONTH})\W*$", re.IGNORECASE
)
MOST_LINES = 4  # that a period runs over
NEAR = 2.2  # of the letters' size: further below, it is another cell
ALIGNED = 3.5  # points


def dates_joined(rows: Sequence[Row]) -> list[Row]:
    """The same rows; words of dates that are broken over the lines of a narrow cell stand together, on the first.

    Only what makes one whole period is put together, so that nothing else of a page can move.
    """
    found = [list(row) for row in rows]
    for at, row in enumerate(found):
        for cell in _cells(row):
            taken = _completed(found, at, cell)
            if taken is None:
                continue
            text, lower = taken
            for number, words in lower:
                found[number] = [word for word in found[number] if not any(word is one for one in words)]
            begin = next(place for place, word in enumerate(row) if word is cell[0])
            whole = replace(cell[0], text=text, right=max(word.right for word in cell), apart=True)
            after = row[begin + len(cell) :]
            if after:
                after[0].apart = True
            row[begin : begin + len(cell)] = [whole]
            break
    return [row for row in found if row]


def _cells(row: Row) -> Iterator[list[Word]]:
    """What could be a cell of dates: the first words of a row, or its last ones."""
    for count in range(1, min(7, len(row)) + 1):
        if count == len(row) or row[count].left - row[count - 1].right > 1.5:
            yield row[:count]
    for count in range(1, min(7, len(row) - 1) + 1):
        yield row[-count:]


def _completed(
    rows: Sequence[Row], at: int, cell: list[Word]
) -> tuple[str, list[tuple[int, list[Word]]]] | None:
    """The period that a cell begins and cells below it end, and the words of these, by row."""
    texts = [text_of(cell)]
    if not _BEGINS.search(texts[0]) or len(texts[0]) > 40 or _whole(texts):
        return None
    row = rows[at]
    first = row[0] is cell[0]
    last = row[-1] is cell[-1]
    if first and last and len(row) > 3:
        return None
    edge = None if first and last else row[len(cell)].left if first else cell[0].left
    lower: list[tuple[int, list[Word]]] = []
    level = min(word.bottom for word in cell)
    for number in range(at + 1, min(at + 2 * MOST_LINES, len(rows))):
        below = rows[number]
        if not below:
            continue
        if level - max(word.top for word in below) > NEAR * cell[0].size:
            return None
        words = _beneath(cell, below, edge, first)
        if not words:
            continue
        lower.append((number, words))
        texts.append(text_of(words))
        level = min(word.bottom for word in words)
        if text := _whole(texts):
            return text, lower
        if len(texts) == MOST_LINES:
            return None
    return None


def _beneath(cell: list[Word], row: Row, edge: float | None, first: bool) -> list[Word]:
    """The words of a lower row that stand in the same column as a cell."""
    if edge is None:
        words = list(row)
    elif first:
        words = [word for word in row if word.left < edge - 1]
        if words and words[-1].right > edge + 1:
            return []
    else:
        words = []
        for word in reversed(row):
            if word.right < edge - 25 or (words and words[0].left - word.right > 1.2 * word.size):
                break
            words.insert(0, word)
        if (
            len(words) < len(row)
            and words
            and words[0].left - row[len(row) - len(words) - 1].right < 0.8 * words[0].size
        ):
            return []
    if not words or len(words) > 4:
        return []
    left, right = cell[0].left, cell[-1].right
    offsets = (
        words[0].left - left,
        words[-1].right - right,
        (words[0].left + words[-1].right - left - right) / 2,
    )
    return words if min(map(abs, offsets)) <= ALIGNED else []


def _whole(texts: Sequence[str]) -> str:
    """The texts as one period, empty where they make none: "2019 – Actuali-", "dad"."""
    spaced, closed = texts[0], texts[0]
    for text in texts[1:]:
        spaced += f" {text}"
        closed = closed[:-1] + text if closed.endswith("-") and text[:1].islower() else f"{closed} {text}"
    for whole in dict.fromkeys((closed, spaced)):
        spans = spans_of(whole)
        if len(spans) != 1 or not spans[0].sure or not dates.is_range(spans[0]):
            continue
        rest = (whole[: spans[0].start] + whole[spans[0].end :]).strip(" .,()")
        if not rest or rest.lower() in _SEASONS:
            return whole
    return ""


_SEASONS = frozenset(("spring", "summer", "autumn", "fall", "winter"))
