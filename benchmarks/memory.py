"""Peak memory of a scan, and whether it grows with the targets. Run: `python -m benchmarks.memory [FEW [MANY]]`

A case of FEW targets, then one of MANY, in a world without latency that runs in a process of its own and isn't
counted. Every source, 12 pages a site; no two firms share text (with `--shared`, twenty sites stand under all names,
so that the library finds each of them everywhere). Summed over our processes (main and workers), four times a
second, from /proc/PID/smaps_rollup: PSS, which counts a page that processes share once, and RSS, which counts it in
each. Aims: at most 350 MB for 100 targets, at most 1.1 × that for 1,000. Linux only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import worlds
from benchmarks.table import load, table

FEW, MANY, PAGES = 100, 1000, 12
SECONDS = 0.25  # between two looks


async def _scan(network: Path, case: Path, database: Path) -> float:
    from scanner.egress import NetworkConfig
    from scanner.intake import read_case
    from scanner.session import Session

    claims = read_case(case).cases[0]
    async with Session(NetworkConfig.load(network), database) as session:
        begin = time.perf_counter()
        await session.scan(claims)
        return time.perf_counter() - begin


def family(pid: int) -> list[int]:
    """A process and those it started."""
    found = [pid]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def held(pid: int) -> dict[str, float]:
    """MB of memory of one process: `Pss` and `Rss`; nothing when it is gone."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        fields = [line.split() for line in lines]
        return {row[0][:-1]: int(row[1]) / 1000 for row in fields if row[0] in ("Pss:", "Rss:")}
    return {}


def watched(command: list[str]) -> tuple[dict[str, float], float]:
    """Highest sums seen while a command ran, the main process' and the workers' share of the highest PSS, and the
    seconds that the command printed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = {"Pss": 0.0, "Rss": 0.0, "main": 0.0, "workers": 0.0}
    while process.poll() is None:
        each = [held(pid) for pid in family(process.pid)]
        for kind in ("Pss", "Rss"):
            total = sum(one.get(kind, 0.0) for one in each)
            if kind == "Pss" and total > peak["Pss"]:
                peak["main"], peak["workers"] = each[0].get("Pss", 0.0), total - each[0].get("Pss", 0.0)
            peak[kind] = max(peak[kind], total)
        time.sleep(SECONDS)
    assert process.stdout is not None
    assert process.returncode == 0
    return peak, float(json.loads(process.stdout.read()))


def measured(folder: Path, targets: int, shared: bool) -> list[object]:
    """A row of the table: a world and one scan of it."""
    sites = 20 if shared else targets
    worlds.world(folder / "world", targets, PAGES, latency_ms=0, registration_ms=0, sites=sites)
    with worlds.served(folder / "world") as (network, _):
        case, database = folder / "world" / "cases" / "all.yaml", folder / "findings.db"
        command = [sys.executable, "-m", "benchmarks.memory", "--one", str(network), str(case), str(database)]
        peak, seconds = watched(command)
    size = sum(path.stat().st_size for path in folder.rglob("findings*") if path.is_file()) / 1e6
    return [targets, *(round(peak[kind]) for kind in ("Pss", "main", "workers", "Rss")), round(size), seconds]


def main() -> None:
    if "--one" in sys.argv:
        print(json.dumps(asyncio.run(_scan(*map(Path, sys.argv[2:5])))))
        return
    if not os.path.exists("/proc/self/smaps_rollup"):
        sys.exit("this benchmark reads /proc/PID/smaps_rollup, which only Linux has")
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()] or [FEW, MANY]
    rows = []
    for targets in numbers:
        with tempfile.TemporaryDirectory() as name:
            rows.append(measured(Path(name), targets, "--shared" in sys.argv))
    table(("targets", "peak PSS MB", "main", "workers", "peak RSS MB", "database MB", "scan s"), rows)
    ratio = float(str(rows[-1][1])) / float(str(rows[0][1]))
    print(
        f"aims: <= 350 MB for 100; {numbers[-1]} against {numbers[0]} targets {ratio:.2f}, aim <= 1.1 ({load()})"
    )


if __name__ == "__main__":
    main()
