"""Ctrl-C, kill and company, on real processes: one clear line, nothing lost, the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.bad_worlds.making import REGISTERED, write_world

FALSEFRONT = [sys.executable, "-c", "from scanner.cli import main; main()"]
SITE = {"registration": REGISTERED, "site": "sites/firm"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One site that answers, one whose registry and archive never do: a scan that is under way for a minute."""
    stuck = {"registration": {"via": "timeout"}, "site": "sites/firm", "archive": {"fault": "timeout"}}
    folder = tmp_path_factory.mktemp("world")
    return write_world(folder, {"quick.example": SITE, "stuck.example": stuck}, {})


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same world on a better day."""
    folder = tmp_path_factory.mktemp("mended")
    return write_world(folder, {"quick.example": SITE, "stuck.example": SITE}, {})


def command(world: Path, database: Path, *more: str) -> list[str]:
    return [
        *FALSEFRONT, "scan", "quick.example", "stuck.example",
        "--world", str(world), "--db", str(database), *more,
    ]  # fmt: skip


class Running:
    """A scan in a process group of its own, as a shell would start it."""

    def __init__(self, arguments: list[str]) -> None:
        self.process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def until_asked(self) -> None:
        """Returns once the first site is through; the other hangs."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("quick.example"):
                return
        raise AssertionError("ended before the first site was through")

    def stop(self, number: signal.Signals, *, group: bool = True) -> tuple[int, str, str]:
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


@pytest.fixture
def start() -> Iterator[type[Running]]:
    started: list[Running] = []

    class Kept(Running):
        def __init__(self, arguments: list[str]) -> None:
            super().__init__(arguments)
            started.append(self)

    yield Kept
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


