"""Whole scans in the sample world: labels met, the same verdict twice, nothing lost when it stops."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanner.egress import NetworkConfig
from scanner.evaluate import evaluate_world
from scanner.intake import case_from_urls, read_case
from scanner.model import Level
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.report import document
from scanner.rescore import rescore_case
from scanner.session import Session
from scanner.store import Store
from scanner.world import serve

SAMPLE = Path(__file__).parents[1] / "scanner" / "world" / "sample"


async def test_every_label_of_the_sample_world_is_met_and_all_levels_occur() -> None:
    outcomes = await evaluate_world(SAMPLE, SAMPLE, None)
    missed = [outcome.as_dict() for outcome in outcomes if not outcome.ok]
    assert not missed
    assert {outcome.level for outcome in outcomes} == {level.value for level in Level}


@pytest.fixture
async def scanned(tmp_path: Path) -> Path:
    """A database with every case of the sample world."""
    database = tmp_path / "findings.db"
    async with serve(SAMPLE) as served:
        config = NetworkConfig.parse(served.network_toml, SAMPLE)
        async with Session(config, database) as session:
            for path in served.cases:
                for case in read_case(path).cases:
                    await session.scan(case)
    return database


def documents(database: Path) -> dict[str, str]:
    with Store(database, readonly=True) as store:
        return {
            row["id"]: json.dumps(document.of_case(store, row["id"]), sort_keys=True) for row in store.cases()
        }


@pytest.mark.parametrize("observe", [False, True], ids=["observations", "evidence"])
async def test_rescoring_gives_the_same_verdicts_byte_for_byte(scanned: Path, observe: bool) -> None:
    before = documents(scanned)
    async with AsyncExitStack() as stack:
        store = stack.enter_context(Store(scanned))
        pool = await stack.enter_async_context(ParsePool()) if observe else None
        for case in before:
            change = await rescore_case(store, case, pool)
            assert change is not None
            assert not change.moved, change.differences
    assert documents(scanned) == before


async def test_parsing_the_evidence_again_gives_the_same_observations(scanned: Path) -> None:
    def everything(store: Store) -> dict[tuple[str, str], list[str]]:
        found = {}
        for row in store.cases():
            record = store.latest_scan(row["id"])
            assert record is not None
            for target in store.targets(record):
                rows = store.observations(record, target.domain)
                found[row["id"], target.domain] = sorted(map(repr, rows))
        return found

    async with ParsePool() as pool:
        with Store(scanned) as store:
            before = everything(store)
            for case in store.cases():
                await rescore_case(store, case["id"], pool)
            assert everything(store) == before


async def test_every_finding_names_evidence_that_is_stored(scanned: Path) -> None:
    with Store(scanned, readonly=True) as store:
        for row in store.cases():
            record = store.latest_scan(row["id"])
            assert record is not None
            for finding in store.findings_of(record):
                for number in finding["evidence_ids"]:
                    assert store.read_evidence(number).block
                if finding["strength"] in ("decisive", "strong") and finding["domain"]:
                    assert finding["evidence_ids"] or finding["check_id"] == "known.listed-domain"


async def test_every_observation_has_its_row_in_the_vocabulary(scanned: Path) -> None:
    documented = set()
    for line in (Path(__file__).parents[1] / "docs" / "OBSERVATIONS.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5:
            documented |= {(cells[0], name.strip()) for name in cells[1].split(",")}
    with Store(scanned, readonly=True) as store:
        seen = {
            (kind, name) for kind, name in store.conn.execute("SELECT DISTINCT kind, name FROM observations")
        }
    assert len(seen) > 30
    assert seen <= documented


async def test_a_scan_that_is_stopped_keeps_what_it_has_and_goes_on(tmp_path: Path) -> None:
    database = tmp_path / "findings.db"
    async with serve(SAMPLE) as served:
        config = NetworkConfig.parse(served.network_toml, SAMPLE)
        [case] = read_case(served.cases[0]).cases
        # given a scan that is cancelled as soon as its first source has answered
        first = asyncio.Event()

        class Watch:
            def planned(self, *_: object) -> None: ...
            def asking(self, *_: object) -> None: ...
            def ended(self, *_: object) -> None: ...
            def answered(self, *_: object) -> None:
                first.set()

        async with Session(config, database, progress=Watch()) as session:
            task = asyncio.create_task(session.scan(case))
            await first.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        with Store(database, readonly=True) as store:
            stopped = store.latest_scan(case.id)
            assert stopped is not None
            assert stopped.status == "interrupted"
            assert any(a.status != "error" for rows in store.attempts(stopped).values() for a in rows)
        # when the same case is scanned again, then the same scan goes on to its end
        async with Session(config, database) as session:
            record = await session.scan(case)
        assert record.uid == stopped.uid
        assert record.status in ("complete", "partial")


async def test_a_scan_that_is_stopped_while_its_first_rows_are_written_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "findings.db"
    loop, begin = asyncio.get_running_loop(), Store.begin_scan
    async with serve(SAMPLE) as served:
        config = NetworkConfig.parse(served.network_toml, SAMPLE)
        [case] = read_case(served.cases[0]).cases
        async with Session(config, database) as session:
            task = asyncio.create_task(session.scan(case))

            def stopped_meanwhile(store: Store, *given: Any, **named: Any) -> Any:
                loop.call_soon_threadsafe(task.cancel)
                return begin(store, *given, **named)

            monkeypatch.setattr(Store, "begin_scan", stopped_meanwhile)
            with pytest.raises(asyncio.CancelledError):
                await task
    with Store(database, readonly=True) as store:
        found = store.latest_scan(case.id)
        assert found is not None
        assert found.status == "interrupted"


async def test_passive_touches_no_target(tmp_path: Path) -> None:
    async with serve(SAMPLE) as served:
        config = NetworkConfig.parse(served.network_toml, SAMPLE)
        [case] = read_case(served.cases[0]).cases
        async with Session(config, tmp_path / "findings.db", choice=Choice(passive=True)) as session:
            await session.scan(case)
        domains = {row.split("://")[1].split("/")[0] for row in (c.url for c in case.claims) if row}
        touched = {event.domain for event in served.log if event.service in ("http", "https", "dns")}
        assert not touched & domains


async def test_an_unknown_domain_ends_with_too_little_to_say(tmp_path: Path) -> None:
    async with serve(SAMPLE) as served:
        config = NetworkConfig.parse(served.network_toml, SAMPLE)
        intake = case_from_urls(["https://no-such-domain-anywhere.example"])
        async with Session(config, tmp_path / "findings.db") as session:
            record = await session.scan(intake.cases[0])
    with Store(tmp_path / "findings.db", readonly=True) as store:
        found = document.of_scan(store, record)
    assert found["level"] == "not-enough"
    statuses = {a["source"]: a["status"] for a in found["targets"][0]["attempts"]}
    assert statuses["rdap"] == statuses["dns"] == "absent"


async def test_a_service_that_cannot_be_found_has_not_answered(tmp_path: Path) -> None:
    # given a network where neither the archive nor the certificate log exists
    async with serve(SAMPLE) as served:
        config = NetworkConfig.parse(served.network_toml, SAMPLE)
        away = replace(config, archive="https://archive.nowhere.example", ct="https://log.nowhere.example")
        [case] = read_case(SAMPLE / "cases" / "front.yaml").cases
        async with Session(away, tmp_path / "findings.db") as session:
            record = await session.scan(case)
    # then their silence is no absence, and nothing corroborates the registration date
    with Store(tmp_path / "findings.db", readonly=True) as store:
        found = document.of_scan(store, record)
    statuses = {a["source"]: a["status"] for a in found["targets"][0]["attempts"]}
    assert statuses["archive"] == statuses["ct"] == "unreachable"
    assert found["status"] == "partial"


async def test_whois_is_asked_where_rdap_gave_no_date(tmp_path: Path) -> None:
    """Given a registry whose RDAP tells no date and whose WHOIS does, then the date is found there."""
    text = "Domain Name: acme.com\r\nRegistrar: Some Registrar\r\nCreation Date: 2015-03-01T00:00:00Z\r\n"
    (tmp_path / "acme.txt").write_text(text)
    registration = "{via: both, registrar: Some Registrar, whois_file: acme.txt}"
    (tmp_path / "world.yaml").write_text(
        f"now: 2024-06-01\ndomains:\n  acme.com: {{registration: {registration}}}\n"
    )
    async with serve(tmp_path) as served:
        config = NetworkConfig.parse(served.network_toml, tmp_path)
        async with Session(config, tmp_path / "findings.db") as session:
            record = await session.scan(case_from_urls(["acme.com"]).cases[0])
    with Store(tmp_path / "findings.db", readonly=True) as store:
        attempts = {attempt.source: attempt for attempt in store.attempts(record)["acme.com"]}
        rows = [row for row in store.observations(record, "acme.com") if row.name == "created"]
    assert attempts["rdap"].reason.startswith("no-dates")
    assert attempts["whois"].status.answered
    assert [(row.source, str(row.starts)) for row in rows] == [("whois", "2015-03-01T00:00:00Z")]
