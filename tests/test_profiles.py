"""Accounts on a code platform in whole scans: which are asked about, what it does to coverage, what is kept."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from scanner.collect import SOURCES
from scanner.collect.github import TOKEN
from scanner.egress import NetworkConfig
from scanner.intake import read_case
from scanner.model import Case, Claim, Role
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.report import document, dry_run
from scanner.rescore import rescore_case
from scanner.session import Session
from scanner.store import Store
from scanner.world import serve

WORLD = Path(__file__).parent / "worlds" / "profiles"
SECRET = "ghp_0123456789abcdefghijKLMNOPQRSTUVwxyz"


def case_of(name: str) -> Case:
    [case] = read_case(WORLD / "cases" / f"{name}.yaml").cases
    return case


async def scan(
    tmp_path: Path, case: Case, choice: Choice | None = None, world: Path = WORLD
) -> tuple[sqlite3.Connection, list[str]]:
    """The database of a scan of that case, and what was asked of the platform."""
    async with serve(world) as served:
        config = NetworkConfig.parse(served.network_toml, world)
        async with Session(config, tmp_path / "f.db", choice=choice or Choice()) as session:
            await session.scan(case)
        asked = [
            event.what for event in served.log if "api.github.com" in event.what and event.service == "http"
        ]
    return sqlite3.connect(tmp_path / "f.db"), asked


def attempts(db: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    rows = db.execute(
        "SELECT domain, status, reason FROM attempts JOIN targets ON targets.id = target_id WHERE source = 'github'"
    )
    return {domain: (status, reason.partition(" ")[0]) for domain, status, reason in rows}


def coverage(db: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    rows = db.execute("SELECT domain, answered, planned FROM verdicts JOIN targets ON targets.id = target_id")
    return {domain: (answered, planned) for domain, answered, planned in rows}


async def test_an_account_a_portfolio_names_is_asked_about_once_the_site_is_read(tmp_path: Path) -> None:
    db, asked = await scan(tmp_path, case_of("authors-swapped"))
    assert attempts(db) == {
        "saltmarsh-instruments.example": ("skipped", "not-needed"),
        "dorian-kell.example": ("ok", ""),
    }
    assert asked
    findings = db.execute(
        "SELECT strength, target_id FROM findings WHERE check_id = 'profile.rewritten-authors'"
    )
    assert findings.fetchall() == [("medium", None)]


async def test_a_claimed_account_gives_the_platform_neither_a_verdict_nor_a_question(tmp_path: Path) -> None:
    db, _ = await scan(tmp_path, case_of("authors-swapped-claimed"))
    assert attempts(db)["github.com"] == ("ok", "")
    assert set(coverage(db)) == {"saltmarsh-instruments.example"}
    others = db.execute(
        "SELECT DISTINCT status FROM attempts JOIN targets ON targets.id = target_id"
        " WHERE domain = 'github.com' AND source != 'github'"
    )
    assert others.fetchall() == [("skipped",)]


async def test_a_report_names_no_platform_among_the_sites_but_says_what_it_did_not_answer(
    tmp_path: Path,
) -> None:
    case = Case(
        "c", "", (Claim(Role.PROFILE, "https://github.com/qharrow"), *case_of("account-renamed").claims[:1])
    )
    await scan(tmp_path, case)
    with Store(tmp_path / "f.db", readonly=True) as store:
        told = document.of_case(store, "c") or {}
    assert [target["domain"] for target in told["targets"]] == ["saltmarsh-instruments.example"]
    assert [(row["domain"], row["status"]) for row in told["not_seen"]] == [("github.com", "throttled")]


async def test_the_same_verdicts_from_the_evidence_again(tmp_path: Path) -> None:
    await scan(tmp_path, case_of("authors-swapped-claimed"))
    with Store(tmp_path / "f.db") as store:
        async with ParsePool(1) as pool:
            change = await rescore_case(store, case_of("authors-swapped-claimed").id, pool)
    assert change is not None
    assert not change.moved, change.differences


async def test_a_target_without_an_account_is_covered_as_before(tmp_path: Path) -> None:
    # given a portfolio that names no account
    world = tmp_path / "world"
    (world / "site").mkdir(parents=True)
    (world / "site" / "index.html").write_text("<title>Jane</title><p>I draw maps of rivers that moved.</p>")
    (world / "world.yaml").write_text("{now: 2024-06-01, domains: {jane.example: {site: site}}}")
    case = Case("c", "", (Claim(Role.PORTFOLIO, "https://jane.example"),))
    db, _ = await scan(tmp_path, case, world=world)
    assert attempts(db) == {"jane.example": ("skipped", "no-account")}
    assert coverage(db)["jane.example"][1] == len(SOURCES) - 2  # nor whois, once rdap has answered


async def test_one_that_names_an_account_on_a_network_without_the_platform_is_too(tmp_path: Path) -> None:
    world = tmp_path / "world"
    (world / "site").mkdir(parents=True)
    page = '<title>Jane</title><p>I draw maps.</p><footer><a href="https://github.com/jane-maps">GitHub</a></footer>'
    (world / "site" / "index.html").write_text(page)
    (world / "world.yaml").write_text("{now: 2024-06-01, domains: {jane.example: {site: site}}}")
    case = Case("c", "", (Claim(Role.PORTFOLIO, "https://jane.example"),))
    db, _ = await scan(tmp_path, case, world=world)
    assert attempts(db) == {"jane.example": ("skipped", "no-service")}
    assert db.execute("SELECT status FROM scans").fetchall() == [("complete",)]


async def test_a_spent_limit_is_an_attempt_without_an_answer_and_no_mark(tmp_path: Path) -> None:
    case = Case(
        "c", "", (Claim(Role.PROFILE, "https://github.com/qharrow"), *case_of("account-renamed").claims[:1])
    )
    db, _ = await scan(tmp_path, case)
    assert attempts(db)["github.com"] == ("throttled", "rate-limit")
    assert db.execute("SELECT status FROM scans").fetchall() == [("partial",)]
    assert not db.execute("SELECT 1 FROM findings WHERE family = 'profile'").fetchall()


async def test_left_out_it_is_asked_nothing_and_passive_keeps_it(tmp_path: Path) -> None:
    claimed = case_of("authors-swapped-claimed")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    db, asked = await scan(tmp_path / "a", claimed, Choice(without=frozenset({"github"})))
    assert (attempts(db)["github.com"], asked) == (("skipped", "left-out"), [])
    db, asked = await scan(tmp_path / "b", claimed, Choice(passive=True))
    assert attempts(db)["github.com"] == ("ok", "")
    assert asked


def held_below(folder: Path) -> dict[str, bytes]:
    """What every file there holds, unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.name: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in files
    }


async def test_a_token_stands_in_no_file_of_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, SECRET)
    _, asked = await scan(tmp_path, case_of("authors-swapped"))
    assert asked
    held = held_below(tmp_path)
    assert any(b"x-github-api-version" in content.lower() for content in held.values())  # requests are kept
    assert not [name for name, content in held.items() if SECRET.encode() in content]


def test_a_dry_run_says_who_sees_it() -> None:
    steps = dry_run.as_dict(case_of("authors-swapped-claimed"), SOURCES, Choice())["steps"]
    planned = [step for step in steps if step["domain"] == "github.com" and not step["skip"]]
    assert [(step["source"], step["seen_by"], step["touches_target"]) for step in planned] == [
        ("github", ["platform"], False)
    ]
