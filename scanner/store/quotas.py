"""How often operators were asked, kept in the database: one count for every process and run that uses it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from scanner.egress.quotas import LONGEST_PENALTY, OTHERWISE, RATES
from scanner.store.schema import connect

BUSY = 1.0
"""Seconds after which to ask again, where another program holds the database: no question goes out uncounted."""
_WAIT = 5.0


class TableQuotas:
    """Token buckets in the table `quotas` (the protocol of `scanner.egress.quotas`).

    Times are Unix time by `clock`. A count or a penalty from the future, left by a clock that was set back, is taken
    for one of now; a penalty never lasts longer than a day.
    """

    def __init__(self, database: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="quotas")
        self._conn = connect(database, readonly=False, wait=_WAIT)
        self._closed: dict[str, float] = {}  # what could not be written down yet

    async def take(self, key: str) -> float:
        """0 when granted (and counted); else the seconds after which asking again makes sense."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._take, key)

    def penalise(self, key: str, seconds: float) -> None:
        """The operator said to stay away for so long."""
        if math.isfinite(seconds) and seconds > 0:
            until = self._clock() + min(seconds, LONGEST_PENALTY)
            self._closed[key] = max(until, self._closed.get(key, 0.0))
            self._thread.submit(self._take, key, False)

    def close(self) -> None:
        """Writes down what is left."""
        self._thread.shutdown(wait=True)
        self._conn.close()

    def __enter__(self) -> TableQuotas:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------ in the thread

    def _take(self, key: str, spend: bool = True) -> float:
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                wait = self._counted(key, spend)
                self._conn.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._conn.execute("ROLLBACK")
                raise
            self._closed.pop(key, None)
            return wait
        except sqlite3.Error:
            return BUSY

    def _counted(self, key: str, spend: bool) -> float:
        now = self._clock()
        rate, burst = RATES.get(key.partition(":")[0], OTHERWISE)
        row = self._conn.execute(
            "select tokens, counted, closed from quotas where key = ?", (key,)
        ).fetchone()
        tokens, counted, closed = row or (float(burst), now, 0.0)
        closed = max(closed, self._closed.get(key, 0.0))
        if closed > now + LONGEST_PENALTY:
            closed = 0.0
        tokens = min(float(burst), tokens + max(0.0, now - counted) * rate)
        granted = spend and closed <= now and tokens + 1e-9 >= 1
        if granted:
            tokens -= 1
        self._conn.execute(
            "insert or replace into quotas (key, tokens, counted, closed) values (?, ?, ?, ?)",
            (key, tokens, now, closed),
        )
        if granted:
            return 0.0
        return max(closed - now, 0.0) or max((1 - tokens) / rate, 0.01)
