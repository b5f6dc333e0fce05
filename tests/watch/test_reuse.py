"""Young answers are used again, with their first date, in the new scan's own evidence; and it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.intake import read_case
from scanner.model import Case, Status
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.rescore import rescore_case
from scanner.session import Session
from scanner.store import ScanRecord, ScanStatus, Store, keeping
from tests.watch.living import YEAR, on

DOMAIN = "harbourlinenworks.com"
SOURCES = {"rdap", "ct", "archive", "tls"}


def case(name: str = "quiet") -> Case:
    return read_case(YEAR / "cases" / f"{name}.yaml").cases[0]


async def scan(
    database: Path,
    parse: ParsePool,
    day: str,
    what: Case | None = None,
    *,
    fresh: bool = False,
    passive: bool = False,
) -> tuple[ScanRecord, set[str]]:
    """The scan, and the sources that were really asked."""
    async with (
        on(day) as (config, log),
        Session(config, database, choice=Choice(passive), again=True, fresh=fresh, parse=parse) as session,
    ):
        record = await session.scan(what or case())
        return record, {event.service for event in log}


def reused(database: Path, record: ScanRecord) -> set[str]:
    with Store(database, readonly=True) as store:
        rows = store.attempts(record)[DOMAIN]
    assert all(row.status.answered for row in rows if row.reason.startswith("reused"))
    return {row.source for row in rows if row.reason.startswith("reused")}


@pytest.mark.asyncio(loop_scope="module")
async def test_young_answers_are_used_again_and_old_ones_are_not(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    # given a first scan, one three days and one ten days later
    first, asked = await scan(database, parse, "2024-01-08")
    assert reused(database, first) == set()
    soon, asked_soon = await scan(database, parse, "2024-01-11")
    later, _ = await scan(database, parse, "2024-01-18")
    # then the second has everything but DNS and pages from the first, the third only the archive's answer
    assert reused(database, soon) == SOURCES
    assert reused(database, later) == {"archive"}
    assert asked_soon < asked
    assert soon.status is later.status is ScanStatus.COMPLETE
    # and the copies lie in the new scan's file, with the date on which they first came
    with Store(database, readonly=True) as store:
        for record in (soon, later):
            rows = list(store.evidence_of(record, DOMAIN))
            copies = [row for row in rows if row.source in reused(database, record)]
            assert copies
            assert {f"{row.evidence.fetched_at:%Y-%m-%d}" for row in copies} == {"2024-01-08"}
            files = store.conn.execute(
                "select distinct warc_file from evidence where scan_id = ?", (record.id,)
            )
            assert files.fetchall() == [(record.warc_file,)]
        # and the same observations were read from them
        assert _facts(store, first) == _facts(store, soon)
        levels = [[row["level"] for row in store.verdicts_of(record)] for record in (first, soon, later)]
        assert levels[0] == levels[1] == levels[2]
    with Store(database) as store:
        assert not (await rescore_case(store, "quiet", parse, None)).moved  # type: ignore[union-attr]


def _facts(store: Store, record: ScanRecord) -> set[tuple[str, str, str, str]]:
    return {
        (row.kind, row.name, row.value, str(row.starts))
        for row in store.observations(record, DOMAIN)
        if row.source in SOURCES
    }


@pytest.mark.asyncio(loop_scope="module")
async def test_fresh_asks_everything_and_an_answer_from_the_future_is_not_used(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    await scan(database, parse, "2024-01-10")
    fresh, _ = await scan(database, parse, "2024-01-11", fresh=True)
    assert reused(database, fresh) == set()
    # given a clock that was set back
    back, _ = await scan(database, parse, "2024-01-08")
    assert reused(database, back) == set()


@pytest.mark.asyncio(loop_scope="module")
async def test_another_claim_asks_the_archive_again_and_the_registry_not(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    await scan(database, parse, "2024-01-08")
    # given another candidate who claims another page of the same firm
    other = Case("other", "", tuple(
        type(claim)(claim.role, claim.url + "team", claim.organisation) for claim in case().claims
    ))  # fmt: skip
    record, _ = await scan(database, parse, "2024-01-09", other)
    assert reused(database, record) == {"rdap", "ct"}


@pytest.mark.asyncio(loop_scope="module")
async def test_that_a_name_is_not_registered_is_asked_again(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    await scan(database, parse, "2024-07-08", case("lapsed"))
    record, _ = await scan(database, parse, "2024-07-09", case("lapsed"))
    with Store(database, readonly=True) as store:
        rows = {row.source: row for row in store.attempts(record)["quernandmillet.org"]}
    assert rows["rdap"].status is Status.ABSENT
    assert not rows["rdap"].reason.startswith("reused")
    assert rows["archive"].reason.startswith("reused")


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_passive_scan_may_not_ask_it_does_not_take_over(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    await scan(database, parse, "2024-01-08")
    # given that the full scan asked the registrar too, and the site for its certificate
    record, _ = await scan(database, parse, "2024-01-09", passive=True)
    assert reused(database, record) == set()
    again, _ = await scan(database, parse, "2024-01-10", passive=True)
    assert reused(database, again) == {"rdap", "ct", "archive"}


@pytest.mark.asyncio(loop_scope="module")
async def test_an_answer_whose_bytes_are_lost_is_asked_for_again(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    first, _ = await scan(database, parse, "2024-01-08")
    (tmp_path / first.warc_file).unlink()
    record, _ = await scan(database, parse, "2024-01-09")
    assert reused(database, record) == set()
    assert record.status is ScanStatus.COMPLETE


@pytest.mark.asyncio(loop_scope="module")
async def test_the_answers_of_a_case_from_elsewhere_are_not_taken_for_ours(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    await scan(database, parse, "2024-01-08")
    # given that the case had been opened from a bundle, and another one names the same site
    with Store(database) as store:
        keeping.note(store, "open", "quiet")
    other = Case("other", "", case().claims)
    record, _ = await scan(database, parse, "2024-01-09", other)
    assert reused(database, record) == set()
    again, _ = await scan(database, parse, "2024-01-10", other)
    assert reused(database, again) == SOURCES


@pytest.mark.asyncio(loop_scope="module")
async def test_a_weekly_watch_that_comes_some_hours_early_asks_the_registry_each_time(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    await scan(database, parse, "2024-01-08T12:00:00Z")
    # given one scan six days and a bit later, and one nearly seven days after the first
    soon, _ = await scan(database, parse, "2024-01-14T20:00:00Z")
    assert reused(database, soon) == SOURCES
    week, _ = await scan(database, parse, "2024-01-15T03:00:00Z")
    assert reused(database, week) == {"archive"}
