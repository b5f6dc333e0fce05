"""Whether two written addresses mean one street address, or one town. Errs towards "no"."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from scanner.checks.places import country_of
from scanner.knowledge.spelling import words

_STREET = (
    "street st str strasse road rd avenue ave lane ln boulevard blvd drive dr way quay square sq place pl court ct "
    "ulitsa ul prospekt prospect lu jie dajie hao dom building bldg office room suite unit floor block no number house "
    "p o box apt apartment flat tower"
)
_STREET_WORDS = frozenset(_STREET.split())
_WITHIN_A_TOWN = re.compile(
    r"\b(?:district|ward|area|zone|park|krai|oblast|province|region|county|state)\b|-?(?:dong|guyok)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,4}[a-z]?\Z")
ALIKE = 85.0
"""Likeness from which two spellings of one word in an address pass for the same (0 to 100)."""


def same_street(listed: str, seen: str) -> bool:
    """Both name one street and number, and one more word of the address agrees.

    >>> same_street("Office 5, Dom 113/5, Vokzalnaya Street, Artyom, Russia", "113/5 Vokzalnaja st., Artyom")
    True
    >>> same_street("Office 5, Dom 113/5, Vokzalnaya Street, Artyom, Russia", "12 Vokzalnaya Street, Artyom")
    False
    """
    numbers = _numbers(listed) & _numbers(seen)
    street = _street(listed)
    here = _telling(seen)
    return bool(
        numbers
        and any(_alike(word, here) for word in street)
        and sum(_alike(word, here) for word in _telling(listed)) > 1
    )


def same_town(listed: str, seen: str) -> str:
    """The town both name, "" where they don't or the listed one names no town.

    >>> same_town("41 Ulitsa Klary Tsetskin, Vladivostok, Russia", "Office 3, Vladivostok")
    'Vladivostok'
    >>> same_town("Russia", "Moscow, Russia")
    ''
    """
    town = _town(listed)
    wanted = words(town)
    for part in re.split(r"[,;\n]", seen):
        found = tuple(word for word in words(part) if not word.isdigit())
        if wanted and found == wanted:
            return town
    return ""


def _parts(address: str) -> list[str]:
    """The parts between commas, without the country."""
    parts = [part.strip() for part in re.split(r"[,;\n]", address) if part.strip()]
    return [part for part in parts if not country_of(part)]


def _town(address: str) -> str:
    for part in _parts(address):
        if not (
            any(letter.isdigit() for letter in part)
            or _WITHIN_A_TOWN.search(part)
            or _STREET_WORDS & set(words(part))
        ):
            return part
    return ""


def _street(address: str) -> set[str]:
    """Words of the parts that hold a number or a word for street."""
    found: set[str] = set()
    for part in _parts(address):
        own = words(part)
        if any(letter.isdigit() for letter in part) or _STREET_WORDS & set(own):
            found |= {word for word in own if _tells(word)}
    return found


def _telling(address: str) -> set[str]:
    return {word for part in _parts(address) for word in words(part) if _tells(word)}


def _tells(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and word not in _STREET_WORDS


def _numbers(address: str) -> set[str]:
    """House numbers and the like; not postal codes, which whole quarters share."""
    return {word for word in words(address) if _NUMBER.match(word)}


def _alike(word: str, others: set[str]) -> bool:
    return any(fuzz.ratio(word, other, score_cutoff=ALIKE) for other in others)
