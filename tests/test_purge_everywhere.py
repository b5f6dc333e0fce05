"""No table keeps a word of a purged case: each of the schema is filled, also those that only other commands write."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scanner.store import purging
from tests.test_purge import document, holding, run, scanned

__all__ = ["scanned"]
MARK = "Zwillbrockmarker"
BELONG_TO_NO_CASE = {
    "_sqlite_migrations": "which steps the schema has taken",
    "settings": "of the database; the salt of the trail",
    "knowledge": "what the public record says",
    "feeds": "a team's own knowledge",
    "feed_entries": "a team's own knowledge",
    "overrules": "a team's own knowledge",
    "leases": "who is at work now",
    "quotas": "how often an operator was asked",
    "sweeps": "a list of names; its rows that led to a case go with it",
    "purge_steps": "what a purge has still to do; empty once it is done",
    "audit": "outlives its case, with a salted digest of its id",
    "targets": "a site may be of several cases; it goes with the last",
    "page_texts": "a text may be of several scans; it goes with the last",
}


@pytest.fixture
def folder(scanned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scanned, tmp_path / "copy"))


@pytest.fixture
def db(folder: Path) -> Path:
    return folder / "findings.db"


def tables(conn: sqlite3.Connection) -> list[str]:
    rows = conn.execute("select name from sqlite_master where type = 'table' order by name")
    return [name for (name,) in rows if not name.startswith(("sqlite_", "page_texts_fts"))]


def of_cases(conn: sqlite3.Connection) -> list[str]:
    """Tables whose rows hang on a case, and those that may."""
    return [name for name in tables(conn) if purging.ways(conn, name) or name == "sweep_domains"]


def fill(conn: sqlite3.Connection) -> Iterator[str]:
    """One more row in each table that can hang on the case, the marker in every column for text."""
    known: dict[str, Any] = dict(
        zip(
            ("scans", "targets", "evidence", "attempts", "pages", "observations", "findings"),
            conn.execute(
                "select s.id, a.target_id, e.id, a.id, p.id, o.id, "
                "(select max(f.id) from findings f where f.scan_id = s.id) from scans s "
                "join evidence e on e.scan_id = s.id join attempts a on a.id = e.attempt_id "
                "join pages p on p.scan_id = s.id join observations o on o.scan_id = s.id "
                "where s.case_id = 'case-gone' limit 1"
            ).fetchone(),
            strict=True,
        )
    )
    known |= {"cases": "case-gone", "sweeps": "sweep-00000000"}
    known["claims"] = conn.execute("select max(id) from claims where case_id = 'case-gone'").fetchone()[0]
    conn.execute(
        "insert into sweeps (id, file, likes, begun_at, lines, repeated, rubbish, problems, dates) "
        "values ('sweep-00000000', 'list.txt', '[]', '2024-01-01T00:00:00Z', 1, 0, 0, '[]', '{}')"
    )
    for table in of_cases(conn):
        if table in ("cases", "holds"):  # a held case stays
            continue
        points = {row[3]: known[row[2]] for row in conn.execute(f'pragma foreign_key_list("{table}")')}
        row = {}
        for _, name, kind, *_ in conn.execute(f'pragma table_info("{table}")').fetchall():
            if name != "id" or kind == "TEXT":
                row[name] = points.get(name, f"{MARK} {name}" if kind in ("TEXT", "") else 990_000)
        row |= {"id": 990_000} if table != "scans" and "id" not in row and _has_id(conn, table) else {}
        columns = ", ".join(f'"{name}"' for name in row)
        conn.execute(
            f'insert or replace into "{table}" ({columns}) values ({", ".join("?" * len(row))})',
            tuple(row.values()),
        )
        yield table


def _has_id(conn: sqlite3.Connection, table: str) -> bool:
    return any(row[1] == "id" for row in conn.execute(f'pragma table_info("{table}")'))


def test_every_table_goes_with_a_case_or_says_why_it_does_not(db: Path) -> None:
    # given the schema; when a table is added; then it must hang on a case, or stand in the list with its reason
    with closing(sqlite3.connect(db)) as conn:
        assert set(tables(conn)) - set(of_cases(conn)) == set(BELONG_TO_NO_CASE)


def test_nothing_that_any_table_held_of_a_case_is_in_a_file_any_more(folder: Path, db: Path) -> None:
    # given a case of which every table holds something, from watches and their alerts to a sweep that led to it
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("pragma foreign_keys = on")
        filled = list(fill(conn))
        conn.commit()
    assert {
        "watches",
        "changes",
        "alert_states",
        "messages",
        "sweep_domains",
        "case_knowledge",
        "shareable",
    } <= set(filled)
    assert holding(folder, MARK.encode())
    # when it is purged
    (done,) = document(run("purge", "case-gone", "--db", db, "--json"))["purged"]
    # then no file holds the marker, and every table said what went of it
    assert holding(folder, MARK.encode(), b"case-gone") == []
    assert set(filled) <= set(done["rows"])


def test_a_list_that_was_swept_goes_by_its_id_or_by_its_age(folder: Path, db: Path) -> None:
    # given a list of two names, of which one led to a case
    with closing(sqlite3.connect(db)) as conn:
        conn.execute(
            "insert into sweeps (id, file, likes, begun_at, lines, repeated, rubbish, problems, dates) values "
            "('sweep-00000000', 'zwillbrockmarker.txt', '[]', '2024-01-01T00:00:00Z', 2, 0, 0, '[]', '{}')"
        )
        for domain, case in (("zwillbrockmarker.example", "case-gone"), ("other.example", None)):
            conn.execute(
                "insert into sweep_domains (sweep_id, domain, line, rank, asked, done, next, reason, facts, "
                "registered, case_id, level) values ('sweep-00000000', ?, 1, 0, 1, 1, 0, '', '[]', '', ?, '')",
                (domain, case),
            )
        conn.commit()
    # when it is old, then --keep-days removes the list, and the case by its own age alone
    shutil.copytree(folder, folder.with_name("aged"))
    old = document(
        run("purge", "--keep-days", 300, "--db", folder.with_name("aged") / "findings.db", "--json")
    )
    assert "sweep-00000000" in [one["case"] for one in old["purged"]]
    assert holding(folder.with_name("aged"), MARK.encode()) == []
    # when its id is purged, then the list and the case are gone; held, nothing is
    run("hold", "case-gone", "--db", db)
    assert "release it first" in run("purge", "sweep-00000000", "--db", db).stderr
    assert holding(folder, MARK.encode())
    run("hold", "case-gone", "--release", "--db", db)
    shown = document(run("purge", "sweep-00000000", "--dry-run", "--db", db, "--json"))["purged"]
    done = document(run("purge", "sweep-00000000", "--db", db, "--json"))["purged"]
    assert [one["case"] for one in shown] == [one["case"] for one in done] == ["case-gone", "sweep-00000000"]
    assert done[-1]["rows"] == {"sweeps": 1, "sweep_domains": 1}  # the other went with its case
    assert holding(folder, MARK.encode(), b"case-gone") == []
    assert run("purge", "sweep-00000000", "--db", db).exit_code == 1
