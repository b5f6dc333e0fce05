"""How fast the store takes a scan in and gives it back. Run: `python benchmarks/store.py [TARGETS]`

Pages are those of ../shared/corpus/sites where that folder is there, else made up at the same size. The
longest pause of the loop is measured while the writing thread is busy: the promise is 50 ms.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scanner.model import (
    Case,
    Claim,
    Date,
    Evidence,
    Family,
    Finding,
    Level,
    Observation,
    Observed,
    Page,
    Role,
    Status,
    Strength,
    Target,
    Verdict,
)
from scanner.store import AsyncStore, ScanRecord, Store

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "sites"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PAGES = 12  # a target
FACTS = 12  # a page
SOURCES = ("dns", "rdap", "tls", "ct", "archive")


def pages() -> list[bytes]:
    found = [path.read_bytes() for path in sorted(CORPUS.glob("**/*.html"))]
    words = [f"word{number}" for number in range(3000)]
    return found or [" ".join(random.Random(n).choices(words, k=3000)).encode() for n in range(100)]


def fetch(domain: str, number: int, body: bytes) -> Evidence:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    request = f"GET /{number} HTTP/1.1\r\nHost: {domain}\r\n\r\n".encode()
    kind = "application/http;msgtype=response"
    return Evidence(f"https://{domain}/{number}", kind, NOW, head + body, request, "198.51.7.1")


def seen(domain: str, number: int, evidence: Evidence) -> Observed:
    facts = tuple(
        Observation(
            "history", "copyright", f"© {number} {i}", "website", Date("2019"), evidence=evidence.digest
        )
        for i in range(FACTS)
    )
    page = Page(evidence.uri, 200, "content", f"Page {number} of {domain}", 400, evidence=evidence.digest)
    return Observed(facts, page=page)


@contextmanager
def timed(what: str, count: int, unit: str, per: float = 1.0) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{what:<46} {count / (time.perf_counter() - started) * per:>12,.0f} {unit}")


async def take_in(store: AsyncStore, targets: list[Target], bodies: list[bytes]) -> ScanRecord:
    case = Case("bench", claims=tuple(target.claims[0] for target in targets))
    scan = await store.call(
        Store.begin_scan, case, targets, as_of=NOW, passive=False, tool_version="0", knowledge_version="0"
    )
    for target in targets:
        for source in SOURCES:
            attempt = store.open_attempt(scan, target.domain, source, NOW)
            answer = Evidence(
                f"dns:{target.domain}?type={source}", "application/dns-message", NOW, b"\0" * 80
            )
            fact = Observation("dns", "a", target.domain, source, evidence=answer.digest)
            store.keep(attempt, answer, Observed((fact,) * 4))
            store.close_attempt(attempt, Status.OK)
        attempt = store.open_attempt(scan, target.domain, "website", NOW)
        for number in range(PAGES):
            evidence = fetch(target.domain, number, bodies[(number * 7 + len(target.domain)) % len(bodies)])
            store.keep(attempt, evidence, seen(target.domain, number, evidence))
            await store.drained()
        store.close_attempt(attempt, Status.OK)
        await asyncio.sleep(0)
    await store.flush()
    return scan


async def longest_pause(running: Callable[[], bool]) -> float:
    longest = 0.0
    while running():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - before - 0.001)
    return longest


async def write(path: Path, targets: list[Target], bodies: list[bytes]) -> ScanRecord:
    async with await AsyncStore.open(path) as store:
        work = asyncio.create_task(take_in(store, targets, bodies))
        pause = asyncio.create_task(longest_pause(lambda: not work.done()))
        with timed("fetches taken in (with facts, pages, rows)", len(targets) * (PAGES + 5), "a second"):
            scan = await work
        print(f"{'longest pause of the loop meanwhile':<46} {await pause * 1000:>12,.0f} ms")
        return await store.call(Store.finish, scan, None, NOW)


def read(path: Path, scan: ScanRecord, targets: list[Target]) -> None:
    with Store(path) as store:
        with timed("targets loaded (facts, attempts)", len(targets), "a minute", 60):
            store.attempts(scan)
            loaded = {
                target.domain: store.observations(scan, target.domain) for target in store.targets(scan)
            }
        found, verdicts = [], []
        for domain, facts in loaded.items():
            found += [judged(domain, facts[number : number + 2]) for number in range(4)]
            verdicts.append(Verdict(domain, Level.REVIEW, 1.0, 6, 6, "Something here needs a person."))
        for again in ("saved", "saved again"):
            with timed(f"targets whose results are {again}", len(targets), "a minute", 60):
                store.save_results(scan, found, verdicts)
        rows = len(targets) * (PAGES + 5)
        with timed("fetches read back from the evidence file", rows, "a second"):
            assert sum(1 for _ in store.evidence_of(scan)) == rows


def judged(domain: str, support: tuple[Observation, ...]) -> Finding:
    made = Finding("history.since", 1, Family.HISTORY, Strength.MEDIUM, "A statement.", support=support)
    return replace(made, domain=domain, innocent="An explanation.", ask="A question?", next_step="A step.")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    names = [f"front{number}.example" for number in range(count)]
    targets = [Target(n, (f"https://{n}/",), (Claim(Role.EMPLOYER, f"https://{n}/"),)) for n in names]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "findings.db"
        scan = asyncio.run(write(path, targets, pages()))
        print(f"{'peak memory after writing':<46} {peak():>12,.0f} MiB")
        read(path, scan, targets)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        print(f"{'on disk':<46} {size / count / 1024:>12,.0f} KiB a target")
    print(f"{'peak memory of the process':<46} {peak():>12,.0f} MiB")


def peak() -> float:
    """Highest resident memory of this process so far, MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
