"""Which lines of a page are looked at: never fewer than hold one of the words, and as a rule no others."""

from __future__ import annotations

import time

import pytest

from scanner.observe.page import document, officers
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints
from scanner.observe.page.phrases import lines_that_may


def page(*lines: str) -> Document:
    return document.read("https://larkwell.example/", 200, [], "".join(f"<p>{line}" for line in lines))


def test_whole_lines_come_in_their_order_and_each_once() -> None:
    read = page("Old and new, old and older", "nothing", "NEW", "the old one", "renewed – “çé”", "one old")
    assert list(lines_that_may(read, Hints(["new", "old "]))) == [
        "Old and new, old and older",
        "NEW",
        "the old one",
        "renewed – “çé”",
    ]
    assert list(lines_that_may(read, Hints(["absent"]))) == []


@pytest.mark.parametrize("letter", ["İ", "ı", "ſ", "\u212a"])
def test_given_letters_that_patterns_take_for_others_then_all_lines_are_looked_at(letter: str) -> None:
    # given a long s and the like, which patterns without regard to case match and lower case keeps
    read = page("nothing", f"Ma{letter}e")
    assert list(lines_that_may(read, Hints(["absent"]))) == list(read.lines)


def test_an_officer_is_found_whatever_letters_the_role_is_written_in() -> None:
    assert [row.value for row in officers.officers(page("nothing", "PREſIDENT: ADA LARK"))] == [
        "preſident: ADA LARK"
    ]


def test_a_page_of_many_lines_costs_linear_time() -> None:
    hints = Hints(["old", "new"])

    def seconds(lines: int) -> float:
        read = page(*["an old and a new one"] * lines)
        begin = time.process_time()
        assert len(lines_that_may(read, hints)) == lines
        return time.process_time() - begin

    seconds(10)
    assert seconds(20_000) < 30 * max(seconds(2_000), 0.005)


def test_links_to_write_and_to_call_are_kept_apart_as_they_are_written() -> None:
    links = (
        "/a",
        "MailTo:a@larkwell.example",
        "tel:+15125550100",
        "Tel:1",
        "mailbox",
        "https://x.example/tel:",
    )
    read = page(*(f'<a href="{href}">x</a>' for href in links))
    assert read.reached == ("MailTo:a@larkwell.example", "tel:+15125550100", "Tel:1")
