"""`falsefront knowledge` as a team uses it: its own entries, feeds and overrules reach the next verdicts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scanner.cli import group
from tests.bad_worlds.making import write_world

FIRM = {"registration": {"created": "2012-01-01", "registrar": "Harbour Names Inc."}, "site": "sites/firm"}
NAME = "tidewater-books.com"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("world"), {NAME: FIRM}, {})


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FALSEFRONT_NETWORK", raising=False)


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == code, result.output
    return result


def scanned(world: Path, *more: object) -> tuple[str, list[dict[str, Any]]]:
    """Level and findings of the family `known`."""
    found = json.loads(run("scan", f"https://{NAME}", "--world", world, "--json", "--new", *more).stdout)
    rows = [row for row in found["targets"][0]["findings"] if row["check_id"] == "known.listed-domain"]
    return found["level"], rows


def test_an_own_entry_reaches_the_next_scan_and_an_overrule_takes_it_back(world: Path) -> None:
    level, rows = scanned(world)
    assert not rows
    run("knowledge", "add", f"www.{NAME}", "--note", "seen in a case of ours", "--world", world)
    level, rows = scanned(world)
    assert level == "review"
    assert rows[0]["strength"] == "strong"
    assert "seen in a case of ours" in rows[0]["observed"]
    # when it is overruled, stored scans are judged by that too
    run("knowledge", "overrule", NAME, "--reason", "our own client", "--world", world)
    assert "review -> " in run("rescore").stdout
    level, rows = scanned(world)
    assert (level, rows[0]["strength"]) == ("nothing-found", "context")
    assert "our own client" in rows[0]["statement"]
    assert "our own client" in run("knowledge", "list").stdout
    # when the overrule and the entry are taken back, nothing is left
    run("knowledge", "overrule", NAME, "--remove", "--world", world)
    run("knowledge", "add", NAME, "--remove", "--world", world)
    assert scanned(world)[1] == []


def test_own_entries_stand_where_a_person_looks_them_up(world: Path, tmp_path: Path) -> None:
    run("knowledge", "add", NAME, "--source", "case 12", "--world", world)
    scanned(world)
    with closing(sqlite3.connect(tmp_path / "findings.db")) as conn:
        rows = conn.execute("select kind, status, source from knowledge where value = ?", (NAME,)).fetchall()
        versions = [row[0] for row in conn.execute("select distinct knowledge_version from scans")]
    assert rows == [("own:domain", "reported", "case 12")]
    assert all("+" in version for version in versions)


def test_a_feed_is_taken_in_shown_and_forgotten(world: Path, tmp_path: Path) -> None:
    (tmp_path / "vendor.csv").write_text(f"domain,published,note\n{NAME},2024-01-02,fox\n", "utf-8")
    tried = json.loads(run("knowledge", "update", "vendor.csv", "--dry-run", "--json").stdout)
    assert (tried["added"], tried["dry_run"]) == (1, True)
    assert tried["diff"] == [{"what": "added", "kind": "domain", "value": NAME}]
    assert not scanned(world)[1]
    run("knowledge", "update", "vendor.csv")
    assert scanned(world)[0] == "review"
    # when knowledge is held to a day before its publication
    assert not scanned(world, "--as-of", "2024-01-01")[1]
    assert "1 cases judged again, 0 changed" in run("rescore").stdout  # it stays a scan as of that day
    assert "-> review" in run("rescore", "--as-of", "2024-03-01").stdout
    assert "feed vendor" in run("knowledge", "list").stdout
    run("knowledge", "forget", "vendor")
    assert not scanned(world)[1]


def test_a_broken_feed_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("domain\nfirst-one.com\n", "utf-8")
    (tmp_path / "bad.csv").write_text("domain\nco.kr\n", "utf-8")
    run("knowledge", "update", "good.csv", "--name", "list")
    result = run("knowledge", "update", "bad.csv", "--name", "list", code=1)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "the old knowledge stays" in result.stderr
    assert "  1  taken in" in run("knowledge", "list").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "co.uk"),
        ("add", "github.io"),
        ("add", "google.com"),
        ("add", "acme-one.com", "--published", "soon"),
        ("add", "acme-one.com", "--remove"),
        ("overrule", "co.uk", "--reason", "x"),
        ("overrule", "a.acme-one.com", "--reason", "x"),
        ("forget", "nothing"),
        ("update", "missing.csv"),
    ],
)
def test_what_can_not_be_done_is_one_line(arguments: tuple[str, ...]) -> None:
    run("knowledge", "add", "first-one.com")
    result = run("knowledge", *arguments, code=1)
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("falsefront: ")


@pytest.mark.parametrize(
    "arguments",
    [("overrule", "acme-one.com"), ("update", "x", "--expect", "many"), ("list", "--as-of", "soon")],
)
def test_a_wrong_call_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    run("knowledge", *arguments, code=2)


def test_the_entries_of_a_day_hold_nothing_later() -> None:
    rows = json.loads(run("knowledge", "list", "--entries", "--as-of", "2023-10-17", "--json").stdout)
    values = {row["value"] for row in rows}
    assert "celasllc.com" in values
    assert "foxvsun.com" not in values  # announced on the 18th
