"""What the archive is asked for one target, that a refusal raises nothing, and that judging again needs no archive."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import scanner.collect.archive
from scanner.collect.archive import SpentError, Turns
from scanner.collect.captures import MOST
from scanner.dating import TURNS, Dating, Purse, Shared
from scanner.egress import Network, NetworkConfig, Throttled
from scanner.intake import read_case
from scanner.model import Date, Evidence, Finding, Level, Observation, Status
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.rescore import rescore_case
from scanner.session import Session
from scanner.store import ScanRecord, Store
from scanner.world import Event, serve

WORLD = Path(__file__).parent / "worlds" / "continuity"
INDEX = 2  # questions to the archive's index for one target


@dataclass
class Scanned:
    record: ScanRecord
    database: Path
    pool: ParsePool
    asked: list[Event]

    def findings(self, *families: str) -> list[Finding]:
        with Store(self.database, readonly=True) as store:
            return [f for f in store.load_findings(self.record) if f.check_id.startswith(families)]

    def level(self) -> str:
        with Store(self.database, readonly=True) as store:
            return next(str(row["level"]) for row in store.verdicts_of(self.record) if not row["domain"])

    def attempt(self, domain: str, source: str) -> tuple[Status, str]:
        with Store(self.database, readonly=True) as store:
            return next(
                (one.status, one.reason)
                for one in store.attempts(self.record)[domain]
                if one.source == source
            )


@asynccontextmanager
async def scanned(
    case: str, folder: Path, world: Path = WORLD, library: tuple[str, ...] = ()
) -> AsyncIterator[Scanned]:
    async with serve(world) as served, ParsePool(2, preload=PRELOAD) as pool:
        config = NetworkConfig.parse(served.network_toml, world)
        async with Session(config, folder / "f.db", again=True, parse=pool) as session:
            await session.fill_library(library)
            before = len(served.log)
            record = await session.scan(read_case(world / "cases" / f"{case}.yaml").cases[0])
        asked = [event for event in served.log[before:] if event.service == "archive"]
        yield Scanned(record, folder / "f.db", pool, asked)


async def test_no_target_costs_more_than_its_turns_and_judging_again_changes_nothing(tmp_path: Path) -> None:
    async with scanned("young-copied-content", tmp_path, library=("elmsteadplanning.example",)) as done:
        asked = Counter(event.domain for event in done.asked)
        replayed = [event for event in done.asked if "id_/" in event.what]
        # given a target whose text is another site's: two indexes, four captures, and what dates the text
        assert asked["harlowmill.example"] + asked["elmsteadplanning.example"] <= 2 * INDEX + MOST + TURNS
        assert len(replayed) <= MOST + TURNS
        assert done.level() == Level.CONTRADICTED
        for pool in (None, done.pool):
            with Store(done.database) as store:
                change = await rescore_case(store, done.record.case_id, pool)
            assert change is not None
            assert not change.moved, change


@pytest.mark.parametrize("case", ["different-owner", "hidden-address", "bot-wall", "bought-a-shorter-name"])
async def test_a_target_without_likeness_costs_six_turns(case: str, tmp_path: Path) -> None:
    async with scanned(case, tmp_path) as done:
        assert done.asked
        assert max(Counter(event.domain for event in done.asked).values()) <= INDEX + MOST
        with Store(done.database) as store:
            change = await rescore_case(store, done.record.case_id, done.pool)
        assert change is not None
        assert not change.moved, change


async def test_a_throttled_archive_is_typed_and_raises_nothing(tmp_path: Path) -> None:
    world = tmp_path / "world"
    shutil.copytree(WORLD, world)
    yaml = (world / "world.yaml").read_text()
    (world / "world.yaml").write_text(re.sub(r"archive: \[.*\]\n", "archive: {fault: throttled}\n", yaml))
    async with scanned("different-owner", tmp_path, world) as done:
        assert done.attempt("tanneryyard.example", "archive")[0] is Status.THROTTLED
        assert not done.findings("history.other", "history.young", "contact.earlier")


async def test_captures_that_are_refused_leave_the_index_and_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def refuse(*_: object) -> None:
        nonlocal asked
        asked += 1
        raise Throttled("http-429")

    monkeypatch.setattr(scanner.collect.archive, "capture", refuse)
    async with scanned("different-owner", tmp_path) as done:
        assert done.attempt("tanneryyard.example", "archive") == (Status.OK, "partial capture http-429")
        assert asked == 1  # who is told to stay away does not ask again
        assert not done.findings("history.other", "history.young", "contact.earlier")


CAPTURE = Evidence(
    "https://web.archive.org/web/20160301000000id_/http://acme.example/",
    "application/http;msgtype=response",
    datetime(2024, 6, 1, tzinfo=UTC),
    b"HTTP/1.1 200 OK\r\nmemento-datetime: x\r\n\r\n",
)


async def test_who_has_no_turn_left_asks_nothing_and_says_so() -> None:
    sight = ("https://acme.example/", Date("2024"))
    row = Observation(
        "archive", "capture", "200 text/html A http://acme.example/", "archive", Date("2016-03-01T00:00:00Z")
    )
    async with Network(NetworkConfig()) as network:
        dating = Dating(
            network, ParsePool(1), "ours", "other.example", sight[0], "acme.example",
            Shared(np.array([1], dtype=np.uint64), sight, sight), Purse(Turns(0)),
        )  # fmt: skip
        assert await dating.run([row]) == ([], Status.OK, f"partial own limit of {TURNS} questions a target")


async def test_a_capture_that_was_read_before_costs_no_turn() -> None:
    purse = Purse(Turns(0))
    purse.remember([CAPTURE])
    async with Network(NetworkConfig()) as network:
        assert await purse.capture(network, "http://acme.example/", "20160301000000") is CAPTURE
        with pytest.raises(SpentError):
            await purse.capture(network, "http://acme.example/", "20170301000000")
