"""Wayback index answers in, observations out; a capture as the site's own answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scanner.model import About, Bound, Evidence, Observed, Status
from scanner.observe import observe
from scanner.observe.archive import as_page
from scanner.observe.http_message import split

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
ABOUT = About("acme.example", as_of=WHEN)
HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
WHOLE = "https://web.archive.org/cdx/search/cdx?url=acme.example&matchType=domain&output=json"
HOME = "https://web.archive.org/cdx/search/cdx?url=acme.example&output=json"


def row(
    stamp: str,
    digest: str = "A" * 32,
    url: str = "http://acme.example/",
    status: str = "200",
    kind: str = "text/html",
) -> list[str]:
    return ["example,acme)/", stamp, url, kind, status, digest, "1234"]


def read(body: Any, status: int = 200, uri: str = WHOLE, about: About = ABOUT) -> Observed:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    block = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n\r\n".encode() + payload
    return observe("archive", Evidence(uri, "application/http;msgtype=response", WHEN, block), about)


def captures(observed: Observed) -> list[tuple[str, str]]:
    return [(str(each.starts), each.value) for each in observed.observations if each.name == "capture"]


def test_first_and_last_capture_are_bounds_whatever_the_order() -> None:
    observed = read(
        [HEADER, row("20240203000000", "B" * 32), row("20220801120000", url="https://www.acme.example/team")]
    )
    first, last, count = observed.observations[:3]
    assert (first.name, first.value, first.bound) == (
        "first_capture",
        "https://www.acme.example/team",
        Bound.NOT_AFTER,
    )
    assert str(first.starts) == "2022-08-01T12:00:00Z"
    assert (last.name, str(last.starts), last.bound) == ("last_capture", "2024-02-03T00:00:00Z", Bound.AT)
    assert (count.name, count.value) == ("captures", "2")


def test_a_capture_row_for_each_change_and_each_year() -> None:
    # given a page that stays the same from 2019 to 2021 and then changes twice within a year
    stamps = ["20190101000000", "20190601000000", "20200101000000", "20210101000000"]
    rows = [row(stamp) for stamp in stamps]
    rows += [
        row("20210301000000", "B" * 32),
        row("20210401000000", "B" * 32),
        row("20210501000000", "C" * 32),
    ]
    # then the second sight of the same bytes in one year is left out, the years are not
    found = captures(read([HEADER, *rows]))
    assert [at[:7] for at, _ in found] == ["2019-01", "2020-01", "2021-01", "2021-03", "2021-05"]
    assert found[0][1] == f"200 text/html {'A' * 32} http://acme.example/"


def test_a_revisit_carries_what_it_repeats() -> None:
    rows = [row("20190101000000"), row("20200101000000", status="-", kind="warc/revisit")]
    assert [value[:13] for _, value in captures(read([HEADER, *rows]))] == ["200 text/html", "200 text/html"]


def test_over_the_limit_years_stay() -> None:
    rows = [
        row(f"{year}{month:02}01000000", f"{year}{month}")
        for year in range(2000, 2024)
        for month in range(1, 13)
    ]
    found = captures(read([HEADER, *rows]))
    assert len(found) == 100
    assert {at[:4] for at, _ in found} == {str(year) for year in range(2000, 2024)}
    assert found[0][0].startswith("2000-01")


def test_other_column_orders_are_read_by_name() -> None:
    observed = read([["original", "timestamp"], ["http://acme.example/", "20220801120000"]])
    assert captures(observed) == [("2022-08-01T12:00:00Z", "- - - http://acme.example/")]


def test_no_captures_of_the_whole_site_is_absent_of_the_home_page_is_open() -> None:
    assert read([]).status is Status.ABSENT
    assert read([HEADER]).status is Status.ABSENT
    assert read(b"").status is Status.ABSENT
    home = read([], uri=HOME)
    assert (home.status, home.observations) == (None, ())


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, b"<html>Too Many Requests</html>", Status.THROTTLED),
        (503, b"<html>", Status.THROTTLED),
        (504, b"<html>", Status.UNREACHABLE),
        (403, b"org.archive.util.io.RuntimeIOException: Blocked Site Error", Status.REFUSED),
        (451, b"", Status.REFUSED),
        (404, b"", Status.UNPARSED),
        (200, b"<html>", Status.UNPARSED),
        (200, b"{}", Status.UNPARSED),
        (200, b'[["a"],["b"]]', Status.UNPARSED),
        (200, b"[1,2]", Status.UNPARSED),
        (200, b"[" * 100_000, Status.UNPARSED),
    ],
)
def test_what_is_no_index_is_typed_and_says_nothing(status: int, body: bytes, expected: Status) -> None:
    observed = read(body, status)
    assert (observed.status, observed.observations) == (expected, ())
    assert observed.reason


def test_broken_rows_and_rows_of_other_sites_are_left_out() -> None:
    odd: list[Any] = [
        ["short"],
        7,
        row("20190230000000"),
        row("2019"),
        row("20180101000000", url="http://notacme.example/"),
        row("20180101000000", url="http://[broken"),
    ]
    observed = read([HEADER, *odd, row("20220801120000")])
    assert [each.value for each in observed.observations if each.name == "captures"] == ["1"]


def test_only_foreign_rows_are_not_an_absence() -> None:
    assert read([HEADER, row("20180101000000", url="http://other.example/")]).status is Status.UNPARSED


# ------------------------------------------------------------------------------------------- replays

REPLAY = "https://web.archive.org/web/20220801120000id_/http://acme.example/?a=1"


def replay(uri: str = REPLAY, head: str = "", body: bytes = b"<html>Hello</html>") -> Evidence:
    block = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body
    return Evidence(
        uri, "application/http;msgtype=response", WHEN, block, b"GET / HTTP/1.1\r\n\r\n", "207.241.237.3"
    )


def test_a_capture_becomes_the_sites_own_answer() -> None:
    fields = (
        "Server: nginx",
        "Memento-Datetime: Mon, 01 Aug 2022 12:00:00 GMT",
        "Content-Type: text/html",
        "x-archive-orig-server: Apache",
        "x-archive-orig-content-encoding: gzip",
        "x-archive-orig-content-length: 9",
    )
    page = as_page(replay(head="\r\n".join(fields)))
    assert page is not None
    assert page.uri == "http://acme.example/?a=1"
    assert page.fetched_at == datetime(2022, 8, 1, 12, tzinfo=UTC)
    status, headers, body = split(page.block)
    assert (status, body) == (200, b"<html>Hello</html>")
    assert headers == [("server", "Apache"), ("content-type", "text/html")]


@pytest.mark.parametrize(
    "evidence",
    [
        replay(head="Content-Type: text/html"),  # the archive's own page: no memento
        replay(uri="https://web.archive.org/cdx/search/cdx?url=x", head="Memento-Datetime: x"),
        replay(
            uri="https://web.archive.org/web/20221301000000id_/http://acme.example/",
            head="Memento-Datetime: x",
        ),
    ],
)
def test_what_is_no_capture_is_no_page(evidence: Evidence) -> None:
    assert as_page(evidence) is None


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://wayside.example/new", True),
        ("https://www.acme.example/", False),  # the same site
        ("/here", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_captured_redirect_tells_where_the_name_led(location: str, told: bool) -> None:
    head = f"Memento-Datetime: x\r\nLocation: /web/x\r\nx-archive-orig-location: {location}"
    evidence = replay(head=head)
    moved = replace(evidence, block=evidence.block.replace(b"200 OK", b"301 Moved"))
    rows = [each for each in observe("archive", moved, ABOUT).observations if each.name == "redirected"]
    assert [row.value for row in rows] == (["http://acme.example/?a=1 -> " + location] if told else [])
