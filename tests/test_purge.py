"""A purged case is gone from every file; what others brought too stays; a hold stops it; a killed purge goes on."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from scanner import purge as purging_all
from scanner.cli import group
from scanner.library import Library
from scanner.model import Evidence, Status
from scanner.store import Store, keeping, purging
from tests.bad_worlds.making import own_words, page, write_world
from tests.drawing import encoded, scene

ROOT = Path(__file__).parents[1]
# Markers of the case that goes, in each place a case leaves something: claims, label, domains, pages, registrations.
GONE = {
    "label": "Vexaquimlabel",
    "organisation": "Zorblattfirma",
    "place": "Quimperlodge",
    "domain": "tarkwendel-soft",
    "title": "Wyvernzutitle",
    "text": "brumquatelzin",
    "registrar": "Kuzmothregistrar",
    "picture": "jaxomwaldpicture",
    "reason": "Pellvornreason",
}
STAYS = "harbourlight"


def registration(name: str) -> dict[str, Any]:
    return {"created": "2022-03-14", "registrar": f"{name} Inc."}


def case_file(folder: Path, case: str, domains: list[str], **more: str) -> Path:
    claims = [
        {
            "role": "employer",
            "organisation": more.get("organisation", "Firm"),
            "url": f"https://{domain}/",
            "starts": "2015-03",
            "ends": "2019-06",
            "place": more.get("place", ""),
        }
        for domain in domains
    ]
    path = folder / f"{case}.yaml"
    path.write_text(yaml.safe_dump({"case": case, "label": more.get("label", ""), "claims": claims}))
    return path


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of two cases. They share one site; the other one of each is its own."""
    place = tmp_path_factory.mktemp("purge")
    only = f"{GONE['domain']}.example"
    domains = {
        only: {"registration": registration(GONE["registrar"]), "site": "sites/gone"},
        "shared.example": {"registration": registration("Harbour Names"), "site": "sites/shared"},
        f"{STAYS}.example": {"registration": registration("Harbour Names"), "site": "sites/stays"},
    }
    files = {
        "sites/gone/index.html": page(
            GONE["title"],
            own_words("gone")
            + f" {GONE['text']} "
            + own_words("more")
            + f'<img src="/{GONE["picture"]}.jpg">',
        ),
        f"sites/gone/{GONE['picture']}.jpg": encoded(scene(7)),
        "sites/shared/index.html": page("Shared", own_words("shared")),
        "sites/stays/index.html": page("Stays", own_words("stays")),
    }
    world = write_world(place / "world", domains, files)
    folder = place / "made"
    folder.mkdir()
    gone = case_file(
        place, "case-gone", [only, "shared.example"],
        **{name: GONE[name] for name in ("label", "organisation", "place")},
    )  # fmt: skip
    stays = case_file(place, "case-stays", ["shared.example", f"{STAYS}.example"])
    for file in (gone, stays):
        ended = run("scan", "--case", file, "--world", world, "--db", folder / "findings.db")
        assert ended.exit_code == 0, ended.output
    return folder


@pytest.fixture
def folder(scanned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scanned, tmp_path / "copy"))


@pytest.fixture
def db(folder: Path) -> Path:
    return folder / "findings.db"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def holding(folder: Path, *markers: bytes) -> list[str]:
    """Which files hold which marker, in any case of letters; without its first letters too, as a search index
    leaves out what a word shares with the one before it. File names count."""
    found = []
    for path in sorted(folder.rglob("*")):
        content = (path.name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b"")).lower()
        found += [f"{path.name}: {marker!r}" for marker in markers if marker.lower()[4:] in content]
    return found


def markers() -> list[bytes]:
    return [marker.encode() for marker in GONE.values()]


def uids(db: Path, case: str) -> list[str]:
    with closing(sqlite3.connect(db)) as conn:
        return [uid for (uid,) in conn.execute("select uid from scans where case_id = ?", (case,))]


def texts_in_library(folder: Path) -> list[bytes]:
    """The packed texts of the site only the purged case brought: packed, no marker of theirs can be seen."""
    with closing(sqlite3.connect(folder / "findings.library.db")) as conn:
        rows = conn.execute(
            "select data from pages join domains on domains.id = domain where name = ?",
            (f"{GONE['domain']}.example",),
        ).fetchall()
    return [data for (data,) in rows]


# ------------------------------------------------------------------------------------------------- gone


