"""What a seizure looks like: name-server zones, words of notices, days on which seizures took effect."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from scanner.knowledge.reader import (
    KnowledgeError,
    SeedList,
    date,
    flag,
    keys,
    one_of,
    read_yaml,
    text,
    texts,
)
from scanner.model import Date

NAME_SERVERS = "seizure/name_servers.yaml"
BANNER = "seizure/banner_words.yaml"
DATES = "seizure/dates.yaml"
_KEYS = (
    "zone", "hosts", "together", "needs_banner", "agency", "kind", "strength", "seen", "source", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeizureZone:
    """A zone whose name servers hold seized or sinkholed domains.

    kind: `seizure` (an authority took the domain) or `sinkhole` (a researcher or firm answers for it).
    strength: `strong`, or `weak` where others share the hosts. hosts: with it, only these patterns count.
    together: all of `hosts` must be in use at once. needs_banner: nothing without a notice on the page.
    """

    zone: str
    agency: str
    kind: str
    strength: str
    source: str
    hosts: tuple[str, ...] = ()
    together: bool = False
    needs_banner: bool = False
    seen: Date | None = None
    note: str = ""

    def holds(self, name_server: str) -> bool:
        """Whether this host (lower case, no trailing dot) stands in the zone."""
        if self.hosts:
            return any(fnmatchcase(name_server, pattern) for pattern in self.hosts)
        return name_server.endswith("." + self.zone)


@dataclass(frozen=True, slots=True)
class BannerWord:
    """Lower-case words of a notice; `notice` makes one by itself, `support` only stands beside one."""

    text: str
    weight: str


@dataclass(frozen=True, slots=True)
class SeizureDay:
    date: Date
    published: Date
    what: str


@dataclass(frozen=True, slots=True)
class Zones:
    zones: tuple[SeizureZone, ...]
    agencies: dict[str, str]
    seed: SeedList

    def of(self, name_server: str) -> SeizureZone | None:
        """The zone a name server stands in, the agency read from a label before `.seized.gov`."""
        host = name_server.strip().rstrip(".").lower()
        for zone in self.zones:
            if zone.holds(host):
                return self._named(zone, host)
        return None

    def _named(self, zone: SeizureZone, host: str) -> SeizureZone:
        label = host.removesuffix("." + zone.zone).rpartition(".")[2]
        agency = self.agencies.get(label) if zone.zone == "seized.gov" else None
        if not agency:
            return zone
        return SeizureZone(
            f"{label}.{zone.zone}",
            agency,
            zone.kind,
            zone.strength,
            zone.source,
            seen=zone.seen,
            note=zone.note,
        )


def load_zones(root: Path | None = None) -> Zones:
    """Raises KnowledgeError."""
    seed = read_yaml(NAME_SERVERS, root)
    zones = []
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, _KEYS, where)
        name = text(entry, "zone", where, needed=True)
        hosts = texts(entry, "hosts", where)
        if "." not in name or any(not host.endswith(f".{name}") for host in hosts):
            raise KnowledgeError(f"{where}: {name} is no zone of its hosts")
        zone = SeizureZone(
            zone=name,
            agency=text(entry, "agency", where, needed=True),
            kind=one_of(entry, "kind", ("seizure", "sinkhole"), where),
            strength=one_of(entry, "strength", ("strong", "weak"), where),
            source=text(entry, "source", where, needed=True),
            hosts=hosts,
            together=flag(entry, "together", where),
            needs_banner=flag(entry, "needs_banner", where),
            seen=date(entry, "seen", where),
            note=text(entry, "note", where),
        )
        if zone.strength == "strong" and (zone.together or zone.needs_banner):
            raise KnowledgeError(f"{where}: a zone that needs more beside it is not strong")
        zones.append(zone)
    if len({(zone.zone, zone.hosts) for zone in zones}) != len(zones):
        raise KnowledgeError(f"{seed.path}: a zone stands there twice")
    agencies = seed.head.get("agencies", {})
    if not isinstance(agencies, dict):
        raise KnowledgeError(f"{seed.path}: `agencies` is not a mapping")
    return Zones(tuple(zones), {str(label): str(agency) for label, agency in agencies.items()}, seed)


def load_banner(root: Path | None = None) -> tuple[tuple[BannerWord, ...], SeedList]:
    """Raises KnowledgeError."""
    seed = read_yaml(BANNER, root)
    words = []
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("text", "weight", "note"), where)
        phrase = text(entry, "text", where, needed=True)
        if phrase != phrase.lower():
            raise KnowledgeError(f"{where}: {phrase!r} is not in lower case")
        words.append(BannerWord(phrase, one_of(entry, "weight", ("notice", "support"), where)))
    if len({word.text for word in words}) != len(words):
        raise KnowledgeError(f"{seed.path}: a phrase stands there twice")
    return tuple(words), seed


def load_days(root: Path | None = None) -> tuple[tuple[SeizureDay, ...], SeedList]:
    """Raises KnowledgeError."""
    seed = read_yaml(DATES, root)
    days = []
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("date", "published", "what"), where)
        day, published = date(entry, "date", where, needed=True), date(entry, "published", where, needed=True)
        assert day is not None
        assert published is not None
        days.append(SeizureDay(day, published, text(entry, "what", where, needed=True)))
    return tuple(days), seed
