"""Finding offers and requests in a page: the lines that hold a trigger, and what of them is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scanner.observe.page.document import TEXT_LIMIT, Document
from scanner.observe.page.hints import Hints

MOST_LINES = 200
_LINE = 600  # characters of a line that patterns look at
_SHOWN = 160
_MANY_CASES = (
    "\u0130\u0131\u017f\u212a"  # letters that patterns take for an i, s or k, and lower case does not
)
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


def lines_that_may(page: Document, hints: Hints) -> Sequence[str]:
    """At least those lines of a page that hold one of the phrases, whole and in their order; whoever asks looks at them
    himself. Looking for a few words in the whole text costs a tenth of going through its lines."""
    text, low = page.text, page.low
    if len(text) >= TEXT_LIMIT or (not text.isascii() and any(letter in text for letter in _MANY_CASES)):
        return page.lines
    lines: dict[int, str] = {}
    for phrase in hints.possible(page):
        at = low.find(phrase)
        while at >= 0:
            end = low.find("\n", at)
            end = end if end >= 0 else len(low)
            start = low.rfind("\n", 0, at) + 1
            lines[start] = text[start:end]
            at = low.find(phrase, end)
    return [lines[start] for start in sorted(lines)]


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
