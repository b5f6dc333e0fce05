"""A year of weekly scans of eleven sites: alerts exactly where a person would want one.

The clock is the world's: each turn goes to the next moment at which a watch is due, serves the world as it stands then,
and does what cron would do.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from scanner.intake import read_case
from scanner.parse import ParsePool
from scanner.store import Store
from scanner.watch import watches
from scanner.watch.run import Ran, run_due
from tests.watch.living import YEAR, on

START, END = datetime(2024, 1, 8, 6, tzinfo=UTC), datetime(2025, 1, 25, tzinfo=UTC)
CASES = sorted(path.stem for path in (YEAR / "cases").iterdir())
WEEK = timedelta(days=7)
ENDS = {
    "throttled": "2024-03-25", "down": "2024-04-15", "rewritten": "2024-04-15", "busy": "2024-05-01",
    "flapping": "2024-06-20", "moved": "2024-07-01", "sold": "2024-07-15", "seized": "2024-07-15",
    "lapsed": "2024-10-15", "filled": "2025-01-01",
}  # fmt: skip
"""Stories that are over by then; their watch is paused, so that the year takes less than a minute."""

RULES = """
[channels.hook]
kind = "webhook"
url = "http://127.0.0.1:9/nobody-listens"
[[rules]]
to = ["hook"]
show = ["values"]
"""


@dataclass
class Lived:
    database: Path
    runs: list[Ran] = field(default_factory=list)

    def told(self, case: str) -> dict[str, list[str]]:
        """Day on which a message was made -> the kinds it told of."""
        found: dict[str, list[str]] = {}
        with Store(self.database, readonly=True) as store:
            rows = store.conn.execute(
                "select made_at, content from messages where case_id = ? order by id", (case,)
            )
            for made, content in rows:
                found[made[:10]] = sorted(change["kind"] for change in json.loads(content)["changes"])
        return found

    def changed(self, case: str) -> set[str]:
        with Store(self.database, readonly=True) as store:
            return {
                kind for (kind,) in store.conn.execute("select kind from changes where case_id = ?", (case,))
            }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def year(tmp_path_factory: pytest.TempPathFactory, parse: ParsePool) -> AsyncIterator[Lived]:
    folder = tmp_path_factory.mktemp("year")
    (folder / "rules.toml").write_text(RULES)
    lived = Lived(folder / "f.db")
    with Store(lived.database) as store:
        for case in CASES:
            cases = read_case(YEAR / "cases" / f"{case}.yaml").cases
            watches.add(store, cases, WEEK, START, rules=str(folder / "rules.toml"))
    moment = START
    while moment < END:
        async with on(f"{moment:%Y-%m-%dT%H:%M:%SZ}") as (config, _):
            lived.runs.append(await run_due(config, lived.database, parse=parse))
        with Store(lived.database) as store:
            for case, until in ENDS.items():
                if f"{moment:%Y-%m-%d}" >= until:
                    watches.pause(store, case, moment)
            waiting = [w.due_at for w in watches.watches(store) if w.paused_at is None]
        # what drifted apart by some hours is scanned together: the world is served less often
        moment = max(moment + timedelta(hours=25), min(waiting) + timedelta(hours=12))
    yield lived


def test_every_run_went_through_and_every_case_was_scanned_in_time(year: Lived) -> None:
    scanned: defaultdict[str, int] = defaultdict(int)
    for ran in year.runs:
        assert len(ran.scanned) == ran.due
        for row in ran.scanned:
            scanned[row["case"]] += 1
    assert not [problem for ran in year.runs for problem in ran.problems if "not scanned" in problem]
    assert set(scanned) == set(CASES)
    # weekly, and a second look where one was called for
    assert 52 <= scanned["quiet"] <= 58
    assert all(count >= 9 for count in scanned.values())


def test_most_answers_of_the_archive_are_taken_over_and_registries_are_asked_each_week(year: Lived) -> None:
    # given freshness of a week for registries and log, of thirty days for the archive
    with Store(year.database, readonly=True) as store:
        rows = store.conn.execute(
            "select source, sum(reason like 'reused %'), count(*) from attempts "
            "join scans on scans.id = attempts.scan_id "
            "where case_id = 'quiet' and attempts.status in ('ok', 'redacted') group by source"
        ).fetchall()
    share = {source: reused / count for source, reused, count in rows}
    assert 0.7 < share["archive"] < 0.9
    # and a week's watch asks each week; what is taken over is that of a second look after a day
    assert share["rdap"] < 0.2
    assert share["ct"] < 0.2
    assert share["dns"] == share["website"] == 0


def test_a_quiet_year_is_quiet(year: Lived) -> None:
    # given a renewal, another footer year and nothing else
    assert year.told("quiet") == {}
    assert year.changed("quiet") == {"renewed"}


def test_a_move_to_another_registrar_is_told_once(year: Lived) -> None:
    assert list(year.told("moved").values()) == [["registrar"]]


def test_a_site_that_is_sold_and_parked_is_told(year: Lived) -> None:
    told = year.told("sold")
    assert "2024-05-10" < min(told) <= max(told) < "2024-05-20"
    kinds = sorted(kind for kinds in told.values() for kind in kinds)
    assert kinds == ["hosting", "mail", "name-servers", "parked", "registrar"]


def test_a_seizure_is_told_at_once(year: Lived) -> None:
    told = year.told("seized")
    first = next(iter(told))
    assert {"seized", "verdict"} <= set(told[first])
    assert "2024-06-12" <= first < "2024-06-20"
    assert len(told) == 1  # its new name servers, settled a day later, are no news beside that


def test_a_name_that_lapsed_and_was_registered_anew_is_told_both_times(year: Lived) -> None:
    told = [kind for kinds in year.told("lapsed").values() for kind in kinds]
    assert {"gone", "lapsed", "re-registered", "registrar", "back"} <= set(told)
    assert (
        told.count("gone") == told.count("lapsed") == told.count("re-registered") == told.count("back") == 1
    )


def test_content_that_comes_a_year_after_the_registration_is_told(year: Lived) -> None:
    told = year.told("filled")
    assert [kinds for kinds in told.values() if "filled" in kinds]
    assert min(day for day, kinds in told.items() if "filled" in kinds) >= "2024-11-25"
    assert all(day >= "2024-11-25" for day in told)


def test_hosts_that_take_turns_are_told_of_once(year: Lived) -> None:
    assert list(year.told("flapping").values()) == [["hosting"]]


def test_a_registry_that_answers_nobody_for_a_month_is_no_news(year: Lived) -> None:
    assert year.told("throttled") == {}
    assert year.changed("throttled") == set()


def test_errors_and_one_night_without_a_name_are_no_news(year: Lived) -> None:
    assert year.told("down") == {}
    assert year.changed("down") == set()
    # and one look did find that there is no such name
    rows = [row for ran in year.runs for row in ran.scanned if row["case"] == "down"]
    assert sum(row["unconfirmed"] for row in rows) == 1


def test_another_text_under_the_old_name_is_told_once_it_was_seen_twice(year: Lived) -> None:
    ((day, kinds),) = year.told("rewritten").items()
    assert "2024-03-12" < day < "2024-03-25"
    assert "text" in kinds


def test_small_edits_and_an_archive_and_a_log_that_are_out_for_a_month_are_no_news(year: Lived) -> None:
    # given another mailbox, two paragraphs, tag and sender of mail: `diff` has them, and nobody is told
    assert year.told("busy") == {}
    assert year.changed("busy") == {"contacts", "identifiers", "mail-rules", "text-edited"}


def test_nothing_is_told_twice(year: Lived) -> None:
    with Store(year.database, readonly=True) as store:
        keys = [key for (key,) in store.conn.execute("select key from messages")]
        untold = store.conn.execute("select count(*) from changes where told_at is null").fetchone()[0]
    assert len(keys) == len(set(keys))
    assert untold == 0
