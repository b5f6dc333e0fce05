from __future__ import annotations

from typing import Any

import pytest

from scanner.report.arithmetic import lines


def row(check: str, strength: str, score: float, defeated_by: str = "") -> dict[str, Any]:
    return {
        "check_id": check, "check_version": 1, "family": check.partition(".")[0], "strength": strength,
        "statement": "", "score": score, "defeated_by": defeated_by,
    }  # fmt: skip


def told(level: str, *rows: dict[str, Any], own: tuple[dict[str, Any], ...] = (), score: float = 0.0) -> str:
    target = {
        "domain": "a.example",
        "level": level,
        "score": score,
        "answered": 5,
        "planned": 6,
        "findings": rows,
    }
    lead = target | {"domain": "lead.example", "level": ""}
    return "\n".join(lines({"targets": [target, lead], "findings": own, "level": level, "score": score}))


@pytest.mark.parametrize(
    ("level", "rows", "rule"),
    [
        (
            "contradicted",
            [row("history.a", "decisive", 2.6)],
            "a decisive finding is enough: history.a v1 (history)",
        ),
        (
            "contradicted",
            [row("history.a", "strong", 1.6), row("copy.b", "strong", 1.6)],
            "strong findings of two families: history.a v1 (history), copy.b v1 (copy)",
        ),
        ("review", [row("copy.b", "strong", 1.6)], "a strong finding: copy.b v1 (copy)"),
        (
            "review",
            [row("copy.b", "medium", 0.9), row("mail.c", "medium", 0.9)],
            "medium findings of two families: copy.b v1 (copy), mail.c v1 (mail)",
        ),
        (
            "nothing-found",
            [row("copy.b", "medium", 0.9)],
            "medium findings of one family alone give no level",
        ),
        ("nothing-found", [row("copy.b", "weak", 0.3)], "no strong finding, and no medium ones"),
        ("not-enough", [], "too little was seen"),
        ("known", [row("seizure.s", "decisive", 2.6)], "listed or taken over: seizure.s v1 (seizure)"),
    ],
)
def test_the_rule_that_gave_the_level_is_named(level: str, rows: list[dict[str, Any]], rule: str) -> None:
    assert rule in told(level, *rows)


def test_a_finding_that_is_explained_is_said_not_to_count() -> None:
    text = told(
        "nothing-found", row("history.a", "strong", 1.6, "history.b"), row("history.b", "context", -0.5)
    )
    assert "history.a (strong) does not count: history.b explains it" in text
    assert "1.60" not in text


def test_the_parts_of_a_score_add_up() -> None:
    # given 2.6 + a fifth of 0.9 - a fifth of 0.5
    rows = row("history.a", "decisive", 2.6), row("mail.b", "medium", 0.9), row("contact.c", "context", -0.5)
    text = told("contradicted", *rows, score=2.68)
    assert [
        part in text for part in ("score 2.68", "+2.60  history.a", "+0.18  mail.b", "-0.10  contact.c")
    ] == [True] * 4


def test_a_site_that_was_only_looked_at_has_no_verdict_to_explain() -> None:
    assert "lead.example" not in told("nothing-found")
