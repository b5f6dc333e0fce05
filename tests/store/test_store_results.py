"""Findings and verdicts: stored with what supports them, replaced as a whole, the same again when the same."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from scanner.store import Store, StoreError
from scanner.store.schema import CONTRACT
from tests.store.samples import (
    ADDRESS,
    CASE_WIDE,
    CREATED,
    FINDINGS,
    FRONT,
    LEAD,
    LEAD_TARGET,
    OTHER,
    SINCE,
    VERDICTS,
    begin,
    fill,
    finding,
)


def everything(store: Store) -> list[tuple[object, ...]]:
    tables = ("findings", "finding_details", "support", "verdicts")
    return [row for table in tables for row in store.conn.execute(f"SELECT * FROM {table}")]


def test_given_results_when_loaded_then_they_are_the_same(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    assert store.load_findings(scan) == FINDINGS
    columns = ("domain", "level", "score", "answered", "planned", "summary")
    rows = [tuple(row[name] for name in columns) for row in store.verdicts_of(scan)]
    assert rows == [tuple(getattr(verdict, name) for name in columns) for verdict in VERDICTS]


def test_given_results_as_rows_then_they_hold_the_contracts_columns_in_order_and_the_domain(
    store: Store,
) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    found = store.findings_of(scan)
    assert list(found[0]) == [*CONTRACT["findings"], "domain"]
    assert [row["domain"] for row in found] == [FRONT] * 4 + [""]
    assert [row["defeated_by"] for row in found] == ["", "history.continuity", "", "", ""]
    evidence = {one.evidence.digest: one.id for one in store.evidence_of(scan)}
    assert found[0]["evidence_ids"] == [evidence[CREATED.evidence], evidence[SINCE.evidence]]
    json.dumps(found)
    verdicts = store.verdicts_of(scan)
    assert list(verdicts[0]) == [*CONTRACT["verdicts"], "domain", "why"]
    assert [(row["domain"], row["target_id"] is None) for row in verdicts] == [
        (FRONT, False), (OTHER, False), ("", True),
    ]  # fmt: skip


def test_given_the_same_results_twice_and_other_scans_between_then_not_one_row_changes(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    other = begin(store)
    fill(store, other)
    store.save_results(other, FINDINGS, VERDICTS)
    before = sorted(everything(store), key=repr)
    store.save_results(scan, FINDINGS, VERDICTS)
    assert sorted(everything(store), key=repr) == before


def test_given_fewer_results_then_no_row_of_the_earlier_ones_is_left(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    store.save_results(scan, (CASE_WIDE,), VERDICTS[-1:])
    assert store.load_findings(scan) == (CASE_WIDE,)
    counts = [store.conn.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("support", "verdicts")]
    assert counts == [1, 1]


def test_given_support_from_a_lead_then_its_observation_is_found(store: Store) -> None:
    scan = begin(store)
    store.add_targets(scan, [LEAD_TARGET])
    seen = structs.replace(ADDRESS, value="198.51.7.99", evidence="")
    store.add_observations(scan, LEAD, [seen])
    store.save_results(scan, [finding(support=(seen,))], [])
    assert store.load_findings(scan)[0].support == (seen,)


def test_given_the_same_fact_at_two_targets_then_support_is_of_the_findings_own_target(store: Store) -> None:
    scan = begin(store)
    seen = structs.replace(ADDRESS, evidence="")
    store.add_observations(scan, OTHER, [seen])
    store.add_observations(scan, FRONT, [seen])
    store.save_results(scan, [finding(support=(seen,))], [])
    [(domain, side)] = store.conn.execute(
        "SELECT domain, side FROM support JOIN observations ON observations.id = observation_id "
        "JOIN targets ON targets.id = target_id"
    ).fetchall()
    assert (domain, side) == (FRONT, "observed")


def test_given_a_fact_that_lost_its_evidence_then_support_still_finds_its_row(store: Store) -> None:
    scan = begin(store)
    store.add_observations(scan, FRONT, [CREATED])  # nothing with that digest is stored
    store.save_results(scan, [finding(support=(CREATED,))], [])
    assert store.load_findings(scan)[0].support == (structs.replace(CREATED, evidence=""),)
    assert store.findings_of(scan)[0]["evidence_ids"] == []


def test_given_results_that_cannot_be_stored_then_the_earlier_ones_stay(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    with pytest.raises(StoreError, match=r"unknown\.example"):
        store.save_results(scan, [finding(domain="unknown.example")], [])
    assert store.load_findings(scan) == FINDINGS


def test_given_facts_parsed_again_then_results_lose_support_until_they_are_saved_again(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    observed = store.observations(scan, FRONT)
    store.replace_observations(scan, FRONT, [], sources=["dns", "whois", "website"])
    assert all(not one.support for one in store.load_findings(scan))
    store.add_observations(scan, FRONT, observed)
    store.save_results(scan, FINDINGS, VERDICTS)
    assert store.load_findings(scan) == FINDINGS


def test_given_knowledge_then_it_is_filled_once_a_version_and_an_unknown_date_is_empty(store: Store) -> None:
    rows = [
        ("seized", "front.example", "seized", "2023-10-18", "https://justice.test/a"),
        ("reported", "front.example", "reported", "", "https://report.test"),
    ]
    store.set_knowledge(rows, "2024-05")
    store.set_knowledge([], "2024-05")
    assert store.knowledge_version() == "2024-05"
    assert store.conn.execute("SELECT kind, published FROM knowledge ORDER BY id").fetchall() == [
        ("seized", "2023-10-18"),
        ("reported", None),
    ]
    store.set_knowledge(rows[:1], "2024-06")
    assert store.conn.execute("SELECT count(*) FROM knowledge").fetchone() == (1,)
