"""What the checks found, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scanner.model.evidence import Observation


class Strength(StrEnum):
    DECISIVE = "decisive"
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    CONTEXT = "context"

    @property
    def rank(self) -> int:
        """0 for context up to 4 for decisive."""
        return ("context", "weak", "medium", "strong", "decisive").index(self.value)


class Family(StrEnum):
    REGISTRATION = "registration"
    HISTORY = "history"
    COPY = "copy"
    CONTACT = "contact"
    IDENTITY = "identity"
    INFRASTRUCTURE = "infrastructure"
    MAIL = "mail"
    KNOWN = "known"
    SEIZURE = "seizure"
    PROFILE = "profile"
    SAFETY = "safety"
    COHERENCE = "coherence"


class Level(StrEnum):
    """What is said of a target or a case, most serious first."""

    KNOWN = "known"
    CONTRADICTED = "contradicted"
    REVIEW = "review"
    NOT_ENOUGH = "not-enough"
    NOTHING_FOUND = "nothing-found"

    @property
    def rank(self) -> int:
        """0 for nothing-found up to 4 for known."""
        return ("nothing-found", "not-enough", "review", "contradicted", "known").index(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement with the two values compared. `support` are the observations it rests on; `defeats`
    are check ids it lowers (exculpatory findings); `defeated_by` is filled in by the verdict."""

    check_id: str
    check_version: int
    family: Family
    strength: Strength
    statement: str
    claimed: str = ""
    observed: str = ""
    innocent: str = ""
    ask: str = ""
    next_step: str = ""
    score: float = 0.0
    support: tuple[Observation, ...] = ()
    domain: str = ""  # "" for case-wide findings
    defeats: tuple[str, ...] = ()
    defeated_by: str = ""
    level: Level | None = None  # a level this finding gives by itself (`known`), else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level of a target (`domain`) or of the case (domain ""), with the coverage it rests on."""

    domain: str
    level: Level
    score: float
    answered: int
    planned: int
    summary: str
    findings: tuple[Finding, ...] = field(default=())
