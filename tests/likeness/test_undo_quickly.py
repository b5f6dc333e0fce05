"""The quick way through `undo` says what the whole way says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.likeness import confusables
from scanner.likeness.words import WORD, WORD_UNMARKED

EVERYDAY = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    st.sampled_from("aZ9 é’“—ñßüжяи中文한국가の\u0301\u0308\u0430\u0435\u1100\u1161\u11a8\u200bﬁ²`´·"),
    max_size=40,
)


@given(EVERYDAY)
def test_a_text_that_is_let_pass_is_one_that_nothing_would_change(text: str) -> None:
    straight = confusables._APOSTROPHE.sub("'", text)
    if text.isascii() or confusables._odd()[1].search(straight):
        return
    assert unicodedata.is_normalized("NFKC", straight)
    assert not confusables._UNSEEN.search(straight)
    assert confusables._undo_letters(straight) == straight
    assert confusables.undo(text) == straight


@given(EVERYDAY)
def test_without_marks_both_patterns_part_the_same_words(text: str) -> None:
    plain = confusables.undo(text)
    if not confusables.may_hold_marks(plain):
        assert WORD.findall(plain) == WORD_UNMARKED.findall(plain)


@pytest.mark.parametrize("text", ["cafe\u0301", "s\u043eft", "zero\u200bwidth", "ﬁne", "हिन्दी"])
def test_what_has_to_be_changed_or_holds_marks_is_never_let_pass(text: str) -> None:
    assert confusables._odd()[0].search(text)
