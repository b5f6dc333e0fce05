"""Listed people and organisations, and which of them a name on a site is like. A name is never a match by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scanner.domains import registrable
from scanner.knowledge.fronts import ListedDomain
from scanner.knowledge.matching import Alias, NameIndex
from scanner.knowledge.reader import (
    KnowledgeError,
    SeedList,
    date,
    files,
    flag,
    keys,
    one_of,
    read_lines,
    read_yaml,
    text,
    texts,
)
from scanner.knowledge.spelling import distinctive, words
from scanner.model import Date

FOLDER = "sanctions"
COMMON_WORDS = "sanctions/common_words.txt"
_KEYS = (
    "name", "type", "designated", "by", "number", "number_basis", "aliases", "addresses", "domains", "phones", "role",
    "match_warning", "note", "sources",
)  # fmt: skip
_DEMONSTRATION = "example"


@dataclass(frozen=True, slots=True)
class Designated:
    """A person (`individual`) or organisation (`entity`) on a sanctions list. `designated` is also the day it
    became public. number: OFAC's entity number, with `number_basis` where it was inferred. addresses, domains and
    phones are the second facts a name needs. match_warning: why the name is too common for anything but a street
    address. sources: titles with addresses. demonstration: an invented name for worlds and tests."""

    name: str
    type: str
    designated: Date
    by: str
    number: str = ""
    number_basis: str = ""
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    role: str = ""
    match_warning: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name on a list, with what else the list says of its bearer. list: who put it there and when, for a sentence."""

    name: str
    person: bool
    aliases: tuple[str, ...]
    published: Date
    list: str
    common: bool = False
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedNames:
    """Listed names with the index over all their aliases; an alias' `entry` is a place in `entries`."""

    entries: tuple[ListedName, ...]
    index: NameIndex


@lru_cache(maxsize=4)
def load_designated(root: Path | None = None) -> tuple[tuple[Designated, ...], tuple[SeedList, ...]]:
    """Everyone on a list in `seeds/sanctions`. Raises KnowledgeError."""
    found: list[Designated] = []
    seeds = tuple(read_yaml(path, root) for path in files(FOLDER, ".yaml", root))
    if not seeds:
        raise KnowledgeError(f"{FOLDER}: no list of names there")
    for seed in seeds:
        found += _designated(seed)
    _no_twins(FOLDER, [entry.name for entry in found] + [f"number {e.number}" for e in found if e.number])
    return tuple(found), seeds


def _designated(seed: SeedList) -> Iterable[Designated]:
    titles = seed.head.get("sources", {})
    if not isinstance(titles, dict):
        raise KnowledgeError(f"{seed.path}: `sources` is not a mapping")
    demonstration = flag(seed.head, "demonstration", seed.path)
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, _KEYS, where)
        sources = texts(entry, "sources", where)
        if not sources or any(source not in titles for source in sources):
            raise KnowledgeError(f"{where}: a source that the header does not explain")
        day = date(entry, "designated", where, needed=True)
        assert day is not None
        name = text(entry, "name", where, needed=True)
        if demonstration != (_DEMONSTRATION in words(name)):
            raise KnowledgeError(f"{where}: only names with the word “Example” stand on a demonstration list")
        yield Designated(
            name=name,
            type=one_of(entry, "type", ("entity", "individual"), where),
            designated=day,
            by=text(entry, "by", where, needed=True),
            number=text(entry, "number", where),
            number_basis=text(entry, "number_basis", where),
            aliases=texts(entry, "aliases", where),
            addresses=texts(entry, "addresses", where),
            domains=_domains(texts(entry, "domains", where), where),
            phones=texts(entry, "phones", where),
            role=text(entry, "role", where),
            match_warning=text(entry, "match_warning", where),
            note=text(entry, "note", where),
            sources=tuple(f"{titles[source]['title']} <{titles[source]['url']}>" for source in sources),
            demonstration=demonstration,
        )


def _domains(names: tuple[str, ...], where: str) -> tuple[str, ...]:
    strange = [name for name in names if registrable(name) != name]
    if strange:
        raise KnowledgeError(f"{where}: {strange[0]} is no registrable domain")
    return names


def load_common_words(root: Path | None = None) -> SeedList:
    """Ordinary words: a firm's name made of them alone is many firms' name. Raises KnowledgeError."""
    seed = read_lines(COMMON_WORDS, root)
    if len(set(seed.entries)) != len(seed.entries):
        raise KnowledgeError(f"{COMMON_WORDS}: a word stands there twice")
    return seed


def load_names(domains: Iterable[ListedDomain], root: Path | None = None) -> ListedNames:
    """The index of all listed names: the designated, and the names under which listed fronts presented themselves."""
    entries = [_of_designated(one) for one in load_designated(root)[0]]
    entries += [_of_front(one) for one in domains if one.claimed_name and one.counts_as_front]
    aliases = [
        Alias(place, spelling, entry.person, entry.common)
        for place, entry in enumerate(entries)
        for spelling in _spellings(entry)
    ]
    return ListedNames(tuple(entries), NameIndex(aliases, frozenset(load_common_words(root).entries)))


def _spellings(entry: ListedName) -> dict[str, None]:
    """Name and aliases, each also without the town it begins with or names: firms in China bear their town's name."""
    found = dict.fromkeys((entry.name, *entry.aliases))
    towns = {word for address in entry.addresses for word in words(address)}
    if not entry.person:
        for spelling in list(found):
            kept = [word for word in words(spelling) if word not in towns]
            if distinctive(tuple(kept)):
                found.setdefault(" ".join(kept) if len(kept) < len(words(spelling)) else spelling)
    return found


def _of_designated(one: Designated) -> ListedName:
    number = f", entry {one.number}" if one.number else ""
    return ListedName(
        one.name,
        one.type == "individual",
        one.aliases,
        one.designated,
        f"{one.by}, {one.designated}{number}",
        bool(one.match_warning),
        one.addresses,
        one.domains,
        one.phones,
    )


def _of_front(one: ListedDomain) -> ListedName:
    return ListedName(
        one.claimed_name,
        False,
        (),
        one.published,
        f"{one.publisher}, {one.published} ({one.status})",
        domains=(one.domain,),
        phones=one.phones,
    )


def _no_twins(path: str, names: list[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise KnowledgeError(f"{path}: {twins[0]} stands there twice")
