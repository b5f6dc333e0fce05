"""How fast labelled worlds are evaluated, and how long judging one target takes.

    python -m benchmarks.evaluate [WORLDS]

WORLDS (300) worlds of two firms each, four pages a site, one labelled case; no pace, no latency; `evaluate` and the
world in one process, as users run it. Then every claimed target of `tests/worlds` that a scan of each case stored is
judged again from memory: the time that all checks take on one target. Aims: at least one case a second on two cores,
at most 20 ms a target.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import worlds
from benchmarks.table import load, table
from scanner.checks import table as checks
from scanner.checks.facts import Scene, Subject
from scanner.evaluate import evaluate_world, workers
from scanner.evaluate.run import Outcome
from scanner.model import Finding

WORLDS = 300
PAGES = 4
LABELS = "\nlabels:\n  cases/all.yaml: {least: nothing-found, most: nothing-found}\n"
TESTS = Path(__file__).parents[1] / "tests" / "worlds"


async def _all(folders: list[Path], below: Path) -> list[Outcome]:
    async with workers() as parse:
        return [one for world in folders for one in await evaluate_world(world, below, None, parse)]


def made(folder: Path, number: int) -> list[Path]:
    found = []
    for index in range(number):
        world = folder / f"w{index}"
        world.mkdir()
        worlds.world(world, 2, PAGES, latency_ms=0, registration_ms=0)
        with (world / "world.yaml").open("a", encoding="utf-8") as file:
            file.write(LABELS)
        found.append(world)
    return found


def timed() -> list[float]:
    """Seconds that all checks took on each target judged from now on; one function is wrapped for it."""
    from scanner import score

    seconds: list[float] = []
    inner = vars(score)["findings"]

    def measured(subject: Subject, scene: Scene) -> tuple[Finding, ...]:
        begin = time.process_time()
        try:
            found: tuple[Finding, ...] = inner(subject, scene)
            return found
        finally:
            seconds.append(time.process_time() - begin)

    vars(score)["findings"] = measured
    return seconds


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    with tempfile.TemporaryDirectory() as name:
        folders = made(Path(name), number)
        begin = time.perf_counter()
        outcomes = asyncio.run(_all(folders, Path(name)))
        spent = time.perf_counter() - begin
    rows = [
        [len(outcomes), sum(one.ok for one in outcomes), round(spent, 1), round(len(outcomes) / spent, 2)]
    ]
    table(("cases", "ok", "s", "cases/s"), rows)
    seconds = timed()
    asyncio.run(_all(sorted(path.parent for path in TESTS.rglob("world.yaml")), TESTS))
    milliseconds = sorted(1000 * one for one in seconds)
    slow = milliseconds[int(len(milliseconds) * 0.95)]
    rows = [
        [
            len(checks()),
            len(seconds),
            *(round(v, 2) for v in (statistics.median(milliseconds), slow, milliseconds[-1])),
        ]
    ]
    table(("checks", "targets judged", "median ms", "p95 ms", "most ms"), rows)
    print(f"aims: >= 1 case/s, <= 20 ms a target ({load()})")


if __name__ == "__main__":
    main()
