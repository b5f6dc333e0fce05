"""One résumé read and compared with what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.intake import read_address
from scanner.intake.resume.reading import read
from scanner.model import Role


@dataclass
class Score:
    """wrong: found and not there; missed: there and not found; marked: how many of the wrong ones a person is told to
    look at."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    marked: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    def add(self, other: Score) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.marked += other.marked


def score_file(file: Path, truth: dict[str, Any]) -> dict[str, Score]:
    """Addresses as normalised, employers as (name without punctuation and case, start, end): exact, or wrong."""
    reading = read(file.suffix, file.read_bytes())
    claims = [one.claim for one in reading.claims]
    urls = {claim.url for claim in claims if claim.url}
    doubted = {
        _key(claim.organisation, str(claim.period.starts or ""), claim.period.end_text): bool(one.doubts)
        for one in reading.claims
        if (claim := one.claim).role is Role.EMPLOYER
    }
    wanted = {read_address(url).url for url in truth["urls"]}
    posts = {_key(*row) for row in truth["employers"]}
    employers = _compared(set(doubted), posts)
    employers.marked = sum(doubted[key] for key in employers.wrong)
    return {"urls": _compared(urls, wanted), "employers": employers}


def _key(name: str, starts: str, ends: str) -> str:
    return f"{''.join(c for c in name.lower() if c.isalnum())} {starts} {ends}"


def _compared(found: set[str], wanted: set[str]) -> Score:
    return Score(len(found & wanted), sorted(found - wanted), sorted(wanted - found))
