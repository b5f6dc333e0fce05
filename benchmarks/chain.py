"""How close a scan comes to what the network alone makes it wait. Run: `python -m benchmarks.chain [RUNS]`

Five targets of 12 pages each, 80 ms latency a connection and answer, 400 ms more for a registration answer, no
pace. The world runs in a process of its own; every scan too, from a fresh start, so that nothing an earlier one
loaded helps it. Timed is `Session.scan`: from its call to the stored verdict, with the session (imports, workers,
engine, database) already open. Aim: at most 1.3 × the chain.

The chain is taken from the world's own log, for each target, and is the longest path of answers in which each
could only be asked for once the one before had ended:

* a connection after the DNS answers for its host (those the world was asked for by then), a request after its
  connection was made, and after the answer before it on the same connection (2 connections a site, so a path
  never gains from a third);
* a page after the entry page, whose links name it; a registry's RDAP service after the bootstrap that names it,
  the registrar's after the registry's answer that names it; WHOIS likewise.

An answer's weight is what the world held it back for (`waited`), not how long a busy machine took to send it.
Paths don't cross between sources: what one source waits for is no excuse for another. The longest path over all
targets and sources counts. The other column, `any order`, lets every answer for a target depend on every one that
ended before it was asked: an upper bound of what could be called a chain.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import worlds
from benchmarks.table import load, table

TARGETS, PAGES = 5, 12
LATENCY, REGISTRATION = 80, 400  # ms
AIM = 1.3
RUNS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the world's log. Seconds since the world began; host: what was asked, or asked at."""

    start: float
    end: float
    service: str
    what: str
    host: str
    waited: float
    connection: int

    @classmethod
    def of(cls, line: str) -> Answer:
        row = json.loads(line)
        what: str = row["what"]
        host = what.split("/")[2] if "://" in what else row["domain"]
        return cls(row["start"], row["end"], row["service"], what, host, row["waited"], row["connection"])


Needs = Callable[[Answer, Answer], bool]


def longest(answers: Iterable[Answer], needs: Needs) -> float:
    """Seconds waited along the longest path in which each answer needs the one before it."""
    best: list[tuple[Answer, float]] = []
    for answer in sorted(answers, key=lambda answer: answer.start):
        before = [
            length for earlier, length in best if earlier.end <= answer.start and needs(answer, earlier)
        ]
        best.append((answer, answer.waited + max(before, default=0.0)))
    return max((length for _, length in best), default=0.0)


def named(answers: Sequence[Answer]) -> list[Answer]:
    """Connections carry no name in the log: they get the host of the first request on them; one without a
    request is a look at a certificate, of a host that the log doesn't tell."""
    hosts: dict[int, str] = {}
    for answer in answers:
        if answer.connection and answer.host:
            hosts.setdefault(answer.connection, answer.host)
    return [
        Answer(
            a.start, a.end, a.service, a.what, a.host or hosts.get(a.connection, ""), a.waited, a.connection
        )
        for a in answers
    ]


def belongs(answer: Answer, domain: str) -> bool:
    """Whether this is about the target: asked of its hosts, or its name asked of a service."""
    return answer.host == domain or answer.host.endswith("." + domain) or f"/{domain}" in answer.what


def must_follow(later: Answer, earlier: Answer) -> bool:
    """The definition at the head of this file, but for time, which `longest` looks at."""
    if earlier.service == "dns":
        return later.service == "connect" and later.host == earlier.host
    if earlier.connection == later.connection:
        return True
    if earlier.service == "connect" or later.service not in ("dns", "connect", "http", "rdap"):
        return False
    if earlier.service == "http" and earlier.what.endswith("/rdap/dns.json"):
        return "rdap." in later.host
    if earlier.service == "rdap":
        return later.host != earlier.host and "rdap." in later.host
    is_entry = earlier.service == "http" and earlier.what.partition("://")[2].count("/") == 1
    return is_entry and earlier.what.endswith("/") and later.host == earlier.host


def chain(answers: Sequence[Answer], domains: Sequence[str], needs: Needs = must_follow) -> float:
    """The longest chain over the targets, in seconds."""
    everything = named(answers)
    shared = [a for a in everything if a.host and not any(belongs(a, domain) for domain in domains)]
    return max(
        longest([*shared, *(a for a in everything if belongs(a, domain))], needs) for domain in domains
    )


# ------------------------------------------------------------------------------------------- one scan


async def _scan(network: Path, case: Path, database: Path) -> tuple[float, float]:
    from scanner.egress import NetworkConfig
    from scanner.intake import read_case
    from scanner.session import Session

    claims = read_case(case).cases[0]
    async with Session(NetworkConfig.load(network), database) as session:
        cpu, begin = time.process_time(), time.perf_counter()
        await session.scan(claims)
        return time.perf_counter() - begin, time.process_time() - cpu


def one(network: Path, case: Path, database: Path) -> tuple[float, float]:
    """Seconds of a scan in a fresh process: on the clock, and of its main process' CPU time."""
    command = [sys.executable, "-m", "benchmarks.chain", "--one", str(network), str(case), str(database)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall, cpu = json.loads(done.stdout)
    return float(wall), float(cpu)


def main() -> None:
    if "--one" in sys.argv:
        print(json.dumps(asyncio.run(_scan(*map(Path, sys.argv[2:5])))))
        return
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as name:
        for registrar in (True, False):
            rows += measured(Path(name) / str(registrar), runs, registrar)
    head = ("hops", "scan s", "chain s", "ratio", "any order s", "ratio", "main CPU s", "answers of sites")
    table(head, rows)
    for hops in (row[0] for row in rows[::runs]):
        ratios = [float(str(row[3])) for row in rows if row[0] == hops]
        print(f"{hops}: median ratio {statistics.median(ratios):.2f}, aim <= {AIM} ({load()})")


def measured(folder: Path, runs: int, registrar: bool) -> list[list[object]]:
    """Rows of the table: one world, so many scans of its case."""
    domains = worlds.world(
        folder / "world",
        TARGETS,
        PAGES,
        latency_ms=LATENCY,
        registration_ms=REGISTRATION,
        registrar=registrar,
    )
    rows: list[list[object]] = []
    with worlds.served(folder / "world") as (network, log):
        for number in range(runs):
            seen = log.stat().st_size
            wall, cpu = one(network, folder / "world" / "cases" / "all.yaml", folder / f"{number}.db")
            with log.open("rb") as file:
                file.seek(seen)
                answers = [Answer.of(line) for line in file.read().decode().splitlines()]
            strict, loose = chain(answers, domains), chain(answers, domains, lambda later, earlier: True)
            pages = sum(a.service == "http" and a.host in domains for a in answers)
            hops = "registry, registrar" if registrar else "registry alone"
            rows.append([hops, wall, strict, wall / strict, loose, wall / loose, cpu, pages])
    return rows


if __name__ == "__main__":
    main()
