"""What is known beforehand: `seeds/`, loaded, checked, and limited to what was public on a day.

`Knowledge.load()` reads what a scan needs (listed domains, name families, seizure zones; a few
milliseconds); the long lists (mail providers, designated names) are read when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from scanner.knowledge import fronts, identifiers, matching, names, ordinary, originals, platforms, seizure
from scanner.knowledge.fronts import ListedDomain, NameFamily
from scanner.knowledge.names import Designated, ListedName
from scanner.knowledge.own import Listing, Overrule, OwnKnowledge
from scanner.knowledge.platforms import Kind, Place, mail_kind, place_of
from scanner.knowledge.reader import KnowledgeError, SeedList, digest, read_yaml
from scanner.knowledge.seizure import BannerWord, SeizureDay, SeizureZone
from scanner.model import Date

__all__ = [
    "Knowledge", "KnowledgeError", "KnowledgeRow", "ListedDomain", "NameFamily", "SeizureZone", "BannerWord",
    "SeizureDay", "Designated", "ListedName", "NamedMatch", "Listing", "Overrule", "OwnKnowledge", "Kind", "Place",
    "place_of", "mail_kind",
]  # fmt: skip


class KnowledgeRow(NamedTuple):
    """One row of the store's `knowledge` table: what a person would look up."""

    kind: str
    value: str
    status: str
    published: str
    source: str


