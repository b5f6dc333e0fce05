"""`scan --resume`: nothing but claims stays or leaves, one broken file stops nothing, a batch asks once."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import quote

import pypdfium2
import pytest
import yaml
from click.testing import CliRunner, Result
from PIL import Image

from scanner.cli import group
from scanner.intake import recognition
from tests.bad_worlds.making import write_world
from tests.intake import making_documents as making

HERE = Path(__file__).parent / "resumes"
FIRM = {"registration": {"created": "2010-01-01", "registrar": "Harbour Names Inc."}, "site": "sites/firm"}
SITES = ("acmesoft.example", "bluerivers.example", "quill.example")
SECRETS = {
    "name": "Ottoline Quillfeather-Brandt",
    "surname": "Quillfeather-Brandt",
    "born": "14 May 1987",
    "nationality": "Ruritanian",
    "family": "married with two children",
    "home": "12 Rose Lane, Springfield",
    "street": "Rose Lane",
    "phone": "+99 555 0100 22",
    "mailbox": "ottoline.qb",
    "referee": "Mabel Strandgaard",
    "prose": "taught four colleagues the lute",
}
LINES = (
    f"{SECRETS['name']}", f"Born {SECRETS['born']}, {SECRETS['nationality']}, {SECRETS['family']}", SECRETS["home"],
    f"{SECRETS['phone']} | {SECRETS['mailbox']}@quill.example | https://quill.example", "Experience",
    "Acme Soft LLC, Austin, TX, Mar 2015 - Present", "https://acmesoft.example", f"- {SECRETS['prose']}",
    "Blue Rivers GmbH, Berlin, 2012 - 2015", "Web: bluerivers.example", "References",
    f"{SECRETS['referee']}, CTO at Blue Rivers GmbH",
)  # fmt: skip


def photo() -> bytes:
    """A picture as nobody else has it."""
    picture = Image.frombytes("RGB", (16, 16), bytes(range(256)) * 3)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


PHOTO = photo()


def page() -> bytes:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    picture = f'<img src="data:image/jpeg;base64,{base64.b64encode(PHOTO).decode()}">'
    return f"<html><body>{picture}{body}</body></html>".encode()


def json_resume() -> bytes:
    """The same in named fields."""
    work = [
        {
            "name": "Acme Soft LLC",
            "url": "https://acmesoft.example",
            "startDate": "2015-03",
            "summary": SECRETS["prose"],
        },
        {
            "name": "Blue Rivers GmbH",
            "url": "https://bluerivers.example",
            "startDate": "2012",
            "endDate": "2015",
        },
    ]
    basics = {
        "name": SECRETS["name"], "phone": SECRETS["phone"], "email": f"{SECRETS['mailbox']}@quill.example",
        "url": "https://quill.example", "location": {"address": SECRETS["home"]}, "birth": SECRETS["born"],
        "image": f"data:image/jpeg;base64,{base64.b64encode(PHOTO).decode()}", "nationality": SECRETS["nationality"],
        "summary": f"{SECRETS['family']}; {SECRETS['surname']}",
    }  # fmt: skip
    references = [{"name": SECRETS["referee"], "reference": SECRETS["prose"]}]
    return json.dumps({"basics": basics, "work": work, "references": references}).encode()


def resume_files(folder: Path) -> list[Path]:
    """The same résumé in seven formats, under names that say whose it is."""
    folder.mkdir()
    contents = {
        "pdf": making.with_photo(making.pdf([making.written(*LINES)]), PHOTO),
        "odt": making.odt(LINES, **{"Pictures__photo.jpg": PHOTO}),
        "json": json_resume(),
        "docx": making.docx(making.paragraphs(*LINES), **{"word__media__photo.jpg": PHOTO}),
        "html": page(),
        "md": "\n\n".join(LINES).replace("Experience", "## Experience").encode(),
        "txt": "\n".join(LINES).encode(),
    }
    files = []
    for ending, raw in contents.items():
        files.append(folder / f"CV_{SECRETS['surname']}.{ending}")
        files[-1].write_bytes(raw)
    return files


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in an empty folder, with a folder for temporary files of its own."""
    place = tmp_path / "here"
    scratch = tmp_path / "scratch"
    place.mkdir()
    scratch.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.delenv("FALSEFRONT_NETWORK", raising=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("world"), dict.fromkeys(SITES, FIRM), {})


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def forms(secret: str | bytes) -> list[bytes]:
    """A secret as it might be written: in several encodings, escaped, in pieces that compression leaves whole."""
    if isinstance(secret, bytes):
        return [secret, secret[20:60], base64.b64encode(secret)[:40], secret.hex()[:60].encode()]
    return [
        secret.encode(), secret.lower().encode(), secret.upper().encode(), secret.encode("utf-16-le"),
        quote(secret).encode(), secret.replace(" ", "+").encode(), secret.replace(" ", "-").encode(),
        json.dumps(secret)[1:-1].encode(),
    ]  # fmt: skip


