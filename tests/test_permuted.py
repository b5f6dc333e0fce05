"""Every labelled case again with other persons, languages and countries: no verdict may move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from scanner.evaluate import ERROR, evaluate_world, workers, worlds_below
from scanner.evaluate.permute import COUNTRIES, permuted
from scanner.parse import ParsePool
from scanner.world import load

WORLDS = Path(__file__).parent / "worlds"
shares_workers = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parse() -> AsyncIterator[ParsePool]:
    """The same workers for all: starting them takes longer than a scan."""
    async with workers() as started:
        yield started


@pytest.mark.parametrize("number", range(len(worlds_below(WORLDS))))
@shares_workers
async def test_no_verdict_moves(parse: ParsePool, number: int, tmp_path: Path) -> None:
    # given a labelled world moved elsewhere; each world by another distance
    world = worlds_below(WORLDS)[number]
    there = tmp_path / "worlds" / world.relative_to(WORLDS)
    there.parent.mkdir(parents=True)
    permuted(world, there, 1 + (5 * number + 2) % (len(COUNTRIES) - 1))
    # when
    outcomes = await evaluate_world(there, tmp_path / "worlds", None, parse)
    # then each case keeps to the levels of its label, as it does at home (`test_worlds`). Single findings may differ:
    # a listed office or authority is known by its real address
    assert len(outcomes) == len(load(world).labels)
    levels = [replace(one, must_missing=(), never_fired=()) for one in outcomes]
    assert [
        f"{one.case}: {one.level} {one.reason}" for one in levels if one.level == ERROR or not one.ok
    ] == []
