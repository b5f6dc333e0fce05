"""Scans begin, go on and end as the contract says; everything of the model comes back as it went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scanner.model import Attempt, Case, Date, Observed, Period, Status, Target, Why
from scanner.store import ScanRecord, ScanStatus, Store, StoreError
from tests.store.samples import (
    ADDRESS,
    CASE,
    CREATED,
    DNS,
    EMPLOYER,
    FRONT,
    HTTP,
    LEAD,
    LEAD_TARGET,
    NOW,
    OTHER,
    PAGE,
    PORTFOLIO,
    SCHOOL,
    SINCE,
    TARGETS,
    WHOIS,
    begin,
    fill,
    load,
    record_attempt,
)

HOUR = timedelta(hours=1)


def answer_all(store: Store, record: ScanRecord, status: Status = Status.OK) -> None:
    """Every planned pair gets a row: the last one with `status`."""
    for domain, source in store.pending(record):
        last = (domain, source) == (OTHER, "dns")
        record_attempt(store, record, domain, Attempt(source, status if last else Status.OK, "", NOW))


# ------------------------------------------------------------------------------------- round trips


def test_given_a_scan_when_loaded_then_case_targets_attempts_and_facts_are_the_same(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.add_targets(scan, [LEAD_TARGET])
    loaded = load(store, scan)
    assert loaded.case == CASE
    assert loaded.targets == (*TARGETS, LEAD_TARGET)
    assert loaded.attempts == {
        FRONT: tuple(
            Attempt(source, Status.OK, "", NOW, ms)
            for source, ms in (("dns", 12), ("whois", 40), ("website", 99))
        )
    }
    assert loaded.observations == {FRONT: (ADDRESS, CREATED, SINCE), OTHER: (), LEAD: ()}
    assert store.observations(scan, FRONT) == (ADDRESS, CREATED, SINCE)
    assert store.pages(scan, FRONT) == (PAGE,)


def test_given_a_scan_when_reopened_for_reading_then_it_loads_the_same(database: Path) -> None:
    with Store(database) as store:
        scan = begin(store)
        fill(store, scan)
        loaded = load(store, store.finish(scan, ended_at=NOW + HOUR))
    with Store(database, readonly=True) as reader:
        assert load(reader, reader.scans()[0]) == loaded
        with pytest.raises(StoreError, match="reading only"):
            begin(reader)


def test_given_evidence_when_read_back_then_it_comes_by_target_and_source_with_its_bytes(
    store: Store,
) -> None:
    scan = begin(store)
    record_attempt(store, scan, OTHER, Attempt("dns", Status.OK, "", NOW), [(DNS, None)])
    fill(store, scan)
    found = [(one.domain, one.source, one.evidence) for one in store.evidence_of(scan)]
    assert found == [
        (FRONT, "dns", DNS),
        (FRONT, "whois", WHOIS),
        (FRONT, "website", replace(HTTP, request=b"")),
        (OTHER, "dns", DNS),
    ]
    assert [one.source for one in store.evidence_of(scan, OTHER)] == ["dns"]
    ids = [one.id for one in store.evidence_of(scan)]
    assert store.read_evidence(ids[2]) == HTTP


@pytest.mark.parametrize(
    "case",
    [
        Case("urls-0011aabb"),
        Case("c", "", (EMPLOYER, EMPLOYER, SCHOOL)),
        Case("c", "Ж 漢字 'quoted'", (replace(SCHOOL, place="São Paulo"),)),
        Case("c", "x", (replace(EMPLOYER, period=Period(None, Date("2019"))),)),
    ],
)
def test_given_any_case_when_stored_then_it_comes_back_the_same(store: Store, case: Case) -> None:
    assert store.case(begin(store, case)) == case


def test_given_a_target_with_a_claim_the_case_does_not_state_then_both_come_back_as_they_were(
    store: Store,
) -> None:
    odd = Target("odd.example", (), (replace(EMPLOYER, url="https://odd.example"),), Why.REDIRECT, FRONT)
    scan = begin(store)
    store.add_targets(scan, [odd])
    assert store.targets(scan)[-1] == odd
    assert store.case(scan) == CASE


def test_given_moments_with_fractions_then_the_record_holds_whole_seconds(store: Store) -> None:
    scan = begin(store, when=NOW + timedelta(microseconds=999))
    assert scan.as_of == scan.started_at == NOW
    assert scan == store.scans()[0]


def test_given_a_claim_with_an_address_then_its_row_names_the_target(store: Store) -> None:
    begin(store)
    rows = store.conn.execute(
        "SELECT role, domain, ends FROM claims LEFT JOIN targets ON targets.id = target_id ORDER BY claims.id"
    ).fetchall()
    assert rows == [
        ("employer", FRONT, "2019-06-30"),
        ("portfolio", OTHER, "present"),
        ("school", None, None),
    ]


def test_given_two_scans_of_one_case_then_claims_and_targets_have_one_row_each(store: Store) -> None:
    begin(store)
    later = begin(store, replace(CASE, label=""), NOW + HOUR)
    assert store.conn.execute("SELECT count(*) FROM claims").fetchone() == (3,)
    assert store.conn.execute(
        "SELECT first_seen, last_seen FROM targets WHERE domain = ?", (FRONT,)
    ).fetchone() == (
        "2024-06-01T09:30:15Z",
        "2024-06-01T10:30:15Z",
    )
    assert store.case(later).label == "backend engineer"
    assert store.latest_scan(CASE.id) == later
    assert [row["id"] for row in store.cases()] == [CASE.id]


def test_given_many_scans_then_uids_sort_by_the_time_they_were_made(store: Store) -> None:
    made = [begin(store, Case(f"c{number}")).uid for number in range(5)]
    assert len(set(made)) == 5
    assert [uid[:13] for uid in made] == sorted(uid[:13] for uid in made)
    assert {(uid[14], len(uid)) for uid in made} == {("7", 36)}


# ---------------------------------------------------------------------------------- going on, ending


def test_given_a_new_scan_then_all_that_was_planned_is_pending_in_order(store: Store) -> None:
    scan = begin(store)
    store.add_targets(scan, [LEAD_TARGET], [(LEAD, "dns")])
    assert store.pending(scan) == [(FRONT, "dns"), (FRONT, "rdap"), (OTHER, "dns"), (LEAD, "dns")]


@pytest.mark.parametrize("status", list(Status))
def test_given_an_attempt_when_it_ended_so_then_only_what_is_worth_it_is_tried_again(
    store: Store, status: Status
) -> None:
    scan = begin(store)
    answer_all(store, scan, status)
    retried = {Status.THROTTLED, Status.TIMEOUT, Status.UNREACHABLE, Status.ERROR}
    assert store.pending(scan) == ([(OTHER, "dns")] if status in retried else [])


@pytest.mark.parametrize("status", list(Status))
def test_given_the_last_statuses_then_coverage_and_the_end_of_the_scan_follow(
    store: Store, status: Status
) -> None:
    scan = begin(store)
    answer_all(store, scan, status)
    answered = status in (Status.OK, Status.ABSENT, Status.REDACTED)
    planned = status is not Status.SKIPPED
    assert store.coverage(scan) == {FRONT: (2, 2), OTHER: (int(answered), int(planned))}
    ended = store.finish(scan, ended_at=NOW + HOUR)
    assert ended.status == ("complete" if answered or not planned else "partial")
    assert ended.ended_at == NOW + HOUR


def test_given_a_planned_attempt_without_a_row_then_it_counts_as_planned_and_not_answered(
    store: Store,
) -> None:
    scan = begin(store)
    record_attempt(store, scan, FRONT, Attempt("dns", Status.OK))
    assert store.coverage(scan) == {FRONT: (1, 2), OTHER: (0, 1)}
    assert store.finish(scan).status == "partial"


def test_given_an_interrupted_scan_when_the_same_command_runs_within_a_day_then_it_goes_on(
    store: Store,
) -> None:
    store.finish(begin(store), ScanStatus.INTERRUPTED)
    shuffled = (SCHOOL, PORTFOLIO, EMPLOYER)
    found = store.find_resumable(CASE.id, shuffled, NOW + 23 * HOUR, passive=False)
    assert found is not None
    again = store.resume(found)
    assert (again.uid, again.status, again.resumed) == (found.uid, "running", True)
    assert store.scans() == [replace(again, resumed=False)]


@pytest.mark.parametrize(
    ("case_id", "claims", "hours", "passive"),
    [
        ("another", CASE.claims, 1, False),
        (CASE.id, (EMPLOYER, PORTFOLIO), 1, False),
        (CASE.id, (*CASE.claims, SCHOOL), 1, False),
        (CASE.id, (EMPLOYER, PORTFOLIO, replace(SCHOOL, place="Kyiv")), 1, False),
        (CASE.id, CASE.claims, 25, False),
        (CASE.id, CASE.claims, 1, True),
    ],
    ids=["case", "fewer claims", "more claims", "other place", "a day later", "passive now"],
)
def test_given_an_interrupted_scan_when_the_command_differs_then_a_new_one_begins(
    store: Store, case_id: str, claims: tuple[object, ...], hours: int, passive: bool
) -> None:
    store.finish(begin(store), ScanStatus.INTERRUPTED)
    assert store.find_resumable(case_id, claims, NOW + hours * HOUR, passive=passive) is None  # type: ignore[arg-type]


def test_given_a_partial_scan_when_something_is_worth_a_retry_then_it_goes_on(store: Store) -> None:
    scan = begin(store)
    answer_all(store, scan, Status.THROTTLED)
    store.finish(scan)
    assert store.find_resumable(CASE.id, CASE.claims, NOW + HOUR) is not None


def test_given_a_partial_scan_when_nothing_is_worth_a_retry_then_a_new_one_begins(store: Store) -> None:
    scan = begin(store)
    answer_all(store, scan, Status.REFUSED)
    assert store.finish(scan).status == "partial"
    assert store.find_resumable(CASE.id, CASE.claims, NOW + HOUR) is None


def test_given_a_complete_scan_after_an_interrupted_one_then_a_new_one_begins(store: Store) -> None:
    store.finish(begin(store), ScanStatus.INTERRUPTED)
    scan = begin(store)
    answer_all(store, scan)
    store.finish(scan)
    assert store.find_resumable(CASE.id, CASE.claims, NOW + HOUR) is None


def test_given_a_scan_that_another_store_runs_then_it_is_neither_resumed_nor_called_interrupted(
    store: Store, database: Path
) -> None:
    scan = begin(store)
    with Store(database) as second:
        assert second.find_resumable(CASE.id, CASE.claims, NOW) is None
        assert second.scans()[0].status == "running"
        with pytest.raises(StoreError, match="run by another process"):
            second.resume(scan)
    fill(store, scan)
    assert len(store.observations(scan, FRONT)) == 3


def test_given_a_store_closed_in_the_middle_of_a_scan_then_the_next_one_goes_on_with_it(
    database: Path,
) -> None:
    with Store(database) as store:
        scan = begin(store)
        fill(store, scan)
    with Store(database) as store:
        found = store.find_resumable(CASE.id, CASE.claims, NOW)
        assert found is not None
        assert found.status == "interrupted"
        assert store.pending(found) == [(FRONT, "rdap"), (OTHER, "dns")]
        again = store.resume(found)
        record_attempt(store, again, OTHER, Attempt("dns", Status.OK), [(WHOIS, Observed())])
        assert [one.evidence.block for one in store.evidence_of(again, OTHER)] == [WHOIS.block]
        assert len(list(store.evidence_of(again))) == 4
        assert len({path.name for path in store.folder.glob("*.gz")}) == 1


def test_given_a_scan_that_is_over_then_nothing_can_be_written_to_it(store: Store) -> None:
    scan = begin(store)
    store.finish(scan)
    with pytest.raises(StoreError, match="isn't open for writing"):
        record_attempt(store, scan, FRONT, Attempt("dns", Status.OK), [(DNS, None)])
    assert store.conn.execute("SELECT count(*) FROM attempts").fetchone() == (0,)
