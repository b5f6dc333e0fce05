"""Checks of pictures: rare, several, unrelated and older elsewhere, or nothing to speak of."""

from __future__ import annotations

import json

import pytest

from scanner.model import Bound, Finding, Observation, Strength
from tests.checks.conftest import DOMAIN, Run, archived, created, fact

THEM = "elder-soft.example"
CHECK = "copy.shared-pictures"
YOUNG, OLD = "2022-05-01", "2010-05-01"


def shared(
    count: int, other: str = THEM, kind: str = "photo", theirs_by: str = "2019-02-03"
) -> list[Observation]:
    """`count` pictures that the other site shows too, with both sights."""
    rows = []
    for number in range(count):
        ours, theirs = f"https://{DOMAIN}/{number}.jpg", f"https://{other}/x{number}.jpg"
        what = {
            "domain": other,
            "kind": kind,
            "ours": ours,
            "ours_page": f"https://{DOMAIN}/team",
            "theirs": theirs,
            "theirs_page": "",
            "bits": 2,
            "same_bytes": False,
            "mirrored": number == 0,
            "sites": 1,
        }
        rows.append(fact("picture", "shared", json.dumps(what), source="library"))
        for side, url, day in (("ours", ours, "2024-06-01"), ("theirs", theirs, theirs_by)):
            value = f"{side} {other} {url}"
            rows.append(fact("picture", "sight", value, day, source="library", bound=Bound.NOT_AFTER))
    return rows


def strengths(found: tuple[Finding, ...]) -> list[Strength]:
    return [finding.strength for finding in found]


@pytest.mark.parametrize(
    ("count", "strength"),
    [(1, Strength.CONTEXT), (2, Strength.WEAK), (3, Strength.MEDIUM), (9, Strength.MEDIUM)],
)
def test_several_rare_pictures_that_stood_there_before_this_site_are_medium_at_most(
    run: Run, count: int, strength: Strength
) -> None:
    (found,) = run(CHECK, *shared(count), created(YOUNG), others={THEM: [created(OLD)]})
    assert found.strength is strength
    assert (f"{THEM} had them first" in found.statement) is (strength is Strength.MEDIUM)


def test_that_the_other_site_is_older_does_not_make_its_pictures_older(run: Run) -> None:
    """Given an old name that shows the pictures of a younger firm since lately, the firm is not the one to suspect."""
    rows = [*shared(5, theirs_by="2024-06-01"), created(YOUNG)]
    (found,) = run(CHECK, *rows, others={THEM: [created(OLD)]})
    assert found.strength is Strength.WEAK
    # given an archive that has the very bytes: they stood there before
    for number in range(3):
        value = f"theirs {THEM} https://{THEM}/x{number}.jpg"
        rows.append(fact("picture", "archived", value, "2012-01-01", source="library", bound=Bound.NOT_AFTER))
    (found,) = run(CHECK, *rows, others={THEM: [created(OLD)]})
    assert found.strength is Strength.MEDIUM
    assert "(archived 2012-01-01, mirrored)" in found.observed


def test_who_showed_them_before_the_other_was_there_is_the_older_one(run: Run) -> None:
    # given only a crawl of ours from before the other site's first sign
    rows = shared(5, theirs_by="2024-06-01")
    rows = [row for row in rows if not row.value.startswith("ours")]
    for number in range(5):
        value = f"ours {THEM} https://{DOMAIN}/{number}.jpg"
        rows.append(fact("picture", "sight", value, "2015-01-01", source="library", bound=Bound.NOT_AFTER))
    (found,) = run(CHECK, *rows, others={THEM: [created(YOUNG)]})
    assert found.strength is Strength.CONTEXT


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([], []),
        ([created("2019-06-01")], []),
        ([], [created("2019-01-03")]),
        ([created("2019-06-01")], [created("2019-01-03")]),
    ],
    ids=["undated", "theirs undated", "ours undated", "months apart"],
)
def test_without_dates_far_apart_they_are_weak(
    run: Run, ours: list[Observation], theirs: list[Observation]
) -> None:
    (found,) = run(CHECK, *shared(5), *ours, others={THEM: theirs})
    assert found.strength is Strength.WEAK
    assert "can't be told" in found.statement


def test_the_older_site_is_never_the_suspect(run: Run) -> None:
    (found,) = run(CHECK, *shared(5), created(OLD), others={THEM: [created(YOUNG)]})
    assert found.strength is Strength.CONTEXT
    (found,) = run(
        CHECK, *shared(5), archived("2011-01-01"), created(YOUNG), others={THEM: [created("2020-01-01")]}
    )
    assert found.strength is Strength.CONTEXT


@pytest.mark.parametrize("kind", ["logo", "stock", "plain"])
def test_logos_stock_and_plain_pictures_count_for_nothing(run: Run, kind: str) -> None:
    assert run(CHECK, *shared(9, kind=kind), created(YOUNG), others={THEM: [created(OLD)]}) == ()
    assert run("copy.related-pictures", *shared(9, kind=kind)) == ()


def test_a_site_that_leads_here_itself_is_related_and_one_that_is_led_to_is_not(run: Run) -> None:
    rows = [*shared(4), created(YOUNG)]
    link = fact("page", "acknowledged_domain", DOMAIN)
    others = {THEM: [created(OLD), link]}
    assert run(CHECK, *rows, others=others) == ()
    (found,) = run("copy.related-pictures", *rows, others=others)
    assert found.score < 0
    # the link stands here, where a copyist may set it
    own = fact("page", "acknowledged_domain", THEM)
    assert strengths(run(CHECK, *rows, own, others={THEM: [created(OLD)]})) == [Strength.MEDIUM]
    assert run("copy.related-pictures", *rows, own, others={THEM: [created(OLD)]}) == ()


def test_a_relative_explains_nothing_of_what_a_stranger_has(run: Run) -> None:
    rows = [*shared(4), *shared(3, "stranger.example"), created(YOUNG)]
    others = {
        THEM: [created(OLD), fact("page", "acknowledged_domain", DOMAIN)],
        "stranger.example": [created(OLD)],
    }
    (found,) = run(CHECK, *rows, others=others)
    assert "stranger.example" in found.statement
    assert found.strength is Strength.MEDIUM


def test_the_finding_shows_both_addresses_their_dates_and_which_is_mirrored(run: Run) -> None:
    (found,) = run(CHECK, *shared(2), created(YOUNG), others={THEM: [created(OLD)]})
    assert found.claimed.startswith(
        f"https://{DOMAIN}/0.jpg (first seen 2024-06-01, on https://{DOMAIN}/team); "
    )
    assert found.observed.startswith(f"https://{THEM}/x0.jpg (first seen 2019-02-03, mirrored); ")
    assert "mirrored" not in found.observed.partition(";")[2]


def test_pictures_of_everybody_are_said_and_are_no_link(run: Run) -> None:
    what = {"ours": f"https://{DOMAIN}/hero.jpg", "page": "", "sites": 31}
    row = fact("picture", "common", json.dumps(what), source="library")
    (found,) = run("copy.common-pictures", row)
    assert (found.strength, found.score) == (Strength.CONTEXT, 0)
    assert "31 other sites" in found.observed
    assert run("copy.common-pictures") == ()
    assert run(CHECK, row) == ()
