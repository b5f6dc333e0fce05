"""What can go wrong with the database and the evidence files, as one line that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)
)  # EFBIG: a file size limit looks the same to the person who meets it


class StoreError(Exception):
    """Base of all; `str()` is one line for the person at the terminal."""


class ReadOnlyError(StoreError):
    """The database or its folder can't be written."""


class LockedError(StoreError):
    """Another process has held the database for longer than the wait."""


class DiskFullError(StoreError):
    """No room left. What was committed before stays."""


class NotADatabaseError(StoreError):
    """The file is not a findings database, or it is damaged."""


class TooNewError(StoreError):
    """A newer version of the tool has written the database."""


class EvidenceError(StoreError):
    """A stored record is missing, damaged, or not the one the database names."""


def explain(error: sqlite3.Error | OSError, path: Path, wait: float = 0.0) -> StoreError:
    """The typed one-line error for what SQLite or the operating system said about `path`."""
    if isinstance(error, OSError):
        return _explain_os(error, path)
    # The low byte is the primary result code; extended codes only say where it happened.
    code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockedError(
            f"{path}: another process kept the database locked for {wait:g} s; "
            "let it end, or give another --db"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ReadOnlyError(
            f"{path}: can't be opened for writing; make the file and its folder writable, "
            "or give another --db"
        )
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code == sqlite3.SQLITE_IOERR:
        return DiskFullError(
            f"{path}: the disk is full or failing; what was collected so far is stored "
            "(free some space, run again)"
        )
    if code == sqlite3.SQLITE_NOTADB:
        return NotADatabaseError(f"{path}: is not a SQLite database; give another --db")
    if code == sqlite3.SQLITE_CORRUPT:
        return NotADatabaseError(f"{path}: the database is damaged; restore a copy, or give another --db")
    return StoreError(f"{path}: {_one_line(error)}")


def _explain_os(error: OSError, path: Path) -> StoreError:
    where = Path(str(error.filename)) if error.filename else path
    if error.errno in FULL:
        return _full(where)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return ReadOnlyError(f"{where}: can't be written; make its folder writable, or give another --db")
    return StoreError(f"{where}: {error.strerror or _one_line(error)}")


def _full(path: Path) -> DiskFullError:
    return DiskFullError(
        f"{path}: the disk is full; what was collected so far is stored (free some space, run again)"
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in one line that rows make no sense: a database may come from elsewhere, or have been changed by hand."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise NotADatabaseError(
            f"{path}: holds a row that can't be read ({type(error).__name__}: {_one_line(error)[:100]}); "
            "it is damaged or was changed by hand; restore a copy, or give another --db"
        ) from error


@contextmanager
def spoken(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Turn SQLite's and the operating system's errors inside the block into `StoreError`s."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise explain(error, path, wait) from error
