"""Scrapy run by itself, as a person would: `scrapy list`, `scrapy crawl … -a url=…`, into the same store."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

from scanner.intake import url_case_id
from scanner.store import Store
from scanner.world.serve import serve
from tests.spiders.site_lab import firm, write_world

ROOT = Path(__file__).resolve().parents[2]


async def scrapy(*arguments: str, network: Path | None = None) -> tuple[int, str]:
    """Exit code and everything printed, run from the project's root."""
    environment = {key: value for key, value in os.environ.items() if key != "FALSEFRONT_NETWORK"}
    if network is not None:
        environment["FALSEFRONT_NETWORK"] = str(network)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scrapy",
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_scrapy_lists_the_spiders() -> None:
    code, out = await scrapy("list")
    assert (code, out.split()) == (0, ["employer", "portfolio", "site"])


async def test_a_crawl_by_scrapy_alone_lands_in_the_store(tmp_path: Path) -> None:
    """Given a served firm and one that is down, when Scrapy crawls both, then the database holds a scan of the
    case of those addresses, with attempts, evidence, pages and facts, as a scan of ours would."""
    domains: dict[str, object] = {
        "acme-soft.com": {"site": "sites/acme"},
        "down.com": {"site": {"status": 503}},
    }
    world = write_world(tmp_path / "world", domains, {"acme": firm()})
    network, database = tmp_path / "net.toml", tmp_path / "findings.db"
    urls = "https://acme-soft.com,down.com"
    async with serve(world) as served:
        network.write_text(served.network_toml)
        code, out = await scrapy(
            "crawl", "employer", "-a", f"url={urls}", "-s", f"FALSEFRONT_DB={database}", network=network
        )
    assert code == 0, out
    assert "Traceback" not in out
    case = url_case_id(urls.split(","))
    assert f"stored as case {case}" in out
    with sqlite3.connect(database) as db:
        assert db.execute("SELECT case_id, status FROM scans").fetchall() == [(case, "partial")]
        attempts = db.execute(
            "SELECT domain, source, status, reason FROM attempts JOIN targets ON targets.id = target_id ORDER BY domain"
        ).fetchall()
        assert attempts == [
            ("acme-soft.com", "website", "ok", "pages 9"),
            ("down.com", "website", "unreachable", "status 503"),
        ]
        pages = {url for (url,) in db.execute("SELECT url FROM pages")}
        assert {"https://acme-soft.com/", "https://acme-soft.com/about"} <= pages
        assert db.execute("SELECT role FROM claims").fetchall() == [("employer",)] * 2
        facts = set(db.execute("SELECT name, value FROM observations WHERE kind = 'website'"))
        assert ("final", "https://acme-soft.com/") in facts
    with Store(database, readonly=True) as store:
        scan = store.latest_scan(case)
        assert scan is not None
        row = next(each for each in store.evidence_of(scan) if each.evidence.uri.endswith("/about"))
        about = store.read_evidence(row.id)
    assert about.block.startswith(b"HTTP/1.1 200 OK")
    assert about.request.startswith(b"GET /about HTTP/1.1")


async def test_what_a_person_gets_wrong_is_one_line(tmp_path: Path) -> None:
    """Given no address, a bad one, and a network file that isn't there, then a line says so, and no traceback."""
    database = f"FALSEFRONT_DB={tmp_path / 'x.db'}"
    code, out = await scrapy("crawl", "portfolio", "-s", database)
    assert code == 0
    assert "no address to look at: scrapy crawl portfolio -a url=https://…" in out
    assert "Traceback" not in out
    code, out = await scrapy("crawl", "portfolio", "-a", "url=https://a b", "-s", database)
    assert "holds a space" in out
    assert "Traceback" not in out
    code, out = await scrapy("crawl", "portfolio", "-a", "url=a.com", network=tmp_path / "none.toml")
    assert code == 2
    assert "none.toml: can't be read" in out
    assert "Traceback" not in out
    assert not (tmp_path / "x.db").exists()


async def test_a_database_that_cannot_be_opened_ends_the_crawl(tmp_path: Path) -> None:
    """Given a file that is no database, when Scrapy crawls, then nothing is asked for and one line says why."""
    world = write_world(tmp_path / "world", {"acme.com": {"site": "sites/acme"}}, {"acme": firm()})
    network, database = tmp_path / "net.toml", tmp_path / "findings.db"
    database.write_text("this is a letter, not a database " * 100)
    async with serve(world) as served:
        network.write_text(served.network_toml)
        _, out = await scrapy(
            "crawl", "site", "-a", "url=acme.com", "-s", f"FALSEFRONT_DB={database}", network=network
        )
        asked = [event for event in served.log if event.service == "http"]
    assert "findings.db" in out
    assert "Traceback" not in out
    assert asked == []
