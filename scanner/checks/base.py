"""How a check is written, and the table of all checks.

A check is one pure function with a permanent id and a version. Its docstring is what a user reads in
`falsefront checks ID`. It returns hits, or `NoEvidence` with the reason it could not look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import getdoc

from scanner.checks.facts import Scene, Subject
from scanner.checks.weights import LIKELIHOOD, LOWERS, Weight, fits, prior
from scanner.model import Family, Finding, Level, Observation, Strength


@dataclass(frozen=True, slots=True)
class NoEvidence:
    """The check could not look: nothing was seen that it needs. Never a sign of anything."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found: the sentence, the two values compared and what they rest on.

    strength overrides the check's own. `defeats` makes it a finding that lowers suspicion. `level` is a
    level given by the finding alone (only `known`).
    """

    statement: str
    claimed: str = ""
    observed: str = ""
    support: tuple[Observation, ...] = ()
    strength: Strength | None = None
    defeats: tuple[str, ...] = ()
    lowers: bool = False
    level: Level | None = None


Result = Sequence[Hit] | NoEvidence
TargetCheck = Callable[[Subject, Scene], Result]
CaseCheck = Callable[[Scene], Result]


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the table. `needs` names the observations it reads; `idea` is where the rule comes from;
    `weight` is what its own strength stands for, with the origin of that figure."""

    id: str
    version: int
    family: Family
    strength: Strength
    needs: tuple[str, ...]
    innocent: str
    ask: str
    next_step: str
    idea: str
    text: str
    weight: Weight
    on_target: TargetCheck | None = None
    on_case: CaseCheck | None = None

    def findings(self, subject: Subject, scene: Scene) -> tuple[Finding, ...]:
        """What it finds on one target; nothing for a check of whole cases."""
        return self._made(self.on_target(subject, scene), subject.domain) if self.on_target else ()

    def case_findings(self, scene: Scene) -> tuple[Finding, ...]:
        """What it finds on the case as a whole; nothing for a check of single targets."""
        return self._made(self.on_case(scene), "") if self.on_case else ()

    def _made(self, result: Result, domain: str) -> tuple[Finding, ...]:
        return () if isinstance(result, NoEvidence) else tuple(self._finding(hit, domain) for hit in result)

    def _finding(self, hit: Hit, domain: str) -> Finding:
        lowers = hit.lowers or bool(hit.defeats)
        strength = Strength.CONTEXT if lowers else hit.strength or self.strength
        return Finding(
            check_id=self.id,
            check_version=self.version,
            family=self.family,
            strength=strength,
            statement=hit.statement,
            claimed=hit.claimed,
            observed=hit.observed,
            innocent=self.innocent,
            ask=self.ask,
            next_step=self.next_step,
            score=LOWERS if lowers else self._score(strength),
            support=hit.support,
            domain=domain,
            defeats=hit.defeats,
            level=hit.level,
        )

    def _score(self, strength: Strength) -> float:
        """The check's own figure for its own strength; for another, what that one usually stands for."""
        return self.weight.score if strength is self.strength else LIKELIHOOD[strength]


_TABLE: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Texts:
    """What every check must say beside its statement, each in at most 35 words.

    innocent: an explanation an honest person may have. ask: one neutral question they answer easily.
    next_step: what to do next, never through contacts found only on the site in question.
    """

    innocent: str
    ask: str
    next_step: str


def _enter(
    id: str,
    version: int,
    strength: Strength,
    needs: tuple[str, ...],
    texts: Texts,
    idea: str,
    weight: Weight | None,
    function: TargetCheck | CaseCheck,
    on_target: TargetCheck | None,
    on_case: CaseCheck | None,
) -> None:
    if id in _TABLE:
        raise ValueError(f"two checks are called {id}")
    family = Family(id.split(".", 1)[0])
    text = getdoc(function) or ""
    weight = weight or prior(strength)
    if not fits(weight, strength):
        raise ValueError(f"{id}: a ratio of {weight.ratio} is not {strength.value}")
    _TABLE[id] = Check(
        id,
        version,
        family,
        strength,
        needs,
        texts.innocent,
        texts.ask,
        texts.next_step,
        idea,
        text,
        weight,
        on_target,
        on_case,
    )


def check(
    id: str,
    *,
    version: int = 1,
    strength: Strength,
    needs: tuple[str, ...],
    texts: Texts,
    idea: str,
    weight: Weight | None = None,
) -> Callable[[TargetCheck], TargetCheck]:
    """Enters a check of single targets in the table. The family is the first part of the id. `weight`: its
    likelihood ratio and the origin of that figure, where it isn't the strength's usual one."""

    def enter(function: TargetCheck) -> TargetCheck:
        _enter(id, version, strength, needs, texts, idea, weight, function, function, None)
        return function

    return enter


def case_check(
    id: str,
    *,
    version: int = 1,
    strength: Strength,
    needs: tuple[str, ...],
    texts: Texts,
    idea: str,
    weight: Weight | None = None,
) -> Callable[[CaseCheck], CaseCheck]:
    """Enters a check of whole cases (what several addresses of one résumé have in common)."""

    def enter(function: CaseCheck) -> CaseCheck:
        _enter(id, version, strength, needs, texts, idea, weight, function, None, function)
        return function

    return enter


def table() -> tuple[Check, ...]:
    """All checks, by id."""
    return tuple(_TABLE[id] for id in sorted(_TABLE))
