"""The library and compare on the command line: what goes in, what comes out, and what is said of broken files."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scanner.cli import group
from scanner.copies import opened

WORLD = Path(__file__).parent / "worlds" / "copies"
LIBRARY = Path("findings.library.db")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in an empty folder, where `findings.db` and its library would be made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FALSEFRONT_NETWORK", raising=False)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def said(result: Result) -> list[str]:
    return result.stderr.splitlines()


def document(result: Result) -> Any:
    return json.loads(result.stdout)


def warc(path: Path, *pages: tuple[str, str, str], gzip: bool = True) -> Path:
    """A WARC with a response for each (address, date, HTML)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzip)
        for url, date, html in pages:
            head = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                url,
                "response",
                io.BytesIO(html.encode()),
                http_headers=head,
                warc_headers_dict={"WARC-Date": date},
            )
            writer.write_record(record)
    return path


def original(name: str = "index") -> str:
    return (WORLD / "sites" / "bracken" / f"{name}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A library file that was written over behind its header."""
    path = tmp_path_factory.mktemp("library") / "library.db"
    opened(path).close()
    data = path.read_bytes()
    return data[:200] + b"\xa5" * (len(data) - 200)


# ---------------------------------------------------------------------------------------------------- crawl


def test_a_list_is_crawled_once_and_goes_on_where_it_stopped() -> None:
    # given a list with a remark, an address, a doublet, two bad lines and a name nobody has
    Path("list.txt").write_text(
        "# yards\nbrackenholt.example # the first\nhttps://www.quillvex.example/about\nbrackenholt.example\n"
        "no domain here\n..\x1b[2J\nnobody.example\n"
    )
    crawled = run("library", "crawl", "list.txt", "--world", WORLD)
    assert crawled.exit_code == 0
    assert "list.txt:5: no domain here is no domain; left out" in said(crawled)
    assert any(line.startswith("list.txt:6: ") for line in said(crawled))
    assert "\x1b" not in crawled.stderr
    assert "3 of 3 sites to crawl: a minute or two and less than 1 MB" in said(crawled)
    assert any(line.startswith("nobody.example: absent") for line in said(crawled))
    assert crawled.stdout == "2 sites with 6 texts are now in the library\n"
    # when it is asked for again, only what is missing is left
    again = run("library", "crawl", "list.txt", "--world", WORLD, "--dry-run")
    assert "1 of 3 sites to crawl: a minute or two and less than 1 MB" in said(again)
    assert again.stdout == ""


def test_a_dry_run_makes_nothing() -> None:
    Path("list.txt").write_text("brackenholt.example\n")
    result = run("library", "crawl", "list.txt", "--dry-run")
    assert result.exit_code == 0
    assert said(result)[-1].startswith("1 of 1 sites to crawl")
    assert [path.name for path in Path().iterdir()] == ["list.txt"]


# ------------------------------------------------------------------------------------------------------ add


def test_a_warc_is_dated_by_its_records_and_searched() -> None:
    # given the original's page from 2015 and the copy's from 2023, one of them uncompressed
    copy = (WORLD / "sites" / "quill" / "index.html").read_text("utf-8")
    old = warc(Path("old.warc.gz"), ("https://brackenholt.example/", "2015-03-01T00:00:00Z", original()))
    new = warc(Path("new.warc"), ("https://quillvex.example/", "2023-03-01T00:00:00Z", copy), gzip=False)
    added = run("library", "add", old, new)
    assert added.exit_code == 0
    assert added.stdout == "old.warc.gz: 1 texts\nnew.warc: 1 texts\n"
    (found,) = document(run("library", "search", "www.quillvex.example", "--json"))
    assert (found["domain"], found["kind"], found["theirs"]) == (
        "brackenholt.example", "strong", "https://brackenholt.example/")  # fmt: skip
    assert found["first_seen"].startswith("2015-03-01")
    told = run("library", "search", "https://quillvex.example/about")
    assert "brackenholt.example: strong" in told.stdout
    stats = document(run("library", "stats", "--json"))
    assert (stats["texts"], stats["domains"], stats["earliest"][:10]) == (2, 2, "2015-03-01")
    assert "2 texts of 2 sites (warc 2)" in run("library", "stats").stdout


def test_of_a_warc_that_breaks_off_what_came_before_is_kept() -> None:
    pages = [(f"https://firm{n}.example/", "2015-03-01T00:00:00Z", original()) for n in range(3)]
    whole = warc(Path("whole.warc.gz"), *pages).read_bytes()
    Path("cut.warc.gz").write_bytes(whole[: len(whole) - 200])
    result = run("library", "add", "cut.warc.gz")
    assert result.exit_code == 0
    (line,) = said(result)
    assert line.startswith("falsefront: cut.warc.gz: breaks off")
    assert document(run("library", "stats", "--json"))["domains"] >= 2


@pytest.mark.parametrize(
    "content", [b"", b"not a warc\n", b"\x1f\x8b\x08\x00broken", b"<html>" * 100, bytes(4096)],
    ids=["empty", "text", "broken gzip", "page", "zeros"],
)  # fmt: skip
def test_what_is_no_warc_is_one_line(content: bytes) -> None:
    Path("odd.warc.gz").write_bytes(content)
    result = run("library", "add", "odd.warc.gz")
    assert result.exit_code == 1
    (line,) = said(result)
    assert line.startswith("falsefront: odd.warc.gz: no WARC file")
    assert result.stdout == ""


def test_a_file_that_is_no_warc_loses_nothing_of_the_others() -> None:
    good = warc(Path("good.warc.gz"), ("https://brackenholt.example/", "2015-03-01T00:00:00Z", original()))
    Path("odd.warc.gz").write_bytes(b"not a warc\n")
    result = run("library", "add", "odd.warc.gz", good)
    assert result.exit_code == 1
    assert said(result) == [
        "falsefront: odd.warc.gz: no WARC file (Unknown archive format, first line: ['not', 'a', 'warc'])"
    ]
    assert result.stdout == "good.warc.gz: 1 texts\n"


def test_a_page_of_one_line_of_five_megabytes_is_bounded_and_the_next_page_is_read() -> None:
    words = "timber crane river ledger " * 200_000
    assert len(words) > 5_000_000
    pages = [
        (
            "https://long.example/",
            "2015-03-01T00:00:00Z",
            f"<html><body><main><p>{words}</p></main></body></html>",
        ),
        ("https://brackenholt.example/", "2015-03-01T00:00:00Z", original()),
    ]
    result = run("library", "add", warc(Path("long.warc.gz"), *pages))
    assert result.exit_code == 0, result.stderr
    assert run("library", "search", "brackenholt.example").exit_code == 0
    assert LIBRARY.stat().st_size < 3_000_000


# ------------------------------------------------------------------------------------------------- not there


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["library", "search", "acme.example"], "findings.library.db: no library here yet"),
        (["library", "stats"], "findings.library.db: there is no library yet"),
        (["compare", "acme.example", "https://www.acme.example/about"], "two different sites"),
    ],
)
def test_what_is_not_there_is_one_line(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    (line,) = said(result)
    assert line.startswith("falsefront: ")
    assert words in line
    assert list(Path().iterdir()) == []


def test_a_site_the_library_does_not_know_is_said() -> None:
    run("library", "add", warc(Path("a.warc.gz"), ("https://a.example/", "2015-03-01T00:00:00Z", original())))
    result = run("library", "search", "b.example")
    assert result.exit_code == 1
    assert "b.example is not in the library" in result.stderr
    assert "no other site in the library" in run("library", "search", "a.example").stdout


STATS, SEARCH, SCAN = ["library", "stats"], ["library", "search", "a.example"], ["scan", "a.example"]
ADD, CRAWL = ["library", "add", "a.warc.gz"], ["library", "crawl", "list.txt", "--dry-run"]


@pytest.mark.parametrize(
    ("command", "how"),
    [
        *(
            (command, how)
            for command in (STATS, SEARCH, CRAWL)
            for how in ("text", "another program", "overwritten")
        ),
        (ADD, "text"),
    ],
)
def test_a_damaged_library_is_one_line_and_stays_as_it_is(
    damaged: bytes, command: list[str], how: str
) -> None:
    Path("list.txt").write_text("a.example\n")
    warc(Path("a.warc.gz"), ("https://a.example/", "2015-03-01T00:00:00Z", original()))
    if how == "text":
        LIBRARY.write_text("my notes\n" * 50)
    elif how == "another program":
        with sqlite3.connect(LIBRARY) as db:
            db.execute("create table notes(text)")
            db.execute("pragma application_id = 77")
        db.close()
    else:
        LIBRARY.write_bytes(damaged)
    before = LIBRARY.read_bytes()
    result = run(*command, *(["--world", str(WORLD)] if command[0] == "scan" else []))
    assert result.exit_code == 1
    (line,) = said(result)
    assert line.startswith("falsefront: ")
    assert "findings.library.db: " in line
    assert LIBRARY.read_bytes() == before


def test_a_library_that_lost_its_own_notes_is_damaged_and_not_of_an_older_version(tmp_path: Path) -> None:
    # given a library in which the first tables are overwritten, so that nothing says of which version it is
    warc(Path("a.warc.gz"), ("https://a.example/", "2015-03-01T00:00:00Z", original()))
    assert run("library", "add", "a.warc.gz").exit_code == 0
    whole = LIBRARY.read_bytes()
    LIBRARY.write_bytes(whole[:20_000] + b"\xa5" * 40_000 + whole[60_000:])
    before = LIBRARY.read_bytes()
    # then that is all that is said of it
    (line,) = said(run("library", "stats"))
    assert "the library is damaged" in line
    assert LIBRARY.read_bytes() == before


@pytest.mark.parametrize("how", ["text", "another program", "overwritten", "pages"])
def test_a_scan_goes_on_without_a_library_that_cannot_be_used(damaged: bytes, how: str) -> None:
    # given a library file that is none, somebody else's, broken, or broken where only a search comes
    if how == "pages":
        crawled = Path("list.txt")
        crawled.write_text("brackenholt.example\n")
        run("library", "crawl", crawled, "--world", WORLD)
        with sqlite3.connect(LIBRARY) as db:
            db.execute("update pages set data = x'05ffeeddccbbaa99'")
        db.close()
    elif how == "another program":
        with sqlite3.connect(LIBRARY) as db:
            db.execute("create table notes(text)")
            db.execute("pragma application_id = 77")
        db.close()
    else:
        LIBRARY.write_bytes(damaged if how == "overwritten" else b"my notes\n" * 50)
    before = LIBRARY.read_bytes()
    # when front and original are scanned together
    urls = ("https://quillvex.example", "https://brackenholt.example")
    result = run("scan", *urls, "--world", WORLD, "--json")
    # then the scan ends with a verdict, and what is missing is said
    assert result.exit_code == 0, result.stderr
    found = document(result)
    assert found["status"] == "partial"
    lost = [row for row in found["not_seen"] if row["source"] == "library"]
    assert {row["domain"] for row in lost} == {"quillvex.example", "brackenholt.example"}
    assert all("findings.library.db: " in row["reason"] for row in lost)
    if how != "pages":
        assert LIBRARY.read_bytes() == before
        # the two of the case were compared with each other all the same
        assert [pair["domain"] for pair in found["targets"][0]["shared"]] == ["brackenholt.example"]
        # and once the file is gone, the same command goes on, and nothing is missing
        LIBRARY.unlink()
        again = document(run("scan", *urls, "--world", WORLD, "--json"))
        assert [row for row in again["not_seen"] if row["source"] == "library"] == []


# -------------------------------------------------------------------------------------------------- compare


def test_compare_shows_both_sides_with_their_dates() -> None:
    result = run("compare", "brackenholt.example", "quillvex.example", "--world", WORLD, "--json")
    assert result.exit_code == 0, result.stderr
    found = document(result)
    assert found["sites"] == ["brackenholt.example", "quillvex.example"]
    rows = {row["check_id"]: row for row in found["findings"]}
    assert set(rows) == {"copy.later-copy", "copy.earlier-original"}
    copy = rows["copy.later-copy"]
    assert "quillvex.example" in copy["statement"]
    assert "brackenholt.example" in copy["observed"]
    assert "(archived 2011-05-01)" in copy["observed"]
    assert "(archived 2022-08-01)" in copy["claimed"]


def test_compare_in_words_names_the_passage_and_says_so_when_there_is_none() -> None:
    told = run("compare", "brackenholt.example", "quillvex.example", "--world", WORLD)
    assert told.exit_code == 0
    assert "brackenholt.example had it first" in " ".join(told.stdout.split())
    assert "the same text on both (168 words; the longest passages)" in told.stdout
    none = run("compare", "meriwell.example", "nobody.example", "--world", WORLD)
    assert none.exit_code == 0
    assert "No shared passages or pictures of meriwell.example and nobody.example were found." in " ".join(
        none.stdout.split()
    )


def test_compare_says_of_which_two_sites_it_speaks() -> None:
    # Given two sites that share nothing, one of which shares text with a third that was seen before
    run("compare", "brackenholt.example", "quillvex.example", "--world", WORLD)
    found = document(run("compare", "quillvex.example", "meriwell.example", "--world", WORLD, "--json"))
    # Then what it shares with the third stands apart
    assert (found["findings"], found["shared"], found["unread"]) == ([], [], [])
    assert {row["check_id"] for row in found["beside"]} == {"copy.later-copy"}
    told = " ".join(run("compare", "quillvex.example", "meriwell.example", "--world", WORLD).stdout.split())
    none = "No shared passages or pictures of quillvex.example and meriwell.example were found."
    assert told.index(none) < told.index("Beside what the two share") < told.index("brackenholt.example")


def test_compare_says_when_one_of_the_two_could_not_be_read() -> None:
    told = " ".join(run("compare", "meriwell.example", "nobody.example", "--world", WORLD).stdout.split())
    assert told.startswith("nobody.example could not be read, or not in full (absent: nxdomain")
    found = document(run("compare", "meriwell.example", "nobody.example", "--world", WORLD, "--json"))
    assert [(row["domain"], row["status"]) for row in found["unread"]] == [("nobody.example", "absent")]


def test_compare_sets_aside_what_two_sisters_explain() -> None:
    # Given sisters that name each other
    sisters = ("hollowell-marine.example", "hollowell-rail.example")
    told = " ".join(run("compare", *sisters, "--world", WORLD).stdout.split())
    # Then the younger's text is not told as a copy, but as set aside, with the check that says why
    assert "!!" not in told
    assert "set aside 153 words of hollowell-rail.example stand on hollowell-marine.example too" in told
    assert "(copy.related-sites)" in told


def test_what_add_and_crawl_did_is_one_json_document() -> None:
    good = warc(Path("good.warc.gz"), ("https://a.example/", "2015-03-01T00:00:00Z", original()))
    Path("bad.warc.gz").write_text("a letter")
    Path("list.txt").write_text("nobody-there.example\n")
    # when a file that can be read and one that can't are added
    added = run("library", "add", "bad.warc.gz", good, "--json")
    # then both are in the document, and the exit status says that one failed
    bad, well = document(added)
    assert (added.exit_code, bad["file"], bad["texts"]) == (1, "bad.warc.gz", None)
    assert bad["problem"]
    assert (well["file"], well["texts"], well["problem"]) == ("good.warc.gz", 1, "")
    crawled = document(run("library", "crawl", "list.txt", "--world", WORLD, "--json"))
    assert (crawled["listed"], crawled["to_crawl"]) == (1, 1)
    assert [(one["domain"], one["texts"]) for one in crawled["crawled"]] == [("nobody-there.example", 0)]
    dry = document(run("library", "crawl", "list.txt", "--world", WORLD, "--json", "--dry-run"))
    assert dry == {"listed": 1, "to_crawl": 1, "crawled": []}
