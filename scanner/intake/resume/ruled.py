"""Tables with ruled lines on a page: a cell's words belong together, however many lines they run over."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from scanner.intake.resume.columns import in_rows
from scanner.intake.resume.word import Word

THIN = 2.5  # points; what is thicker is a box
SMALLEST_DOT, LARGEST_DOT = (
    1.5,
    4.5,
)  # points across; a larger one belongs to a drawing, such as a line of time
TALL_RULE = 0.35  # of the page: a rule between two columns, or the background of one
MOST_DOTS = 200  # of one page; more are a pattern
MAX_OBJECTS = 3_000
TALL = 4  # lines of a cell; where one has more, the table sets the page and holds no list


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the lines stand: x from the left, y from the top."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def holds(self, word: Word) -> bool:
        x, y = (word.left + word.right) / 2, (word.bottom + word.top) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]


def grid_of(page: Any) -> Grid | None:
    """The one ruled table of a page; None where there is none, or more than one could be meant."""
    across: list[tuple[float, float, float]] = []
    down: list[tuple[float, float, float]] = []
    for left, bottom, right, top in _drawn(page):
        width, height = right - left, top - bottom
        if height <= THIN and width >= 20:
            across.append(((top + bottom) / 2, left, right))
        elif width <= THIN and height >= 8:
            down.append(((left + right) / 2, bottom, top))
    xs = _places([x for x, _, _ in down])
    if len(xs) < 3:
        return None
    low, high = min(row[1] for row in down) - THIN, max(row[2] for row in down) + THIN
    crossing = [y for y, begin, end in across if low <= y <= high and _at(begin, xs) and _at(end, xs)]
    ys = _places(crossing)  # other lines underline a word or a heading
    return Grid(tuple(xs), tuple(reversed(ys))) if len(ys) >= 3 else None


def borders_of(page: Any) -> list[tuple[float, float, float]]:
    """(x, bottom, top) of what is drawn between columns: a tall rule, or the edge of a sidebar's background."""
    width, height = page.get_size()
    found: set[tuple[float, float, float]] = set()
    for left, bottom, right, top in _drawn(page):
        tall = min(top, height) - max(bottom, 0.0)
        if tall < TALL_RULE * height or not 0 < right - left < 0.5 * width:
            continue
        wide = right - left > 0.12 * width
        edges = [right] if wide and left < 0.06 * width else [left] if wide and right > 0.94 * width else []
        edges += [(left + right) / 2] if right - left <= 6 else []
        found |= {
            (round(x, 1), max(bottom, 0.0), min(top, height))
            for x in edges
            if 0.12 * width < x < 0.88 * width
        }
    return sorted(found)


def dots_of(page: Any) -> list[Word]:
    """The marks of list items that are drawn, as browsers print them: small discs, rings and squares."""
    found = []
    for left, bottom, right, top in _drawn(page):
        width, height = right - left, top - bottom
        if SMALLEST_DOT <= width <= LARGEST_DOT and abs(width - height) < 0.5:
            found.append(Word("•", left, bottom, right, top, style="dot"))
    return found if len(found) <= MOST_DOTS else []


def _drawn(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of what is drawn on a page: lines, discs, frames."""
    bounds = [ctypes.c_float() for _ in range(4)]
    for place in range(min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page.raw, place)
        is_path = raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_PATH
        if is_path and raw.FPDFPageObj_GetBounds(thing, *bounds):
            left, bottom, right, top = (bound.value for bound in bounds)
            yield left, bottom, right, top


def _at(x: float, xs: Sequence[float]) -> bool:
    return any(abs(x - other) < 2 * THIN for other in xs)


def _places(values: Sequence[float]) -> list[float]:
    """Places in order, those of one line once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 2 * THIN:
            found.append(value)
    return found


def lines_of(grid: Grid, words: Sequence[Word]) -> list[list[tuple[str, Word]]] | None:
    """One line for each row of the table, its cells set apart; None where the cells hold more than a list's."""
    lines: list[list[tuple[str, Word]]] = []
    for high, low in zip(grid.ys, grid.ys[1:], strict=False):
        band = [word for word in words if low <= (word.bottom + word.top) / 2 < high]
        line: list[tuple[str, Word]] = []
        for begin, end in zip(grid.xs, grid.xs[1:], strict=False):
            rows = in_rows([word for word in band if begin <= (word.left + word.right) / 2 < end])
            if len(rows) > TALL:
                return None
            for at, word in enumerate(word for row in rows for word in row):
                line.append(("" if not line else " " if at else "\t", word))
        if line:
            lines.append(line)
    return lines
