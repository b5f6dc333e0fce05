"""The case in a few lines: of which address the result speaks, what speaks for the claims, what could not be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.report.html_parts import Fact, Part

NAMES_SHOWN, FOR_SHOWN = 3, 3
_SAYS_NOTHING = ("nothing-found", "not-enough")


@dataclass(frozen=True, slots=True)
class Brief:
    """about: the addresses the result speaks of, `more` of them unnamed; others: a sentence on the rest;
    across: it comes from what several addresses have in common. speaks_for: the first facts in favour of the claims,
    `more_for` of them untold. unseen: sources without an answer, each with the number of addresses."""

    about: tuple[str, ...]
    more: int
    others: str
    across: bool
    speaks_for: tuple[Fact, ...]
    more_for: int
    unseen: tuple[str, ...]


def brief_of(level: str, parts: Sequence[Part], across: Iterable[Fact]) -> Brief:
    """Of a whole case; `level` is the case's."""
    about = [part.shown for part in parts if part.level == level]
    others = _others(level, parts)
    several = len(parts) > 1 and (others != "" or level not in _SAYS_NOTHING)
    favour = _in_turn([*(part.speaks_for for part in parts), [fact for fact in across if fact.score < 0]])
    return Brief(
        about=tuple(about[:NAMES_SHOWN]) if several else (),
        more=max(0, len(about) - NAMES_SHOWN) if several else 0,
        others=others if several else "",
        across=not about and any(fact.carries for fact in across),
        speaks_for=tuple(favour[:FOR_SHOWN]),
        more_for=max(0, len(favour) - FOR_SHOWN),
        unseen=_unseen(parts),
    )


def _in_turn(groups: Sequence[Sequence[Fact]]) -> list[Fact]:
    """The first of each group, then the second of each: no address hides what speaks for another."""
    longest = max(map(len, groups), default=0)
    return [group[place] for place in range(longest) for group in groups if place < len(group)]


def _others(level: str, parts: Sequence[Part]) -> str:
    """The results of the addresses of which the case's own result does not speak."""
    counts: dict[str, int] = {}
    for part in parts:
        if part.level != level:
            counts[part.heading] = counts.get(part.heading, 0) + 1
    said = {f"{heading[:1].lower()}{heading[1:]}": number for heading, number in counts.items()}
    if sum(said.values()) == 1:
        return f"The other address of the case: {next(iter(said))}."
    listed = ", ".join(f"{heading} ({number})" for heading, number in said.items())
    return f"The other addresses of the case: {listed}." if said else ""


def _unseen(parts: Sequence[Part]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for part in parts:
        for row in part.unseen:
            counts[row.source] = counts.get(row.source, 0) + 1
    named = [(source[:1].lower() + source[1:], number) for source, number in counts.items()]
    return tuple(
        source if number == 1 or len(parts) == 1 else f"{source}, {number} addresses"
        for source, number in named
    )
