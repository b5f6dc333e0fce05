"""The open database with its transactions and evidence files: what the parts of the store share."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from scanner.store import sql
from scanner.store.errors import NotADatabaseError, StoreError, spoken
from scanner.store.evidence import FOLDER, WarcWriter
from scanner.store.lock import ScanLock, held
from scanner.store.records import ScanRecord, ScanStatus
from scanner.store.schema import connect


def new_uid() -> str:
    """A UUID version 7 (RFC 9562): sorts by the time it was made, never meets another machine's."""
    value = (time.time_ns() // 1_000_000 & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


class Base:
    """One connection, used by one thread at a time. See `Store`."""

    def __init__(self, path: Path | str, *, readonly: bool = False, wait: float = 10.0) -> None:
        """wait: seconds to wait while another process writes. Raises `StoreError`s."""
        self.path = Path(path)
        self.readonly = readonly
        self.wait = wait
        self._depth = 0
        self._targets: dict[str, int] = {}
        self._warcs: dict[str, WarcWriter] = {}
        self._locks: dict[str, ScanLock] = {}
        self.conn = connect(self.path, readonly=readonly, wait=wait)
        if not readonly:
            try:
                self._sweep()
            except BaseException:
                self.conn.close()
                raise

    def close(self) -> None:
        """Flush the evidence, release the scans, close. A scan still running counts as interrupted later."""
        try:
            with spoken(self.path, self.wait):
                for warc in self._warcs.values():
                    warc.close()
        finally:
            self._warcs.clear()
            for lock in self._locks.values():
                lock.release()
            self._locks.clear()
            self.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """Where the evidence files lie: beside the database."""
        return self.path.parent / FOLDER

    # ------------------------------------------------------------------------------------ transactions

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; joins the one that is open. Evidence is on the file before the rows are committed.

        On an error nothing of the block stays, apart from records without rows, which harm nobody.
        """
        if self.readonly:
            raise StoreError(f"{self.path}: was opened for reading only")
        if self._depth:
            yield self.conn
            return
        with spoken(self.path, self.wait):
            self.conn.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self.conn
                for warc in self._warcs.values():
                    warc.flush()
                self.conn.execute("COMMIT")
            except BaseException:
                self._forget()
                if self.conn.in_transaction:  # a full disk may have ended it already
                    self.conn.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside `writing`: what the block does is undone by itself when it fails."""
        self.conn.execute("SAVEPOINT alone")
        try:
            yield
        except BaseException:
            self._targets.clear()
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK TO alone")
                self.conn.execute("RELEASE alone")
            raise
        self.conn.execute("RELEASE alone")

    def _forget(self) -> None:
        self._targets.clear()
        for warc in self._warcs.values():
            warc.drop()

    # ---------------------------------------------------------------------------- scans that are running

    def _hold(self, scan: ScanRecord) -> None:
        """Lock the scan for this process and open its evidence file."""
        if scan.uid in self._locks:
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        lock = ScanLock(self._lock_path(scan.uid))
        if not lock.acquire():
            raise StoreError(
                f"{self.path}: scan {scan.uid} is being run by another process; let it end, "
                "or start one of its own with --new"
            )
        try:
            self._warcs[scan.uid] = WarcWriter(
                self._beside(f"{scan.uid}.warc.gz"),
                software=f"falsefront/{scan.tool_version}",
                started_at=scan.started_at,
                checked=self._known_bytes(scan.id),
            )
        except BaseException:
            lock.release()
            raise
        self._locks[scan.uid] = lock

    def _let_go(self, scan: ScanRecord) -> None:
        warc = self._warcs.pop(scan.uid, None)
        lock = self._locks.pop(scan.uid, None)
        try:
            if warc is not None:
                warc.close()
        finally:
            if lock is not None:
                lock.release()

    def _warc(self, scan: ScanRecord) -> WarcWriter:
        warc = self._warcs.get(scan.uid)
        if warc is None:
            raise StoreError(f"{self.path}: scan {scan.uid} isn't open for writing here")
        return warc

    def _known_bytes(self, scan_id: int) -> int:
        row = self.conn.execute(sql.EVIDENCE_END, (scan_id,)).fetchone()
        return int(row[0]) if row else 0

    def _lock_path(self, uid: str) -> Path:
        return self._beside(f"{uid}.lock")

    def _beside(self, name: str) -> Path:
        """A file of ours in the evidence folder. A database may come from elsewhere: a scan's id that leads out of
        the folder would have us write there."""
        if name.startswith(".") or set(name) & set("/\\:\0"):
            raise NotADatabaseError(f"{self.path}: names a scan {name[:60]!r}, which no falsefront does")
        return self.folder / name

    def _sweep(self) -> None:
        """Scans whose process is gone are interrupted ones."""
        with spoken(self.path, self.wait):
            running = self.conn.execute(
                "SELECT id, uid FROM scans WHERE status = ?", (ScanStatus.RUNNING.value,)
            ).fetchall()
            gone = [number for number, uid in running if not held(self._lock_path(uid))]
            if gone:
                with self.writing() as conn:
                    conn.executemany(
                        "UPDATE scans SET status = ? WHERE id = ? AND status = ?",
                        [(ScanStatus.INTERRUPTED.value, n, ScanStatus.RUNNING.value) for n in gone],
                    )

    # ------------------------------------------------------------------------------------------ targets

    def _target_id(self, domain: str) -> int:
        """The id of a domain that stands in `targets`."""
        found = self._targets.get(domain)
        if found is None:
            row = self.conn.execute("SELECT id FROM targets WHERE domain = ?", (domain,)).fetchone()
            if row is None:
                raise StoreError(f"{self.path}: {domain} is no target of any scan here")
            found = self._targets[domain] = int(row[0])
        return found

    def _optional_target_id(self, domain: str) -> int | None:
        return self._target_id(domain) if domain else None
