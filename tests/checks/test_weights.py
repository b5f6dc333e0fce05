"""What a strength stands for: a ratio with an origin, and never another strength's figure."""

from __future__ import annotations

import itertools

import pytest

from scanner.checks import Check, table
from scanner.checks.base import Hit, Texts, check
from scanner.checks.weights import Weight, arithmetic, fits, prior
from scanner.model import Strength


@pytest.mark.parametrize("entry", table(), ids=lambda entry: entry.id)
def test_every_check_states_its_ratio_and_where_it_comes_from(entry: Check) -> None:
    assert entry.weight.ratio >= 1
    assert fits(entry.weight, entry.strength)
    assert entry.weight.origin.startswith(("a prior: ", "measured: ", "says nothing"))


def test_two_of_different_families_weigh_more_than_one_stronger_only_as_the_levels_say() -> None:
    # given the usual figures, each step is about a factor of five
    ratios = [prior(strength).ratio for strength in reversed(list(Strength))]
    assert ratios == sorted(ratios)
    assert all(1.9 < b / a < 11 for a, b in itertools.pairwise(ratios))


def test_the_arithmetic_says_what_it_would_mean_alone() -> None:
    words = arithmetic(Weight(400, "a prior: x"))
    assert "log10 400 = 2.602" in words
    assert "80 at 1 %" in words
    assert arithmetic(Weight(1, "says nothing")) == "Ratio 1 (score 0): it moves nothing."


def test_a_figure_that_is_another_strengths_is_refused() -> None:
    texts = Texts("x", "x", "x")
    enter = check(
        "identity.refused",
        strength=Strength.WEAK,
        needs=(),
        texts=texts,
        idea="x",
        weight=Weight(40, "a prior: x"),
    )
    with pytest.raises(ValueError, match="is not weak"):
        enter(lambda subject, scene: [Hit("x")])
    assert all(entry.id != "identity.refused" for entry in table())
