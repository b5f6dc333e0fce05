"""Strangers' text and bytes, made harmless: whatever goes in, text comes out."""

from __future__ import annotations

import gzip
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.browse.evidence_text import MOST_TEXT, as_text, payload, read
from scanner.browse.shown import marked, shown, visible

ANY = st.text(st.characters(codec=None), max_size=200)


@given(ANY)
def test_given_any_text_then_nothing_hidden_and_no_markup_is_left(text: str) -> None:
    for made in (visible(text), visible(text, lines=True), str(shown(text)), str(marked(text))):
        left = {unicodedata.category(char) for char in made.replace("\n", "").replace("\t", "")}
        assert not left & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    body = str(shown(text)).removeprefix("<bdi>").removesuffix("</bdi>")
    assert not set(body) & set("<>\"'")
    inner = str(marked(text)).removeprefix("<bdi>").removesuffix("</bdi>")
    assert not set(inner.replace("<mark>", "").replace("</mark>", "")) & set("<>\"'")
    assert inner.count("<mark>") == inner.count("</mark>")


def test_given_marks_piled_on_one_letter_then_the_pile_is_spelled_out() -> None:
    assert visible("e" + "\u0301" * 40).count("⟨U+0301⟩") == 37
    assert visible("Việt Nam, नमस्ते, Zoë") == "Việt Nam, नमस्ते, Zoë"


def http(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body


def test_given_packed_html_in_its_own_charset_then_it_reads_as_it_was_written() -> None:
    body = gzip.compress("<p>Zoë żółw</p>".encode("iso-8859-2", "replace"))
    found = read(
        as_text(
            payload(
                "application/http",
                http(body, "Content-Encoding: gzip", "Content-Type: text/html; charset=iso-8859-2"),
            )
        )
    )
    assert "żółw" in found.text
    assert found.head.startswith("HTTP/1.1 200")


def test_given_a_bomb_then_its_beginning_is_shown_and_it_is_said() -> None:
    bomb = gzip.compress(b"a" * 50_000_000)
    found = read(as_text(payload("application/http", http(bomb, "Content-Encoding: gzip"))))
    assert len(found.text) == MOST_TEXT
    assert "only the first" in found.note


def test_given_binary_then_a_dump_is_shown() -> None:
    found = read(as_text(payload("image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)))
    assert found.text.startswith("000000  89 50 4e 47")
    assert "binary" in found.note


@given(
    st.binary(max_size=300),
    st.sampled_from(["application/http;msgtype=response", "application/dns-message", "x"]),
)
def test_given_any_bytes_then_there_is_an_answer(block: bytes, kind: str) -> None:
    read(as_text(payload(kind, block)))


@pytest.mark.parametrize(
    "charset", ["idna", "rot13", "undefined", "zip", "utf-16", "x" * 60, "punycode", "utf-7"]
)
def test_given_a_charset_that_is_none_then_the_text_is_read_all_the_same(charset: str) -> None:
    found = read(
        as_text(
            payload(
                "application/http", http(b"plain words here", f"Content-Type: text/html; charset={charset}")
            )
        )
    )
    assert found.text
