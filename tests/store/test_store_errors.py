"""Each error a person can cause is one line that says what and where; what was collected stays."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanner.store import LockedError, ReadOnlyError, Store, StoreError
from scanner.store.errors import explain
from tests.store.samples import CASE, FRONT, NOW, begin, fill

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="users and limits of POSIX systems")


def run(code: str, *arguments: str) -> list[str]:
    """The lines a child process prints."""
    child = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    return child.stdout.splitlines()


# ----------------------------------------------------------------------------------------- read-only

# Root may write everywhere: become nobody, once everything is imported.
AS_NOBODY = """
import os, sys, sqlite_utils
import scanner.store.migrations
from tests.store.samples import begin
from scanner.store import Store, StoreError
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
def tried(what):
    try:
        print("ok", what())
    except StoreError as error:
        print(type(error).__name__, error)
def write():
    with Store(sys.argv[1]) as store:
        begin(store)
def read():
    with Store(sys.argv[1], readonly=True) as store:
        return len(store.scans())
tried(write)
tried(read)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can look into."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@posix
def test_given_a_folder_that_cannot_be_written_then_a_scan_says_so(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    wrote, read = run(AS_NOBODY, str(open_folder / "findings.db"))
    assert wrote.startswith("ReadOnlyError ")
    assert "findings.db" in wrote
    assert "make its folder writable" in wrote
    assert read.startswith("NotADatabaseError ")


@posix
def test_given_a_read_only_database_in_a_read_only_folder_then_it_can_be_read_and_not_written(
    open_folder: Path,
) -> None:
    database = open_folder / "findings.db"
    with Store(database) as store:
        begin(store)
    database.chmod(0o444)
    open_folder.chmod(0o555)
    wrote, read = run(AS_NOBODY, str(database))
    assert wrote.startswith("ReadOnlyError ")
    assert read == "ok 1"


# -------------------------------------------------------------------------------------------- locked


def test_given_another_process_that_holds_the_database_then_the_wait_ends_in_one_line(database: Path) -> None:
    Store(database).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with Store(database, wait=0.05) as store:
            with pytest.raises(LockedError, match=r"locked for 0\.05 s.*--db") as error:
                begin(store)
            assert "\n" not in str(error.value)
            # when it lets go, the same store works
            holder.execute("ROLLBACK")
            assert begin(store).status == "running"


def test_given_a_reader_in_the_middle_of_reading_then_writing_goes_on_and_it_sees_one_state(
    store: Store, database: Path
) -> None:
    scan = begin(store)
    with Store(database, readonly=True) as reader:
        reader.conn.execute("BEGIN")
        assert reader.attempts(scan) == {}
        fill(store, scan)
        assert reader.attempts(scan) == {}
        reader.conn.execute("COMMIT")
        assert len(reader.attempts(scan)[FRONT]) == 3
        assert len(list(reader.evidence_of(scan))) == 3


# ----------------------------------------------------------------------------------------- full disk

# A limit on the size of files: the same to the writing process as a disk that is full.
FULL = """
import resource, sys
from dataclasses import replace
from msgspec import structs
from tests.store.samples import *
from scanner.model import Observed, Status
from scanner.store import DiskFullError, Store

store = Store(sys.argv[1])
scan = begin(store)
fill(store, scan)
limit = int(sys.argv[2]) * 1024
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
attempt = store.open_attempt(scan, OTHER, "website", NOW)
kept = 0
try:
    for number in range(100_000):
        # random bytes fill the evidence file first, many facts the database
        block = HTTP.block + random_bytes(number) if sys.argv[3] == "evidence" else HTTP.block + b"%d" % number
        facts = tuple(structs.replace(SINCE, value=f"{number} {i}" * 20, evidence="") for i in range(50))
        store.keep(attempt, replace(HTTP, block=block), Observed(facts if sys.argv[3] == "rows" else ()))
        kept += 1
except DiskFullError as error:
    print(kept, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.close_attempt(attempt, Status.ERROR, "disk-full")
print(store.finish(scan, ended_at=NOW).status.value)
store.close()
""".replace("import resource", "import random, resource").replace(
    "store = Store", "random_bytes = lambda seed: random.Random(seed).randbytes(30_000)\nstore = Store"
)


@posix
@pytest.mark.parametrize("what", ["evidence", "rows"])
def test_given_a_full_disk_then_one_line_says_so_and_everything_before_it_is_whole(
    database: Path, what: str
) -> None:
    line, status = run(FULL, str(database), "1000", what)
    kept, message = line.split(" ", 1)
    assert "disk is full" in message
    assert "what was collected so far is stored" in message
    assert status == "partial"
    with Store(database) as store:
        scan = store.find_resumable(CASE.id, CASE.claims, NOW)
        assert scan is not None
        stored = list(store.evidence_of(scan))
        assert len(stored) == 3 + int(kept) > 3
        assert store.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        size = (database.parent / scan.warc_file).stat().st_size
        store.resume(scan)
        assert (database.parent / scan.warc_file).stat().st_size == size


# ------------------------------------------------------------------------------------------- wording


def test_given_a_damaged_database_then_one_line_says_so(database: Path) -> None:
    with Store(database) as store:
        fill(store, begin(store))
    damaged = bytearray(database.read_bytes())
    damaged[4096:] = b"\xff" * (len(damaged) - 4096)
    database.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"damaged|not a SQLite") as error:
        Store(database)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PermissionError(13, "Permission denied", "/x/evidence"), ReadOnlyError),
        (sqlite3.OperationalError("near\n'selec': syntax error"), StoreError),
    ],
)
def test_given_any_error_of_the_system_then_it_becomes_one_line(error: Exception, kind: type) -> None:
    told = explain(error, Path("findings.db"))  # type: ignore[arg-type]
    assert type(told) is kind
    assert len(str(told).splitlines()) == 1
