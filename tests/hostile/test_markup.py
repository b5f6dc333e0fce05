"""Markup made to exhaust a parser: each of these took minutes or gigabytes for four megabytes."""

from __future__ import annotations

import sys

import pytest

from scanner.observe.page.document import read
from scanner.observe.page.markup import MOST_DEPTH, tamed
from tests.hostile.hostile_page import answer, filled, seconds_for

NESTING = (
    "<div></x>",  # an end tag of nothing open hides that the div stays open
    "<b></x>",
    "<ul><li></x>",
    "<i></div>",
    "<svg></x>",
    "<svg><td>",
    "<svg><title><b a%d>",  # raw text only outside pictures
    "<noscript><div>",
    "<noscript>",
    "<div><!--</div>-->",  # end tags that are none
    "<div x='</div>'>",
    "<div a\"='></div>'>",
    "<DIV></\u212adiv>",
    "<nav\xa0></nav>",
    "<div><title></div></title>",
    "<select><style></select><div></style>",
    "<script><!--<script></script><div></div>--></script><div>",
    "<p><b a%d>",  # formatting opened anew in every paragraph
    "<div><font a%d></div>x",
    "<body a%d=1>",  # attributes gathered on one element
    "<footer><a href=/%d>x",
)


@pytest.mark.parametrize("unit", NESTING)
def test_markup_that_nests_without_end_costs_no_more_than_its_length(unit: str) -> None:
    # Given a megabyte of it, when it is read, then in a second or two and not in the square of its size.
    observed, seconds = seconds_for("website", answer("<html><body><p>We build software.</p>" + filled(unit)))
    assert observed.page is not None
    assert seconds < 3


@pytest.mark.parametrize(
    "body",
    [
        "<a " + filled("a%d=1 ") + "href=/x>y</a>",
        "<a " + filled("a%d ") + "href=/x>y</a>",
        "<a " + filled("a%d=1 "),  # never closed
        "<a x='>' " + filled("a%d=1 ") + ">",
    ],
)
def test_a_tag_with_a_hundred_thousand_attributes_is_one_tag(body: str) -> None:
    observed, seconds = seconds_for("website", answer("<p>We build software.</p>" + body))
    assert observed.page is not None
    assert seconds < 2


def test_paragraphs_that_reopen_formatting_need_no_gigabytes() -> None:
    resource = pytest.importorskip("resource")
    # Given formatting left open before a hundred thousand paragraphs
    body = filled("<b a%d>", 5000) + filled("<p>x", 400_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # When the page is read
    seconds_for("website", answer(body))
    # Then each paragraph holds a few of them, not all
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300 * (1024 if sys.platform != "darwin" else 1 << 20)


def test_roots_within_roots_are_looked_at_a_few_times() -> None:
    _, seconds = seconds_for("website", answer("<app-root>" * 250 + filled("word ", 4 << 20)))
    assert seconds < 3


def test_text_below_the_depth_that_is_kept_is_not_lost() -> None:
    # Given the text of a page under a thousand elements nobody needs, and 3,000 tags in all
    html = "<div>" * 1000 + "<h1>Acme Front</h1><p>Since 2009 we build software.</p>" + "</div>" * 2000
    # When it is read, then the words are there, each block on its own line
    assert read("https://x.example/", 200, [], html).lines == ("Acme Front", "Since 2009 we build software.")


def test_ordinary_markup_stays_as_it_is() -> None:
    # Given a long page as people write it: tables, lists, forms, scripts, comments, unclosed paragraphs
    unit = (
        "<!-- part --><section class='a b'><h2>Part</h2><p>One<p>Two <b>bold</b> <i>and <u>more</u></i>"
        '<ul><li>x<li>y</ul><table><tr><td>1<td>2</table><form action="/x"><input name=a></form>'
        "<script>if (a < b) { x = '</div>'; }</script><style>p > a {}</style></section>\n"
    )
    html = "<!DOCTYPE html><html><body>" + unit * 500 + "</body></html>"
    # When it is tamed, then nothing has changed
    assert tamed(html) == html


def test_pictures_in_a_long_page_stay_out_of_its_text() -> None:
    icon = '<svg viewBox="0 0 1 1"><title>Icon</title><path d="M0 0"/><g><text>drawn</text></g></svg>'
    html = "<title>Acme</title>" + f"<p>Text {icon} more</p>" * 1000
    page = read("https://x.example/", 200, [], html)
    assert page.title == "Acme"
    assert set(page.lines) == {"Text more"}


def test_nesting_up_to_the_limit_is_kept() -> None:
    html = "<div>" * (MOST_DEPTH - 1) + "<a href=/team>Team</a>" + "</div>" * 3000
    assert [anchor.href for anchor in read("https://x.example/", 200, [], html).anchors] == ["/team"]
