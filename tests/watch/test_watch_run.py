"""`watch` as a person and as cron call it: what goes wrong is one line, nothing is lost, nothing is told twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import click.testing
import pytest

import scanner.scan
import scanner.watch.history
from scanner.cli import group
from scanner.egress import NetworkConfig
from scanner.intake import read_case
from scanner.means import Means
from scanner.model import Case, Claim, Role
from scanner.parse import ParsePool
from scanner.session import Session
from scanner.store import LockedError, ScanRecord, ScanStatus, Store, StoreError
from scanner.store.leases import BusyError, take_lease
from scanner.watch import watches
from scanner.watch.changes import History
from scanner.watch.feed import NAMESPACE
from scanner.watch.install import of_machine, units
from scanner.watch.run import WORK, Ran, run_due
from tests.watch.living import YEAR, on

WEEK = timedelta(days=7)
START = datetime(2024, 1, 8, tzinfo=UTC)


def case(name: str) -> Case:
    return read_case(YEAR / "cases" / f"{name}.yaml").cases[0]


def watched(database: Path, *names: str, rules: str = "") -> None:
    with Store(database) as store:
        watches.add(store, [case(name) for name in names], WEEK, START, rules=rules)


async def turn(database: Path, parse: ParsePool, day: str) -> Ran:
    async with on(day) as (config, _):
        return await run_due(config, database, parse=parse)


def falsefront(*words: object, exit_code: int = 0) -> click.testing.Result:
    result = click.testing.CliRunner().invoke(group(), [str(word) for word in words])
    assert result.exit_code == exit_code, result.output
    return result


# --------------------------------------------------------------------------------------------------- runs


@pytest.mark.asyncio(loop_scope="module")
async def test_a_second_run_has_nothing_to_do_and_a_parallel_one_says_so(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet")
    assert [row["case"] for row in (await turn(database, parse, "2024-01-08T01:00:00Z")).scanned] == ["quiet"]
    assert (await turn(database, parse, "2024-01-08T02:00:00Z")).due == 0
    # given a run that is at work
    with Store(database) as store:
        assert take_lease(store, WORK, "somebody")
    with pytest.raises(BusyError):
        await turn(database, parse, "2024-02-08")


def test_a_run_beside_another_says_so_and_is_no_failure(tmp_path: Path) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet")
    with Store(database) as store:
        assert take_lease(store, WORK, "somebody")
    result = falsefront("watch", "run", "--db", database, "--world", YEAR)
    assert "another `watch run` is at work" in result.stderr


@pytest.mark.asyncio(loop_scope="module")
async def test_a_bad_target_stops_no_other_and_is_tried_again_later(
    tmp_path: Path, parse: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "f.db"
    watched(database, "moved", "quiet")
    whole = scanner.scan.scan

    async def scan(case: Case, means: Means) -> ScanRecord:
        if case.id == "moved":
            raise StoreError("scan 7 is being run by another process")
        return await whole(case, means)

    monkeypatch.setattr("scanner.session.scan", scan)
    ran = await turn(database, parse, "2024-01-08T01:00:00Z")
    assert [row["case"] for row in ran.scanned] == ["quiet"]
    (problem,) = ran.problems
    assert problem.startswith("moved: not scanned (scan 7 is being run by another process); tried again")
    with Store(database) as store:
        row = {one.case_id: one for one in watches.watches(store)}["moved"]
        assert (row.failures, row.runs) == (1, 0)
        assert row.due_at - START < timedelta(hours=3)
    monkeypatch.setattr("scanner.session.scan", whole)
    assert [row["case"] for row in (await turn(database, parse, "2024-01-08T04:00:00Z")).scanned] == ["moved"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_run_without_a_network_is_repeated_soon_and_says_nothing_of_the_site(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet")
    down = 'resolver = ["127.0.0.1:9"]\nroutes = { "443" = "refuse" }\ndeadline_scale = 0.01\npace = false\n'
    # given two runs while this machine has no network
    for hour, wait in ((1, 1), (3, 2)):
        now = f'now = "2024-01-08T0{hour}:00:00Z"\n'
        ran = await run_due(NetworkConfig.parse(now + down, tmp_path), database, parse=parse)
        assert ran.problems[0].startswith("quiet: no source answered; is the network of this machine up?")
        with Store(database) as store:
            (row,) = watches.watches(store)
        assert (row.runs, row.problem[:18]) == (0, "no source answered")
        assert timedelta(hours=wait) <= row.due_at - START - timedelta(hours=hour) < timedelta(hours=wait + 1)
    # when it is back, the site is scanned, and nothing changed
    assert [row["changes"] for row in (await turn(database, parse, "2024-01-08T06:00:00Z")).scanned] == [0]
    with Store(database) as store:
        (row,) = watches.watches(store)
    assert (row.runs, row.failures, row.problem) == (1, 0, "")
    assert row.due_at - START > timedelta(days=6)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_claim_that_the_address_policy_refuses_is_no_network_that_is_down(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    inside = Case("inside", "", (Claim(Role.VENDOR, "http://10.0.0.1/"),))
    with Store(database) as store:
        watches.add(store, [inside], WEEK, START)
    ran = await turn(database, parse, "2024-01-08T01:00:00Z")
    assert (len(ran.scanned), ran.problems) == (1, [])
    with Store(database) as store:
        (row,) = watches.watches(store)
    assert (row.runs, row.failures) == (1, 0)
    assert row.due_at - START > timedelta(days=6)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_scan_says_that_can_not_be_written_down_stops_no_other(
    tmp_path: Path, parse: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "f.db"
    watched(database, "moved", "quiet")
    whole = scanner.watch.history.history

    def history(store: Store, case: str) -> History:
        if case == "moved":
            raise ValueError("a row that makes no sense")
        return whole(store, case)

    monkeypatch.setattr("scanner.watch.run.history", history)
    ran = await turn(database, parse, "2024-01-08T01:00:00Z")
    assert [row["case"] for row in ran.scanned] == ["quiet"]
    assert "a row that makes no sense" in ran.problems[0]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet", "moved")
    # given a run that was killed when one case was scanned in part and the other not at all
    async with on("2024-01-08T01:00:00Z") as (config, _), Session(config, database, parse=parse) as session:
        record = await session.scan(case("quiet"))
        await session.means.store.call(Store.resume, record)
    with Store(database) as store:
        store.conn.execute("delete from attempts where scan_id = ? and source = 'website'", (record.id,))
        store.conn.execute("update scans set status = 'interrupted' where id = ?", (record.id,))
    # when it is called again
    ran = await turn(database, parse, "2024-01-08T03:00:00Z")
    assert sorted(row["case"] for row in ran.scanned) == ["moved", "quiet"]
    with Store(database, readonly=True) as store:
        (scan,) = store.scans("quiet")  # then the same scan was gone on with
        assert (scan.uid, scan.status) == (record.uid, ScanStatus.COMPLETE)


@pytest.mark.asyncio(loop_scope="module")
async def test_questions_are_counted_in_the_database(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    watched(database, "filled")
    async with on("2024-01-08T01:00:00Z") as (config, _):
        await run_due(replace(config, pace=True), database, parse=parse)
    with Store(database, readonly=True) as store:
        keys = [key for (key,) in store.conn.execute("select key from quotas")]
    assert {key.partition(":")[0] for key in keys} == {"rdap", "archive", "ct"}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_month_without_runs_is_caught_up_once(tmp_path: Path, parse: ParsePool) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet")
    for day in ("2024-01-08T01:00:00Z", "2024-02-12", "2024-02-12T06:00:00Z", "2024-02-15"):
        await turn(database, parse, day)
    with Store(database, readonly=True) as store:
        assert [f"{scan.as_of:%m-%d}" for scan in store.scans("quiet")] == ["01-08", "02-12"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_first_scan_that_needs_a_person_is_told_and_any_other_is_not(
    tmp_path: Path, parse: ParsePool
) -> None:
    database, rules = tmp_path / "f.db", tmp_path / "rules.toml"
    rules.write_text('[channels.h]\nkind = "webhook"\nurl = "http://127.0.0.1:9"\n[[rules]]\nto = ["h"]\n')
    watched(database, "seized", "quiet", rules=str(rules))
    await turn(database, parse, "2024-06-20")
    await turn(database, parse, "2024-06-28")
    with Store(database, readonly=True) as store:
        told = [json.loads(row) for (row,) in store.conn.execute("select content from messages")]
    assert [(one["case"], one["level"], [c["kind"] for c in one["changes"]]) for one in told] == [
        ("seized", "known", ["first-result"])
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_seen_once_is_looked_at_again_and_not_day_after_day(
    tmp_path: Path, parse: ParsePool
) -> None:
    database = tmp_path / "f.db"
    watched(database, "flapping")

    async def until_next(day: str) -> float:
        await turn(database, parse, day)
        with Store(database, readonly=True) as store:
            (row,) = watches.watches(store)
            assert row.last_at is not None
            return (row.due_at - row.last_at) / timedelta(days=1)

    assert await until_next("2024-03-28") > 3
    # given another host, a second look comes a day later
    assert await until_next("2024-04-14") < 1.1
    # given that the first one is back by then, there is no third
    assert await until_next("2024-04-15T12:00:00Z") > 5


@pytest.mark.asyncio(loop_scope="module")
async def test_rules_that_can_not_be_read_delay_what_is_told_and_lose_nothing(
    tmp_path: Path, parse: ParsePool
) -> None:
    database, rules = tmp_path / "f.db", tmp_path / "rules.toml"
    watched(database, "moved", rules=str(rules))
    await turn(database, parse, "2024-01-08T01:00:00Z")
    ran = await turn(database, parse, "2024-04-01")
    assert ran.scanned[0]["changes"] == 1
    assert "told once the rules can be read" in ran.problems[0]
    rules.write_text(
        '[channels.h]\nkind = "webhook"\nurl = "http://127.0.0.1:9"\n[[rules]]\nto = ["h"]\nkinds = ["registrar"]\n'
    )
    await turn(database, parse, "2024-04-09")
    await turn(database, parse, "2024-04-18")
    with Store(database, readonly=True) as store:
        assert store.conn.execute("select count(*) from messages").fetchone() == (1,)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_clock_set_back_tells_nothing_twice_and_waits_for_no_other_year(
    tmp_path: Path, parse: ParsePool
) -> None:
    database, rules = tmp_path / "f.db", tmp_path / "rules.toml"
    rules.write_text('[channels.h]\nkind = "webhook"\nurl = "http://127.0.0.1:9"\n[[rules]]\nto = ["h"]\n')
    watched(database, "moved", rules=str(rules))
    # given a run whose clock is right, one a year ahead, and right ones again
    for day in ("2024-04-10", "2025-04-10", "2024-04-18", "2024-04-26"):
        ran = await turn(database, parse, day)
        assert [row["case"] for row in ran.scanned] == ["moved"], day
    with Store(database, readonly=True) as store:
        assert store.conn.execute("select count(*) from changes").fetchone() == (0,)
        (row,) = watches.watches(store)
        assert row.due_at < datetime(2024, 5, 6, tzinfo=UTC)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_locked_database_is_one_line_and_everything_stays_due(
    tmp_path: Path, parse: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet")
    monkeypatch.setattr("scanner.watch.run.WAIT", 0.2)
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LockedError) as said:
        await turn(database, parse, "2024-01-09")
    assert "\n" not in str(said.value)
    other.execute("ROLLBACK")
    other.close()
    assert [row["case"] for row in (await turn(database, parse, "2024-01-09")).scanned] == ["quiet"]


# ------------------------------------------------------------------------------------------------ the commands


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--every", "0s"], "'0s' is no interval"),
        (["--every", "0d"], "between an hour"),
        (["--every", "7d", "--from", "2001-01-01"], "2001-01-01 is past"),
        (["--every", "7d", "--from", "yesterday"], "yesterday"),
    ],
)
def test_a_schedule_that_can_not_be_kept_is_one_line(tmp_path: Path, words: list[str], says: str) -> None:
    result = falsefront(
        "watch", "add", YEAR / "cases" / "quiet.yaml", *words, "--db", tmp_path / "f.db", exit_code=1
    )
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_list_with_a_tenth_rubbish_watches_the_rest(tmp_path: Path) -> None:
    lines = [f"vendor-{n}.example" if n % 10 else f"!! no address {n} ??" for n in range(100)]
    (tmp_path / "vendors.txt").write_text("# our vendors\n\n" + "\n".join(lines) + "\nvendor-1.example\n")
    database = tmp_path / "f.db"
    result = falsefront(
        "watch", "add", tmp_path / "vendors.txt", "--every", "30d", "--db", database, "--json"
    )
    assert json.loads(result.stdout) == {"added": 90, "changed": 0}
    said = [line for line in result.stderr.splitlines() if "!! no address" in line]
    assert [line.partition(": '")[0] for line in said] == [
        f"vendors.txt: line {n + 3}" for n in range(0, 100, 10)
    ]
    listed = json.loads(falsefront("watch", "list", "--db", database, "--json").stdout)["watches"]
    assert len(listed) == 90
    assert len({row["due"] for row in listed}) > 60  # spread, not all at once


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    database = tmp_path / "f.db"
    for words in (
        ["watch", "run", "--db", database],
        ["watch", "list", "--db", database],
        ["watch", "feed", "--db", database],
        ["diff", "cand-1", "--db", database],
        ["watch", "add", "cand-1", "--every", "7d", "--db", tmp_path / "g.db"],
        ["watch", "pause", "cand-1", "--db", tmp_path / "g.db"],
        ["watch", "remove", "cand-1", "--db", tmp_path / "g.db"],
    ):
        result = falsefront(*words, exit_code=1)
        assert result.stderr.count("\n") == 1, words
    assert not database.exists()


def test_the_commands_from_first_to_last(tmp_path: Path) -> None:
    database, feed = tmp_path / "f.db", tmp_path / "new.xml"
    world = ("--db", database, "--world", YEAR)
    # given a case that is watched through the sale of its site
    falsefront("watch", "add", YEAR / "cases" / "sold.yaml", "--every", "7d", *world)
    for day in ("2024-01-08T01:00:00Z", "2024-05-13", "2024-05-14T08:00:00Z"):
        falsefront("watch", "run", *world, "--now", day)
    # then diff, feed and doctor have it
    found = json.loads(falsefront("diff", "sold", "--db", database, "--json").stdout)
    assert {"registrar", "parked", "hosting"} <= {row["kind"] for row in found["changes"]}
    assert found["unconfirmed"] == []
    for row in found["changes"]:
        assert row["before"] != row["after"]
        assert row["last_seen_before"] < row["first_seen_after"] <= row["confirmed"]
        assert row["sources"]
    late = json.loads(falsefront("diff", "sold", "--db", database, "--since", "2024-05-14", "--json").stdout)
    assert "registrar" not in {row["kind"] for row in late["changes"]}
    assert "parked" in {row["kind"] for row in late["changes"]}
    assert "the address is parked now" in falsefront("diff", "sold", "--db", database).stdout
    falsefront("watch", "feed", "-o", feed, "--db", database)
    entries = ElementTree.parse(feed).getroot().findall(f"{{{NAMESPACE}}}entry")
    assert len(entries) == len(found["changes"])
    assert "orchardledger" not in feed.read_text()
    falsefront("watch", "feed", "--values", "-o", feed, "--db", database)
    assert "orchardledger" in feed.read_text()
    with sqlite3.connect(database) as reader:
        assert reader.execute("select count(*) from whats_new").fetchone() == (len(entries),)
        seen = reader.execute(
            "select first_seen, last_seen from identities where value like 'desk@%'"
        ).fetchone()
    reader.close()
    assert [moment[:10] for moment in seen] == ["2024-01-08", "2024-01-08"]
    # and it can be paused, gone on with, and ended
    falsefront("watch", "pause", "sold", "--db", database)
    assert "paused" in falsefront("watch", "list", "--db", database).stdout
    falsefront("watch", "pause", "--off", "sold", "--db", database)
    falsefront("watch", "remove", "sold", "--db", database)
    assert "nothing is watched" in falsefront("watch", "list", "--db", database).stdout


def test_doctor_shows_letters_that_were_given_up(tmp_path: Path) -> None:
    database = tmp_path / "f.db"
    watched(database, "quiet")
    with Store(database) as store:
        store.conn.execute(
            "insert into messages (key, case_id, rules, channel, digest, content, made_at, due_at, tries, dead_at, "
            "problem) values ('k', 'quiet', 'r.toml', 'team', '', '{}', '2024-01-08', '2024-01-08', 10, "
            "'2024-01-09', 'refused')"
        )
    found = json.loads(falsefront("doctor", "--db", database, "--world", YEAR, "--json").stdout)
    alerts = next(row for row in found if row["what"] == "alerts")
    assert not alerts["works"]
    assert "1 messages were given up; the last of case quiet to team on 2024-01-09: refused" in alerts["says"]
    assert "1 messages put back" in falsefront("watch", "resend", "--db", database).stdout


def test_install_prints_what_cron_and_systemd_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    database = tmp_path / "a folder" / "100%.db"
    database.parent.mkdir()
    shown = falsefront("watch", "install", "--print", "--db", database).stdout
    assert r"a folder/100\%.db'" in shown.splitlines()[1]
    assert f'"{tmp_path}/a folder/100%%.db"' in shown
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "Persistent=yes"):
        assert line in shown.splitlines()
    assert list(tmp_path.rglob("*.service")) == []


def test_install_says_what_this_system_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a system without systemd, and one without cron
    monkeypatch.setattr(sys, "platform", "darwin")
    mac = json.loads(falsefront("watch", "install", "--print", "--json", "--db", tmp_path / "f.db").stdout)
    assert (set(mac), mac["units"]) == ({"crontab", "units"}, {})
    kind, line, files = of_machine("win32", Path("falsefront.exe"), tmp_path / "our cases.db", None, "me")
    assert (kind, files) == ("task", {})
    assert line.startswith("schtasks /Create /TN falsefront-watch /SC MINUTE /MO 15 /TR ")
    assert 'our cases.db\\"' in line


def test_a_folder_below_tmp_is_seen_by_the_service(tmp_path: Path) -> None:
    def unit(folder: str) -> list[str]:
        found = units(Path("/opt/falsefront"), Path(folder) / "f.db", None, "watch")
        return found["falsefront-watch.service"].splitlines()

    assert "PrivateTmp=no" in unit("/tmp/cases")
    assert "PrivateTmp=yes" in unit("/srv/cases")
    assert "ReadWritePaths=/srv/cases" in unit("/srv/cases")


SHUT_IN = """
mount --make-rprivate / && mount --bind "$0" "$0" || exit 77
for path in / $(awk '{print $2}' /proc/mounts | sort -u); do
  case "$path" in "$0"|/proc*|/sys*|/dev*) ;; *) mount -o remount,bind,ro "$path" 2>/dev/null ;; esac
