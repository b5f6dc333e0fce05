"""Stored evidence read again in the workers, ahead of whoever judges it, and put in place of what stood there.

Two go through the same targets: one takes evidence from its files and hands it to the workers, as far as there is
room; the other stores what they said, target by target, in the order of the scans. So the workers read the next
case's pages while a case is judged. Only the second writes to the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from scanner.model import About, Observed, Target
from scanner.observe import CRAWL, SOURCES, observe_in
from scanner.parse import ParsePool
from scanner.store import ScanRecord, Store, StoredEvidence

AHEAD = 4
"""For `ParsePool`: pieces a worker holds beyond the one it reads. While a target is judged nobody listens."""
MOST_PIECES = 64
"""Pieces of evidence with the workers, or waiting for them."""
MOST_BYTES = 8 << 20
"""Of those pieces, so that many large ones in a file from elsewhere never lie in memory at once."""
MOST_TARGETS = 8
"""Targets that are read, or being read, before the first of them is stored."""
AT_A_TIME = 4
"""Pieces taken from the file before others have their turn."""


async def read_again(
    store: Store, scans: Iterable[ScanRecord], pool: ParsePool
) -> AsyncGenerator[ScanRecord, None]:
    """Each scan when its evidence was read again and the observations are stored. Until the next is asked for, nothing
    here writes. Raises `EvidenceError` where a scan's evidence is gone, after the scans before it."""
    ahead: asyncio.Queue[_Step] = asyncio.Queue(MOST_TARGETS)
    reader = _Reader(store, pool, ahead)
    reading = asyncio.create_task(reader.read(scans))
    try:
        while (step := await ahead.get()) is not None:
            if isinstance(step, _Reading):
                await step.store(store)
            elif isinstance(step, ScanRecord):
                yield step
            else:
                raise step
    finally:
        left = {reading, *reader.under_way}
        for task in left:
            task.cancel()
        await asyncio.wait(left)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A target whose evidence is being read."""

    record: ScanRecord
    domain: str
    under_way: list[asyncio.Task[Observed]]

    async def store(self, store: Store) -> None:
        """Puts what was read in place of what stood there."""
        observed = await asyncio.gather(*self.under_way)
        store.replace_observations(self.record, self.domain, observed, sources=SOURCES, but=[CRAWL])


_Step = _Reading | ScanRecord | Exception | None
"""What comes after what: a target's evidence, a scan whose targets all came, what went wrong, the end."""


class _Reader:
    """Takes evidence from its files and hands it to the workers."""

    def __init__(self, store: Store, pool: ParsePool, ahead: asyncio.Queue[_Step]) -> None:
        self._store, self._pool, self._ahead = store, pool, ahead
        self.under_way: set[asyncio.Task[Observed]] = set()
        self._bytes = 0
        self._ended = asyncio.Event()  # a piece did, since it was last waited for

    async def read(self, scans: Iterable[ScanRecord]) -> None:
        try:
            for record in scans:
                for target in self._store.targets(record):
                    await self._ahead.put(await self._begun(record, target))
                await self._ahead.put(record)
            await self._ahead.put(None)
        except Exception as error:
            await self._ahead.put(error)  # told when its turn has come

    async def _begun(self, record: ScanRecord, target: Target) -> _Reading:
        """Hands a target's evidence to the workers, as far as there is room."""
        about = About(target.domain, target.entries, target.platform, record.as_of)
        reading = _Reading(record, target.domain, [])
        for stored in self._store.evidence_of(record, target.domain):
            if stored.source not in SOURCES:
                continue  # captures were compared with a page of another time: what they showed stays as it is
            await self._room(len(stored.evidence.block))
            reading.under_way.append(self._hand_over(stored, about))
            if len(reading.under_way) % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return reading

    async def _room(self, size: int) -> None:
        while self.under_way and (len(self.under_way) >= MOST_PIECES or self._bytes + size > MOST_BYTES):
            self._ended.clear()
            await self._ended.wait()

    def _hand_over(self, stored: StoredEvidence, about: About) -> asyncio.Task[Observed]:
        size = len(stored.evidence.block)

        def ended(task: asyncio.Task[Observed]) -> None:
            self.under_way.discard(task)
            self._bytes -= size
            self._ended.set()

        reading = observe_in(self._pool, stored.source, stored.evidence, about, work="judged_by")
        task = asyncio.create_task(reading)
        self.under_way.add(task)
        self._bytes += size
        task.add_done_callback(ended)
        return task