def test_a_purged_case_is_in_no_file_any_more(folder: Path, db: Path) -> None:
    # Given a case whose words stand all over the folder, and a hold that was taken back
    run("hold", "case-gone", "--reason", GONE["reason"], "--db", db)
    run("hold", "case-gone", "--release", "--db", db)
    run("report", "case-gone", "--format", "json", "-o", folder / "gone.json", "--db", db)
    before = holding(folder, *markers())
    assert {found.partition(": ")[2] for found in before} >= {
        repr(m) for m in markers() if m != b"Pellvornreason"
    }
    (uid,) = uids(db, "case-gone")
    packed = texts_in_library(folder)
    assert packed
    # When it is purged
    (done,) = document(run("purge", "case-gone", "--db", db, "--json"))["purged"]
    # Then no file holds a word of it: database, journals, library, evidence, report
    assert holding(folder, *markers(), b"case-gone", uid.encode()) == []
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not [data for data in packed if data[8:60] in whole]
    assert done["texts"] >= 1
    assert done["pictures"] == 1
    assert done["reports"] == ["gone.json"]
    assert done["rows"]["targets"] == 1
    assert not (folder / "gone.json").exists()


def test_what_the_other_case_brought_too_stays(folder: Path, db: Path) -> None:
    # Given what the other case reads, finds and keeps
    before = document(run("report", "case-stays", "--format", "json", "--db", db))
    with Library(folder / "findings.library.db", readonly=True) as library:
        shared = library.texts_of("shared.example")
    assert shared
    # When the first one is purged, then all of that is as it was, and judged as it was
    document(run("purge", "case-gone", "--db", db, "--json"))
    assert document(run("report", "case-stays", "--format", "json", "--db", db)) == before
    (judged,) = document(run("rescore", "--observe", "--db", db, "--json"))
    assert judged["before"] == judged["after"]
    assert not judged["differences"]
    with Library(folder / "findings.library.db", readonly=True) as library:
        assert [text.url for text in library.texts_of("shared.example")] == [text.url for text in shared]
        assert library.texts_of(f"{GONE['domain']}.example") == []
        assert library.texts_of(f"{STAYS}.example")
    assert holding(folder, STAYS.encode())
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert conn.execute("pragma foreign_key_check").fetchall() == []
        assert conn.execute(
            "select count(*) from page_texts_fts where page_texts_fts match 'brumquatelzin'"
        ).fetchone() == (0,)
        assert conn.execute("pragma freelist_count").fetchone() == (0,)


@pytest.mark.parametrize("name", ["findings.db", "findings.library.db"])
def test_what_lay_in_free_pages_before_is_cleared_too(folder: Path, db: Path, name: str) -> None:
    # Given words of the case that an ordinary change left behind in pages that are free now
    words = [(f"vornskaldresidue {number}" * 40,) for number in range(200)]
    with closing(sqlite3.connect(folder / name)) as conn, conn:
        conn.execute("create table for_now (word text)")
        conn.executemany("insert into for_now values (?)", words)
    with closing(sqlite3.connect(folder / name)) as conn, conn:  # on the disk by now
        conn.execute("pragma secure_delete = off")
        conn.execute("drop table for_now")
    assert holding(folder, b"vornskaldresidue")
    # When the case is purged, then they are gone as well
    run("purge", "case-gone", "--db", db)
    assert holding(folder, *markers(), b"vornskaldresidue") == []


def test_a_site_that_stays_is_as_old_as_the_scans_that_are_left(db: Path) -> None:
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update scans set started_at = '2019-01-01T00:00:00Z' where case_id = 'case-gone'")
        conn.execute("update targets set first_seen = '2019-01-01T00:00:00Z'")
    run("purge", "case-gone", "--db", db)
    with closing(sqlite3.connect(db)) as conn:
        firsts = dict(conn.execute("select domain, first_seen from targets"))
    assert firsts["shared.example"].startswith("2024-06-01")