done
touch "$0/../elsewhere" 2>/dev/null && exit 77
cd "$0" && exec "$@"
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="no name spaces to shut a run in with")
def test_a_run_that_may_write_its_own_folder_alone_works(tmp_path: Path) -> None:
    # given what the service is given: everything read-only but the folder of the database
    folder = tmp_path / "cases"
    folder.mkdir()
    watched(folder / "f.db", "quiet")
    run = [sys.executable, "-c", "from scanner.cli import main; main()", "watch", "run"]
    run += ["--db", str(folder / "f.db"), "--world", str(YEAR), "--json"]
    shell = ["unshare", "--map-root-user", "--mount", "bash", "-c", SHUT_IN, str(folder), *run]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    if done.returncode == 77 or done.stderr.startswith("unshare:"):
        pytest.skip("this machine makes no name spaces for tests")
    assert done.returncode == 0, done.stderr
    assert [row["status"] for row in json.loads(done.stdout)["scanned"]] == ["complete"]
    assert list(folder.glob("evidence/*.warc.gz"))
    assert sorted(tmp_path.iterdir()) == [folder]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_the_units_and_finds_them_shut_in(tmp_path: Path) -> None:
    found = json.loads(
        falsefront("watch", "install", "--print", "--json", "--db", tmp_path / "a folder" / "100%.db").stdout
    )
    for name, text in found["units"].items():
        (tmp_path / name).write_text(text)
    names = [str(tmp_path / name) for name in found["units"]]
    checked = subprocess.run(
        ["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False
    )
    assert "falsefront" not in checked.stderr, checked.stderr


def test_test_alert_says_what_each_channel_answered(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[channels.h]\nkind = "webhook"\nurl = "http://127.0.0.1:9"\n'
        '[channels.m]\nkind = "mail"\nserver = "127.0.0.1:9"\nsecurity = "none"\n'
        'from = "a@b.example"\nto = ["c@d.example"]\n'
        '[[rules]]\nto = ["h", "m"]\n'
    )
    shown = falsefront("watch", "test-alert", rules, exit_code=1).stdout.splitlines()
    assert [line.split(":")[0] for line in shown] == ["h", "m"]
    assert all("refused" in line.lower() or "reached" in line for line in shown)
