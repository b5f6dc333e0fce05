"""The figures of an evaluation as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_ALARMS = ("review", "contradicted")
Figures = Mapping[str, Any]


def lines(figures: Figures) -> Iterator[str]:
    """`figures`: what `figures.summary` gave."""
    yield f"cases {figures['cases']}: {figures['ok']} meet their labels, {figures['errors']} crashed; "
    yield f"  wanted findings missing {figures['must_missing']}, unwanted ones there {figures['never_fired']}"
    yield ""
    yield f"{'found, of cases that hold something':<42}{'at review or more':>28}{'contradicted or more':>28}"
    for kind, groups in figures["recall"].items():
        for name, levels in groups.items():
            yield _row(f"{kind} {name}".strip() if kind != "label" else f"labelled {name}", levels)
    yield _row("with nothing known of its campaign", figures["campaign_unknown"]["all"])
    yield _row("false alarms, of honest cases", figures["false_alarms"])
    yield ""
    yield "of 100 alarms, how many would be right (95 % bounds of both shares taken at their worst and best)"
    for level, rates in figures["alarms_right"].items():
        for rate, right in rates.items():
            name = f"{level} or more, {100 * float(rate):g} % of cases real"
            yield f"  {name:<48}{right['likely']:>6} ({right['at_worst']} to {right['at_best']})"
    if figures["families"]:
        yield ""
        lost, calmed = "fronts no longer found: review, contradicted", "honest calmed"
        yield f"{'without the findings of a family':<34}{lost:>48}{calmed:>16}"
        for family, found in figures["families"].items():
            lost = ", ".join(str(found["fronts_lost"][level]) for level in _ALARMS)
            yield f"  {family:<32}{lost:>48}{found['honest_calmed']:>16}"
    yield from _groups(figures["groups"])
    if "fairness" in figures:
        fair = figures["fairness"]
        yield ""
        yield (
            f"other persons, languages and countries: {len(fair['moved'])} of {fair['runs'] * fair['cases']} "
            "verdicts moved"
        )


def _row(name: str, levels: Figures) -> str:
    return f"  {name:<40}" + "".join(f"{_share(levels[level]):>28}" for level in _ALARMS)


def _share(found: Figures) -> str:
    """`12/45  0.27 (0.16-0.41)`."""
    if not found["of"]:
        return "-"
    return f"{found['found']}/{found['of']}  {found['share']:.2f} ({found['low']:.2f}-{found['high']:.2f})"


def _groups(groups: Figures) -> Iterator[str]:
    for kind, found in groups.items():
        yield ""
        yield f"{'honest cases by ' + kind:<42}{'at review or more':>28}{'too little seen':>28}"
        for value, shares in found["values"].items():
            yield f"  {value:<40}{_share(shares['review']):>28}{_share(shares['not_enough']):>28}"
        if worst := found["worst"]:
            yield f"  worst off: {worst['group']}; would lift it: {', '.join(worst['would_lift']) or 'nothing named'}"
