"""Finding offers and requests in a page: the lines that hold a trigger, and what of them is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scanner.observe.page.document import Document

MOST_LINES = 200
_LINE = 600  # characters of a line that patterns look at
_SHOWN = 160
_ENDS = (". ", "! ", "? ", "。", "！")
_ARTICLE = re.compile(
    r"/(?:blog|news|articles?|posts?|press|stor(?:y|ies)|magazine|forum|threads?|wiki|help|kb|terms|policy|policies|"
    r"acceptable-use|legal|19\d\d|20\d\d)(?:[/_.-]|\Z)"
)


def is_article(page: Document) -> bool:
    """A page that tells of others, or lays down rules: what it names is not what it offers."""
    return bool(_ARTICLE.search(page.url.lower().partition("//")[2]))


def lines_with(text: str, triggers: Sequence[str]) -> list[str]:
    """Lines that hold one of the triggers (lower case), in their order: 600 characters around it, 200 at most."""
    if not triggers:
        return []
    low = text.lower()
    text = text if len(text) == len(low) else low  # a few capitals grow when they are made small
    found: dict[int, str] = {}
    for trigger in triggers:
        at = low.find(trigger)
        while at >= 0 and len(found) < MOST_LINES:
            start = low.rfind("\n", max(0, at - _LINE // 2), at) + 1 or max(0, at - _LINE // 2)
            end = low.find("\n", at, at + _LINE // 2)
            end = end if end >= 0 else at + _LINE // 2
            found.setdefault(start, text[start:end])
            at = low.find(trigger, max(end, at + len(trigger)))
    return [found[start] for start in sorted(found)]


def shown(words: str) -> str:
    """What was found, as one line of at most 160 characters."""
    return " ".join(words.split())[:_SHOWN]


def compiled(patterns: Iterable[object]) -> re.Pattern[str]:
    """One pattern for all of them, letters of either case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def sentence(line: str, match: re.Match[str]) -> str:
    """The sentence of the line that a match stands in, as it is shown."""
    start = max(line.rfind(mark, 0, match.start()) for mark in _ENDS) + 1
    ends = [at for mark in _ENDS if (at := line.find(mark, match.end())) >= 0]
    return shown(line[start : min(ends, default=len(line)) + 1])
