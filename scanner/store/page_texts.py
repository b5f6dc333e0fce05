"""The words of pages, to be searched: each text once, however many scans read it, in step with its index."""

from __future__ import annotations

import sqlite3

from scanner.model import Page, PageText
from scanner.store import sql
from scanner.store.records import clean

MOST_TEXT = 8000
"""Characters of a page's main text that can be searched: the search stays a fraction of the evidence."""


def keep_text(conn: sqlite3.Connection, page: Page, text: PageText | None) -> None:
    """What stands on the page, without its menus, cut where it gets long. Inside a transaction of the store."""
    if not page.text_digest:
        return
    whole = clean("\n".join(text.passages)[:MOST_TEXT]) if text is not None else ""
    there = conn.execute(sql.PAGE_TEXT, (page.text_digest,)).fetchone()
    if there is None:
        title = clean(page.title)
        number = conn.execute(sql.ADD_PAGE_TEXT, (page.text_digest, title, whole)).lastrowid
        conn.execute(sql.INDEX_TEXT, (number, title, whole))
    elif whole and not there[2]:  # a scan without the library had kept the title alone
        conn.execute(sql.UNINDEX_TEXT, there)
        conn.execute(sql.SET_PAGE_TEXT, (whole, there[0]))
        conn.execute(sql.INDEX_TEXT, (there[0], there[1], whole))


def drop_unused(conn: sqlite3.Connection) -> int:
    """Texts whose last page is gone, out of the table and out of the index. Returns how many."""
    unused = conn.execute(sql.UNUSED_TEXTS).fetchall()
    for row in unused:
        conn.execute(sql.UNINDEX_TEXT, row)
        conn.execute(sql.DROP_TEXT, (row[0],))
    if unused:
        conn.execute(sql.TIDY_TEXTS)
    return len(unused)
