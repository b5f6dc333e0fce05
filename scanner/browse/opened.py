"""Which of Datasette's databases are ours, and what `falsefront browse` told this Datasette."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_TABLES = {"scans", "targets", "attempts", "observations", "findings", "verdicts"}


@dataclass(frozen=True, slots=True)
class Told:
    """token: what signs a reader in, "" for none. hosts: names the pages answer to; None for any."""

    token: str = ""
    hosts: frozenset[str] | None = None


_TOLD: WeakKeyDictionary[Datasette, Told] = WeakKeyDictionary()
_OURS: WeakKeyDictionary[Database, bool] = WeakKeyDictionary()


def tell(datasette: Datasette, told: Told) -> None:
    """Leave word for the plugin."""
    _TOLD[datasette] = told


def told(datasette: Datasette) -> Told:
    """What `falsefront browse` said; in a plain Datasette nothing."""
    return _TOLD.get(datasette, Told())


def databases(datasette: Datasette) -> list[Database]:
    """Those that are findings databases, in the order in which they were given."""
    return [database for database in datasette.databases.values() if is_ours(database)]


def is_ours(database: Database) -> bool:
    """Whether it holds the tables of a findings database. Looked at once."""
    known = _OURS.get(database)
    if known is None:
        known = _OURS[database] = _looks_like(database)
    return known


def _looks_like(database: Database) -> bool:
    if not database.path or not Path(database.path).is_file():
        return False
    mode = "mode=ro" if database.is_mutable else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{Path(database.path).resolve().as_uri()}?{mode}", uri=True)) as conn:
            rows = conn.execute("select name from sqlite_master where type = 'table'").fetchall()
    except sqlite3.Error:
        return False
    return {name for (name,) in rows} >= _TABLES
