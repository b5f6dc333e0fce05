"""Everything a scan needs, opened in the right order and closed in the other: network, workers, store, engine."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from scanner.collect.search import Search
from scanner.copies import Shelf, opened
from scanner.egress import Network, NetworkConfig
from scanner.knowledge import Knowledge
from scanner.library import Library, LibraryError
from scanner.means import Means, Progress, Quiet, cause_of
from scanner.memory import one_heap
from scanner.model import Case
from scanner.observe import PRELOAD
from scanner.originals import Crawl, Crawled
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.scan import scan
from scanner.sharing import Shared
from scanner.store import AsyncStore, ScanRecord, ScanStatus, Store
from scanner.store.quotas import TableQuotas
from spiders.engine import Engine

CASES_AT_ONCE = 4
GARBAGE_EVERY = 10_000
"""New objects after which the youngest are looked through for circles; the default of 700 is one answer's."""


def library_of(database: Path) -> Path:
    """Where the library of a database lies: beside it, under its name."""
    return database.with_name(f"{database.stem}.library.db")


async def scan_anew(case: Case, means: Means) -> ScanRecord:
    """A new scan, or the rest of one that was killed or interrupted. One that ended partly is not gone on with: its
    silent sources are asked again by the next scan, and have a row in each."""
    left = await means.store.call(
        Store.find_resumable, case.id, case.claims, means.network.now(), passive=means.choice.passive
    )
    again = left is None or left.status is not ScanStatus.INTERRUPTED
    return await scan(case, replace(means, again=again))


def _fill_knowledge(store: Store, knowledge: Knowledge) -> None:
    """The table a person looks things up in: what ships, and what the team knows by itself."""
    store.set_knowledge([*knowledge.rows(), *store.own_rows()], knowledge.version)


class Session:
    """Scans one or many cases over one network into one database.

    as_of limits knowledge to what was public on that day; default: the network's own date. parse: workers
    shared with other sessions; whoever started them closes them. fresh: reuse no answers of earlier scans.
    How often operators were asked is counted in the database, for every process and run that uses it.
    """

    def __init__(
        self,
        config: NetworkConfig,
        database: Path,
        *,
        choice: Choice | None = None,
        progress: Progress | None = None,
        again: bool = False,
        as_of: datetime | None = None,
        parse: ParsePool | None = None,
        search: Search | None = None,
        fresh: bool = False,
    ):
        self.config = config
        self.database = database
        self.choice = choice or Choice()
        self.progress = progress or Quiet()
        self.again = again
        self.as_of = as_of
        self.parse = parse
        self.search = search
        self.fresh = fresh
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Session:
        one_heap()
        try:
            # Workers import in the background; a database that can't be written is said before anything is asked.
            parse = self.parse
            if parse is None:
                parse = await self._stack.enter_async_context(ParsePool(preload=PRELOAD))
            store = await self._stack.enter_async_context(await AsyncStore.open(self.database))
            # A network that isn't paced waits for nobody: nothing is to be counted.
            paced = self.config.pace
            quotas = self._stack.enter_context(TableQuotas(self.database)) if paced else None
            network = await self._stack.enter_async_context(Network(self.config, quotas=quotas))
            knowledge = Knowledge.load(self.as_of or network.now())
            knowledge = knowledge.with_own(await store.call(Store.own_version))
            if self.as_of is not None:
                knowledge = knowledge.dated()
            await store.call(_fill_knowledge, knowledge)
            engine = None
            if not self.choice.passive and "website" not in self.choice.without:
                engine = Engine(network, parse)
                await engine.start()
                self._stack.push_async_callback(engine.close)
            await parse.ready()
            library, lost = self._library()
            self.means = Means(
                network,
                parse,
                store,
                knowledge,
                engine,
                self.choice,
                self.progress,
                self.again,
                Shelf(self._stack.enter_context(library)),
                self.search,
                lost,
                fresh=self.fresh,
            )
        except BaseException:
            await self._stack.aclose()
            raise
        # What is there now stays: looking through it for garbage again and again would stop the loop for 50 ms.
        gc.collect()
        gc.freeze()
        self._stack.callback(gc.unfreeze)
        # An answer's objects are let go of by themselves; few of them stand in circles.
        self._stack.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(GARBAGE_EVERY)
        return self

    def _library(self) -> tuple[Library, str]:
        """The library, and why not: where the file can't be used, an empty one for this session alone, so that
        the targets of a case are still compared with each other."""
        try:
            return opened(library_of(self.database)), ""
        except LibraryError as error:
            folder = self._stack.enter_context(TemporaryDirectory(prefix="falsefront-"))
            return opened(Path(folder) / "library.db"), str(error)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def fill_library(
        self, domains: Iterable[str], told: Callable[[Crawled], None] | None = None
    ) -> list[Crawled]:
        """Crawls sites for the library, without a scan of their own. Needs the website source."""
        means = self.means
        if not isinstance(means.engine, Engine) or means.shelf is None:
            raise ValueError("the library is filled by the website source, which was left out")
        if means.lost:
            raise LibraryError(means.lost)
        crawl = Crawl(means.network, means.parse, means.engine, means.shelf)
        if told is not None:
            crawl.told = told
        return await crawl.run(domains)

    async def scan(self, case: Case) -> ScanRecord:
        """One case. See `scanner.scan.scan`."""
        return await scan(case, self.means)

    async def scan_all(self, cases: Sequence[Case]) -> list[ScanRecord]:
        """Several cases side by side, in the given order; what stops one stops all, each stored."""
        gate = asyncio.Semaphore(CASES_AT_ONCE)

        shared = self.means.shared = Shared(cases)

        async def one(case: Case) -> ScanRecord:
            async with gate:
                try:
                    return await self.scan(case)
                finally:
                    shared.done(case.id)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(case)) for case in cases]
        except BaseExceptionGroup as errors:
            raise cause_of(errors) from errors
        return [task.result() for task in tasks]
