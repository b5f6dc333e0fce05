"""Many stored scans judged again: in their order, the workers reading ahead, nothing half done when it ends early."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner import reread
from scanner.model import About, Case, Claim, Evidence, Period, Role, Status, Target
from scanner.observe import observe
from scanner.parse import ParsePool
from scanner.reread import AHEAD, read_again
from scanner.rescore import rescore_case, rescore_cases
from scanner.store import EvidenceError, ScanRecord, Store

NOW = datetime(2024, 6, 1, 9, 30, tzinfo=UTC)
SITES = ("norvane.example", "quellbridge.example", "tarnlight.example")
PAGES = 5
CASES = ("a", "b", "c", "d")


@pytest.fixture
async def pool() -> AsyncIterator[ParsePool]:
    async with ParsePool(1, ahead=AHEAD) as running:
        await running.ready()
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Four cases of three sites, as a scan leaves them; what was read of the pages was lost since."""
    with Store(tmp_path / "findings.db") as opened:
        for case in CASES:
            scanned(opened, case)
        opened.conn.execute("delete from observations where kind = 'history'")
        yield opened


def scanned(store: Store, case: str) -> None:
    claims = tuple(Claim(Role.EMPLOYER, f"https://{site}/", site, Period()) for site in SITES)
    targets = [
        Target(site, (f"https://{site}/",), (claim,)) for site, claim in zip(SITES, claims, strict=True)
    ]
    record = store.begin_scan(
        Case(case, claims=claims),
        targets,
        as_of=NOW,
        passive=False,
        tool_version="0.1.0",
        knowledge_version="2024-05",
        planned=[(site, "website") for site in SITES],
    )
    for target in targets:
        attempt = store.open_attempt(record, target.domain, "website", NOW)
        for number in range(PAGES):
            answer = page(target.domain, number, case)
            store.keep(attempt, answer, observe("website", answer, About(target.domain, as_of=NOW)))
        store.close_attempt(attempt, Status.OK)
    store.finish(record)


def page(domain: str, number: int, case: str) -> Evidence:
    html = (
        f"<html><head><title>{domain}</title></head><body><h1>Page {number} for {case}</h1>"
        f"<p>We have built software since {2001 + number} in our own office, {'word ' * 40}</p></body></html>"
    )
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    block = (head + html).encode()
    return Evidence(f"https://{domain}/page{number}", "application/http;msgtype=response", NOW, block)


def statements(store: Store, case: str) -> list[str]:
    """What pages of a case say of a firm's age: only reading them again brings it back."""
    query = """select value from observations join scans on scans.id = scan_id
        where case_id = ? and kind = 'history' order by value"""
    return [value for (value,) in store.conn.execute(query, (case,))]


def record_of(store: Store, case: str) -> ScanRecord:
    record = store.latest_scan(case)
    assert record is not None
    return record


def results(store: Store) -> list[tuple[object, ...]]:
    """What is stored of all cases, but for the numbers of the rows."""
    facts = "select scan_id, target_id, kind, name, value, starts, evidence_id from observations order by 1, 2, 3, 4, 5"
    found = "select scan_id, target_id, check_id, statement, evidence_ids, score from findings order by id"
    told = "select scan_id, target_id, level, score, summary from verdicts order by id"
    return [row for query in (facts, found, told) for row in store.conn.execute(query)]


async def test_all_at_once_they_are_what_they_are_one_by_one(store: Store, pool: ParsePool) -> None:
    together = [change async for change in rescore_cases(store, CASES, pool)]
    first = results(store)
    # given the same cases in the same state again, and each by itself
    store.conn.execute("delete from observations where kind = 'history'")
    alone = [await rescore_case(store, case, pool) for case in CASES]
    assert [change.case for change in together] == list(CASES)
    assert [change and change.after for change in alone] == [change.after for change in together]
    assert all(len(statements(store, case)) == len(SITES) * PAGES for case in CASES)
    assert results(store) == first


