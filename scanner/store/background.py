"""The store for an event loop: one thread writes, many calls to a transaction, nothing blocks the loop."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from scanner.model import Evidence, Observed, Status
from scanner.store.errors import StoreError, explain
from scanner.store.records import OpenAttempt, ScanRecord
from scanner.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")

# One transaction, at most: a disk that fills up in the middle of one takes all of it.
_BATCH = 250  # calls
_BATCH_BYTES = 2 << 20
_LINGER = 0.03
"""Seconds that the first call of a batch waits for others while nobody waits for it: each transaction writes the same
pages of the indexes anew."""
HIGH_WATER = 8 << 20  # bytes of evidence that wait to be written before `drained` makes callers wait


class _Call:
    """One thing to do in the writing thread; `future` is None when nobody waits for it."""

    __slots__ = ("error", "future", "result", "run", "size")

    def __init__(
        self, run: Callable[[Store], Any], size: int = 0, future: asyncio.Future[Any] | None = None
    ) -> None:
        self.run, self.size, self.future = run, size, future
        self.result: Any = None
        self.error: BaseException | None = None


class AsyncStore:
    """A `Store` in a thread of its own.

    `open_attempt`, `keep`, `close_attempt` return at once; they are carried out in the order of the calls.
    `await call(Store.method, …)` runs anything else, after what was asked for before it. When a write fails,
    what follows it is not written: `failed` holds the error, and the next of these calls raises it.
    """

    def __init__(self) -> None:
        self.failed: StoreError | None = None
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self.waiting = 0  # bytes of evidence that are not written yet
        self._room = asyncio.Event()
        self._room.set()
        self._thread: threading.Thread | None = None

    @classmethod
    async def open(cls, path: Path | str, *, wait: float = 10.0) -> Self:
        """Open or create the database in the writing thread. Raises `StoreError`."""
        self = cls()
        opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(
            target=self._write, args=(Path(path), wait, opened), name="store", daemon=True
        )
        self._thread.start()
        await opened
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Write what was asked for, close the database. Raises what failed and nobody was told of yet."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        closed: asyncio.Future[None] = self._loop.create_future()
        self._calls.put(_Call(Store.close, future=closed))
        self._calls.put(None)
        try:
            await closed
        finally:
            await asyncio.to_thread(thread.join)

    async def call(self, method: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a method of `Store` in the writing thread; returns once it is committed."""
        self._check_open()
        future: asyncio.Future[T] = self._loop.create_future()
        self._calls.put(_Call(lambda store: method(store, *args, **kwargs), future=future))
        return await future

    # ---------------------------------------------------------------------------- without waiting for it

    def open_attempt(self, scan: ScanRecord, domain: str, source: str, started_at: datetime) -> OpenAttempt:
        """As `Store.open_attempt`."""
        attempt = OpenAttempt(scan, domain, source, started_at)
        self._send(lambda store: store.start_attempt(attempt))
        return attempt

    def keep(self, attempt: OpenAttempt, evidence: Evidence, observed: Observed | None = None) -> None:
        """As `Store.keep`. Await `drained()` now and then, so that memory stays flat."""
        self._send(
            lambda store: store.keep(attempt, evidence, observed), len(evidence.block) + len(evidence.request)
        )

    def close_attempt(self, attempt: OpenAttempt, status: Status, reason: str = "", ms: int = 0) -> None:
        """As `Store.close_attempt`."""
        self._send(lambda store: store.close_attempt(attempt, status, reason, ms))

    async def drained(self) -> None:
        """Wait while more evidence than HIGH_WATER waits to be written. Raises what failed."""
        await self._room.wait()
        if self.failed:
            raise self._failure()

    async def flush(self) -> None:
        """Wait until everything asked for is committed. Raises what failed."""
        await self.call(lambda store: None)
        if self.failed:
            raise self._failure()

    def _failure(self) -> StoreError:
        """What failed, anew for each who asks: one exception raised many times would gather all their frames."""
        assert self.failed is not None
        return type(self.failed)(*self.failed.args)

    def _check_open(self) -> None:
        if self._thread is None:
            raise StoreError("the store is closed")

    def _send(self, run: Callable[[Store], Any], size: int = 0) -> None:
        self._check_open()
        if self.failed:
            raise self._failure()
        self.waiting += size
        if self.waiting > HIGH_WATER:
            self._room.clear()
        self._calls.put(_Call(run, size))

    # ------------------------------------------------------------------------------- the writing thread

    def _write(self, path: Path, wait: float, opened: asyncio.Future[None]) -> None:
        try:
            store = Store(path, wait=wait)
        except BaseException as error:
            self._tell(_settle, opened, None, error)
            return
        self._tell(_settle, opened, None, None)
        while (batch := self._next_batch()) is not None:
            if batch[-1].run is Store.close:
                self._run(store, batch[:-1])
                self._run_alone(store, batch[-1])
            else:
                self._run(store, batch)
            self._tell(self._done, batch)

    def _next_batch(self) -> list[_Call] | None:
        """What comes within a moment, up to a limit, and at least one call. None: the end."""
        call = self._calls.get()
        batch: list[_Call] = []
        size = 0
        awaited = False
        until = time.monotonic() + _LINGER
        while call is not None:
            batch.append(call)
            size += call.size
            awaited = awaited or call.future is not None
            if call.run is Store.close or len(batch) >= _BATCH or size >= _BATCH_BYTES:
                return batch
            try:
                rest = 0.0 if awaited else until - time.monotonic()
                call = self._calls.get(timeout=rest) if rest > 0 else self._calls.get_nowait()
            except queue.Empty:
                return batch
        return batch or None

    def _run(self, store: Store, batch: list[_Call]) -> None:
        """One transaction for the batch; a call that fails by itself takes nothing else with it."""
        if not batch:
            return
        try:
            with store.writing():
                for call in batch:
                    if self.failed and call.future is None:
                        continue
                    try:
                        with store.alone():
                            call.result = call.run(store)
                    except Exception as error:
                        call.error = _spoken(error, store)
                        if call.future is None:
                            self._fail(call.error, store)
                        if not store.conn.in_transaction:
                            raise  # a full disk ends the transaction as a whole
        except Exception as error:
            if any(call.future is None for call in batch):
                self._fail(error, store)
            for call in batch:
                call.error = call.error or error

    def _run_alone(self, store: Store, call: _Call) -> None:
        try:
            call.run(store)
        except BaseException as error:
            call.error = error

    def _fail(self, error: BaseException, store: Store) -> None:
        if self.failed is None:
            self.failed = (
                error if isinstance(error, StoreError) else StoreError(f"{store.path}: can't store: {error}")
            )

    def _tell(self, function: Callable[..., None], *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone, and with it whoever waited
            self._loop.call_soon_threadsafe(function, *args)

    def _done(self, batch: list[_Call]) -> None:
        """On the loop: let those who wait know."""
        self.waiting -= sum(call.size for call in batch)
        if self.waiting <= HIGH_WATER // 2 or self.failed:
            self._room.set()
        for call in batch:
            if call.future is not None:
                _settle(call.future, call.result, call.error)


def _spoken(error: Exception, store: Store) -> Exception:
    """One call's error as a line for a person, where it is about the file or the disk."""
    if isinstance(error, sqlite3.Error | OSError):
        return explain(error, store.path, store.wait)
    return error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
