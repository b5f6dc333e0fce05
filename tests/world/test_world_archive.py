"""The archive of a world against the formats that NOTES and the Wayback Machine's documentation describe."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from urllib.parse import quote

import pytest

CDX = "https://web.archive.org/cdx/search/cdx"
HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
WORLD = """
now: 2024-06-01
domains:
  acme.com:
    site: sites/a
    archive:
      - {at: 2010-03-04T05:06:07Z, site: sites/old}
      - {at: 2012-01-01, site: sites/old}
      - {at: 2015-06, redirect: "https://new.com/"}
      - {at: 2018-01-01, status: 404}
      - {at: 2020-01-01, url: /team, file: page.html}
      - {at: 2022-02-02, site: sites/a}
      - {at: 2030-01-01, site: sites/a}
  blog.acme.com: {site: sites/a, archive: [{at: 2016-01-01, url: /, file: page.html}]}
  gone.com: {archive: [{at: 2001-01-01, site: sites/old}]}
  none.com: {site: sites/a}
  busy.com: {archive: {fault: throttled}}
  shut.com: {archive: {fault: refused}}
  silent.com: {archive: {fault: timeout}}
"""
OLD = "<html><head><title>Old</title></head><body>old</body></html>"
FILES = {"sites/old/index.html": OLD, "sites/old/img/logo.png": b"\x89PNG", "page.html": "<p>page</p>"}


@pytest.fixture
def archive(world):
    return lambda **options: world(WORLD, files=FILES, **options)


async def rows(box, query):
    status, headers, body = await box.get(f"{CDX}?{query}&output=json")
    assert (status, headers["content-type"]) == (200, "application/json")
    return json.loads(body)


async def test_rows_are_text_under_the_seven_names(archive):
    async with archive() as box:
        found = await rows(box, "url=acme.com")
    assert found[0] == HEADER
    assert all(isinstance(value, str) for row in found for value in row)
    by_time = {row[1]: dict(zip(HEADER, row, strict=True)) for row in found[1:]}
    first = by_time["20100304050607"]
    assert first["urlkey"] == "com,acme)/"
    assert first["original"] == "http://acme.com/"
    assert (first["mimetype"], first["statuscode"]) == ("text/html", "200")
    assert first["digest"] == base64.b32encode(hashlib.sha1(OLD.encode()).digest()).decode()
    assert int(first["length"]) > 0
    # the same bytes again are a revisit; a redirect and an error have their status
    assert (by_time["20120101000000"]["mimetype"], by_time["20120101000000"]["statuscode"]) == (
        "warc/revisit",
        "-",
    )
    assert by_time["20120101000000"]["digest"] == first["digest"]
    assert by_time["20150601000000"]["statuscode"] == "301"
    assert by_time["20180101000000"]["statuscode"] == "404"
    assert sorted(by_time) == list(by_time), "in order of time"
    assert "20300101000000" not in by_time, "not captured yet"


async def test_nothing_held_is_an_empty_array(archive):
    async with archive() as box:
        for name in ("none.com", "unlisted.com", "acme.com/nothing"):
            status, _, body = await box.get(f"{CDX}?url={name}&output=json")
            assert (status, json.loads(body)) == (200, [])
            assert (await box.get(f"{CDX}?url={name}"))[2] == b""


@pytest.mark.parametrize(
    ("query", "originals"),
    [
        ("url=acme.com", {"http://acme.com/"}),
        ("url=http://www.acme.com/team/", {"http://acme.com/team", "http://acme.com/team/"}),
        ("url=acme.com/about", {"http://acme.com/about.html"}),
        ("url=acme.com/img/&matchType=prefix", {"http://acme.com/img/logo.png"}),
        ("url=acme.com/img/*", {"http://acme.com/img/logo.png"}),
        ("url=blog.acme.com&matchType=host", {"http://blog.acme.com/"}),
        ("url=gone.com&matchType=domain", {"http://gone.com/", "http://gone.com/img/logo.png"}),
    ],
)
async def test_match_types(archive, query, originals):
    async with archive() as box:
        found = await rows(box, query)
    assert {row[2] for row in found[1:]} == originals


async def test_host_and_domain_match_every_page(archive):
    async with archive() as box:
        host = {row[2] for row in (await rows(box, "url=acme.com&matchType=host"))[1:]}
        domain = {row[2] for row in (await rows(box, "url=*.acme.com"))[1:]}
    assert {"http://acme.com/", "http://acme.com/about.html", "http://acme.com/robots.txt"} <= host
    assert "http://acme.com/img/logo.png" in host
    assert host <= domain


async def test_windows_fields_filters_and_collapsing(archive):
    async with archive() as box:
        get = lambda query: rows(box, "url=acme.com&fl=timestamp&" + query)  # noqa: E731
        stamps = [row[0] for row in (await get(""))[1:]]
        assert (await get(""))[0] == ["timestamp"]
        assert stamps == [
            "20100304050607", "20120101000000", "20150601000000", "20180101000000", "20220202000000"
        ]  # fmt: skip
        for query, expected in (
            ("limit=2", stamps[:2]),
            ("limit=-1", stamps[-1:]),
            ("limit=2&offset=1", stamps[1:3]),
            ("sort=reverse", stamps[::-1]),
            ("from=2012&to=2015", stamps[1:3]),
            ("from=20150602", stamps[3:]),
            ("filter=statuscode:200", [stamps[0], stamps[4]]),
            ("filter=!statuscode:200", stamps[1:4]),
            ("filter=statuscode:[23]..", [stamps[0], stamps[2], stamps[4]]),
            ("filter=mimetype:text/html&filter=!statuscode:404", [stamps[0], stamps[2], stamps[4]]),
            ("collapse=digest", [stamps[0], *stamps[2:]]),
            ("collapse=timestamp:3", [stamps[0], stamps[4]]),
            ("collapse=urlkey", stamps[:1]),
        ):
            assert [row[0] for row in (await get(query))[1:]] == expected, query


async def test_the_plain_form_has_a_line_a_capture(archive):
    async with archive() as box:
        _, headers, body = await box.get(f"{CDX}?url=acme.com&limit=1&fl=timestamp,original")
        assert headers["content-type"].startswith("text/plain")
        assert body == b"20100304050607 http://acme.com/\n"
        for bad in (
            "url=acme.com&filter=nothing",
            "url=acme.com&fl=colour",
            "url=acme.com&matchType=odd",
            "x=1",
        ):
            assert (await box.get(f"{CDX}?{bad}"))[0] == 400


async def test_replay_gives_the_original_bytes_and_headers(archive):
    async with archive() as box:
        status, headers, body = await box.get(
            "https://web.archive.org/web/20100304050607id_/http://acme.com/"
        )
    assert (status, body) == (200, OLD.encode())
    assert headers["memento-datetime"] == "Thu, 04 Mar 2010 05:06:07 GMT"
    assert headers["x-archive-orig-content-type"] == "text/html"
    assert headers["x-archive-orig-content-length"] == str(len(OLD))
    assert 'rel="original"' in headers["link"]


async def test_without_id_the_page_carries_the_archives_script(archive):
    async with archive() as box:
        _, _, body = await box.get("https://web.archive.org/web/20100304050607/http://acme.com/")
    assert b"web-static.archive.org" in body


@pytest.mark.parametrize(
    ("asked", "given"),
    [("20110101000000id_", "20100304050607id_"), ("2014id_", "20150601000000id_"), ("19990101", "20100304050607"),
     ("2024id_", "20220202000000id_")],
)  # fmt: skip
async def test_another_time_leads_to_the_nearest(archive, asked, given):
    async with archive() as box:
        status, headers, _ = await box.get(f"https://web.archive.org/web/{asked}/http://acme.com/")
    assert (status, headers["location"]) == (302, f"https://web.archive.org/web/{given}/http://acme.com/")
    assert "memento-datetime" not in headers


async def test_replayed_redirects_errors_and_revisits(archive):
    web = "https://web.archive.org/web"
    async with archive() as box:
        status, headers, _ = await box.get(f"{web}/20150601000000id_/http://acme.com/")
        assert (status, headers["location"]) == (301, f"{web}/20150601000000id_/https://new.com/")
        assert headers["x-archive-orig-location"] == "https://new.com/"
        assert (await box.get(f"{web}/20180101000000id_/http://acme.com/"))[0] == 404
        assert (await box.get(f"{web}/20120101000000id_/http://acme.com/"))[2] == OLD.encode()
        assert (await box.get(f"{web}/20200101000000id_/http://acme.com/team"))[2] == b"<p>page</p>"
        status, headers, body = await box.get(f"{web}/2020id_/http://acme.com/never-seen")
        assert (status, "memento-datetime" in headers) == (404, False)
        assert b"not archived" in body


async def test_availability(archive):
    async with archive() as box:
        _, _, body = await box.get("https://archive.org/wayback/available?url=acme.com&timestamp=2012")
        _, _, none = await box.get(f"https://archive.org/wayback/available?url={quote('none.com')}")
    assert json.loads(body)["archived_snapshots"]["closest"]["timestamp"] == "20120101000000"
    assert json.loads(none)["archived_snapshots"] == {}


async def test_faults(archive):
    async with archive() as box:
        for path in ("cdx/search/cdx?output=json&url=", "web/2020id_/http://"):
            status, headers, body = await box.get(f"https://web.archive.org/{path}busy.com")
            assert (status, headers["content-type"].partition(";")[0]) == (429, "text/html")
            assert b"<html>" in body
            status, headers, _ = await box.get(f"https://web.archive.org/{path}shut.com")
            assert (status, headers["content-type"].partition(";")[0]) == (403, "text/plain")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(box.get(f"https://web.archive.org/{path}silent.com"), 0.2)


async def test_the_archive_grows_with_the_clock(archive):
    async with archive(now="2031-01-01") as box:
        found = await rows(box, "url=acme.com&limit=-1")
    assert found[1][1] == "20300101000000"
