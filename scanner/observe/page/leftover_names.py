"""Names that a page carries in small places and that are not the site's own: of its logo, its pictures' files, its
copyright line. A copyist who swaps the brand in the text forgets them.

A name alone is no address. It leads somewhere only where a site of that name is known already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scanner.likeness import names_of
from scanner.likeness.seeds import words
from scanner.model import Observation
from scanner.observe.page.document import Document
from scanner.observe.page.linked import Organisation
from scanner.observe.page.rows import placeholders, row

MOST = 6
_SHORTEST = 5  # letters of a name without its endings: shorter ones are anybody's
_LONGEST = 60
_MOST_PICTURES = 200

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)[\s©]*(?:\(c\))?[\s\d,–—-]*(?:\bby\b)?\s*([^\W\d_][^.|©\n•·]{3,60})",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"[\s,–—-]*(?:\b(?:19|20)\d\d\b|all rights?|alle rechte|tous droits|todos los).*\Z", re.IGNORECASE
)
_FILE = re.compile(
    r"(?:([a-z][a-z0-9]{4,30})[-_](?:logo|team|office|staff|brand|group|banner|hero|header|about)"
    r"|(?:logo|team|office|staff|brand)[-_]([a-z][a-z0-9]{4,30}))(?:[-_.@]|\Z)"
)
_LOGO = re.compile(
    r"\b(?:logo|logotype|company|brand|white|dark|light|header|footer|image|icon|the|site|home)\b|[.]\w{2,4}\Z",
    re.I,
)


def left_over_names(page: Document, domain: str, organisations: list[Organisation]) -> list[Observation]:
    """`page/left_over_name` rows (`PLACE NAME`), MOST at most, the most telling places first."""
    own = _own(domain, page.title)
    found: dict[str, str] = {}
    for place, name in _named(page, organisations):
        short = squashed(name)
        if not _SHORTEST <= len(short) <= _LONGEST or short in found.values() or _is_own(short, own):
            continue
        if name.lower() in placeholders("names") or not brand_of(name):
            continue
        found[f"{place} {name}"] = short
        if len(found) >= MOST:
            break
    return [row(page, "page", "left_over_name", value) for value in found]


def _named(page: Document, organisations: list[Organisation]) -> Iterator[tuple[str, str]]:
    for key in ("og:site_name", "application-name", "apple-mobile-web-app-title"):
        if value := page.metas.get(key):
            yield "site-name", value[:_LONGEST]
    for entry in organisations[:2]:
        yield "json-ld", entry.name[:_LONGEST]
    for source, alt in page.images[:_MOST_PICTURES]:
        if alt and len(alt) <= _LONGEST and "logo" in f"{source[-80:]} {alt}".lower():
            yield "logo", " ".join(_LOGO.sub(" ", alt).split())
    if match := _COPYRIGHT.search(page.footer[-2000:]):
        name = _RESERVED.sub("", match.group(1)).strip(" ,-–—")
        if not any(mark in match.group(0).lower() for mark in placeholders("notices")):
            yield "copyright", name
    for source, _ in page.images[:_MOST_PICTURES]:
        if source[:5] != "data:":
            for match in _FILE.finditer(source.rpartition("/")[2][:120].lower()):
                yield "image-file", match.group(1) or match.group(2)


def squashed(name: str) -> str:
    """Letters and digits of a name, lower case.

    >>> squashed("Acme-Soft, Inc.")
    'acmesoftinc'
    """
    return "".join(char for char in name.casefold() if char.isalnum())


def _own(domain: str, title: str) -> tuple[str, str]:
    return squashed(domain.partition(".")[0]), squashed(title)


def _is_own(short: str, own: tuple[str, str]) -> bool:
    label, title = own
    if short in title or (len(label) >= 4 and (label in short or short in label)):
        return True
    brand = brand_of(short)
    return bool(brand) and (brand in title or (len(brand) >= 4 and brand in label))


@lru_cache(maxsize=4096)
def brand_of(name: str) -> str:
    """The shortest spelling of a name without the endings that name no brand, squashed; "" for plain words.

    >>> brand_of("Brackenholt Software GmbH"), brand_of("Our Team")
    ('brackenholt', '')
    """
    brands = names_of("", "", [name], []).brands
    short = squashed(min(brands, key=len)) if brands else ""
    return "" if len(short) < _SHORTEST or short in words("words", "plain") else short
