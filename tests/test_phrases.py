"""Sentences to search by hand: rare, long, without names; shown with a link that only a person follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import group
from scanner.copies import opened
from scanner.library import Library, Text
from scanner.likeness import names_of, tokens
from scanner.model import Date, Observation
from scanner.phrases import ENGINE, phrases_of, search_link, shown, written

WORLD = Path(__file__).parent / "worlds" / "copies"
RARE = "Herons stand quietly beside whichever pump was serviced before the autumn floods arrived."
OTHER = "Whoever borrows the brass barometer returns it polished, wrapped and slightly embarrassed."
THIRD = "Moonlit inventories of reclaimed shingles rarely survive an argument with the night watchman."
COMMON = "Together our dedicated specialists create outstanding solutions for every customer around the whole globe."


def page(domain: str, *passages: str, path: str = "") -> Text:
    names = names_of(domain, "", (), ())
    return Text(
        f"https://{domain}/{path}",
        domain,
        passages,
        tuple(tokens(p, names) for p in passages),
        Date("2024"),
        "crawl",
    )


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Twelve firms write the same common sentence."""
    library = opened(tmp_path / "library.db")
    library.add(page(f"firm{n}.example", COMMON, f"Number {n} keeps its own books in a drawer nobody else may open.")
                for n in range(12))  # fmt: skip
    return library


def test_rare_sentences_come_before_common_ones_and_short_ones_never(library: Library) -> None:
    # given a page with three rare sentences, one that twelve firms have, and a short one
    library.add([page("heron-soft.example", f"{RARE} {COMMON}", OTHER, "Write to us.", THIRD)])
    assert set(phrases_of(library, "heron-soft.example")) == {RARE, OTHER, THIRD}


def test_no_sentence_with_a_name_a_number_or_a_place_in_it(library: Library) -> None:
    library.add(
        [
            page(
                "heron-soft.example",
                "Heron Soft keeps every promise that its grandmother made beside the river in winter.",
                "Maria Keller, Managing Director, answers every letter herself before the kettle has boiled.",
                "Our 4250 patient engineers repair whatever the harbour sends them without asking twice.",
                "Every barge that leaves Rotterdam carries one of our crates below its polished deck.",
                "Questions go to herons@heron-soft.example before breakfast, or to nobody at all that morning.",
                RARE,
            )
        ]
    )
    assert phrases_of(library, "heron-soft.example") == [RARE]


def test_one_of_a_passage_and_none_twice(library: Library) -> None:
    # given two rare sentences in one passage, and one of them again on another page with a word changed
    library.add([page("heron-soft.example", f"{RARE} {OTHER}")])
    library.add([page("heron-soft.example", OTHER.replace("polished", "gleaming"), path="about")])
    found = phrases_of(library, "heron-soft.example")
    assert len(found) == 2
    assert len({phrase.split()[0] for phrase in found}) == 2


def test_nothing_from_a_site_that_is_not_there_or_says_nothing_of_its_own(library: Library) -> None:
    library.add([page("empty.example", COMMON)])
    assert phrases_of(library, "empty.example") == []
    assert phrases_of(library, "nobody.example") == []


def test_the_link_holds_the_quoted_phrase_and_nothing_of_the_page_escapes_into_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FALSEFRONT_WEB_SEARCH", raising=False)
    link = search_link('He said "go" & left?\nq=#x')
    assert link == ENGINE.replace("{phrase}", "%22He%20said%20go%20%26%20left%3F%20q%3D%23x%22")
    monkeypatch.setenv("FALSEFRONT_WEB_SEARCH", "https://find.example/?s={phrase}")
    assert search_link("a b") == "https://find.example/?s=%22a%20b%22"
    for useless in ("https://find.example/", "javascript:alert('{phrase}')", ""):
        monkeypatch.setenv("FALSEFRONT_WEB_SEARCH", useless)
        assert search_link("a").startswith("https://html.duckduckgo.com/")


def test_a_report_is_made_from_observations_alone() -> None:
    rows = [*written([RARE]), Observation("copy", "match", "{}", "library")]
    assert shown(rows) == [{"text": RARE, "search": search_link(RARE)}]


def test_a_scan_shows_phrases_and_the_shared_text_of_both_sides(tmp_path: Path) -> None:
    # given a front whose original is claimed beside it
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(group(), [*arguments, "--db", str(tmp_path / "f.db")])
        assert result.exit_code == 0, result.stderr
        return result.stdout

    urls = ("https://quillvex.example", "https://brackenholt.example")
    document = json.loads(run("scan", *urls, "--world", str(WORLD), "--json"))
    target = document["targets"][0]
    assert 1 <= len(target["phrases"]) <= 3
    for phrase in target["phrases"]:
        assert set(phrase) == {"text", "search"}
        assert "uillvex" not in phrase["text"]
    (pair,) = target["shared"]
    assert (pair["domain"], pair["kind"]) == ("brackenholt.example", "strong")
    assert (pair["ours"]["seen_by"][:10], pair["ours"]["seen_in"]) == ("2022-08-01", "captures")
    assert (pair["theirs"]["seen_by"][:10], pair["theirs"]["seen_in"]) == ("2011-05-01", "captures")
    assert pair["ours"]["url"].startswith("https://quillvex.example/")
    assert pair["theirs"]["url"].startswith("https://brackenholt.example/")
    assert "Quillvex" in pair["passages"][0]["ours"]
    assert "Brackenholt" in pair["passages"][0]["theirs"]
    # when the report is asked for again, it is the same, and the terminal shows all of it
    assert json.loads(run("report", document["case"], "--format", "json"))["targets"][0] == target
    text = run("report", document["case"])
    assert "the same text on both" in text
    assert "https://html.duckduckgo.com/html/?q=%22" in text
    assert "brackenholt.example (archived" in text
    compared = json.loads(run("compare", *urls, "--world", str(WORLD), "--json"))
    assert [one["domain"] for one in compared["shared"]] == ["brackenholt.example"]
