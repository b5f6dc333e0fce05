"""One sweep from the list to its end, or as far as its budgets, its network and its owner let it come."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from scanner.egress import Network, NetworkConfig
from scanner.knowledge import Knowledge, OwnKnowledge
from scanner.parse import ParsePool
from scanner.session import Session
from scanner.store import AsyncStore, Store
from scanner.store.errors import explain
from scanner.store.leases import BusyError, held_alone
from scanner.sweep.budget import Budget
from scanner.sweep.likes import Firm, LikeError, Likes
from scanner.sweep.lines import Line, lines
from scanner.sweep.names import Names
from scanner.sweep.offline import Offline
from scanner.sweep.pages import Pages
from scanner.sweep.registered import Registered, registration
from scanner.sweep.rows import DNS, OFFLINE, PAGES, REGISTRATION, STAGES, Row, Rows, Step, text_of
from scanner.sweep.told import document

BATCH = 2000  # lines between two looks at the clock and at Ctrl-C
WRITTEN = 500  # names that a transaction takes
AT_ONCE = {DNS: 150, REGISTRATION: 8, PAGES: 4}
SILENT = {DNS: 150, REGISTRATION: 24, PAGES: 8}
"""Names without any answer, one after the other, after which a stage is given up: the network is gone, not they."""
PROBLEMS = 100  # lines that are no domain and are kept with their numbers


class SweepError(Exception):
    """One line for a person: why a list can't be swept."""


