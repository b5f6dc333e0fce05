"""When a case is due, and the lease and quotas that runs share."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.egress.quotas import RATES
from scanner.intake import case_from_urls
from scanner.model import Case, Claim, Date, Period, Role
from scanner.store import Store, leases, lock
from scanner.store.quotas import BUSY, TableQuotas
from scanner.watch import watches
from scanner.watch.schedule import AT_ONCE, ScheduleError, first_due, interval, next_due, retry_due

NOW = datetime(2024, 6, 1, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def test_intervals_are_read_and_nonsense_is_one_line() -> None:
    assert (interval("12h"), interval("7d"), interval(" 2W ")) == (DAY / 2, WEEK, 2 * WEEK)
    for bad in ("0d", "0s", "30m", "7", "-7d", "2y", "9999w", "soon", ""):
        with pytest.raises(ScheduleError) as said:
            interval(bad)
        assert "\n" not in str(said.value)


def test_a_start_in_the_past_is_refused() -> None:
    with pytest.raises(ScheduleError, match="is past"):
        first_due(NOW, WEEK, 0, 1, Date("2024-05-31"))
    assert first_due(NOW, WEEK, 0, 1, Date("2024-06-02")) == NOW.replace(hour=0) + DAY
    # given today, which has begun: now
    assert first_due(NOW, WEEK, 0, 1, Date("2024-06-01")) == NOW


def test_a_long_list_is_spread_and_a_short_one_is_not() -> None:
    short = {first_due(NOW, WEEK, n, AT_ONCE, None) for n in range(AT_ONCE)}
    long = [first_due(NOW, WEEK, n, 500, None) for n in range(500)]
    assert short == {NOW}
    assert long[:AT_ONCE] == [NOW] * AT_ONCE
    assert long == sorted(long)
    assert NOW + DAY / 2 < long[-1] <= NOW + DAY


def test_missed_runs_are_caught_up_once_with_jitter() -> None:
    # given five weeks without a run
    late = [next_due(f"case-{n}", NOW - 5 * WEEK, NOW, WEEK, 3) for n in range(50)]
    # then the next is about a week away, never at once, and not for all at the same time
    assert all(WEEK * 0.9 < due - NOW < WEEK * 1.1 for due in late)
    assert len(set(late)) == 50
    assert next_due("case-1", NOW, NOW, WEEK, 3) == next_due("case-1", NOW, NOW, WEEK, 3)


def test_a_cron_job_that_runs_once_an_interval_scans_every_time() -> None:
    for case, every in (("a", WEEK), ("b", 30 * DAY), ("c", DAY / 2)):
        due = NOW
        for run in range(60):
            now = NOW + run * every
            assert due <= now
            due = next_due(case, due, now, every, run)
            assert due > now + every * 0.4
        # and one that runs all the time scans hardly more often
        early = every - (next_due(case, NOW, NOW, every, 0) - NOW)
        assert timedelta(0) <= early <= min(every * 0.05, timedelta(hours=10))


def test_a_clock_set_back_makes_due_and_starts_the_grid_anew(tmp_path: Path) -> None:
    future = NOW + timedelta(days=400)
    with Store(tmp_path / "f.db") as store:
        watches.add(store, [case_from_urls(["https://acme.example"]).cases[0]], WEEK, NOW)
        (row,) = watches.watches(store)
        # given that the last scan was in what is now the future
        watches.ended(store, row.case_id, future, future + WEEK)
        assert len(watches.due(store, NOW)) == 1
        watches.ended(store, row.case_id, NOW - WEEK, NOW + DAY)
        assert watches.due(store, NOW) == []
        # given a correction by minutes: nothing is scanned twice for it
        watches.ended(store, row.case_id, NOW + timedelta(minutes=5), NOW + WEEK)
        assert watches.due(store, NOW) == []
    assert next_due("c", future + WEEK, NOW, WEEK, 1) < NOW + 2 * WEEK


def test_what_was_added_by_a_clock_ahead_is_scanned_now_and_counts_as_added_now(tmp_path: Path) -> None:
    future = NOW + timedelta(days=900)
    listed = [case_from_urls([f"https://acme{n}.example"]).cases[0] for n in range(AT_ONCE + 10)]
    with Store(tmp_path / "f.db") as store:
        # given a list, and a case with a start that was asked for, added before the clock was set right
        watches.add(store, listed, WEEK, future)
        asked = case_from_urls(["https://later.example"]).cases[0]
        watches.add(store, [asked], WEEK, future, starts=Date("2026-12-24"))
        assert watches.due(store, NOW) == []
        # when a run begins
        watches.date_anew(store, NOW)
        # then the list is due as if it had been added now, and the other keeps its start
        rows = {row.case_id: row for row in watches.watches(store)}
        assert {row.added_at for row in rows.values()} == {NOW}
        assert len(watches.due(store, NOW)) == AT_ONCE + 1
        assert all(NOW <= rows[case.id].due_at <= NOW + DAY for case in listed)
        assert rows[asked.id].due_at == datetime(2026, 12, 24, tzinfo=UTC)
        # and a correction by minutes moves nothing
        watches.date_anew(store, NOW - timedelta(minutes=30))
        assert {row.added_at for row in watches.watches(store)} == {NOW}


def test_failures_are_tried_again_less_and_less_often() -> None:
    waits = [retry_due(NOW, WEEK, n) - NOW for n in range(1, 12)]
    assert waits[0] == timedelta(hours=1)
    assert waits == sorted(waits)
    assert waits[-1] == WEEK


def test_a_case_comes_out_of_the_table_as_it_went_in(tmp_path: Path) -> None:
    claim = Claim(
        Role.EMPLOYER,
        "https://acmesoft.example/",
        "Acme Soft LLC",
        Period(Date("2015-03"), None, True),
        "Austin, TX, US",
    )
    case = Case("cand-0142", "backend engineer", (claim, Claim(Role.PORTFOLIO, "https://jane.example/")))
    with Store(tmp_path / "f.db") as store:
        assert watches.add(store, [case], WEEK, NOW) == (1, 0)
        assert watches.add(store, [case], 2 * WEEK, NOW) == (0, 1)
        (row,) = watches.watches(store)
        assert row.case() == case
        assert (row.every, row.due_at) == (2 * WEEK, NOW)
        # when it is paused nothing is due, when it is removed nothing is watched
        assert watches.pause(store, "cand-0142", NOW)
        assert watches.due(store, NOW) == []
        assert watches.pause(store, "cand-0142", None)
        assert [w.case_id for w in watches.due(store, NOW)] == ["cand-0142"]
        assert watches.remove(store, "cand-0142")
        assert watches.watches(store) == []


def test_a_purged_case_is_no_longer_watched(tmp_path: Path) -> None:
    with Store(tmp_path / "f.db") as store:
        watches.add(store, [case_from_urls(["https://acme.example"]).cases[0]], WEEK, NOW)
        store.conn.execute("delete from cases")
        assert watches.watches(store) == []


def test_one_holder_at_a_time_and_a_dead_one_is_let_go(tmp_path: Path) -> None:
    with Store(tmp_path / "f.db") as store:
        assert leases.take_lease(store, "work", "one/1", 1000.0)
        assert not leases.take_lease(store, "work", "two", 1001.0)
        assert leases.take_lease(store, "work", "one/2", 1002.0)  # of this machine, which holds the lock
        assert leases.take_lease(store, "work", "two", 1002.0 + leases.LEASE + 1)  # one said nothing since
        assert leases.take_lease(store, "work", "three", 10.0)  # the clock was set back
        leases.end_lease(store, "work", "two")  # not its own any more
        assert not leases.take_lease(store, "work", "two", 11.0)


async def test_quotas_are_kept_over_runs(tmp_path: Path) -> None:
    clock = [1000.0]
    database = tmp_path / "f.db"
    with TableQuotas(database, lambda: clock[0]) as one, TableQuotas(database, lambda: clock[0]) as other:
        assert await one.take("rdap:r.example") == 0.0
        assert await other.take("rdap:r.example") == pytest.approx(1.0)
        assert await other.take("rdap:s.example") == 0.0
    # given another run half a second later
    clock[0] += 0.5
    with TableQuotas(database, lambda: clock[0]) as later:
        assert await later.take("rdap:r.example") == pytest.approx(0.5)
        later.penalise("archive:a", 3600)
        assert await later.take("archive:a") == pytest.approx(3600)
    clock[0] += 1800
    with TableQuotas(database, lambda: clock[0]) as last:
        assert await last.take("archive:a") == pytest.approx(1800)
        assert await last.take("rdap:r.example") == 0.0


GREEDY = """
import asyncio, sys
from pathlib import Path
from scanner.store.quotas import TableQuotas

