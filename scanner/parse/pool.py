"""The pool: who runs which item, and what becomes of items and workers that go wrong."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from scanner.parse.process import UNTOUCHED, Reply, Worker
from scanner.parse.worker import LARGE, MEMORY, MOST_BYTES, OK, ParseFailed, check

START_SECONDS = 60.0
FAIR = 5  # of so many items that wait one is for later, so that those don't wait for ever
WALL_PER_CPU = 3  # a busy machine gives a worker less than a core; verdicts must not depend on that
ALLOWED = ("scanner.observe", "scanner.intake")


class ParsePool:
    """Runs functions on bytes in worker processes, at most `workers` at once, first come first served.

    ahead: items a worker is sent beyond the one it is at, so that it need not wait while the loop is busy; for long
    runs without deadlines, since an item can't go to another worker that is free meanwhile.

    memory_mb: address space of a worker, where the system can limit it. seconds: CPU time for one item
    (wall time may be three times that). preload: modules imported before the first item, and functions
    without arguments (`module:function`) called then. allow: packages whose functions may be run.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        memory_mb: int = 512,
        seconds: float = 5.0,
        preload: tuple[str, ...] = (),
        allow: tuple[str, ...] = ALLOWED,
        ahead: int = 0,
    ) -> None:
        self._count = workers or min(2, os.cpu_count() or 1)
        self._seconds = seconds
        self._ahead = ahead
        self._allow = allow
        self._options = {
            "memory": memory_mb << 20,
            "seconds": seconds,
            "preload": list(preload),
            "allow": list(allow),
            "path": [os.path.abspath(entry) for entry in sys.path],
        }
        self._workers: list[Worker] = []
        self._now: deque[_Item] = deque()
        self._later: deque[_Item] = deque()
        self._dealt = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._warming: list[asyncio.Task[None]] = []
        self._closed = False

    async def start(self) -> None:
        """Start the workers in the background; the first `run` waits for one."""
        if not self._workers and not self._closed:
            self._workers = [Worker(self._options) for _ in range(self._count)]
            for worker in self._workers:
                worker.held = 1
            self._warming = [self._spawn(self._warm(worker)) for worker in self._workers]

    async def ready(self) -> None:
        """Wait until every worker has imported what it needs, so that no deadline pays for that."""
        await self.start()
        await asyncio.gather(*(asyncio.shield(task) for task in self._warming))

    async def run(self, function: str, payload: bytes, *, later: bool = False) -> bytes:
        """The result of `function` (`package.module:name`, bytes to bytes) on `payload`.

        later: for items that nobody's next step waits for; most of the others go first. Raises
        ParseFailed when it died, overran time or memory, or raised; ValueError for a function that is
        not in an allowed package. A caller that stops waiting leaves the item to end by itself.
        """
        check(function, self._allow)
        if len(payload) > MOST_BYTES:
            raise ParseFailed(f"too-large payload of {len(payload)} bytes")
        await self.start()
        if self._closed:
            raise RuntimeError("the parse pool is closed")
        item = _Item(function, payload, asyncio.get_running_loop().create_future())
        (self._later if later else self._now).append(item)
        self._deal()
        return await item.result

    def _deal(self) -> None:
        """Give what waits to whoever has least to do, first to those that run already."""
        while True:
            ready = [one for one in self._workers if one.held <= (self._ahead if one.alive else 0)]
            item = self._next() if ready else None
            if item is None:
                return
            worker = min(ready, key=lambda one: (one.held, not one.alive))
            worker.held += 1
            if worker.alive:
                self._ask(worker, item)
            else:
                self._spawn(self._in_a_new_one(worker, item))

    def _next(self) -> _Item | None:
        self._dealt += 1
        waiting = (self._now, self._later) if self._dealt % FAIR else (self._later, self._now)
        for items in waiting:
            while items:
                item = items.popleft()
                if not item.result.done():  # else its caller has left
                    return item
        return None

    def _ask(self, worker: Worker, item: _Item) -> None:
        """Callbacks and no task: most of thousands of items simply succeed."""
        used, late = worker.items, False
        timer: asyncio.TimerHandle | None = None

        def begun() -> None:
            nonlocal timer
            timer = asyncio.get_running_loop().call_later(limit, overran)

        def overran() -> None:
            nonlocal late
            late = True
            worker.kill()

        def told(reply: Reply) -> None:
            if timer is not None:
                timer.cancel()
            outcome, body = reply
            if reply == UNTOUCHED:
                self._now.appendleft(item)
                self._free(worker)
            elif outcome in (b"", MEMORY):
                why = f"timeout after {limit:g} s" if late else "memory" if outcome else body.decode()
                self._spawn(self._gone(worker, item, why, again=used > 0))
            else:
                item.settle(outcome, body)
                self._free(worker)

        limit = self._seconds * WALL_PER_CPU
        worker.ask(item.function, item.payload, begun, told)

    async def _gone(self, worker: Worker, item: _Item, why: str, *, again: bool) -> None:
        """The worker has ended, or must. What earlier items left behind in it must not decide about this one:
        then it is tried once more, in a new one."""
        how = await worker.end()
        reason = why or how
        if again and reason.partition(" ")[0] in ("died", "memory") and not self._closed:
            await self._in_a_new_one(worker, item)
        else:
            item.fail(reason)
            self._free(worker)

    async def _in_a_new_one(self, worker: Worker, item: _Item) -> None:
        try:
            await worker.start(START_SECONDS)
        except ParseFailed as failure:
            item.fail(failure.reason)
            self._free(worker)
        else:
            self._ask(worker, item)

    async def _warm(self, worker: Worker) -> None:
        # One that does not start is tried again, and reported, by the item that needs it.
        with contextlib.suppress(ParseFailed):
            await worker.start(START_SECONDS)
        self._free(worker)

    def _free(self, worker: Worker) -> None:
        worker.held -= 1
        if not self._closed:
            self._deal()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Kill the workers, whatever they are doing."""
        self._closed = True
        for worker in self._workers:
            worker.close()
        while item := self._next():
            item.result.set_exception(RuntimeError("the parse pool is closed"))
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        for worker in self._workers:
            await worker.end()

    async def __aenter__(self) -> ParsePool:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


@dataclass(slots=True, eq=False)
class _Item:
    function: str
    payload: bytes
    result: asyncio.Future[bytes]

    def settle(self, outcome: bytes, body: bytes) -> None:
        if outcome != OK:
            words = body.decode("utf-8", "replace")
            self.fail(f"too-large {words}" if outcome == LARGE else f"error {words}")
        elif not self.result.done():
            self.result.set_result(body)

    def fail(self, reason: str) -> None:
        if not self.result.done():
            self.result.set_exception(ParseFailed(reason))
