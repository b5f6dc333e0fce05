"""A list of forty names through every stage: what is told of each, in which order, and what of it was not looked at."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click.testing
import pytest
import pytest_asyncio

from scanner.cli import group
from scanner.egress import NetworkConfig
from scanner.evaluate import workers
from scanner.model import Case
from scanner.parse import ParsePool
from scanner.session import Session
from scanner.store import ScanRecord, StoreError
from scanner.sweep import Budget, Sweep, SweepError
from scanner.sweep.names import Names
from scanner.sweep.pages import Pages
from scanner.sweep.rows import Row, Step
from scanner.world import serve

WORLD = Path(__file__).parent / "list"
LIST = WORLD / "list.txt"
FIRM = "harrowgate.com"
DEAD = 'resolver = ["127.0.0.1:9"]\nroutes = { "443" = "refuse" }\ndeadline_scale = 0.01\npace = false\n'
in_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parse() -> AsyncIterator[ParsePool]:
    async with workers() as started:
        yield started


async def swept(
    database: Path,
    parse: ParsePool,
    file: Path = LIST,
    *,
    new: bool = False,
    as_of: datetime | None = None,
    **budget: int,
) -> dict[str, Any]:
    async with serve(WORLD) as served:
        config = NetworkConfig.parse(served.network_toml, WORLD)
        job = Sweep(
            config, database, file, likes=[FIRM], budget=Budget(**budget), parse=parse, new=new, as_of=as_of
        )
        return await job.run()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def found(tmp_path_factory: pytest.TempPathFactory, parse: ParsePool) -> dict[str, Any]:
    return await swept(tmp_path_factory.mktemp("whole") / "f.db", parse)


def of(found: dict[str, Any], domain: str) -> dict[str, Any]:
    return next(row for row in found["domains"] if row["domain"] == domain)


def kinds(row: dict[str, Any]) -> set[str]:
    return {fact["kind"] for fact in row["facts"]}


def stage(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["stages"] if one["stage"] == name)


# ------------------------------------------------------------------------------------------ what is told


@in_loop
async def test_what_a_person_should_see_comes_first_and_ordinary_names_are_not_shown(
    found: dict[str, Any],
) -> None:
    names = [row["domain"] for row in found["domains"]]
    assert set(names[:2]) == {"taken-down.com", "once-seized.example"}
    assert [row["level"] for row in found["domains"][:2]] == ["known", "known"]
    assert names[2:5] == ["harr0wgate.net", "harrowgatte.com", "harrowgate-careers.com"]
    assert names[-1] == "harrowgate.org"
    assert not {"oakmill.com", "foxglove-gardens.com", FIRM} & set(names)


@in_loop
async def test_a_look_alike_means_something_only_once_dates_say_it_is_newer(found: dict[str, Any]) -> None:
    words = {
        domain: [fact["text"] for fact in of(found, domain)["facts"] if fact["kind"] == "direction"]
        for domain in ("harrowgatte.com", "harrowgate.org", "harowgate.com")
    }
    assert words == {
        "harrowgatte.com": ["newer than harrowgate.com (registered 1999-03-01)"],
        "harrowgate.org": ["older than harrowgate.com (registered 1999-03-01): no imitation of it"],
        "harowgate.com": ["which of the two is older can't be said: no date for harowgate.com"],
    }
    # the older firm is not looked at further, the others are scanned; a likeness alone gives no level
    assert of(found, "harrowgate.org")["case"] is None
    assert of(found, "harrowgate.org")["reason"].startswith("older")
    assert {of(found, name)["level"] for name in ("harrowgatte.com", "harowgate.com")} == {"nothing-found"}


@in_loop
async def test_names_that_are_gone_or_parked_go_no_further_than_that_is_known(found: dict[str, Any]) -> None:
    gone, parked = of(found, "xn--hrrowgate-0yh.com"), of(found, "resting.com")
    assert kinds(gone) == {"like", "gone"}
    assert "the letters look the same" in gone["facts"][0]["text"]
    assert gone["looked_at"] == ["offline", "dns"]
    assert kinds(parked) == {"parked", "mail", "registered"}
    assert parked["looked_at"] == ["offline", "dns", "registration"]


@in_loop
async def test_counts_say_where_each_name_ended(found: dict[str, Any]) -> None:
    assert found["lines"]["domains"] == 38
    assert (found["lines"]["repeated"], found["lines"]["rubbish"]) == (1, 3)
    assert {row["line"] for row in found["lines"]["problems"]} == {13, 24, 35}
    assert found["complete"] is True
    assert stage(found, "dns")["ended"] == {"nothing-to-look-into": 26, "gone": 2}
    assert stage(found, "registration")["ended"] == {"parked": 2, "older": 1}
    assert sum(stage(found, "registration")["no_answer"].values()) == 1
    ended = sum(sum(one["ended"].values()) for one in found["stages"]) + stage(found, "pages")["looked_at"]
    assert ended == found["lines"]["domains"]


@in_loop
async def test_scans_of_pages_are_ordinary_cases(tmp_path: Path, parse: ParsePool) -> None:
    found = await swept(tmp_path / "f.db", parse, pages=1)
    case = of(found, "taken-down.com")["case"]
    with sqlite3.connect(tmp_path / "f.db") as conn:
        assert conn.execute("select role from claims where case_id = ?", (case,)).fetchall() == [("vendor",)]
        levels = conn.execute("select level from verdicts where case_id = ?", (case,)).fetchall()
    assert ("known",) in levels


# ------------------------------------------------------------------------------------ budgets, and going on


@in_loop
async def test_a_budget_leaves_names_unlooked_at_and_a_larger_one_goes_on(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    small = await swept(database, parse, dns=20, registration=2, pages=0)
    assert stage(small, "dns")["not_looked_at"] == {"budget": 18}
    assert stage(small, "registration")["looked_at"] == 2
    assert stage(small, "registration")["not_looked_at"]["budget"] > 0
    assert stage(small, "pages")["not_looked_at"] == {"budget": 2}
    assert small["complete"] is False
    # what is most telling was asked about first
    assert set(of(small, "taken-down.com")["looked_at"]) >= {"offline", "dns"}
    # given the same budget again: nothing more is asked
    again = await swept(database, parse, dns=20, registration=2, pages=0)
    assert [one["looked_at"] for one in again["stages"]] == [one["looked_at"] for one in small["stages"]]
    # given a larger one: the rest, and then it is as if it had been one run
    whole = await swept(database, parse)
    assert whole["complete"] is True
    assert [one["looked_at"] for one in whole["stages"]] == [38, 38, 9, 7]


@in_loop
@pytest.mark.parametrize(("where", "after"), [(Names, 12), (Pages, 3)])
async def test_stopped_it_goes_on_and_asks_nothing_twice(
    tmp_path: Path,
    parse: ParsePool,
    found: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    where: type,
    after: int,
) -> None:
    asked: list[str] = []
    real = where.step  # type: ignore[attr-defined]
    running: asyncio.Task[Any]

    async def step(self: Any, row: Row) -> Step:
        done: Step = await real(self, row)
        asked.append(row.domain)
        if len(asked) == after:
            running.cancel()
            await asyncio.sleep(0)
        return done

    monkeypatch.setattr(where, "step", step)
    running = asyncio.create_task(swept(tmp_path / "f.db", parse))
    with pytest.raises(asyncio.CancelledError):
        await running
    before = len(asked)
    with sqlite3.connect(tmp_path / "f.db") as conn:
        stored = conn.execute(
            "select count(*) from sweep_domains where done & ?", (2 if where is Names else 8,)
        ).fetchone()[0]
    assert 0 < stored <= before < (38 if where is Names else 7)
    # when the same command runs again
    whole = await swept(tmp_path / "f.db", parse)
    # then what had been stored isn't asked again, and it comes to what one run comes to
    assert len(asked) - before == (38 if where is Names else 7) - stored
    assert [one["looked_at"] for one in whole["stages"]] == [one["looked_at"] for one in found["stages"]]
    assert [(r["domain"], r["level"], r["facts"]) for r in whole["domains"]] == [
        (r["domain"], r["level"], r["facts"]) for r in found["domains"]
    ]


@in_loop
async def test_a_dead_resolver_is_told_and_speaks_against_nobody(tmp_path: Path, parse: ParsePool) -> None:
    names = "\n".join(f"name{number}.com" for number in range(600))
    (tmp_path / "list.txt").write_text(f"{names}\nharrowgatte.com\n")
    dead = NetworkConfig.parse(DEAD, tmp_path)
    job = Sweep(dead, tmp_path / "f.db", tmp_path / "list.txt", likes=[FIRM], parse=parse)
    found = await job.run()
    dns = stage(found, "dns")
    assert dns["looked_at"] == 0
    assert set(dns["no_answer"]) == {"dns-timeout"}
    (reason,) = dns["not_looked_at"]
    assert reason.startswith("gave-up")
    assert dns["no_answer"]["dns-timeout"] + dns["not_looked_at"][reason] == 601
    assert [one["looked_at"] for one in found["stages"][2:]] == [0, 0]
    (row,) = found["domains"]
    assert (row["level"], row["waits_for"], kinds(row)) == (None, "dns", {"like"})
    # when the network is back, the same command asks again, also those that had no answer
    async with serve(WORLD) as served:
        config = NetworkConfig.parse(served.network_toml, WORLD)
        job = Sweep(config, tmp_path / "f.db", tmp_path / "list.txt", likes=[FIRM], parse=parse)
        found = await job.run()
    assert stage(found, "dns")["looked_at"] == 601
    assert of(found, "harrowgatte.com")["level"] == "nothing-found"


@in_loop
async def test_a_scan_that_fails_stops_no_other(
    tmp_path: Path, parse: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Session.scan

    async def scan(self: Session, case: Case) -> ScanRecord:
        if "taken-down" in case.id:
            raise ValueError("odd bytes")
        return await real(self, case)

    monkeypatch.setattr(Session, "scan", scan)
    found = await swept(tmp_path / "f.db", parse)
    assert stage(found, "pages")["no_answer"] == {"scan-failed": 1}
    assert stage(found, "pages")["looked_at"] == 6
    assert (of(found, "taken-down.com")["level"], of(found, "taken-down.com")["case"]) == (None, None)
    assert stage(found, "registration")["ended"] == {"parked": 2, "older": 1}


@in_loop
async def test_a_database_that_is_none_is_one_line(tmp_path: Path, parse: ParsePool) -> None:
    (tmp_path / "f.db").write_bytes(b"a diary, not a database" * 100)
    with pytest.raises(StoreError, match=r"f\.db"):
        await swept(tmp_path / "f.db", parse)


@in_loop
async def test_new_begins_anew(tmp_path: Path, parse: ParsePool) -> None:
    await swept(tmp_path / "f.db", parse, pages=0)
    found = await swept(tmp_path / "f.db", parse, dns=0, new=True)
    assert stage(found, "dns")["not_looked_at"] == {"budget": 38}


# --------------------------------------------------------------------------------------------- bad input


@in_loop
@pytest.mark.parametrize("content", [b"", b"# nothing\n\n", b"\x00\xff\xfe\n...\nnot a domain\n"])
async def test_a_list_without_a_domain_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.txt").write_bytes(content)
    with pytest.raises(SweepError, match="holds no domain"):
        await Sweep(NetworkConfig.parse(DEAD, tmp_path), tmp_path / "f.db", tmp_path / "list.txt").run()


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (["no-such-file.txt"], 1, "no-such-file.txt: can't be read (No such file or directory)"),
        (["{tmp}"], 1, "is a directory; give a file"),
        (["{list}", "--budget", "dsn=4"], 2, "no stage 'dsn'"),
        (["{list}", "--budget", "dns=many"], 2, "give a whole number of names"),
        (["{list}", "--like", "The Web Agency"], 1, "no word in it tells one firm from another"),
        (["{list}", "--like", "a..b"], 1, "--like a..b"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, words: list[str], exit_code: int, said: str
) -> None:
    given = [word.format(tmp=tmp_path, list=LIST) for word in words]
    result = click.testing.CliRunner().invoke(group(), ["sweep", *given, "--db", str(tmp_path / "f.db")])
    assert result.exit_code == exit_code, result.output
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_command_tells_people_and_programs_the_same(tmp_path: Path) -> None:
    words = ["sweep", str(LIST), "--world", str(WORLD), "--db", str(tmp_path / "f.db"), "--like", FIRM]
    words += ["--budget", "pages=0"]
    result = click.testing.CliRunner().invoke(group(), words)
    assert result.exit_code == 0, result.output
    assert "pages: 0 looked at; 7 not looked at (budget)" in result.stdout
    assert "line 13: 'not a domain' holds a space" in result.stdout
    document = json.loads(click.testing.CliRunner().invoke(group(), [*words, "--json"]).stdout)
    assert stage(document, "pages")["not_looked_at"] == {"budget": 7}
    assert document["domains"][0]["domain"] == "taken-down.com"


@in_loop
async def test_as_of_a_day_only_what_was_public_then_is_told(tmp_path: Path, parse: ParsePool) -> None:
    # given a listed name on the list, and a budget that asks nobody
    now = await swept(tmp_path / "f.db", parse, dns=0)
    assert "once-seized.example" in {row["domain"] for row in now["domains"]}
    # when the same list is gone through as of a day before the listing
    then = await swept(tmp_path / "f.db", parse, dns=0, as_of=datetime(2019, 1, 1, tzinfo=UTC))
    # then it is a sweep of its own, and the name is told of no more
    assert then["sweep"] != now["sweep"]
    assert "once-seized.example" not in {row["domain"] for row in then["domains"]}
