"""How fast stored scans are judged again. Run: `python -m benchmarks.rescore [CASES]`

`from observations`: CASES cases of five firms, scanned once in a world without latency (every source, 12 pages a
site), then judged again by what `falsefront rescore` calls. `from evidence`: real pages (`benchmarks.corpus`,
gathered), crawled once from a plain server, then parsed again in two workers and judged (`rescore --observe`).
Timed in a fresh process, imports and the workers' start excluded. Aims: 5,000 targets a minute, 500 pages/s.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import worlds
from benchmarks.corpus import need_corpus
from benchmarks.crawl import child, server
from benchmarks.table import load, table

CASES, FIRMS, PAGES = 30, 5, 12
ROUNDS = 3


async def scanned(network: Path, database: Path, cases: list[list[str]]) -> None:
    """Scans the cases, without the library: what it says is stored like any other observation."""
    from scanner.egress import NetworkConfig
    from scanner.model import Case, Claim, Date, Period, Role
    from scanner.session import Session

    period = Period(Date("2015-03"), Date("2019-06"))
    async with Session(NetworkConfig.load(network), database) as session:
        session.means.shelf = None
        for number, domains in enumerate(cases):
            claims = tuple(Claim(Role.EMPLOYER, f"https://{domain}/", domain, period) for domain in domains)
            await session.scan(Case(f"case{number}", claims=claims))


async def again(database: Path, observe: bool) -> dict[str, float]:
    """Seconds it took, with the number of cases, targets and pages that were judged again."""
    from scanner.observe import PRELOAD
    from scanner.parse import ParsePool
    from scanner.reread import AHEAD
    from scanner.rescore import rescore_cases
    from scanner.store import Store

    with Store(database) as store:
        async with ParsePool(workers=2, preload=PRELOAD, ahead=AHEAD) as pool:
            await pool.ready()
            names = [str(row["id"]) for row in store.cases()]
            begin = time.perf_counter()
            async for change in rescore_cases(store, names, pool if observe else None):
                assert not change.moved, change
            seconds = time.perf_counter() - begin
        counts = {
            table: store.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("scan_targets", "pages", "observations", "findings")
        }
    return {"seconds": seconds, "cases": len(names), **counts}


def rows_of(label: str, database: Path, observe: bool) -> list[list[object]]:
    rows: list[list[object]] = []
    for _ in range(ROUNDS):
        done = child("benchmarks.rescore", "--again", str(database), "observe" if observe else "")
        counts = [int(done[name]) for name in ("cases", "scan_targets", "pages", "observations", "findings")]
        minute, second = done["scan_targets"] / done["seconds"] * 60, done["pages"] / done["seconds"]
        rows.append([label, *counts, done["seconds"], round(minute), round(second) if observe else "-"])
    return rows


def main() -> None:
    if "--again" in sys.argv:
        print(json.dumps(asyncio.run(again(Path(sys.argv[2]), sys.argv[3] == "observe"))))
        return
    need_corpus()
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        domains = worlds.world(folder / "world", cases * FIRMS, PAGES, latency_ms=0, registration_ms=0)
        with worlds.served(folder / "world") as (network, _):
            by_case = [domains[at : at + FIRMS] for at in range(0, len(domains), FIRMS)]
            asyncio.run(scanned(network, folder / "world.db", by_case))
        with server(folder, "gathered") as network:
            child("benchmarks.crawl", "--ours", str(network), str(folder / "pages.db"), "gathered")
        rows = rows_of("from observations", folder / "world.db", False)
        rows += rows_of("from evidence", folder / "pages.db", True)
    head = ("", "cases", "targets", "pages", "observations", "findings", "s", "targets/min", "pages/s")
    table(head, rows)
    print(f"aims: 5000 targets a minute from observations, 500 pages/s from evidence ({load()})")


if __name__ == "__main__":
    main()
