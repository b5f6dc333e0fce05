"""What a strength stands for: a likelihood ratio, and where the figure comes from.

A ratio says how many times more often the fact is met where a claim is made up than where it is honest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scanner.model import Strength

LIKELIHOOD = {
    Strength.DECISIVE: 2.6,
    Strength.STRONG: 1.6,
    Strength.MEDIUM: 0.9,
    Strength.WEAK: 0.3,
    Strength.CONTEXT: 0.0,
}
"""log10 of the likelihood ratio a strength stands for. Priors: 80 % right alarms at 1 % base rate need a
ratio near 400 (2.6), which one decisive finding alone may claim; each step below is about a factor of 5."""

LOWERS = -0.5
"""The score of a finding that lowers suspicion: bounded, it can order rows and never make a level."""

REASONS = {
    Strength.DECISIVE: "a prior: at a base rate of 1 % only a ratio near 400 makes 80 of 100 alarms right; "
    "kept for facts that two independent records bear out",
    Strength.STRONG: "a prior: rare among honest sites (S3 in the published red flags), a tenth of decisive, so "
    "that no single one contradicts a claim",
    Strength.MEDIUM: "a prior: seen among honest sites too (S2), a fifth of strong, so that two are needed",
    Strength.WEAK: "a prior: common among honest sites (S1); twice as often among the others at most",
    Strength.CONTEXT: "says nothing either way (S0): said for the record",
}
"""The reason for a strength's figure where a check states no other."""

BASE_RATES = (0.002, 0.01, 0.05, 0.2)


@dataclass(frozen=True, slots=True)
class Weight:
    """A likelihood ratio (1 = says nothing) with its origin: `measured: …` on what, or `a prior: …` why."""

    ratio: float
    origin: str

    @property
    def score(self) -> float:
        """log10 of the ratio."""
        return round(math.log10(self.ratio), 3)

    def right_of_100(self, base_rate: float) -> float:
        """Of 100 alarms by this fact alone, how many would be right at a base rate (0 to 1).

        >>> round(Weight(400, "").right_of_100(0.01))
        80
        """
        odds = base_rate / (1 - base_rate) * self.ratio
        return 100 * odds / (1 + odds)


def prior(strength: Strength) -> Weight:
    """What a strength stands for unless a check states its own figure."""
    return Weight(round(10 ** LIKELIHOOD[strength], 3), REASONS[strength])


def fits(weight: Weight, strength: Strength) -> bool:
    """Whether the figure lies nearer to this strength's own than to its neighbours'.

    >>> fits(Weight(30, ""), Strength.STRONG), fits(Weight(10, ""), Strength.STRONG)
    (True, False)
    """
    near = min(Strength, key=lambda other: abs(LIKELIHOOD[other] - weight.score))
    return near is strength


def arithmetic(weight: Weight) -> str:
    """The figure, its logarithm and what it would mean by itself, in two sentences."""
    if weight.ratio == 1:
        return "Ratio 1 (score 0): it moves nothing."
    first, *rest = (f"{weight.right_of_100(rate):.0f} at {100 * rate:g} %" for rate in BASE_RATES)
    right, _, share = first.partition(" at ")
    return (
        f"Ratio {weight.ratio:.3g}: met about {weight.ratio:.0f} times as often where a claim is made up as where it "
        f"is honest; score log10 {weight.ratio:.3g} = {weight.score:g}. Of 100 alarms by this alone, {right} would be "
        f"right if {share} of all cases hold something; {', '.join(rest)}."
    )
