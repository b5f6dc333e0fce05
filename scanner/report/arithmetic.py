"""How a verdict came about, rule by rule and figure by figure: for who wants to check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scanner.model import Family, Finding, Level, Strength
from scanner.verdict import QUALIFIER_LIMIT, QUALIFIER_SHARE, level_of, score_parts


def lines(found: dict[str, Any]) -> Iterator[str]:
    """`found`: the document of a case. A block for each target that got a verdict, then one for the case."""
    judged = [target for target in found["targets"] if target["level"]]
    for target in judged:
        findings = _findings(target["findings"])
        yield f"{target['domain']}: {target['level']}"
        yield f"  {_why(Level(target['level']), findings)}"
        yield f"  {target['answered']} of {target['planned']} planned attempts answered"
        yield from _set_aside(findings)
        yield from _score(target["score"], findings)
    own = _findings(found["findings"])
    yield f"the case: {found['level']}, the most serious of its addresses and of what concerns all of them"
    if own:
        yield f"  {_why(level_of(own), own)}"
        yield from _score(found["score"], own, alone=False)


def _findings(rows: Sequence[dict[str, Any]]) -> list[Finding]:
    return [
        Finding(
            row["check_id"],
            row["check_version"],
            Family(row["family"]),
            Strength(row["strength"]),
            row["statement"],
            score=row["score"],
            defeated_by=row["defeated_by"] or "",
        )
        for row in rows
    ]


def _counting(findings: Sequence[Finding], strength: Strength) -> list[Finding]:
    return [f for f in findings if not f.defeated_by and f.strength is strength]


def _why(level: Level, findings: Sequence[Finding]) -> str:
    """The rule that gave the level."""
    decisive, strong, medium = (
        _counting(findings, strength) for strength in (Strength.DECISIVE, Strength.STRONG, Strength.MEDIUM)
    )
    if level is Level.KNOWN:
        listed = [f for f in decisive + strong if f.family in (Family.KNOWN, Family.SEIZURE)]
        return f"the address itself is listed or taken over: {_named(listed)}"
    if level is Level.CONTRADICTED and decisive:
        return f"a decisive finding is enough: {_named(decisive)}"
    if level is Level.CONTRADICTED:
        return f"strong findings of two families: {_named(strong)}"
    if level is Level.REVIEW and strong:
        return f"a strong finding: {_named(strong)}"
    if level is Level.REVIEW:
        return f"medium findings of two families: {_named(medium)}"
    if level is Level.NOT_ENOUGH:
        return "nothing that counts was found, and too little was seen to say more"
    if medium:
        return f"medium findings of one family alone give no level: {_named(medium)}"
    return "no strong finding, and no medium ones"


def _named(findings: Sequence[Finding]) -> str:
    named = dict.fromkeys(f"{f.check_id} v{f.check_version} ({f.family.value})" for f in findings)
    return ", ".join(named) or "see its findings"


def _set_aside(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding.defeated_by:
            yield f"  {finding.check_id} ({finding.strength.value}) does not count: {finding.defeated_by} explains it"


def _score(total: float, findings: Sequence[Finding], *, alone: bool = True) -> Iterator[str]:
    """The sum, a line a part. A score orders rows within a level and never makes one."""
    strongest, qualifiers = score_parts(findings)
    if strongest is None and not qualifiers:
        return
    yield (
        f"  score {total:g} (log10 of a likelihood ratio; orders cases of one level, makes none)"
        if alone
        else "  score"
    )
    if strongest is not None:
        ratio = f"met {10**strongest.score:.0f} times as often where a claim is made up"
        yield f"    {strongest.score:+.2f}  {strongest.check_id}, the strongest: {ratio}"
    for finding in qualifiers:
        yield f"    {finding.score * QUALIFIER_SHARE:+.2f}  {finding.check_id} (a fifth of {finding.score:+.2f})"
    if abs(sum(f.score for f in qualifiers) * QUALIFIER_SHARE) > QUALIFIER_LIMIT:
        yield f"    what qualifies counts for {QUALIFIER_LIMIT} at most"
