"""Our crawl beside one that only fetches. Run: `python -m benchmarks.crawl [COPIES [ROUNDS]]`

The sites of ../shared/corpus/sites, each under COPIES names, come from a plain server in a process of its own. We
crawl them as a scan does (website source alone): pages chosen, robots.txt asked, every answer written as evidence,
read in worker processes, stored as observations, checks run and verdicts stored; politeness off. Then a bare Scrapy
spider (2.19's defaults, no delay, robots off) fetches exactly the addresses that ours fetched and does nothing with
them, at the same concurrency; once on Twisted's reactor, which is the default, once on asyncio alone.

Each runs in a fresh process, timed from its first request: our scan from `Session.scan` to the stored verdict, the
spider from `spider_opened` to `spider_closed`. Aim: at least as fast, better twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.plain import CORPUS, sites
from benchmarks.table import load, table

COPIES, ROUNDS = 6, 3
CONCURRENT = 16  # ours: 8 sites at once, 2 answers each


async def ours(network: Path, database: Path, hosts: list[str]) -> dict[str, float]:
    """Seconds on the clock, of our main process' CPU and of its workers', of a scan of every site."""
    from scanner.egress import NetworkConfig
    from scanner.model import Case, Claim, Date, Period, Role
    from scanner.plan import Choice
    from scanner.session import Session

    period = Period(Date("2015-03"), Date("2019-06"))
    case = Case(
        "crawl", claims=tuple(Claim(Role.EMPLOYER, f"http://{host}/", host, period) for host in hosts)
    )
    choice = Choice(without=frozenset(("dns", "rdap", "whois", "tls", "ct", "archive")))
    async with Session(NetworkConfig.load(network), database, choice=choice) as session:
        begin, cpu = time.perf_counter(), time.process_time()
        await session.scan(case)
        return {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}


def child(*arguments: str) -> dict[str, float]:
    """What a fresh process prints, as JSON on its last line."""
    done = subprocess.run([sys.executable, "-m", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextlib.contextmanager
def server(folder: Path, copies: int) -> Iterator[Path]:
    """The plain server in a process of its own; gives its network file."""
    network = folder / "network.toml"
    command = [sys.executable, "-m", "benchmarks.plain", str(CORPUS), str(copies), str(network)]
    process = subprocess.Popen(command)
    try:
        while not network.exists() or not network.read_text(encoding="utf-8").endswith("\n"):
            if process.poll() is not None:
                raise RuntimeError("the plain server did not start")
            time.sleep(0.02)
        yield network
    finally:
        process.terminate()
        process.wait()


def fetched(database: Path, network: Path) -> list[str]:
    """What ours fetched, as addresses of the plain server itself, in the order in which it was stored."""
    port = tomllib.loads(network.read_text(encoding="utf-8"))["routes"]["80"].rpartition(":")[2]
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT uri FROM evidence ORDER BY id").fetchall()
    return [f"http://127.0.0.1:{port}/{uri.removeprefix('http://')}" for (uri,) in rows]


def main() -> None:
    if "--ours" in sys.argv:
        network, database, copies = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
        print(json.dumps(asyncio.run(ours(network, database, list(sites(CORPUS, copies))))))
        return
    if not (CORPUS / "sites" / "sites.jsonl").exists():
        sys.exit(f"{CORPUS / 'sites'} is missing: this benchmark crawls the real pages in it")
    copies, rounds = (*map(int, sys.argv[1:3]), *(COPIES, ROUNDS)[len(sys.argv) - 1 :])
    rows: list[list[object]] = []
    ratios = []
    with tempfile.TemporaryDirectory() as name, server(Path(name), copies) as network:
        for number in range(rounds):
            database, urls = Path(name) / f"{number}.db", Path(name) / f"{number}.txt"
            mine = child("benchmarks.crawl", "--ours", str(network), str(database), str(copies))
            addresses = fetched(database, network)
            urls.write_text("\n".join(addresses), encoding="utf-8")
            bare = [
                child("benchmarks.bare", str(urls), str(CONCURRENT), mode) for mode in ("reactor", "asyncio")
            ]
            assert all(other["answers"] == len(addresses) for other in bare), bare
            rates = [len(addresses) / figures["seconds"] for figures in (mine, *bare)]
            ratios.append(rates[0] / rates[1])
            rows.append(
                [number + 1, len(addresses), *map(round, rates), ratios[-1], rates[0] / rates[2], mine["cpu"]]
            )
    head = (
        "round",
        "answers",
        "ours /s",
        "Scrapy /s",
        "Scrapy asyncio /s",
        "ratio",
        "to asyncio",
        "our main CPU s",
    )
    table(head, rows)
    print(f"median ratio to Scrapy as it comes {statistics.median(ratios):.2f}, aim >= 1 ({load()})")


if __name__ == "__main__":
    main()
