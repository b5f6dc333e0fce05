"""From cold: of how many copies in labelled worlds the original is found, with how much known beforehand.

    python -m benchmarks.cold [DIR]

A copy is a labelled case that must give `copy.later-copy` or `copy.undated-likeness`; its original is the site its
label puts into the library, the one of the case it comes after, the one claimed beside it, or else (where only leads
can find it) any other site of the world. Found means: the scan
wrote down shared text of the two (strong or partial). Each line starts with an empty database:

  cold      an empty library: leads left in the pages, and the case's own sites
  address   one address more, as a person pastes it into `compare`
  library   the originals in the library

Prints a line a copy and the shares. `--json` gives the same as one document.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.table import load, table
from scanner.egress import NetworkConfig
from scanner.intake import case_from_urls, read_case
from scanner.model import Case
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.plan import plan_case
from scanner.report import document
from scanner.session import Session
from scanner.store import Store
from scanner.world import Label, serve
from scanner.world import load as load_world

COPY = {"copy.later-copy", "copy.undated-likeness"}
MEANS = ("cold", "address", "library")
ALIKE = ("strong", "partial")


@dataclass(frozen=True, slots=True)
class Copy:
    """A labelled copy: the world, the case, the copy's domain, and the domains its text may come from."""

    world: Path
    name: str
    case: Case
    front: str
    originals: tuple[str, ...]


def copies_in(folder: Path) -> list[Copy]:
    """The labelled copies of every world in or below a folder."""
    found = []
    for file in sorted(folder.rglob("world.yaml")):
        world = load_world(file.parent)
        for name, label in world.labels.items():
            if COPY & set(label.must):
                copy = _copy(file.parent, name, label, sorted(world.domains))
                found += [copy] if copy is not None else []
    return found


def _copy(world: Path, name: str, label: Label, everybody: Sequence[str]) -> Copy | None:
    case = read_case(world / name).cases[0]
    claimed = _domains([case])
    before = [read_case(world / other).cases[0] for other in label.after]
    originals = [*label.library, *_domains(before)] or claimed[1:]
    originals = originals or [domain for domain in everybody if domain not in claimed]
    front = next((domain for domain in claimed if domain not in originals), "")
    return Copy(world, name, case, front, tuple(originals)) if front and originals else None


def _domains(cases: Iterable[Case]) -> list[str]:
    return [target.domain for case in cases for target in plan_case(case).targets]


async def measured(copies: Sequence[Copy]) -> list[tuple[Copy, dict[str, bool]]]:
    """For each copy, with which means its original was found."""
    rows = []
    async with ParsePool(2, preload=PRELOAD) as pool:
        for world in dict.fromkeys(copy.world for copy in copies):
            async with serve(world) as served:
                config = NetworkConfig.parse(served.network_toml, world)
                for copy in (one for one in copies if one.world == world):
                    rows.append((copy, await _each(copy, config, pool)))
    return rows


async def _each(copy: Copy, config: NetworkConfig, pool: ParsePool) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for means in MEANS:
        original = await _found(copy, means, config, pool)
        found[means] = bool(original)
        if original and len(copy.originals) > 1:  # the address a person would paste
            copy = replace(copy, originals=(original, *(one for one in copy.originals if one != original)))
    return found


async def _found(copy: Copy, means: str, config: NetworkConfig, pool: ParsePool) -> str:
    """The original that the scan found, "" where it found none."""
    case = copy.case
    if means == "address":
        case = case_from_urls([f"https://{copy.front}/", f"https://{copy.originals[0]}/"]).cases[0]
    async with _session(config, pool) as (session, database):
        if means == "library":
            await session.fill_library(copy.originals)
        record = await session.scan(case)
        with Store(database, readonly=True) as store:
            targets = document.of_scan(store, record)["targets"]
    pairs = [pair for target in targets if target["domain"] == copy.front for pair in target["shared"]]
    met = [str(pair["domain"]) for pair in pairs if pair["kind"] in ALIKE]
    return next((domain for domain in met if domain in copy.originals), "")


@asynccontextmanager
async def _session(config: NetworkConfig, pool: ParsePool) -> AsyncIterator[tuple[Session, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "f.db"
        async with Session(config, database, again=True, parse=pool) as session:
            yield session, database


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("tests/worlds"))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = asyncio.run(measured(copies_in(given.folder)))
    shares = {means: sum(found[means] for _, found in rows) / max(len(rows), 1) for means in MEANS}
    if given.json:
        cases = [{"case": f"{copy.world.name}/{copy.name}", **found} for copy, found in rows]
        print(json.dumps({"cases": cases, "shares": shares}, indent=1))
        return
    table(
        ["copy", *MEANS],
        [
            [f"{copy.world.name}/{copy.name}", *("yes" if found[means] else "-" for means in MEANS)]
            for copy, found in rows
        ]
        + [[f"share of {len(rows)}", *(shares[means] for means in MEANS)]],
    )
    print(load())


if __name__ == "__main__":
    main()
