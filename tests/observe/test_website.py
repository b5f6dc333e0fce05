"""The website observer as a whole: one HTTP answer in, observations, page and links out."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from scanner import observe as observers
from scanner.model import About, Evidence, Link, Observed
from scanner.observe import website

ABOUT = About("acmesoft.example", ("https://acmesoft.example/",))


def answer(
    body: bytes | str,
    url: str = "https://acmesoft.example/",
    content_type: str = "text/html; charset=utf-8",
    status: int = 200,
    more: str = "",
) -> Evidence:
    data = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n{more}\r\n".encode()
    return Evidence(url, "application/http;msgtype=response", datetime(2024, 6, 1, tzinfo=UTC), head + data)


def observe(evidence: Evidence) -> Observed:
    return website.observe(evidence, ABOUT)


FIRM = """<html lang=en><head><title>AcmeSoft</title><meta property=og:site_name content="AcmeSoft LLC">
<meta name=generator content="WordPress 6.5"><script>ga('create','UA-7654321-2')</script></head><body>
<nav><a href=/about>About</a></nav><h1>AcmeSoft</h1>
<p>We have been building software for small firms since 2009, from our office in the old harbour.</p>
<p>Write to <a href=mailto:hello@acmesoft.test>hello@acmesoft.test</a>,
see <a href=https://partner.test/x>a partner</a>.</p>
<footer>&copy; 2009-2024 AcmeSoft LLC</footer></body></html>"""


def test_a_firm_s_home_page_gives_page_links_and_observations() -> None:
    evidence = answer(FIRM, more="Server: nginx\r\n")
    observed = observe(evidence)
    page = observed.page
    assert page is not None
    assert (page.url, page.status, page.state, page.title, page.language) == (
        "https://acmesoft.example/", 200, "content", "AcmeSoft", "en",
    )  # fmt: skip
    assert page.words > 20
    assert page.text_digest.startswith("sha256:")
    assert page.evidence == evidence.digest
    assert Link("https://acmesoft.example/about", "About", "nav") in observed.links
    rows = {(row.kind, row.name, row.value) for row in observed.observations}
    assert rows >= {
        ("page", "state", "content https://acmesoft.example/"),
        ("page", "site_name", "AcmeSoft LLC"),
        ("page", "language", "en"),
        ("page", "external_domain", "partner.test"),
        ("website", "server", "nginx"),
        ("website", "generator", "WordPress 6.5"),
        ("contact", "mail", "hello@acmesoft.test"),
        ("identifier", "analytics", "google-analytics UA-7654321-2"),
        ("history", "copyright", "© 2009-2024 AcmeSoft LLC"),
    }
    assert any(row.name == "since" and str(row.starts) == "2009" for row in observed.observations)
    assert all(row.source == "website" and row.evidence == evidence.digest for row in observed.observations)


def test_a_compressed_page_is_read() -> None:
    observed = observe(answer(gzip.compress(FIRM.encode()), more="Content-Encoding: gzip\r\n"))
    assert observed.page is not None
    assert observed.page.title == "AcmeSoft"


def test_a_parked_page_gives_no_contacts_of_its_parker() -> None:
    observed = observe(
        answer("<p>This domain is for sale. Call +1 415 200 1234, mail sales@broker.test. Since 1999.")
    )
    assert observed.page is not None
    assert observed.page.state == "for-sale"
    assert {row.kind for row in observed.observations} == {"page"}


def test_a_seizure_notice_keeps_its_words() -> None:
    observed = observe(answer("<h1>This website has been seized</h1><p>by the FBI under a seizure warrant"))
    banner = [row.value for row in observed.observations if row.kind == "seizure"]
    assert "This website has been seized" in banner
    assert observed.page is not None
    assert observed.page.state == "seized-banner"


def test_an_icon_is_an_identifier_and_another_picture_is_nothing() -> None:
    icon = observe(answer(b"\x89PNGdata", "https://acmesoft.example/favicon.ico", "image/x-icon"))
    value = "favicon sha256:" + hashlib.sha256(b"\x89PNGdata").hexdigest()
    assert [(row.name, row.value) for row in icon.observations] == [("favicon", value)]
    assert observe(answer(b"x", "https://acmesoft.example/team.jpg", "image/jpeg")) == Observed()
    assert observe(answer(b"", "https://acmesoft.example/favicon.ico", "image/x-icon")) == Observed()
    assert observe(answer(b"x", "https://acmesoft.example/favicon.ico", "image/x-icon", 404)) == Observed()


SITEMAP = """<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://acmesoft.example/about?a=1&amp;b=2</loc></url>
<url><loc>&x;</loc></url><url><loc>ftp://acmesoft.example/x</loc></url></urlset>"""


