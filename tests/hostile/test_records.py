"""Evidence files: whatever an answer's address or head holds, a record ends where we end it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scanner.model import Evidence, Status
from scanner.observe import observe
from scanner.observe.http_message import split
from scanner.store.evidence import WarcWriter, read
from tests.hostile.hostile_page import ABOUT, DOMAIN, answer, html_page

NOW = datetime(2024, 6, 1, tzinfo=UTC)
BREAKS = ("\r\n", "\n", "\r", "\0", "\x85", "\u2028", "\r\n\r\n", "\n\n")
FORGED = "WARC-Type: response"


def written(path: Path, *pieces: Evidence) -> list[Evidence]:
    """The pieces as they are read back by us."""
    writer = WarcWriter(path, software="falsefront/test", started_at=NOW)
    places = [writer.append(piece) for piece in pieces]
    writer.close()
    return [read(path, place, request=True) for place in places]


def records(path: Path) -> list[tuple[str, str]]:
    """Type and block of every record as another tool reads them."""
    with path.open("rb") as file:
        return [
            (record.rec_type, record.raw_stream.read().decode("latin-1"))
            for record in ArchiveIterator(file, no_record_parse=True)
        ]


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize("field", ["uri", "media_type", "address", "truncated"])
def test_no_field_of_a_record_can_begin_another(tmp_path: Path, field: str, broken: str) -> None:
    # Given evidence one field of which holds line breaks and a header of its own
    plain = Evidence("https://a.example/", "text/plain", NOW, b"block", address="93.184.216.34")
    hostile = replace(plain, **{field: f"x{broken}{FORGED}{broken}{broken}forged"})
    # When it is written between two others and read by another tool
    written(tmp_path / "x.warc.gz", plain, hostile, plain)
    # Then there are three records and the warcinfo, each with its own block
    found = records(tmp_path / "x.warc.gz")
    assert [kind for kind, _ in found] == ["warcinfo", "resource", "resource", "resource"]
    assert [block for _, block in found[1:]] == ["block"] * 3


@pytest.mark.parametrize(
    "block",
    [
        b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        b"",
        b"\x1f\x8b" * 100,
        b"WARC/1.1\r\n\r\n",
    ],
)
def test_a_block_that_looks_like_records_is_one_block(tmp_path: Path, block: bytes) -> None:
    piece = Evidence(f"https://{DOMAIN}/", "application/http;msgtype=response", NOW, block)
    (back,) = written(tmp_path / "x.warc.gz", piece)
    assert (back.block, back.digest) == (block, piece.digest)
    assert len(records(tmp_path / "x.warc.gz")) == 2


def test_a_capture_that_led_to_somebody_else_says_nothing_of_this_site() -> None:
    # Given a replayed capture, to which the archive came by an old redirect to another site
    def held(url: str) -> list[tuple[str, str]]:
        evidence = answer(
            html_page(),
            uri=f"https://web.archive.org/web/20160301000000id_/{url}",
            head="memento-datetime: x\r\n",
        )
        rows = observe("archive", evidence, ABOUT).observations
        return [(row.kind, row.value) for row in rows if row.kind in ("archive", "archived")]

    # When it is read, then only this site's own page counts for the claimed years
    assert ("archive", f"content http://{DOMAIN}/") in held(f"http://{DOMAIN}/")
    assert held("http://somebody-else.example/") == []


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip" + b", gzip" * 50,
        b"HTTP/1.1 200 OK\r\n" + b"Content-Encoding: br\r\n" * 9,
        b"HTTP/1.1 \xb2\xb2\xb2 OK",
        b"HTTP/1.1 200",
        b"HTTP/1.1",
        b"\r\n",
    ],
)
def test_a_head_of_any_kind_is_split_without_a_crash(head: bytes) -> None:
    status, _, body = split(head + b"\r\n\r\nbody")
    assert status in (0, 200)
    assert len(body) <= len(head) + 8


def test_an_answer_that_is_no_http_is_unparsed_or_nothing() -> None:
    for source in ("rdap", "ct", "archive"):
        observed = observe(source, replace(answer(b""), block=b"\xff\xfe" * 99), ABOUT)
        assert observed.status in (Status.UNPARSED, Status.UNREACHABLE)
        assert observed.observations == ()
    assert (
        observe("website", replace(answer(b""), block=io.BytesIO(b"x").getvalue()), ABOUT).observations == ()
    )
