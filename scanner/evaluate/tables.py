"""The figures of an evaluation as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.evaluate.figures import SMALL

_ALARMS = ("review", "contradicted")
Figures = Mapping[str, Any]


def lines(figures: Figures) -> Iterator[str]:
    """`figures`: what `figures.summary` gave."""
    yield f"{figures['cases']} cases: {figures['ok']} meet their labels, {figures['errors']} crashed"
    yield f"  wanted findings missing: {figures['must_missing']}; unwanted ones there: {figures['never_fired']}"
    yield (
        f"  {figures['honest']} are labelled honest (nothing may be found), {figures['fronts']} hold something to be "
        f"found, {figures['either']} may come out either way"
    )
    yield "  (they stand beside the rules that they try; of cases nobody here has seen, expect less)"
    yield ""
    yield "shares stand as found/of, the share, and its 95 % bounds (Wilson)"
    yield f"{'found, of cases that hold something':<42}{'at review or more':>28}{'contradicted or more':>28}"
    for kind, groups in figures["recall"].items():
        for name, levels in groups.items():
            yield _row(f"{kind} {name}".strip() if kind != "label" else f"labelled {name}", levels)
    if figures["either"]:
        yield _row("and those that may come out either way", figures["recall_with_either"])
    yield _row("with nothing known of its campaign", figures["campaign_unknown"]["all"])
    yield "  (a case labelled review is found at review: contradicted would be more than a careful reader says)"
    yield _row("false alarms, of honest cases", figures["false_alarms"])
    yield ""
    yield "of 100 alarms, how many would be right, if so many of the cases you look at hold a front"
    yield "  (in brackets: with recall and false alarms at the worst and at the best end of their bounds)"
    both = figures["honest"] and figures["fronts"]
    if not both:
        yield "  can't be said: that takes honest cases and cases that hold something"
    for level, rates in figures["alarms_right"].items() if both else ():
        for rate, right in rates.items():
            name = f"{level} or more, {100 * float(rate):g} % of cases real"
            yield f"  {name:<48}{right['likely']:>6} ({right['at_worst']} to {right['at_best']})"
    if figures["families"]:
        yield ""
        lost, calmed = "no longer found: at review, contradicted", "honest calmed"
        yield f"{'without the findings of a family':<34}{lost:>48}{calmed:>16}"
        for family, found in figures["families"].items():
            lost = ", ".join(str(found["fronts_lost"][level]) for level in _ALARMS)
            yield f"  {family:<32}{lost:>48}{found['honest_calmed']:>16}"
        yield "  (of the families not named, no case hangs on one alone; below 0: honest ones it keeps quiet)"
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
            off = worst["not_nothing_found"]
            yield f"  worst off: {worst['group']}, {off['found']} of {off['of']} without the plain nothing-found"
            yield f"  what would lift it: {'; '.join(map(_lifting, worst['would_lift'])) or 'not known'}"
        else:
            yield f"  no group of {SMALL} cases or more is worse off than nothing-found"


_LIFTED = {
    "fewer than half of the sources answered": "answers from more of the sources",
    "no source gave a date, and no page of the site could be read": "one dated source, or one page that can be read",
}


def _lifting(lacking: str) -> str:
    """What was lacking, with its count, as what would help.

    >>> _lifting("rdap throttled (3)"), _lifting("history.young-content (1)")
    ('an answer from rdap in place of throttled (3)', 'history.young-content not firing there (1)')
    """
    what, _, count = lacking.rpartition(" (")
    source, _, status = what.partition(" ")
    if what in _LIFTED:
        words = _LIFTED[what]
    elif "." in source:
        words = f"{what} not firing there"
    else:
        words = f"an answer from {source} in place of {status}"
    return f"{words} ({count}"
