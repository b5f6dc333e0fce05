from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.evaluate import ERROR, Detail, Outcome, summary
from scanner.evaluate.figures import SMALL, wilson
from scanner.evaluate.tables import lines

GROUP = {
    "kind of address": "generic ending",
    "language of the site": "en",
    "country of the firm": "not known",
}
HONEST = Outcome("w", "a.yaml", "", "nothing-found", "nothing-found", "nothing-found", detail=Detail(GROUP))
FRONT = Outcome("w", "b.yaml", "fox", "review", "known", "review", detail=Detail(GROUP))


@pytest.mark.parametrize(
    ("found", "of", "bounds"),
    [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (5, 10, (0.2366, 0.7634)), (0, 0, (0.0, 1.0))],
)
def test_bounds_are_wilsons(found: int, of: int, bounds: tuple[float, float]) -> None:
    # values of the formula as published, and of R's binom.confint(methods="wilson")
    assert wilson(found, of) == pytest.approx(bounds, abs=5e-4)


def test_recall_stands_by_label_and_by_campaign() -> None:
    missed = replace(FRONT, campaign="owl", level="nothing-found")
    found = summary([HONEST, FRONT, missed])["recall"]
    assert (found["all"][""]["review"]["found"], found["all"][""]["review"]["of"]) == (1, 2)
    assert found["campaign"]["fox"]["review"]["share"] == 1.0
    assert found["campaign"]["owl"]["review"]["share"] == 0.0
    assert found["label"]["review"]["contradicted"]["found"] == 0


def test_a_front_whose_label_lets_it_pass_is_counted_as_missed() -> None:
    # given one front that is found, and one that its label allows to be missed, and that is
    missed = replace(FRONT, least="nothing-found", level="nothing-found")
    found = summary([HONEST, FRONT, missed])
    # then recall stands without it and with it, and the table shows both
    assert found["recall"]["all"][""]["review"]["share"] == 1.0
    assert (found["either"], found["either_at_review"]) == (1, 0)
    assert found["recall_with_either"]["review"]["share"] == 0.5
    text = "\n".join(lines(found))
    assert "1 may come out either way" in text
    assert "1/2  0.50" in next(line for line in text.splitlines() if "and those that may" in line)


def test_a_crash_is_neither_found_nor_alarmed() -> None:
    found = summary([replace(HONEST, level=ERROR), replace(FRONT, level=ERROR)])
    assert (found["errors"], found["honest_at_review"], found["fronts_at_review"]) == (2, 0, 0)


def test_what_an_alarm_is_worth_hangs_on_how_rare_fronts_are() -> None:
    # given 20 fronts all found and 100 honest cases of which one alarms
    outcomes = [FRONT] * 20 + [HONEST] * 99 + [replace(HONEST, level="review")]
    right = summary(outcomes)["alarms_right"]["review"]
    values = [right[rate]["likely"] for rate in ("0.002", "0.01", "0.05", "0.2")]
    # then most alarms are wrong among thousands, most are right where every fifth is a front
    assert values == sorted(values)
    assert values[0] < 20
    assert values[-1] > 90
    assert all(one["at_worst"] <= one["likely"] <= one["at_best"] for one in right.values())


def test_a_family_is_credited_with_the_fronts_that_go_unseen_without_it() -> None:
    carried = replace(FRONT, detail=Detail(GROUP, without_family={"history": "nothing-found"}))
    found = summary([carried, FRONT, HONEST])["families"]
    assert found == {"history": {"fronts_lost": {"review": 1, "contradicted": 0}, "honest_calmed": 0}}


def test_a_campaign_nobody_knew_is_counted_by_what_is_left() -> None:
    listed = replace(FRONT, detail=Detail(GROUP, without_campaign="nothing-found"))
    found = summary([listed, FRONT])["campaign_unknown"]
    assert found["all"]["review"]["found"] == 1
    assert found["fox"]["review"]["of"] == 2


def test_the_worst_off_group_is_named_with_what_would_lift_it() -> None:
    # given as many honest cases on free hosting as a group needs, of which three show too little
    there = GROUP | {"kind of address": "free hosting"}
    dim = replace(HONEST, level="not-enough", detail=Detail(there, lacking=("rdap throttled",)))
    fine = replace(HONEST, detail=Detail(there))
    worst = summary([HONEST] * SMALL + [dim] * 3 + [fine] * (SMALL - 3))["groups"]["kind of address"]["worst"]
    assert worst["group"] == "free hosting"
    assert worst["would_lift"] == ["rdap throttled (3)"]


def test_the_table_says_what_would_lift_the_worst_off_in_words() -> None:
    there = GROUP | {"kind of address": "free hosting"}
    lacking = ("no source gave a date, and no page of the site could be read",)
    dim = replace(HONEST, level="not-enough", detail=Detail(there, lacking=lacking))
    text = "\n".join(lines(summary([dim] * SMALL)))
    assert f"worst off: free hosting, {SMALL} of {SMALL}" in text
    assert f"what would lift it: one dated source, or one page that can be read ({SMALL})" in text
    assert "is worse off than nothing-found" in "\n".join(lines(summary([HONEST] * SMALL)))


def test_a_small_group_is_never_the_worst() -> None:
    dim = replace(HONEST, level="not-enough", detail=Detail(GROUP | {"kind of address": "free hosting"}))
    assert summary([HONEST] * SMALL + [dim])["groups"]["kind of address"]["worst"] is None


def test_the_table_says_all_of_it() -> None:
    text = "\n".join(lines(summary([FRONT, HONEST]) | {"fairness": {"runs": 2, "cases": 2, "moved": []}}))
    for part in (
        "2 cases: ",
        "1 are labelled honest",
        "0 may come out either way",
        "campaign fox",
        "false alarms",
        "of 100 alarms",
        "honest cases by country",
        "0 of 4 verdicts moved",
    ):
        assert part in text
