"""Work that only one process may do at a time: a lock file on this machine, a lease in the database for others."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

from scanner.store.background import AsyncStore
from scanner.store.errors import StoreError
from scanner.store.lock import ScanLock
from scanner.store.store import Store

LEASE = 600.0
"""Seconds after which a process that says nothing counts as dead."""


class BusyError(Exception):
    """Another process is at this work."""


@contextlib.asynccontextmanager
async def held_alone(store: AsyncStore, database: Path, work: str) -> AsyncIterator[None]:
    """Holds the work for this process, and says so now and then while it lasts. Of processes on one machine a file
    lock tells, which goes with one that is killed; of others the lease. Raises BusyError, StoreError."""
    lock = ScanLock(database.with_name(f"{database.name}.{work}.lock"))
    try:
        acquired = lock.acquire()
    except OSError as error:
        raise StoreError(f"{lock.path}: {error.strerror or error}; its folder must be writable") from error
    if not acquired:
        raise BusyError(work)
    try:
        async with _leased(store, work, f"{platform.node() or 'here'}/{uuid.uuid4().hex}"):
            yield
    finally:
        lock.release()


@contextlib.asynccontextmanager
async def _leased(store: AsyncStore, work: str, holder: str) -> AsyncIterator[None]:
    if not await store.call(take_lease, work, holder):
        raise BusyError(work)

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE / 5)
            with contextlib.suppress(StoreError):  # the next time will do
                await store.call(take_lease, work, holder)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with contextlib.suppress(StoreError):  # it runs out by itself
            await asyncio.shield(store.call(end_lease, work, holder))


def take_lease(store: Store, name: str, holder: str, clock: float | None = None) -> bool:
    """True when the work is now this holder's, for LEASE seconds more. A lease that ends later than any process could
    have set it was written by a clock that has been set back: it is not believed. Nor is one of this machine
    (`MACHINE/…`): who asks holds the lock that a living process of this machine would hold."""
    now = time.time() if clock is None else clock
    with store.writing() as conn:
        row = conn.execute("select holder, until from leases where name = ?", (name,)).fetchone()
        here = holder.partition("/")[0]
        if row and row[0].partition("/")[0] != here and now < row[1] <= now + LEASE + 1:
            return False
        conn.execute(
            "insert or replace into leases (name, holder, until) values (?, ?, ?)",
            (name, holder, now + LEASE),
        )
        return True


def end_lease(store: Store, name: str, holder: str) -> None:
    with store.writing() as conn:
        conn.execute("delete from leases where name = ? and holder = ?", (name, holder))
