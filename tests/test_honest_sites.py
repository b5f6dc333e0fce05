"""Real sites of ordinary firms and people must pass: none may be contradicted, at most one in a hundred looked at."""

from __future__ import annotations

from pathlib import Path

from scanner.evaluate import ERROR, evaluate_world
from scanner.model import Level
from tests.honest_world import build


async def test_real_sites_with_ordinary_records_raise_no_alarm(corpus: Path, tmp_path: Path) -> None:
    # given every ordinary site of the corpus, registered before and seen during the years that are claimed
    cases = build(corpus, tmp_path / "honest")
    assert len(cases) > 100

    # when each is scanned as a candidate's claim
    outcomes = await evaluate_world(tmp_path / "honest", tmp_path, None)

    # then none is contradicted, and at most one in a hundred needs a person
    assert [one.case for one in outcomes if one.level == ERROR] == []
    reached = {
        level: [(one.case, one.detail.alarms) for one in outcomes if Level(one.level).rank >= level.rank]
        for level in (Level.REVIEW, Level.CONTRADICTED)
    }
    assert reached[Level.CONTRADICTED] == []
    assert len(reached[Level.REVIEW]) <= len(cases) // 100, reached[Level.REVIEW]