def test_every_table_that_hangs_on_a_case_goes_with_it(db: Path) -> None:
    # Given the schema as it is, whatever migrations added
    with Store(db) as store:
        tables = purging._tables(store.conn)
        for table in tables:
            columns = {row[1] for row in store.conn.execute(f'pragma table_info("{table}")')}
            keys = store.conn.execute(f'pragma foreign_key_list("{table}")').fetchall()
            cleared = {
                row[3] for row in keys if row[6] == "SET NULL"
            }  # the row outlives its case, without its id
            if columns & {"case_id", "scan_id"} - cleared:
                assert purging.ways(store.conn, table), f"{table} names a case or scan, and would stay"
        outline = purging.outline(store, "case-gone")
    # Then what is counted before is what is gone after
    with closing(sqlite3.connect(db)) as conn:
        before = {
            table: conn.execute(f'select count(*) from "{table}"').fetchone()[0] for table in outline.rows
        }
    run("purge", "case-gone", "--db", db)
    with closing(sqlite3.connect(db)) as conn:
        after = {
            table: conn.execute(f'select count(*) from "{table}"').fetchone()[0] for table in outline.rows
        }
    gone = {table: before[table] - after[table] for table in before}
    assert gone.pop("links") >= outline.rows.pop(
        "links"
    )  # and those of the other case that name a site that is gone
    assert gone == outline.rows


def test_copies_from_before_an_upgrade_go_too(folder: Path, db: Path) -> None:
    shutil.copy(db, folder / "findings.db.before-v4.bak")
    shutil.copy(folder / "findings.library.db", folder / "findings.library.db.format1")
    run("purge", "case-gone", "--db", db)
    assert holding(folder, *markers()) == []
    assert not list(folder.glob("*.bak"))


def test_reports_elsewhere_or_changed_since_are_named_and_left(
    folder: Path, db: Path, tmp_path: Path
) -> None:
    # Given a report outside of the folder, and one in it that somebody wrote into
    run("report", "case-gone", "--format", "csv", "-o", tmp_path / "out.csv", "--db", db)
    run("report", "case-gone", "--format", "csv", "-o", folder / "mine.csv", "--db", db)
    (folder / "mine.csv").write_text("my own notes")
    # When the case is purged, then both are named, and nothing of them was touched
    result = run("purge", "case-gone", "--db", db)
    assert result.exit_code == 0
    for path in (str((tmp_path / "out.csv").resolve()), "mine.csv"):
        assert f"a report of case-gone was written to {path}: remove it yourself" in result.stderr
    assert (tmp_path / "out.csv").exists()
    assert (folder / "mine.csv").read_text() == "my own notes"


@pytest.mark.parametrize("name", ["../precious.txt", "/precious.txt", "sub/../../precious.txt"])
def test_a_database_from_elsewhere_names_no_file_outside_to_be_removed(
    folder: Path, db: Path, name: str
) -> None:
    # Given a database that says a file beside its folder was a report, with the right digest
    precious = folder.parent / "precious.txt"
    precious.write_text("somebody's")
    named = name if not name.startswith("/") else str(precious)
    digest = hashlib.sha256(precious.read_bytes()).hexdigest()
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("insert into written_reports values (?, 'case-gone', ?, '2024-06-01')", (named, digest))
        conn.execute("insert into purge_steps (step, what) values ('report', ?)", (f"{digest} {named}",))
    run("purge", "case-gone", "--db", db)
    assert precious.read_text() == "somebody's"


@pytest.mark.parametrize("uid", ["*", "..", "../x", "", "a/b"])
def test_a_scan_id_of_a_database_from_elsewhere_removes_nobody_elses_evidence(
    folder: Path, db: Path, uid: str
) -> None:
    kept = sorted((folder / "evidence").iterdir())
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update scans set uid = ? where case_id = 'case-gone'", (uid,))
    run("purge", "case-gone", "--db", db)
    assert sorted((folder / "evidence").iterdir()) == kept


# ------------------------------------------------------------------------------------------- what stays


