"""Reading a page: charset, text, links; and input made to hurt."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.model import About, Evidence, Link
from scanner.observe import website
from scanner.observe.page import charset, document, links


def read(html: str, url: str = "https://acmesoft.example/a/b.html") -> document.Document:
    return document.read(url, 200, [], html)


# ------------------------------------------------------------------------------------------ charset


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("\ufeffЖ".encode(), "text/html; charset=windows-1251", "Ж"),  # the mark wins over the header
        ("Ж".encode("cp1251"), "text/html; charset=windows-1251", "Ж"),
        (b"<meta charset=shift_jis>" + "日本".encode("cp932"), "text/html", "<meta charset=shift_jis>日本"),
        ("é".encode(), "text/html", "é"),
        (b"caf\xe9", "text/html", "café"),
        (b"caf\xe9", "text/html; charset=utf-8", "café"),  # says UTF-8, holds none
        ("café".encode(), "text/html; charset=iso-8859-1", "café"),  # says Latin-1, is UTF-8
        (b"+ADw-x", "text/html; charset=utf-7", "+ADw-x"),
        (b"abc", "text/html; charset=hex", "abc"),
        (b"abc", "text/html; charset=punycode", "abc"),
        (b"abc", "text/html; charset=no-such-thing", "abc"),
        (b"\xff\xfeA\x00", "text/html", "A"),
        (b"", "", ""),
    ],
)
def test_bytes_become_text_as_in_a_browser(body: bytes, content_type: str, text: str) -> None:
    assert charset.decode(body, content_type) == text


# --------------------------------------------------------------------------------------------- text


def test_visible_text_has_a_line_for_each_block_and_no_script() -> None:
    page = read(
        "<title>T</title><style>x</style><h1>A <b>b</b></h1><p>c<br>d<script>e</script><ul><li>f<li>g</ul>"
    )
    assert page.lines == ("A b", "c", "d", "f", "g")
    assert page.title == "T"
    assert page.words == 6


def test_the_digest_does_not_change_with_markup_space_or_case() -> None:
    assert read("<p>Hello <b>World</b>").text_digest == read("<div>hello\n  world</div>").text_digest
    assert read("<p>Hello").text_digest != read("<p>Hullo").text_digest
    assert read("").text_digest == ""


def test_chinese_text_is_not_one_word() -> None:
    assert read("<p>我们是一家软件公司").words >= 4


@pytest.mark.parametrize(
    ("html", "tag"),
    [("<html lang=de_AT>", "de-AT"), ("<html lang='en'>", "en"), ("<html lang='{{x}}'>", ""), ("<p>x", "")],
)
def test_the_language_is_the_page_s_own_word(html: str, tag: str) -> None:
    assert read(html).language == tag


# -------------------------------------------------------------------------------------------- links


def test_links_are_absolute_unique_and_know_their_place() -> None:
    page = read(
        "<link rel='shortcut icon' href=/f.ico><link rel=canonical href=https://acmesoft.example/b>"
        "<nav><a href=/team>Team</a></nav><header><a href='../c?x=1#frag'> C  c </a></header>"
        "<p><a href=/team>again</a><a href=#top>top</a><a href=javascript:x()>j</a><a href=mailto:a@b.test>m</a>"
        "<a href=tel:1>t</a><a href=data:text/html,x>d</a><a href='ht\ntps://other.test'>o</a>"
        "<a href=//cdn.test/x>s</a><a href=file:///etc/passwd>f</a><footer><a href=legal.html>Legal</a></footer>"
    )
    assert links.links(page) == (
        Link("https://acmesoft.example/f.ico", "", "icon"),
        Link("https://acmesoft.example/b", "", "canonical"),
        Link("https://acmesoft.example/team", "Team", "nav"),
        Link("https://acmesoft.example/c?x=1", "C c", "header"),
        Link("https://other.test/", "o", "body"),
        Link("https://cdn.test/x", "s", "body"),
        Link("https://acmesoft.example/a/legal.html", "Legal", "footer"),
    )


def test_a_refresh_and_a_base_are_followed() -> None:
    page = read(
        "<base href=https://acmesoft.example/new/><meta http-equiv=refresh content=\"0; url='x.html'\"><a href=y>y</a>"
    )
    assert links.links(page) == (
        Link("https://acmesoft.example/new/x.html", "", "refresh"),
        Link("https://acmesoft.example/new/y", "y", "body"),
    )


def test_there_are_never_more_than_500_links() -> None:
    page = read("".join(f"<a href=/{n}>x</a>" for n in range(2000)))
    assert len(links.links(page)) == 500


def test_external_domains_are_registrable_and_not_the_site_s_own() -> None:
    page = read(
        "<a href=https://www.acmesoft.example/x>own</a><a href=https://a.b.example.co.uk/>e</a>"
        "<a href=https://jane.github.io/>g</a><a href=https://10.0.0.1/>ip</a>"
    )
    assert links.external_domains(links.links(page), "acmesoft.example") == [
        "example.co.uk",
        "jane.github.io",
    ]


def test_every_url_of_the_web_platform_tests_resolves_to_http_or_nothing(corpus: Path) -> None:
    cases = json.loads((corpus / "hostile" / "url" / "urltestdata.json").read_text(encoding="utf-8"))
    tried = 0
    for case in cases:
        if isinstance(case, dict):
            tried += 1
            url = links.absolute("https://acmesoft.example/dir/", case["input"])
            assert url == "" or url.lower().startswith(("http://", "https://"))
    assert tried > 100


# -------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "unit",
    ["<div>", "<span>", "<a href=/x>", "<table><tr><td>", "<form><input name=mail><textarea>", "<svg>",
     "<footer>1 A TX 75001 ", "a@", "a.", "+1 ", "(at) ", "since 2009 we ", "© 2009 ", "Musterstr. 1 ",
     "1 A A TX 75001 ", "<script>UA-1 ", "<", "<!--"],
)  # fmt: skip
def test_a_megabyte_of_one_thing_is_read_in_linear_time(unit: str) -> None:
    body = (unit * ((1 << 20) // len(unit))).encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    started = time.process_time()
    observed = website.observe(
        Evidence("https://acmesoft.example/", "x", datetime(2026, 1, 1, tzinfo=UTC), block),
        About("acmesoft.example"),
    )
    assert observed.page is not None
    assert (
        time.process_time() - started < 4
    )  # a fifth of a second here; the square of the size would be minutes


def test_markup_of_the_html5lib_tests_never_raises(corpus: Path) -> None:
    tried = 0
    for path in sorted((corpus / "hostile" / "html5lib" / "tokenizer").iterdir()):
        data = json.loads(path.read_text(encoding="utf-8")) if path.suffix in (".test", ".json") else {}
        for case in data.get("tests", []):
            page = document.read("https://acmesoft.example/", 200, [], case["input"])
            assert page.words >= 0
            assert isinstance(links.links(page), tuple)
            tried += 1
    assert tried > 50


def test_naughty_strings_as_text_title_and_link_never_raise(corpus: Path) -> None:
    strings = json.loads((corpus / "hostile" / "strings" / "blns.json").read_text(encoding="utf-8"))
    for text in strings:
        page = read(f'<title>{text}</title><a href="{text}">{text}</a><p>{text}')
        page.text.encode("utf-8")
        for link in links.links(page):
            link.url.encode("utf-8")
            assert link.url.lower().startswith("http")
