"""Text that ships with themes and notices is nobody's, in every library, also one that never heard of it."""

from __future__ import annotations

from pathlib import Path

from scanner.library import Library, Text
from scanner.likeness import Names, tokens
from scanner.likeness.common import common_passages
from scanner.model import Date


def page(domain: str, *passages: str) -> Text:
    masked = tuple(tokens(passage, Names()) for passage in passages)
    return Text(f"https://{domain}/", domain, passages, masked, Date("2020-05-01"), "crawl")


def test_two_sites_that_share_only_filler_are_no_match(tmp_path: Path) -> None:
    filler = tuple(passage for passage in common_passages() if passage.startswith("Lorem ipsum dolor"))[:3]
    own = "Hides have scars, and the program asks where they are before it lays the pieces out on the bench."
    shared = page("saddler.example", *filler, own)
    with Library(tmp_path / "library.db") as library:
        # given a library that holds one other site, with the same filler and words of its own
        library.add([page("physio.example", *filler, "The plans fit between two stops of the bus.")])
        assert library.search(shared) == []
        # while a sentence of somebody's own makes one
        library.add([page("tanner.example", own * 3)])
        assert [match.domain for match in library.search(shared)] == ["tanner.example"]