def test_a_dry_run_says_what_would_go_and_changes_nothing(folder: Path, db: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (plan,) = document(run("purge", "case-gone", "--dry-run", "--db", db, "--json"))["purged"]
    assert {path: path.read_bytes() for path in before} == before
    (done,) = document(run("purge", "case-gone", "--db", db, "--json"))["purged"]
    assert plan["files"] == done["files"] != []
    assert plan["texts"] == done["texts"]
    assert plan["rows"].items() <= done["rows"].items()


def test_a_held_case_stays_in_both_kinds_of_purge_until_it_is_released(db: Path) -> None:
    run("hold", "case-gone", "--reason", "passed to counsel", "--db", db)
    # When one names it, then one line says why not
    refused = run("purge", "case-gone", "--db", db)
    assert refused.exit_code == 1
    assert "held since" in refused.stderr
    assert "passed to counsel" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    # When time is up, then it stays and the other goes
    swept = run("purge", "--keep-days", "0", "--db", db, "--json")
    found = document(swept)
    assert [one["case"] for one in found["purged"]] == ["case-stays"]
    assert [one["case"] for one in found["kept"]] == ["case-gone"]
    assert "passed to counsel" in run("hold", "--db", db).stdout
    # When it is released, then it goes
    run("hold", "case-gone", "--release", "--db", db)
    assert run("purge", "case-gone", "--db", db).exit_code == 0
    assert run("hold", "--db", db).stdout == "nothing is held\n"


def test_keep_days_counts_from_the_newest_scan_by_the_clock_of_the_network(folder: Path, db: Path) -> None:
    network = folder.parent / "network.toml"
    network.write_text('now = "2024-07-01T12:00:00Z"\n')
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update scans set started_at = '2024-05-01T00:00:00Z' where case_id = 'case-gone'")
    assert (
        document(run("purge", "--keep-days", 62, "--network", network, "--db", db, "--json"))["purged"] == []
    )
    (one,) = document(run("purge", "--keep-days", 60, "--network", network, "--db", db, "--json"))["purged"]
    assert one["case"] == "case-gone"


def test_a_case_that_is_being_scanned_stays(db: Path) -> None:
    with Store(db) as store:
        record = store.latest_scan("case-gone")
        assert record is not None
        store.resume(record)
        refused = run("purge", "case-gone", "--db", db)
        assert refused.exit_code == 1
        assert "a scan of it is running" in refused.stderr
        assert [
            one["case"] for one in document(run("purge", "--keep-days", 0, "--db", db, "--json"))["kept"]
        ] == ["case-gone"]
        store.finish(record)
    assert run("purge", "case-gone", "--db", db).exit_code == 0


def test_while_another_reads_the_library_the_rest_is_left_for_the_next_purge(folder: Path, db: Path) -> None:
    # Given somebody who reads the library as it was
    with closing(sqlite3.connect(folder / "findings.library.db")) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from pages").fetchone()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("scanner.library.file.BUSY_SECONDS", 0.05)
            refused = run("purge", "case-gone", "--db", db)
    assert refused.exit_code == 1
    assert "run `falsefront purge` once more" in refused.stderr
    # When they are done, then the next purge clears what was left
    assert run("purge", "case-gone", "--db", db).exit_code == 0
    assert holding(folder, *markers(), b"case-gone") == []


def test_a_scan_of_another_case_goes_on_while_a_case_is_purged(folder: Path, db: Path) -> None:
    # Given a scan of the other case that is under way
    with Store(db) as store:
        record = store.latest_scan("case-stays")
        assert record is not None
        record = store.resume(record)
        before = store.open_attempt(record, "shared.example", "dns", record.started_at)
        # When the first case is purged meanwhile
        assert run("purge", "case-gone", "--db", db).exit_code == 0
        # Then the scan writes on, also about the site both had
        store.close_attempt(before, Status.OK)
        after = store.open_attempt(record, "shared.example", "whois", record.started_at)
        store.keep(after, Evidence("whois://x/shared.example", "text/plain", record.started_at, b"a line"))
        store.close_attempt(after, Status.OK)
        store.finish(record)
        assert len(list(store.evidence_of(record, "shared.example"))) > 1
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert holding(folder, *markers()) == []


def test_while_another_reads_the_rows_go_and_the_rest_is_left_for_the_next_purge(
    folder: Path, db: Path
) -> None:
    # Given somebody who reads the database as it was
    with closing(sqlite3.connect(db)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from cases").fetchone()
        with (
            Store(db, wait=0.05) as store,
            pytest.raises(purging.LockedError, match="run `falsefront purge` once more"),
        ):
            purging_all.purge(store, folder / "findings.library.db", ["case-gone"])
        assert holding(folder, *markers())
    # When they are done, then a purge without a case clears what was left
    ended = run("purge", "--db", db)
    assert ended.exit_code == 0
    assert holding(folder, *markers(), b"case-gone") == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["purge", "--db", "{db}"], "give a CASE, or --keep-days N"),
        (["purge", "case-gone", "--keep-days", "3", "--db", "{db}"], "give a CASE, or --keep-days N"),
        (["purge", "nobody", "--db", "{db}"], "holds no case 'nobody'; it has: case-gone, case-stays"),
        (["hold", "nobody", "--db", "{db}"], "holds no case 'nobody'"),
        (["hold", "case-gone", "--release", "--db", "{db}"], "case-gone is not held"),
        (["purge", "x", "--db", "nowhere.db"], "nowhere.db: no such database"),
        (["audit", "--db", "nowhere.db"], "nowhere.db: no such database"),
    ],
)
def test_what_can_not_be_done_is_one_line(db: Path, arguments: list[str], words: str) -> None:
    result = run(*(argument.format(db=db) for argument in arguments))
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert not Path("nowhere.db").exists()


