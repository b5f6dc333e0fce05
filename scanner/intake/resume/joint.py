"""Which pieces name the organisations, chosen for all entries of a section at once.

A résumé sets all of its entries alike: what stands in the place, or in the type, that names organisations elsewhere in
the section does so here too. So a piece has its own points, and those of the pieces that are set as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scanner.intake.resume.headings import Part
from scanner.intake.resume.pieces import Piece
from scanner.intake.resume.weighing import ranked
from scanner.intake.resume.words import FORM, TITLE

_MOST = 4.0  # what a single piece can say for or against its place, in points
_ABSENT = -1.0  # an entry that has nothing in that place
Key = tuple[str, object, object, object]


@dataclass(slots=True)
class Head:
    """The pieces of an entry's head. first, dated: the lines on which the head and its dates begin. names: what the hosts
    of the entry's addresses are called."""

    pieces: list[Piece]
    first: int
    dated: int
    names: frozenset[str] = frozenset()


def chosen(heads: Sequence[Head], part: Part, body: str) -> list[list[tuple[float, Piece]]]:
    """For each head its (points, piece), the likeliest organisation first. body: the style of running text, or "" """
    rows = [ranked(head.pieces, part, head.first, head.dated, head.names, body) for head in heads]
    if len(heads) < 2:
        return rows
    weight = min(1.0, (len(heads) - 1) / 3)
    backing = _backing(heads, rows)
    joint = []
    for at, (head, row) in enumerate(zip(heads, rows, strict=True)):
        scored = []
        for points, piece in row:
            keys = keys_of(head, piece)
            others = [_mean(backing[key], at) for key in keys]
            scored.append((points + weight * sum(others) / len(others), piece))
        joint.append(sorted(scored, key=lambda one: -one[0]))
    return joint


def _backing(
    heads: Sequence[Head], rows: Sequence[Sequence[tuple[float, Piece]]]
) -> dict[Key, list[float]]:
    """For each place and type, what every head has to say about it."""
    said: dict[Key, list[float]] = defaultdict(lambda: [_ABSENT] * len(heads))
    for at, (head, row) in enumerate(zip(heads, rows, strict=True)):
        seen: set[Key] = set()
        for points, piece in row:
            for key in keys_of(head, piece):
                if key not in seen:  # the likeliest of those that share it
                    seen.add(key)
                    said[key][at] = max(-_MOST, min(_MOST, points))
    return said


def _mean(values: Sequence[float], without: int) -> float:
    others = [value for at, value in enumerate(values) if at != without]
    return sum(others) / len(others)


def keys_of(head: Head, piece: Piece) -> list[Key]:
    """Where a piece stands from the dates, and how it is set."""
    beside = [other for other in head.pieces if (other.line, other.cluster) == (piece.line, piece.cluster)]
    at = next(at for at, other in enumerate(beside) if other is piece)
    keys: list[Key] = [("place", piece.line - head.dated, piece.cluster, at)]
    if piece.style:
        side = (piece.line > head.dated) - (piece.line < head.dated)
        keys.append(("type", piece.style, side, at))
    return keys


def without_commas(heads: Sequence[Head]) -> list[Head]:
    """The heads, parts between commas put together again where the same place holds none in most others: the comma
    belongs to the name ("Director, Data Platform")."""
    counts: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for head in heads:
        for place, parts in _clusters(head.pieces).items():
            counts[place[0] - head.dated, place[1]][len(parts)] += 1
    return [replace(head, pieces=list(_merged(head, counts))) for head in heads]


def _clusters(pieces: Iterable[Piece]) -> dict[tuple[int, int], list[Piece]]:
    found: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    for piece in pieces:
        found[piece.line, piece.cluster].append(piece)
    return found


def _merged(head: Head, counts: dict[tuple[int, int], Counter[int]]) -> Iterable[Piece]:
    for (line, cluster), parts in _clusters(head.pieces).items():
        count = counts[line - head.dated, cluster]
        single = count[1] >= 2 and count[1] * 3 >= count.total() * 2
        plain = not any(p.is_place or p.label or p.in_brackets or p.after_at for p in parts[1:])
        if len(parts) == 1 or not single or not plain or parts[0].label:
            yield from parts
            continue
        text = ", ".join(part.text for part in parts)
        yield replace(parts[0], text=text, merged=not (FORM.search(text) or TITLE.search(text)))
