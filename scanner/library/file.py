"""Opening a library file: is it one, of which version, and one clear line when it isn't."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scanner.library.migrations import VERSION, bring_up, upgrade
from scanner.library.texts import LibraryError, OlderLibraryError

APPLICATION = 0x46464C42  # "FFLB", in the file's header
BUSY_SECONDS = 30.0
PAGE_BYTES = (
    16 * 1024
)  # of SQLite: texts and rows of the index are about 1 KB, and few must fill its pages well
CACHE_KIB = 4 * 1024  # pages SQLite keeps in memory, of any size of library; the system keeps the rest

_MAGIC = b"SQLite format 3\0"


@contextmanager
def spoken(path: Path) -> Iterator[None]:
    """Turns what SQLite says into one line for a person."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        if "locked" in said:
            raise LibraryError(
                f"{path}: another process is writing to this library; try again later"
            ) from error
        if "full" in said:
            raise LibraryError(f"{path}: the disk is full; what was there before is kept") from error
        if "readonly" in said or "read-only" in said:
            raise LibraryError(f"{path}: opened for reading only") from error
        raise LibraryError(f"{path}: can't be used as a library: {said}") from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, str(error)) from error


def damaged(path: Path, why: str) -> LibraryError:
    return LibraryError(
        f"{path}: the library is damaged ({why}); it was left as it is: put a copy back, or move it away and "
        "build it anew"
    )


def connect(path: Path, readonly: bool) -> sqlite3.Connection:
    """A connection to a library of this version, made when there is none; LibraryError for anything else."""
    _look(path, readonly)
    with spoken(path):
        db = _opened(path, readonly)
        try:
            db.execute(
                "pragma trusted_schema = off"
            )  # triggers and views of a file from elsewhere may call nothing
            if not readonly and db.execute("select count(*) from sqlite_master").fetchone()[0] == 0:
                _make(db)
            _version(path, db, readonly)
            # Last: SQLite counts it in pages, and learns their size only from the file.
            db.execute(f"pragma cache_size = -{CACHE_KIB}")
        except BaseException:
            db.close()
            raise
    return db


def _opened(path: Path, readonly: bool) -> sqlite3.Connection:
    def opened(mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )

    if not readonly:
        return opened("mode=rwc")
    db = opened("mode=ro")
    try:
        db.execute("select count(*) from sqlite_master")
    except sqlite3.OperationalError:
        # A folder we may not write to: then nobody writes there, and the file can be read as it stands.
        db.close()
        db = opened("mode=ro&immutable=1")
    return db


def _look(path: Path, readonly: bool) -> None:
    """Refuses what is plainly no library before SQLite touches it."""
    try:
        if path.is_dir():
            raise LibraryError(f"{path}: is a folder, not a library file")
        if not path.exists():
            if readonly:
                raise LibraryError(
                    f"{path}: no library here yet; `falsefront library add` or `crawl` makes one"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            _create_private(path)
            return
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise LibraryError(f"{path}: can't be opened: {error.strerror or error}") from error
    if not head and not readonly:
        return
    if not head.startswith(_MAGIC) or len(head) < 100:
        raise LibraryError(f"{path}: is not a falsefront library (nothing was changed)")
    if int.from_bytes(head[68:72], "big") not in (APPLICATION, 0):
        raise LibraryError(f"{path}: is another program's database (nothing was changed)")


def _create_private(path: Path) -> None:
    """An empty file for its owner alone, for it tells which sites were looked at; SQLite gives `-wal` and `-shm` the
    same mode."""
    with contextlib.suppress(FileExistsError):  # somebody was faster
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))


def _make(db: sqlite3.Connection) -> None:
    db.execute(f"pragma page_size = {PAGE_BYTES}")
    db.execute("pragma journal_mode = wal")
    db.execute("begin immediate")
    if db.execute("select count(*) from sqlite_master").fetchone()[0] == 0:  # nobody was faster
        bring_up(db)
        db.execute(f"pragma application_id = {APPLICATION}")
    db.execute("commit")


def _version(path: Path, db: sqlite3.Connection, readonly: bool) -> None:
    if db.execute("pragma application_id").fetchone()[0] != APPLICATION:
        raise LibraryError(f"{path}: is another program's database (nothing was changed)")
    found = db.execute("pragma user_version").fetchone()[0]
    if found > VERSION:
        raise LibraryError(
            f"{path}: was made by a newer falsefront (library format {found}, this one reads {VERSION}); update"
        )
    if found < 1:
        raise LibraryError(f"{path}: is of format {found}, which no release wrote; build it anew")
    if found < VERSION and readonly:
        raise OlderLibraryError(
            f"{path}: is of an older format ({found}); it is upgraded when it is next written to"
        )
    if not readonly:
        if found < VERSION:
            upgrade(path, db, found)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
