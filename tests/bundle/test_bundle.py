"""A case that another lab judges to the same verdict; and bundles that a stranger made, of which nothing gets in."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from scanner.bundle import container, form
from scanner.bundle.form import LEFT, TABLES
from scanner.cli import group
from scanner.store import Store, purging
from tests.bad_worlds.making import own_words, page, write_world

CASE = "cand-0142"
FRONT, OTHER = "front.example", "other.example"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab with a judged case: a front that its own list names too, and a case that has nothing to do with it."""
    place = tmp_path_factory.mktemp("lab")
    registration = {"created": "2022-03-14", "registrar": "Harbour Names Inc."}
    ct = [{"logged": "2022-03-20", "names": [FRONT]}]
    domains = {
        FRONT: {"registration": registration, "site": "sites/front", "ct": ct},
        OTHER: {"registration": {"created": "2001-01-01"}, "site": "sites/other"},
    }
    files = {
        "sites/front/index.html": page("Front", own_words("front")),
        "sites/other/index.html": page("Other", own_words("other")),
    }
    world = write_world(place / "world", domains, files)
    db = place / "findings.db"
    claims = [
        {"role": "employer", "organisation": "Front LLC", "url": f"https://{FRONT}/",
         "starts": "2015-03", "ends": "2019-06"},
        {"role": "employer", "organisation": "No Address Ltd"},
    ]  # fmt: skip
    run("knowledge", "add", FRONT, "--note", "seen in another case", "--db", db, "--world", world)
    run("knowledge", "add", "unrelated.example", "--note", "stays here", "--db", db, "--world", world)
    for case, label, stated in (
        (CASE, "Jane Example", claims),
        (
            "cand-9999",
            "",
            [{"role": "employer", "url": f"https://{OTHER}/", "starts": "2005", "ends": "2008"}],
        ),
    ):
        file = place / f"{case}.yaml"
        file.write_text(yaml.safe_dump({"case": case, "label": label, "claims": stated}))
        assert run("scan", "--case", file, "--world", world, "--db", db).exit_code == 0
    return place


