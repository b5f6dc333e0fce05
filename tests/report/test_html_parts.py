"""The pure parts of the page: marked passages, the drawn timeline, the numbered evidence, and its words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import Date
from scanner.report import html, html_words
from scanner.report.html_evidence import MOST_CITED, Appendix
from scanner.report.html_lanes import LANE_HEIGHT, NAME_LETTERS
from scanner.report.html_marks import side_by_side
from scanner.report.html_timeline import Timeline, draw
from scanner.wording import one_line
from tests.report.making import NOW, attempts, claim, document, facts, fetch, finding, row, target
from tests.report.wording import ACCUSING, PERCENT_OF_GUILT, VIA_THE_SITE, faults

TEXTS = st.text(alphabet=st.sampled_from("ab c.,é漢字ก\n"), max_size=60)


# ------------------------------------------------------------------------------------------------- marks


@given(TEXTS, TEXTS)
def test_marking_changes_no_letter_and_both_sides_mark_the_same_words(ours: str, theirs: str) -> None:
    left, right = side_by_side(ours, theirs)
    assert "".join(text for text, _ in left) == one_line(ours)
    assert "".join(text for text, _ in right) == one_line(theirs)

    def words(runs: tuple[tuple[str, bool], ...]) -> str:
        return "".join(char for text, shared in runs if shared for char in text.casefold() if char.isalnum())

    assert words(left) == words(right)


def test_a_swapped_name_stands_out_in_scripts_with_and_without_spaces() -> None:
    assert [t for t, shared in side_by_side("Quillvex cares.", "Brackenholt cares.")[0] if not shared] == [
        "Quillvex ",
        ".",
    ]
    assert [t for t, shared in side_by_side("甲社は測る", "乙社は測る")[1] if shared] == ["社は測る"]


# ---------------------------------------------------------------------------------------------- timeline


def drawn(
    *rows: object, statuses: tuple[tuple[str, str], ...] = (), claims: tuple[object, ...] = ()
) -> Timeline:
    return draw(claims, rows, attempts(statuses), NOW)  # type: ignore[arg-type]


def lane(timeline: Timeline, kind: str) -> str:
    return next(lane.name for lane in timeline.lanes if lane.kind == kind)


def test_the_claimed_period_lies_before_the_registration_it_is_drawn_against() -> None:
    timeline = drawn(row("registration", "created", "", "2022-05-03"), claims=(claim(),))
    [band] = timeline.bands
    registered = next(lane for lane in timeline.lanes if lane.kind == "registration").marks[0]
    assert band.x + band.width < registered.x
    assert lane(timeline, "claim") == "Claimed: 2015-03 to 2019-06"
    assert [entry.when for entry in timeline.entries] == ["2015-03 to 2019-06", "2022-05-03"]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ((("ct", "throttled"),), "Certificates: unknown (source asked us to wait)"),
        ((("ct", "absent"),), "Certificates: none on record"),
        ((("ct", "ok"),), "Certificates: no date given"),
        ((("ct", "skipped"),), "Certificates: not asked"),
        ((), "Certificates: not asked"),
    ],
)
def test_an_empty_lane_says_why(statuses: tuple[tuple[str, str], ...], said: str) -> None:
    assert lane(drawn(statuses=statuses), "certificate") == said


def test_open_and_missing_periods_are_drawn_as_such() -> None:
    timeline = drawn(claims=(claim("2020", "present"), claim("2020", ""), claim("", "2021"), claim("", "")))
    shapes = [[mark.shape for mark in lane.marks] for lane in timeline.lanes if lane.kind == "claim"]
    assert shapes == [["span"], ["open"], ["dot"], []]


def test_an_earlier_address_that_speaks_for_the_claim_is_drawn_too() -> None:
    # given a claim that begins before its own address was registered, and an older address of the same firm
    created = row("registration", "created", "", "2021-01-15")
    older = {"former.example": [row("registration", "created", "", "2010-02-09")], "silent.example": []}
    timeline = draw([claim()], [created], (), NOW, older)
    # then the older one stands below it, from before the claim begins
    assert timeline.lanes[-1].name == "Registered 2010-02-09: former.example"
    assert timeline.lanes[-1].marks[0].x < timeline.bands[0].x
    assert [entry.what for entry in timeline.entries][1:] == [
        "former.example was registered",
        "the name was registered",
    ]


def test_other_things_than_content_are_drawn_apart() -> None:
    timeline = drawn(
        row("archive", "held", "parked http://acme.example/", "2016-01-01", "archive"),
        row("archive", "held", "content http://acme.example/", "2018-01-01", "archive"),
        row("website", "state", "content https://acme.example/", "", "website"),
    )
    content = next(lane for lane in timeline.lanes if lane.kind == "content")
    assert [mark.shape for mark in content.marks] == ["other", "dot", "dot"]
    assert [entry.what for entry in content.entries] == [
        "archived: a parking page", "archived: a site with content", "seen: a site with content",
    ]  # fmt: skip


def test_what_a_browser_showed_is_content_seen_now_and_said_to_be_so() -> None:
    # given a page that needs scripts, archived so and found so, and two pages that a browser showed
    timeline = drawn(
        row("archive", "held", "empty-app http://acme.example/", "2021-06-01", "archive"),
        row("website", "state", "empty-app", "", "website"),
        row("page", "state", "empty-app https://acme.example/", "", "website"),
        *(row("page", "state", f"content https://acme.example/{n}", "", "screenshot") for n in range(2)),
    )
    content = next(lane for lane in timeline.lanes if lane.kind == "content")
    assert content.name == "Content: seen 2024-06-01 (○ other)"
    assert content.marks[-1].shape == "dot", "drawn over what lies at the same place"
    assert [entry.what for entry in content.entries] == [
        "archived: a page that needs scripts",
        "seen in a browser: a site with content",
        "seen: a page that needs scripts",
    ]


DATES = st.one_of(
    st.dates(datetime(1, 1, 1).date(), datetime(9999, 12, 31).date()).map(lambda day: day.isoformat()),  # noqa: DTZ001
    st.integers(1, 9999).map(lambda year: f"{year:04}"),
)


@given(st.lists(DATES, max_size=6), st.lists(DATES, max_size=3), DATES.filter(lambda d: d < "9990"))
def test_no_date_leaves_the_drawing(recorded: list[str], claimed: list[str], now: str) -> None:
    names = ("created", "first_logged", "first_capture", "since")
    kinds = {"created": "registration", "first_logged": "ct", "first_capture": "archive", "since": "history"}
    rows = [row(kinds[n], n, "x", date) for date, n in zip(recorded, names * 2, strict=False)]
    as_of = max(Date(now).first, datetime(1990, 1, 1, tzinfo=UTC))
    timeline = draw([claim(date, "") for date in claimed], rows, (), as_of)
    for one in timeline.lanes:
        assert len(one.name) <= NAME_LETTERS + 5
        for mark in one.marks:
            assert 0 <= mark.x <= 100
            assert mark.x + mark.width <= 100.5
    assert 1 <= len(timeline.years) <= 8
    assert timeline.height > LANE_HEIGHT * len(timeline.lanes)


# ---------------------------------------------------------------------------------------------- evidence


def test_evidence_is_numbered_as_it_is_cited_and_once() -> None:
    appendix = Appendix(fetch(number) for number in range(1, 20))
    assert [source.numbers for source in appendix.cite([7, 3, 7])] == [(1, 2)]
    assert [source.numbers for source in appendix.cite([3, None, 999])] == [(2,)]
    [many] = appendix.cite(range(1, 20))
    assert len(many.numbers) == MOST_CITED
    assert many.more == 19 - MOST_CITED
    assert [number for number, *_ in appendix.entries] == list(range(1, len(appendix.entries) + 1))


def test_the_digest_of_all_fetches_is_that_of_their_sorted_digests() -> None:
    ones = [fetch(2), fetch(1)]
    assert Appendix(ones).digest == Appendix(reversed(ones)).digest != Appendix(ones[:1]).digest


# ------------------------------------------------------------------------------------------------- words


def test_templates_and_words_speak_of_sites_and_claims_only() -> None:
    folder = Path(html.__file__).parent
    for path in [*folder.glob("templates/*.html"), *folder.glob("html_*.py"), folder / "sides.py"]:
        text = re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not ACCUSING.search(text), path.name
        for said in (VIA_THE_SITE, PERCENT_OF_GUILT):
            assert not said.search(text), path.name


def test_general_questions_are_questions_and_steps_are_none() -> None:
    for ask in (*html_words.GENERAL_ASKS, html_words.ADDRESS_ASK):
        assert ask.endswith("?")
        assert len(ask.split()) <= 35
    assert not any("?" in step for step in (*html_words.GENERAL_STEPS, html_words.ADDRESS_STEP))


def test_every_sample_page_keeps_to_the_words(pages: dict[str, str]) -> None:
    assert len(pages) == 10
    assert {case: list(faults(page)) for case, page in pages.items()} == {case: [] for case in pages}


@pytest.mark.parametrize(
    "said", ["This is a fake firm.", "Call the number on the site.", "92 % sure.", "A suspicious site."]
)
def test_the_lint_sees_what_it_is_for(said: str) -> None:
    page = html.render(document(target(findings=[finding(next_step=said, statement=said)])), facts())
    assert list(faults(page))
