"""What comes in is stored as it comes; a retry adds a row, and the last one counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from scanner.model import Attempt, Observation, Observed, Status
from scanner.store import EvidenceError, Store, StoreError
from scanner.store.schema import CONTRACT
from tests.store.samples import (
    ADDRESS,
    CREATED,
    DNS,
    FINDINGS,
    FRONT,
    HTTP,
    NOW,
    OTHER,
    PAGE,
    PEM,
    SINCE,
    VERDICTS,
    WHOIS,
    begin,
    fill,
    load,
    record_attempt,
)

TRIED = ("dns", "whois", "website")
"""The sources `fill` has tried."""


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    return store.conn.execute(query).fetchall()


def test_given_an_attempt_under_way_then_its_row_holds_a_contract_status_and_counts_as_unfinished(
    store: Store,
) -> None:
    scan = begin(store)
    attempt = store.open_attempt(scan, FRONT, "dns", NOW)
    store.keep(attempt, DNS, Observed((ADDRESS,)))
    [(status, reason)] = rows(store, "SELECT status, reason FROM attempts")
    assert status == "error"
    assert str(reason).startswith("unfinished ")
    assert store.observations(scan, FRONT) == (ADDRESS,)
    assert (FRONT, "dns") in store.pending(scan)
    store.close_attempt(attempt, Status.OK, "", 31)
    assert store.attempts(scan) == {FRONT: (Attempt("dns", Status.OK, "", NOW, 31),)}
    assert (FRONT, "dns") not in store.pending(scan)


def test_given_evidence_observed_later_then_the_facts_find_it_by_digest(store: Store) -> None:
    scan = begin(store)
    attempt = store.open_attempt(scan, FRONT, "dns", NOW)
    first = store.keep(attempt, DNS)
    store.keep(attempt, PEM)
    store.close_attempt(attempt, Status.OK)
    store.add_observations(scan, FRONT, (ADDRESS,))
    assert rows(store, "SELECT evidence_id FROM observations") == [(first,)]


def test_given_the_same_answer_at_two_targets_then_each_fact_points_at_its_own_record(store: Store) -> None:
    scan = begin(store)
    for domain in (FRONT, OTHER):
        record_attempt(store, scan, domain, Attempt("dns", Status.OK), [(DNS, Observed((ADDRESS,)))])
    store.add_observations(scan, FRONT, [structs.replace(ADDRESS, source="library")])
    pairs = rows(
        store,
        "SELECT observations.target_id, attempts.target_id FROM observations JOIN evidence "
        "ON evidence.id = observations.evidence_id JOIN attempts ON attempts.id = attempt_id",
    )
    assert len(pairs) == 3
    assert all(mine == its for mine, its in pairs)


def test_given_a_fact_whose_evidence_is_not_here_then_it_is_kept_without(store: Store) -> None:
    scan = begin(store)
    store.add_observations(
        scan, FRONT, [structs.replace(CREATED, evidence="sha256:00"), structs.replace(ADDRESS, evidence="")]
    )
    assert [seen.evidence for seen in store.observations(scan, FRONT)] == ["", ""]


def test_given_evidence_that_decides_the_status_then_the_attempt_names_it_else_the_first(
    store: Store,
) -> None:
    scan = begin(store)
    decided = store.open_attempt(scan, FRONT, "whois", NOW)
    store.keep(decided, DNS, Observed())
    second = store.keep(decided, WHOIS, Observed((), Status.THROTTLED, "limit exceeded"))
    store.close_attempt(decided, Status.THROTTLED, "limit exceeded")
    plain = store.open_attempt(scan, OTHER, "dns", NOW)
    first = store.keep(plain, DNS)
    store.keep(plain, PEM)
    store.close_attempt(plain, Status.OK)
    record_attempt(store, scan, OTHER, Attempt("tls", Status.SKIPPED, "not-needed"))
    assert rows(store, "SELECT evidence_id FROM attempts ORDER BY id") == [(second,), (first,), (None,)]


def test_given_a_retry_that_brings_something_then_it_counts_and_the_first_try_stays_on_record(
    store: Store,
) -> None:
    scan = begin(store)
    earlier = Observation("history", "since", "since 1999", "website", evidence=HTTP.digest)
    record_attempt(
        store, scan, FRONT, Attempt("website", Status.TIMEOUT), [(HTTP, Observed((earlier,), page=PAGE))]
    )
    store.add_observations(scan, FRONT, [structs.replace(ADDRESS, source="library", evidence="")])
    other = replace(HTTP, block=HTTP.block + b"!")
    seen, page = (
        structs.replace(SINCE, evidence=other.digest),
        replace(PAGE, title="New", evidence=other.digest),
    )
    record_attempt(store, scan, FRONT, Attempt("website", Status.OK), [(other, Observed((seen,), page=page))])
    assert [attempt.status for attempt in store.attempts(scan)[FRONT]] == [Status.OK]
    assert store.observations(scan, FRONT) == (structs.replace(ADDRESS, source="library", evidence=""), seen)
    assert store.pages(scan, FRONT) == (page,)
    assert [one.evidence.block for one in store.evidence_of(scan)] == [other.block]
    assert rows(store, "SELECT count(*) FROM attempts") == [(2,)]
    assert rows(store, "SELECT count(*) FROM evidence") == [(2,)]


def test_given_a_retry_that_brings_nothing_then_what_the_first_try_brought_stands(store: Store) -> None:
    scan = begin(store)
    record_attempt(
        store, scan, FRONT, Attempt("website", Status.TIMEOUT), [(HTTP, Observed((SINCE,), page=PAGE))]
    )
    record_attempt(store, scan, FRONT, Attempt("website", Status.UNREACHABLE))
    assert store.observations(scan, FRONT) == (SINCE,)
    assert store.pages(scan, FRONT) == (PAGE,)
    assert [one.evidence.block for one in store.evidence_of(scan)] == [HTTP.block]
    assert [attempt.status for attempt in store.attempts(scan)[FRONT]] == [Status.UNREACHABLE]


def test_given_an_error_inside_a_write_then_nothing_of_it_stays(store: Store) -> None:
    scan = begin(store)
    before = load(store, scan)
    with pytest.raises(StoreError, match="no target"):
        record_attempt(
            store, scan, "unknown.example", Attempt("dns", Status.OK), [(DNS, Observed((ADDRESS,)))]
        )
    with pytest.raises(ValueError, match="bogus"):
        record_attempt(store, scan, FRONT, Attempt("dns", "bogus"), [(DNS, Observed((ADDRESS,)))])  # type: ignore[arg-type]
    assert load(store, scan) == before
    assert rows(store, "SELECT count(*) FROM evidence") == [(0,)]
    fill(store, scan)
    assert len(list(store.evidence_of(scan))) == 3


def test_given_a_page_seen_by_an_earlier_scan_then_first_seen_is_that_scans(store: Store) -> None:
    for days in (0, 3):
        scan = begin(store)
        later = replace(HTTP, fetched_at=NOW + timedelta(days=days))
        record_attempt(store, scan, FRONT, Attempt("website", Status.OK), [(later, Observed(page=PAGE))])
    assert rows(store, "SELECT first_seen FROM pages") == [("2024-06-01T09:30:15Z",)] * 2
    # and parsing the evidence again changes nothing about it
    store.replace_observations(scan, FRONT, [Observed((SINCE,), page=PAGE)], sources=TRIED)
    assert rows(store, "SELECT first_seen FROM pages") == [("2024-06-01T09:30:15Z",)] * 2


def test_given_evidence_parsed_again_then_only_facts_of_those_sources_are_replaced(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    library = structs.replace(ADDRESS, source="library", evidence="")
    store.add_observations(scan, FRONT, [library])
    newer = structs.replace(CREATED, value="2022-05-04")
    store.replace_observations(
        scan, FRONT, [Observed((newer,)), Observed((SINCE,), page=PAGE)], sources=TRIED
    )
    assert store.observations(scan, FRONT) == (SINCE, library, newer)
    store.replace_observations(scan, FRONT, [Observed((CREATED,))], sources=["whois"])
    assert store.observations(scan, FRONT) == (SINCE, library, CREATED)
    assert store.pages(scan, FRONT) == (PAGE,)


def test_given_kinds_asked_for_then_only_those_facts_come_of_all_targets(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.add_observations(scan, OTHER, [structs.replace(ADDRESS, evidence="")])
    named = store.observations_named(scan, [("dns", "a"), ("dns", "mx"), ("x", "copyright")])
    assert named == [(FRONT, ADDRESS), (OTHER, structs.replace(ADDRESS, evidence=""))]


def test_given_a_database_that_names_a_file_elsewhere_then_it_is_not_opened(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.conn.execute("UPDATE evidence SET warc_file = 'evidence/../../secret.gz'")
    with pytest.raises(EvidenceError, match="outside evidence/"):
        list(store.evidence_of(scan))


def test_given_a_removed_evidence_file_then_one_line_says_so_and_the_facts_still_load(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    (store.path.parent / scan.warc_file).unlink()
    with pytest.raises(EvidenceError, match="evidence of this scan is missing"):
        list(store.evidence_of(scan))
    assert load(store, scan).observations[FRONT] == (ADDRESS, CREATED, SINCE)


def test_given_an_answer_of_an_earlier_scan_when_kept_again_then_it_is_copied_with_its_first_date(
    store: Store,
) -> None:
    earlier = begin(store)
    fill(store, earlier)
    store.finish(earlier)
    scan = begin(store, when=NOW + timedelta(days=2))
    record_attempt(store, scan, FRONT, Attempt("whois", Status.OK), [(WHOIS, None)])
    [copy] = store.evidence_of(scan)
    assert copy.evidence == WHOIS
    [(file, fetched_at)] = rows(store, f"SELECT warc_file, fetched_at FROM evidence WHERE id = {copy.id}")
    assert (file, fetched_at) == (scan.warc_file, "2024-06-01T09:30:18Z")


def test_given_half_characters_from_a_hostile_page_then_they_are_stored_as_question_marks(
    store: Store,
) -> None:
    scan = begin(store)
    bad = "a\ud800z"
    evidence = replace(HTTP, uri="https://front.example/" + bad, media_type="text/" + bad)
    facts = Observed(
        (structs.replace(SINCE, value=bad, evidence=evidence.digest),),
        page=replace(PAGE, title=bad, url=evidence.uri),
    )
    record_attempt(store, scan, FRONT, Attempt("website", Status.OK, "odd " + bad), [(evidence, facts)])
    assert [seen.value for seen in store.observations(scan, FRONT)] == ["a?z"]
    assert store.pages(scan, FRONT)[0].title == "a?z"
    assert next(store.evidence_of(scan)).evidence.uri == "https://front.example/a?z"
    assert store.attempts(scan)[FRONT][0].reason == "odd a?z"


def test_given_a_scan_that_is_deleted_then_every_row_of_it_goes_and_only_those(store: Store) -> None:
    scans = [begin(store), begin(store)]
    for scan in scans:
        fill(store, scan)
        store.save_results(scan, FINDINGS, VERDICTS)
    store.conn.execute("DELETE FROM scans WHERE id = ?", (scans[0].id,))
    assert rows(store, "PRAGMA foreign_key_check") == []
    for table in (name for name, columns in CONTRACT.items() if "scan_id" in columns and name != "links"):
        assert rows(store, f"SELECT DISTINCT scan_id FROM {table}") == [(scans[1].id,)]
    assert store.load_findings(scans[1]) == FINDINGS
    store.conn.execute("DELETE FROM cases")
    assert rows(store, "SELECT count(*) FROM scans") == rows(store, "SELECT count(*) FROM support") == [(0,)]


def test_given_evidence_parsed_again_to_the_same_facts_then_not_one_row_changes(store: Store) -> None:
    scan = begin(store)
    fill(store, scan)
    store.save_results(scan, FINDINGS, VERDICTS)
    tables = ("observations", "pages", "page_details", "support", "findings")
    before = [rows(store, f"SELECT * FROM {table}") for table in tables]
    again = [Observed((SINCE, SINCE), page=PAGE), Observed((ADDRESS,)), Observed((SINCE, CREATED))]
    store.replace_observations(scan, FRONT, again, sources=TRIED)
    assert [rows(store, f"SELECT * FROM {table}") for table in tables] == before
