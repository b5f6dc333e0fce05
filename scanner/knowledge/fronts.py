"""Listed domains: who listed them, when that became public, and how far an entry may be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.domains import is_suffix, split
from scanner.hostnames import DomainError
from scanner.knowledge.reader import (
    KnowledgeError,
    SeedList,
    date,
    files,
    flag,
    keys,
    one_of,
    read_yaml,
    text,
    texts,
)
from scanner.model import Date

STATUSES = ("seized", "reported")
KINDS = ("front_company", "persona_portfolio", "facilitator", "product_lure", "infrastructure")
_FRONTS = ("front_company", "persona_portfolio", "facilitator")
_RESERVED = frozenset({"example", "test", "invalid", "localhost"})
_RESERVED_NAMES = frozenset({"example.com", "example.net", "example.org"})
_LIST_KEYS = (
    "list", "title", "publisher", "source", "licence", "retrieved", "published", "count", "authoritative",
    "status", "kind", "seized", "by", "group", "confidence", "note", "relevance", "demonstration", "sources",
)  # fmt: skip
_ENTRY_KEYS = (
    "domain", "status", "kind", "seized", "published", "by", "claimed_name", "confidence", "note",
    "relevance", "source", "phones",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedDomain:
    """One domain on a public list.

    status: `seized` or `reported`. seized: when it was taken over, as precisely as a source said.
    published: when the entry became public (nothing may use it before). by: who seized it. source: title of
    the list; source_url: where. authoritative: a government announced the seizure. counts_as_front: False
    for records that are context (servers, lures, fake firms of another pattern). demonstration: a reserved
    name for the sample world.
    """

    domain: str
    status: str
    kind: str
    published: Date
    source: str
    source_url: str
    publisher: str
    list: str
    seized: Date | None = None
    by: str = ""
    confidence: str = ""
    authoritative: bool = False
    counts_as_front: bool = False
    claimed_name: str = ""
    group: str = ""
    note: str = ""
    phones: tuple[str, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class NameFamily:
    """A stem that several listed domains share."""

    stem: str
    domains: tuple[str, ...]
    published: Date
    source: str


def load_lists(root: Path | None = None) -> tuple[SeedList, ...]:
    """Every list of domains in `seeds/fronts`."""
    paths = [path for path in files("fronts", ".yaml", root) if not path.endswith("name_families.yaml")]
    if not paths:
        raise KnowledgeError("fronts: no list of domains there")
    return tuple(read_yaml(path, root) for path in paths)


def domains_of(lists: Iterable[SeedList]) -> dict[str, ListedDomain]:
    """All entries by domain. Raises KnowledgeError for a bare suffix, a duplicate or a contradiction."""
    found: dict[str, ListedDomain] = {}
    for seed in lists:
        keys(seed.head, _LIST_KEYS, seed.path)
        for number, entry in enumerate(seed.entries, 1):
            listed = _listed(seed, entry, f"{seed.path}: entry {number}")
            earlier = found.get(listed.domain)
            if earlier is not None:
                raise KnowledgeError(
                    f"{seed.path}: {listed.domain} stands on {earlier.list} already"
                    + (
                        ""
                        if earlier.status == listed.status
                        else f" as {earlier.status}, here as {listed.status}"
                    )
                )
            found[listed.domain] = listed
    return found


def _listed(seed: SeedList, entry: Mapping[str, Any], where: str) -> ListedDomain:
    keys(entry, _ENTRY_KEYS, where)
    merged = {**seed.head, **entry}
    name = _domain(text(entry, "domain", where, needed=True), where)
    where = f"{seed.path}: {name}"
    demonstration = flag(seed.head, "demonstration", seed.path)
    reserved = name.rpartition(".")[2] in _RESERVED or name in _RESERVED_NAMES
    if demonstration != reserved:
        rule = "only reserved names may stand on a demonstration list" if demonstration else "a reserved name"
        raise KnowledgeError(f"{where}: {rule}")
    status = one_of(merged, "status", STATUSES, where)
    kind = one_of(merged, "kind", KINDS, where)
    seized = date(merged, "seized", where, needed=status == "seized")
    published = date(merged, "published", where, needed=True)
    assert published is not None
    if status == "reported" and seized:
        raise KnowledgeError(f"{where}: reported, yet with a day of seizure")
    if seized and published.surely_before(seized):
        raise KnowledgeError(f"{where}: published {published}, before it was seized ({seized})")
    relevance = text(merged, "relevance", where)
    if relevance not in ("", "close", "adjacent", "exclude"):
        raise KnowledgeError(f"{where}: `relevance` is {relevance!r}, not close, adjacent or exclude")
    note = text(entry, "note", where)
    general = text(seed.head, "note", seed.path)
    return ListedDomain(
        domain=name,
        status=status,
        kind=kind,
        published=published,
        source=seed.title,
        source_url=text(merged, "source", where),
        publisher=seed.publisher,
        list=seed.name,
        seized=seized,
        by=text(merged, "by", where, needed=status == "seized"),
        confidence=text(merged, "confidence", where),
        authoritative=flag(seed.head, "authoritative", seed.path) and status == "seized",
        counts_as_front=kind in _FRONTS and relevance in ("", "close"),
        claimed_name=text(entry, "claimed_name", where),
        group=text(merged, "group", where),
        note=f"{note} {general}".strip(),
        phones=texts(entry, "phones", where),
        demonstration=demonstration,
    )


def _domain(name: str, where: str) -> str:
    """An exact registrable domain in its DNS spelling, else KnowledgeError: one `co.kr` would list a
    country."""
    try:
        host = split(name)
    except DomainError as error:
        raise KnowledgeError(f"{where}: {error}") from None
    if is_suffix(name):
        raise KnowledgeError(f"{where}: {name} is a bare public suffix")
    if host.registrable != name:
        raise KnowledgeError(
            f"{where}: {name} is not an exact registrable domain ({host.registrable or 'none'})"
        )
    return name


def load_families(
    domains: Mapping[str, ListedDomain], root: Path | None = None
) -> tuple[tuple[NameFamily, ...], SeedList]:
    """Name families; each domain must be listed and carry the stem."""
    seed = read_yaml("fronts/name_families.yaml", root)
    families = []
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("stem", "domains"), where)
        stem = text(entry, "stem", where, needed=True)
        members = texts(entry, "domains", where)
        strange = [name for name in members if name not in domains or stem not in name]
        if strange or len(set(members)) != len(members) or len(members) < 2:
            raise KnowledgeError(f"{where}: {', '.join(strange) or stem} does not fit the family {stem!r}")
        published = date(seed.head, "published", seed.path, needed=True)
        assert published is not None
        families.append(NameFamily(stem, members, published, seed.source))
    return tuple(families), seed
