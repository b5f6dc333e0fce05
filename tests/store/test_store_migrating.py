"""Databases of other versions, and files that are none."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from scanner.store import NotADatabaseError, Store, StoreError, TooNewError
from scanner.store.migrations import MIGRATIONS
from scanner.store.schema import VERSION, migrate
from tests.store.samples import begin, fill, load


def next_version() -> Migrations:
    """What a later version of the tool would bring: the known steps and one that rebuilds a table."""
    later = Migrations("falsefront")
    for step in MIGRATIONS._migrations:
        later(name=step.name)(step.fn)

    @later(name="0099_note")
    def note(db: Database) -> None:
        db["cases"].add_column("note", str)
        db["targets"].transform(rename={"last_seen": "latest_seen"})

    return later


def test_given_the_tool_then_its_version_counts_its_migrations() -> None:
    assert len(MIGRATIONS._migrations) == VERSION


def test_given_a_newer_database_when_opened_then_one_line_refuses_and_nothing_is_changed(
    database: Path,
) -> None:
    Store(database).close()
    with closing(sqlite3.connect(database)) as conn:
        conn.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = database.read_bytes()
    for readonly in (False, True):
        with pytest.raises(TooNewError, match=rf"findings\.db: is of version {VERSION + 1}.*update") as error:
            Store(database, readonly=readonly)
        assert "\n" not in str(error.value)
    assert database.read_bytes() == before


def test_given_an_older_database_with_scans_when_migrated_then_a_copy_is_kept_and_no_row_is_lost(
    database: Path,
) -> None:
    with Store(database) as store:
        scan = begin(store)
        fill(store, scan)
        stored = load(store, scan)
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        migrate(conn, database, next_version(), VERSION + 1)
        assert conn.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
        assert conn.execute("SELECT count(*) FROM observations").fetchone() == (3,)
        assert conn.execute("SELECT note FROM cases").fetchall() == [(None,)]
        assert not conn.execute("PRAGMA foreign_key_check").fetchall()
    copy = database.with_name(f"findings.db.before-v{VERSION + 1}.bak")
    assert copy.stat().st_mode & 0o077 == 0
    with Store(copy, readonly=True) as before:
        assert load(before, before.scans()[0]).observations == stored.observations


def test_given_an_older_database_without_scans_when_migrated_then_no_copy_is_made(database: Path) -> None:
    Store(database).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        migrate(conn, database, next_version(), VERSION + 1)
    assert not list(database.parent.glob("*.bak"))


def test_given_a_step_that_fails_when_migrated_then_the_database_is_as_it_was(database: Path) -> None:
    with Store(database) as store:
        begin(store)
    broken = next_version()

    @broken(name="0100_broken")
    def fails(db: Database) -> None:
        db["cases"].drop()
        raise sqlite3.OperationalError("no such thing")

    with (
        closing(sqlite3.connect(database, isolation_level=None)) as conn,
        pytest.raises(sqlite3.OperationalError),
    ):
        migrate(conn, database, broken, VERSION + 2)
    with Store(database) as store:
        assert [row["id"] for row in store.cases()] == ["cand-0142"]


@pytest.mark.parametrize("readonly", [False, True])
def test_given_a_file_that_is_no_database_when_opened_then_one_line_says_so(
    database: Path, readonly: bool
) -> None:
    database.write_text("name,url\n" * 500)
    with pytest.raises(NotADatabaseError, match="not a SQLite database"):
        Store(database, readonly=readonly)
    assert database.read_text() == "name,url\n" * 500


@pytest.mark.parametrize("readonly", [False, True])
def test_given_the_database_of_another_program_when_opened_then_it_is_left_alone(
    database: Path, readonly: bool
) -> None:
    with closing(sqlite3.connect(database)) as conn:
        conn.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(NotADatabaseError, match=r"--db"):
        Store(database, readonly=readonly)
    with closing(sqlite3.connect(database)) as conn:
        assert conn.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


def test_given_no_database_when_opened_for_reading_then_it_is_said_and_none_is_made(database: Path) -> None:
    with pytest.raises(NotADatabaseError, match="run a scan first"):
        Store(database, readonly=True)
    assert not database.exists()


def test_given_no_folder_when_opened_then_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        Store(tmp_path / "missing" / "findings.db")


def test_given_a_new_file_when_several_processes_open_it_at_once_then_all_succeed(database: Path) -> None:
    code = "import sys; from scanner.store import Store; Store(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(database)], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    assert [process.returncode for process in started] == [0] * 4