def everything(*folders: Path) -> dict[str, bytes]:
    """All bytes of all files, compressed ones unpacked too (member by member, so that a cut one is read as well)."""
    found: dict[str, bytes] = {}
    for folder in folders:
        for file in (path for path in folder.rglob("*") if path.is_file()):
            raw = file.read_bytes()
            found[str(file)] = raw
            if raw[:2] == b"\x1f\x8b":
                found[f"{file} unpacked"] = gzip.decompress(raw)
            if raw[:2] == b"PK":
                with zipfile.ZipFile(file) as package:
                    for name in package.namelist():
                        inner = package.read(name)
                        found[f"{file} {name}"] = (
                            gzip.decompress(inner) if inner[:2] == b"\x1f\x8b" else inner
                        )
    return found


def leaks(places: dict[str, bytes]) -> list[tuple[str, str]]:
    secrets: dict[str, str | bytes] = {**SECRETS, "photo": PHOTO}
    return [
        (name, where)
        for name, secret in secrets.items()
        for where, raw in places.items()
        if any(form in raw for form in forms(secret))
    ]


# ------------------------------------------------------------------------------------------------ privacy


def test_nothing_of_a_resume_but_its_claims_is_found_in_any_byte(tmp_path: Path, world: Path) -> None:
    # given seven résumés that hold a name, a birth date, a home, a photo; when they are scanned and reported
    files = resume_files(tmp_path / "cvs")
    first = run("scan", "--resume", files[0], "--world", world, "--db", "f.db", "--json")
    reader = sqlite3.connect("f.db", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from cases").fetchone()  # while somebody reads, the -wal file stays
    result = run("scan", "--resume", tmp_path / "cvs", "--world", world, "--db", "f.db", "--json")
    assert result.exit_code == 0, result.stderr
    printed = [first.stdout, result.stdout]
    cases = [document["case"] for document in json.loads(result.stdout)]
    assert len(cases) == 7
    printed += [result.stderr.replace(f"CV_{SECRETS['surname']}", ""), run("audit", "--db", "f.db").stdout]
    for case in cases:
        printed.append(run("report", case, "--db", "f.db").stdout)
        for form in ("html", "json", "csv", "stix", "misp"):
            assert (
                run("report", case, "--db", "f.db", "--format", form, "-o", f"{case}.{form}").exit_code == 0
            )
        assert run("bundle", case, "--db", "f.db", "-o", f"{case}.zip").exit_code == 0
        assert run("bundle", case, "--referral", "--db", "f.db", "-o", f"{case}.referral.zip").exit_code == 0
    places = everything(Path(), tmp_path / "scratch")
    reader.close()
    # then database, evidence, temporary files, reports and output hold the claims, and none of the rest
    assert any(b"Acme Soft LLC" in raw for where, raw in places.items() if where.endswith("f.db"))
    assert any(where.endswith("unpacked") for where in places)
    assert any(b"Blue Rivers GmbH" in raw for where, raw in places.items() if where.endswith("f.db-wal"))
    places |= {f"stdout {number}": text.encode() for number, text in enumerate(printed)}
    assert leaks(places) == []


def test_the_search_would_find_what_it_looks_for(tmp_path: Path) -> None:
    # given a file that does hold the résumé, packed; when searched; then every secret is found
    (tmp_path / "here" / "leak.gz").write_bytes(gzip.compress(page() + PHOTO))
    found = {name for name, _ in leaks(everything(tmp_path / "here"))}
    assert found == {*SECRETS, "photo"}


def test_a_reader_that_fails_says_nothing_of_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a document at which a reader raises with the text in its words; when read; then only the kind is said
    file = tmp_path / "cv.docx"
    file.write_bytes(making.docx(f"<x xmlns:{SECRETS['mailbox']}><{SECRETS['surname']}".encode()))
    result = run("scan", "--resume", file, "--dry-run")
    assert result.exit_code == 1
    assert leaks({"stderr": result.stderr.encode()}) == []


def test_a_case_is_named_after_its_bytes_and_labelled_only_when_asked(tmp_path: Path) -> None:
    files = resume_files(tmp_path / "cvs")
    plain = run("scan", "--resume", files[0], "--dry-run").stdout
    assert plain.splitlines()[2].startswith("case: resume-")
    assert "label" not in plain
    labelled = run("scan", "--resume", files[0], "--label", "req 881", "--dry-run").stdout
    assert "label: req 881\n" in labelled
    two = run("scan", "--resume", tmp_path / "cvs", "--label", "req 881", "--dry-run")
    assert two.exit_code == 2
    assert "--label names one case" in two.stderr


# ------------------------------------------------------------------------------------------------- review


def test_the_dry_run_is_a_case_file_that_scans_the_same(tmp_path: Path, world: Path) -> None:
    # given a résumé; when its dry run is saved and scanned as a case; then it is the same case, and nothing was asked
    files = resume_files(tmp_path / "cvs")
    dry = run("scan", "--resume", files[0], "--dry-run", "--world", world)
    assert dry.exit_code == 0
    assert "nothing has been asked yet" in dry.stderr
    assert not Path("findings.db").exists()
    Path("case.yaml").write_text(dry.stdout, "utf-8")
    claims = yaml.safe_load(dry.stdout)["claims"]
    assert {claim.get("url") for claim in claims} >= {
        "https://acmesoft.example/",
        "https://bluerivers.example/",
    }
    by_case = json.loads(run("scan", "--case", "case.yaml", "--dry-run", "--json").stdout)
    by_resume = json.loads(run("scan", "--resume", files[0], "--dry-run", "--json").stdout)
    assert by_case == by_resume


def test_a_folder_becomes_one_file_of_several_cases(tmp_path: Path) -> None:
    files = resume_files(tmp_path / "cvs")
    dry = run("scan", "--resume", tmp_path / "cvs", "--dry-run")
    Path("cases.yaml").write_text(dry.stdout, "utf-8")
    again = json.loads(run("scan", "--case", "cases.yaml", "--dry-run", "--json").stdout)
    assert len(again) == len(files)


# ---------------------------------------------------------------------------------------------- hostile


def test_one_broken_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    # given a folder with files that are locked, torn, huge, bombs, old, unknown; when read; then each is one line
    folder = tmp_path / "cvs"
    folder.mkdir()
    (folder / "good.txt").write_text("\n".join(LINES), "utf-8")
    (folder / "same.txt").write_text("\n".join(LINES), "utf-8")
    (folder / "locked.pdf").write_bytes((HERE / "locked.pdf").read_bytes())
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    (folder / "bomb.docx").write_bytes(making.zip_bomb())
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0old")
    (folder / "photo.jpg").write_bytes(PHOTO)
    (folder / ".hidden.txt").write_text("x", "utf-8")
    (folder / "notes.xyz").write_text("x", "utf-8")
    with (folder / "huge.pdf").open("wb") as huge:
        huge.truncate(100_000_000)
    result = run("scan", "--resume", folder, "--dry-run")
    lines = result.stderr.splitlines()
    assert result.exit_code == 0
    assert result.stdout.count("case: resume-") == 1
    for name, words in {
        "locked.pdf": "password", "torn.pdf": "damaged", "bomb.docx": "unpacks to over", "old.doc": "old Word",
        "photo.jpg": "a picture", "huge.pdf": "over 20 MB", "same.txt": "the same file as good.txt",
    }.items():  # fmt: skip
        (line,) = [line for line in lines if line.startswith(f"{name}: ")]
        assert words in line
    assert not any("hidden" in line or "notes.xyz" in line for line in lines)


def test_a_document_that_unpacks_without_end_is_stopped_by_the_workers_limits(tmp_path: Path) -> None:
    # given a page of 400 MB of drawing commands in 0.4 MB; when read; then a line says so, in bounded time
    file = tmp_path / "bomb.pdf"
    file.write_bytes(making.pdf_bomb(400))
    result = run("scan", "--resume", file, "--dry-run")
    assert result.exit_code == 1
    assert len([line for line in result.stderr.splitlines() if line.startswith("bomb.pdf: ")]) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "cvs"
    folder.mkdir()
    os.mkfifo(folder / "a.pdf")
    (folder / "good.txt").write_text("\n".join(LINES), "utf-8")
    assert run("scan", "--resume", folder, "--dry-run").exit_code == 0


# ------------------------------------------------------------------------------------- text recognition


def scan_of(name: str, to: Path) -> Path:
    """A page of a document as a scanner makes it: a picture in a PDF."""
    with pypdfium2.PdfDocument(HERE / name) as document:
        page = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    page.save(to, "PDF", resolution=200)
    return to


@pytest.mark.skipif(not recognition.program(), reason="Tesseract is not installed here")
def test_a_scan_is_recognised_where_tesseract_is_installed(tmp_path: Path) -> None:
    # given a scanned résumé; when read; then its posts are there, each marked, and no file of it is left
    dry = run(
        "scan", "--resume", scan_of("es-fermin-stacked-long-chromium.pdf", tmp_path / "cv.pdf"), "--dry-run"
    )
    assert dry.exit_code == 0, dry.stderr
    claims = yaml.safe_load(dry.stdout)["claims"]
    assert dry.stdout.count("recognised in a picture: compare each letter") == len(claims)
    assert sum(bool(claim.get("starts")) for claim in claims) >= 2
    assert "letters may be wrong, check every claim" in dry.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "cv.pdf"]


