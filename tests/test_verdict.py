"""The one place that gives the verdict: the contract's levels, as properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import Family, Finding, Level, Status, Strength
from scanner.verdict import Coverage, defeat, fold, judge, level_of, score_of

FULL = Coverage(answered=6, planned=6, dated=True, text=True)


def finding(family: Family = Family.HISTORY, strength: Strength = Strength.STRONG, **more: object) -> Finding:
    scores = {"decisive": 2.6, "strong": 1.6, "medium": 0.9, "weak": 0.3, "context": 0.0}
    base = Finding(
        f"{family.value}.x", 1, family, strength, "words", score=scores[strength.value], domain="a.example"
    )
    return replace(base, **more)  # type: ignore[arg-type]


findings = st.builds(finding, st.sampled_from(Family), st.sampled_from(Strength))


@pytest.mark.parametrize(
    ("given_findings", "level"),
    [
        ([], Level.NOTHING_FOUND),
        ([finding(strength=Strength.DECISIVE)], Level.CONTRADICTED),
        ([finding(Family.HISTORY), finding(Family.CONTACT)], Level.CONTRADICTED),
        ([finding(Family.HISTORY), finding(Family.HISTORY)], Level.REVIEW),
        ([finding()], Level.REVIEW),
        ([finding(Family.MAIL, Strength.MEDIUM), finding(Family.CONTACT, Strength.MEDIUM)], Level.REVIEW),
        ([finding(Family.MAIL, Strength.MEDIUM), finding(Family.MAIL, Strength.MEDIUM)], Level.NOTHING_FOUND),
        ([finding(strength=Strength.CONTEXT, level=Level.KNOWN)], Level.KNOWN),
        ([finding(defeated_by="history.continuity")], Level.NOTHING_FOUND),
    ],
)
def test_levels_follow_the_contract(given_findings: list[Finding], level: Level) -> None:
    assert level_of(given_findings) is level


@given(st.lists(st.builds(finding, st.sampled_from(Family), st.just(Strength.WEAK)), max_size=30))
def test_weak_findings_never_add_up_to_a_level(weak: list[Finding]) -> None:
    assert level_of(weak) is Level.NOTHING_FOUND


@given(st.lists(findings, max_size=12))
def test_missing_coverage_replaces_nothing_found_only(some: list[Finding]) -> None:
    blind = Coverage(answered=1, planned=6, dated=False, text=False)
    seen, unseen = judge("a.example", some, FULL).level, judge("a.example", some, blind).level
    assert unseen is (Level.NOT_ENOUGH if seen is Level.NOTHING_FOUND else seen)


@given(st.lists(findings, max_size=12), findings)
def test_one_more_finding_never_lowers_the_level(some: list[Finding], more: Finding) -> None:
    assert level_of([*some, more]).rank >= level_of(some).rank


@given(st.lists(findings, max_size=12), st.sampled_from(Family))
def test_context_alone_changes_no_level(some: list[Finding], family: Family) -> None:
    # given findings that weigh nothing and defeat nothing, also such as speak for the claim
    said = [
        finding(family, Strength.CONTEXT),
        finding(family, Strength.CONTEXT, check_id="history.y", score=-0.5),
    ]
    assert level_of(defeat([*some, *said])) is level_of(defeat(some))


@given(st.lists(findings, max_size=12))
def test_within_a_family_only_the_strongest_counts(some: list[Finding]) -> None:
    strongest = [
        max((each for each in some if each.family is family), key=lambda each: each.strength.rank)
        for family in {each.family for each in some}
    ]
    assert level_of(strongest) is level_of(some)


@given(st.lists(findings, max_size=12), st.sampled_from(Family))
def test_what_is_defeated_counts_as_little_as_what_is_not_there(some: list[Finding], family: Family) -> None:
    # given something that defeats every finding of one family
    lowers = finding(
        strength=Strength.CONTEXT, check_id="history.y", score=-0.5, defeats=(f"{family.value}.x",)
    )
    left = [each for each in some if each.family is not family]
    after = judge("a.example", [*some, lowers], FULL)
    assert after.level is level_of(left)
    assert len(after.findings) == len(some) + 1, "kept and shown"


@given(st.lists(st.lists(findings, max_size=5), min_size=1, max_size=5), st.randoms())
def test_a_case_is_never_milder_than_an_address_and_order_plays_no_part(
    targets: list[list[Finding]], random: object
) -> None:
    verdicts = [
        judge(f"{number}.example", [replace(each, domain=f"{number}.example") for each in rows], FULL)
        for number, rows in enumerate(targets)
    ]
    whole = fold(verdicts, [])
    assert whole.level is max((verdict.level for verdict in verdicts), key=lambda level: level.rank)
    random.shuffle(verdicts)  # type: ignore[attr-defined]
    assert fold(verdicts, []).level is whole.level


@given(st.lists(findings, max_size=12), st.randoms())
def test_order_of_findings_plays_no_part(some: list[Finding], random: object) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge("a.example", some, FULL) == judge("a.example", shuffled, FULL)


@given(st.lists(findings, max_size=12))
def test_qualifiers_move_a_score_by_less_than_a_step(some: list[Finding]) -> None:
    strongest = max((f.score for f in some), default=0.0)
    assert strongest <= score_of(some) <= strongest + 0.5


def test_a_defeated_finding_is_kept_and_does_not_count() -> None:
    lowers = finding(strength=Strength.CONTEXT, check_id="history.y", score=-0.5, defeats=("history.x",))
    verdict = judge("a.example", [finding(), lowers], FULL)
    assert verdict.level is Level.NOTHING_FOUND
    assert [f.defeated_by for f in verdict.findings if f.check_id == "history.x"] == ["history.y"]


def test_a_finding_of_one_target_defeats_nothing_on_another() -> None:
    lowers = finding(check_id="history.y", defeats=("history.x",), domain="b.example")
    assert all(not f.defeated_by for f in defeat([finding(), lowers]))


@pytest.mark.parametrize(
    ("statuses", "dated", "text", "enough"),
    [
        ([Status.OK, Status.ABSENT, Status.TIMEOUT], True, False, True),
        ([Status.OK, Status.TIMEOUT], True, False, True),
        ([Status.OK, Status.TIMEOUT, Status.THROTTLED], True, True, False),
        ([Status.OK, Status.OK, Status.OK], False, False, False),
        ([Status.OK, Status.SKIPPED, Status.SKIPPED], False, True, True),
        ([], True, True, False),
    ],
)
def test_coverage_asks_for_half_the_attempts_and_a_date_or_a_text(
    statuses: list[Status], dated: bool, text: bool, enough: bool
) -> None:
    assert Coverage.of(statuses, dated=dated, text=text).enough is enough


def test_a_case_folds_to_its_most_serious_target() -> None:
    quiet = judge("a.example", [], FULL)
    unseen = judge("b.example", [], Coverage(0, 6, False, False))
    loud = judge("c.example", [finding()], FULL)
    assert fold([quiet, unseen], []).level is Level.NOT_ENOUGH
    assert fold([quiet, unseen, loud], []).level is Level.REVIEW
    assert fold([], []).level is Level.NOT_ENOUGH


def test_case_wide_findings_count_for_the_case() -> None:
    wide = [finding(Family.COHERENCE, domain="")]
    assert fold([judge("a.example", [], FULL)], wide).level is Level.REVIEW


def test_too_little_says_what_was_lacking() -> None:
    few = judge("a.example", [], Coverage(answered=2, planned=6, dated=True, text=True))
    blind = judge("a.example", [], Coverage(answered=6, planned=6, dated=False, text=False))
    assert "fewer than half" in few.summary
    assert "no source gave a date" in blind.summary
