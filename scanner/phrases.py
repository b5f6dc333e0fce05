"""Sentences of a site worth searching by hand: long, rare, and without names. A person clicks; nothing is sent.

A copy's original is mostly somewhere that no library holds. A web search for one rare sentence in quotes finds it in
seconds, and the person who searches sees the result without the firm hearing of it from us.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np

from scanner.library import Library, Text
from scanner.likeness import Names, tokens
from scanner.likeness.compare import RARE, Weight
from scanner.likeness.shingles import text_print
from scanner.likeness.words import PLACEHOLDERS
from scanner.model import Observation

SHOWN = 3
FEWEST_WORDS, MOST_WORDS = 9, 26
"""Shorter sentences are phrases that many write; search services drop what stands after some thirty words."""
MOST_PAGES = 12
"""Of one site that are looked at: each costs a question to the library."""
ORDINARY_LETTERS = 4
"""Letters of the little words every sentence is made of: a sentence is told by the longer ones."""

SETTING = "FALSEFRONT_WEB_SEARCH"
ENGINE = "https://html.duckduckgo.com/html/?q={phrase}"
"""Where the links lead, unless the environment variable SETTING holds another address with `{phrase}` in it."""

_END = re.compile(r"(?<=[.!?…])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    tokens: tuple[str, ...]
    passage: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class _Page:
    text: Text
    sentences: tuple[_Sentence, ...]

    @classmethod
    def of(cls, text: Text) -> _Page:
        return cls(text, tuple(_plain(text)))


def phrases_of(library: Library, domain: str) -> list[str]:
    """The sentences of a domain's texts that say most where they come from, at most SHOWN, rarest first.

    Blocking: call it in a thread. None from a site without sentences of its own.
    """
    found: list[tuple[float, float, _Sentence]] = []
    pages = [sentences for text in library.texts_of(domain) if (sentences := _Page.of(text)).sentences]
    for number, page in enumerate(pages[:MOST_PAGES]):
        weight = library.weight(page.text)
        for one in page.sentences:
            rare, told = _worth(one, weight)
            if rare >= RARE:
                found.append((rare, told, replace(one, page=number)))
    return list(_chosen(found))


def written(phrases: Iterable[str]) -> list[Observation]:
    """The phrases as observations of the scan."""
    return [Observation("copy", "phrase", phrase, "library") for phrase in phrases]


def shown(rows: Iterable[Observation]) -> list[dict[str, str]]:
    """Phrases and the search each would be, for a report."""
    found = [row.value for row in rows if (row.kind, row.name) == ("copy", "phrase")]
    return [{"text": phrase, "search": search_link(phrase)} for phrase in found]


def search_link(phrase: str, engine: str = "") -> str:
    """The address of a web search for exactly this phrase.

    >>> search_link("We count, twice.", "https://search.example/?q={phrase}")
    'https://search.example/?q=%22We%20count%2C%20twice.%22'
    """
    template = engine or os.environ.get(SETTING, "")
    if "{phrase}" not in template or not template.startswith(("https://", "http://")):
        template = ENGINE
    words = phrase.replace('"', " ")
    return template.replace("{phrase}", quote(f'"{" ".join(words.split())}"', safe=""))


def _plain(text: Text) -> Iterator[_Sentence]:
    """The sentences of a text in which nothing is masked: no brand, person, place, number or address."""
    for number, (passage, masked) in enumerate(zip(text.passages, text.tokens, strict=False)):
        whole = " ".join(masked)
        for sentence in _END.split(passage):
            words = tokens(sentence, Names())
            if not FEWEST_WORDS <= len(words) <= MOST_WORDS or not PLACEHOLDERS.isdisjoint(words):
                continue
            # As it stands in the masked passage, the site's own brand was looked for in it too.
            if f" {' '.join(words)} " in f" {whole} ":
                yield _Sentence(" ".join(sentence.split()), words, number)


def _worth(sentence: _Sentence, weight: Weight) -> tuple[float, float]:
    """How rare the sentence's shingles are among other domains (0 to 1), and how much its words tell."""
    hashes = np.unique(text_print([sentence.tokens]).hashes)
    rare = float(np.mean(weight(hashes))) if len(hashes) else 0.0
    letters = sum(max(0, len(word) - ORDINARY_LETTERS) for word in set(sentence.tokens))
    return round(rare, 6), float(letters)


def _chosen(found: Sequence[tuple[float, float, _Sentence]]) -> Iterator[str]:
    """The best ones; of a passage one, and no two that share most of their words."""
    taken: list[_Sentence] = []
    for _, _, one in sorted(found, key=lambda row: (-row[0], -row[1], row[2].text)):
        words = set(one.tokens)
        if any(
            (one.page, one.passage) == (other.page, other.passage)
            or len(words & set(other.tokens)) > len(words) / 2
            for other in taken
        ):
            continue
        taken.append(one)
        yield one.text
        if len(taken) == SHOWN:
            return
