"""Judging stored scans again: from observations, or from the evidence itself. No network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scanner.knowledge import Knowledge
from scanner.model import About, Finding, Observed, Target
from scanner.observe import SOURCES, observe_in
from scanner.parse import ParsePool
from scanner.score import Judged, judge_scan
from scanner.store import ScanRecord, Store, StoredEvidence

AT_ONCE = 64
"""Pieces of evidence handed to the workers before the first answer is awaited."""


LARGE = 2 << 20
"""Bytes of a piece that is waited for, so that many such in a file from elsewhere never lie in memory at once."""


@dataclass(frozen=True, slots=True)
class Change:
    """What judging a case again moved: levels before and after, and the findings that came or went."""

    case: str
    before: str
    after: str
    differences: tuple[str, ...]

    @property
    def moved(self) -> bool:
        return self.before != self.after or bool(self.differences)


async def rescore_case(
    store: Store, case_id: str, pool: ParsePool | None = None, as_of: datetime | None = None
) -> Change | None:
    """Judges the newest scan of a case again and stores the result. None where the case has no scan.

    With a pool the stored evidence is parsed again first. Knowledge is limited to what was public on the
    day `as_of`, on the one the scan was asked for, or at its own date.
    """
    record = store.latest_scan(case_id)
    if record is None:
        return None
    before, old = _levels(store, record), {_key_of_row(row) for row in store.findings_of(record)}
    if pool is not None:
        await _observe_again(store, record, pool)
    day = as_of or Knowledge.day_of(record.knowledge_version)  # a scan as of a day stays one
    knowledge = Knowledge.load(day or record.as_of).with_own(store.own_version())
    judged = judge_scan(store, record, knowledge.dated() if day else knowledge)
    after = judged.verdicts[-1].level.value
    return Change(case_id, before.get("", "none"), after, _differences(before, judged, old))


def _levels(store: Store, record: ScanRecord) -> dict[str, str]:
    return {row["domain"]: row["level"] for row in store.verdicts_of(record)}


def _differences(before: dict[str, str], judged: Judged, was: set[_Key]) -> tuple[str, ...]:
    lines = [
        f"{verdict.domain}: {before.get(verdict.domain, 'none')} -> {verdict.level.value}"
        for verdict in judged.verdicts
        if verdict.domain and before.get(verdict.domain) != verdict.level.value
    ]
    now = {_key(finding) for finding in judged.findings}
    lines += [f"new: {' '.join(key)}" for key in sorted(now - was)]
    lines += [f"gone: {' '.join(key)}" for key in sorted(was - now)]
    return tuple(lines)


_Key = tuple[str, str, str, str, str]
"""What makes a finding another one: target, check with version, strength, statement, what sets it aside."""


def _key(finding: Finding) -> _Key:
    version = f"{finding.check_id}/{finding.check_version}"
    return (finding.domain or "case", version, finding.strength.value, finding.statement, finding.defeated_by)


def _key_of_row(row: dict[str, Any]) -> _Key:
    version = f"{row['check_id']}/{row['check_version']}"
    return (row["domain"] or "case", version, row["strength"], row["statement"], row["defeated_by"])


async def _observe_again(store: Store, record: ScanRecord, pool: ParsePool) -> None:
    """Target by target: while the workers read one's evidence, the next one's is taken from its file."""
    room = asyncio.Semaphore(AT_ONCE)
    before: _Reading | None = None
    for target in store.targets(record):
        reading = await _begun(store, record, target, pool, room)
        if before is not None:
            await before.end(store, record)
        before = reading
    if before is not None:
        await before.end(store, record)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A target whose evidence is being read."""

    domain: str
    made_by_spider: Observed
    under_way: list[asyncio.Task[Observed]]

    async def end(self, store: Store, record: ScanRecord) -> None:
        """Stores what was read in place of what stood there."""
        observed = await asyncio.gather(*self.under_way)
        store.replace_observations(record, self.domain, [*observed, self.made_by_spider], sources=SOURCES)


async def _begun(
    store: Store, record: ScanRecord, target: Target, pool: ParsePool, room: asyncio.Semaphore
) -> _Reading:
    """Hands a target's evidence to the workers, as far as there is room."""
    about = About(target.domain, target.entries, target.platform, record.as_of)
    reading = _Reading(target.domain, _spider_facts(store, record, target), [])
    for stored in store.evidence_of(record, target.domain):
        if stored.source not in SOURCES:
            continue  # captures were compared with a page of another time: what they showed stays as it is
        await room.acquire()
        task = asyncio.create_task(_one(pool, stored, about))
        task.add_done_callback(lambda _: room.release())
        reading.under_way.append(task)
        if len(stored.evidence.block) > LARGE:
            await asyncio.wait([task])
        await asyncio.sleep(0)  # a worker that is done gets its next piece at once
    return reading


async def _one(pool: ParsePool, stored: StoredEvidence, about: About) -> Observed:
    """What a piece of evidence says, without what only the crawl as a whole can say (kept as it is stored)."""
    observed = await observe_in(pool, stored.source, stored.evidence, about)
    return replace(
        observed, observations=tuple(row for row in observed.observations if row.kind != "website")
    )


def _spider_facts(store: Store, record: ScanRecord, target: Target) -> Observed:
    """What the crawl itself observed (redirects, robots, the entry's state): no single answer holds it."""
    return Observed(store.observations(record, target.domain, "website"))
