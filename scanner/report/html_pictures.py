"""Pictures of pages on the report: of each address, and of both sides where text was taken over. Each is told once in
full; where it belongs to a second place too, that place names the first, unless both sides are to be compared there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.report.html_evidence import Source
from scanner.report.html_facts import Facts, Screenshot
from scanner.report.text import named

NOT_TAKEN = "no picture was taken"


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture, or the place of one that is not there (`shot` None). anchor: where it stands in full; here: whether
    that is here; note: what the reader should know."""

    shown: str
    shot: Screenshot | None
    sources: tuple[Source, ...] = ()
    anchor: str = ""
    here: bool = False
    note: str = ""


class Gallery:
    """Knows which pictures stand on the page already."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._placed: set[int] = set()
        self._paired: set[frozenset[str]] = set()

    def pair(self, ours: str, theirs: str) -> tuple[Figure, ...]:
        """Both sides of a likeness beside each other, once for two domains; nothing where neither has a picture."""
        both = frozenset((ours, theirs))
        shots = [self._first(ours), self._first(theirs)]
        if both in self._paired or not any(shots):
            return ()
        self._paired.add(both)
        return tuple(
            self._figure(name, shot, again=True) for name, shot in zip((ours, theirs), shots, strict=True)
        )

    def of_target(self, domain: str, leads: Iterable[str]) -> tuple[Figure, ...]:
        """The pictures of a target, and of what it led to; those that stand further up are named only."""
        own = [(domain, shot, "") for shot in self._shots(domain)]
        others = [(lead, shot, "looked at to compare") for lead in leads for shot in self._shots(lead)]
        others = [one for one in others if one[1].evidence not in self._placed]
        return tuple(self._figure(name, shot, note=note) for name, shot, note in (*own, *others))

    def _figure(self, domain: str, shot: Screenshot | None, *, again: bool = False, note: str = "") -> Figure:
        if shot is None:
            return Figure(named(domain), None, note=NOT_TAKEN)
        first = shot.evidence not in self._placed
        self._placed.add(shot.evidence)
        sources = self._facts.appendix.cite([shot.evidence])
        anchor = f"s{sources[0].numbers[0]}" if sources else ""
        if not first and not again:
            return Figure(named(domain), None, sources, anchor)
        return Figure(named(domain), shot, sources, anchor, first, note)

    def _first(self, domain: str) -> Screenshot | None:
        return next(iter(self._shots(domain)), None)

    def _shots(self, domain: str) -> Sequence[Screenshot]:
        return self._facts.screenshots.get(domain, ())
