"""What changed: the front page's week, a case's changes, an address over its scans, and lists that were swept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from scanner.browse import serving
from scanner.browse.changed import told
from scanner.browse.history import WORDS, tracks_of
from scanner.browse.sweeps import stages
from scanner.model import Attempt, Evidence, Level, Observation, Observed, Status, Verdict
from scanner.store import Store
from scanner.sweep.rows import DNS, OFFLINE, PAGES, REGISTRATION, Rows, Step
from scanner.watch import watches
from scanner.watch.facts import Sight
from tests.browse.conftest import Get
from tests.store.samples import CASE, FRONT, NOW, begin, record_attempt

WEEK = timedelta(days=7)
HOSTILE = "<script>alert(1)</script>\u202e Registrar"
SWEEP = "sweep-0a1b2c3d"
FACT = json.dumps([{"kind": "like", "text": "looks like front.example: <b>a letter</b> differs"}])


def registered(registrar: str, when: datetime) -> tuple[Evidence, Observed]:
    """A registry's answer, of which one fact matters here."""
    evidence = Evidence(
        "https://rdap.example/domain/front.example", "application/json", when, registrar.encode()
    )
    said = Observation("registration", "registrar", registrar, "rdap", evidence=evidence.digest)
    return evidence, Observed((said,))


def scan_of(store: Store, when: datetime, registrar: str, reason: str = "") -> str:
    """A scan whose registry names this registrar, or is silent with ""; its uid."""
    scan = begin(store, CASE, when)
    kept = [registered(registrar, when if not reason else NOW)] if registrar else []
    status = Status.OK if registrar else Status.TIMEOUT
    record_attempt(store, scan, FRONT, Attempt("rdap", status, reason, when, 5), kept)
    level = Level.NOTHING_FOUND if registrar != HOSTILE else Level.REVIEW
    store.save_results(
        scan, (), [Verdict(FRONT, level, 0.0, 1, 1, "A sentence."), Verdict("", level, 0.0, 1, 1, "A.")]
    )
    store.finish(scan)
    return scan.uid


