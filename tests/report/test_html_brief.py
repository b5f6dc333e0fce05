"""The first page: of which address the result speaks, what carried it, both sides in pictures, nothing said wrongly."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from scanner.checks import table
from scanner.report import html, sides
from scanner.report.arithmetic import carried_by
from scanner.report.html_facts import Facts, Screenshot
from tests.report.making import document, facts, fetch, finding, row, target
from tests.report.test_html import words

PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def page_of(*targets: dict[str, Any], level: str = "review", known: Facts | None = None, **more: Any) -> str:
    return html.render(document(*targets, level=level, **more), known or facts())


# --------------------------------------------------------------------------------------- which address, how many


def test_of_several_addresses_the_result_names_the_one_it_speaks_of() -> None:
    quiet = [target(f"quiet{n}.example", level="nothing-found", findings=[]) for n in range(2)]
    page = page_of(target("odd.example"), *quiet)
    said = words(page, ".verdict .about-what")
    assert "This is said of odd.example" in said
    assert "The other addresses of the case: nothing unusual seen (2)." in said


def test_one_other_address_is_not_counted() -> None:
    page = page_of(target("odd.example"), target("quiet.example", level="not-enough", findings=[]))
    assert "The other address of the case: too little seen." in words(page, ".about-what")


def test_where_all_addresses_are_alike_quiet_none_is_named() -> None:
    page = page_of(
        *(target(f"q{n}.example", level="nothing-found", findings=[]) for n in range(3)),
        level="nothing-found",
    )
    assert not LexborHTMLParser(page).css(".about-what")


def test_many_odd_addresses_are_named_as_far_as_there_is_room() -> None:
    page = page_of(*(target(f"odd{n}.example") for n in range(7)))
    assert "odd0.example , odd1.example , odd2.example and 4 more." in words(page, ".about-what")


def test_a_question_about_many_addresses_names_as_many_as_there_is_room_for() -> None:
    asked = words(page_of(*(target(f"odd{n}.example") for n in range(7))), "[aria-labelledby=ask]")
    assert "( odd0.example , odd1.example , odd2.example and 4 more)" in asked
    assert "odd3" not in asked


def test_a_result_that_no_single_address_gave_says_so() -> None:
    quiet = [target(f"quiet{n}.example", level="nothing-found", findings=[]) for n in range(2)]
    page = page_of(*quiet, findings=[finding(family="coherence", check_id="coherence.shared-contact")])
    assert "what several addresses have in common" in words(page, ".about-what")
    assert "The facts that carried it" in words(page, ".verdict")


def test_what_did_not_carry_the_result_stands_apart_from_what_did() -> None:
    rows = [
        finding(1, strength="decisive", score=2.6),
        finding(2, strength="medium", score=0.9, family="mail"),
    ]
    page = page_of(target(level="contradicted", findings=rows), level="contradicted")
    told = LexborHTMLParser(page).css(".verdict .carrying")
    assert ["Statement 1." in one.text() for one in told] == [True, False]
    headings = [node.text() for node in LexborHTMLParser(page).css(".verdict h3")]
    assert headings == ["The facts that carried it", "Also unusual, without carrying it"]


def test_a_fact_of_a_quieter_address_carries_nothing() -> None:
    strong = finding(1)
    weaker = [finding(2, strength="medium", score=0.9)]
    assert carried_by("review", "review", [strong]) == (True,)
    assert carried_by("contradicted", "review", [strong]) == (False,)
    assert carried_by("review", "nothing-found", weaker) == (False,)
    assert carried_by("contradicted", None, [strong]) == (False,)
    assert carried_by("review", None, [strong, finding(3, defeated_by="history.made-1")]) == (True, False)


def test_the_first_lines_hold_the_innocent_explanation_what_speaks_for_and_what_is_missing() -> None:
    rows = [finding(1), *(finding(n, score=-1.0, strength="context") for n in range(2, 7))]
    silent = [{"source": "archive", "status": "throttled", "reason": "http-429"}]
    both = [target(f"{name}.example", findings=rows, not_seen=silent) for name in ("a", "b")]
    verdict = words(page_of(*both), ".verdict")
    assert "It could be A firm may have moved." in verdict
    assert verdict.count("source of fact") == 3
    assert "and 7 more, with each address" in verdict
    assert "web archive (archive), 2 addresses. This counts for nothing." in verdict
    assert "A clean result clears nobody" in verdict


def test_a_platform_or_a_missing_browser_is_told_without_its_slug() -> None:
    rows = [
        {"source": "screenshot", "status": "skipped", "reason": "no-site the website gave no page", "ms": 0},
        {"source": "website", "status": "skipped", "reason": "left-out by --without", "ms": 0},
    ]
    shown = words(page_of(target(attempts=rows)), ".target")
    assert "Picture of the page (screenshot) the website gave no page" in shown
    assert "left out by --without" in shown


# ------------------------------------------------------------------------------------------------- the two values


def test_what_two_values_are_called_is_known_for_real_checks_only() -> None:
    ids = {check.id for check in table()}
    assert set(sides.CHECKS) <= ids
    assert set(sides.FAMILIES) <= {id.partition(".")[0] for id in ids}


def test_what_a_page_shows_is_not_called_a_claim() -> None:
    page = page_of(
        target(findings=[finding(check_id="seizure.banner", family="seizure", claimed="An authority")])
    )
    assert "The page names An authority" in words(page, ".verdict")
    assert "Claimed An authority" not in words(page)


# ---------------------------------------------------------------------------------------------------- the pictures

PAIR = {
    "domain": "old.example",
    "kind": "strong",
    "words": 6,
    "ours": {"url": "https://acme.example/about", "seen_by": "2023-01-02", "seen_in": "captures"},
    "theirs": {"url": "https://old.example/us", "seen_by": "2011", "seen_in": "captures"},
    "passages": [{"words": 6, "ours": "Acme cares for old mills.", "theirs": "Bolt cares for old mills."}],
}


def pictured(*domains: str) -> Facts:
    known = facts([fetch(), *(fetch(n, source="screenshot", domain=d) for n, d in enumerate(domains, 11))])
    known.screenshots = {
        domain: [Screenshot(PICTURE, f"https://{domain}/", "2024-06-01", n)]
        for n, domain in enumerate(domains, 11)
    }
    return known


def test_where_text_was_taken_over_both_sites_are_pictured_beside_it_and_once() -> None:
    other = {**PAIR, "domain": "acme.example"}
    page = page_of(
        target(shared=[PAIR]),
        target("old.example", level="nothing-found", shared=[other], findings=[]),
        known=pictured("acme.example", "old.example"),
    )
    tree = LexborHTMLParser(page)
    assert [node.text().strip().split(":")[0] for node in tree.css(".copy figcaption")] == [
        "acme.example",
        "old.example",
    ]
    assert len(tree.css("img")) == 2, "further down the same picture is named, not repeated"
    assert words(page, "#t2 figure").startswith("old.example : the picture stands further up")


def test_a_side_without_a_picture_says_so() -> None:
    page = page_of(target(shared=[PAIR]), known=pictured("acme.example"))
    assert "old.example : no picture was taken" in words(page, ".copy .shots")


def test_an_original_nobody_claimed_is_shown_with_the_reason() -> None:
    lead = {**target("old.example", why="lead", level=None, findings=[]), "from": "acme.example"}
    page = page_of(target(), lead, known=pictured("acme.example", "old.example"))
    assert "old.example (looked at to compare): https://old.example/" in " ".join(
        words(page, ".shots").replace(" )", ")").replace(" :", ":").split()
    )


# ---------------------------------------------------------------------------------------------------- rendered text


def test_text_that_only_a_browser_could_read_is_marked_as_such() -> None:
    kept = fetch(9, source="screenshot", media_type="text/html; charset=utf-8")
    known = facts([fetch(), kept])
    known.rendered = {"acme.example": [9]}
    known.rows = {"acme.example": [row("history", "since", "Since 2012", "2012", "screenshot", 9)]}
    page = page_of(target(findings=[finding(evidence_ids=[9])]), known=known)
    assert "page as a browser shows it (screenshot), 2024-06-01 E1" in words(page, ".verdict")
    assert "Only scripts write the text of this site." in words(page, ".target")
    assert "E1 screenshot, the page's text after its scripts ran" in words(page, ".evidence")


@pytest.mark.parametrize("level", ["known", "contradicted", "review", "not-enough", "nothing-found"])
def test_every_first_page_says_that_a_clean_result_clears_nobody(level: str) -> None:
    assert "clean result clears nobody" in words(page_of(target(level=level), level=level), ".verdict")