@pytest.mark.parametrize(
    ("url", "content_type", "body"),
    [
        ("https://acmesoft.example/sitemap.xml", "application/xml", SITEMAP.encode()),
        ("https://acmesoft.example/wp-sitemap-posts.xml", "text/xml", SITEMAP.encode()),
        (
            "https://acmesoft.example/sitemap.xml.gz",
            "application/gzip",
            gzip.compress(SITEMAP.encode(), mtime=0),
        ),
    ],
)
def test_a_sitemap_gives_links_and_resolves_no_entity(url: str, content_type: str, body: bytes) -> None:
    observed = observe(answer(body, url, content_type))
    assert observed.links == (Link("https://acmesoft.example/about?a=1&b=2", "", "sitemap"),)
    assert observed.page is None


@pytest.mark.parametrize(
    ("url", "content_type", "status"),
    [
        ("https://acmesoft.example/robots.txt", "text/plain", 200),
        ("https://acmesoft.example/cv.pdf", "application/pdf", 200),
        ("https://acmesoft.example/app.js", "text/javascript", 200),
        ("https://acmesoft.example/", "text/html", 301),
        ("https://acmesoft.example/data.json", "application/json", 200),
    ],
)
def test_other_types_and_redirects_say_nothing(url: str, content_type: str, status: int) -> None:
    assert observe(answer("User-agent: *", url, content_type, status)) == Observed()


def test_a_page_without_a_type_is_known_by_its_first_bytes() -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n<!doctype html><title>Hi</title><p>Hello"
    observed = observe(Evidence("https://acmesoft.example/", "x", datetime(2024, 6, 1, tzinfo=UTC), block))
    assert observed.page is not None
    assert observed.page.title == "Hi"


@pytest.mark.parametrize(
    "block", [b"", b"HTTP/1.1", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\xff" * 500]
)
def test_a_broken_message_is_no_crash(block: bytes) -> None:
    observed = observe(Evidence("https://acmesoft.example/", "x", datetime(2024, 6, 1, tzinfo=UTC), block))
    assert observed.status is None


def test_what_is_observed_survives_the_way_to_a_worker_and_back() -> None:
    hostile = (
        FIRM
        + '<script type="application/ld+json">{"@type":"Organization","name":"\\ud800 x"}</script><p>&#xD800;'
    )
    evidence = answer(hostile)
    payload = msgspec.msgpack.encode({"source": "website", "evidence": evidence, "about": ABOUT})
    returned = msgspec.msgpack.decode(observers.work(payload), type=Observed)
    assert returned == observe(evidence)
    assert returned.page is not None


def test_the_same_bytes_give_the_same_observations() -> None:
    assert observe(answer(FIRM)) == observe(answer(FIRM))


def test_bytes_of_something_else_are_no_text_of_the_site() -> None:
    observed = observe(answer(bytes(range(256)) * 40, "https://acmesoft.example/"))
    assert observed.page is not None
    assert observed.page.state == "empty"
    assert observed.observations == ()


def test_half_a_page_that_a_deadline_cut_says_nothing() -> None:
    """Given a page whose second half never came, when stored evidence is read again, it doesn't pass for all of it."""
    whole = answer(FIRM)
    half = replace(whole, block=whole.block[: len(whole.block) // 2], truncated="time")
    assert observe(half) == Observed()
    assert observe(replace(half, truncated="length")).page is not None
