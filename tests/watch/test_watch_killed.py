"""A run that is killed outright, on real processes: the next one need not wait, and goes on with the same scan."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bad_worlds.making import REGISTERED, write_world

FALSEFRONT = [sys.executable, "-c", "from scanner.cli import main; main()"]
SITE = {"registration": REGISTERED, "site": "sites/firm"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_killed_run_is_gone_on_with_at_once(tmp_path: Path) -> None:
    (tmp_path / "stuck").mkdir()
    (tmp_path / "well").mkdir()
    stuck = write_world(tmp_path / "stuck", {"quick.example": SITE | {"archive": {"fault": "timeout"}}}, {})
    well = write_world(tmp_path / "well", {"quick.example": SITE}, {})
    database, names = tmp_path / "f.db", tmp_path / "names.txt"
    names.write_text("quick.example\n")
    common = ["--db", str(database), "--world"]
    subprocess.run(
        [*FALSEFRONT, "watch", "add", str(names), "--every", "7d", *common, str(stuck)], check=True
    )

    def rows(query: str) -> list[tuple[object, ...]]:
        reader = sqlite3.connect(database)
        try:
            return reader.execute(query).fetchall()
        finally:
            reader.close()

    # given a run that hangs at the archive, and is killed once the site was read
    process = subprocess.Popen([*FALSEFRONT, "watch", "run", *common, str(stuck)], start_new_session=True)
    until = time.monotonic() + 60
    read = "select 1 from attempts where source = 'website' and status = 'ok'"
    while not rows(read) and time.monotonic() < until:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    ((uid, status),) = rows("select uid, status from scans")
    assert status == "running"
    # when it is called again
    done = subprocess.run(
        [*FALSEFRONT, "watch", "run", *common, str(well)], capture_output=True, text=True, check=True
    )
    # then it goes on with that scan, asks only what was missing, and is at work no longer
    assert "1 of 1 due cases scanned" in done.stdout, done.stderr
    assert rows("select uid, status from scans") == [(uid, "complete")]
    assert rows("select count(*) from attempts where source = 'website'") == [(1,)]
    assert rows("select count(*) from leases") == [(0,)]
    assert not list(tmp_path.glob("*.watch.lock"))
