"""What Datasette says of each table and column: taken from the store's own descriptions, so that they never differ."""

from __future__ import annotations

import re
from typing import Any

from scanner.store.describe import TABLES, VIEWS

TITLE = "falsefront"
ABOUT = (
    "What was seen of the addresses that cases claim. A clean result clears nobody; a finding accuses nobody."
)

_LABELS = {
    "targets": "domain",
    "cases": "id",
    "scans": "started_at",
    "findings": "check_id",
    "attempts": "source",
    "feeds": "name",
}
"""What stands for a row where another row points to it; never a text that a site wrote."""
_FACETS = {
    "scans": ["status"],
    "attempts": ["status"],
    "findings": ["strength", "family"],
    "verdicts": ["level"],
    "observations": ["source"],
}
"""Counted on every page of the table: each has an index."""
_UNITS = {"attempts": {"ms": "ms"}, "evidence": {"length": "byte"}}
_SORTS = {"scans": "uid", "verdicts": "score", "findings": "score", "links": "rarity", "evidence": "id"}
_CODE = re.compile(r"`([^`]*)`")


def described() -> dict[str, Any]:
    """Datasette's metadata of one database."""
    tables = {name: _table(name, about, columns) for name, (about, columns) in TABLES.items()}
    tables["_sqlite_migrations"] = {"hidden": True}
    for view, about in VIEWS.items():
        tables[view] = {"description": _plain(about)}
    return {"title": TITLE, "description": ABOUT, "tables": tables}


def _table(name: str, about: str, columns: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": _plain(about),
        "columns": {column: _plain(text) for column, text in columns.items() if text},
    }
    for key, table in (
        ("label_column", _LABELS),
        ("facets", _FACETS),
        ("units", _UNITS),
        ("sort_desc", _SORTS),
    ):
        if name in table:
            found[key] = table[name]
    return found


def _plain(text: str) -> str:
    """Without marks, and without what matters to programs alone.

    >>> _plain("Beside the contract: what a `scan` set out to try.")
    'What a scan set out to try.'
    """
    said = _CODE.sub(r"\1", text.removeprefix("Beside the contract: "))
    return said[:1].upper() + said[1:] if said != text else text
