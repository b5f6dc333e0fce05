"""A list of forty names through every stage: what is told of each, in which order, and what of it was not looked at."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click.testing
import pytest
import pytest_asyncio

from scanner.cli import group
from scanner.egress import NetworkConfig
from scanner.evaluate import workers
from scanner.means import Means
from scanner.model import Case
from scanner.parse import ParsePool
from scanner.session import scan_anew
from scanner.store import ScanRecord, Store, StoreError
from scanner.store.leases import end_lease, take_lease
from scanner.store.lock import ScanLock
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
        "harowgate.com": [
            "undated: which of the two is older can't be said, without a date for harowgate.com"
        ],
    }
    assert {domain: of(found, domain)["direction"] for domain in words} == {
        "harrowgatte.com": "newer",
        "harrowgate.org": "older",
        "harowgate.com": "undated",
    }
    assert of(found, "taken-down.com")["direction"] is None
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
    assert stage(found, "registration")["no_answer"] == {}
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


@in_loop
async def test_registrations_are_kept_as_evidence_and_asked_once_over_whois_where_rdap_has_none(
    tmp_path: Path, parse: ParsePool
) -> None:
    async with serve(WORLD) as served:
        config = NetworkConfig.parse(served.network_toml, WORLD)
        await Sweep(config, tmp_path / "f.db", LIST, likes=[FIRM], parse=parse).run()
        asked = [event.domain for event in served.log if event.service in ("rdap", "whois")]
    with sqlite3.connect(tmp_path / "f.db") as conn:
        rows = conn.execute(
            "select domain, source, status, attempts.reason like 'reused %', "
            "(select count(*) from evidence where attempt_id = attempts.id) "
            "from attempts join targets on targets.id = target_id where source in ('rdap', 'whois') "
            "and status <> 'skipped' and domain in ('harrowgatte.com', 'harr0wgate.net') order by attempts.id"
        ).fetchall()
    # given one name whose registry has no RDAP and one whose registry has: each was answered once, and the scan of
    # the pages took the answer over
    for domain, source in (("harrowgatte.com", "whois"), ("harr0wgate.net", "rdap")):
        first, second = [row[1:] for row in rows if row[0] == domain]
        assert first[:3] == (source, "ok", 0)
        assert second[:3] == (source, "ok", 1)
        assert 0 < first[3] == second[3]
    assert asked.count("harr0wgate.net") == next(row[4] for row in rows if row[0] == "harr0wgate.net")


@in_loop
async def test_what_the_registries_were_asked_is_counted_for_every_process(
    tmp_path: Path, parse: ParsePool
) -> None:
    async with serve(WORLD) as served:
        paced = served.network_toml.replace("pace = false", "pace = true")
        config = NetworkConfig.parse(paced, WORLD)
        budget = Budget(registration=1, pages=0)
        await Sweep(config, tmp_path / "f.db", LIST, budget=budget, parse=parse).run()
    with sqlite3.connect(tmp_path / "f.db") as conn:
        keys = {key.partition(":")[0] for (key,) in conn.execute("select key from quotas")}
    assert keys == {"rdap"}


# ------------------------------------------------------------------------------------ budgets, and going on


@in_loop
async def test_two_sweeps_of_one_list_do_not_do_the_same_work(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    id = Sweep(NetworkConfig.parse(DEAD, tmp_path), database, LIST, likes=[FIRM]).id
    # given one at work on another machine, and then one on this machine
    with Store(database) as store:
        assert take_lease(store, id, "elsewhere/1")
    with pytest.raises(SweepError, match="another sweep of this list is at work"):
        await swept(database, parse)
    with Store(database) as store:
        end_lease(store, id, "elsewhere/1")
    lock = ScanLock(tmp_path / f"f.db.{id}.lock")
    assert lock.acquire()
    with pytest.raises(SweepError, match="another sweep of this list is at work"):
        await swept(database, parse)
    with sqlite3.connect(database) as conn:
        assert conn.execute("select count(*) from sweep_domains").fetchone() == (0,)
    # when it has ended
    lock.release()
    assert (await swept(database, parse, dns=0))["lines"]["domains"] == 38


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_killed_it_goes_on_where_it_was(tmp_path: Path) -> None:
    # given a list of which the slow last stage is under way when the process is killed
    words = ["sweep", str(LIST), "--db", str(tmp_path / "f.db"), "--world", str(WORLD), "--like", FIRM]
    run = [sys.executable, "-c", "from scanner.cli import main; main()", *words]
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rows(query: str) -> list[tuple[Any, ...]]:
        try:
            with closing(sqlite3.connect(tmp_path / "f.db")) as reader:
                found: list[tuple[Any, ...]] = reader.execute(query).fetchall()
                return found
        except sqlite3.OperationalError:  # not made yet
            return []

    until = time.monotonic() + 60
    while not rows("select 1 from sweep_domains where done & 4") and time.monotonic() < until:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    answered = "select domain from sweep_domains where done & 4 order by domain"
    before = rows(answered)
    assert before
    scanned = rows("select count(*) from attempts where source = 'rdap' and status = 'ok'")[0][0]
    # when the same command is given again: it keeps nobody waiting, and comes to the end
    later = [*run, "--now", "2024-06-01T06:00:00Z"]  # no clock goes back
    done = subprocess.run(later, capture_output=True, text=True, check=True)
    assert "going on with it" in done.stderr
    assert "Not everything was looked at" not in done.stdout
    assert len(rows(answered)) == 10
    assert set(before) <= set(rows(answered))
    assert rows("select count(*) from leases") == [(0,)]
    # and no registry was asked again for what had been answered
    asked = (
        "select count(*) from attempts where source = 'rdap' and status = 'ok' and reason not like 'reused%'"
    )
    assert 0 < scanned <= rows(asked)[0][0] <= 10


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
    assert [one["looked_at"] for one in whole["stages"]] == [38, 38, 10, 7]


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
        patient = served.network_toml.replace("deadline_scale = 0.2", "deadline_scale = 2")
        config = NetworkConfig.parse(patient, WORLD)
        job = Sweep(config, tmp_path / "f.db", tmp_path / "list.txt", likes=[FIRM], parse=parse)
        found = await job.run()
    assert stage(found, "dns")["looked_at"] == 601
    assert of(found, "harrowgatte.com")["level"] == "nothing-found"


@in_loop
async def test_a_scan_that_fails_stops_no_other(
    tmp_path: Path, parse: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scan(case: Case, means: Means) -> ScanRecord:
        if "taken-down" in case.id:
            raise ValueError("odd bytes")
        return await scan_anew(case, means)

    monkeypatch.setattr("scanner.sweep.pages.scan_anew", scan)
    found = await swept(tmp_path / "f.db", parse)
    assert stage(found, "pages")["no_answer"] == {"scan-failed": 1}
    assert stage(found, "pages")["looked_at"] == 6
    assert (of(found, "taken-down.com")["level"], of(found, "taken-down.com")["case"]) == (None, None)
    assert stage(found, "registration")["ended"] == {"parked": 2, "older": 1}


@in_loop
async def test_a_registration_that_can_not_be_read_stops_no_other_and_dates_nothing(
    tmp_path: Path, parse: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scan(case: Case, means: Means) -> ScanRecord:
        if case.id.endswith((FIRM, "foxcloudhub.com")):
            raise ValueError("odd bytes")
        return await scan_anew(case, means)

    monkeypatch.setattr("scanner.sweep.registered.scan_anew", scan)
    found = await swept(tmp_path / "f.db", parse, pages=0)
    assert stage(found, "registration")["looked_at"] == 9
    assert stage(found, "registration")["no_answer"] == {"scan-failed": 1}
    # without a date of the firm nobody is newer, nor older
    likes = [row for row in found["domains"] if "like" in kinds(row)]
    assert len(likes) == 6
    assert {row["direction"] for row in likes} == {"undated"}
    assert of(found, "harrowgate.org")["waits_for"] == "pages"


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_since_a_sweep_reads_its_list_again(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "names")
    words = ["sweep", str(tmp_path / "names"), "--db", str(tmp_path / "f.db")]
    result = click.testing.CliRunner().invoke(group(), words)
    assert result.exit_code == 1
    assert "write the list to a file first" in result.output


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
