"""Whether two names can mean one organisation, as far as their words say. Used only to compare two sides.

Careful on purpose: a name in another script can't be compared, and an abbreviation, a part or a spelling mistake is
enough to fit.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from scanner.domains import split
from scanner.firm_names import folded, share, telling, words_of
from scanner.hostnames import DomainError

_WORDS = re.compile(r"[^\W_]+")
_ALIKE = 80  # of 100: "Chinyong" and "Chunyong" reach 87


def comparable(one: str, other: str) -> bool:
    """Whether both names hold words in one script: a transliteration can't be told from another name."""
    scripts = [{word.isascii() for word in words_of(name)} for name in (one, other)]
    return bool(scripts[0] & scripts[1])


def may_be_one(one: str, other: str) -> bool:
    """Whether the two can be one organisation.

    >>> may_be_one("Acme Soft LLC", "ACME"), may_be_one("International Business Machines", "IBM")
    (True, True)
    >>> may_be_one("Acme Soft", "Northwind Soft"), may_be_one("Chinyong Tech", "Chunyong")
    (False, True)
    """
    ours, theirs = telling(one) or words_of(one), telling(other) or words_of(other)
    if not ours or not theirs or share(ours, theirs):
        return True
    joined, others = _joined(one), _joined(other)
    short, long = sorted((joined, others), key=len)
    if len(short) >= 3 and short in long:
        return True
    if _initials(one) == others or _initials(other) == joined:
        return True
    return any(fuzz.ratio(word, other_word) >= _ALIKE for word in ours for other_word in theirs)


def fits_domain(name: str, domain: str) -> bool:
    """Whether the domain's own label can be made of the name.

    >>> fits_domain("Acme Soft LLC", "acmesoft.example"), fits_domain("Brightcrest", "larkfield-media.example")
    (True, False)
    """
    try:
        host = split(domain)
    except DomainError:
        return True
    label = host.registrable.removesuffix(f".{host.suffix}").rpartition(".")[2]
    if label.startswith("xn--"):
        return True
    squashed = label.replace("-", "")
    inside = any(len(word) >= 3 and word in squashed for word in telling(name) or words_of(name))
    return inside or may_be_one(name, label.replace("-", " "))


def _joined(name: str) -> str:
    return "".join(_spoken(name))


def _initials(name: str) -> str:
    words = _spoken(name)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _spoken(name: str) -> list[str]:
    """The words in their order, the legal form left out."""
    counted = words_of(name)
    return [word for word in _WORDS.findall(folded(name)) if word in counted]
