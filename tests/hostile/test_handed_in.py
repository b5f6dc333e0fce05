"""Databases, worlds and case files from elsewhere: what they name must stay inside, what they hold is only text."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.cli import group
from scanner.parse import ParsePool
from scanner.store import EvidenceError, Store, StoreError
from tests.hostile.lab import employer, html, registered, scan

URL = "https://acme-front.com/"
ODD = "\x1b]0;title\x07\u202e[red]x[/nope]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of one scan, its evidence beside it."""
    folder = tmp_path_factory.mktemp("made")
    domains = {"acme-front.com": {"registration": registered("2022-05-03"), "site": "sites/front"}}

    async def once() -> None:
        async with ParsePool() as pool:
            await scan(folder, pool, domains, {"front": {"index.html": html()}}, employer(URL))

    asyncio.run(once())
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def change(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / "findings.db") as conn:
        conn.execute("pragma foreign_keys = off")
        for statement in statements:
            conn.execute(statement)
    conn.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group(), list(arguments))


def all_said(folder: Path) -> list[Result]:
    db = str(folder / "findings.db")
    return [
        run("report", "hostile", "--db", db),
        run("report", "hostile", "--format", "csv", "--db", db),
        run("report", "hostile", "--format", "json", "--db", db),
        run("rescore", "--db", db),
    ]


@pytest.mark.parametrize(
    "uid", ["../../victim", "/absolute/victim", "a/../../victim", "..", "a\\b", ".hidden"]
)
def test_a_scan_id_that_leads_out_of_the_folder_touches_nothing_there(folder: Path, uid: str) -> None:
    # Given a database whose running scan has a path for an id, and a lock file of somebody else where it leads
    victim = folder.parent / "victim.lock"
    victim.write_text("somebody's")
    uid = uid.replace("/absolute", str(folder.parent))
    change(folder, f"update scans set status = 'running', uid = '{uid}'")
    # When it is opened, then it is refused in one line, and the file is still there
    with pytest.raises(StoreError, match="no falsefront"):
        Store(folder / "findings.db")
    assert victim.read_text() == "somebody's"
    assert run("rescore", "--db", str(folder / "findings.db")).exit_code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_going_on_with_a_scan_never_writes_through_a_link(folder: Path) -> None:
    # Given an unfinished scan in a folder from elsewhere, whose evidence file is a link to a file of the user
    precious = folder.parent / "precious"
    precious.write_text("not a WARC")
    (evidence,) = (folder / "evidence").glob("*.warc.gz")
    evidence.unlink()
    evidence.symlink_to(precious)
    change(folder, "update scans set status = 'interrupted'")
    # When the scan goes on, then it fails in words, and the file is as it was
    with Store(folder / "findings.db") as store:
        (record,) = store.scans()
        with pytest.raises((StoreError, OSError)):
            store.resume(record)
    assert precious.read_text() == "not a WARC"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("warc_file", "'../../../etc/passwd'"),
        ("warc_file", "'/etc/passwd'"),
        ("warc_file", "'evidence/../../x'"),
        ("length", str(1 << 60)),
        ("length", "-1"),
        ("warc_offset", "-1"),
        ("warc_offset", str((1 << 63) - 1)),
    ],
)
def test_evidence_is_read_from_its_own_folder_and_its_own_bytes(
    folder: Path, column: str, value: str
) -> None:
    change(folder, f"update evidence set {column} = {value}")
    with Store(folder / "findings.db", readonly=True) as store, pytest.raises(EvidenceError):
        store.read_evidence(1)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("verdicts", "level"),
        ("findings", "score"),
        ("findings", "evidence_ids"),
        ("claims", "role"),
        ("claims", "starts"),
        ("scans", "as_of"),
        ("attempts", "status"),
        ("observations", "bound"),
        ("observations", "starts"),
        ("target_details", "entries"),
        ("target_details", "claims"),
        ("scan_claims", "position"),
        ("finding_details", "defeats"),
    ],
)
@pytest.mark.parametrize("value", ["'odd'", "x'00ff'", str(10**17), "'{}'"])
def test_rows_that_make_no_sense_are_one_line(folder: Path, table: str, column: str, value: str) -> None:
    try:
        change(folder, f"update {table} set {column} = {value}")
    except sqlite3.IntegrityError:
        pytest.skip("the database itself refuses that")
    for result in all_said(folder):
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert len(result.stderr.splitlines()) <= 1


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("cases", "label"),
        ("claims", "organisation"),
        ("claims", "url"),
        ("targets", "domain"),
        ("attempts", "reason"),
        ("findings", "statement"),
        ("findings", "claimed"),
        ("findings", "observed"),
        ("findings", "innocent"),
        ("findings", "check_id"),
        ("verdicts", "summary"),
        ("scans", "uid"),
        ("observations", "value"),
    ],
)
def test_text_in_rows_is_never_obeyed(folder: Path, table: str, column: str) -> None:
    # Given control characters, markup and a formula in a column, when it is shown in any way
    change(folder, f"update {table} set {column} = '=1+1{ODD}'")
    for result in all_said(folder):
        # Then no terminal is told anything, nothing was rendered, and no spreadsheet calculates
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert not set(result.output) & set("\x1b\x07\u202e")
        assert ",=1" not in result.output


def test_reports_and_all_else_are_for_their_owner_alone(folder: Path) -> None:
    out = folder / "report.json"
    assert (
        run(
            "report", "hostile", "--format", "json", "-o", str(out), "--db", str(folder / "findings.db")
        ).exit_code
        == 0
    )
    if sys.platform != "win32":
        kept = [out, folder / "findings.db", *(folder / "evidence").iterdir()]
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
        assert stat.S_IMODE((folder / "evidence").stat().st_mode) == 0o700
