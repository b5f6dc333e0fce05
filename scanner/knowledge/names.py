"""Designated and charged people and organisations: context beside a second fact, never a match by name
alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scanner.knowledge.reader import KnowledgeError, SeedList, date, keys, one_of, read_yaml, text, texts
from scanner.model import Date

DESIGNATED = "sanctions/designated.yaml"
CHARGED = "sanctions/charged.yaml"
_KEYS = (
    "name", "type", "designated", "by", "number", "number_basis", "aliases", "addresses", "role",
    "match_warning",
    "note", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Designated:
    """A person (`individual`) or organisation (`entity`) on a sanctions list. `designated` is also the day
    it became
    public. number: OFAC's entity number, with `number_basis` where it was inferred. sources: titles with
    addresses."""

    name: str
    type: str
    designated: Date
    by: str
    number: str = ""
    number_basis: str = ""
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    role: str = ""
    match_warning: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChargedCase:
    """A court case; those named are charged or sentenced as `status` says, and not sanctioned by standing
    here."""

    case: str
    people: tuple[str, ...]
    status: str
    published: Date | None = None


@lru_cache(maxsize=4)
def load_designated(root: Path | None = None) -> tuple[tuple[Designated, ...], SeedList]:
    """Raises KnowledgeError."""
    seed = read_yaml(DESIGNATED, root)
    titles = seed.head.get("sources", {})
    if not isinstance(titles, dict):
        raise KnowledgeError(f"{seed.path}: `sources` is not a mapping")
    found = []
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, _KEYS, where)
        sources = texts(entry, "sources", where)
        if not sources or any(source not in titles for source in sources):
            raise KnowledgeError(f"{where}: a source that the header does not explain")
        day = date(entry, "designated", where, needed=True)
        assert day is not None
        found.append(
            Designated(
                name=text(entry, "name", where, needed=True),
                type=one_of(entry, "type", ("entity", "individual"), where),
                designated=day,
                by=text(entry, "by", where, needed=True),
                number=text(entry, "number", where),
                number_basis=text(entry, "number_basis", where),
                aliases=texts(entry, "aliases", where),
                addresses=texts(entry, "addresses", where),
                role=text(entry, "role", where),
                match_warning=text(entry, "match_warning", where),
                note=text(entry, "note", where),
                sources=tuple(f"{titles[source]['title']} <{titles[source]['url']}>" for source in sources),
            )
        )
    _no_twins(seed.path, [entry.name for entry in found] + [f"number {e.number}" for e in found if e.number])
    return tuple(found), seed


@lru_cache(maxsize=4)
def load_charged(root: Path | None = None) -> tuple[tuple[ChargedCase, ...], SeedList]:
    """Raises KnowledgeError."""
    seed = read_yaml(CHARGED, root)
    found = []
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("case", "people", "status", "published"), where)
        people = texts(entry, "people", where)
        if not people:
            raise KnowledgeError(f"{where}: nobody named")
        found.append(
            ChargedCase(
                text(entry, "case", where, needed=True),
                people,
                text(entry, "status", where, needed=True),
                date(entry, "published", where),
            )
        )
    _no_twins(seed.path, [entry.case for entry in found])
    return tuple(found), seed


def _no_twins(path: str, names: list[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise KnowledgeError(f"{path}: {twins[0]} stands there twice")
