"""Running every labelled case of the worlds below a folder, and saying where the verdicts miss their labels."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scanner.egress import ConfigError, NetworkConfig
from scanner.intake import read_case
from scanner.model import Level
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.report import document
from scanner.session import Session
from scanner.store import Store
from scanner.world import Label, WorldError, serve

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


async def evaluate_world(
    world: Path, below: Path, as_of: datetime | None, parse: ParsePool | None = None
) -> list[Outcome]:
    """Every labelled case of one world, each in an empty database. as_of limits knowledge only.

    parse: workers to use, for many worlds in a row; whoever started them closes them.
    """
    name = world.relative_to(below).as_posix()
    try:
        async with serve(world) as served, workers(parse) as shared:
            config = NetworkConfig.parse(served.network_toml, world)
            gate = asyncio.Semaphore(CASES_AT_ONCE)

            async def one(key: str, label: Label) -> Outcome:
                async with gate:
                    return await _case(name, world, key, label, config, as_of, shared)

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


async def _case(
    name: str,
    world: Path,
    key: str,
    label: Label,
    config: NetworkConfig,
    as_of: datetime | None,
    parse: ParsePool,
) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="falsefront-") as folder:
        try:
            level, found = await _scan(world, label, key, Path(folder) / "findings.db", config, as_of, parse)
        except Exception as error:  # a crash is an outcome here, never the end of the evaluation
            level, found = ERROR, set()
            reason = f"{type(error).__name__}: {error}"
        else:
            reason = ""
    return Outcome(
        name,
        key,
        label.campaign,
        label.least,
        label.most,
        level,
        tuple(wanted for wanted in label.must if not _fired(wanted, found)) if level != ERROR else (),
        tuple(unwanted for unwanted in label.never if _fired(unwanted, found)),
        reason,
    )


async def _scan(
    world: Path,
    label: Label,
    key: str,
    database: Path,
    config: NetworkConfig,
    as_of: datetime | None,
    parse: ParsePool,
) -> tuple[str, set[str]]:
    """The level of the last case and the ids of its undefeated findings, all cases scanned in order."""
    async with Session(config, database, as_of=as_of, again=True, parse=parse) as session:
        if label.library:
            await session.fill_library(label.library)
        for path in (*label.after, key):
            intake = read_case(world / path)
            if not intake.cases:
                raise ValueError(
                    "; ".join(f"{p.where}: {p.what}" for p in intake.problems) or f"{path} holds no case"
                )
            record = await session.scan(intake.cases[0])
    with Store(database, readonly=True) as store:
        found = document.of_scan(store, record)
    rows = [row for target in found["targets"] for row in target["findings"]] + found["findings"]
    return found["level"], {row["check_id"] for row in rows if not row["defeated_by"]}


def _fired(pattern: str, found: Iterable[str]) -> bool:
    """A check id, or `family.*`."""
    return any(id == pattern or (pattern.endswith(".*") and id.startswith(pattern[:-1])) for id in found)


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Counts over all cases: met labels, crashes, and false alarms among cases that may at most find nothing."""
    honest = [o for o in outcomes if o.most in (Level.NOTHING_FOUND.value, Level.NOT_ENOUGH.value)]
    fronts = [
        o for o in outcomes if o.least in (Level.REVIEW.value, Level.CONTRADICTED.value, Level.KNOWN.value)
    ]

    def reached(cases: Sequence[Outcome], level: Level) -> int:
        return sum(o.level != ERROR and Level(o.level).rank >= level.rank for o in cases)

    return {
        "cases": len(outcomes),
        "ok": sum(o.ok for o in outcomes),
        "errors": sum(o.level == ERROR for o in outcomes),
        "honest": len(honest),
        "honest_at_review": reached(honest, Level.REVIEW),
        "honest_at_contradicted": reached(honest, Level.CONTRADICTED),
        "fronts": len(fronts),
        "fronts_at_review": reached(fronts, Level.REVIEW),
        "fronts_at_contradicted": reached(fronts, Level.CONTRADICTED),
    }
