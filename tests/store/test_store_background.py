"""The store in an event loop: calls keep their order, failures are told once, the loop is never held up."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from scanner.model import Attempt, Observed, Status
from scanner.store import (
    AsyncStore,
    LockedError,
    NotADatabaseError,
    ScanRecord,
    ScanStatus,
    Store,
    StoreError,
)
from scanner.store.background import HIGH_WATER
from tests.store.samples import (
    ADDRESS,
    CASE,
    DNS,
    FINDINGS,
    FRONT,
    HTTP,
    NOW,
    OTHER,
    PLANNED,
    SINCE,
    TARGETS,
    VERDICTS,
    fill,
    load,
)


async def begin(store: AsyncStore) -> ScanRecord:
    return await store.call(
        Store.begin_scan,
        CASE,
        TARGETS,
        as_of=NOW,
        passive=False,
        tool_version="0.1.0",
        knowledge_version="2024-05",
        planned=PLANNED,
    )


async def test_given_calls_that_return_at_once_when_flushed_then_all_is_stored_in_order(
    database: Path,
) -> None:
    async with await AsyncStore.open(database) as store:
        scan = await begin(store)
        attempts = [store.open_attempt(scan, domain, "website", NOW) for domain in (FRONT, OTHER)]
        for number in range(700):  # more than fit one transaction
            page = replace(HTTP, block=HTTP.block + b"%d" % number)
            fact = structs.replace(SINCE, value=str(number), evidence=page.digest)
            store.keep(attempts[number % 2], page, Observed((fact,)))
        for attempt in attempts:
            store.close_attempt(attempt, Status.OK, "", 7)
        await store.flush()
        loaded = await store.call(load, scan)
        ended = await store.call(Store.finish, scan, None, NOW)
    assert [fact.value for fact in loaded.observations[OTHER]] == [str(n) for n in range(1, 700, 2)]
    assert loaded.attempts[FRONT] == (Attempt("website", Status.OK, "", NOW, 7),)
    assert ended.status is ScanStatus.PARTIAL
    with Store(database, readonly=True) as reader:
        assert load(reader, scan).observations == loaded.observations
        assert [one.evidence.digest for one in reader.evidence_of(scan, OTHER)] == [
            fact.evidence for fact in loaded.observations[OTHER]
        ]


async def test_given_one_call_that_fails_then_only_its_caller_hears_of_it(database: Path) -> None:
    async with await AsyncStore.open(database) as store:
        scan = await begin(store)
        results = await asyncio.gather(
            store.call(fill, scan),
            store.call(Store.observations, scan, "unknown.example"),
            store.call(Store.save_results, scan, FINDINGS, VERDICTS),
            return_exceptions=True,
        )
        assert results[0] is None
        assert isinstance(results[1], StoreError)
        assert results[2] is None
        assert store.failed is None
        assert await store.call(Store.load_findings, scan) == FINDINGS


async def test_given_a_write_nobody_waits_for_that_fails_then_it_is_told_and_what_follows_is_not_written(
    database: Path,
) -> None:
    async with await AsyncStore.open(database) as store:
        scan = await begin(store)
        attempt = store.open_attempt(scan, FRONT, "dns", NOW)
        store.keep(attempt, DNS, Observed((ADDRESS,)))
        store.open_attempt(scan, "unknown.example", "dns", NOW)
        store.close_attempt(attempt, Status.OK)
        with pytest.raises(StoreError, match=r"unknown\.example"):
            await store.flush()
        with pytest.raises(StoreError, match=r"unknown\.example"):
            store.keep(attempt, DNS)
        with pytest.raises(StoreError, match=r"unknown\.example"):
            await store.drained()
        # the scan can still be ended, and what came before the failure is there
        ended = await store.call(Store.finish, scan, ScanStatus.INTERRUPTED, NOW)
    with Store(database, readonly=True) as reader:
        assert reader.scans() == [ended]
        assert reader.observations(scan, FRONT) == (ADDRESS,)
        assert reader.attempts(scan)[FRONT][0].reason.startswith("unfinished ")


async def test_given_a_database_locked_by_another_process_then_the_failure_is_that(database: Path) -> None:
    async with await AsyncStore.open(database, wait=0.05) as store:
        scan = await begin(store)
        with closing(sqlite3.connect(database, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            with pytest.raises(LockedError):
                await store.call(fill, scan)
            holder.execute("ROLLBACK")
        await store.call(fill, scan)
        assert len(await store.call(Store.observations, scan, FRONT)) == 3


async def test_given_a_file_that_is_no_database_when_opened_then_it_says_so() -> None:
    with pytest.raises(NotADatabaseError):
        await AsyncStore.open(__file__)


async def test_given_more_evidence_than_memory_should_hold_then_drained_waits_until_it_is_written(
    database: Path,
) -> None:
    async with await AsyncStore.open(database) as store:
        scan = await begin(store)
        attempt = store.open_attempt(scan, FRONT, "website", NOW)
        big = replace(HTTP, block=HTTP.block + b"x" * (HIGH_WATER // 4))
        for _ in range(5):
            store.keep(attempt, big)
        assert store.waiting > HIGH_WATER
        await store.drained()
        assert store.waiting <= HIGH_WATER // 2
        await store.flush()
        assert store.waiting == 0


async def test_given_a_store_closed_without_flushing_then_what_was_asked_for_is_written(
    database: Path,
) -> None:
    store = await AsyncStore.open(database)
    scan = await begin(store)
    attempt = store.open_attempt(scan, FRONT, "dns", NOW)
    store.keep(attempt, DNS, Observed((ADDRESS,)))
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.flush()
    with pytest.raises(StoreError, match="closed"):
        store.keep(attempt, DNS)
    with Store(database, readonly=True) as reader:
        assert reader.observations(scan, FRONT) == (ADDRESS,)


async def test_given_a_caller_that_is_cancelled_then_the_write_is_done_and_the_store_goes_on(
    database: Path,
) -> None:
    async with await AsyncStore.open(database) as store:
        scan = await begin(store)
        waiting = asyncio.create_task(store.call(fill, scan))
        await asyncio.sleep(0)  # let it ask
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert len(await store.call(Store.observations, scan, FRONT)) == 3


async def test_given_a_slow_writing_thread_then_the_loop_goes_on(database: Path) -> None:
    # given: a call that only ends when the loop has done something in the meantime
    loop_ran = asyncio.Event()
    seen = asyncio.get_running_loop()

    def slow(store: Store) -> bool:
        return asyncio.run_coroutine_threadsafe(loop_ran.wait(), seen).result(timeout=30) is True

    async with await AsyncStore.open(database) as store:
        call = asyncio.create_task(store.call(slow))
        await asyncio.sleep(0)
        loop_ran.set()
        assert await call
