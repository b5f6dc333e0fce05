"""Names that all kinds of sites load from, link to or send to: what stands there says nothing of whose page it is.

A page that names another firm's domain where its own should stand leads there. Content delivery networks, social
networks, page builders, shops of themes and the most visited sites of the world stand everywhere: nothing leads there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scanner.domains import Host, has_known_ending, is_inside, split
from scanner.hostnames import DomainError
from scanner.knowledge import platforms
from scanner.knowledge.reader import KnowledgeError, SeedList, keys, read_yaml, text, texts

ORDINARY = "addresses/ordinary.yaml"
_HOSTED = "hosted-sites"
_PUBLIC = frozenset(
    {"edu", "ac", "gov", "mil", "int"}
)  # labels of suffixes that nobody copies a firm's site from


@dataclass(frozen=True, slots=True)
class Ordinary:
    """kinds: domain -> what it is. hosted: suffixes below which people have whole sites of their own."""

    kinds: Mapping[str, str]
    hosted: frozenset[str]
    seed: SeedList


def load_ordinary(root: Path | None = None) -> Ordinary:
    """Raises KnowledgeError."""
    seed = read_yaml(ORDINARY, root)
    kinds: dict[str, str] = {}
    hosted: frozenset[str] = frozenset()
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("kind", "domains"), where)
        kind, names = text(entry, "kind", where, needed=True), texts(entry, "domains", where)
        wrong = [name for name in names if name != name.lower() or "." not in name or "/" in name]
        if wrong or not names:
            raise KnowledgeError(f"{where}: {wrong[0] if wrong else 'nothing'} is no host name in lower case")
        if kind == _HOSTED:
            hosted = frozenset(names)
        else:
            kinds.update((name, kind) for name in names if name not in kinds)
    return Ordinary(kinds, hosted, seed)


@lru_cache(maxsize=1)
def _ordinary() -> Ordinary:
    return load_ordinary()


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    """Every name that is known to be somebody else's, with what it is; the more telling word wins."""
    kinds: dict[str, str] = {}
    for path, kind in (
        (platforms.FREE_MAIL, "free mail"),
        (platforms.DISPOSABLE, "disposable mail"),
        (platforms.POPULAR, "one of the most visited sites"),
        (platforms.SHORTENERS, "shortener"),
        (platforms.LINK_PAGES, "link page"),
    ):
        kinds.update(dict.fromkeys(platforms.load_names(path).entries, kind))
    kinds.update(dict.fromkeys(platforms.load_profiles().names, "profile platform"))
    kinds.update(_ordinary().kinds)
    return kinds


def what_is(domain: str) -> str:
    """What a registrable domain is known to be, "" for a name like any other.

    >>> what_is("jsdelivr.net"), what_is("acme-soft.example")
    ('content delivery network', '')
    """
    return _kinds().get(domain, "")


@lru_cache(maxsize=16_384)
def foreign_site(host: str, *, hosted: bool = False) -> str:
    """The registrable domain a host belongs to, where that may be some firm's or person's own site; "" for an
    address, a name of an inside network, a bare suffix, an unknown ending and for every ordinary third party.

    hosted: also a customer's site below a shared suffix (`jane.github.io`).

    >>> foreign_site("cdn.acme-soft.example"), foreign_site("127.0.0.1"), foreign_site("co.uk")
    ('acme-soft.example', '', '')
    >>> foreign_site("jane.github.io"), foreign_site("jane.github.io", hosted=True)
    ('', 'jane.github.io')
    """
    try:
        found = split(host)
    except DomainError:
        return ""
    name = found.registrable
    public = not _PUBLIC.isdisjoint(found.suffix.split("."))
    if not name or public or is_inside(name) or not has_known_ending(found.host) or _shared(found, hosted):
        return ""
    return "" if what_is(name) or what_is(found.host) else name


def _shared(found: Host, hosted: bool) -> bool:
    return bool(found.platform) and not (hosted and found.platform in _ordinary().hosted)
