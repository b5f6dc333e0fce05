"""The tables of a library file, in numbered steps: what a file of format N lacks is steps N+1 to VERSION.

A step that shipped is never changed. Before an older file is upgraded a copy of it is left beside it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from scanner.library.texts import LibraryError

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "create table meta(key text primary key, value text not null) without rowid",
        "create table domains(id integer primary key, name text not null unique)",
        "create table sources(id integer primary key, name text not null unique)",
        """create table pages(id integer primary key autoincrement, key integer not null unique,
           domain integer not null, words integer not null, data blob not null)""",
        """create table sights(page integer not null, source integer not null, first_seen text not null,
           url text not null, primary key (page, source)) without rowid""",
        """create table segments(id integer primary key autoincrement, bits integer not null,
           postings integer not null)""",
        "create table postings(id integer primary key, data blob not null)",
        "create table owners(chunk integer primary key, data blob not null)",
        "create table dictionaries(id integer primary key, data blob not null)",
        "create table background(id integer primary key, data blob not null)",
    ),
    (  # pictures; a file that was written while they came in has these tables already
        """create table if not exists pictures(id integer primary key, digest blob not null unique,
           hash blob not null, mirror blob not null, width integer not null, height integer not null)""",
        """create table if not exists picture_pieces(piece integer not null, picture integer not null,
           primary key (piece, picture)) without rowid""",
        """create table if not exists picture_sights(picture integer not null, domain text not null,
           source text not null, first_seen text not null, url text not null, page text not null,
           alt text not null, sha1 text not null, primary key (picture, domain, source)) without rowid""",
        "create index if not exists picture_sights_of_a_domain on picture_sights(domain)",
        "create index if not exists picture_sights_of_a_source on picture_sights(source)",
    ),
)
# sights by source are read by `forget` alone, which may take its time: no index for it.
VERSION = len(STEPS)
"""The format this program writes; the shingles' own version stands in `meta`."""


def bring_up(db: sqlite3.Connection) -> None:
    """Every step the file lacks, inside the caller's transaction."""
    found = db.execute("pragma user_version").fetchone()[0]
    for step in STEPS[found:]:
        for statement in step:
            db.execute(statement)
    db.execute(f"pragma user_version = {VERSION}")


def copy_of(path: Path, version: int) -> Path:
    """Where the copy of a file of an older format is left."""
    return path.with_name(f"{path.name}.format{version}")


def copies(path: Path) -> list[Path]:
    """The copies that were left beside a library, unfinished ones too."""
    return sorted(p for p in path.absolute().parent.iterdir() if p.name.startswith(f"{path.name}.format"))


def upgrade(path: Path, db: sqlite3.Connection, found: int) -> None:
    """Brings an older file to this format, after a whole copy of it was made beside it.

    Raises LibraryError when there is no room for the copy; the file is then as it was.
    """
    _copy(path, db, copy_of(path, found))
    db.execute("begin immediate")
    try:
        bring_up(db)  # nothing, where another process was faster
        db.execute("commit")
    except BaseException:
        db.execute("rollback")
        raise


def _copy(path: Path, db: sqlite3.Connection, to: Path) -> None:
    if to.exists():
        return
    size = path.stat().st_size
    if shutil.disk_usage(path.parent).free < size + (1 << 20):
        raise LibraryError(
            f"{path}: is of an older format, and there is no room for a copy before it is upgraded "
            f"({size / 1e6:.0f} MB); nothing was changed"
        )
    half = to.with_name(f"{to.name}.half-{os.getpid()}")
    try:
        os.close(os.open(half, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))  # as private as the library itself
        with closing(sqlite3.connect(half)) as copy:
            db.backup(copy)
        half.replace(to)
    except OSError as error:
        raise LibraryError(
            f"{path}: no copy of it could be made ({error.strerror}); nothing was changed"
        ) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