async def main():
    with TableQuotas(Path(sys.argv[1]), lambda: 1000.0) as quotas:
        granted = 0
        for _ in range(40):
            granted += await quotas.take("archive:a.example") == 0.0
        print(granted)

asyncio.run(main())
"""


def test_processes_that_ask_at_the_same_time_share_one_quota(tmp_path: Path) -> None:
    # given two processes that ask at the same moment of a clock that stands still
    with TableQuotas(tmp_path / "f.db"):
        pass
    both = [
        subprocess.Popen(
            [sys.executable, "-c", GREEDY, str(tmp_path / "f.db")], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    # then together they were granted what one would have been: the burst, once
    granted = [int(process.communicate(timeout=120)[0]) for process in both]
    assert sum(granted) == RATES["archive"][1]


async def test_quotas_from_the_future_hold_nobody_up(tmp_path: Path) -> None:
    clock = [10_000_000.0]
    with TableQuotas(tmp_path / "f.db", lambda: clock[0]) as quotas:
        assert await quotas.take("rdap:r.example") == 0.0
        quotas.penalise("ct:c", 80_000)
        clock[0] = 1000.0  # set back by months
        assert await quotas.take("rdap:r.example") <= 1.0
        assert await quotas.take("ct:c") == 0.0


async def test_no_question_goes_out_uncounted_while_the_database_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.store.quotas._WAIT", 0.05)
    database = tmp_path / "f.db"
    with TableQuotas(database) as quotas:
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        assert await quotas.take("rdap:r.example") == BUSY
        quotas.penalise("ct:c", 60)
        await asyncio.sleep(0)
        other.execute("ROLLBACK")
        other.close()
        assert await quotas.take("rdap:r.example") == 0.0
        assert await quotas.take("ct:c") == pytest.approx(60, abs=5)


def test_a_lock_file_that_was_removed_while_it_was_opened_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given that who held it lets go between our opening the file and locking it
    path = tmp_path / "work.lock"
    real = lock._lock
    removed: list[Path] = []

    def late(handle: int) -> None:
        real(handle)
        if not removed:
            path.unlink()
            removed.append(path)

    monkeypatch.setattr(lock, "_lock", late)
    mine = lock.ScanLock(path)
    assert mine.acquire()
    # then ours is the file that others will find
    assert lock.held(path)
    mine.release()
    assert not path.exists()
