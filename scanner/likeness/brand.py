"""A site's own brand in its spellings, from its domain, titles and declared names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.domains import split
from scanner.hostnames import DomainError
from scanner.likeness import people, seeds
from scanner.likeness.confusables import undo
from scanner.likeness.words import fixed, fold_words


@dataclass(frozen=True, slots=True)
class Names:
    """What a site calls itself. brands: folded words joined by one space, longest first; people: likewise."""

    brands: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


_SEPARATOR = re.compile(r"\s+[-–—|·•:»>/~]+\s+|\s*[|·•»\n]\s*|:\s+|\s[-–—]\s?")
_LOGO = re.compile(
    r"\b(?:logo|logotype|brand|icon|image|picture|img|white|dark|light|header|footer|company)\b|\.\w{2,4}\Z",
    re.I,
)
_MOST_BRANDS = 24


def names_of(domain: str, title: str, site_names: Iterable[str], logo_alts: Iterable[str]) -> Names:
    """The site's own brand in its spellings.

    domain: host or registrable name, "" when unknown. title: the page's title, or the titles of several pages parted
    by line breaks; a segment counts when it matches the domain or recurs. site_names: og:site_name, application-name,
    names of JSON-LD organisations. logo_alts: `alt` of logos. Words that name no brand (home, software) are never
    taken alone.

    >>> names_of("acmesoft.example", "Home | Acme Soft", [], []).brands
    ('acme soft', 'acmesoft', 'acme')
    """
    found: dict[str, None] = {}
    label = _label(domain)
    for name in (*site_names, *(_LOGO.sub(" ", alt) for alt in logo_alts)):
        for segment in _segments(name)[:1]:
            _add(found, segment)
    segments = _segments(title)
    for segment in segments:
        squashed = segment.replace(" ", "")
        like_domain = len(squashed) >= 3 and label and (squashed in label or label in squashed)
        if len(segment.split()) <= 5 and (like_domain or segments.count(segment) > 1):
            _add(found, segment)
    _add_owner(found, title, segments)
    if label:
        _add(found, label)
        if "-" in domain:
            _add(found, fold_words(domain.split(".")[0]))
    if not found:
        for segment in segments:  # nothing else names it: the title's first segment that can be a name
            if len(segment.split()) <= 3:
                _add(found, segment)
                if found:
                    break
    return Names(tuple(sorted(found, key=lambda brand: (-len(brand), brand))[:_MOST_BRANDS]))


def with_people(names: Names, found: Iterable[str]) -> Names:
    """`names` with people of the site, whose full names are masked wherever they stand."""
    folded = (fold_words(person) for person in found)
    return Names(
        names.brands, tuple(dict.fromkeys((*names.people, *(name for name in folded if " " in name))))
    )


def _label(domain: str) -> str:
    try:
        host = split(domain)
    except DomainError:
        return ""
    name = host.registrable or host.host
    label = "" if host.is_address else name.removesuffix("." + host.suffix).rpartition(".")[2]
    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            return ""
    return fold_words(label).replace(" ", "")


def _segments(title: str) -> list[str]:
    folded = (fold_words(part) for part in _SEPARATOR.split(undo(title[:5000])))
    return [segment for segment in folded if segment]


def _add(found: dict[str, None], name: str) -> None:
    """Take a name in, and what is left of it without endings that name no brand."""
    words = name.split()
    plain = seeds.words("words", "plain")
    if not words or len(words) > 6 or sum(map(len, words)) < 3 or all(word in plain for word in words):
        return
    found[name] = None
    endings = seeds.words("words", "endings") | seeds.words("words", "legal")
    while len(words) > 1 and words[-1] in endings:
        words = words[:-1]
    while len(words) == 1 and (shorter := _without_ending(words[0], endings)):
        words = [shorter]
        if _can_stand(shorter, plain):
            found[shorter] = None
    rest = " ".join(words)
    if len(words) > 1 or _can_stand(rest, plain):
        found[rest] = None


def _add_owner(found: dict[str, None], title: str, segments: list[str]) -> None:
    """ "Jane Doe | Full-stack developer", "Portfolio - Jane Doe": a person's site calls itself by her name."""
    telling = seeds.words("words", "roles") | seeds.words("words", "persons")
    if any(word in telling for segment in segments for word in segment.split()):
        for part in _SEPARATOR.split(undo(title[:5000])):
            name = part.strip().removesuffix("'s")
            if len(name) < 60 and people.is_person(name):
                _add(found, fold_words(name))


def _can_stand(word: str, plain: frozenset[str]) -> bool:
    return len(word) >= 3 and word not in plain and word not in fixed() and not word.isdigit()


def _without_ending(word: str, endings: frozenset[str]) -> str:
    for length in range(min(12, len(word) - 4), 3, -1):
        if word[-length:] in endings:
            return word[:-length]
    return ""
