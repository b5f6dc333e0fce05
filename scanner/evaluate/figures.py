"""Counts over labelled cases, with bounds: what is found, what is alarmed for nothing, and for whom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from scanner.evaluate.dissect import GROUPS
from scanner.evaluate.run import ERROR, Outcome
from scanner.model import Family, Level

BASE_RATES = (0.002, 0.01, 0.05, 0.2)
"""How many of a hundred cases really hold a front: what an alarm is worth hangs on it."""

ALARMS = (Level.REVIEW, Level.CONTRADICTED)
_QUIET = (Level.NOTHING_FOUND.value, Level.NOT_ENOUGH.value)
_Z = 1.96
SMALL = 5
"""Groups of fewer honest cases are shown and never called the worst: one case would decide."""


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % bounds of a share (Wilson's score interval; Brown, Cai, DasGupta 2001). (0, 1) for none of none.

    >>> tuple(round(bound, 3) for bound in wilson(0, 45))
    (0.0, 0.079)
    """
    if of == 0:
        return 0.0, 1.0
    share, square = found / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(found: int, of: int) -> dict[str, Any]:
    """A count as JSON: `found`, `of`, `share` (null for none of none), `low` and `high`."""
    low, high = wilson(found, of)
    return {
        "found": found,
        "of": of,
        "share": round(found / of, 4) if of else None,
        "low": round(low, 4),
        "high": round(high, 4),
    }


