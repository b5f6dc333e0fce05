"""`scrapy list` and `scrapy crawl` on their own: the same way through a site, into the same store."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bad_worlds.making import REGISTERED, WORDS, page, write_world

ROOT = Path(__file__).parents[1]
SCRAPY = [sys.executable, "-m", "scrapy"]
FALSEFRONT = [sys.executable, "-c", "from scanner.cli import main; main()"]


def crawl(network: Path, database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SCRAPY, "crawl", *arguments, "-s", f"FALSEFRONT_DB={database}"],
        cwd=ROOT, env={**os.environ, "FALSEFRONT_NETWORK": str(network)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def falsefront(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*FALSEFRONT, *arguments], capture_output=True, text=True, timeout=60)


def test_scrapy_lists_the_spiders() -> None:
    done = subprocess.run([*SCRAPY, "list"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert {"employer", "portfolio"} <= set(done.stdout.split())


def test_a_spider_alone_writes_to_the_same_store_and_can_be_judged(tmp_path: Path) -> None:
    firm = {
        "registration": REGISTERED,
        "site": {"dir": "sites/firm", "paths": {"/out": {"redirect": "http://10.0.0.1/"}}},
    }
    folder = write_world(
        tmp_path / "world",
        {"firm.example": firm},
        {
            "sites/firm/index.html": page("Firm", WORDS + '<a href="/about">About</a><a href="/out">Team</a>'),
            "sites/firm/about.html": page("About"),
        },
    )  # fmt: skip
    network, database = tmp_path / "network.toml", tmp_path / "findings.db"
    # given a world served by another process
    arguments = ["world", str(folder), "--network-out", str(network)]
    with subprocess.Popen([*FALSEFRONT, *arguments], stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            serving.stdout.readline()
            # when a spider is run by Scrapy alone
            done = crawl(network, database, "employer", "-a", "url=https://firm.example")
        finally:
            serving.terminate()
    assert done.returncode == 0, done.stderr
    assert "firm.example: ok" in done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(database) as conn:
        [(case, status)] = conn.execute("SELECT case_id, status FROM scans").fetchall()
        urls = {row[0] for row in conn.execute("SELECT url FROM pages")}
        conn.execute("SELECT 1 FROM evidence").fetchone()
    assert (status, case[:5]) == ("complete", "urls-")
    assert urls == {"https://firm.example/", "https://firm.example/about"}
    # then the report shows what is there, and that nobody has judged it; rescore does
    report = falsefront("report", case, "--db", str(database))
    assert "firm.example not judged yet" in " ".join(report.stdout.split())
    assert "Not judged yet" in report.stdout
    assert falsefront("rescore", case, "--db", str(database)).returncode == 0
    assert "NOTHING FOUND" in falsefront("report", case, "--db", str(database)).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["employer"], "no address to look at: scrapy crawl employer -a url=https://"),
        (
            ["portfolio", "-a", "url=http://127.0.0.1/"],
            "127.0.0.1: blocked private-address 127.0.0.1 loopback",
        ),
    ],
)
def test_a_spider_says_in_one_line_what_went_wrong(tmp_path: Path, arguments: list[str], words: str) -> None:
    dead = tmp_path / "dead.toml"
    dead.write_text('resolver = ["127.0.0.1:9"]\nroutes = {"1" = "refuse"}\n')
    done = crawl(dead, tmp_path / "findings.db", *arguments)
    assert any(words in line for line in done.stderr.splitlines())
    assert "Traceback" not in done.stderr


def test_a_spider_whose_database_is_none_stops(tmp_path: Path) -> None:
    dead, database = tmp_path / "dead.toml", tmp_path / "findings.db"
    dead.write_text('resolver = ["127.0.0.1:9"]\nroutes = {"1" = "refuse"}\n')
    database.write_text("a letter, not a database")
    done = crawl(dead, database, "employer", "-a", "url=firm.example")
    assert f"{database}: is not a SQLite database" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Unclosed" not in done.stderr


def test_a_database_that_cannot_be_used_is_one_line_and_exit_status_1(tmp_path: Path) -> None:
    # given a folder where the database should be
    (tmp_path / "findings.db").mkdir()
    (tmp_path / "network.toml").write_text(
        'resolver = ["127.0.0.1:9"]\nroutes = { "80" = "refuse" }\n', encoding="utf-8"
    )
    # when a spider is run by Scrapy alone
    done = crawl(
        tmp_path / "network.toml", tmp_path / "findings.db", "employer", "-a", "url=https://firm.example"
    )
    # then a script can tell that nothing was stored
    assert done.returncode == 1, done.stderr
    assert "findings.db" in done.stderr
    assert "Traceback" not in done.stderr
