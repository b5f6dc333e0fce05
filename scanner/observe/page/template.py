"""Whether a page is a theme's demo text that was never filled in.

Two signs, each as a share of the words: filler Latin, and lines that open like the demo text of a published
theme. A page with some left-over lines is content; one that is mostly demo is `template`.
"""

from __future__ import annotations

import re
from functools import cache

from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints

SHARE = 0.75  # of the words in lines of five words or more: above it nobody filled the theme in
SHARE_WITH_PLACES = 0.45  # likewise, when two of the theme's "your name here" places are still there
_HEAD_WORDS = 5
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _demo() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    data = seeds.load("templates")
    heads = frozenset(_head(str(line)) for line in data["lines"])
    return heads, frozenset(str(data["filler"]).split()), tuple(str(phrase) for phrase in data["phrases"])


def _head(line: str) -> str:
    return " ".join(_WORD.findall(line.lower())[:_HEAD_WORDS])


def demo_share(page: Document) -> float:
    """Share of the words in longer lines that is demo text, 0.0 to 1.0; 0.0 for pages under 20 such words."""
    heads, filler, _ = _demo()
    total = demo = 0
    for line in page.lines[:3000]:
        words = _WORD.findall(line[:5000].lower())
        if len(words) < _HEAD_WORDS:
            continue
        total += len(words)
        if (
            " ".join(words[:_HEAD_WORDS]) in heads
            or "lorem" in words
            or sum(map(filler.__contains__, words)) > len(words) // 2
        ):
            demo += len(words)
    return demo / total if total >= 20 else 0.0


def is_template(page: Document) -> bool:
    """Mostly demo text; or half of it, with a theme's "your name here" left in two places.

    The shares separate the sites of `corpus/clones` whose text is over 60 % the theme's own from filled-in ones.
    """
    if not _hints().present(page):
        return False
    _, _, phrases = _demo()
    lower = page.text[:30_000].lower()
    places = sum(phrase in lower for phrase in phrases)
    if places == 0 and not any(trigger in lower for trigger in _triggers()):
        return False
    return demo_share(page) >= (SHARE_WITH_PLACES if places >= 2 else SHARE)


@cache
def _hints() -> Hints:
    return Hints((*_triggers(), *_demo()[2]))


@cache
def _triggers() -> tuple[str, ...]:
    return (
        "lorem",
        "ipsum",
        "dolor",
        "consectet",
        *(str(word) for word in seeds.load("templates")["triggers"]),
    )
