"""Which pieces name the organisations, chosen for all entries of a section at once.

A résumé sets all of its entries alike: what stands in the place, or in the type, that names organisations elsewhere in
the section does so here too. So a piece has its own points, and those of the pieces that are set as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from scanner.intake.resume.headings import Part
from scanner.intake.resume.pieces import Piece
from scanner.intake.resume.weighing import ranked
from scanner.intake.resume.words import FORM, FREE, LEGAL, TITLE

_MOST = 4.0  # what a single piece can say for or against its place, in points
_ABSENT = -1.0  # an entry that has nothing in that place
_LIKE_OTHERS = 2.4  # of the four points that the words of a title weigh
Key = tuple[str, object, object, object]
Rows = list[tuple[float, Piece]]


@dataclass(slots=True)
class Head:
    """The pieces of an entry's head. first, dated: the lines on which the head and its dates begin. names: what the
    hosts of the entry's addresses are called."""

    pieces: list[Piece]
    first: int
    dated: int
    names: frozenset[str] = frozenset()


class Scored(NamedTuple):
    """points: with what the rest of the section says for it; own: without."""

    points: float
    own: float
    piece: Piece


def chosen(heads: Sequence[Head], part: Part, body: str) -> list[list[Scored]]:
    """For each head its pieces, the likeliest organisation first. body: the style of running text, or "" """
    rows = [ranked(head.pieces, part, head.first, head.dated, head.names, body) for head in heads]
    if len(heads) < 2:
        return [[Scored(points, points, piece) for points, piece in row] for row in rows]
    if part is Part.WORK and len(heads) > 2:
        rows = _by_titles(heads, rows)
    weight = min(1.0, (len(heads) - 1) / 3)
    backing = _backing(heads, rows)
    joint = []
    for at, (head, row) in enumerate(zip(heads, rows, strict=True)):
        scored = []
        for points, piece in row:
            others = [_mean(backing[key], at) for key in keys_of(head, piece)]
            scored.append(Scored(points + weight * sum(others) / len(others), points, piece))
        joint.append(sorted(scored, key=lambda one: -one.points))
    return joint


def _by_titles(heads: Sequence[Head], rows: list[Rows]) -> list[Rows]:
    """The points, those for what the words of a title say moved towards what they say in the same place elsewhere:
    "Dyke Engineering" is a firm where firms stand, "Bookseller" a title where titles stand."""
    said: dict[Key, list[tuple[int, bool]]] = defaultdict(list)
    for at, head in enumerate(heads):
        for piece in head.pieces:
            said[keys_of(head, piece)[0]].append((at, TITLE.search(piece.text) is not None))
    moved = []
    for at, (head, row) in enumerate(zip(heads, rows, strict=True)):
        usual = [_usual(said[keys_of(head, piece)[0]], at) for _, piece in row]
        scored: Rows = []
        for number, (points, piece) in enumerate(row):
            title = TITLE.search(piece.text) is not None
            others = [other for place, other in enumerate(usual) if place != number and other is not None]
            opposite = any(other > 0.5 for other in others) if title else any(other < 0.5 for other in others)
            here = usual[number]
            if here is not None and opposite and not (_sure(piece) or FREE.search(piece.text)):
                points += _LIKE_OTHERS * (title - here)
            scored.append((points, piece))
        moved.append(scored)
    return moved


def _usual(said: Sequence[tuple[int, bool]], without: int) -> float | None:
    """How often titles stand in a place, in the other entries; None where too few have it."""
    others = [title for at, title in said if at != without]
    return sum(others) / len(others) if len(others) > 1 else None


def _sure(piece: Piece) -> bool:
    return piece.linked or piece.after_at or bool(piece.label) or LEGAL.search(piece.text) is not None


def _backing(heads: Sequence[Head], rows: Sequence[Rows]) -> dict[Key, list[float]]:
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
