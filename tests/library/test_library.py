"""The library of originals: what goes in is found again, with the earliest date, by text that was edited."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.library import Added, Library, LibraryError, Text, pack
from scanner.likeness import names_of, seeds, tokens
from scanner.likeness.compare import Alike
from scanner.model import Date

WORDS = [
    f"{one}{two}{three}" for one in "bdfgkl" for two in "aeiou" for three in ("n", "rt", "ss", "m", "ck")
]


def made(
    seed: int, domain: str, *, passages: int = 6, seen: str = "2020-05-01", source: str = "crawl"
) -> Text:
    """A page of made-up words, another one for every seed."""
    rng = random.Random(seed)
    own = [rng.choice(WORDS) + rng.choice(WORDS) for _ in range(400)]
    rows = tuple(" ".join(rng.choices(own, k=rng.randint(25, 60))) for _ in range(passages))
    return given(rows, f"https://{domain}/{seed}", domain, seen, source)


def given(
    rows: tuple[str, ...], url: str, domain: str, seen: str = "2020-05-01", source: str = "crawl"
) -> Text:
    return Text(url, domain, rows, tuple(tuple(pack.words(row)) for row in rows), Date(seen), source)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library(path) as opened:
        yield opened


def test_a_copy_finds_its_original_with_both_texts_and_its_date(library: Library) -> None:
    # given forty sites with texts of their own
    originals = [made(seed, f"firm{seed}.example") for seed in range(40)]
    assert library.add(originals) == Added(40, 0)
    # when another domain carries one of the texts
    (match,) = library.search(replace(originals[7], domain="front.example", url="https://front.example/"))
    # then that page alone is named, whole, with its date and the passages side by side
    assert (match.url, match.domain, str(match.first_seen), match.seen_in) == (
        "https://firm7.example/7",
        "firm7.example",
        "2020-05-01",
        "crawl",
    )
    assert match.containment == pytest.approx(1)
    assert match.contained == pytest.approx(1)
    assert len(match.passages) == 6
    assert all(shared.ours == shared.theirs in originals[7].passages for shared in match.passages)


def test_pages_of_the_same_site_are_never_a_match(library: Library) -> None:
    original = made(1, "firm.example")
    library.add([original])
    assert library.search(replace(original, url="https://firm.example/again")) == []


def test_the_earliest_sight_of_a_text_is_kept_with_its_source(library: Library) -> None:
    text = made(3, "firm.example", seen="2023-02-01")
    library.add(
        [text, replace(text, first_seen=Date("2019-06"), seen_in="archive", url="http://firm.example/")]
    )
    library.add([replace(text, first_seen=Date("2024-01-01"), seen_in="scan:c1")])
    (match,) = library.search(replace(text, domain="front.example"))
    assert (str(match.first_seen), match.seen_in, match.url) == ("2019-06", "archive", "http://firm.example/")


def test_forgetting_a_case_takes_out_what_it_alone_brought(library: Library, path: Path) -> None:
    # given a text two sources brought and one only the case brought
    both, alone = made(1, "both.example"), made(2, "alone.example", source="scan:c1")
    library.add([both, replace(both, seen_in="scan:c1", first_seen=Date("2001"))])
    library.add([alone])
    # when the case is forgotten
    assert library.forget("c1") == 1
    assert library.forget("c1") == 0
    # then the other source's sight is left, with its own date, and the case's text is nowhere in the file
    assert library.search(replace(alone, domain="front.example")) == []
    assert str(library.search(replace(both, domain="front.example"))[0].first_seen) == "2020-05-01"
    assert library.stats().texts == 1
    assert b"alone.example" not in path.read_bytes()


def test_a_library_opened_for_reading_is_not_written(library: Library, path: Path) -> None:
    library.add([made(1, "firm.example")])
    with Library(path, readonly=True) as reader:
        assert reader.stats().texts == 1
        with pytest.raises(LibraryError, match="for reading only"):
            reader.add([made(2, "other.example")])


def test_a_text_too_short_for_the_sample_finds_nothing(library: Library) -> None:
    # given a library, and texts of three words, of most of which no shingle is in the sample
    library.add([made(seed, f"firm{seed}.example") for seed in range(3)])
    short = [given((" ".join(WORDS[n : n + 3]),), "https://tiny.example/", "tiny.example") for n in range(60)]
    # when each is looked for, then nothing is found, and nothing fails
    assert not any(library.search(text) for text in short)


def test_edited_shuffled_and_lifted_text_is_found_among_many(library: Library) -> None:
    originals = [made(seed, f"firm{seed}.example") for seed in range(200)]
    library.add(originals)
    rng = random.Random(9)
    other = made(999, "x")
    for text in originals[::20]:
        rows = [
            " ".join(rng.choice(WORDS) if rng.random() < 0.3 else word for word in row.split())
            for row in text.passages
        ]
        rng.shuffle(rows)
        edited = given(tuple(rows), "https://front.example/", "front.example")
        assert [match.domain for match in library.search(edited)] == [text.domain]
        lifted = given((*other.passages, *text.passages[2:4]), "https://front.example/", "front.example")
        (match,) = library.search(lifted)
        assert match.kind in ("partial", "strong")
        assert {shared.theirs for shared in match.passages} == set(text.passages[2:4])


def test_text_on_many_domains_loses_its_weight_and_is_told_as_reused(library: Library) -> None:
    # given a theme's demo text on twelve domains, each of which adds a text of its own
    demo, own = made(1, "x"), made(2, "x")
    for number in range(12):
        filled = (*demo.passages, *made(100 + number, "x", passages=12).passages)
        library.add([given(filled, f"https://site{number}.example/", f"site{number}.example")])
    rows = (*demo.passages, *own.passages)
    library.add([given(rows, "https://maker.example/", "maker.example")])
    # when a page carries both: only the own text's maker is named, by the own text
    (match,) = library.search(given(rows, "https://front.example/", "front.example"))
    assert match.domain == "maker.example"
    assert match.words == sum(map(len, own.tokens))
    # and a page of demo text alone names nobody, but says what it is
    asked = replace(demo, domain="front.example")
    assert library.search(asked) == []
    reuse = library.reuse(asked)
    assert (reuse.share, reuse.domains) == (1, 13)
    assert set(reuse.examples) <= {f"site{number}.example" for number in range(12)} | {"maker.example"}
    assert library.reuse(replace(own, domain="front.example")).words == 0


@pytest.mark.parametrize("fronts", [4, 12, 40])
def test_a_campaigns_text_weighs_the_same_however_many_fronts_carry_it(library: Library, fronts: int) -> None:
    # given an original, and fronts with all of its text under names of their own
    text = made(5, "x", passages=8)
    library.add([replace(text, domain="original.example", first_seen=Date("2015"))])
    for number in range(fronts):
        about = made(200 + number, "x", passages=1).passages
        library.add([given((*text.passages, *about), "https://x/", f"front{number}.example")])
    # when another front is looked up
    found = library.search(replace(text, domain="another.example"), limit=60)
    # then it is as alike to each of them as to one, and how many they are is told
    assert {match.kind for match in found} == {Alike.STRONG}
    assert {match.words for match in found} == {sum(map(len, text.tokens))}
    assert {match.sites for match in found} == {fronts + 1}
    assert "original.example" in {match.domain for match in found}
    # and none of it passes for a theme's
    assert library.reuse(replace(text, domain="another.example")).words == 0
    # nor where half of a page is that text
    half = (*text.passages[:4], *made(900, "x", passages=4).passages)
    found = library.search(given(half, "https://half.example/", "half.example"), limit=60)
    assert {match.kind for match in found} == {Alike.STRONG}


def test_a_notice_on_otherwise_different_sites_is_nobodys(library: Library) -> None:
    # given a long notice that is a third of a page of twenty sites, each with pages of its own
    notice = made(7, "x", passages=4)
    for number in range(20):
        domain = f"site{number}.example"
        library.add([given(notice.passages, f"https://{domain}/notice", domain)])
        library.add(made(1000 + 10 * number + page, domain) for page in range(3))
    # then a site that has it too is like none of them
    assert library.search(replace(notice, domain="new.example")) == []


def test_few_domains_do_not_vouch_for_a_text(library: Library) -> None:
    # given one text on an original and three fronts
    text = made(5, "x")
    library.add(replace(text, domain=f"front{number}.example") for number in range(3))
    library.add([replace(text, domain="original.example", first_seen=Date("2015"))])
    found = library.search(replace(text, domain="another.example"))
    assert {(match.domain, match.kind) for match in found} == {
        ("original.example", "strong"), ("front0.example", "strong"),
        ("front1.example", "strong"), ("front2.example", "strong"),
    }  # fmt: skip


def test_background_texts_weigh_nothing(library: Library) -> None:
    text = made(6, "firm.example")
    library.add([text])
    assert library.add_background(text.tokens) > 100
    assert library.add_background(text.tokens) == 0
    assert library.search(replace(text, domain="front.example")) == []
    assert library.reuse(replace(text, domain="front.example")).share == 1


def test_many_batches_are_merged_and_all_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.library.library.BATCH", 30)
    texts = [made(seed, f"firm{seed // 3}.example") for seed in range(600)]
    assert library.add(texts) == Added(600, 0)
    for number in (0, 311, 599):
        assert library.search(replace(texts[number], domain="front.example"))[0].url == texts[number].url
    before = library.stats()
    library.optimise()
    assert library.stats().postings == before.postings
    for number in (0, 311, 599):
        assert library.search(replace(texts[number], domain="front.example"))[0].url == texts[number].url


def test_masked_tokens_come_back_as_they_went_in() -> None:
    rng = random.Random(3)
    for _ in range(300):
        passages = tuple(" ".join(rng.choices("abcdé", k=rng.randrange(30))) for _ in range(rng.randrange(4)))
        tokens = tuple(
            tuple(rng.choices("abcx‹", k=rng.randrange(30)))
            if rng.random() < 0.5
            else tuple("‹brand›" if word == "a" else word for word in pack.words(row) if rng.random() < 0.9)
            for row in passages
        )
        assert pack.decode(pack.encode(passages, tokens)) == (passages, tokens)


def test_two_portfolios_of_a_theme_nobody_listed_are_no_copies(tmp_path: Path) -> None:
    # given two people whose theme came with Latin that no list holds, filled in with a name and a town each
    dice = random.Random(7)
    latin = sorted(seeds.words("words", "filler"))
    demo = [" ".join(dice.choices(latin, k=24)).capitalize() + "." for _ in range(12)]

    def portfolio(domain: str, name: str, town: str, own: str) -> Text:
        passages = (f"{name} lives in {town}, phone 555 0100.", *demo, own)
        names = names_of(domain, name, (), (name,))
        return Text(f"https://{domain}/", domain, passages, tuple(tokens(p, names) for p in passages),
                    Date("2024"), "crawl")  # fmt: skip

    one = portfolio(
        "ann.example", "Ann Vale", "Leeds", "She draws bridges that people remember by their railings."
    )
    two = portfolio(
        "bob.example", "Bob Reed", "Turin", "He repairs lighthouses and keeps their lamps in a shed."
    )
    with Library(tmp_path / "library.db") as library:
        library.add([one, two])
        assert [
            match.kind for match in library.search(one) if match.kind in (Alike.STRONG, Alike.PARTIAL)
        ] == []
        # and what is left of the theme is told as such
        assert library.reuse(one).share > 0.8
