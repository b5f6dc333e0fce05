"""What may leave about the sites of a case: no case, no label, no claim, no candidate. STIX and MISP start from it.

A site is passed on when its verdict is `review` or more serious, with its undefeated findings from medium strength up.
A statement that repeats something the case claims (an organisation, a date, a place) is left out; what was observed of
the site, and what the check compares, stands in its place. A site that is claimed as somebody's own portfolio or
profile is passed on only from `contradicted` up: its name may be a person's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from scanner.checks import table
from scanner.knowledge.indicators import BadIndicatorError, spelled
from scanner.model import Case, Claim, Finding, Level, Role, Strength
from scanner.store import ScanRecord, Store

SENTENCES = {
    Level.KNOWN: "This address is on a public list of seized sites.",
    Level.CONTRADICTED: "The public record of this address does not fit what is said of it.",
    Level.REVIEW: "Something about this address needs a person.",
}
LIMIT = "What is stated is about an address and its public record, on the day of the scan. It accuses nobody."
_WORTH_SAYING = (Strength.DECISIVE, Strength.STRONG, Strength.MEDIUM)
_PERSONAL = (Role.PORTFOLIO, Role.PROFILE)
_SHORTEST = 3
"""Letters of a claimed name from which finding it in a statement means something."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site that may be passed on. since: when it was looked at first; seen: until when. facts: (check id, text)."""

    domain: str
    level: Level
    since: datetime
    seen: datetime
    scan: str
    facts: tuple[tuple[str, str], ...]

    @property
    def blockable(self) -> bool:
        """Whether it may serve to detect something: `review` only says that a person should look."""
        return self.level in (Level.KNOWN, Level.CONTRADICTED)


def sites(store: Store, record: ScanRecord) -> tuple[Site, ...]:
    """The sites of one scan that may be passed on, by domain."""
    case = store.case(record)
    roles = {target.domain: {claim.role for claim in target.claims} for target in store.targets(record)}
    findings: dict[str, list[Finding]] = {}
    for finding in store.load_findings(record):
        findings.setdefault(finding.domain, []).append(finding)
    found = []
    for row in store.verdicts_of(record):
        domain, level = row["domain"], Level(row["level"])
        if not domain or level not in SENTENCES or not _nameable(domain, level, roles.get(domain, set())):
            continue
        texts = {(f.check_id, _sayable(f, case)) for f in findings.get(domain, ()) if _counts(f)}
        facts = tuple(sorted((check, text) for check, text in texts if text))
        seen = max(record.ended_at or record.started_at, record.started_at)
        found.append(Site(domain, level, record.started_at, seen, record.uid, facts))
    return tuple(sorted(found, key=lambda site: site.domain))


def _counts(finding: Finding) -> bool:
    return not finding.defeated_by and finding.strength in _WORTH_SAYING


def _nameable(domain: str, level: Level, roles: set[Role]) -> bool:
    """No platform and no site everybody visits; nobody's own page that only needs a look."""
    try:
        spelled(domain, "domain")
    except BadIndicatorError:
        return False
    return level is not Level.REVIEW or not roles <= set(_PERSONAL)


def _sayable(finding: Finding, case: Case) -> str:
    """The statement, or what is left of it without the claims; "" where nothing is."""
    if not _repeats(finding.statement, finding.domain, case):
        return finding.statement
    about = next((check.text.split("\n")[0] for check in table() if check.id == finding.check_id), "")
    # A year alone is the site's own as a rule, where only the site is spoken of.
    observed = "" if _repeats(finding.observed, finding.domain, case, years=False) else finding.observed
    parts = [part.rstrip(".") for part in (about, observed) if part]
    return ". ".join(parts) + "." if parts else ""


def _repeats(text: str, domain: str, case: Case, *, years: bool = True) -> bool:
    folded = text.casefold().replace(domain, "")
    words = {case.id.casefold(), case.label.casefold()}
    words |= {word for claim in case.claims for word in _words(claim, years)}
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) for word in words if len(word) >= _SHORTEST
    )


def _words(claim: Claim, years: bool) -> set[str]:
    """What a claim says that a statement could repeat; an address alone is a site's."""
    dates = [str(day) for day in (claim.period.starts, claim.period.ends) if day]
    parts = [word for word in re.findall(r"\w+", claim.organisation) if len(word) > _SHORTEST]
    named = [claim.organisation, *parts, claim.place, *claim.place.split(",")]
    told = {*named, *(day for day in dates if len(day) > 4), *(day[:4] for day in dates if years)}
    return {word.strip().casefold() for word in told}
