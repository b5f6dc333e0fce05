"""Sketches of texts: how much of one stands in another, from two short lines."""

from __future__ import annotations

import random

import pytest

from scanner.sketch import KEPT, Band, band, contained, sketch

WORDS = [f"word{number}" for number in range(4000)]


def text(seed: int, words: int = 600) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def edited(tokens: list[str], share: float) -> list[str]:
    pick = random.Random(7)
    return [pick.choice(WORDS) if pick.random() < share else token for token in tokens]


def test_the_same_text_is_the_same_and_an_unrelated_one_is_not() -> None:
    one = sketch([text(1)])
    assert band(one, one) is Band.SAME
    assert contained(one, one) == pytest.approx(1.0)
    assert all(band(one, sketch([text(seed)])) is Band.OTHER for seed in range(2, 60))


@pytest.mark.parametrize(("share", "expected"), [(0.05, Band.SAME), (0.2, Band.EDITED), (0.3, Band.EDITED)])
def test_an_edited_text_is_told_from_another(share: float, expected: Band) -> None:
    for seed in range(1, 20):
        assert band(sketch([text(seed)]), sketch([edited(text(seed), share)])) is expected


def test_a_part_stands_in_the_whole_whichever_comes_first() -> None:
    whole = text(1, 2000)
    part = whole[:500]
    assert contained(sketch([whole]), sketch([part])) == pytest.approx(1.0, abs=0.35)
    assert contained(sketch([part]), sketch([whole])) == contained(sketch([whole]), sketch([part]))


def test_a_short_text_and_rubbish_are_unknown() -> None:
    long = sketch([text(1)])
    for other in (sketch([text(1, 20)]), "", "x", "100 5 ???", "100 5 ", "٣٠٠ ٥ AAAA"):
        assert band(long, other) in (Band.UNKNOWN, Band.OTHER)
    assert band(long, sketch([text(1, 20)])) is Band.UNKNOWN
    assert sketch([["two", "words"]]) == ""


def test_masked_slots_are_no_text() -> None:
    rows = [["‹brand›", "‹number›", "‹place›", "‹mail›"] * 30]
    assert sketch(rows) == ""


def test_a_line_stays_short_whatever_the_text() -> None:
    assert len(sketch([text(1, 50_000)])) < 1024
    assert KEPT * 4 * 4 / 3 < 1000
