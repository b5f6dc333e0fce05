"""Running every labelled case of the worlds below a folder, and saying where the verdicts miss their labels."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scanner.egress import ConfigError, NetworkConfig
from scanner.evaluate.dissect import Detail, addresses, dissect
from scanner.intake import read_case
from scanner.model import Level
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.report import document
from scanner.session import Session
from scanner.store import Store
from scanner.world import Label, WorldError, load, serve

ERROR = "error"
CASES_AT_ONCE = 2
"""Cases of one world scanned side by side, each with a database and a network of its own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One labelled case: what it should be, what it was. `level` is `error` when the scan crashed."""

    world: str
    case: str
    campaign: str
    least: str
    most: str
    level: str
    must_missing: tuple[str, ...] = ()
    never_fired: tuple[str, ...] = ()
    reason: str = field(default="", compare=False)
    detail: Detail = field(default_factory=Detail, compare=False)

    @property
    def ok(self) -> bool:
        """Within the bounds and neither list violated; not-enough counts as nothing-found unless a bound names it."""
        if self.level == ERROR or self.must_missing or self.never_fired:
            return False
        level = Level(self.level)
        if level is Level.NOT_ENOUGH and Level.NOT_ENOUGH.value not in (self.least, self.most):
            level = Level.NOTHING_FOUND
        return Level(self.least).rank <= level.rank <= Level(self.most).rank

    def as_dict(self) -> dict[str, Any]:
        return {
            "world": self.world,
            "case": self.case,
            "campaign": self.campaign,
            "least": self.least,
            "most": self.most,
            "level": self.level,
            "ok": self.ok,
            "must_missing": list(self.must_missing),
            "never_fired": list(self.never_fired),
            **({"reason": self.reason} if self.reason else {}),
        }


def worlds_below(folder: Path) -> list[Path]:
    """Folders with a `world.yaml`, in or below `folder`, sorted."""
    return sorted(path.parent for path in folder.rglob("world.yaml"))


def campaigns(worlds: Iterable[Path]) -> dict[str, set[str]]:
    """The registrable domains that the cases of each campaign claim. A world that can't be read has none."""
    found: dict[str, set[str]] = {}
    for world in worlds:
        try:
            labels = load(world).labels
        except WorldError:  # its cases are errors of the evaluation
            continue
        for key, label in labels.items():
            if label.campaign:
                found.setdefault(label.campaign, set()).update(_claimed(world / key))
    return found


def _claimed(case: Path) -> set[str]:
    try:
        cases = read_case(case).cases
    except (OSError, ValueError):
        return set()
    return addresses(claim.url for found in cases for claim in found.claims)


async def evaluate_world(
    world: Path,
    below: Path,
    as_of: datetime | None,
    parse: ParsePool | None = None,
    together: Mapping[str, set[str]] | None = None,
) -> list[Outcome]:
    """Every labelled case of one world, each in an empty database. as_of limits knowledge only.

    parse: workers to use, for many worlds in a row; whoever started them closes them. together: what `campaigns`
    found in all worlds.
    """
    if together is None:
        together = campaigns([world])
    name = world.relative_to(below).as_posix()
    try:
        async with serve(world) as served, workers(parse) as shared:
            config = NetworkConfig.parse(served.network_toml, world)
            gate = asyncio.Semaphore(CASES_AT_ONCE)

            async def one(key: str, label: Label) -> Outcome:
                async with gate:
                    campaign = _claimed(world / key) | together.get(label.campaign, set())
                    means = _Means(world, config, as_of, shared, campaign)
                    return await _case(name, key, label, means)

            return await asyncio.gather(*(one(key, label) for key, label in sorted(served.labels.items())))
    except (WorldError, ConfigError) as error:
        return [Outcome(name, "", "", Level.NOTHING_FOUND.value, Level.KNOWN.value, ERROR, reason=str(error))]


@asynccontextmanager
async def workers(parse: ParsePool | None = None) -> AsyncIterator[ParsePool]:
    """Parse workers for many scans: starting them takes longer than a scan. Those given stay open."""
    if parse is not None:
        yield parse
        return
    async with ParsePool(preload=PRELOAD) as started:
        yield started


@dataclass(frozen=True, slots=True)
class _Means:
    """What the cases of a world are scanned with."""

    world: Path
    config: NetworkConfig
    as_of: datetime | None
    parse: ParsePool
    campaign: set[str]


async def _case(name: str, key: str, label: Label, means: _Means) -> Outcome:
    outcome = Outcome(name, key, label.campaign, label.least, label.most, ERROR)
    with tempfile.TemporaryDirectory(prefix="falsefront-") as folder:
        try:
            level, found, detail = await _scan(label, key, Path(folder) / "findings.db", means)
        except Exception as error:  # a crash is an outcome here, never the end of the evaluation
            return replace(outcome, reason=f"{type(error).__name__}: {error}")
    return replace(
        outcome,
        level=level,
        must_missing=tuple(wanted for wanted in label.must if not _fired(wanted, found)),
        never_fired=tuple(unwanted for unwanted in label.never if _fired(unwanted, found)),
        detail=detail,
    )


async def _scan(label: Label, key: str, database: Path, means: _Means) -> tuple[str, set[str], Detail]:
    """The level of the last case, the ids of its undefeated findings, and its detail; all cases scanned in order."""
    async with Session(means.config, database, as_of=means.as_of, again=True, parse=means.parse) as session:
        if label.library:
            await session.fill_library(label.library)
        for path in (*label.after, key):
            intake = read_case(means.world / path)
            if not intake.cases:
                raise ValueError(
                    "; ".join(f"{p.where}: {p.what}" for p in intake.problems) or f"{path} holds no case"
                )
            record = await session.scan(intake.cases[0])
        knowledge = session.means.knowledge
    with Store(database, readonly=True) as store:
        found = document.of_scan(store, record)
        detail = dissect(store, record, knowledge, means.campaign)
    rows = [row for target in found["targets"] for row in target["findings"]] + found["findings"]
    return found["level"], {row["check_id"] for row in rows if not row["defeated_by"]}, detail


def _fired(pattern: str, found: Iterable[str]) -> bool:
    """A check id, or `family.*`."""
    return any(id == pattern or (pattern.endswith(".*") and id.startswith(pattern[:-1])) for id in found)
