"""What is said on a page when something could not be shown: one clear line, and the status of the answer."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from datasette.utils.asgi import Base400

from scanner.browse import opened
from scanner.store import StoreError
from scanner.store.describe import TABLES, VIEWS
from scanner.store.errors import explain

if TYPE_CHECKING:
    from datasette.app import Datasette

TOO_LONG = "This took longer than the time limit. Ask for less: one case, one address, a word more."
OLDER = "This database was made by an older falsefront; any scan or rescore brings it up to date."


def said(datasette: Datasette, exception: Exception) -> tuple[int, str]:
    """Status and line. 500 is what nobody foresaw."""
    from datasette.database import QueryInterrupted
    from datasette.views.base import DatasetteError

    if isinstance(exception, Base400):
        line = str(exception.args[0]) if exception.args else ""
        return exception.status, "There is no such page." if line in ("", "404") else line
    if isinstance(exception, DatasetteError):
        if isinstance(exception.__cause__ or exception.__context__, QueryInterrupted):
            return exception.status, TOO_LONG
        # An unknown column to sort by is a 500 to Datasette, and the asker's mistake all the same.
        status = 400 if exception.status == 500 else exception.status
        return status, re.sub(r"<[^>]*>", " ", str(exception.message)).strip()
    if isinstance(exception, StoreError):
        return 503, str(exception)
    if isinstance(exception, QueryInterrupted):
        return 400, TOO_LONG
    if isinstance(exception, sqlite3.Error):
        path = Path(opened.databases(datasette)[0].path or "")
        return 503, OLDER if _lacks_ours(str(exception)) else str(explain(exception, path, 2.0))
    return 500, "Something went wrong here. The log of `falsefront browse` says what."


def _lacks_ours(message: str) -> bool:
    """Whether SQLite misses a table of ours: a plain Datasette shows a database of any version."""
    found = re.match(r"no such table: (\w+)$", message)
    return found is not None and found[1] in {*TABLES, *VIEWS}