@pytest.mark.parametrize(
    ("installed", "words"),
    [
        (None, "no text recognition is built in: install Tesseract"),
        ("exit 3", "Tesseract failed with exit status 3; its pictures were not read"),
        ("echo 'List of languages (1):'; echo osd", "Tesseract has no language installed"),
        ("sleep 9", "Tesseract took over 0.2 s"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the program")
def test_a_scan_that_is_not_recognised_says_so(
    installed: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a machine without Tesseract, or with one that fails; when a scan is read; then one line says why
    (tmp_path / "bin").mkdir()
    if installed is not None:
        program = tmp_path / "bin" / "tesseract"
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{installed}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(recognition, "SECONDS", 0.2 if installed == "sleep 9" else 20.0)
    file = tmp_path / "cv.pdf"
    file.write_bytes(making.picture_pdf())
    result = run("scan", "--resume", file, "--dry-run")
    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if line.startswith("cv.pdf: ") and words in line]


# ------------------------------------------------------------------------------------------------ batch


@pytest.mark.parametrize("given", ["resumes", "csv"])
def test_a_batch_asks_each_site_once_and_ends_with_what_needs_a_person(
    given: str, tmp_path: Path, world: Path
) -> None:
    # given two candidates who name the same firms, as résumés or in one list; when scanned in one run
    folder = tmp_path / "cvs"
    folder.mkdir()
    if given == "resumes":
        (folder / "one.txt").write_text("\n".join(LINES), "utf-8")
        (folder / "two.txt").write_text("\n".join([*LINES, "more"]), "utf-8")
        result = run("scan", "--resume", folder, "--world", world, "--db", "f.db")
    else:
        rows = [f"{case},employer,https://{site},2015" for case in ("a", "b") for site in SITES]
        (folder / "list.csv").write_text("\n".join(["case,role,url,starts", *rows]), "utf-8")
        result = run("scan", "--case", folder / "list.csv", "--world", world, "--db", "f.db")
    assert result.exit_code == 0, result.stderr
    assert "All cases" in result.stdout
    # then every page was fetched once: both scans hold the very same answer, each in its own evidence file
    with sqlite3.connect("f.db") as connection:
        rows = connection.execute(
            "select t.domain, e.uri, count(distinct e.fetched_at || e.digest), count(distinct e.warc_file), count(*) "
            "from evidence e join attempts a on a.id = e.attempt_id join targets t on t.id = a.target_id "
            "where a.source = 'website' group by 1, 2"
        ).fetchall()
    assert {row[0] for row in rows} == set(SITES)
    assert all(answers == 1 and files == 2 and count == 2 for _, _, answers, files, count in rows), rows
