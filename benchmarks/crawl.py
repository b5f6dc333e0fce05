"""Our crawl beside one that only fetches. Run: `python -m benchmarks.crawl [ROUNDS]`

The pages of ../shared/corpus/sites come from a plain server in a process of its own, each site under several names;
once as they are (most links lead to files that are not there: short 404s), once gathered (all answers are real
pages; see `benchmarks.corpus`). We crawl them as a batch of cases does (website source alone): pages chosen,
robots.txt asked, every answer written as evidence, read in worker processes, stored as observations, checks run and
verdicts stored; politeness off. Then a bare Scrapy spider (2.19's defaults, no delay, robots off) fetches exactly
the addresses that ours fetched and does nothing with them, at the same concurrency; once on Twisted's reactor, which
is the default, once on asyncio alone.

Each runs in a fresh process, timed from its first request: our scans from `Session.scan_all` to the last stored
verdict, the spider from `spider_opened` to `spider_closed`. Aim: at least as fast, better twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import need_corpus
from benchmarks.plain import sites
from benchmarks.table import load, table

COPIES = {"as they are": 6, "gathered": 20}
ROUNDS = 3
CONCURRENT = 16  # ours: 8 sites at once, 2 answers each
ADDRESSES = 6
"""Of one case: a batch of résumés, none of which names two copies of a site."""


async def ours(network: Path, database: Path, hosts: list[str]) -> dict[str, float]:
    """Seconds on the clock, of our main process' CPU and of its workers', of a scan of every site."""
    from scanner.egress import NetworkConfig
    from scanner.model import Case, Claim, Date, Period, Role
    from scanner.plan import Choice
    from scanner.session import Session

    period = Period(Date("2015-03"), Date("2019-06"))
    claims = [Claim(Role.EMPLOYER, f"http://{host}/", host, period) for host in hosts]
    cases = [
        Case(f"crawl{at}", claims=tuple(claims[at : at + ADDRESSES]))
        for at in range(0, len(claims), ADDRESSES)
    ]
    choice = Choice(without=frozenset(("dns", "rdap", "whois", "tls", "ct", "archive")))
    async with Session(NetworkConfig.load(network), database, choice=choice) as session:
        session.means.shelf = None  # what the library does is measured by itself (`benchmarks.library`)
        workers, cpu, begin = cpu_of_children(), time.process_time(), time.perf_counter()
        await session.scan_all(cases)
        seconds = time.perf_counter() - begin
        return {"seconds": seconds, "cpu": time.process_time() - cpu, "workers": cpu_of_children() - workers}


def cpu_of_children() -> float:
    """Seconds of CPU time of the processes this one started and that still run; 0 where /proc isn't there."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.0


def child(*arguments: str) -> dict[str, float]:
    """What a fresh process prints, as JSON on its last line."""
    done = subprocess.run([sys.executable, "-m", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextlib.contextmanager
def server(folder: Path, which: str) -> Iterator[Path]:
    """The plain server in a process of its own; gives its network file."""
    network = folder / "network.toml"
    command = [sys.executable, "-m", "benchmarks.plain", which, str(COPIES[which]), str(network)]
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


def round_of(folder: Path, network: Path, which: str) -> list[object]:
    """A row of the table."""
    database, urls = folder / f"{time.monotonic_ns()}.db", folder / "urls.txt"
    mine = child("benchmarks.crawl", "--ours", str(network), str(database), which)
    addresses = fetched(database, network)
    urls.write_text("\n".join(addresses), encoding="utf-8")
    bare = [child("benchmarks.bare", str(urls), str(CONCURRENT), mode) for mode in ("reactor", "asyncio")]
    assert all(other["answers"] == len(addresses) for other in bare), bare
    rates = [len(addresses) / figures["seconds"] for figures in (mine, *bare)]
    share = 1000 / len(addresses)
    return [
        which,
        len(addresses),
        *map(round, rates),
        rates[0] / rates[1],
        rates[0] / rates[2],
        mine["cpu"] * share,
        mine["workers"] * share,
    ]


def main() -> None:
    if "--ours" in sys.argv:
        network, database, which = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
        hosts = list(sites(which, COPIES[which]))
        dealt = [host for copy in range(COPIES[which]) for host in hosts[copy :: COPIES[which]]]
        print(json.dumps(asyncio.run(ours(network, database, dealt))))
        return
    need_corpus()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    rows: list[list[object]] = []
    for which in COPIES:
        with tempfile.TemporaryDirectory() as name, server(Path(name), which) as network:
            rows += [round_of(Path(name), network, which) for _ in range(rounds)]
    head = (
        "pages",
        "answers",
        "ours /s",
        "Scrapy /s",
        "on asyncio /s",
        "ratio",
        "to asyncio",
        "our ms",
        "workers' ms",
    )
    table(head, rows)
    for which in COPIES:
        ratios = [float(str(row[5])) for row in rows if row[0] == which]
        print(
            f"{which}: median ratio to Scrapy as it comes {statistics.median(ratios):.2f}, aim >= 1 ({load()})"
        )


if __name__ == "__main__":
    main()
