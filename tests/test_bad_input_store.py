"""A database or disk that won't have it: one clear line, exit 1, and what was collected before stays."""

from __future__ import annotations

import ctypes
import os
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scanner.cli import group
from scanner.store import AsyncStore, OpenAttempt, Store
from tests.bad_worlds.making import REGISTERED, WORDS, page, write_world

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits and modes as POSIX has them")
FALSEFRONT = [sys.executable, "-c", "from scanner.cli import main; main()"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four sites of five pages whose bytes don't pack: some 500 kB of evidence."""
    pages = {f"sites/big/page{n}.html": page(f"Page {n}", WORDS + os.urandom(20_000).hex()) for n in range(4)}
    menu = "".join(f'<a href="/page{n}">About {n}</a>' for n in range(4))
    sites = {f"big-{n}.example": {"registration": REGISTERED, "site": "sites/big"} for n in range(4)}
    return write_world(
        tmp_path_factory.mktemp("world"), sites, {"sites/big/index.html": page("Big", WORDS + menu), **pages}
    )


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def scan(world: Path, database: Path) -> Result:
    return run("scan", "big-0.example", "--world", world, "--db", database)


def statuses(database: Path) -> list[str]:
    with sqlite3.connect(database) as conn:
        return [row[0] for row in conn.execute("SELECT status FROM scans ORDER BY id")]


@pytest.mark.parametrize(
    "command", [["scan", "big-0.example"], ["rescore"], ["report", "c"]], ids=lambda c: str(c[0])
)
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"this is a letter, not a database" * 40, "is not a SQLite database; give another --db"),
     (b"SQLite format 3\0" + bytes(4096), "")],
    ids=["text", "damaged"],
)  # fmt: skip
def test_a_file_that_is_no_database_is_one_line(
    world: Path, tmp_path: Path, command: list[str], content: bytes, words: str
) -> None:
    database = tmp_path / "findings.db"
    database.write_bytes(content)
    result = run(*command, "--db", database, *(["--world", world] if command[0] == "scan" else []))
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(f"falsefront: {database}: ")
    assert words in line
    assert database.read_bytes() == content


def test_another_programs_database_is_left_alone(world: Path, tmp_path: Path) -> None:
    database = tmp_path / "accounts.db"
    with sqlite3.connect(database) as conn:
        conn.execute("CREATE TABLE accounts (id)")
    result = scan(world, database)
    assert result.exit_code == 1
    assert (
        result.stderr == f"falsefront: {database}: holds other tables, not falsefront's; give another --db\n"
    )
    with sqlite3.connect(database) as conn:
        assert [row[0] for row in conn.execute("SELECT name FROM sqlite_master")] == ["accounts"]


def test_a_database_of_a_newer_version_is_one_line(world: Path, tmp_path: Path) -> None:
    database = tmp_path / "findings.db"
    Store(database).close()
    with sqlite3.connect(database) as conn:
        conn.execute("PRAGMA user_version = 9999")
    for command in (["scan", "big-0.example", "--world", world], ["rescore"], ["report", "c"]):
        result = run(*command, "--db", database)
        assert result.exit_code == 1
        [line] = result.stderr.splitlines()
        assert line.startswith(f"falsefront: {database}: is of version 9999, this falsefront knows up to ")
        assert line.endswith("; update falsefront or give another --db")


def test_a_folder_is_no_database(world: Path, tmp_path: Path) -> None:
    result = scan(world, tmp_path)
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"falsefront: {tmp_path}: is a folder; give a file, such as {tmp_path / 'findings.db'}\n"
    )


