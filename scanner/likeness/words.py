"""One word of a text as a token: folded, and a placeholder where it is a number or a place."""

from __future__ import annotations

import re
from functools import cache

from scanner.likeness import seeds
from scanner.likeness.confusables import MARKS, undo

BRAND = "‹brand›"
NAME = "‹name›"
MAIL = "‹mail›"
URL = "‹url›"
ADDRESS = "‹address›"
NUMBER = "‹number›"  # numbers, years and telephone numbers: an edit may turn one into another
PLACE = "‹place›"  # countries, their adjectives, cities, "based in …"
PLACEHOLDERS = frozenset({BRAND, NAME, MAIL, URL, ADDRESS, NUMBER, PLACE})

# Stand-ins while a text is still a text: private use, which `undo` has removed from what came in.
STAND_IN = {
    "\ue000": BRAND,
    "\ue001": NAME,
    "\ue002": MAIL,
    "\ue003": URL,
    "\ue004": ADDRESS,
    "\ue005": NUMBER,
    "\ue006": PLACE,
}
SEGMENTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002ffff"
)
SEGMENT = re.compile(f"[{SEGMENTED}]+")
WORD_ASCII = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*|[\ue000-\ue00f]")
WORD_UNMARKED = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[\ue000-\ue00f]")  # the same where no combining mark stands
WORD = re.compile(rf"(?:[^\W_]|[{MARKS}])+(?:'(?:[^\W_]|[{MARKS}])+)*|[\ue000-\ue00f]")
_NUMBER = re.compile(
    r"\d+(?:st|nd|rd|th|k|m|mn|b|bn|x|h|hr|hrs|yr|yrs|s|am|pm|d|p|y)?(?:\d+(?:x|h|am|pm)?)?\Z"
)
_CACHE_LIMIT = 1 << 16  # words, of some 150 bytes each
_LONGEST_CACHED = 40


class _Canon(dict[str, str]):
    """From a word as written to its token; remembers words already seen."""

    def __missing__(self, word: str) -> str:
        token = canonical(word)
        if len(word) <= _LONGEST_CACHED:
            if len(self) >= _CACHE_LIMIT:
                self.clear()
            self[word] = token
        return token


canon = _Canon()


def canonical(word: str) -> str:
    stand_in = STAND_IN.get(word)
    if stand_in:
        return stand_in
    token = word.casefold()
    if not token.isascii():
        token = token.replace("i\u0307", "i")
    if token.endswith("'s"):
        token = token[:-2]
    if token[0].isdigit() and (token.isdigit() or _NUMBER.match(token)):
        return NUMBER
    return fixed().get(token, token)


@cache
def fixed() -> dict[str, str]:
    """Tokens that always read as another."""
    table = dict.fromkeys(seeds.words("words", "numbers"), NUMBER)
    for name in places():
        if " " not in name:
            table[name] = PLACE
    table["an"] = "a"  # follows the brand or place that was swapped
    return table


@cache
def places() -> frozenset[str]:
    return frozenset(" ".join(WORD.findall(undo(name).casefold())) for name in seeds.place_names())


def fold_words(text: str) -> str:
    return " ".join(word.casefold().removesuffix("'s") for word in WORD.findall(undo(text)))
