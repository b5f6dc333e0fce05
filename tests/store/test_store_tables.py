"""The tables are the contract's (DESIGN §7), documented, and open to any reader."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from pathlib import Path

import pytest

from scanner.model import Observation
from scanner.store import Store
from scanner.store.describe import TABLES
from scanner.store.describe import VIEWS as DESCRIBED_VIEWS
from scanner.store.schema import CONTRACT, VIEWS, tables_markdown
from tests.store.samples import FINDINGS, VERDICTS, begin, fill

DOCS = Path(__file__).resolve().parents[2] / "docs" / "TABLES.md"

# Written out here once more, so that the test does not ask the code what the contract is.
CONTRACT_TEXT = """
`cases(id,label,created_at)` · `claims(id,case_id,target_id,role,url,organisation,starts,ends,place)` ·
`targets(id,domain,first_seen,last_seen)` ·
`scans(id,uid,case_id,started_at,ended_at,as_of,status,tool_version,knowledge_version,passive)` ·
`scan_targets(scan_id,target_id,why,from_target_id)` ·
`attempts(id,scan_id,target_id,source,status,reason,started_at,ms,evidence_id)` ·
`evidence(id,scan_id,attempt_id,digest,uri,media_type,fetched_at,warc_file,warc_offset,length)` ·
`pages(id,scan_id,target_id,url,status,title,text_digest,words,first_seen,evidence_id)` ·
`observations(id,scan_id,target_id,kind,name,value,starts,ends,precision,bound,source,evidence_id)` ·
`findings(id,scan_id,target_id,check_id,check_version,family,strength,score,statement,claimed,observed,
innocent,ask,next_step,evidence_ids,defeated_by)` · `support(finding_id,observation_id,evidence_id,side)` ·
`verdicts(id,scan_id,target_id,case_id,level,score,answered,planned,summary)` ·
`links(id,scan_id,a,b,kind,value,rarity)` · `knowledge(id,kind,value,status,published,source)`
"""
TABLES_OF_CONTRACT = {
    name: columns.replace("\n", "").split(",")
    for name, columns in re.findall(r"`(\w+)\(([^)]+)\)`", CONTRACT_TEXT)
}


def columns(store: Store, table: str) -> list[str]:
    return [row[1] for row in store.conn.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", TABLES_OF_CONTRACT)
def test_given_a_new_database_then_each_contract_table_has_exactly_its_columns(
    store: Store, table: str
) -> None:
    assert columns(store, table) == TABLES_OF_CONTRACT[table]
    assert list(CONTRACT[table]) == TABLES_OF_CONTRACT[table]


def test_given_a_new_database_then_every_table_and_column_is_described_and_nothing_else(store: Store) -> None:
    tables = store.conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%' "
        "AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"  # the search index and what it is made of
    ).fetchall()
    assert {name for (name,) in tables} == set(TABLES)
    for table, (about, described) in TABLES.items():
        assert about.endswith(".")
        assert list(described) == columns(store, table)
    assert set(DESCRIBED_VIEWS) == set(VIEWS)


def test_given_the_schema_then_the_page_about_it_has_not_drifted() -> None:
    assert DOCS.read_text(encoding="utf-8") == tables_markdown(), (
        "write scanner.store.schema.tables_markdown() to docs/TABLES.md"
    )


def test_given_an_open_database_then_it_waits_journals_and_keeps_its_references(store: Store) -> None:
    def pragma(name: str) -> object:
        return store.conn.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert pragma("synchronous") == 1  # NORMAL
    assert pragma("busy_timeout") == 10_000


def test_given_a_row_that_points_nowhere_then_it_is_refused(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.conn.execute("INSERT INTO scan_targets (scan_id, target_id, why) VALUES (7, 8, 'claim')")


@pytest.mark.parametrize("view", VIEWS)
def test_given_a_scored_scan_when_a_view_is_read_by_another_connection_then_it_shows_rows(
    store: Store, database: Path, view: str
) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    name = store.targets(scan)[0].domain
    store.add_observations(scan, name, [Observation("contact", "mail", f"post@{name}", "website")])
    with store.writing() as conn:
        day = "2024-06-01T00:00:00Z"
        conn.execute(
            "insert into changes (case_id, domain, kind, fact, before, after, before_at, after_at, confirmed_at, scan, "
            "sources, returned, noticed_at) values (?, ?, 'gone', 'site', '[]', '[]', ?, ?, ?, ?, '[]', 0, ?)",
            (scan.case_id, name, day, day, day, scan.uid, day),
        )
    with sqlite3.connect(database) as reader:
        rows = reader.execute(f"SELECT * FROM {view}").fetchall()
    reader.close()
    assert rows


def test_given_findings_then_the_open_ones_are_shown_without_the_defeated_and_strongest_first(
    store: Store,
) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    shown = store.conn.execute("SELECT check_id FROM open_findings").fetchall()
    assert {"mail.none", "history.continuity"}.isdisjoint(name for (name,) in shown)
    assert len(shown) == 3


def test_given_two_scans_of_a_case_then_the_latest_views_show_the_newer_one(store: Store) -> None:
    for _ in range(2):
        scan = begin(store)
        fill(store, scan)
        store.save_results(scan, FINDINGS, VERDICTS)
    assert {row[0] for row in store.conn.execute("SELECT scan FROM latest_verdicts")} == {scan.uid}
    assert len(store.conn.execute("SELECT * FROM latest_verdicts").fetchall()) == len(VERDICTS)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_given_a_scan_then_only_the_owner_can_read_what_it_stored(store: Store, database: Path) -> None:
    begin(store)
    assert stat.S_IMODE((database.parent / "evidence").stat().st_mode) == 0o700
    made = [path for path in database.parent.rglob("*") if path.is_file()]
    assert {path.suffix for path in made} >= {".db", ".gz", ".db-wal", ".lock"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