def test_a_locked_database_is_one_line_and_can_still_be_read(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "findings.db"
    assert scan(world, database).exit_code == 0
    case = f"urls-{sqlite3.connect(database).execute('SELECT id FROM cases').fetchone()[0].removeprefix('urls-')}"
    # given another program that holds the database, and a shorter patience than the usual ten seconds
    monkeypatch.setattr("scanner.session.AsyncStore.open", partial(AsyncStore.open, wait=0.2))
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        result = scan(world, database)
        assert result.exit_code == 1
        assert result.stderr == (
            f"falsefront: {database}: another process kept the database locked for 0.2 s; "
            "let it end, or give another --db\n"
        )
        assert run("report", case, "--db", database).exit_code == 0
    finally:
        other.close()
    assert scan(world, database).exit_code == 0


def test_a_database_locked_in_the_middle_stops_the_scan_in_one_line(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a lock that another program takes once the scan has stored its first answers."""
    database = tmp_path / "findings.db"
    monkeypatch.setattr("scanner.session.AsyncStore.open", partial(AsyncStore.open, wait=0.2))
    other = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    closed: list[str] = []
    close, carry_out = Store.close_attempt, AsyncStore._run

    def note(store: Store, attempt: OpenAttempt, *rest: Any, **more: Any) -> None:
        close(store, attempt, *rest, **more)
        closed.append(attempt.source)

    def lock_afterwards(self: AsyncStore, store: Store, batch: Any) -> None:
        carry_out(self, store, batch)
        if closed and not other.in_transaction:
            other.execute("BEGIN EXCLUSIVE")

    monkeypatch.setattr(Store, "close_attempt", note)
    monkeypatch.setattr(AsyncStore, "_run", lock_afterwards)
    result = run("scan", *(f"big-{n}.example" for n in range(4)), "--world", world, "--db", database)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith(
        f"falsefront: {database}: another process kept the database"
    )
    assert result.stdout == ""
    other.close()
    # when the lock is gone, then the same command goes on with the same scan
    monkeypatch.undo()
    assert (
        run("scan", *(f"big-{n}.example" for n in range(4)), "--world", world, "--db", database).exit_code
        == 0
    )
    assert statuses(database) == ["complete"]


def without_privilege() -> None:
    """In a child: root may no longer write where modes forbid it."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; 24 is PR_CAPBSET_DROP
            libc.prctl(24, capability, 0, 0, 0)


@posix
@pytest.mark.skipif(
    sys.platform != "linux" and os.name == "posix" and os.geteuid() == 0, reason="root may write all"
)
@pytest.mark.parametrize("what", ["folder", "file", "evidence"])
def test_what_can_not_be_written_is_one_line(world: Path, tmp_path: Path, what: str) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    database = folder / "findings.db"
    if what != "folder":
        assert scan(world, database).exit_code == 0
    shut = {"folder": folder, "file": database, "evidence": folder / "evidence"}[what]
    shut.chmod(0o500 if shut.is_dir() else 0o400)
    try:
        arguments = ["scan", "big-1.example", "--world", str(world), "--db", str(database)]
        done = subprocess.run(
            [*FALSEFRONT, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=without_privilege,
        )
    finally:
        shut.chmod(0o700)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"falsefront: {folder}")
    assert "writ" in line
    assert line.endswith("or give another --db")
    assert done.stdout == ""


@posix
@pytest.mark.parametrize("kilobytes", [30, 300], ids=["at once", "in the middle"])
def test_a_full_disk_is_one_line_and_the_same_command_goes_on(
    world: Path, tmp_path: Path, kilobytes: int
) -> None:
    """Given a limit on how large files may become, which to the program is a disk that fills up."""
    import resource

    database = tmp_path / "findings.db"
    arguments = [
        "scan",
        *(f"big-{n}.example" for n in range(4)),
        "--world",
        str(world),
        "--db",
        str(database),
    ]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))
    done = subprocess.run(
        [*FALSEFRONT, *arguments], capture_output=True, text=True, timeout=60, preexec_fn=limit
    )
    assert done.returncode == 1, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"falsefront: {tmp_path}")
    assert last.endswith("what was collected so far is stored (free some space, run again)")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    # when there is room again, then the same command ends it; nothing stored is damaged
    again = run(*arguments)
    assert again.exit_code == 0, again.stderr
    assert statuses(database) == ["complete"]
    if kilobytes > 30:
        assert run("rescore", "--observe", "--db", database).exit_code == 0