def scans(database: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(database) as conn:
        return conn.execute("SELECT uid, status FROM scans ORDER BY id").fetchall()


def answered(database: Path) -> Mapping[tuple[str, str], int]:
    """How often each source of each target gave an answer."""
    with sqlite3.connect(database) as conn:
        rows = conn.execute(
            "SELECT domain, source, count(*) FROM attempts JOIN targets ON targets.id = target_id "
            "WHERE status IN ('ok', 'absent', 'redacted') GROUP BY 1, 2"
        )
        return {(domain, source): number for domain, source, number in rows}


def finish(world: Path, database: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(world, database), capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_scan_says_so_in_one_line_and_goes_on(
    start: type[Running], world: Path, mended: Path, tmp_path: Path, number: signal.Signals
) -> None:
    database = tmp_path / "findings.db"
    # given a scan under way, when it is interrupted as a terminal does it: the workers get the signal as well
    running = start(command(world, database))
    running.until_asked()
    code, out, err = running.stop(number, group=number is signal.SIGINT)
    # then it says one thing, and what was collected is stored
    assert (code, out) == (130, "")
    assert err.splitlines() == [
        f"Interrupted. What was collected is stored in {database}; the same command goes on with it."
    ]
    [(uid, status)] = scans(database)
    assert status == "interrupted"
    before = answered(database)
    assert before["quick.example", "website"] == 1
    # and the same command goes on with the same scan, asking only what is missing
    done = finish(mended, database)
    assert done.returncode == 0, done.stderr
    assert scans(database) == [(uid, "complete")]
    after = answered(database)
    assert after["stuck.example", "rdap"] == 1
    assert {key: after[key] for key in before} == before


def test_a_killed_scan_goes_on(start: type[Running], world: Path, mended: Path, tmp_path: Path) -> None:
    database = tmp_path / "findings.db"
    # given a scan that is killed outright
    running = start(command(world, database))
    running.until_asked()
    code, _, _ = running.stop(signal.SIGKILL)
    assert code == -signal.SIGKILL
    [(uid, status)] = scans(database)
    assert status == "running"
    before = answered(database)
    # when the same command runs again, then it is the same scan, and every answer that was stored still stands
    done = finish(mended, database)
    assert done.returncode == 0, done.stderr
    assert scans(database) == [(uid, "complete")]
    assert all(answered(database)[key] == number for key, number in before.items())


def test_a_second_process_leaves_a_living_scan_alone(
    start: type[Running], world: Path, mended: Path, tmp_path: Path
) -> None:
    database = tmp_path / "findings.db"
    # given a scan that is under way in one process
    first = start(command(world, database))
    first.until_asked()
    # when the same command runs in another, then that makes a scan of its own and both are whole
    second = finish(mended, database)
    assert second.returncode == 0, second.stderr
    (one, running), (two, complete) = scans(database)
    assert (running, complete) == ("running", "complete")
    assert one != two
    code, _, _ = first.stop(signal.SIGINT)
    assert code == 130
    assert scans(database) == [(one, "interrupted"), (two, "complete")]


def test_ctrl_c_before_the_start_is_one_line_too(start: type[Running], tmp_path: Path) -> None:
    # given a command that is still reading its case file (a pipe that nobody writes to)
    pipe = tmp_path / "case.yaml"
    os.mkfifo(pipe)
    running = start([*FALSEFRONT, "scan", "--case", str(pipe)])
    with pipe.open("w"):  # returns once the command has opened the other end
        code, out, err = running.stop(signal.SIGINT)
    assert (code, out, err) == (130, "", "falsefront: interrupted\n")


def test_ctrl_c_while_the_command_line_is_imported_shows_no_traceback(tmp_path: Path) -> None:
    # given a library that is interrupted in the middle of its import
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")
    ended = subprocess.run(
        FALSEFRONT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_a_world_in_the_foreground_serves_others_until_ctrl_c(
    start: type[Running], mended: Path, tmp_path: Path
) -> None:
    # given a world served by one process
    network = tmp_path / "network.toml"
    serving = start([*FALSEFRONT, "world", str(mended), "--network-out", str(network)])
    assert serving.process.stdout is not None
    assert serving.process.stdout.readline() == f"serving {mended}; network file: {network}\n"
    # when another process scans over its network file
    scan = ["scan", "quick.example", "--network", str(network), "--db", str(tmp_path / "f.db"), "--json"]
    done = subprocess.run([*FALSEFRONT, *scan], capture_output=True, text=True, timeout=60)
    # then it sees what stands in the world, and Ctrl-C ends the world as it should
    assert done.returncode == 0, done.stderr
    [target] = json.loads(done.stdout)["targets"]
    assert target["domain"] == "quick.example"
    assert target["answered"] == target["planned"] >= 6
    code, _, err = serving.stop(signal.SIGINT)
    assert (code, err) == (0, "")


def test_a_world_in_the_foreground_says_where_it_is_in_one_line_of_json(
    start: type[Running], mended: Path, tmp_path: Path
) -> None:
    network = tmp_path / "network.toml"
    serving = start([*FALSEFRONT, "world", str(mended), "--json", "--network-out", str(network)])
    assert serving.process.stdout is not None
    said = json.loads(serving.process.stdout.readline())
    assert said == {
        "directory": str(mended),
        "network_out": str(network),
        "network": network.read_text("utf-8"),
    }
    assert serving.stop(signal.SIGINT)[0] == 0


def test_a_closed_pipe_ends_quietly(mended: Path, tmp_path: Path) -> None:
    # given a reader of our output that goes away at once
    process = subprocess.Popen(
        [*command(mended, tmp_path / "f.db"), "--dry-run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 1


def test_an_interrupted_crawl_keeps_what_was_read_and_goes_on(start: type[Running], tmp_path: Path) -> None:
    # given a list of three sites, one of which never answers
    words = " ".join(
        f"Every {thing} of the yard is counted twice." for thing in ("plank", "beam", "post", "rail")
    )
    files = {"sites/yard/index.html": f"<title>Yard</title><main><p>{words}</p></main>"}
    site = {"registration": REGISTERED, "site": "sites/yard"}
    stuck = {"registration": REGISTERED, "site": {"behaviour": "blackhole"}}
    world = write_world(
        tmp_path / "world", {"quick.example": site, "stuck.example": stuck, "third.example": site}, files
    )
    (tmp_path / "list.txt").write_text("quick.example\nstuck.example\nthird.example\n")
    crawl = [
        *FALSEFRONT, "library", "crawl", str(tmp_path / "list.txt"),
        "--world", str(world), "--db", str(tmp_path / "f.db"),
    ]  # fmt: skip
    # when it is interrupted once the first site is through
    running = start(crawl)
    running.until_asked()
    code, out, err = running.stop(signal.SIGINT)
    # then one line says so, and the same command has only the others left
    assert (code, out) == (130, "")
    assert err.splitlines()[-1].startswith("Interrupted. The sites told above are in ")
    again = subprocess.run([*crawl, "--dry-run"], capture_output=True, text=True, timeout=60)
    (line,) = again.stderr.splitlines()
    assert line.startswith(("2 of 3 sites to crawl", "1 of 3 sites to crawl"))
    # and with a limit, the first of those alone
    limited = subprocess.run(
        [*crawl, "--dry-run", "--limit", "1"], capture_output=True, text=True, timeout=60
    )
    assert limited.stderr.startswith("1 of 3 sites to crawl")
