"""Private identifiers that published sources name for listed fronts: an account, a mailbox, a telephone number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scanner.domains import registrable
from scanner.knowledge.reader import KnowledgeError, SeedList, date, flag, keys, read_yaml, text
from scanner.model import Date

IDENTIFIERS = "rarity/front_identifiers.yaml"
_RESERVED = ("example", "test")


@dataclass(frozen=True, slots=True)
class FrontIdentifier:
    """kind and value as in scanner.rarity. published: when it became public that the front has it. since: the earliest
    day it is known to have stood on the front; None where the source names none."""

    domain: str
    kind: str
    value: str
    published: Date
    since: Date | None
    source: str


@dataclass(frozen=True, slots=True)
class FrontIdentifiers:
    seed: SeedList
    by_value: Mapping[tuple[str, str], tuple[FrontIdentifier, ...]]


@cache
def load_identifiers(root: Path | None = None) -> FrontIdentifiers:
    """Raises KnowledgeError. Entries marked `demonstration` carry reserved names, the others never."""
    seed = read_yaml(IDENTIFIERS, root)
    found: dict[tuple[str, str], list[FrontIdentifier]] = defaultdict(list)
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("domain", "kind", "value", "published", "since", "source", "demonstration"), where)
        domain = text(entry, "domain", where, needed=True)
        if registrable(domain) != domain:
            raise KnowledgeError(f"{where}: {domain} is no registrable domain")
        if flag(entry, "demonstration", where) != (domain.rpartition(".")[2] in _RESERVED):
            raise KnowledgeError(f"{where}: reserved names, and only they, are demonstrations")
        published = date(entry, "published", where, needed=True)
        assert published is not None
        one = FrontIdentifier(
            domain,
            text(entry, "kind", where, needed=True),
            text(entry, "value", where, needed=True),
            published,
            date(entry, "since", where),
            text(entry, "source", where, needed=True),
        )
        found[one.kind, one.value].append(one)
    return FrontIdentifiers(seed, {key: tuple(rows) for key, rows in found.items()})
