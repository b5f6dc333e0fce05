"""One scanned case, judged again with a part left out, and sorted into the groups that fairness is asked about.

Nothing is fetched: what the scan stored is judged by the same functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from scanner.checks import Facts
from scanner.checks.places import country_of
from scanner.domains import host_of, split
from scanner.hostnames import DomainError
from scanner.knowledge import Knowledge
from scanner.model import Family, Finding, Level, Status, Strength, Target, Verdict, Why
from scanner.score import judgement
from scanner.store import ScanRecord, Store
from scanner.verdict import defeat, level_of

GROUPS = ("kind of address", "language of the site", "country of the firm")
UNKNOWN = "not known"
_PLATFORM, _OWN_COUNTRY, _OWN_GENERIC = "free hosting", "country code", "generic ending"


@dataclass(frozen=True, slots=True)
class Detail:
    """What an outcome alone does not tell.

    groups: value of each of GROUPS. lacking: why too little was seen, and `source status` of the attempts without an
    answer. alarms: ids of undefeated findings of medium strength and more. without_family: the level when no finding
    of that family counts, where that is another one. without_campaign: the level when nothing is known of the case's
    campaign.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    without_family: Mapping[str, str] = field(default_factory=dict)
    without_campaign: str = ""


def dissect(store: Store, record: ScanRecord, knowledge: Knowledge, campaign: Collection[str]) -> Detail:
    """campaign: the addresses of the case's campaign; every list that names one of them is left out for
    `without_campaign`."""
    judged = judgement(store, record, knowledge)
    level = judged.verdicts[-1].level
    claimed = [target for target in store.targets(record) if target.why is Why.CLAIM]
    attempts = store.attempts(record)
    weighty = {f.check_id for f in judged.findings if not f.defeated_by and _is_weighty(f)}
    others = {family.value: _without(judged.verdicts, family) for family in Family}
    return Detail(
        {name: _group(name, store, record, claimed) for name in GROUPS},
        tuple(
            sorted(
                verdict.summary.rpartition(": ")[2].rstrip(".")
                for verdict in judged.verdicts
                if _lacks(verdict)
            )
        )
        + tuple(
            sorted(
                f"{attempt.source} {attempt.status.value}"
                for target in claimed
                for attempt in attempts.get(target.domain, ())
                if attempt.status is not Status.SKIPPED and not attempt.status.answered
            )
        ),
        tuple(sorted(weighty)),
        {name: other.value for name, other in others.items() if other is not level},
        judgement(store, record, knowledge.without(campaign)).verdicts[-1].level.value,
    )


def _lacks(verdict: Verdict) -> bool:
    return bool(verdict.domain) and verdict.level is Level.NOT_ENOUGH


def _is_weighty(finding: Finding) -> bool:
    return finding.strength.rank >= Strength.MEDIUM.rank


def _without(verdicts: Iterable[Verdict], family: Family) -> Level:
    """The level of a case when a family's findings neither count nor defeat anything. Where nothing is left that
    counts, what was seen decides as before between nothing-found and not-enough."""
    levels = []
    for verdict in verdicts:
        left = [finding for finding in verdict.findings if finding.family is not family]
        level = level_of(defeat(left))
        quiet = level is Level.NOTHING_FOUND and verdict.level is Level.NOT_ENOUGH and verdict.domain
        levels.append(Level.NOT_ENOUGH if quiet else level)
    return max(levels, key=lambda one: one.rank)


def _group(name: str, store: Store, record: ScanRecord, claimed: list[Target]) -> str:
    """The commonest value among a case's targets; the first by name where several are as common."""
    found: Counter[str] = Counter()
    for target in claimed:
        if name == "kind of address":
            found[_kind(target)] += 1
        elif name == "language of the site":
            facts = Facts.of(store.observations(record, target.domain))
            found.update({row.value.partition("-")[0].lower() for row in facts.all("page", "language")})
        else:
            found.update(_countries(target, Facts.of(store.observations(record, target.domain))))
    return min(found, key=lambda value: (-found[value], value)) if found else UNKNOWN


def _countries(target: Target, facts: Facts) -> set[str]:
    """Where a firm is: by the claims, else by the addresses on its pages, else by its telephone numbers."""
    claimed = {country for claim in target.claims if (country := country_of(claim.place))}
    return claimed or {*facts.values("contact", "country")} or {*facts.values("contact", "phone_country")}


def _kind(target: Target) -> str:
    if target.platform:
        return _PLATFORM
    return _OWN_COUNTRY if len(target.domain.rpartition(".")[2]) == 2 else _OWN_GENERIC


def addresses(urls: Iterable[str]) -> set[str]:
    """Registrable domains of what a case claims; what is no address is left out."""
    found = set()
    for url in urls:
        try:
            found.add(split(host_of(url)).registrable)
        except (DomainError, ValueError):
            continue
    return found - {""}
