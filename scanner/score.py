"""Stored observations in, stored verdicts out: the last step of a scan, and the whole of `rescore`.

Pure but for the database it reads and writes: it asks no network, no clock and no index, so the same
observations and the same knowledge give the same verdicts, byte for byte. Targets are judged one after the
other; of the others only the few facts in `checks.SHARED` are held, so memory stays flat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from scanner.checks import SHARED, Facts, Scene, Subject, case_findings, findings
from scanner.checks.origins import NAMES, Origins, compares
from scanner.domains import registrable
from scanner.knowledge import Knowledge
from scanner.knowledge.indicators import keys_of_url
from scanner.model import Attempt, Finding, Observation, Target, Verdict, Why
from scanner.store import ScanRecord, Store
from scanner.verdict import Coverage, fold, judge

DATED = (
    ("registration", "created"),
    ("archive", "first_capture"),
    ("ct", "first_logged"),
    ("ct", "logged_by"),
)
MOST_CONTACTS = 100
"""Mailboxes, and numbers, of one target that are looked up in the team's own lists."""
IDENTIFIERS = ("analytics", "tag", "pixel", "verification", "form_endpoint")
"""Accounts on its pages, likewise."""
TEXT_STATES = ("content ", "template ")
"""Page states that are text of the site, as the values of `page/state` begin."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All verdicts of a scan: the claimed targets' in their order, then the case's."""

    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]


def store_verdicts(store: Store, record: ScanRecord, knowledge: Knowledge) -> None:
    """Judges a scan from what it stored, and stores findings and verdicts in place of earlier ones. Each target's are
    let go of once they are stored: of a thousand targets they would be most of what a scan holds."""
    for _ in _stored(store, record, knowledge):
        pass


def judge_scan(store: Store, record: ScanRecord, knowledge: Knowledge) -> Judged:
    """The same, for who wants to see them too. What is returned lacks the findings' support."""
    return _judged(list(map(_without_support, _stored(store, record, knowledge))))


async def judge_in_turns(store: Store, record: ScanRecord, knowledge: Knowledge) -> Judged:
    """`judge_scan`, where others have their turn between two targets. They may read from the store; what they wrote
    there would be part of the same transaction."""
    verdicts = []
    with closing(_stored(store, record, knowledge)) as judged:
        for verdict in judged:
            verdicts.append(_without_support(verdict))
            await asyncio.sleep(0)
    return _judged(verdicts)


def _stored(store: Store, record: ScanRecord, knowledge: Knowledge) -> Generator[Verdict, None, None]:
    """Each verdict when it was written, with its findings; all stand once the last one was taken."""
    with store.results(record) as results:
        for verdict in _verdicts(store, record, knowledge):
            for finding in verdict.findings:
                results.add_finding(finding)
            results.add_verdict(verdict)
            yield verdict


def judgement(store: Store, record: ScanRecord, knowledge: Knowledge) -> Judged:
    """The same with the support, and without writing anything."""
    return _judged(list(_verdicts(store, record, knowledge)))


def _judged(verdicts: Sequence[Verdict]) -> Judged:
    return Judged(tuple(finding for verdict in verdicts for finding in verdict.findings), tuple(verdicts))


def _bare(verdict: Verdict) -> Verdict:
    return replace(verdict, findings=())


def _without_support(verdict: Verdict) -> Verdict:
    return replace(verdict, findings=tuple(replace(finding, support=()) for finding in verdict.findings))


def _verdicts(store: Store, record: ScanRecord, knowledge: Knowledge) -> Iterator[Verdict]:
    """The claimed targets' in their order, then the case's."""
    targets = store.targets(record)
    attempts = store.attempts(record)
    scene = Scene(
        case=store.case(record),
        knowledge=knowledge,
        as_of=record.as_of,
        others=_shared(store, record, targets),
        claimed=tuple(target.domain for target in targets if target.why is Why.CLAIM),
    )
    ground = _Ground(store, record, targets)
    told = []
    for target in targets:
        if target.why is Why.CLAIM:
            verdict = _verdict(store, record, target, attempts.get(target.domain, ()), scene, ground)
            told.append(_bare(verdict))
            yield verdict
    yield fold(told, ground(case_findings(scene)))


def _verdict(
    store: Store,
    record: ScanRecord,
    target: Target,
    attempts: Sequence[Attempt],
    scene: Scene,
    ground: _Ground,
) -> Verdict:
    observations = store.observations(record, target.domain)
    facts = Facts.of(observations)
    own = store.known_about(listable(target, facts), record.case_id)
    subject = Subject(target, facts, {a.source: a for a in attempts}, record.as_of, own)
    coverage = Coverage.of(
        (attempt.status for attempt in attempts),
        dated=any(row.starts for key in DATED for row in subject.facts.all(*key)),
        text=_has_text(subject.facts),
    )
    return judge(target.domain, ground(findings(subject, scene)), coverage)


class _Ground:
    """Gives findings that rest on comparisons of our own the rows behind them, so that each leads to evidence."""

    def __init__(self, store: Store, record: ScanRecord, targets: Sequence[Target]) -> None:
        self._store, self._record, self._targets = store, record, targets
        self._origins: Origins | None = None

    def __call__(self, found: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(
            finding if any(row.evidence for row in finding.support) else self._grounded(finding)
            for finding in found
        )

    def _grounded(self, finding: Finding) -> Finding:
        if not any(compares(row) for row in finding.support):
            return finding
        if self._origins is None:  # most scans never need them
            self._origins = Origins((target.domain for target in self._targets), self._rows_of)
        return replace(finding, support=(*finding.support, *self._origins.behind(finding.support)))

    def _rows_of(self, domain: str) -> list[Observation]:
        rows = self._store.observations(self._record, domain, *{kind for kind, _ in NAMES})
        return [row for row in rows if (row.kind, row.name) in NAMES]


def listable(target: Target, facts: Facts) -> list[tuple[str, str]]:
    """Everything of a target that a feed or the team's own list may name: addresses, mailboxes, numbers, accounts,
    payment addresses."""
    values = [("domain", target.domain), *(key for url in target.entries for key in keys_of_url(url))]
    mails = (*facts.values("contact", "mail"), *facts.values("registration", "registrant_email"))
    for mail in mails[:MOST_CONTACTS]:
        values += [("mail", mail.lower()), ("domain", registrable(mail.rpartition("@")[2]))]
    accounts = [f"{name} {value}" for name in IDENTIFIERS for value in facts.values("identifier", name)]
    values += [("identifier", account) for account in accounts[:MOST_CONTACTS]]
    for name in ("phone", "payment"):
        values += [(name, value) for value in facts.values("contact", name)[:MOST_CONTACTS]]
    return values


def _has_text(facts: Facts) -> bool:
    return any(row.value.startswith(TEXT_STATES) for row in facts.all("page", "state"))


def _shared(store: Store, record: ScanRecord, targets: Sequence[Target]) -> Mapping[str, Facts]:
    """What the checks of one target may see of the others."""
    found: dict[str, list[Observation]] = {target.domain: [] for target in targets}
    for domain, observation in store.observations_named(record, SHARED):
        found.setdefault(domain, []).append(observation)
    return {domain: Facts.of(rows) for domain, rows in found.items()}