def change(store: Store, when: datetime, kind: str, before: str, after: str) -> None:
    at = f"{when:%Y-%m-%dT%H:%M:%SZ}"
    with store.writing() as conn:
        conn.execute(
            "insert into changes (case_id, domain, kind, fact, before, after, before_at, after_at, confirmed_at, scan, "
            "sources, returned, noticed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'x', '[\"rdap\"]', 0, ?)",
            (CASE.id, FRONT, kind, kind, json.dumps([before]), json.dumps([after]), at, at, at, at),
        )


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four weekly scans, the third without an answer, the fourth with another registrar; a list half swept."""
    path = tmp_path_factory.mktemp("watched") / "findings.db"
    with Store(path) as store:
        scan_of(store, NOW, "Old Names Ltd")
        scan_of(store, NOW + WEEK, "Old Names Ltd", f"reused {NOW:%Y-%m-%dT%H:%M:%SZ}")
        scan_of(store, NOW + 2 * WEEK, "")
        scan_of(store, NOW + 3 * WEEK, HOSTILE)
        watches.add(store, [CASE], WEEK, NOW)
        change(store, NOW + WEEK, "renewed", "2024-07-01", "2025-07-01")
        change(store, NOW + 3 * WEEK, "registrar", "Old Names Ltd", HOSTILE)
        rows = Rows(store, SWEEP)
        rows.begin("vendors.txt", [FRONT], f"{NOW:%Y-%m-%dT%H:%M:%SZ}")
        rows.add([(f"n{n}.example", n, 0, "[]") for n in range(60)])
        rows.add([("fr0nt.example", 61, 70, FACT), (FRONT, 62, 90, FACT)])
        rows.was_read(f"{NOW:%Y-%m-%dT%H:%M:%SZ}", 64, 1, 1, [{"line": 9, "problem": "'<b>' is no name"}])
        rows.settle([Step(f"n{n}.example", DNS, True, 0, "nothing-to-look-into", 0, ()) for n in range(40)])
        rows.settle([Step("n50.example", DNS, False, DNS, "timeout", 0, ())])
        known = Step(FRONT, PAGES, True, 0, "", 90, (), case=CASE.id, level="known")
        rows.settle([known])
    return path


@pytest.fixture
async def get(watched: Path) -> Get:
    client = serving.datasette_for(watched).client

    async def answer(path: str, **headers: str) -> object:
        return await client.get(path, headers={"host": "127.0.0.1", **headers})

    return answer


def words(answer: object, what: str = "main") -> str:
    """The text of a part of a page, without its markup."""
    node = LexborHTMLParser(answer.text).css_first(what)  # type: ignore[attr-defined]
    assert node is not None
    return " ".join(node.text().split())


async def test_given_changes_when_the_front_page_is_opened_then_those_of_the_week_stand_there_in_words(
    get: Get,
) -> None:
    page = await get("/")
    week = words(page, "#changed")
    assert "the registrar changed" in week
    assert "Old Names Ltd" in week
    assert "the registration was renewed" not in week  # two weeks before the newest scan
    assert "1 fact changed at watched cases this week" in words(page)
    assert "<script" not in page.text
    assert "⟨U+202E⟩" in week


async def test_given_a_level_that_rose_then_the_front_page_says_what_it_was(get: Get) -> None:
    text = words(await get("/"))
    assert "1 case should be looked at by a person" in text
    assert "was: Nothing unusual seen" in text


async def test_given_a_watch_that_nobody_runs_then_the_front_page_says_so(get: Get) -> None:
    assert "1 watched case is overdue, cand-0142 since 2024-06-" in words(await get("/"), ".alarms")


async def test_given_nothing_unusual_then_the_front_page_says_that_it_clears_nobody(tmp_path: Path) -> None:
    with Store(tmp_path / "findings.db") as store:
        scan_of(store, NOW, "Old Names Ltd")
    client = serving.datasette_for(tmp_path / "findings.db").client
    text = words(await client.get("/", headers={"host": "localhost"}))
    assert "No case has to be looked at by a person" in text
    assert "that clears nobody" in text
    assert "No change of a watched case" in text
    shown = words(await client.get("/?level=all", headers={"host": "localhost"}), ".cases")
    assert "cand-0142" in shown


async def test_given_a_watched_case_then_its_page_has_every_change_and_when_it_is_next(get: Get) -> None:
    text = words(await get("/-/case/cand-0142"))
    assert "Watched every 7 days, next on 2024-06-" in text
    assert "the registration was renewed" in text
    assert "the registrar changed" in text


async def test_given_an_address_over_four_scans_then_its_history_and_the_age_of_its_answers_stand_there(
    get: Get, watched: Path
) -> None:
    page = await get("/-/target/front.example")
    drawn = LexborHTMLParser(page.text)
    bars = drawn.css(".history .bar")
    assert [len(bar.css("rect")) for bar in bars] == [2, 2]  # the result, and the registrar
    titles = [node.text() for node in bars[1].css("title")]
    assert titles[0] == "Old Names Ltd: seen 2 times, 2024-06-01 to 2024-06-08"
    assert "⟨U+202E⟩" in titles[1]
    assert len(drawn.css(".axis line")) == 4
    assert "the registrar changed" in words(page)
    assert "<script" not in page.text
    with Store(watched, readonly=True) as store:
        second = store.scans(CASE.id)[1].uid
    assert "from 2024-06-01, 7 days old" in words(await get(f"/-/target/front.example?scan={second}"))
    assert "rdap of 2024-06-01 (7 days old)" in words(await get(f"/-/case/cand-0142?scan={second}"))
    assert "taken over" not in words(await get("/-/case/cand-0142"))
    assert "new" in words(page)


def test_given_changes_of_one_day_then_the_gravest_comes_first_and_the_newest_day_before_it() -> None:
    row = {"case_id": "c", "domain": FRONT, "fact": "x", "before": "[]", "after": "[]", "sources": "[]"}
    kinds = [("renewed", "2024-01-02T01"), ("mail", "2024-01-01T09"), ("seized", "2024-01-01T08")]
    found = told([{**row, "kind": kind, "confirmed_at": f"{at}:00:00Z"} for kind, at in kinds])
    assert [one["kind"] for one in found] == ["renewed", "seized", "mail"]


def sight(day: int, registrar: str, status: Status = Status.OK) -> Sight:
    facts = (Observation("registration", "registrar", registrar, "rdap"),) if registrar else ()
    when = datetime(2024, 1, day, tzinfo=UTC)
    return Sight(FRONT, f"s{day}", when, (Attempt("rdap", status, ""),), facts)


def test_given_a_scan_that_could_not_look_then_it_neither_ends_a_value_nor_begins_one() -> None:
    silent = replace(sight(2, ""), attempts=(Attempt("rdap", Status.TIMEOUT, ""),))
    (track,) = [
        t for t in tracks_of([sight(1, "A Inc"), silent, sight(3, "A, INC.")]) if t.fact == "registrar"
    ]
    assert [(s.scans, s.silent, s.first.day, s.last.day) for s in track.spans] == [(2, 1, 1, 3)]


def test_given_a_value_that_comes_back_then_it_has_two_spans() -> None:
    tracks = tracks_of([sight(1, "A"), sight(2, "B"), sight(3, "A")])
    (track,) = [track for track in tracks if track.fact == "registrar"]
    assert [span.said for span in track.spans] == ["A", "B", "A"]


def test_given_facts_without_words_of_their_own_then_they_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WORDS, "registrar")
    tracks = tracks_of([sight(1, "A"), sight(2, "B")])
    assert [track.name for track in tracks] == ["Registration", "registrar"]


async def test_given_a_list_half_swept_then_what_was_not_looked_at_is_said_first(get: Get) -> None:
    page = await get(f"/-/sweep/{SWEEP}")
    text = words(page)
    assert "62 names on 64 lines, 1 repeated, 1 that name none" in text
    assert "21 names were not looked at to the end" in text
    assert "40 went no further (nothing to look into)" in text
    assert "1 without an answer (timeout)" in text
    table = words(page, ".chips ~ .table-wrapper")
    assert table.index("front.example") < table.index("fr0nt.example")
    assert "looks like front.example: <b>a letter</b> differs" in table
    assert "On a public list" in table
    assert "n50.example" in words(await get(f"/-/sweep/{SWEEP}?which=waiting"), ".chips ~ .table-wrapper")
    assert "n39.example" in words(await get(f"/-/sweep/{SWEEP}?which=all"), ".chips ~ .table-wrapper")
    assert (await get(f"/-/sweep/{SWEEP}?which=all&skip=50")).text.count('data-th="name"') == 12
    assert (await get("/-/sweep/sweep-00000000")).status_code == 404
    assert "vendors.txt" in words(await get("/"))


async def test_given_a_name_that_only_a_sweep_met_then_its_page_says_so(get: Get) -> None:
    assert "No case claims this address and no scan looked at it." in words(
        await get("/-/target/fr0nt.example")
    )
    assert "vendors.txt" in words(await get("/-/target/front.example"))  # one that was scanned as well
    assert (await get("/-/target/nobody.example")).status_code == 404


async def test_given_the_question_what_a_sweep_found_then_its_csv_has_names_and_what_is_open(
    get: Get,
) -> None:
    lines = (await get(f"/findings/sweep_results.csv?sweep={SWEEP}")).text.splitlines()
    assert len(lines) == 1 + 1 + 21
    assert ",name servers," in lines[-1]
    assert (await get("/findings/sweep_results.csv?sweep=other")).text.count("\n") <= 1


async def test_given_the_question_what_is_new_then_values_are_text_and_old_changes_left_out(get: Get) -> None:
    text = (await get("/findings/what_is_new.csv")).text
    assert "Old Names Ltd" in text
    assert "[" not in text
    assert "2025-07-01" not in text
    everything = words(await get("/findings/whats_new"), "table")
    assert "2025-07-01" in everything
    assert '["' not in everything


def test_given_names_counted_by_how_far_they_came_then_each_stage_says_what_it_saw() -> None:
    groups = [
        {"asked": 15, "done": 15, "next": 0, "scanned": 1, "reason": "", "names": 2},
        {"asked": 7, "done": 7, "next": PAGES, "scanned": 0, "reason": "", "names": 3},
        {"asked": 7, "done": 3, "next": REGISTRATION, "scanned": 0, "reason": "timeout", "names": 5},
        {"asked": 3, "done": 3, "next": 0, "scanned": 0, "reason": "gone", "names": 7},
        {"asked": 1, "done": 1, "next": DNS, "scanned": 0, "reason": "", "names": 11},
    ]
    found = stages(groups)
    assert [stage["looked_at"] for stage in found] == [28, 17, 5, 2]
    assert [stage["left"] for stage in found] == [0, 11, 0, 3]
    assert found[1]["ended"] == {"gone": 7}
    assert found[2]["no_answer"] == {"timeout": 5}
    assert OFFLINE == 1
