"""Filling the library from WARC files: what of them is a dated text, and what is left out."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scanner.copies import Shelf, is_legal, opened
from scanner.library import Library
from scanner.observe import PRELOAD
from scanner.originals import WarcError, _BrokenOffError, _records, add_warc
from scanner.parse import ParsePool

TEXT = " ".join(
    f"The {word} of the yard is counted twice before noon." for word in ("oak", "elm", "ash", "fir", "yew")
)
DATE = "2015-03-01T00:00:00Z"
ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ParsePool]:
    async with ParsePool(1, preload=PRELOAD) as started:
        yield started


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library.db") as library:
        yield library


class Warc:
    """A WARC file in the making."""

    def __init__(self, gzip: bool = True):
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=gzip)

    def response(
        self, url: str, date: str = DATE, body: str = TEXT, status: str = "200 OK", **headers: str
    ) -> None:
        fields = [
            ("Content-Type", "text/html"),
            *((name.replace("_", "-"), value) for name, value in headers.items()),
        ]
        head = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        html = f"<html><head><title>Yard</title></head><body><main><p>{body}</p></main></body></html>"
        self._record(url, "response", html.encode(), date, http_headers=head)

    def other(self, url: str, kind: str) -> None:
        self._record(url, kind, b"via: nobody\r\n", DATE, warc_content_type="text/plain")

    def _record(self, url: str, kind: str, body: bytes, date: str, **more: object) -> None:
        record = self.writer.create_warc_record(
            url, kind, io.BytesIO(body), warc_headers_dict={"WARC-Date": date}, **more
        )
        self.writer.write_record(record)

    def written(self, path: Path, cut: int = 0) -> Path:
        data = self.file.getvalue()
        path.write_bytes(data[: len(data) - cut])
        return path


async def added(warc: Warc, path: Path, library: Library, pool: ParsePool, cut: int = 0) -> tuple[int, str]:
    return await add_warc(warc.written(path / "in.warc.gz", cut), Shelf(library), pool)


@ONE_LOOP
async def test_responses_are_texts_and_nothing_else_is(
    tmp_path: Path, library: Library, pool: ParsePool
) -> None:
    warc = Warc()
    warc.other("https://a.example/", "metadata")
    warc.response("https://a.example/")
    warc.response("https://b.example/gone", status="404 Not Found")
    warc.response("https://c.example/privacy-policy")
    warc.response("https://d.example/", date="yesterday")
    warc.response("dns:e.example")
    warc.response("https://192.0.2.7/")
    assert await added(warc, tmp_path, library, pool) == (1, "")
    (text,) = library.texts_of("a.example")
    assert (str(text.first_seen)[:10], text.seen_in, text.passages) == ("2015-03-01", "warc", (TEXT,))


@ONE_LOOP
async def test_an_archives_copy_is_the_sites_page_at_the_time_of_its_capture(
    tmp_path: Path, library: Library, pool: ParsePool
) -> None:
    warc = Warc()
    warc.response(
        "https://web.archive.org/web/20090401000000id_/http://www.a.example/",
        date="2024-01-01T00:00:00Z",
        memento_datetime="Wed, 01 Apr 2009 00:00:00 GMT",
    )
    assert await added(warc, tmp_path, library, pool) == (1, "")
    (text,) = library.texts_of("a.example")
    assert (text.url, str(text.first_seen)[:10]) == ("http://www.a.example/", "2009-04-01")
    assert not library.texts_of("archive.org")


@ONE_LOOP
async def test_the_earliest_of_two_sights_counts(tmp_path: Path, library: Library, pool: ParsePool) -> None:
    warc = Warc(gzip=False)
    for date in ("2019-01-01T00:00:00Z", "2011-01-01T00:00:00Z"):
        warc.response("https://a.example/", date)
    assert await added(warc, tmp_path, library, pool) == (2, "")
    assert [str(text.first_seen)[:10] for text in library.texts_of("a.example")] == ["2011-01-01"]


@pytest.mark.parametrize("gzip", [True, False])
@ONE_LOOP
async def test_a_file_cut_within_a_record_gives_those_before_and_says_so(
    tmp_path: Path, library: Library, pool: ParsePool, gzip: bool
) -> None:
    warc = Warc(gzip)
    for name in "ab":
        warc.response(f"https://{name}.example/")
    texts, trouble = await added(warc, tmp_path, library, pool, cut=40)
    assert texts == 1
    assert "breaks off" in trouble
    assert library.texts_of("a.example")
    assert not library.texts_of("b.example")


@ONE_LOOP
async def test_a_long_record_is_read_whole(tmp_path: Path, library: Library, pool: ParsePool) -> None:
    # given a page far longer than the reader's buffer, whose last words are its own
    warc = Warc()
    filler = "".join(
        f"<p>Row {n} of the ledger says {n * 7919 % 1009} boards of oak and {'much else, ' * 20}no more.</p>"
        for n in range(300)
    )
    warc.response("https://a.example/", body=f"{filler}</p><p>{TEXT}")
    assert (await added(warc, tmp_path, library, pool))[0] == 1
    assert library.texts_of("a.example")[0].passages[-1] == TEXT


@pytest.mark.parametrize("gzip", [True, False])
def test_a_file_cut_anywhere_within_a_record_says_so(gzip: bool) -> None:
    # given two pages and a record that holds none, cut at every place
    warc = Warc(gzip)
    ends = []
    for name in "ab":
        warc.response(f"https://{name}.example/")
        ends.append(len(warc.file.getvalue()))
    warc.other("urn:x:note", "metadata")
    whole = warc.file.getvalue()
    silent = []
    for cut in range(1, len(whole)):
        try:
            list(_records(io.BytesIO(whole[:cut])))
        except _BrokenOffError:
            continue
        silent.append(cut)
    # then only a cut that loses nothing is passed over: between two records, or within what closes one
    assert all(any(end - 16 <= cut <= end for end in (*ends, len(whole))) for cut in silent)
    assert len(silent) <= 3 * 17


@pytest.mark.parametrize("gzip", [True, False])
def test_what_was_never_written_of_a_file_is_not_gathered_into_a_line(tmp_path: Path, gzip: bool) -> None:
    # given a file that was laid out in full, of which one record was written: the rest reads as zeros
    warc = Warc(gzip)
    warc.response("https://a.example/")
    path = warc.written(tmp_path / "in.warc")
    with path.open("r+b") as file:
        file.truncate(256 << 20)
    # then the record is read, and the zeros are told after a look at the first of them
    with path.open("rb") as file:
        records = _records(file)
        assert next(records).uri == "https://a.example/"
        with pytest.raises(_BrokenOffError):
            next(records)
        assert file.tell() < 4 << 20


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1f\x8b\x08\x00", b"WARC/1.0\r\n", b"\x00" * 9000, b"{}\n", b"A letter, and no archive. " * 99],
)
@ONE_LOOP
async def test_what_holds_no_record_is_no_warc(
    tmp_path: Path, library: Library, pool: ParsePool, content: bytes
) -> None:
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(WarcError, match="odd: no WARC file") as error:
        await add_warc(tmp_path / "odd", Shelf(library), pool)
    assert len(str(error.value)) < 120 + len(str(tmp_path)) + 60
    assert "\n" not in str(error.value)


def test_shipped_common_texts_are_known_from_the_start_and_added_once(tmp_path: Path) -> None:
    with opened(tmp_path / "l.db") as library:
        known = library.background()
    assert known > 1000
    with opened(tmp_path / "l.db") as library:
        assert library.background() == known


@pytest.mark.parametrize(
    ("url", "title", "legal"),
    [
        ("https://a.example/privacy", "", True),
        ("https://a.example/en/terms-of-use.html", "", True),
        ("https://a.example/impressum/", "", True),
        ("https://a.example/page?id=3", "A firm", False),
        ("https://a.example/x", "A firm | Privacy Policy", True),
        ("https://a.example/x", "Cookie notice", True),
        ("https://a.example/", "Privacy Policy", False),
        ("https://a.example/", "Terms of endearment | A firm", False),
        ("https://a.example/services/paralegals", "", False),
        ("https://a.example/blog/conditional-access", "Why privacy matters", False),
    ],
)
def test_pages_of_legal_phrases_are_known_by_address_or_title_never_the_home_page(
    url: str, title: str, legal: bool
) -> None:
    assert is_legal(url, title) is legal


@ONE_LOOP
async def test_a_file_gzipped_in_one_piece_is_told_as_what_it_is(
    tmp_path: Path, library: Library, pool: ParsePool
) -> None:
    # given two records that were packed together, as no tool for WARC does
    warc = Warc(gzip=False)
    warc.response("https://one.example/")
    warc.response("https://two.example/")
    (tmp_path / "in.warc.gz").write_bytes(gzip.compress(warc.file.getvalue()))
    texts, trouble = await add_warc(tmp_path / "in.warc.gz", Shelf(library), pool)
    assert texts == 1
    assert "breaks off: ERROR: non-chunked gzip file detected" in trouble


def _memory_after_adding(*paths: Path) -> list[int]:
    """Peak memory in MB of a process that adds one WARC file after the other; its workers have limits of their own."""
    code = """
        import asyncio, sys
        from pathlib import Path
        from scanner.copies import Shelf, opened
        from scanner.originals import add_warc
        from scanner.parse import ParsePool
        async def main(paths):
            async with ParsePool(1) as pool:
                for path in paths:
                    with opened(path.with_suffix(".db")) as library:
                        assert await add_warc(path, Shelf(library), pool) == (2, ""), path
                    status = Path("/proc/self/status").read_text()
                    print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
        asyncio.run(main([Path(path) for path in sys.argv[1:]]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in done.stdout.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted otherwise elsewhere")
def test_a_file_of_any_size_is_read_as_a_stream(tmp_path: Path) -> None:
    # given two pages, and between them a record far larger than what is read of one: a hole in a plain file, then
    # 100 MB that gzip to little
    first, second = Warc(gzip=False), Warc(gzip=False)
    first.response("https://one.example/")
    second.response("https://two.example/", body=TEXT.replace("yard", "quay"))
    small, holed, bomb = (tmp_path / name for name in ("small.warc", "hole.warc", "bomb.warc.gz"))
    small.write_bytes(first.file.getvalue() + second.file.getvalue())

    def head(length: int) -> bytes:
        return (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://big.example/\r\n"
            f"WARC-Date: {DATE}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()

    hole = 400_000_000
    with holed.open("wb") as file:
        file.write(first.file.getvalue() + head(hole))
        file.seek(hole, 1)
        file.write(b"\r\n\r\n" + second.file.getvalue())
    large = gzip.compress(head(100_000_000) + bytes(100_000_000) + b"\r\n\r\n", 1)
    bomb.write_bytes(gzip.compress(first.file.getvalue()) + large + gzip.compress(second.file.getvalue()))
    # then both pages of each are read, and memory grows by no more than the copies of one record's limit
    least, *more = _memory_after_adding(small, holed, bomb)
    assert all(memory < least + 80 for memory in more), (least, more)
