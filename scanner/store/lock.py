"""Tells whether the process that runs a scan is still alive.

A file lock, not a process id: the operating system drops it with the process, however that ends, and ids
come round again. Systems with neither kind of lock count every scan as left behind.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


class ScanLock:
    """Held while a scan runs; the file goes when it is released."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """True when it is now ours; False when another live process holds it. OSError: can't be written."""
        handle = os.open(self.path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        if not _still_there(
            handle, self.path
        ):  # whoever held it has just removed it: others would lock a new one
            os.close(handle)
            return self.acquire()
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is None:
            return
        os.close(self._handle)
        self._handle = None
        self.path.unlink(missing_ok=True)


def held(path: Path) -> bool:
    """True when a live process (this one included) holds the lock at `path`."""
    if not path.exists():
        return False
    lock = ScanLock(path)
    try:
        if not lock.acquire():
            return True
    except OSError:
        return True  # can't tell: leave it alone
    lock.release()
    return False
