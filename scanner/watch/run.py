"""`watch run`: scans what is due, writes down what changed, makes and sends messages. Safe to call twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scanner.egress import NetworkConfig
from scanner.egress.clock import Clock
from scanner.means import Means, Progress, cause_of
from scanner.model import Level, Status
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.session import Session, scan_anew
from scanner.store import AsyncStore, ScanRecord, Store, StoreError
from scanner.store.errors import DiskFullError, LockedError, NotADatabaseError, ReadOnlyError
from scanner.store.leases import held_alone
from scanner.watch import outbox
from scanner.watch.alerts import tell, write_down
from scanner.watch.changes import Change, History
from scanner.watch.history import history, scans_of
from scanner.watch.rules import DEFAULT, Rules, RulesError
from scanner.watch.schedule import RECHECK, next_due, retry_due
from scanner.watch.watches import Watch, date_anew, due, ended, failed, still_watched

AT_ONCE = 4  # cases
WORK = "watch"
NOBODY = "no source answered; is the network of this machine up?"
NOT_ASKED = frozenset({Status.SKIPPED, Status.BLOCKED})
WAIT = 10.0  # seconds for another program that holds the database
STOPS_ALL = (LockedError, DiskFullError, NotADatabaseError, ReadOnlyError)
"""What is wrong with the database is wrong for every case."""


@dataclass(slots=True)
class Ran:
    """What one run did. scanned: `{case, status, level, changes, unconfirmed, problem}`; problems: a line each."""

    due: int = 0
    scanned: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    messages: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("due", "scanned", "problems", "messages")}


async def run_due(
    config: NetworkConfig,
    database: Path,
    *,
    choice: Choice | None = None,
    progress: Progress | None = None,
    parse: ParsePool | None = None,
    fresh: bool = False,
) -> Ran:
    """One run. Raises BusyError while another is at work, StoreError where the database can't be used.

    Due cases are scanned a few at a time; one that fails is put off and stops no other. Cancelled (Ctrl-C), what was
    collected stays, and the next run goes on with it.
    """
    ran = Ran()
    store = await AsyncStore.open(database, wait=WAIT)
    try:
        async with held_alone(store, database, WORK):
            clock = Clock(config.now)
            await store.call(date_anew, clock.now())
            waits = await store.call(due, clock.now())
            ran.due = len(waits)
            if waits:
                session = Session(
                    config, database, choice=choice, progress=progress, parse=parse, fresh=fresh
                )
                async with session:
                    await _scan_all(session.means, waits, ran)
            ran.problems += await outbox.send_all(store, clock.now())
            ran.messages = await store.call(outbox.counts)
    finally:
        await store.close()
    return ran


async def _scan_all(means: Means, waits: list[Watch], ran: Ran) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    rules = _Opened()

    async def one(watch: Watch) -> None:
        async with gate:
            await _scan_one(means, watch, rules, ran)

    try:
        async with asyncio.TaskGroup() as group:
            for watch in waits:
                group.create_task(one(watch))
    except BaseExceptionGroup as errors:
        raise cause_of(errors) from errors


async def _scan_one(means: Means, watch: Watch, rules: _Opened, ran: Ran) -> None:
    if not await means.store.call(still_watched, watch.case_id):
        return  # ended, paused or purged since this run began
    started = means.network.now()
    try:
        record = await scan_anew(watch.case(), means)
        found, unread = rules.of(watch)
        row = await means.store.call(settle, watch, record, found, means.network.now())
    except STOPS_ALL:
        raise
    except Exception as error:  # one bad target never stops the rest
        problem = f"{type(error).__name__}: {error}" if not isinstance(error, StoreError) else str(error)
        at = retry_due(started, watch.every, watch.failures + 1)
        await means.store.call(failed, watch.case_id, started, at, problem)
        ran.problems.append(f"{watch.case_id}: not scanned ({problem}); tried again {at:%Y-%m-%d %H:%M}Z")
        return
    ran.scanned.append(row)
    if row["problem"]:
        ran.problems.append(f"{watch.case_id}: {row['problem']}")
    if unread:
        ran.problems.append(
            f"{watch.case_id}: changes are kept, and told once the rules can be read ({unread})"
        )


def settle(
    store: Store, watch: Watch, record: ScanRecord, rules: Rules | None, now: datetime
) -> dict[str, Any]:
    """In one transaction: when the case is due again, what changed, and the messages about it."""
    with store.writing():
        found = history(store, watch.case_id)
        level = next((str(row["level"]) for row in store.verdicts_of(record) if not row["domain"]), "")
        new = write_down(store, watch, [*found.changes, *_first_result(store, record, level)], now)
        if rules is not None:
            tell(store, watch, rules, level, now)
        at = next_due(watch.case_id, watch.due_at, now, watch.every, watch.runs)
        if nobody := _nobody_answered(store, record):
            at = min(at, retry_due(now, watch.every, watch.failures + 1))
            failed(store, watch.case_id, record.started_at, at, NOBODY)
        else:
            if _worth_a_look(found, record) and not _was_a_look(watch, now):
                at = min(at, now + RECHECK)
            ended(store, watch.case_id, record.started_at, at)
    return {
        "case": watch.case_id,
        "status": record.status.value,
        "level": level,
        "changes": new,
        "unconfirmed": len(found.unconfirmed),
        "problem": f"{NOBODY}; tried again {at:%Y-%m-%d %H:%M}Z" if nobody else "",
    }


def _nobody_answered(store: Store, record: ScanRecord) -> bool:
    """Whether all that were asked were silent: as a rule it is the network of this machine that is down, not the site.
    What the address policy refused was never asked."""
    asked = [one for rows in store.attempts(record).values() for one in rows if one.status not in NOT_ASKED]
    return bool(asked) and not any(one.status.answered for one in asked)


def _first_result(store: Store, record: ScanRecord, level: str) -> list[Change]:
    """Nothing changed with the first scan of a case; but whoever watches a list wants to hear where to look."""
    if not level or Level(level).rank < Level.REVIEW.rank or len(scans_of(store, record.case_id)) > 1:
        return []
    at = record.as_of
    return [Change("", "first-result", "verdict", (), (level,), at, at, at, record.uid, ())]


def _worth_a_look(found: History, record: ScanRecord) -> bool:
    """Whether this scan saw something for the first time that a person would want to know of, once it is confirmed."""
    return any(change.after_at == record.as_of and change.kind in DEFAULT for change in found.unconfirmed)


def _was_a_look(watch: Watch, now: datetime) -> bool:
    """Whether this run came soon after another one: what changes with every look must not be looked at every day."""
    return watch.last_at is not None and now - watch.last_at < 2 * RECHECK


class _Opened:
    """Rules files, each read once a run."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Rules | None, str]] = {"": (Rules(), "")}

    def of(self, watch: Watch) -> tuple[Rules | None, str]:
        """The rules of a watch, and why they can't be used ("" where they can)."""
        if watch.rules not in self._read:
            try:
                self._read[watch.rules] = (Rules.load(Path(watch.rules)), "")
            except RulesError as error:
                self._read[watch.rules] = (None, str(error))
        return self._read[watch.rules]
