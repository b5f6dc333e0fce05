"""Names of organisations, laid side by side: which words of them tell one from another.

Everything here errs towards "the same": a shared word that is no ordinary one makes two names one organisation's.
The lists of ordinary words and legal forms stand in seeds/likeness/words.yaml.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import yaml

_WORD = re.compile(r"[^\W_]+")
_YEARS = re.compile(
    r"(?i)\(c\)|©|&copy;|\bcopyright\b|\ball rights reserved\b|\balle rechte vorbehalten\b|"
    r"\btodos los derechos reservados\b|\btous droits réservés\b|(?:19|20)\d\d(?:\s*[-–—/]\s*(?:(?:19|20)?\d\d|\w+))?"
)
_END = re.compile(
    r"[|•·,+]|\.\s|\s[-–—]\s|\d{3}|(?i:\btel\b|\btelephone\b|\bphone\b|\be?-?mail\b)|電話|电话|전화"
)
_MOST_WORDS = 6
_LONG = 4  # letters from which a word that stands within another makes both one name


@cache
def _list(name: str) -> frozenset[str]:
    text = files("seeds").joinpath("likeness", "words.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    return frozenset(folded(word) for word in str(data[name]).split("|") if word.strip())


def folded(text: str) -> str:
    """Lower case, without accents, in one spelling.

    >>> folded("Société Générale"), folded("ＡＣＭＥ")
    ('societe generale', 'acme')
    """
    if text.isascii():  # nothing to take apart, as in most names
        return text.lower().strip()
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).strip()


@lru_cache(maxsize=1 << 12)
def words_of(name: str) -> frozenset[str]:
    """All words of a name but its legal form.

    >>> sorted(words_of("Harlow Mill Bakery, Ltd."))
    ['bakery', 'harlow', 'mill']
    """
    return frozenset(_WORD.findall(folded(name))) - _list("legal")


@lru_cache(maxsize=1 << 12)
def telling(name: str) -> frozenset[str]:
    """The words of a name that tell it from others: neither a legal form nor a word that any firm may use.

    >>> sorted(telling("Harlow Software Solutions LLC")), sorted(telling("The Web Agency"))
    (['harlow'], [])
    """
    return frozenset(word for word in words_of(name) - _ordinary() if not word.isdigit())


@cache
def _ordinary() -> frozenset[str]:
    return _list("plain") | _list("endings")


def has_legal_form(name: str) -> bool:
    """Whether a name ends in a legal form of a firm.

    >>> has_legal_form("Rosehill GmbH"), has_legal_form("Rosehill & Co. KG"), has_legal_form("Marta's notes")
    (True, True, False)
    """
    words = _WORD.findall(folded(name))
    return len(words) > 1 and words[-1] in _list("legal")


def holder(notice: str) -> str:
    """Whose a copyright notice says it is; "" where it names nobody, or is a sentence.

    >>> holder("© 2014-2016 Harlow Mill Bakery Ltd. All rights reserved."), holder("Copyright 2020")
    ('Harlow Mill Bakery Ltd', '')
    >>> holder("© 2019 Harlow Mill Bakery, 14 Mill Lane, Ludlow")
    'Harlow Mill Bakery'
    """
    name = _END.split(_YEARS.sub(" ", notice).strip(" .,-–—|:;"))[0]
    name = re.sub(r"(?i)^\s*by\b", "", name)
    name = " ".join(name.split()).strip(" .,-–—|:;")
    return name if 0 < len(name.split()) <= _MOST_WORDS else ""


def share(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The words of the first that stand among the others, or within one of them, or the other way round.

    >>> sorted(share(telling("AcmeSoft"), telling("Acme Soft Ltd")))
    ['acmesoft']
    >>> sorted(share(telling("Harlow"), telling("Nexora")))
    []
    """
    return frozenset(word for word in some if any(_one(word, other) for other in others))


def _one(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    enough = len(short) >= _LONG or (not short.isascii() and len(short) >= 2)
    return short == long or (enough and short in long)