# ----------------------------------------------------------------------------------------------- killed

KILLED = """
import os, sys
from pathlib import Path
from scanner import purge
from scanner.store import Store
done = 0
def told(what):
    global done
    done += 1
    if done > int(sys.argv[2]):
        os._exit(9)
with Store(sys.argv[1]) as store:
    purge.purge(store, Path(sys.argv[1]).with_name("findings.library.db"), ["case-gone"], told)
os._exit(0)
"""


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_a_purge_that_was_killed_between_any_two_steps_is_gone_on_with(
    folder: Path, db: Path, steps: int
) -> None:
    # Given a report that was written, and a purge that dies before its nth step
    run("report", "case-gone", "--format", "json", "-o", folder / "gone.json", "--db", db)
    child = subprocess.run([sys.executable, "-c", KILLED, str(db), str(steps)], cwd=ROOT, check=False)
    assert child.returncode == 9
    assert holding(folder, *markers())
    # When the same command is given again, then all of it is gone
    again = run("purge", "case-gone", "--db", db)
    assert again.exit_code == 0, again.output
    assert holding(folder, *markers(), b"case-gone") == []
    assert len(keeping_rows(db, "purge")) == 1
    assert run("purge", "case-gone", "--db", db).exit_code == 1  # nothing is left of it to purge


def test_going_on_with_a_scan_that_was_purged_meanwhile_leaves_nothing_behind(folder: Path, db: Path) -> None:
    with Store(db) as mine:
        record = mine.latest_scan("case-gone")
        assert record is not None
        run("purge", "case-gone", "--db", db)
        with pytest.raises(purging.StoreError, match="was purged meanwhile"):
            mine.resume(record)
    assert holding(folder, record.uid.encode()) == []


# ------------------------------------------------------------------------------------------------ audit


def keeping_rows(db: Path, action: str) -> list[keeping.Entry]:
    with Store(db, readonly=True) as store:
        return [row for row in keeping.trail(store) if row.action == action]


def test_the_trail_says_who_did_what_and_forgets_what_was_purged(folder: Path, db: Path) -> None:
    # Given an export, a hold and its release
    run("report", "case-gone", "--format", "json", "-o", folder / "gone.json", "--db", db)
    run("hold", "case-gone", "--reason", GONE["reason"], "--db", db)
    run("hold", "case-gone", "--release", "--db", db)
    assert [row["case"] for row in document(run("audit", "--db", db, "--json"))] == ["case-gone"] * 3
    # When the case is purged
    run("purge", "case-gone", "--db", db)
    # Then the trail has all four, names nobody, and is found by who knows the id alone
    rows = document(run("audit", "--db", db, "--json"))
    assert [row["action"] for row in rows] == ["export", "hold", "release", "purge"]
    assert {row["case"] for row in rows} == {""}
    assert {row["who"] for row in rows} == {keeping.account()}
    assert rows[-1]["counts"]["evidence_files"] == 1
    assert document(run("audit", "--case", "case-gone", "--db", db, "--json")) == rows
    assert document(run("audit", "--case", "case-stays", "--db", db, "--json")) == []
    assert "purged case" in run("audit", "--db", db).stdout


def test_the_same_id_has_another_digest_in_another_database(tmp_path: Path) -> None:
    digests = set()
    for name in ("a.db", "b.db"):
        with Store(tmp_path / name) as store:
            digests.add(keeping.case_digest(store, "cand-0142"))
            assert keeping.case_digest(store, "cand-0142") in digests
    assert len(digests) == 2


def test_an_export_that_can_not_be_noted_says_so_and_is_made(
    folder: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody who writes to the database for longer than an export waits
    monkeypatch.setattr("scanner.cli.audit.WAIT", 0.05)
    with closing(sqlite3.connect(db, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        result = run("report", "case-gone", "--format", "json", "-o", folder / "gone.json", "--db", db)
    assert result.exit_code == 0
    assert "this export could not be noted for `falsefront audit`" in result.stderr
    assert json.loads((folder / "gone.json").read_text("utf-8"))["case"] == "case-gone"
