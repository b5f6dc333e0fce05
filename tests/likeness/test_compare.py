"""Likeness of two pages: copies in any order, in part, under edits; and unrelated pages that share phrases."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks import copies
from scanner.copies import opened
from scanner.library import Library
from scanner.likeness import names_of
from scanner.likeness.compare import Alike, Weights, compare, kind_of
from scanner.likeness.shingles import Hashes, TextPrint, text_print

Rows = list[list[str]]


def page(seed: int, passages: int = 6, length: int = 45) -> Rows:
    rng = random.Random(seed)
    return [[f"{rng.randrange(3000)}w" for _ in range(length)] for _ in range(passages)]


def shape(rows: Rows, domain: str = "") -> TextPrint:
    return text_print(rows, domain)


def nothing_rare(hashes: Hashes) -> Weights:
    return np.zeros(len(hashes))


def test_a_whole_copy_is_strong_both_ways() -> None:
    found = compare(shape(page(1)), shape(page(1)))
    assert (found.containment, found.contained) == (1, 1)
    assert found.rare_words == found.words == 270
    assert found.run == 45
    assert kind_of(found) is Alike.STRONG


def test_shuffled_sections_are_shown_with_their_partners() -> None:
    rows = page(2)
    found = compare(shape(rows), shape(rows[3:] + rows[:3]))
    assert kind_of(found) is Alike.STRONG
    assert sorted((pair.ours, pair.theirs) for pair in found.passages) == [
        (0, 3), (1, 4), (2, 5), (3, 0), (4, 1), (5, 2),
    ]  # fmt: skip


def test_a_lifted_passage_on_a_long_page_is_partial_and_placed() -> None:
    # given one passage of theirs, from its sixth word on, in the middle of a page of our own
    theirs = page(3)
    ours = [*page(4), ["so", "they", "say", *theirs[4][5:]], *page(5)]
    found = compare(shape(ours), shape(theirs))
    assert kind_of(found) is Alike.PARTIAL
    (pair,) = found.passages
    assert (pair.ours, pair.theirs, pair.ours_at, pair.theirs_at, pair.run) == (6, 4, 3, 5, 40)


def test_passages_cut_and_joined_elsewhere_are_still_one_text() -> None:
    tokens = [token for row in page(6) for token in row]
    cut = [tokens[at : at + 9] for at in range(0, len(tokens), 9)]
    assert kind_of(compare(shape(cut), shape([tokens]))) is Alike.STRONG
    assert kind_of(compare(shape([tokens]), shape(cut))) is Alike.STRONG


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2, 0.3])
def test_replaced_words_leave_a_likeness(rate: float) -> None:
    rng = random.Random(7)
    copied = [[f"{rng.randrange(9**9)}z" if rng.random() < rate else word for word in row] for row in page(7)]
    assert kind_of(compare(shape(copied), shape(page(7)))) is Alike.STRONG


def test_common_text_alone_is_a_template_and_demo_text_left_in_is_told_apart() -> None:
    demo = page(8, passages=2)
    # given a page that is demo text and nothing else, and one that fills the theme
    left = compare(shape(demo), shape(demo), nothing_rare)
    common = set(text_print(demo).hashes.tolist())

    def weight(hashes: Hashes) -> Weights:
        return np.array([0.0 if number in common else 1.0 for number in hashes.tolist()])

    filled = compare(shape([*demo, *page(9, 10)]), shape([*demo, *page(10, 10)]), weight)
    assert (kind_of(left), left.rare_words, left.containment) == (Alike.UNFILLED, 0, 0)
    assert (kind_of(filled), filled.rare_words, filled.common_words) == (Alike.TEMPLATE, 0, 90)


def test_phrases_here_and_there_are_nothing() -> None:
    # given two pages that share forty phrases of four words, each somewhere else
    rng = random.Random(11)
    phrases = [[f"p{number}{at}" for at in "abcd"] for number in range(40)]
    one, two = page(12, 10), page(13, 10)
    for rows in (one, two):
        for phrase in rng.sample(phrases, len(phrases)):
            row = rows[rng.randrange(len(rows))]
            place = rng.randrange(len(row))
            row[place:place] = phrase
    found = compare(shape(one), shape(two))
    assert found.words >= 150  # a phrase put into another one breaks it
    assert (found.rare_words, kind_of(found)) == (0, Alike.NOTHING)


def test_pages_of_one_site_are_never_compared() -> None:
    with pytest.raises(ValueError, match=r"both pages are on firm\.example"):
        compare(shape(page(1), "firm.example"), shape(page(1), "firm.example"))


def test_empty_pages_share_nothing() -> None:
    assert compare(shape([]), shape(page(1))) == compare(shape(page(1)), shape([]))
    assert kind_of(compare(shape([]), shape([]))) is Alike.NOTHING


# ------------------------------------------------------------------------------------------------ real pages


def test_labelled_pairs_of_real_pages_come_out_as_labelled(corpus: Path, tmp_path: Path) -> None:
    counts = copies.labelled(corpus, tmp_path)
    # somebody's own text under another name: strong
    strong = counts["identical_body", "strong", "alone"]
    assert strong[Alike.STRONG] / strong.total() >= 0.97
    # one theme with own text, and unrelated pages: never strong, and at most one in a hundred more than context
    apart = counts["template_only", "weak", "alone"] + counts["unrelated", "none", "alone"]
    assert apart.total() == 280
    assert apart[Alike.STRONG] == 0
    assert apart[Alike.PARTIAL] / apart.total() <= 0.01
    known = counts["template_only", "weak", "family known"] + counts["unrelated", "none", "family known"]
    assert known[Alike.STRONG] + known[Alike.PARTIAL] == 0
    # the more copies of it are known, the less a text must not count: with 40 to 65 sites of one text in the library
    strong = counts["identical_body", "strong", "family known"]
    assert strong[Alike.STRONG] / strong.total() >= 0.97
    lifted = counts["partial_copy", "medium", "family known"]
    assert (lifted[Alike.STRONG] + lifted[Alike.PARTIAL]) / lifted.total() >= 0.97
    # a theme's demo text left in, once several sites are known to have it: told apart from theft
    demo = counts["identical_body", "unfilled_template", "family known"]
    assert demo[Alike.UNFILLED] / demo.total() >= 0.9


def test_left_over_demo_text_of_shipped_themes_is_told_from_theft_with_an_empty_library(
    corpus: Path, tmp_path: Path
) -> None:
    # given pairs of real portfolios, of which nothing is known but the texts that ship
    members = copies.clones(corpus)
    kinds: dict[str, Counter[Alike]] = {"unfilled_template": Counter(), "strong": Counter()}
    with opened(tmp_path / "library.db") as library:
        for row in copies._rows(corpus / "clones" / "clone_pairs.jsonl"):
            if row["expected_strength"] in kinds:
                kinds[row["expected_strength"]][_stronger(members, row["a"], row["b"], library)] += 1
    demo, taken = kinds["unfilled_template"], kinds["strong"]
    # then demo text left in is hardly ever taken for theft, and theft of real text still is
    assert demo.total() == 66
    assert demo[Alike.STRONG] <= 2
    assert (demo[Alike.STRONG] + demo[Alike.PARTIAL]) / demo.total() <= 0.1
    assert taken[Alike.STRONG] / taken.total() >= 0.97


def _stronger(members: dict[str, copies.Made], one: str, other: str, library: Library) -> Alike:
    shapes = {name: text_print(members[name].text.tokens, members[name].text.domain) for name in (one, other)}
    both = [
        kind_of(compare(shapes[a], shapes[b], library.weight(members[a].text)))
        for a, b in ((one, other), (other, one))
    ]
    return min(both, key=list(Alike).index)


def test_edited_copies_of_real_pages_are_found(corpus: Path, tmp_path: Path) -> None:
    found = copies.edited(corpus, tmp_path)
    floors = {"5 % of words": 0.99, "10 % of words": 0.98, "20 % of words": 0.95, "30 % of words": 0.85}
    floors |= {"sections shuffled": 0.99, "look-alike letters": 0.99, "a third lifted": 0.95}
    floors["shuffled, 10 %, joined"] = 0.98
    assert {name for name, row in found.items() if row.found / row.copies < floors[name]} == set()
    assert min(row.copies for row in found.values()) >= 200
    # and nobody else's page is named as strongly alike
    assert sum(row.wrong for row in found.values()) == 0


def test_pages_by_different_makers_are_never_strongly_alike(corpus: Path) -> None:
    result = copies.unrelated(corpus, made=100)
    assert result.pairs > 50_000
    assert dict(result.kinds).get(Alike.STRONG, 0) == 0
    assert dict(result.real_kinds).get(Alike.PARTIAL, 0) == 0
    # nor among more of them; `python -m benchmarks.copies` counts ten million
    result = copies.unrelated(corpus, made=1200, strong_only=True)
    assert result.pairs > 1_000_000
    assert dict(result.kinds).get(Alike.STRONG, 0) == 0


def test_made_pages_repeat_no_passage_of_a_real_page() -> None:
    # given a page in a language no other page has: each of its words has one follower
    row = tuple(f"word{n}" for n in range(200))
    writer = copies.Writer([copies.text_of((" ".join(row),), "real.example", names_of("", "", (), ()))])
    made = [writer.page(random.Random(n)) for n in range(6)]
    runs = {row[at : at + 17] for at in range(len(row) - 16)}
    pieces = [part[at : at + 17] for page in made for part in page for at in range(len(part) - 16)]
    assert pieces
    assert runs.isdisjoint(pieces)