@dataclass(frozen=True, slots=True)
class NamedMatch:
    """A listed name that another is like. alias: its spelling that was met. score: 0 to 100, of the words that tell
    names apart. common: so many bear it that nothing less than the street address makes it mean anything."""

    entry: ListedName
    alias: str
    score: float
    common: bool


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Everything a scan needs, unlimited; shared by all views."""

    lists: tuple[SeedList, ...]
    domains: Mapping[str, ListedDomain]
    families: tuple[NameFamily, ...]
    family_list: SeedList
    zones: seizure.Zones
    banner: tuple[BannerWord, ...]
    banner_list: SeedList
    days: tuple[SeizureDay, ...]
    days_list: SeedList


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The knowledge as it stood on a day (`limit`), or all of it.

    An entry belongs to a day once every moment its date of publication can mean has come: one of "2023-11"
    from the end of that month on. Name-server zones and words of notices carry no such limit: they describe
    what is seen in the scan itself. undated: whether entries of a team's own without a date count; they do, unless
    somebody asks for the view of a day. own_version: of what a team knows by itself, which stands in its database.
    left_out: domains that count as never listed.
    """

    limit: datetime | None
    _loaded: _Loaded = field(repr=False, compare=False)
    _root: Path | None = None
    undated: bool = True
    own_version: str = ""
    left_out: frozenset[str] = frozenset()

    @classmethod
    def load(cls, as_of: datetime | None = None, root: Path | None = None) -> Knowledge:
        """The shipped knowledge (`root`: another folder laid out like `seeds/`). Cached.

        Raises KnowledgeError, one line, when a list is broken.
        """
        return cls(None, _load(root), root).as_of(as_of)

    def as_of(self, day: datetime | None) -> Knowledge:
        """Only what was public on that day (aware datetime); None for all."""
        if day is not None and day.tzinfo is None:
            raise ValueError("as_of needs a time zone")
        return replace(self, limit=day)

    def dated(self) -> Knowledge:
        """Without what a team knows by itself and gives no date for: the honest view of a day gone by."""
        return replace(self, undated=False)

    def without(self, domains: Iterable[str]) -> Knowledge:
        """As if every list that names one of these had never been made: how a campaign nobody knew would be met."""
        lists = {listed.list for name in domains if (listed := self._loaded.domains.get(name))}
        named = (name for name, listed in self._loaded.domains.items() if listed.list in lists)
        return replace(self, left_out=self.left_out | set(named))

    def listings(self, own: OwnKnowledge, kind: str, value: str) -> tuple[Listing, ...]:
        """What feeds and the team's own list say of exactly this, as far as it was public by then."""
        return own.about(kind, value, self.limit, undated=self.undated)

    @property
    def version(self) -> str:
        """Twelve hex digits over all seed bytes; with a team's own knowledge, that one's version after a plus; in the
        view of a day somebody asked for, the day after an @."""
        shipped = _version(self._root) + (f"+{self.own_version}" if self.own_version else "")
        if self.undated or self.limit is None:
            return shipped
        return f"{shipped}@{self.limit.astimezone(UTC).date().isoformat()}"

    @staticmethod
    def day_of(version: str) -> datetime | None:
        """The end of the day that a version of such a view names; None for any other."""
        day = version.partition("@")[2]
        return Date(day).last if day else None

    def with_own(self, version: str) -> Knowledge:
        """Beside what a team knows by itself (`Store.own_version`)."""
        return replace(self, own_version=version)

    def entry(self, domain: str) -> ListedDomain | None:
        """The list entry of exactly this registrable domain, if it was public by then."""
        listed = self._loaded.domains.get(domain.lower().rstrip("."))
        return listed if listed and self._counts(listed) else None

    def domains(self) -> tuple[ListedDomain, ...]:
        """Every listed domain that was public by then, by name."""
        listed = self._loaded.domains
        return tuple(listed[name] for name in sorted(listed) if self._counts(listed[name]))

    def name_families(self) -> tuple[NameFamily, ...]:
        return tuple(
            family
            for family in self._loaded.families
            if self._public(family.published) and self.left_out.isdisjoint(family.domains)
        )

    def seizure_zone(self, name_server: str) -> SeizureZone | None:
        """The seizure or sinkhole zone this host stands in. Read `strength`, `together` and
        `needs_banner`."""
        return self._loaded.zones.of(name_server)

    def seizure_zones(self, name_servers: Iterable[str]) -> tuple[SeizureZone, ...]:
        """The zones of a whole delegation, without those that need all their hosts and don't have them."""
        hosts = {host.strip().rstrip(".").lower() for host in name_servers}
        found = {zone.zone: zone for host in sorted(hosts) if (zone := self.seizure_zone(host))}
        return tuple(zone for zone in found.values() if not zone.together or set(zone.hosts) <= hosts)

    def banner_words(self) -> tuple[BannerWord, ...]:
        return self._loaded.banner

    def seizure_days(self) -> tuple[SeizureDay, ...]:
        return tuple(day for day in self._loaded.days if self._public(day.published))

    def designated(self) -> tuple[Designated, ...]:
        """Sanctioned people and organisations; read from disk at the first call."""
        return tuple(name for name in names.load_designated(self._root)[0] if self._public(name.designated))

    def organisations_like(self, name: str) -> tuple[NamedMatch, ...]:
        """Listed organisations of about that name that were public by then, most alike first."""
        listed = self._names()
        return self._public_matches(listed, listed.index.organisations(name))

    def people_like(self, name: str) -> tuple[NamedMatch, ...]:
        """Listed people of about that name that were public by then. Only for those a site or a register names as
        its officers or registrant: never for a candidate or a reference."""
        listed = self._names()
        return self._public_matches(listed, listed.index.people(name))

    def _names(self) -> names.ListedNames:
        return _names(self._root)

    def _public_matches(
        self, listed: names.ListedNames, matches: Iterable[matching.Match]
    ) -> tuple[NamedMatch, ...]:
        found = [
            NamedMatch(listed.entries[match.alias.entry], match.alias.text, match.score, match.alias.common)
            for match in matches
        ]
        return tuple(match for match in found if self._public(match.entry.published))

    def rows(self) -> tuple[KnowledgeRow, ...]:
        """For the store's `knowledge` table, natural key (kind, value, source); no bulk lists."""
        rows = [
            KnowledgeRow(f"domain:{one.kind}", one.domain, one.status, str(one.published), one.source_url)
            for one in self.domains()
        ]
        rows += [
            KnowledgeRow(
                "name-family", f"{one.stem}: {' '.join(one.domains)}", "", str(one.published), one.source
            )
            for one in self.name_families()
        ]
        rows += [
            KnowledgeRow(
                "name-servers",
                " ".join(one.hosts) or f"*.{one.zone}",
                one.kind,
                str(one.seen or ""),
                one.source,
            )
            for one in self._loaded.zones.zones
        ]
        rows += [
            KnowledgeRow(f"designated:{one.type}", one.name, one.by, str(one.designated), one.sources[0])
            for one in self.designated()
        ]
        return tuple(sorted(set(rows)))

    def listing(self) -> tuple[SeedList, ...]:
        """Every seed list with its provenance, for `knowledge list`. Reads the long ones too."""
        loaded = self._loaded
        return (
            *loaded.lists,
            loaded.family_list,
            loaded.zones.seed,
            loaded.banner_list,
            loaded.days_list,
            *names.load_designated(self._root)[1],
            names.load_common_words(self._root),
            platforms.load_profiles(self._root).seed,
            ordinary.load_ordinary(self._root).seed,
            *(platforms.load_names(path, self._root) for path in _NAME_LISTS),
            *(originals.load_originals(name, self._root)[1] for name in originals.LISTS),
            identifiers.load_identifiers(self._root).seed,
            *(read_yaml(path, self._root) for path in _SHARED_BY_MANY),
        )

    @classmethod
    def check(cls, root: Path | None = None) -> tuple[list[str], list[str]]:
        """(report, problems): a line for each list (file, count, bounds, source, licence, date), and what
        is wrong.

        Goes on after a broken list, so that one run shows them all.
        """
        return check(root)

    def _counts(self, listed: ListedDomain) -> bool:
        return listed.domain not in self.left_out and self._public(listed.published)

    def _public(self, published: Date | None) -> bool:
        if self.limit is None:
            return True
        return published is not None and published.last.date() <= self.limit.astimezone(UTC).date()


