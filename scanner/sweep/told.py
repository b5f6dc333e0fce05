"""What a sweep came to, and what it did not look at: one document for terminal and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scanner.sweep.budget import Budget
from scanner.sweep.offline import Fact
from scanner.sweep.rows import OFFLINE, STAGES, Rows, facts_of

SHOWN = 1000  # names in the document; all of them are in the table `sweep_domains`
PROBLEMS = 20


def document(
    rows: Rows, budget: Budget, seconds: Mapping[int, float], stopped: Mapping[int, str]
) -> dict[str, Any]:
    """`{"sweep", "file", "like", "lines": {"read", "domains", "repeated", "rubbish", "problems"}, "stages": [{"stage",
    "budget", "looked_at", "no_answer", "ended", "not_looked_at", "seconds"}], "complete", "domains": [{"domain",
    "line", "level", "case", "facts", "direction", "looked_at", "waits_for", "reason", "registered"}], "more"}`.
    no_answer, ended and not_looked_at: reason -> how many names. seconds: of this run. direction: of a look-alike,
    whether it is `newer` or `older` than the firm, or `undated`; null for other names."""
    head = rows.head()
    stages = [_stage(rows, stage, budget, seconds, stopped) for stage in STAGES]
    found = rows.for_a_person(SHOWN)
    return {
        "sweep": rows.id,
        "file": head["file"],
        "like": json.loads(head["likes"]),
        "lines": {
            "read": head["lines"],
            "domains": rows.count("1"),
            "repeated": head["repeated"],
            "rubbish": head["rubbish"],
            "problems": json.loads(head["problems"]),
        },
        "stages": stages,
        "complete": not rows.count("next > 0"),
        "domains": [_domain(row) for row in found],
        "more": rows.count("rank > 0") - len(found),
    }


def _stage(
    rows: Rows, stage: int, budget: Budget, seconds: Mapping[int, float], stopped: Mapping[int, str]
) -> dict[str, Any]:
    limit = None if stage == OFFLINE else getattr(budget, STAGES[stage])
    asked = rows.count("asked & ? > 0", stage)
    left = rows.count("next = ? and asked & ? = 0", stage, stage)
    why = "budget" if limit is not None and asked >= limit else stopped.get(stage, "stopped")
    return {
        "stage": STAGES[stage],
        "budget": limit,
        "looked_at": rows.count("done & ? > 0", stage),
        "no_answer": rows.reasons("asked & ? > 0 and done & ? = 0", stage, stage),
        # Names for which this was the last stage, by choice: what it said left nothing to look into.
        "ended": rows.reasons(
            "next = 0 and case_id is null and done & ? > 0 and asked < ?", stage, stage * 2
        ),
        "not_looked_at": {why: left} if left else {},
        "seconds": round(seconds[stage], 2) if stage in seconds else None,
    }


def _direction(facts: Sequence[Fact]) -> str | None:
    if not any(fact.kind == "like" for fact in facts):
        return None
    said = next((fact.text for fact in facts if fact.kind == "direction"), "undated")
    return next(word for word in ("newer", "older", "undated") if said.startswith(word))


def _domain(row: Mapping[str, Any]) -> dict[str, Any]:
    facts = facts_of(row["facts"])
    return {
        "domain": row["domain"],
        "line": row["line"],
        "level": row["level"] or None,
        "case": row["case_id"],
        "facts": [fact.as_dict() for fact in facts],
        "direction": _direction(facts),
        "looked_at": [name for bit, name in STAGES.items() if row["done"] & bit],
        "waits_for": STAGES.get(row["next"]),
        "reason": row["reason"],
        "registered": row["registered"] or None,
    }
