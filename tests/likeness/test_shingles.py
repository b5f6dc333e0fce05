"""Shingles: the same numbers on every machine, none across passages, bounded whatever comes."""

from __future__ import annotations

import time

import numpy as np

from scanner.likeness.shingles import LONG_PASSAGE, MOST_TOKENS, sample, text_print

WORDS = [
    "we",
    "build",
    "web",
    "shops",
    "for",
    "small",
    "firms",
    "in",
    "the",
    "north",
    "since",
    "the",
    "flood",
]


def test_the_numbers_are_these_on_every_machine_and_version() -> None:
    # given tokens with letters outside ASCII and a placeholder; then their numbers never change
    assert [hex(number) for number in text_print([("we", "bauen", "läden", "‹brand›")]).hashes.tolist()] == [
        "0x7356e0226d5e6417",
        "0x5f736f5844bce432",
    ]


def test_shingles_end_with_their_passage() -> None:
    one, two = text_print([WORDS]), text_print([WORDS[:6], WORDS[6:]])
    assert len(one.hashes) == len(WORDS) - 2
    assert len(two.hashes) == len(WORDS) - 4
    assert np.isin(two.hashes, one.hashes).all()
    assert two.lengths == (6, 7)
    assert two.passage.tolist() == [0] * 4 + [1] * 5
    assert two.at.tolist() == [0, 1, 2, 3, 6, 7, 8, 9, 10]


def test_the_order_of_words_counts() -> None:
    assert not np.isin(text_print([WORDS]).hashes, text_print([WORDS[::-1]]).hashes).any()


def test_short_and_empty_passages_have_none() -> None:
    assert len(text_print([]).hashes) == 0
    assert len(text_print([(), ("a", "b"), ("c",)]).hashes) == 0
    assert text_print([(), ("a", "b")]).lengths == (0, 2)
    assert sample(text_print([])).tolist() == []


def test_a_row_of_one_token_is_no_text() -> None:
    assert len(text_print([["*"] * 40]).hashes) == 0


def test_a_lone_surrogate_is_a_token_like_any_other() -> None:
    assert len(text_print([("\ud800", "b", "c")]).hashes) == 1


def test_the_sample_is_the_same_wherever_a_shingle_stands_and_no_long_passage_is_without() -> None:
    passages = [[f"w{at}x{number}" for at in range(LONG_PASSAGE + 2)] for number in range(300)]
    shape = text_print(passages)
    chosen = sample(shape)
    assert set(shape.passage[chosen].tolist()) == set(range(300))
    again = text_print([["something", "else"], *passages[100:101]])
    assert set(again.hashes[sample(again)].tolist()) <= set(shape.hashes[chosen].tolist())
    assert 0.2 < chosen.mean() < 0.45


def test_a_page_of_one_endless_line_is_cut_and_quick() -> None:
    # given a line of a million tokens
    line = [str(number) for number in range(1_000_000)]
    started = time.perf_counter()
    shape = text_print([line, line])
    # then what stands behind the bound is left out
    assert shape.words == MOST_TOKENS
    assert time.perf_counter() - started < 2


def test_shingles_of_slots_and_filler_words_alone_are_nobodys() -> None:
    # given a row of masked slots, Latin as generators make it, and a sentence with one slot
    rows = [
        ("‹brand›", "‹place›", "‹number›", "‹mail›"),
        ("curabitur", "ultrices", "lorem", "sapien"),
        ("we", "sail", "to", "‹place›", "in", "june"),
    ]
    print_ = text_print(rows)
    assert print_.nobodys.tolist() == [True] * 4 + [False] * 4
    assert len(print_.nobodys) == len(print_.hashes)
    assert not text_print([]).nobodys.any()
