"""Judging stored scans again: from observations, or from the evidence itself. No network."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scanner.knowledge import Knowledge
from scanner.model import Finding
from scanner.parse import ParsePool
from scanner.reread import read_again
from scanner.score import Judged, judge_in_turns
from scanner.store import ScanRecord, Store


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
    """`rescore_cases` of one. None where it has no scan."""
    changes = [change async for change in rescore_cases(store, [case_id], pool, as_of)]
    return changes[0] if changes else None


async def rescore_cases(
    store: Store, cases: Iterable[str], pool: ParsePool | None = None, as_of: datetime | None = None
) -> AsyncGenerator[Change, None]:
    """Judges the newest scan of each case again, one after the other, and stores the results; cases without a scan
    are left out.

    With a pool the stored evidence is parsed again first. Knowledge is limited to what was public on the
    day `as_of`, on the one the scan was asked for, or at its own date.
    """
    records = (record for case in cases if (record := store.latest_scan(case)) is not None)
    if pool is None:
        for record in records:
            yield await _judged(store, record, as_of)
        return
    async with aclosing(read_again(store, records, pool)) as read:
        async for record in read:
            yield await _judged(store, record, as_of)


async def _judged(store: Store, record: ScanRecord, as_of: datetime | None) -> Change:
    before, old = _levels(store, record), {_key_of_row(row) for row in store.findings_of(record)}
    day = as_of or Knowledge.day_of(record.knowledge_version)  # a scan as of a day stays one
    knowledge = Knowledge.load(day or record.as_of).with_own(store.own_version())
    judged = await judge_in_turns(store, record, knowledge.dated() if day else knowledge)
    after = judged.verdicts[-1].level.value
    return Change(record.case_id, before.get("", "none"), after, _differences(before, judged, old))


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