async def test_judged_again_it_changes_no_byte(store: Store, pool: ParsePool) -> None:
    assert [change.case async for change in rescore_cases(store, CASES, pool)] == list(CASES)
    before = list(store.conn.iterdump())
    # a case named twice, one that doesn't exist, and without the evidence
    async for change in rescore_cases(store, ["b", "nobody", "a", "b", *CASES], pool):
        assert not change.moved
    async for change in rescore_cases(store, CASES):
        assert not change.moved
    assert list(store.conn.iterdump()) == before
    assert await rescore_case(store, "nobody", pool) is None


async def test_given_evidence_that_is_gone_then_what_comes_before_it_is_stored(
    store: Store, pool: ParsePool
) -> None:
    (store.path.parent / record_of(store, "c").warc_file).unlink()
    changes = rescore_cases(store, CASES, pool)
    assert [(await anext(changes)).case for _ in range(2)] == ["a", "b"]
    with pytest.raises(EvidenceError):
        await anext(changes)
    assert [bool(statements(store, case)) for case in CASES] == [True, True, False, False]
    assert not store.conn.in_transaction


async def test_given_a_run_that_is_ended_then_whole_cases_are_done_and_nothing_goes_on(
    store: Store, pool: ParsePool
) -> None:
    before = asyncio.all_tasks()
    async with aclosing(rescore_cases(store, CASES, pool)) as changes:
        assert (await anext(changes)).case == "a"
    assert asyncio.all_tasks() == before
    assert not store.conn.in_transaction
    # then the next run does the rest
    assert [change.case async for change in rescore_cases(store, CASES, pool)] == list(CASES)
    assert all(len(statements(store, case)) == len(SITES) * PAGES for case in CASES)


async def test_given_a_run_that_is_ended_while_a_case_is_judged_then_its_old_results_stand(
    store: Store, pool: ParsePool
) -> None:
    [_ async for _ in rescore_cases(store, CASES, pool)]
    before = store.conn.execute("select * from verdicts").fetchall()

    async def run() -> None:
        async for _ in rescore_cases(store, CASES):
            pass

    # given a stop at any of the first turns of judging
    for turns in range(1, 6):
        running = asyncio.create_task(run())
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not store.conn.in_transaction
        assert store.conn.execute("select * from verdicts").fetchall() == before


async def test_while_a_case_is_judged_the_next_ones_pages_are_read(store: Store, pool: ParsePool) -> None:
    async with aclosing(read_again(store, [record_of(store, case) for case in CASES], pool)) as read:
        first = await anext(read)
        assert first.case_id == "a"
        # given a case that has been read, and turns as judging gives them
        for _ in itertools.repeat(None):
            await asyncio.sleep(0)
            if not pool._now and not any(worker.held for worker in pool._workers):
                break
        # then those behind it are read, and none of it is stored before its turn
        assert not statements(store, "b")
        assert (await anext(read)).case_id == "b"
        assert statements(store, "b")


@pytest.mark.parametrize(("limit", "most"), [("MOST_PIECES", 3), ("MOST_BYTES", 1000)])
async def test_what_lies_in_memory_is_bounded(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    class Counting(ParsePool):
        """Counts what it was given and has not answered."""

        inside = peak = 0

        async def run(self, function: str, payload: bytes, *, later: bool = False) -> bytes:
            self.inside += 1
            self.peak = max(self.peak, self.inside)
            try:
                return await super().run(function, payload, later=later)
            finally:
                self.inside -= 1

    monkeypatch.setattr(reread, limit, most)
    pool = Counting(1, ahead=AHEAD)
    async with pool:
        assert len([change async for change in rescore_cases(store, CASES, pool)]) == len(CASES)
    # a page is of some 400 bytes: two of them leave no room for a third in 1000
    assert pool.peak == (3 if limit == "MOST_PIECES" else 2)
    assert all(len(statements(store, case)) == len(SITES) * PAGES for case in CASES)