def honest(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Cases in which at most nothing may be found."""
    return [one for one in outcomes if one.most in _QUIET]


def fronts(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Cases in which something has to be found."""
    return [one for one in outcomes if one.least not in _QUIET]


def either(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Cases that hold something which their label lets pass: what one finding alone, or nothing at all, shows."""
    return [one for one in outcomes if one.most not in _QUIET and one.least in _QUIET]


def reached(
    outcomes: Sequence[Outcome], level: Level, of: Callable[[Outcome], str] = lambda o: o.level
) -> int:
    """How many came out at that level or a more serious one; a crash never did."""
    return sum(of(one) != ERROR and Level(of(one)).rank >= level.rank for one in outcomes)


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All figures, JSON-ready. Counts first; see the functions below for the rest."""
    good, bad, missable = honest(outcomes), fronts(outcomes), either(outcomes)
    return {
        "cases": len(outcomes),
        "ok": sum(one.ok for one in outcomes),
        "errors": sum(one.level == ERROR for one in outcomes),
        "must_missing": sum(len(one.must_missing) for one in outcomes),
        "never_fired": sum(len(one.never_fired) for one in outcomes),
        "honest": len(good),
        "honest_at_review": reached(good, Level.REVIEW),
        "honest_at_contradicted": reached(good, Level.CONTRADICTED),
        "fronts": len(bad),
        "fronts_at_review": reached(bad, Level.REVIEW),
        "fronts_at_contradicted": reached(bad, Level.CONTRADICTED),
        "either": len(missable),
        "either_at_review": reached(missable, Level.REVIEW),
        "either_at_contradicted": reached(missable, Level.CONTRADICTED),
        "false_alarms": {level.value: share(reached(good, level), len(good)) for level in ALARMS},
        "recall": _recall(bad),
        "recall_with_either": {
            level.value: share(reached([*bad, *missable], level), len(bad) + len(missable))
            for level in ALARMS
        },
        "alarms_right": _alarms_right(good, bad),
        "families": _families(good, bad),
        "campaign_unknown": _campaign_unknown(bad),
        "groups": _groups(good),
    }


def _recall(bad: Sequence[Outcome]) -> dict[str, Any]:
    """Found at each level of alarm: of all, by the level the label asks for, and by campaign."""
    by: dict[str, dict[str, list[Outcome]]] = {"all": {"": list(bad)}, "label": {}, "campaign": {}}
    for one in bad:
        by["label"].setdefault(one.least, []).append(one)
        if one.campaign:
            by["campaign"].setdefault(one.campaign, []).append(one)
    return {
        kind: {
            name: {level.value: share(reached(cases, level), len(cases)) for level in ALARMS}
            for name, cases in sorted(groups.items())
        }
        for kind, groups in by.items()
    }


def _alarms_right(good: Sequence[Outcome], bad: Sequence[Outcome]) -> dict[str, Any]:
    """Of a hundred alarms, how many would be right, at several base rates.

    `likely` from shares with half a case added on each side (Jeffreys), so that none of forty is not never;
    `at_worst` and `at_best` from the ends of both 95 % intervals.
    """
    found: dict[str, Any] = {}
    for level in ALARMS:
        caught, alarmed = reached(bad, level), reached(good, level)
        low, high = wilson(caught, len(bad)), wilson(alarmed, len(good))
        middle = (caught + 0.5) / (len(bad) + 1), (alarmed + 0.5) / (len(good) + 1)
        found[level.value] = {
            f"{rate:g}": {
                "likely": _right(rate, *middle),
                "at_worst": _right(rate, low[0], high[1]),
                "at_best": _right(rate, low[1], high[0]),
            }
            for rate in BASE_RATES
        }
    return found


def _right(rate: float, recall: float, false: float) -> float:
    right, wrong = rate * recall, (1 - rate) * false
    return round(100 * right / (right + wrong), 1) if right + wrong else 0.0


def _families(good: Sequence[Outcome], bad: Sequence[Outcome]) -> dict[str, Any]:
    """What each family carries: cases whose alarm is gone, or has come, when its findings do not count."""
    found = {}
    for family in Family:

        def without(one: Outcome, name: str = family.value) -> str:
            return one.detail.without_family.get(name, one.level)

        lost = {level.value: reached(bad, level) - reached(bad, level, without) for level in ALARMS}
        calmed = reached(good, Level.REVIEW) - reached(good, Level.REVIEW, without)
        if any(lost.values()) or calmed:
            found[family.value] = {"fronts_lost": lost, "honest_calmed": calmed}
    return found


def _campaign_unknown(bad: Sequence[Outcome]) -> dict[str, Any]:
    """Recall when nothing was known of a case's own campaign: what a new one would meet."""
    cases = [one for one in bad if one.level != ERROR]

    def unknown(one: Outcome) -> str:
        return one.detail.without_campaign or one.level

    by: dict[str, list[Outcome]] = {"all": cases}
    for one in cases:
        if one.campaign:
            by.setdefault(one.campaign, []).append(one)
    return {
        name: {level.value: share(reached(group, level, unknown), len(group)) for level in ALARMS}
        for name, group in by.items()
    }


def _groups(good: Sequence[Outcome]) -> dict[str, Any]:
    """For honest cases: the share of alarms, and of "too little could be seen", by group. `worst` names the group
    where most was not enough, and what was lacking there most often: what would lift it."""
    found: dict[str, Any] = {}
    for kind in GROUPS:
        by: dict[str, list[Outcome]] = {}
        for one in good:
            if one.level != ERROR:
                by.setdefault(one.detail.groups[kind], []).append(one)
        rows = {
            value: {
                "review": share(reached(cases, Level.REVIEW), len(cases)),
                "not_enough": share(sum(o.level == Level.NOT_ENOUGH.value for o in cases), len(cases)),
            }
            for value, cases in sorted(by.items())
        }
        found[kind] = {"values": rows, "worst": _worst(by)}
    return found


def _worst(by: dict[str, list[Outcome]]) -> dict[str, Any] | None:
    big = {value: cases for value, cases in by.items() if len(cases) >= SMALL}
    if not big:
        return None

    def unlucky(cases: Sequence[Outcome]) -> list[Outcome]:
        return [one for one in cases if one.level != Level.NOTHING_FOUND.value]

    value = min(big, key=lambda name: (-len(unlucky(big[name])) / len(big[name]), name))
    left = unlucky(big[value])
    lacking = Counter(reason for one in left for reason in {*one.detail.lacking, *one.detail.alarms})
    ordered = sorted(lacking.items(), key=lambda item: (-item[1], item[0]))
    return (
        {
            "group": value,
            "not_nothing_found": share(len(left), len(big[value])),
            "would_lift": [f"{what} ({count})" for what, count in ordered[:3]],
        }
        if left
        else None
    )
