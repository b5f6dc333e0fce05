"""Which words name a site's own earlier address, and which only look like it."""

from __future__ import annotations

import time

import pytest

from scanner.observe.page import document, former


def named(html: str, url: str = "https://larkwell.example/") -> list[str]:
    rows = former.former(document.read(url, 200, [], html), "larkwell.example")
    assert all(row.kind == "page" for row in rows)
    return [row.value for row in rows if row.name == "former_domain"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Larkwell, formerly larkspur-data.example",
        "<p>Formerly known as Larkspur Data (larkspur-data.example).",
        "<p>Previously at www.larkspur-data.example.",
        "<p>We have moved from <a href='https://larkspur-data.example/'>larkspur-data.example</a>",
        '<p>Our old web site: <a href="http://www.larkspur-data.example/">http://www.larkspur-data.example/</a>',
        '<footer>Formerly <a href="https://larkspur-data.example">Larkspur Data</a></footer>',
        "<p>larkspur-data.example is now larkwell.example",
        "<p>In 2021 we rebranded from Larkspur Data (larkspur-data.example) to Larkwell.",
        "<p>Unsere frühere Adresse war larkspur-data.example.",
        "<p>Larkwell, vormals larkspur-data.example",
        "<p>Notre ancien site : larkspur-data.example",
        "<p>Anteriormente en larkspur-data.example",
        "<p>Il nostro vecchio sito era larkspur-data.example",
        "<p>Voorheen larkspur-data.example",
        "<p>Наш прежний сайт larkspur-data.example",
        "<p>旧サイト：larkspur-data.example",
        "<p>原网址：larkspur-data.example",
        "<p>구 홈페이지: larkspur-data.example",
    ],
)
def test_an_earlier_address_is_read_in_many_words(html: str) -> None:
    assert named(html) == ["larkspur-data.example"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Our partner larkspur-data.example",
        "<p>She was previously at larkspur-data.example.",
        "<p>Jane, engineer, formerly larkspur-data.example",
        '<p>Mara Quill, formerly at <a href="https://larkspur-data.example">Larkspur Data</a>',
        "<p>Formerly known as Larkwell Data",
        "<p>Previously at www.larkwell.example",
        "<p>We used to be on larkwell.github.io",
        "<p>Formerly built with Node.js",
        "<p>Write to formerly info@larkspur-data.example",
        "<p>larkspur-data.example is now available for sale",
        "<p>We moved from Bristol to Leeds. See larkspur-data.example",
        "<p>unformerly larkspur-data.example",
    ],
)
def test_other_addresses_are_not_taken_for_it(html: str) -> None:
    assert named(html) == []


def test_an_article_tells_of_others() -> None:
    story = "<p>Larkspur Data, formerly larkspur-data.example, was bought.</p>" + "<p>word</p>" * 100
    assert named(story, "https://larkwell.example/blog/rebrands") == []


def test_at_most_three_are_taken_and_ours_is_none() -> None:
    lines = "".join(f"<p>Formerly old-{number}.example</p>" for number in range(9))
    assert named(lines) == ["old-0.example", "old-1.example", "old-2.example"]


def test_a_page_made_of_triggers_costs_linear_time() -> None:
    def seconds(repeats: int) -> float:
        page = document.read("https://larkwell.example/", 200, [], "<p>" + "formerly a.b.c.d " * repeats)
        begin = time.process_time()
        former.former(page, "larkwell.example")
        return time.process_time() - begin

    seconds(10)
    assert seconds(60_000) < 20 * max(seconds(6_000), 0.01)