@pytest.fixture(scope="module")
def bundle(lab: Path) -> Path:
    assert run("bundle", CASE, "-o", lab / "case.zip", "--db", lab / "findings.db").exit_code == 0
    return lab / "case.zip"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The database of another lab."""
    folder = tmp_path / "there"
    folder.mkdir()
    return folder / "findings.db"


def report(db: Path, case: str = CASE) -> Any:
    return document(run("report", case, "--format", "json", "--db", db))


# ------------------------------------------------------------------------------------------ there and back


def test_another_lab_judges_the_case_to_the_same_verdict(lab: Path, bundle: Path, there: Path) -> None:
    # Given a case whose verdict rests on the lab's own list too
    ours = report(lab / "findings.db")
    assert ours["level"] == "contradicted"
    own = [
        f for t in ours["targets"] for f in t["findings"] if "your own list" in f["statement"] + f["observed"]
    ]
    assert own
    # When another lab opens it, which knows nothing of its own
    opened = document(run("open", bundle, "--db", there, "--json"))
    # Then it says so, and the same comes out again, from observations and from the evidence
    assert opened["differences"] == []
    assert opened["level"] == "contradicted"
    for again in ([], ["--observe"]):
        (judged,) = document(run("rescore", *again, "--db", there, "--json"))
        assert (judged["before"], judged["after"], judged["differences"]) == (
            "contradicted",
            "contradicted",
            [],
        )
    theirs = report(there)
    assert theirs.pop("label") == ""
    ours.pop("label")
    for side in (ours, theirs):
        for finding in [f for target in side["targets"] for f in target["findings"]]:
            for number in ("id", "scan_id", "target_id", "evidence_ids"):
                finding.pop(number, None)
    assert theirs == ours


def test_the_lists_that_came_along_count_for_that_case_alone(bundle: Path, there: Path) -> None:
    run("open", bundle, "--db", there)
    with Store(there) as store:
        assert store.feeds() == []
        assert list(store.known_about([("domain", FRONT)], CASE).about("domain", FRONT))
        assert not store.known_about([("domain", FRONT)])
        assert not store.known_about([("domain", FRONT)], "another")


def test_what_is_not_the_case_s_stays(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as zipped:
        text = b"".join(zipped.read(name) for name in zipped.namelist() if not name.startswith("evidence/"))
    for word in (b"Jane Example", b"cand-9999", OTHER.encode(), b"unrelated.example", b"stays here"):
        assert word not in text
    assert b"seen in another case" in text


def test_the_same_case_gives_the_same_bytes_and_is_noted(lab: Path, bundle: Path, tmp_path: Path) -> None:
    run("bundle", CASE, "-o", tmp_path / "again.zip", "--db", lab / "findings.db")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    rows = document(run("audit", "--case", CASE, "--db", lab / "findings.db", "--json"))
    assert [row["action"] for row in rows][-1] == "bundle"


def test_every_table_that_hangs_on_a_case_is_carried_or_left_for_a_reason(there: Path) -> None:
    with Store(there) as store:
        hanging = {table for table in purging._tables(store.conn) if purging.ways(store.conn, table)}
        for table in TABLES:
            columns = {row[1]: row for row in store.conn.execute(f'pragma table_info("{table.name}")')}
            for column in table.columns:
                assert columns[column.name][2].lower() in (column.kind, {"real": "float"}.get(column.kind))
                assert bool(columns[column.name][3]) != column.empty or columns[column.name][5], column
    assert {table.name for table in TABLES} - {"targets"} | set(LEFT) == hanging


def test_it_opens_again_under_another_id_and_never_over_one_that_is_there(bundle: Path, there: Path) -> None:
    run("open", bundle, "--db", there)
    before = rows_of(there)
    refused = run("open", bundle, "--db", there)
    assert refused.exit_code == 1
    assert "has a case cand-0142 already; give --as NEW-ID; nothing was imported" in refused.stderr
    assert rows_of(there) == before
    assert document(run("open", bundle, "--as", "second", "--db", there, "--json"))["differences"] == []
    assert run("open", bundle, "--as", "second", "--db", there).exit_code == 1
    assert report(there, "second")["level"] == "contradicted"
    # both can be purged, each with its own evidence
    assert len(list((there.parent / "evidence").glob("*.warc.gz"))) == 2
    run("purge", "second", "--db", there)
    (judged,) = document(run("rescore", "--observe", "--db", there, "--json"))
    assert judged["differences"] == []
    bad = run("open", bundle, "--as", "../x", "--db", there)
    assert bad.exit_code == 1
    assert "is no id of a case" in bad.stderr


def test_evidence_that_is_in_the_way_stays_unless_a_killed_open_left_it(bundle: Path, there: Path) -> None:
    # Given a file of another content where the evidence belongs
    with zipfile.ZipFile(bundle) as zipped:
        (name,) = [name for name in zipped.namelist() if name.startswith("evidence/")]
        content = zipped.read(name)
    target = there.parent / name
    target.parent.mkdir()
    target.write_bytes(b"somebody's")
    # When the bundle is opened, then it is left alone
    refused = run("open", bundle, "--db", there)
    assert refused.exit_code == 1
    assert "is in the way; nothing was imported" in refused.stderr
    assert target.read_bytes() == b"somebody's"
    assert rows_of(there)["cases"] == 0
    # When it is the very file, as after an `open` that was killed, then the bundle comes in
    target.write_bytes(content)
    assert run("open", bundle, "--db", there).exit_code == 0
    assert target.read_bytes() == content


def test_a_case_that_is_missing_its_evidence_is_not_passed_on(lab: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(lab, tmp_path / "copy"))
    shutil.rmtree(copy / "evidence")
    to = tmp_path / "out.zip"
    to.write_text("was there")
    result = run("bundle", CASE, "-o", to, "--db", copy / "findings.db")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert to.read_text() == "was there"
    assert list(tmp_path.glob(".out*")) == []


# ------------------------------------------------------------------------------------------------ hostile


def rows_of(db: Path) -> dict[str, int]:
    with closing(sqlite3.connect(db)) as conn:
        names = [name for (name,) in conn.execute("select name from sqlite_master where type = 'table'")]
        return {name: conn.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}


Files = dict[str, bytes]


def remade(
    bundle: Path, to: Path, change: Callable[[Files], None], manifest: Callable[[Any], None] | None = None
) -> Path:
    """The bundle with something changed in it, and every digest as it should be then."""
    with zipfile.ZipFile(bundle) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    says = json.loads(files.pop("manifest.json"))
    change(files)
    says["files"] = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    }
    if manifest:
        manifest(says)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
        zipped.writestr("manifest.json", json.dumps(says))
    return to


def rows(table: str, change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        name = f"rows/{table}.jsonl"
        found = [json.loads(line) for line in files[name].splitlines()]
        change(found)
        files[name] = b"".join(json.dumps(row).encode() + b"\n" for row in found)

    return changed


def setting(table: str, column: str, value: Any) -> Callable[[Files], None]:
    return rows(table, lambda found: found[0].__setitem__(column, value))


def renamed(old: str, new: str) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(new, files.pop(old))


def evidence_cut(files: Files) -> None:
    (name,) = [name for name in files if name.startswith("evidence/")]
    files[name] = files[name][: len(files[name]) // 2]


def evidence_changed(files: Files) -> None:
    """Forty bytes in its middle, in a record a row names or in one that none does: more than a member's head and
    end, of which one byte may be anything."""
    (name,) = [name for name in files if name.startswith("evidence/")]
    data = bytearray(files[name])
    for at in range(len(data) // 2, len(data) // 2 + 40):
        data[at] ^= 0xFF
    files[name] = bytes(data)


HOSTILE: dict[str, tuple[Callable[[Files], None], str]] = {
    "slip": (lambda files: files.__setitem__("../../evil", b"x"), "'../../evil', which belongs in no bundle"),
    "absolute": (lambda files: files.__setitem__("/tmp/evil", b"x"), "belongs in no bundle"),
    "backslash": (lambda files: files.__setitem__("rows\\..\\evil.jsonl", b"x"), "belongs in no bundle"),
    "no table": (lambda files: files.pop("rows/support.jsonl"), "has no rows/support.jsonl"),
    "other evidence": (
        lambda files: files.__setitem__("evidence/01a2079b-e9c0-7df9-aa1d-000000000000.warc.gz", b"x"),
        "its evidence is not that of its scans",
    ),
    "cut evidence": (evidence_cut, "evidence/"),
    "changed evidence": (evidence_changed, "evidence/"),
    "no JSON": (lambda files: files.__setitem__("rows/cases.jsonl", b"{not json}\n"), "a row of cases"),
    "a list": (lambda files: files.__setitem__("rows/cases.jsonl", b"[1,2,3]\n"), "has other columns than id, label"),
    "nested": (lambda files: files.__setitem__("rows/cases.jsonl", b"[" * 200_000 + b"\n"), "a row of cases"),
    "long line": (lambda files: files.__setitem__("rows/cases.jsonl", b" " * (form.MOST_LINE + 2)), "too long"),
    "another case": (setting("cases", "id", "cand-9999"), "holds another case than it says"),
    "two cases": (rows("cases", lambda found: found.append(dict(found[0]))), "holds another case than it says"),
    "date": (setting("cases", "created_at", "'; drop table cases; --"), "a row of cases"),
    "text for a number": (setting("attempts", "ms", "12; drop table cases"), "a row of attempts ms is no integer"),
    "a boolean": (setting("scans", "passive", True), "a row of scans passive is no integer"),
    "a mapping": (setting("claims", "organisation", {"a": 1}), "a row of claims organisation is no text"),
    "a list for text": (setting("observations", "value", ["x"]), "a row of observations value is no text"),
    "huge": (setting("attempts", "ms", 1 << 70), "a row of attempts ms is no integer"),
    "null": (setting("observations", "value", None), "a row of observations value is no text"),
    "a column more": (setting("observations", "evil", "x"), "has other columns than"),
    "a scan of ours": (setting("attempts", "scan_id", 999), "names row 999 of scans, which isn't in it"),
    "a target of ours": (setting("findings", "target_id", 999), "names row 999 of targets"),
    "evidence of ours": (setting("observations", "evidence_id", 999), "names row 999 of evidence"),
    "decided by ours": (setting("attempts", "evidence_id", 999), "names row 999 of evidence"),
    "ids in text": (setting("findings", "evidence_ids", "[999]"), "names row 999 of evidence"),
    "ids of another kind": (setting("findings", "evidence_ids", '{"a": 1}'), "a row of findings"),
    "claims out of range": (setting("target_details", "claims", "[99]"), "can't be read"),
    "entries of another kind": (setting("target_details", "entries", '{"a": 1}'), "a row of target_details"),
    "twice": (rows("observations", lambda found: found.append(dict(found[0]))), "is there twice"),
    "a scan it does not list": (
        setting("scans", "uid", "01a2079b-e9c0-7df9-aa1d-000000000000"), "holds a scan it does not list",
    ),
    "a path for an id": (setting("scans", "uid", "../../x"), "holds a scan it does not list"),
    "a path for evidence": (setting("evidence", "warc_file", "/etc/passwd"), "in a file that is not its scan's"),
    "another place": (setting("evidence", "warc_offset", 3), "evidence/"),
    "another digest": (setting("evidence", "digest", "sha256:" + "0" * 64), "not those of the digest"),
    "running": (setting("scans", "status", "running"), "still running"),
    "a status of its own": (setting("scans", "status", "fine"), "can't be read"),
    "a level of its own": (setting("verdicts", "level", "guilty"), "can't be read"),
    "a strength of its own": (setting("findings", "strength", "absolute"), "can't be read"),
    "a role of its own": (setting("claims", "role", "spy"), "can't be read"),
    "no domain": (setting("targets", "domain", "<script>alert(1)</script>"), "hostile.zip"),
    "a domain in capitals": (setting("targets", "domain", "FRONT.example"), "is no domain as it stands in DNS"),
    "a site of no scan": (
        rows("targets", lambda found: found.append({"id": 77, "domain": "planted.example"})),
        "none of its scans looked at",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_of_a_bundle_that_a_stranger_changed_nothing_gets_in(
    bundle: Path, there: Path, tmp_path: Path, name: str
) -> None:
    # Given a lab with a case of its own, and a bundle that is odd in one place, with digests that fit
    Store(there).close()
    before = rows_of(there)
    change, words = HOSTILE[name]
    hostile = remade(bundle, tmp_path / "hostile.zip", change)
    # When it is opened, then one line says what is wrong, and nothing is here that was not before
    result = run("open", hostile, "--db", there)
    assert result.exit_code == 1, result.output
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr
    assert result.stderr.rstrip().endswith("nothing was imported")
    assert rows_of(there) == before
    assert {path.name.partition("-")[0] for path in there.parent.iterdir()} <= {"findings.db", "evidence"}
    assert not (there.parent / "evidence").exists() or not list((there.parent / "evidence").iterdir())
    assert not (tmp_path / "evil").exists()


MANIFESTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "newer": (
        lambda says: says.update(format=2),
        "was made by a newer falsefront (format 2, this one reads 1); update",
    ),
    "older": (lambda says: says.update(format=0), "is of format 0, which no release made"),
    "text": (lambda says: says.update(format="1"), "can't be read"),
    "another thing": (lambda says: says.update(kind="docx"), "is no bundle of a case"),
    "case": (lambda says: says.update(case="../../x"), "is no id of a case"),
    "scans": (lambda says: says.update(scans=["../x"]), "its list of scans makes no sense"),
    "no scans": (lambda says: says.update(scans=[]), "its list of scans makes no sense"),
    "scans twice": (lambda says: says.update(scans=says["scans"] * 2), "its list of scans makes no sense"),
    "digest": (
        lambda says: says["files"]["rows/cases.jsonl"].update(sha256="0" * 64),
        "is not what its digest says",
    ),
    "longer": (lambda says: says["files"]["rows/cases.jsonl"].update(bytes=1), "is not what its digest says"),
    "negative": (lambda says: says["files"]["rows/cases.jsonl"].update(bytes=-5), "unpacks to"),
    "huge": (lambda says: says["files"]["rows/cases.jsonl"].update(bytes=1 << 50), "unpacks to"),
    "bomb": (lambda says: says["files"]["rows/cases.jsonl"].update(bytes=1 << 30), "too much for what it is"),
    "unlisted": (lambda says: says["files"].pop("rows/cases.jsonl"), "there and not listed"),
    "files": (lambda says: says.update(files=[]), "can't be read"),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_makes_no_sense_is_one_line(
    bundle: Path, there: Path, tmp_path: Path, name: str
) -> None:
    Store(there).close()
    before = rows_of(there)
    change, words = MANIFESTS[name]
    result = run("open", remade(bundle, tmp_path / "x.zip", lambda files: None, change), "--db", there)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr
    assert rows_of(there) == before


def zipped_with(**more: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in more.items():
            made.writestr(name, data)
    return buffer.getvalue()


def test_files_that_are_no_such_zip_are_one_line(bundle: Path, there: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    buffer = io.BytesIO(whole)
    with zipfile.ZipFile(buffer, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("README.txt", b"another")
    many = bytearray(zipped_with(a=b""))
    struct.pack_into("<2H", many, len(many) - 14, 60_000, 60_000)
    cases = {
        "nothing": b"",
        "text": b"not a zip at all, but long enough to be one, perhaps",
        "cut": whole[: len(whole) // 2],
        "tail": whole[len(whole) // 2 :],
        "comment": whole[:-2] + b"\x04\x00evil",
        "twice": buffer.getvalue(),
        "many": bytes(many),
        "empty": zipped_with(),
        "no manifest": zipped_with(**{"README.txt": b"x"}),
        "middle": whole[: len(whole) // 3] + b"\0" * 100 + whole[len(whole) // 3 + 100 :],
    }
    for name, data in cases.items():
        path = tmp_path / f"{name}.zip"
        path.write_bytes(data)
        result = run("open", path, "--db", there)
        assert result.exit_code == 1, name
        assert len(result.stderr.splitlines()) == 1, (name, result.stderr)
        assert str(path) in result.stderr
    assert rows_of(there)["cases"] == 0


def test_a_bomb_is_stopped_before_it_is_unpacked(
    bundle: Path, there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given 60 MB of spaces in 60 KB, listed as what they are
    taken: list[str] = []
    real = container._take
    monkeypatch.setattr(container, "_take", lambda *given: (taken.append(given[2]), real(*given)))
    bomb = remade(
        bundle, tmp_path / "bomb.zip", lambda files: files.__setitem__("README.txt", b" " * (60 << 20))
    )
    result = run("open", bomb, "--db", there)
    assert result.exit_code == 1
    assert "which is too much for what it is" in result.stderr
    assert taken == []


def test_a_table_that_belongs_in_no_bundle_is_read_by_nobody(
    bundle: Path, there: Path, tmp_path: Path
) -> None:
    # Given rows for the settings of a lab, and for its lists
    def planted(files: Files) -> None:
        files["rows/settings.jsonl"] = b'{"name":"audit_salt","value":"known"}\n'
        files["rows/feeds.jsonl"] = b'{"id":1,"name":"own"}\n'

    result = run("open", remade(bundle, tmp_path / "x.zip", planted), "--db", there)
    assert result.exit_code == 1
    assert "rows/settings.jsonl', which belongs in no bundle" in result.stderr


def test_a_verdict_that_the_observations_do_not_bear_out_is_said(
    bundle: Path, there: Path, tmp_path: Path
) -> None:
    # Given a bundle whose verdict somebody made milder, with digests that fit
    def milder(files: Files) -> None:
        rows("verdicts", lambda found: [row.update(level="nothing-found") for row in found])(files)
        rows("findings", lambda found: found.clear())(files)
        for table in ("finding_details", "support"):
            files[f"rows/{table}.jsonl"] = b""

    opened = document(run("open", remade(bundle, tmp_path / "milder.zip", milder), "--db", there, "--json"))
    # Then it comes in, and what it says is said to be otherwise here
    assert "the case: nothing-found there, contradicted here" in opened["differences"]


# ----------------------------------------------------------------------------------------------- referral


def test_a_referral_has_report_evidence_facts_digests_and_where_to_turn(lab: Path, tmp_path: Path) -> None:
    to = tmp_path / "referral.zip"
    made = document(run("bundle", CASE, "--referral", "-o", to, "--db", lab / "findings.db", "--json"))
    assert made["sites"] == 1
    with zipfile.ZipFile(to) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    facts = files["FACTS.txt"].decode()
    assert FRONT in facts
    assert "it may be:" in facts
    assert "sha256:" in facts
    assert b"<!doctype html>" in files["report.html"][:200].lower()
    assert "Jane Example" not in facts + files["report.html"].decode()
    where = files["WHERE-TO-TURN.txt"].decode()
    assert "ic3.gov" in where
    assert not [
        word
        for word in ("fraud", "fake", "guilty", "suspicious", "@", "tel:")
        if word in (facts + where).lower()
    ]
    assert [row["action"] for row in document(run("audit", "--db", lab / "findings.db", "--json"))][
        -1
    ] == "referral"
