"""A passage as a tuple of tokens in which what a copyist edits is masked: brand, people, mail, numbers, places.

`names_of` tells the site's own brand from its domain, titles and declared names. `tokens` folds a passage: look-alikes
and invisible characters undone, case folded, white space and punctuation gone, masked parts one placeholder each.
Neighbouring equal placeholders become one, so that "+1 555 0100" and "(030) 1234 567" read the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scanner.likeness import people, seeds
from scanner.likeness.brand import Names, names_of, with_people
from scanner.likeness.confusables import may_hold_marks, undo
from scanner.likeness.words import (
    ADDRESS,
    BRAND,
    MAIL,
    NAME,
    NUMBER,
    PLACE,
    PLACEHOLDERS,
    SEGMENT,
    URL,
    WORD,
    WORD_ASCII,
    WORD_UNMARKED,
    canon,
    canonical,
    places,
)

__all__ = [
    "Names",
    "names_of",
    "with_people",
    "tokens",
    "ADDRESS",
    "BRAND",
    "MAIL",
    "NAME",
    "NUMBER",
    "PLACE",
    "PLACEHOLDERS",
    "URL",
]

_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_SPELT_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?[\[({]\s?at\s?[\])}]\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[\[({]\s?dot\s?[\])}])\s?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_SPELT = re.compile(r"[\[({]\s?at\s?[\])}]", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]{}]{1,2000}", re.IGNORECASE)
_ENDINGS = (
    "com|net|org|io|co|dev|tech|app|ai|info|biz|me|us|uk|eu|de|at|ch|fr|nl|it|es|pl|in|ca|au|site|online|agency|studio|cloud|"
    "digital|software|solutions|example|test"
)
_HOST = re.compile(
    rf"(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})(?![\w-])(?:/[^\s<>\"'()]{{0,300}})?", re.IGNORECASE
)
_HOST_HINT = re.compile(rf"\.(?:{_ENDINGS})(?![\w-])", re.IGNORECASE)

_SENTENCE = re.compile(r"(?<=[.!?\n])\s")
_LONG = 2_000  # characters of a passage from which on it is taken sentence by sentence
_LONGEST_SENTENCE = 20_000  # characters; what is longer was not written by a person and has no slots


def tokens(passage: str, names: Names) -> tuple[str, ...]:
    """The passage's words, folded and masked; Chinese, Japanese, Thai, Lao, Khmer and Burmese as pairs of characters.

    Linear in the length of the passage; never raises.

    >>> tokens("Acme's 120+ engineers — based in Berlin — write to hi@acme.example", Names(("acme",)))
    ('‹brand›', '‹number›', 'engineers', 'based', 'in', '‹place›', 'write', 'to', '‹mail›')
    """
    tables = _tables(names)
    text = undo(passage)
    if len(text) <= _LONG:
        return _collapse(_fold(text, tables))
    found: list[str] = []
    for sentence in _SENTENCE.split(text):  # so that one slot doesn't have a whole page searched for others
        found += _fold(sentence, tables)
    return _collapse(found)


def _fold(text: str, tables: _Tables) -> list[str]:
    slots = len(text) <= _LONGEST_SENTENCE
    text = _mask_text(text, tables, slots)
    found = _words(text)
    if slots and (said := _roles().intersection(found)):
        masked = people.mask(text, "\ue001", said)
        if masked != text:
            found = _words(masked)
    if not tables.first.isdisjoint(found):
        found = _mask_phrases(found, tables)
    if NUMBER in found and not _months().isdisjoint(found):
        found = _mask_months(found)
    return found


def _words(text: str) -> list[str]:
    if text.isascii():
        return [canon[word] for word in WORD_ASCII.findall(text)]
    pattern = WORD if may_hold_marks(text) else WORD_UNMARKED
    if not SEGMENT.search(text):
        return [canon[word] for word in pattern.findall(text)]
    found: list[str] = []
    for word in pattern.findall(SEGMENT.sub(r" \g<0> ", text)):
        if SEGMENT.match(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)] if len(word) > 1 else [word]
        else:
            found.append(canon[word])
    return found


def _mask_text(text: str, tables: _Tables, slots: bool) -> str:
    """Mask what only the text shows, before it falls into words."""
    if "@" in text:
        text = _MAIL.sub("\ue002", text)
    if _SPELT.search(text):
        text = _SPELT_MAIL.sub("\ue002", text)
    if "://" in text or "www." in text:
        text = _URL.sub("\ue003", text)
    if _HOST_HINT.search(text):
        text = _HOST.sub("\ue003", text)
    if tables.segmented is not None:
        text = tables.segmented.sub("\ue000", text)
    if not slots:
        return text
    text = people.mask_places(text, "\ue006")
    return people.mask_addresses(text, "\ue004")


@dataclass(frozen=True, slots=True)
class _Tables:
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]  # first token -> (all tokens, placeholder)
    joined: dict[str, frozenset[str]]  # first part of a brand written apart -> brands in one word
    first: frozenset[str]
    segmented: re.Pattern[str] | None  # brands in scripts that part no words


@lru_cache(maxsize=64)  # sites whose pages come in side by side; each names every place
def _tables(names: Names) -> _Tables:
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    joined: dict[str, set[str]] = {}
    segmented = [re.escape(brand) for brand in names.brands if SEGMENT.search(brand)]
    for kind, group in ((BRAND, names.brands), (NAME, names.people)):
        for name in group:
            parts = tuple(canonical(word) if word[0].isdigit() else word for word in name.split())
            phrases.setdefault(parts[0], []).append((parts, kind))
            if len(parts) == 1 and len(name) >= 6 and name.isalpha():
                for length in range(2, len(name) - 1):
                    joined.setdefault(name[:length], set()).add(name)
    for first, more in _place_phrases().items():
        phrases.setdefault(first, []).extend(more)
    ordered = {
        first: tuple(sorted(more, key=lambda entry: -len(entry[0]))) for first, more in phrases.items()
    }
    return _Tables(
        ordered,
        {first: frozenset(more) for first, more in joined.items()},
        frozenset(ordered) | frozenset(joined),
        re.compile("|".join(segmented), re.IGNORECASE) if segmented else None,
    )


@cache
def _place_phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in places():
        if " " in name:
            parts = tuple(canonical(part) for part in name.split())
            table.setdefault(parts[0], []).append((parts, PLACE))
    return {first: tuple(more) for first, more in table.items()}


@cache
def _after_brand() -> frozenset[str]:
    return seeds.words("words", "after_brand")


@cache
def _roles() -> frozenset[str]:
    return seeds.words("words", "roles") | people.TITLES | {"by"}


@cache
def _months() -> frozenset[str]:
    return seeds.words("words", "months")


def _mask_phrases(found: list[str], tables: _Tables) -> list[str]:
    masked: list[str] = []
    at, end = 0, len(found)
    first, after = tables.first, _after_brand()
    while at < end:
        token = found[at]
        if token not in first:
            masked.append(token)
            at += 1
            continue
        length, kind = _longest(found, at, tables)
        masked.append(kind or token)
        at += length
        if kind == BRAND:
            while at < end and found[at] in after:
                at += 1
    return masked


def _longest(found: list[str], at: int, tables: _Tables) -> tuple[int, str]:
    """(tokens, placeholder) of the longest phrase that begins here; (1, "") when none does."""
    token = found[at]
    for parts, kind in tables.phrases.get(token, ()):
        if len(parts) == 1 or tuple(found[at : at + len(parts)]) == parts:
            return len(parts), kind
    whole = tables.joined.get(token)
    if whole:
        text = token
        for length in range(2, 5):
            if at + length > len(found):
                break
            text += found[at + length - 1]
            if text in whole:
                return length, BRAND
    return 1, ""


def _mask_months(found: list[str]) -> list[str]:
    months = _months()
    masked = list(found)
    last = len(found) - 1
    for at, token in enumerate(found):
        if token in months and ((at and found[at - 1] == NUMBER) or (at < last and found[at + 1] == NUMBER)):
            masked[at] = NUMBER
    return masked


def _collapse(found: Sequence[str]) -> tuple[str, ...]:
    """Equal placeholders in a row become one."""
    if PLACEHOLDERS.isdisjoint(found):
        return tuple(found)
    kept: list[str] = []
    before = ""
    for token in found:
        if token != before or token not in PLACEHOLDERS:
            kept.append(token)
        before = token
    return tuple(kept)
