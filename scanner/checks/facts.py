"""What a check may look at: one target's observations, indexed, and the few facts of its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scanner.domains import host_of, slashed
from scanner.knowledge import Knowledge, OwnKnowledge
from scanner.model import Attempt, Case, Date, Observation, Target, earliest
from scanner.rarity import Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """Observations by (kind, name), in a stable order."""

    _by_key: Mapping[tuple[str, str], tuple[Observation, ...]]

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> Facts:
        grouped: dict[tuple[str, str], list[Observation]] = {}
        for observation in observations:
            grouped.setdefault((observation.kind, observation.name), []).append(observation)
        for rows in grouped.values():
            if len(rows) > 1:
                rows.sort(key=_order)
        return cls({key: tuple(rows) for key, rows in grouped.items()})

    def all(self, kind: str, name: str) -> tuple[Observation, ...]:
        return self._by_key.get((kind, name), ())

    def one(self, kind: str, name: str) -> Observation | None:
        """The first of them; rdap before whois, else in the order of value."""
        return next(iter(self.all(kind, name)), None)

    def values(self, kind: str, name: str) -> tuple[str, ...]:
        """The distinct values, sorted."""
        return tuple(sorted({row.value for row in self.all(kind, name)}))

    def earliest(self, kind: str, *names: str) -> Observation | None:
        """The observation whose `starts` is surely earliest."""
        dated = [row for name in names for row in self.all(kind, name) if row.starts is not None]
        first = earliest(row.starts for row in dated if row.starts is not None)
        return next((row for row in dated if row.starts == first), None)


def _order(row: Observation) -> tuple[str, str, str, str]:
    return (row.source, str(row.starts) if row.starts is not None else "", row.value, row.evidence)


@dataclass(frozen=True, slots=True)
class Subject:
    """One target as the checks see it. own: what the team's feeds and its own list say of this target."""

    target: Target
    facts: Facts
    attempts: Mapping[str, Attempt]
    as_of: datetime
    own: OwnKnowledge = field(default_factory=OwnKnowledge)

    @property
    def domain(self) -> str:
        return self.target.domain


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole scan as the checks see it: the knowledge of that day and, of every target, what others may
    need (redirects, first dates). `others` holds claimed targets and leads alike, by domain."""

    case: Case
    knowledge: Knowledge
    as_of: datetime
    others: Mapping[str, Facts] = field(default_factory=dict)
    claimed: tuple[str, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What several checks work out of all targets, kept between them; never changes what they find."""
    _leading: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_leading", _leading(self.others))

    def leading_to(self, domain: str) -> Iterator[tuple[str, Facts, tuple[Observation, ...]]]:
        """Others whose home page redirects to this one or a host of it, sorted, each with its facts and those
        hops. What a deeper address of theirs redirects to is often anybody's choice (`/out?url=…`, short links),
        and such an address can be named in a claim or be led to by the very site that gains by it."""
        for other in self._leading.get(domain, ()):
            facts = self.others[other]
            yield (
                other,
                facts,
                tuple(row for row in _from_home(other, facts) if domain in _names_above(_goal(row))),
            )

    def led_to(self, domain: str) -> Iterator[tuple[str, Facts, Observation]]:
        """Others whose archived home page once redirected to this one or a host of it, sorted, with that capture.
        Who holds a name for a week can have this archived too, so its date counts."""
        known: dict[str, list[tuple[str, Observation]]] | None = self.memo.get("led")
        if known is None:
            known = self.memo["led"] = {}
            for other in sorted(self.others):
                for row in self.others[other].all("archive", "redirected"):
                    for name in _names_above(_goal(row)):
                        known.setdefault(name, []).append((other, row))
        for other, row in known.get(domain, ()):
            if other != domain:
                yield other, self.others[other], row


def _leading(others: Mapping[str, Facts]) -> dict[str, tuple[str, ...]]:
    """Who redirects where, found once a scan: asking each of thousands of targets about all others would cost the
    square of their number."""
    found: dict[str, dict[str, None]] = {}
    for other in sorted(others):
        for row in _from_home(other, others[other]):
            for name in _names_above(_goal(row)):
                if name != other:
                    found.setdefault(name, {})[other] = None
    return {name: tuple(names) for name, names in found.items()}


def _from_home(domain: str, facts: Facts) -> tuple[Observation, ...]:
    """The hops that begin at the home page of the domain or of its `www`, one after the other."""
    by_start: dict[str, list[Observation]] = {}
    for row in facts.all("website", "redirect"):
        by_start.setdefault(_page_key(row.value.rpartition(" -> ")[0]), []).append(row)
    waiting, found = [domain, f"www.{domain}"], dict[Observation, None]()
    for page in waiting:  # grows while it is walked
        for row in by_start.pop(page, ()):
            found[row] = None
            waiting.append(_page_key(row.value.rpartition(" -> ")[2]))
    return tuple(found)


def _page_key(url: str) -> str:
    """Host, path and query; scheme, port and a last slash don't tell pages apart."""
    rest = slashed(url).partition("://")[2]
    place = min((at for mark in "/?#" if (at := rest.find(mark)) >= 0), default=len(rest))
    return (host_of(url) + rest[place:].partition("#")[0]).removesuffix("/")


def _goal(redirect: Observation) -> str:
    """The host that a `website/redirect` row ends at."""
    return host_of(redirect.value.rpartition(" -> ")[2])


def _names_above(host: str) -> tuple[str, ...]:
    """A host and every domain it lies below."""
    labels = host.split(".")
    return tuple(".".join(labels[place:]) for place in range(len(labels)))


SHARED = (
    ("registration", "created"),
    ("archive", "first_capture"),
    ("ct", "first_logged"),
    ("ct", "logged_by"),
    ("website", "redirect"),
    ("archive", "redirected"),
    ("page", "acknowledged_domain"),
    ("tls", "name"),
    ("tls", "trust"),
    ("website", "state"),
    ("page", "former_domain"),
    ("registration", "registrar"),
    ("copy", "match"),
    ("profile", "account_created"),
    ("profile", "repository"),
    ("profile", "history"),
    ("profile", "same_tree"),
    *(("shared", kind.value) for kind in Kind),
)
"""What of a target its neighbours' checks may see (`Scene.others`)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The earliest dated sign of a domain from one operator: `registration` (rdap, whois), `certificates` (ct),
    `archive`, or `site` (its own words). Two sources of one operator never count as two. A served certificate
    (tls) stands for nobody: its date says only when it was last renewed."""

    operator: str
    date: Date
    observation: Observation


def first_sights(facts: Facts) -> tuple[Sight, ...]:
    """The earliest sign of life by operator, registration first. Only sources that answered with dates are
    here; what is missing was not seen, which says nothing."""
    found = (
        ("registration", facts.earliest("registration", "created")),
        ("certificates", facts.earliest("ct", "first_logged") or _logged_before_registration(facts)),
        ("archive", facts.earliest("archive", "first_capture")),
    )
    return tuple(
        Sight(who, row.starts, row) for who, row in found if row is not None and row.starts is not None
    )


def _logged_before_registration(facts: Facts) -> Observation | None:
    """An entry of a log that was read in part. It can show that a name is older than its registration; that it
    is not older than this entry, it can't."""
    logged, created = facts.earliest("ct", "logged_by"), facts.earliest("registration", "created")
    if logged is None or logged.starts is None or created is None or created.starts is None:
        return None
    return logged if logged.starts.surely_before(created.starts) else None
