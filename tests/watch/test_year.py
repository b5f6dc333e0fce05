"""A year of nine watched sites: alerts exactly where a person would want one.

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
from scanner.plan import Choice
from scanner.store import Store
from scanner.watch import watches
from scanner.watch.run import Ran, run_due
from tests.watch.living import YEAR, on

START, END = datetime(2024, 1, 8, 6, tzinfo=UTC), datetime(2025, 1, 25, tzinfo=UTC)
EVERY = {
    "quiet": 90, "moved": 90, "sold": 60, "seized": 60, "lapsed": 45, "filled": 90, "flapping": 14, "throttled": 14,
    "down": 7,
}  # fmt: skip
ENDS = {"flapping": "2024-06-20", "throttled": "2024-03-25", "down": "2024-04-15", "moved": "2024-07-01"}
"""Stories that are over by then; their watch is paused, so that the year takes seconds."""

WITHOUT = Choice(without=frozenset({"archive", "ct", "github"}))  # no story changes there

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
        for case, days in EVERY.items():
            cases = read_case(YEAR / "cases" / f"{case}.yaml").cases
            watches.add(store, cases, timedelta(days=days), START, rules=str(folder / "rules.toml"))
    moment = START
    while moment < END:
        async with on(f"{moment:%Y-%m-%dT%H:%M:%SZ}") as (config, _):
            lived.runs.append(await run_due(config, lived.database, choice=WITHOUT, parse=parse))
        with Store(lived.database) as store:
            for case, until in ENDS.items():
                if f"{moment:%Y-%m-%d}" >= until:
                    watches.pause(store, case, moment)
            waiting = [w.due_at for w in watches.watches(store) if w.paused_at is None]
        # what is due within two days is scanned together: the world is served half as often
        moment = max(moment + timedelta(hours=30), min(waiting) + timedelta(minutes=1))
    yield lived


def test_every_run_went_through_and_every_case_was_scanned_in_time(year: Lived) -> None:
    scanned = defaultdict(int)
    for ran in year.runs:
        assert len(ran.scanned) == ran.due
        for row in ran.scanned:
            scanned[row["case"]] += 1
    assert not [problem for ran in year.runs for problem in ran.problems if "not scanned" in problem]
    assert min(scanned.values()) >= 2


def test_a_quiet_year_is_quiet(year: Lived) -> None:
    # given a renewal, another footer year and nothing else
    assert year.told("quiet") == {}
    assert year.changed("quiet") == {"renewed"}


def test_a_move_to_another_registrar_is_told_once(year: Lived) -> None:
    assert list(year.told("moved").values()) == [["registrar"]]


def test_a_site_that_is_sold_and_parked_is_told_when_seen_and_when_confirmed(year: Lived) -> None:
    first, second = year.told("sold").values()
    assert first == ["registrar"]
    assert {"parked", "hosting", "mail", "name-servers"} <= set(second)


def test_a_seizure_is_told_at_once(year: Lived) -> None:
    told = year.told("seized")
    first = next(iter(told))
    assert {"seized", "verdict"} <= set(told[first])
    assert "2024-06-12" <= first < "2024-08-20"
    assert len(told) <= 2  # and once more when its new name servers were seen twice


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


def test_nothing_is_told_twice(year: Lived) -> None:
    with Store(year.database, readonly=True) as store:
        keys = [key for (key,) in store.conn.execute("select key from messages")]
        untold = store.conn.execute("select count(*) from changes where told_at is null").fetchone()[0]
    assert len(keys) == len(set(keys))
    assert untold == 0