_SHARED_BY_MANY = ("rarity/name_servers.yaml", "rarity/values.yaml", "rarity/linked.yaml")
"""Read by scanner.rarity, which knows what their entries mean."""

_NAME_LISTS = (
    platforms.FREE_MAIL,
    platforms.DISPOSABLE,
    platforms.SHORTENERS,
    platforms.LINK_PAGES,
    platforms.POPULAR,
    platforms.FREE_HOSTING,
)


@lru_cache(maxsize=4)
def _load(root: Path | None) -> _Loaded:
    lists = fronts.load_lists(root)
    domains = fronts.domains_of(lists)
    families, family_list = fronts.load_families(domains, root)
    banner, banner_list = seizure.load_banner(root)
    days, days_list = seizure.load_days(root)
    return _Loaded(
        lists, domains, families, family_list, seizure.load_zones(root), banner, banner_list, days, days_list
    )


@lru_cache(maxsize=4)
def _names(root: Path | None) -> names.ListedNames:
    domains = _load(root).domains
    return names.load_names([domains[name] for name in sorted(domains)], root)


@lru_cache(maxsize=4)
def _version(root: Path | None) -> str:
    return digest(root)


def check(root: Path | None = None) -> tuple[list[str], list[str]]:
    """See Knowledge.check."""
    steps: tuple[Callable[[], list[SeedList]], ...] = (
        lambda: _load_fronts(root),
        lambda: [seizure.load_zones(root).seed],
        lambda: [seizure.load_banner(root)[1]],
        lambda: [seizure.load_days(root)[1]],
        lambda: list(names.load_designated.__wrapped__(root)[1]),
        lambda: [names.load_common_words(root)],
        lambda: [platforms.load_profiles(root).seed],
        lambda: [ordinary.load_ordinary(root).seed],
        *(partial(_whole_list, path, root) for path in _NAME_LISTS),
        *(partial(_originals, name, root) for name in originals.LISTS),
        lambda: [identifiers.load_identifiers.__wrapped__(root).seed],
        *(partial(_of_yaml, path, root) for path in _SHARED_BY_MANY),
    )
    report: list[str] = []
    problems: list[str] = []
    for step in steps:
        try:
            report += [_line(seed) for seed in step()]
        except KnowledgeError as error:
            problems.append(str(error))
    return report, problems


def _load_fronts(root: Path | None) -> list[SeedList]:
    lists = fronts.load_lists(root)
    return [*lists, fronts.load_families(fronts.domains_of(lists), root)[1]]


def _whole_list(path: str, root: Path | None) -> list[SeedList]:
    seed = platforms.load_names(path, root)
    bare = platforms.check_names(seed)
    if bare:
        raise KnowledgeError(f"{path}: {bare} is a bare public suffix")
    return [seed]


def _originals(name: str, root: Path | None) -> list[SeedList]:
    return [originals.load_originals.__wrapped__(name, root)[1]]


def _of_yaml(path: str, root: Path | None) -> list[SeedList]:
    return [read_yaml(path, root)]


def _line(seed: SeedList) -> str:
    return (
        f"{seed.path}: {len(seed.entries)} entries ({seed.least} to {seed.most}); {seed.publisher}; "
        f"{seed.licence}; retrieved {seed.retrieved}; {seed.source}"
    )
