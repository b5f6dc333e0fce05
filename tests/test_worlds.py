"""Labelled worlds: each case is an honest oddity or a front, and the verdict must be the one a careful person gives.

The worlds stand in tests/worlds; `falsefront evaluate tests/worlds` shows the same as a table.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio

import scanner.evaluate.run as evaluation
import scanner.world
from scanner.checks import table
from scanner.evaluate import evaluate_world, workers, worlds_below
from scanner.intake import read_case
from scanner.model import Level, Strength
from scanner.parse import ParsePool
from scanner.report import document, html, html_facts
from scanner.store import ScanRecord, Store
from scanner.world import Label, load
from tests.report.wording import faults

WORLDS = Path(__file__).parent / "worlds"
SAMPLE = Path(scanner.world.__file__).parent / "sample"
HONEST = (Level.NOTHING_FOUND, Level.NOT_ENOUGH)


ACCUSING = [check.id for check in table() if check.strength is not Strength.CONTEXT]
# declared as context, and strong where a second layer agrees
ACCUSING.append("seizure.banner")


OF_LISTS = {"known.name-family", "registration.platform"}
"""Checks that set a claimed address against a list of this tool: nothing of it was fetched."""


def ungrounded(data: dict[str, Any]) -> list[str]:
    """The findings of a case that lead to no stored bytes."""
    rows = [row for target in data["targets"] for row in target["findings"]] + data["findings"]
    return [row["check_id"] for row in rows if not row["evidence_ids"] and row["check_id"] not in OF_LISTS]


@cache
def labels() -> dict[str, Label]:
    """Every label of the worlds here and of the sample, by world and case."""
    return {
        f"{world.name}/{key}": label
        for world in (*worlds_below(WORLDS), SAMPLE)
        for key, label in load(world).labels.items()
    }


def named(pattern: str, id: str) -> bool:
    return pattern == id or (pattern.endswith(".*") and id.startswith(pattern[:-1]))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parse() -> AsyncIterator[ParsePool]:
    """The same workers for all worlds: starting them takes longer than a scan."""
    async with workers() as started:
        yield started


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page of any case says that none may: every case's page is made on the way, and read."""
    found: list[str] = []

    def of_scan(store: Store, record: ScanRecord) -> dict[str, Any]:
        data = document.of_scan(store, record)
        page = html.render(data, html_facts.of_scan(store, record))
        found.extend(f"{data['case']}: {fault}" for fault in faults(page))
        found.extend(f"{data['case']}: {id} leads to no evidence" for id in ungrounded(data))
        return data

    monkeypatch.setattr(evaluation, "document", SimpleNamespace(of_scan=of_scan))
    return found


@pytest.mark.parametrize("world", worlds_below(WORLDS), ids=lambda path: path.name)
@pytest.mark.asyncio(loop_scope="module")
async def test_every_label_of_a_world_is_met(world: Path, parse: ParsePool, said: list[str]) -> None:
    outcomes = await evaluate_world(world, WORLDS, None, parse)
    assert not said
    missed = [outcome.as_dict() for outcome in outcomes if not outcome.ok]
    assert not missed
    assert outcomes


@pytest.mark.parametrize("world", worlds_below(WORLDS), ids=lambda path: path.name)
def test_every_case_of_a_world_has_a_label_and_reads_without_a_problem(world: Path) -> None:
    loaded = load(world)
    assert {f"cases/{path.name}" for path in loaded.cases} == set(loaded.labels)
    for path in loaded.cases:
        intake = read_case(path)
        assert len(intake.cases) == 1
        assert not intake.problems


def test_every_check_fires_somewhere() -> None:
    # given labels that are met (tested above and for the sample), a check in `must` has fired undefeated
    fired = {id for label in labels().values() for id in label.must}
    assert {check.id for check in table()} <= fired, "a check without a world in which it fires"
    assert fired <= {check.id for check in table()}, "a label names a check that does not exist"


@pytest.mark.parametrize("id", ACCUSING)
def test_every_accusing_check_has_an_honest_case_that_is_nearly_one(id: str) -> None:
    near = [
        case
        for case, label in labels().items()
        if label.most in HONEST and any(named(pattern, id) for pattern in label.never)
    ]
    assert near, f"no honest case says that {id} must not fire"


def test_honest_cases_and_fronts_are_both_many() -> None:
    honest = [case for case, label in labels().items() if label.most in HONEST]
    fronts = [case for case, label in labels().items() if label.least.rank >= Level.REVIEW.rank]
    assert len(labels()) >= 80
    assert len(honest) >= 45
    assert len(fronts) >= 20


def test_at_least_eight_of_them_are_mills_or_made_up_firms() -> None:
    mills = {"identity.made-up-experience", "identity.mainly-verification", "identity.one-contact-many-firms"}
    found = [c for c, label in labels().items() if mills & set(label.must) and label.most not in HONEST]
    assert len(found) >= 8
