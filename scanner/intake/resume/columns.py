"""Words on a page to lines in the order a person reads them: columns apart, a column of dates with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scanner.intake.resume.margins import dates_joined
from scanner.intake.resume.sections import heading
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.word import Row, Word, is_period, ranges_of, spans_of, text_of
from scanner.intake.resume.wrapped import unbroken

GUTTER = 9.0  # points of white that part two columns
SPACE = 4.0  # points; less than that may part words
NARROW = 1.8  # what is left of it where a word of one column is too long
COLUMN_LINES = 5  # fewer lines side by side are no columns
WIDE = 1.6  # of the letters' size: a gap in a line that parts what stands left and right
DATED = 0.3  # share of lines with dates from which a column of short lines belongs to its rows
BESIDE = 12  # characters that a line of a column of dates may hold besides
SHORT = 32  # characters
LABEL = 45
MOST_TRIES = 600


Border = tuple[float, float, float]  # x, bottom and top of what is drawn between two columns


def reading_order(words: Sequence[Word], borders: Sequence[Border] = ()) -> list[list[tuple[str, Word]]]:
    """Lines, each a list of (space before it, word). Columns with something drawn between them come one by one."""
    for x, bottom, top in borders:
        beside = [word for word in words if bottom <= (word.bottom + word.top) / 2 <= top]
        rows = in_rows(beside)
        crossing = sum(word.left < x - 2 and word.right > x + 2 for word in beside)
        if crossing > 0.01 * len(beside) or not _parts(rows, x, _labels(rows)):
            continue
        level = {id(word) for word in beside}
        above = [word for word in words if id(word) not in level and word.bottom > top - 2]
        below = [word for word in words if id(word) not in level and word.bottom <= top - 2]
        left, right = [
            [word for word in beside if ((word.left + word.right) / 2 > x) == side] for side in (False, True)
        ]
        return [line for part in (above, left, right, below) if part for line in reading_order(part)]
    found: list[list[tuple[str, Word]]] = []
    page = dates_joined(in_rows(words))
    for rows in _regions(page, 0, _labels(page)):
        before: Row | None = None
        for row in unbroken(dates_joined(rows)):
            _part_heading(row)
            row[0].gap = before is None or _white(before, row) > 0.9 * max(word.size for word in row)
            found.append(_spaced(row))
            before = row
    return found


def _part_heading(row: Row) -> None:
    """Sets what follows a heading in the margin apart from it, where the white between them is wider than a space."""
    for count in range(1, min(4, len(row) - 1) + 1):
        wide = row[count].left - row[count - 1].right > 0.55 * row[count].size
        if wide and _announces(text_of(row[:count])):
            row[count].apart = True
            return


def _white(upper: Row, lower: Row) -> float:
    return min(word.bottom for word in upper) - max(word.top for word in lower)


def _spaced(row: Row) -> list[tuple[str, Word]]:
    line: list[tuple[str, Word]] = []
    right: float | None = None
    for word in row:
        wide = right is not None and (word.apart or word.left - right > WIDE * word.size)
        line.append(("" if right is None else "\t" if wide else " ", word))
        right = word.right
    return line


def in_rows(words: Sequence[Word]) -> list[Row]:
    """Words on one level, from the top; each row from the left."""
    rows: list[Row] = []
    levels: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda word: (-(word.top + word.bottom) / 2, word.left)):
        middle = (word.top + word.bottom) / 2
        for at in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            low, high = levels[at]
            size = word.size
            if low - 0.1 * size <= middle <= high + 0.1 * size:
                rows[at].append(word)
                break
        else:
            rows.append([word])
            half = max((word.top - word.bottom) / 2, word.size * 0.3)
            levels.append((middle - half, middle + half))
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def _regions(rows: list[Row], depth: int, labels: frozenset[str]) -> list[list[Row]]:
    """Parts of a page in reading order. The largest stretch of rows with a gutter is cut along it."""
    best = (
        max(_gutter(rows, GUTTER, labels), _gutter(rows, NARROW, labels), key=_length) if depth < 6 else None
    )
    if best is None:
        return [rows] if rows else []
    first, last, x = _cut_short(rows, *best)
    left = [cut for row in rows[first:last] if (cut := [word for word in row if word.right <= x])]
    right = [cut for row in rows[first:last] if (cut := [word for word in row if word.right > x])]
    return [
        *_regions(rows[:first], depth + 1, labels),
        *_regions(_again(left), depth + 1, labels),
        *_regions(_again(right), depth + 1, labels),
        *_regions(rows[last:], depth + 1, labels),
    ]


def _length(found: tuple[int, int, float] | None) -> int:
    return found[1] - found[0] if found else 0


def _cut_short(rows: list[Row], first: int, last: int, x: float) -> tuple[int, int, float]:
    """A stretch without what stands below it: cards side by side belong to the heading above both, and end at the next
    heading. A column that has a heading of its own is none of cards; one without dates is none either."""
    right = [" ".join(word.text for word in row if word.right > x) for row in rows[first:last]]
    dated = any(map(ranges_of, right))
    if not dated or any(_announces(text) for text in right):
        return first, last, x
    seen = False
    for at, text in enumerate(right):
        seen = seen or bool(text)
        if seen and not text and _announces(" ".join(word.text for word in rows[first + at])):
            return first, first + at, x
    return first, last, x


def _announces(text: str) -> bool:
    return bool(text) and heading(Line(text)) is not None


def _again(rows: list[Row]) -> list[Row]:
    """The rows of one column by its own levels: those of the other may have pulled some together."""
    return in_rows([word for row in rows for word in row])


def _gutter(rows: list[Row], narrow: float, labels: frozenset[str]) -> tuple[int, int, float] | None:
    """(first row, row after the last, x) of the stretch with a gutter that holds most rows; a few of them may come as
    near as `narrow` to each other."""
    best: tuple[int, int, float] | None = None
    blocks = [_blocks(row, narrow) for row in rows]
    edge = max((row[-1].right for row in rows), default=0.0)
    begin = min((row[0].left for row in rows), default=0.0)
    tries = 0
    for first in range(len(rows)):
        if best is not None and len(rows) - first <= best[1] - best[0]:
            break
        free = [(begin + 20, edge - 20)]
        for last in range(first, len(rows)):
            free = _without(free, blocks[last], narrow)
            if not free:
                break
            if best is None or last + 1 - first > best[1] - best[0]:
                tries += 1
                if tries > MOST_TRIES:  # a page that is one large grid
                    return best
                for low, high in sorted(free, key=lambda part: part[0] - part[1]):
                    x = (low + high) / 2
                    if (narrow == GUTTER or _seldom_near(rows[first : last + 1], x)) and _parts(
                        rows[first : last + 1], x, labels
                    ):
                        best = (first, last + 1, x)
                        break
    return best


def _blocks(row: Row, narrow: float) -> list[tuple[float, float]]:
    """Stretches of a row that hold words, without white as wide as a gutter."""
    found: list[tuple[float, float]] = []
    for word in row:
        if found and word.left - found[-1][1] < narrow:
            found[-1] = (found[-1][0], max(found[-1][1], word.right))
        else:
            found.append((word.left, word.right))
    return found


def _without(
    free: list[tuple[float, float]], blocks: list[tuple[float, float]], narrow: float
) -> list[tuple[float, float]]:
    for left, right in blocks:
        cut = []
        for low, high in sorted(free, key=lambda part: part[0] - part[1]):
            for a, b in ((low, min(high, left)), (max(low, right), high)):
                if b - a >= narrow:
                    cut.append((a, b))
        free = cut
    return free


def _parts(rows: list[Row], x: float, labels: frozenset[str]) -> bool:
    """Whether the white at x parts two columns, rather than dates or labels from what they stand beside."""
    left = [" ".join(word.text for word in row if word.right <= x) for row in rows]
    right = [" ".join(word.text for word in row if word.right > x) for row in rows]
    sides = [[text for text in side if text] for side in (left, right)]
    if (
        min(map(len, sides)) < COLUMN_LINES
        or _dates_beside(rows, x)
        or _dates_at_right(rows, x)
        or _centred(rows, x)
    ):
        return False
    if sum(text in labels or _announces(text) or is_period(text) for text in sides[0]) >= 0.5 * len(sides[0]):
        return False
    for side in sides:
        dated = sum(any(len(text) - (a.end - a.start) <= BESIDE for a in spans_of(text)) for text in side)
        if dated >= DATED * len(side) and sum(len(text) > SHORT for text in side) <= 0.2 * len(side):
            return False
    if _flush_right([row for row in rows if row[-1].right > x], x):
        return False
    both = sum(bool(a) and bool(b) for a, b in zip(left, right, strict=True))
    shorter = min(map(len, sides))
    return both >= 0.2 * shorter and _beside(left, right)


def _seldom_near(rows: list[Row], x: float) -> bool:
    """Whether only few rows come near to each other at x, of many; very near ones have to be set otherwise."""
    gaps = []
    for row in rows:
        left = [word for word in row if word.right <= x]
        right = [word for word in row if word.right > x]
        if left and right:
            gaps.append(right[0].left - left[-1].right)
            if gaps[-1] < SPACE and left[-1].style == right[0].style:
                return False
    return len(gaps) >= 6 and sum(gap < GUTTER for gap in gaps) <= max(1, 0.1 * len(gaps))


def _labels(rows: list[Row]) -> frozenset[str]:
    """What begins several rows, white beside it: a label of what stands there, such as "Employer" for each post."""
    seen: Counter[str] = Counter()
    for row in rows:
        count = next((n for n in range(1, len(row)) if row[n].left - row[n - 1].right >= GUTTER), 0)
        text = " ".join(word.text for word in row[:count])
        if 0 < len(text) <= LABEL and not text.endswith("."):
            seen[text] += 1
    return frozenset(text for text, count in seen.items() if count > 1)


def _centred(rows: list[Row], x: float) -> bool:
    """Whether most lines of a side stand alone on their level and have one middle: a head that is centred."""
    for side in (True, False):
        inside = [row for row in rows if any((word.right <= x) == side for word in row)]
        alone = [row for row in inside if all((word.right <= x) == side for word in row)]
        middles = [(row[0].left + row[-1].right) / 2 for row in alone]
        widths = {round(row[-1].right - row[0].left) // 8 for row in alone}
        if (
            len(alone) >= 3
            and len(alone) >= 0.6 * len(inside)
            and max(middles) - min(middles) < 4
            and len(widths) > 2
        ):
            return True
    return False


def _dates_beside(rows: list[Row], x: float) -> bool:
    """Whether dates stand alone left of x, each beside the first line of what it belongs to."""
    beside = 0
    above: Row = []
    for at, row in enumerate(rows):
        left, right = [[word for word in row if (word.right <= x) == side] for side in (True, False)]
        if ranges_of(text_of(right)):
            return False
        text = text_of(left)
        below = next(
            (cut for row in rows[at + 1 : at + 3] if (cut := [word for word in row if word.right <= x])), []
        )
        if right and left and is_period(text):
            beside += all(
                not near or _apart(*near) for near in ((above and (above, left)), (below and (left, below)))
            )
        above = left or above
    return beside >= 2


def _dates_at_right(rows: list[Row], x: float) -> bool:
    """Whether dates stand alone right of x, away from the edge where other lines there begin: each on the line of its
    post."""
    right = [[word for word in row if word.right > x] for row in rows]
    begin = min((row[0].left for row in right if row), default=0.0)
    found = [row for row in right if row and is_period(text_of(row))]
    if len(found) < 2 or any(row[0].left - begin < 30 for row in found):
        return False
    left = [text_of([word for word in row if word.right <= x]) for row in rows]
    level = all(text for text, row in zip(left, right, strict=True) if row and is_period(text_of(row)))
    return level and not any(map(ranges_of, left))


def _apart(upper: Row, lower: Row) -> bool:
    return _white(upper, lower) > 0.7 * lower[0].size


def _flush_right(rows: list[Row], x: float) -> bool:
    """Whether what stands right of x ends at one edge and begins anywhere: places and dates set flush right, each of
    which belongs to the line it stands on."""
    starts = [next(word for word in row if word.right > x).left for row in rows]
    ends = [row[-1].right for row in rows]
    edge = max(ends)
    flush = sum(edge - end < 4 for end in ends)
    begin = min(starts)
    return flush >= 0.9 * len(rows) and sum(start - begin < 4 for start in starts) <= 0.4 * len(rows)


def _beside(left: list[str], right: list[str]) -> bool:
    """Whether some lines of each side stand beside the other: a block at the upper right and what follows below it on
    the left are no columns."""
    rows = [[at for at, text in enumerate(side) if text] for side in (left, right)]
    first, last = max(side[0] for side in rows), min(side[-1] for side in rows)
    return all(sum(first <= at <= last for at in side) >= 3 for side in rows)
