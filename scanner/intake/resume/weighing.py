"""Which piece of an entry's head names the organisation, and which its place: points for and against each."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.intake.resume import dates
from scanner.intake.resume.headings import HEADINGS, Part, folded
from scanner.intake.resume.pieces import Piece
from scanner.intake.resume.words import DEGREE, FORM, FREE, LEGAL, SCHOOL, TITLE


def ranked(
    pieces: Sequence[Piece],
    part: Part,
    first: int,
    number: int,
    names: frozenset[str] = frozenset(),
    body: str = "",
) -> list[tuple[float, Piece]]:
    """(points, piece), the likeliest organisation first. first, number: the lines the entry and its dates stand on.
    names: what the hosts of its addresses are called. body: the style of running text, where known."""
    points = [
        (
            _points(piece, part, place, (0.2 if first == number else 1.5) * max(0, piece.line - number))
            + (2.5 if named(piece.text, names) else 0.0)
            - (0.6 if body and piece.style == body and piece.line < number else 0.0),
            -place,
            piece,
        )
        for place, piece in enumerate(pieces)
    ]
    return [
        (score, piece)
        for score, _, piece in sorted(points, key=lambda row: (row[0], row[1]), reverse=True)
        if score > -6
    ]


def named(text: str, names: frozenset[str]) -> bool:
    """Whether one of the hosts is called as the text: "Tern & Pike" and ternpike.example."""
    letters = "".join(char for char in FORM.sub("", text).lower() if char.isalnum())
    return len(letters) > 3 and any(name in letters or letters in name for name in names if len(name) > 3)


def _points(piece: Piece, part: Part, place: int, below: float) -> float:
    """How much speaks for a piece being the organisation. below: what standing below the dates counts against it."""
    text = piece.text
    legal = LEGAL.search(text) is not None
    title = TITLE.search(text) is not None and not legal
    form = legal or FORM.search(text) is not None
    score = 1.0 - 0.3 * min(place, 5)
    score += 3.0 if piece.linked else 0.0
    score += 3.0 if piece.after_at else 0.0
    score += 5.0 if piece.label == "organisation" else -7.0 if piece.label else 0.0
    score -= 3.5 if piece.is_place else 0.0
    score -= below if piece.label != "organisation" else 0.0
    score -= 2.0 if text[:1].islower() and "." not in text else 0.0
    score -= 3.0 if len(text) > 60 or len(text.split()) > 8 else 2.5 if _tells(text) else 0.0
    score -= 8.0 if sum(char.isalpha() for char in text) < 2 else 0.0
    score -= 1.5 if piece.in_brackets else 0.0
    score -= 6.0 if any(char.isdigit() for char in text) and dates.find(text) else 0.0
    score -= 8.0 if len(text.split()) > 1 and folded(text) in HEADINGS else 0.0
    if part is Part.SCHOOL:
        return score + (4.0 if SCHOOL.search(text) else 0.0) - (3.0 if DEGREE.search(text) else 0.0)
    score += 3.0 if form and not title else 1.0 if form else 0.0
    score -= 4.0 if title and not piece.after_at else 2.0 if title else 0.0
    score += 0.5 if FREE.search(text) and not title else 0.0
    return score


def _tells(text: str) -> bool:
    """Whether a text says what a firm does, rather than its name: "Reading software for elementary schools"."""
    words = [word.strip(",;:()") for word in text.split()]
    small = sum(len(word) > 4 and word.isalpha() and word.islower() for word in words)
    return text[:1].isupper() and small >= 3


def place_of(pieces: Sequence[Piece], chosen: Piece) -> str:
    """Where an organisation is, by the pieces of its entry; empty where they do not say."""
    found = [p for p in pieces if p.is_place and p is not chosen and not p.label and len(p.text) <= 60]
    if found:
        first = found[0]
        return ", ".join(p.text for p in found if p.line == first.line and p.cluster == first.cluster)
    at = pieces.index(chosen)
    after = pieces[at + 1 : at + 2]
    if (
        after
        and after[0].line == chosen.line
        and after[0].cluster == chosen.cluster
        and after[0].text[:1].isupper()
        and len(after[0].text.split()) <= 3
        and not TITLE.search(after[0].text)
        and not DEGREE.search(after[0].text)
    ):
        return after[0].text
    return ""
