"""One place gives the verdict: findings and coverage in, level out. Pure; see the contract on levels.

The level of a target is the first that holds:

known          the address itself is on an authoritative list of seizures, or under seizure name servers
contradicted   one undefeated decisive finding, or two undefeated strong ones of different families
review         one undefeated strong finding, or two medium ones of different families
not-enough     fewer than half of the planned attempts answered, or neither a dated source nor text of the site
nothing-found  the sources that answered showed nothing unusual
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scanner.model import Finding, Level, Status, Strength, Verdict

SUMMARIES = {
    Level.KNOWN: "This address is on a public list of seized sites.",
    Level.CONTRADICTED: "The public record does not fit what is claimed.",
    Level.REVIEW: "Something here needs a person.",
    Level.NOT_ENOUGH: "Too little could be seen to say anything.",
    Level.NOTHING_FOUND: "The sources that answered showed nothing unusual.",
}
"""The sentence of each level: about addresses and claims, never about people."""

QUALIFIER_LIMIT = 0.5
"""How far qualifiers can move a score, in log10 of the likelihood ratio: less than one step of strength."""

QUALIFIER_SHARE = 0.2
"""What a qualifier adds of its own score."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen of a target. planned counts all attempts but the skipped ones.

    dated: a registration, certificate-log or archive answer gave a date. text: a page with content was read.
    """

    answered: int
    planned: int
    dated: bool
    text: bool

    @property
    def enough(self) -> bool:
        return not self.lack

    @property
    def lack(self) -> str:
        """Why too little was seen, in words; "" when there was enough."""
        if self.planned == 0 or self.answered * 2 < self.planned:
            return "fewer than half of the sources answered"
        return (
            "" if self.dated or self.text else "no source gave a date, and no page of the site could be read"
        )

    @classmethod
    def of(cls, statuses: Iterable[Status], *, dated: bool, text: bool) -> Coverage:
        """From the last status of each planned source."""
        planned = [status for status in statuses if status is not Status.SKIPPED]
        return cls(sum(status.answered for status in planned), len(planned), dated, text)


def defeat(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The same findings, those set aside by one that lowers suspicion marked with its id."""
    by: dict[tuple[str, str], str] = {}
    for finding in findings:
        for beaten in finding.defeats:
            by.setdefault((finding.domain, beaten), finding.check_id)
    return tuple(replace(f, defeated_by=by.get((f.domain, f.check_id), "")) for f in findings)


def level_of(findings: Iterable[Finding]) -> Level:
    """The level the findings alone give; NOTHING_FOUND where none counts."""
    counting = [f for f in findings if not f.defeated_by]
    if any(f.level is Level.KNOWN for f in counting):
        return Level.KNOWN
    families = {
        strength: {f.family for f in counting if f.strength.rank >= strength.rank}
        for strength in (Strength.DECISIVE, Strength.STRONG, Strength.MEDIUM)
    }
    if families[Strength.DECISIVE] or len(families[Strength.STRONG]) > 1:
        return Level.CONTRADICTED
    if families[Strength.STRONG] or len(families[Strength.MEDIUM]) > 1:
        return Level.REVIEW
    return Level.NOTHING_FOUND


def score_of(findings: Iterable[Finding]) -> float:
    """The strongest undefeated finding plus bounded qualifiers, in log10 of the likelihood ratio.

    It orders rows within a level and never makes one. Of one family only the strongest counts.
    """
    strongest, qualifiers = score_parts(findings)
    more = sum(finding.score * QUALIFIER_SHARE for finding in qualifiers)
    bounded = max(-QUALIFIER_LIMIT, min(QUALIFIER_LIMIT, more))
    return round((strongest.score if strongest else 0.0) + bounded, 3)


def score_parts(findings: Iterable[Finding]) -> tuple[Finding | None, tuple[Finding, ...]]:
    """What a score is made of: the strongest finding, and those that qualify it: the strongest of each other family,
    then all that lower suspicion. Defeated ones take no part."""
    counting = _in_order(f for f in findings if not f.defeated_by)
    best: dict[str, Finding] = {}
    for finding in counting:
        if finding.score > 0:
            best.setdefault(finding.family, finding)
    raising = sorted(best.values(), key=lambda f: -f.score)
    return raising[0] if raising else None, (*raising[1:], *(f for f in counting if f.score < 0))


def judge(domain: str, findings: Sequence[Finding], coverage: Coverage) -> Verdict:
    """The verdict on one claimed target."""
    marked = defeat(findings)
    level = level_of(marked)
    if level is Level.NOTHING_FOUND and not coverage.enough:
        level = Level.NOT_ENOUGH
    summary = SUMMARIES[level]
    if level is Level.NOT_ENOUGH:
        summary = f"{summary.removesuffix('.')}: {coverage.lack}."
    return Verdict(
        domain,
        level,
        score_of(marked),
        coverage.answered,
        coverage.planned,
        summary,
        _in_order(marked),
    )


def fold(targets: Sequence[Verdict], case_wide: Sequence[Finding]) -> Verdict:
    """The verdict on the case: the most serious of its targets' levels and of the case-wide findings'."""
    marked = _in_order(defeat(case_wide))
    levels = [verdict.level for verdict in targets] or [Level.NOT_ENOUGH]
    own = level_of(marked)
    worst = max([*levels, own], key=lambda level: level.rank)
    score = max([score_of(marked), *(verdict.score for verdict in targets)])
    return Verdict(
        "",
        worst,
        score,
        sum(verdict.answered for verdict in targets),
        sum(verdict.planned for verdict in targets),
        SUMMARIES[worst],
        marked,
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Undefeated before defeated, strongest first, then by id and statement: stable, byte for byte."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (bool(f.defeated_by), -f.score, f.check_id, f.statement, f.claimed, f.observed),
        )
    )
