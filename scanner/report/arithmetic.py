"""How a verdict came about, rule by rule and figure by figure: for who wants to check it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def _findings(rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
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


def carried_by(whole: str, level: str | None, rows: Sequence[Mapping[str, Any]]) -> tuple[bool, ...]:
    """Of each row of a document's findings, whether the level of the whole case rests on it.

    level: of the target they belong to, "" while it has none; None for those that concern several addresses.
    """
    findings = _findings(rows)
    own = level_of(findings).value if level is None else level
    bearing = _bearing(Level(whole), findings) if own == whole else []
    return tuple(finding in bearing for finding in findings)


def _bearing(level: Level, findings: Sequence[Finding]) -> list[Finding]:
    """The findings by which a target has its level; none for a level that says nothing was found."""
    decisive, strong, medium = (
        _counting(findings, strength) for strength in (Strength.DECISIVE, Strength.STRONG, Strength.MEDIUM)
    )
    if level is Level.KNOWN:
        return [f for f in decisive + strong if f.family in (Family.KNOWN, Family.SEIZURE)]
    if level is Level.CONTRADICTED:
        return decisive or strong
    return strong or medium if level is Level.REVIEW else []


def _why(level: Level, findings: Sequence[Finding]) -> str:
    """The rule that gave the level."""
    bearing = _bearing(level, findings)
    strength = bearing[0].strength if bearing else None
    medium = _counting(findings, Strength.MEDIUM)
    if level is Level.KNOWN:
        return f"the address itself is listed or taken over: {_named(bearing)}"
    if level is Level.CONTRADICTED and strength is Strength.DECISIVE:
        return f"a decisive finding is enough: {_named(bearing)}"
    if level is Level.CONTRADICTED:
        return f"strong findings of two families: {_named(bearing)}"
    if level is Level.REVIEW and strength is Strength.STRONG:
        return f"a strong finding: {_named(bearing)}"
    if level is Level.REVIEW:
        return f"medium findings of two families: {_named(bearing)}"
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