class Sweep:
    """likes: firms as the user wrote them. told: gets a line now and then. parse: workers of somebody else's.

    After `run` was cancelled, `Sweep(...).run()` with the same list and firms goes on where it was.
    """

    def __init__(
        self,
        config: NetworkConfig,
        database: Path,
        file: Path,
        *,
        likes: Sequence[str] = (),
        budget: Budget | None = None,
        new: bool = False,
        as_of: datetime | None = None,
        told: Callable[[str], None] | None = None,
        parse: ParsePool | None = None,
    ) -> None:
        self.config, self.database, self.file = config, database, file
        self.budget = budget or Budget()
        self.new, self.parse, self.as_of = new, parse, as_of
        self.told = told or (lambda line: None)
        self.seconds: dict[int, float] = {}
        self.stopped: dict[int, str] = {}
        try:
            self.firms = {firm.given: firm for firm in map(Firm.of, dict.fromkeys(likes))}
            self.likes = Likes(self.firms.values())
            self.id = f"sweep-{_digest(file, [*sorted(self.firms), *([as_of.isoformat()] if as_of else [])])}"
        except LikeError as error:
            raise SweepError(str(error)) from error
        except OSError as error:
            raise SweepError(f"{file}: can't be read ({error.strerror or type(error).__name__})") from error

    async def run(self) -> dict[str, Any]:
        """The document (`scanner.sweep.told`). Raises SweepError, StoreError; CancelledError once what was found is
        stored."""
        try:
            return await self._run()
        except sqlite3.Error as error:
            raise explain(error, self.database) from error

    async def _run(self) -> dict[str, Any]:
        async with await AsyncStore.open(self.database) as lease:
            try:
                async with held_alone(lease, self.database, self.id):
                    return await self._swept()
            except BusyError:
                raise SweepError(
                    f"{self.file}: another sweep of this list is at work ({self.id}); when it has ended, the same "
                    "command shows what it found"
                ) from None

    async def _swept(self) -> dict[str, Any]:
        with Store(self.database) as store:
            async with Network(self.config) as network:
                rows = Rows(store, self.id)
                if self.new:
                    rows.forget()
                now = network.now().strftime("%Y-%m-%dT%H:%M:%SZ")
                if rows.begin(self.file.name, list(self.firms), now):
                    self.told(f"{self.id}: this list was begun before; going on with it")
                knowledge = Knowledge.load(self.as_of or network.now()).with_own(store.own_version())
                if self.as_of is not None:
                    knowledge = knowledge.dated()
                if rows.head()["read_at"] is None:
                    with _timed(self.seconds, OFFLINE):
                        await self._offline(rows, Offline(knowledge, self.likes), now)
                if not rows.count("1"):
                    raise SweepError(
                        f"{self.file}: holds no domain ({rows.head()['rubbish']} lines that name none)"
                    )
                await self._dns(rows, network, knowledge)
                if self._wanted(rows, REGISTRATION) or self._wanted(rows, PAGES):
                    await self._behind(rows)
                rows.ended(network.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
                return document(rows, self.budget, self.seconds, self.stopped)

    # ------------------------------------------------------------------------------------------ offline

    async def _offline(self, rows: Rows, offline: Offline, now: str) -> None:
        """Begun anew where it was interrupted: reading a list again takes seconds, and names it met stay."""
        read = rubbish = 0
        problems: list[dict[str, Any]] = []
        source = lines(self.file)
        own_version = rows.store.own_version()
        while batch := list(islice(source, BATCH)):
            read += len(batch)
            bad = [line for line in batch if line.problem]
            rubbish += len(bad)
            problems += [{"line": b.number, "problem": b.problem} for b in bad[: PROBLEMS - len(problems)]]
            good = [line for line in batch if not line.problem]
            own = OwnKnowledge()
            if own_version:
                own = rows.store.known_about([("domain", line.domain) for line in good])
            rows.add(_judged(good, offline, own))
            await asyncio.sleep(0)
        found = rows.count("1")
        rows.was_read(now, read, read - rubbish - found, rubbish, problems)
        self.told(f"offline: {found} domains of {read} lines, {rubbish} lines that name none")

    # -------------------------------------------------------------------------------- the stages behind

    def _wanted(self, rows: Rows, stage: int) -> list[str]:
        return rows.waiting(stage, getattr(self.budget, STAGES[stage]))

    async def _dns(self, rows: Rows, network: Network, knowledge: Knowledge) -> None:
        names = self._wanted(rows, DNS)
        if not names:
            return
        with _timed(self.seconds, DNS):
            async with network.bulk() as bulk:
                await self._stage(rows, DNS, names, Names(bulk, knowledge).step)

    async def _behind(self, rows: Rows) -> None:
        session = Session(self.config, self.database, as_of=self.as_of, parse=self.parse)
        async with session:
            await self._in(session, rows)

    async def _in(self, session: Session, rows: Rows) -> None:
        if names := self._wanted(rows, REGISTRATION):
            with _timed(self.seconds, REGISTRATION):
                dates = await self._dates(rows, session)
                step = Registered(session.means, self.id, dates).step
                await self._stage(rows, REGISTRATION, names, step)
        if names := self._wanted(rows, PAGES):
            with _timed(self.seconds, PAGES):
                await self._stage(rows, PAGES, names, Pages(session, self.id).step)

    async def _dates(self, rows: Rows, session: Session) -> dict[str, str]:
        """Since when the firms' own domains are registered, each asked once a sweep."""
        dates = rows.dates()
        for firm in self.firms.values():
            if firm.domain and not dates.get(firm.given):
                found = await registration(firm.domain, self.id, session.means)
                dates[firm.given] = found.created
                if not found.created:
                    self.told(
                        f"{firm.domain}: no date of registration ({found.reason}); who is newer can't be said"
                    )
        rows.set_dates(dates)
        return dates

    async def _stage(
        self, rows: Rows, stage: int, names: Sequence[str], step: Callable[[Row], Awaitable[Step]]
    ) -> None:
        """Some names side by side. What was found is written at last when this ends, however it ends."""
        waiting = iter(names)
        done: list[Step] = []
        silent = answered = 0
        begun = last = time.monotonic()

        async def work() -> None:
            nonlocal silent, answered, last
            for name in waiting:
                found = await step(rows.row(name))
                done.append(found)
                silent = silent + 1 if found.failed else 0
                answered += 1
                if len(done) >= WRITTEN or stage is not DNS:
                    rows.settle(done)
                    done.clear()
                if silent >= SILENT[stage]:
                    self.stopped[stage] = f"gave-up none of the last {silent} names got an answer"
                    return
                if time.monotonic() - last > 5:
                    last = time.monotonic()
                    self.told(
                        f"{STAGES[stage]}: {answered} of {len(names)}, {answered / (last - begun):.0f} a second"
                    )

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(AT_ONCE[stage], len(names))):
                    group.create_task(work())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            rows.settle(done)
        self.told(
            f"{STAGES[stage]}: {answered} names" + (f"; {why}" if (why := self.stopped.get(stage)) else "")
        )


def _judged(
    batch: Sequence[Line], offline: Offline, own: OwnKnowledge
) -> Iterator[tuple[str, int, int, str]]:
    for line in batch:
        rank, facts = offline.facts(line.domain, own)
        yield line.domain, line.number, rank, text_of(facts)


@contextmanager
def _timed(seconds: dict[int, float], stage: int) -> Iterator[None]:
    """Adds the seconds of a block to a stage's, also where it is left early."""
    begun = time.monotonic()
    try:
        yield
    finally:
        seconds[stage] = seconds.get(stage, 0.0) + time.monotonic() - begun


def _digest(file: Path, likes: Sequence[str]) -> str:
    """8 hex digits over the list's bytes and the firms. Raises OSError."""
    if file.is_dir():
        raise IsADirectoryError(21, "is a directory; give a file")
    if file.exists() and not file.is_file():
        raise OSError(22, "a pipe is gone once it was read; write the list to a file first")
    total = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    for like in likes:
        total.update(b"\n" + like.encode())
    return total.hexdigest()[:8]
