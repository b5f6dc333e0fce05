"""Words of pages are kept to be searched, once each, and go with their last page."""

from __future__ import annotations

from dataclasses import replace

from scanner.model import Observed, PageText, Status
from scanner.store import Store
from scanner.store.page_texts import MOST_TEXT, drop_unused
from tests.store.samples import FRONT, HTTP, NOW, PAGE, begin

WORDS = PageText(("Gauges for rivers and harbours.", "Zażółć gęślą jaźń."), ())


def found(store: Store, query: str) -> list[int]:
    rows = store.conn.execute("select rowid from page_texts_fts where page_texts_fts match ?", (query,))
    return [number for (number,) in rows]


def read_once(store: Store, text: PageText | None, title: str = "Tidewell") -> None:
    """One scan reads one page."""
    scan = begin(store)
    attempt = store.open_attempt(scan, FRONT, "website", NOW)
    page = replace(PAGE, title=title, text_digest="sha256:1")
    store.keep(attempt, HTTP, Observed(page=page, text=text))
    store.close_attempt(attempt, Status.OK)
    store.finish(scan)


def test_given_a_page_with_text_then_title_and_words_are_found_with_or_without_their_accents(
    store: Store,
) -> None:
    read_once(store, WORDS)
    assert found(store, "tidewell") == found(store, '"rivers and harbours"') == found(store, "gesla") != []


def test_given_the_same_text_twice_then_it_is_kept_once(store: Store) -> None:
    read_once(store, WORDS)
    read_once(store, WORDS)
    assert store.conn.execute("select count(*) from page_texts").fetchone() == (1,)
    assert len(found(store, "harbours")) == 1


def test_given_a_title_alone_when_a_later_scan_has_the_text_then_it_is_found_by_it(store: Store) -> None:
    read_once(store, None)
    assert found(store, "tidewell")
    assert not found(store, "harbours")
    read_once(store, WORDS)
    assert found(store, "tidewell") == found(store, "harbours") != []


def test_given_a_long_text_then_its_beginning_alone_is_kept(store: Store) -> None:
    read_once(store, PageText(("a " * MOST_TEXT, "end"), ()))
    assert store.conn.execute("select length(text) from page_texts").fetchone() == (MOST_TEXT,)
    assert not found(store, "end")


def test_given_a_case_that_was_removed_when_unused_texts_are_dropped_then_no_word_is_left(
    store: Store,
) -> None:
    read_once(store, WORDS)
    with store.writing() as conn:
        assert drop_unused(conn) == 0
        conn.execute("delete from cases")
        assert drop_unused(conn) == 1
    assert not found(store, "harbours")
    left = b"".join(row[0] for row in store.conn.execute("select block from page_texts_fts_data"))
    assert b"harbour" not in left


def test_given_a_rebuilt_index_then_table_and_index_agree(store: Store) -> None:
    read_once(store, None)
    read_once(store, WORDS)
    store.conn.execute("insert into page_texts_fts (page_texts_fts, rank) values ('integrity-check', 1)")
