"""What a page offers that sells made-up experience: references, interviews sat for others, accounts to rent.

Pages that talk about such offers use the same nouns: articles, rules and lines that warn are left out, and where a
page warns as often as it offers, or warns in its title, nothing on it counts.
"""

from __future__ import annotations

import re
from functools import cache

from scanner.model import Observation
from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints
from scanner.observe.page.phrases import compiled, is_article, lines_with, sentence
from scanner.observe.page.rows import row

KINDS = ("reference", "interview", "account", "verification")
MOST = 5  # of one kind on one page
_NEAR = 2  # lines above a number in which the firm it belongs to is named
_LEAST_FIRMS = 3
_FIRM = re.compile(
    r"\b((?:[A-Z][\w&'-]+ ){1,4}(?:LLC|Ltd|Limited|Inc|GmbH|Corp|Corporation|LLP|Pvt|OÜ|S\.?L|SARL|B\.?V|SRL)\b)"
)
_REACHED = re.compile(r"[\w.+-]{1,64}@[\w.-]{3,80}\w|\+\d[\d ().-]{7,18}\d")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = seeds.load("mills")
    return {kind: compiled(data[kind]) for kind in KINDS}


@cache
def _words(group: str) -> tuple[str, ...]:
    return tuple(str(word) for word in seeds.load("mills")[group])


@cache
def _hints() -> Hints:
    return Hints(_words("triggers"))


def mills(page: Document) -> list[Observation]:
    """`mill/…` observations of one page: the words of each offer."""
    lines = lines_with(page.text, _hints().possible(page))
    if not lines or is_article(page) or _warns(" ".join((page.title, *page.headings[:3]))):
        return []
    warnings = sum(map(_warns, lines))
    rows: list[Observation] = []
    for kind, pattern in _patterns().items():
        found = dict.fromkeys(
            said
            for line in lines
            if not _warns(line)
            for match in pattern.finditer(line)
            if _offers(said := sentence(line, match), match.group(0))
        )
        rows += [row(page, "mill", kind, words) for words in list(found)[:MOST]]
    if rows and warnings >= len(rows):
        return []
    return rows + _one_contact(page) if rows else []


@cache
def _voice() -> re.Pattern[str]:
    words = "|".join(str(seeds.load("mills")["voice"]).replace(" ", "").split("|"))
    return re.compile(rf"\b(?:{words})\b|[$€£₹@]|\brs\b|whats ?app", re.IGNORECASE)


def _offers(said: str, words: str) -> bool:
    """Whether a sentence speaks to a customer, or begins with the offer; one of other scripts has no such words."""
    begins = said[:60].casefold().startswith(" ".join(words.split())[:60].casefold())
    return begins or not said.isascii() or _voice().search(said) is not None


@cache
def _warning() -> re.Pattern[str]:
    """Two words end where a word ends: whoever has to "do nothing" is not warned. Others may begin a longer one."""
    return re.compile(
        "|".join(re.escape(word) + (r"\b" if " " in word else "") for word in _words("against"))
    )


def _warns(text: str) -> bool:
    low = text.lower().replace("’", "'")
    for boast in _words("boasts"):
        low = low.replace(boast, "")
    return _warning().search(low) is not None


def _one_contact(page: Document) -> list[Observation]:
    """One number or mailbox under three firms or more; asked only of pages that offer something."""
    firms: dict[str, dict[str, None]] = {}
    last: list[tuple[int, str]] = []
    for number, line in enumerate(page.lines[:2000]):
        last += [(number, found.group(1).strip()) for found in list(_FIRM.finditer(line[:600]))[:5]]
        for contact in _REACHED.finditer(line[:600]):
            if last and number - last[-1][0] <= _NEAR:
                firms.setdefault(contact.group(0).lower(), {})[last[-1][1]] = None
    return [
        row(page, "mill", "one_contact", f"{contact}: {'; '.join(list(names)[:6])}"[:300])
        for contact, names in list(firms.items())[:50]
        if len(names) >= _LEAST_FIRMS
    ][:MOST]
