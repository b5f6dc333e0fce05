"""How the organisations of one résumé stand to each other: whether two say that they belong together, whether one
workshop built both sites, and what they have in common beyond that. What several case-wide checks share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum

from scanner.checks.claims import YEAR, stated_start
from scanner.checks.facts import Facts, Scene
from scanner.domains import host_of, registrable
from scanner.model import Claim, Date, Observation, Role, Strength
from scanner.rarity import Kind, Shared, is_common_link, mail_host, read_shared

FIRMS = frozenset({Role.EMPLOYER, Role.VENDOR, Role.REFERENCE, Role.SCHOOL, Role.CERTIFICATE})
PERSONAL = frozenset({Role.PORTFOLIO, Role.PROFILE})
CONTACTS = frozenset({Kind.MAIL, Kind.PHONE, Kind.MESSENGER, Kind.PAYMENT})
ACCOUNTS = frozenset({Kind.FORM_ENDPOINT, Kind.ANALYTICS, Kind.TAG, Kind.PIXEL, Kind.VERIFICATION, Kind.KEY})
"""What whoever builds a site may hold for it: an agency's clients can share these."""
_LINES = frozenset({Kind.PHONE, Kind.MESSENGER})
ELDER = timedelta(days=365)
"""So much earlier a domain must be registered for its word on another to count as the elder's."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_ONCE = 20
_NAME = re.compile(r"[^\W_]+")
_LEGAL = frozenset((
    "the", "llc", "inc", "ltd", "limited", "gmbh", "ag", "bv", "sa", "sas", "srl", "oy", "ab", "as", "plc", "corp",
    "co", "kg", "ug", "company", "group", "pte", "pty", "sro", "ooo", "llp", "kk",
))  # fmt: skip


class Kin(IntEnum):
    """What two organisations say of each other; how many steps a likeness between them loses."""

    STRANGERS = 0
    ONE_SIDED = 1
    RELATED = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claimed organisations, a < b by domain, with what they share."""

    a: str
    b: str
    kin: Kin
    agency: str
    """A third site that both link from menu, header, footer or home page and that isn't everybody's; "" for none."""
    shared: tuple[Shared, ...] = ()
    together: timedelta | None = None
    """How far apart one registrar registered them; None for more than a day, or where a record is silent."""
    apart_in_time: bool = False
    """The claims on the two begin a year or more apart."""

    @property
    def one_order(self) -> bool:
        """Registered within an hour, by firms said to be of different years."""
        return self.together is not None and self.together <= HOUR and self.apart_in_time

    @property
    def signs(self) -> frozenset[str]:
        """Independent ways in which the two hang together: each takes another hand or another record."""
        found = {sign for one in self.shared if (sign := self.sign(one))}
        if (
            self.one_order and not self.agency
        ):  # a parent or an agency orders the names of its own in one sitting
            found.add("registration")
        return frozenset(found)

    def sign(self, one: Shared) -> str:
        """Which of these ways a shared value is; "" for one that says too little, or that an agency explains."""
        if not one.rare:
            return ""
        third_party = one.kind is Kind.MAIL and mail_host(one.ours) not in ("", self.a, self.b)
        if one.kind in ACCOUNTS or third_party:
            return "" if self.agency else "account"
        if one.kind in _LINES:
            return "line"
        return one.kind.value if one.kind in CONTACTS else ""

    @property
    def strength(self) -> Strength:
        """Medium for one way, strong for two; less where one of the two says that they belong together."""
        return lowered(Strength.STRONG if len(self.signs) > 1 else Strength.MEDIUM, self.kin)


def lowered(strength: Strength, steps: int) -> Strength:
    """So many steps down, to context at least."""
    order = (Strength.CONTEXT, Strength.WEAK, Strength.MEDIUM, Strength.STRONG, Strength.DECISIVE)
    return order[max(0, strength.rank - steps)]


@dataclass(frozen=True, slots=True)
class Firms:
    """The claimed organisations with an address, by domain, and their claims."""

    scene: Scene
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, scene: Scene, roles: Iterable[Role] = FIRMS) -> Firms:
        wanted, found = frozenset(roles), dict[str, list[Claim]]()
        for claim in scene.case.claims:
            domain = registrable(host_of(claim.url))
            if claim.role in wanted and domain in scene.claimed:
                found.setdefault(domain, []).append(claim)
        return cls(scene, {domain: tuple(found[domain]) for domain in sorted(found)})

    def facts(self, domain: str) -> Facts:
        return self.scene.others.get(domain) or Facts.of(())

    def shared(self, domain: str) -> tuple[Shared, ...]:
        """What a firm has in common with other claimed targets of this case, sorted. Read once for a scene."""
        known: dict[str, tuple[Shared, ...]] = self.scene.memo.setdefault("shared", {})
        if domain not in known:
            facts = self.facts(domain)
            known[domain] = tuple(
                read_shared(row) for kind in Kind for row in facts.all("shared", kind.value)
            )
        return known[domain]

    def names(self, domains: Iterable[str]) -> str:
        """The domains with the organisations claimed for them, for a reader."""
        return "; ".join(self._name(domain) for domain in sorted(set(domains)))

    def _name(self, domain: str) -> str:
        stated = [claim for claim in self.claims[domain] if claim.organisation]
        if not stated:
            return domain
        period = stated[0].period
        when = f", {period}" if period.starts or period.ends else ""
        return f"{stated[0].organisation} ({domain}{when})"

    def start(self, domain: str) -> Date | None:
        """The earliest day a claim on the firm begins."""
        starts = [start for claim in self.claims[domain] if (start := stated_start(claim))]
        return min(starts, key=lambda date: (date.last, date.text), default=None)


def pairs(firms: Firms) -> tuple[Pair, ...]:
    """Every two firms that share a value or were registered within a day of each other, strangers or not.

    Worked out once for a scene.
    """
    known: tuple[Pair, ...] | None = firms.scene.memo.get("pairs")
    if known is None:
        known = firms.scene.memo["pairs"] = _pairs(firms)
    return known


def _pairs(firms: Firms) -> tuple[Pair, ...]:
    found: dict[tuple[str, str], list[Shared]] = {}
    for domain in firms.claims:
        for one in firms.shared(domain):
            if domain < one.domain and one.domain in firms.claims:
                found.setdefault((domain, one.domain), []).append(one)
    apart = registered_apart(firms)
    return tuple(
        Pair(
            a,
            b,
            kin(firms, a, b),
            agency(firms, a, b),
            tuple(found.get((a, b), ())),
            apart.get((a, b)),
            _apart_in_time(firms, a, b),
        )
        for a, b in sorted({*found, *apart})
    )


def _apart_in_time(firms: Firms, a: str, b: str) -> bool:
    one, other = firms.start(a), firms.start(b)
    if one is None or other is None:
        return False
    return one.surely_before(other, YEAR) or other.surely_before(one, YEAR)


def kin(firms: Firms, a: str, b: str) -> Kin:
    """What the two say of each other. Related: one redirects to the other, both link each other from their frame, one
    address is the other's under another ending, one claim names both, or the elder, registered a year before the
    younger, links it. One-sided: only the younger or an undated one does, or the claimed names begin alike. What
    the younger says counts less: whoever makes up a firm can have it praise its sister."""
    one, other = firms.facts(a), firms.facts(b)
    forth = b in one.values("page", "acknowledged_domain")
    back = a in other.values("page", "acknowledged_domain")
    same_label = a.partition(".")[0] == b.partition(".")[0]
    if same_label or _redirects(firms, a, b) or (forth and back) or _same_organisation(firms, a, b):
        return Kin.RELATED
    if (forth and _elder(one, other)) or (back and _elder(other, one)):
        return Kin.RELATED
    former = b in one.values("page", "former_domain") or a in other.values("page", "former_domain")
    return Kin.ONE_SIDED if forth or back or former or _names_begin_alike(firms, a, b) else Kin.STRANGERS


def _redirects(firms: Firms, a: str, b: str) -> bool:
    leading = firms.scene.leading_to
    return any(name == b for name, _, _ in leading(a)) or any(name == a for name, _, _ in leading(b))


def _elder(one: Facts, other: Facts) -> bool:
    first, later = one.earliest("registration", "created"), other.earliest("registration", "created")
    if first is None or later is None or first.starts is None or later.starts is None:
        return False
    return first.starts.surely_before(later.starts, ELDER)


def _organisations(firms: Firms, domain: str) -> set[tuple[str, ...]]:
    names = (_NAME.findall(claim.organisation.casefold()) for claim in firms.claims[domain])
    return {words for name in names if (words := tuple(word for word in name if word not in _LEGAL))}


def _same_organisation(firms: Firms, a: str, b: str) -> bool:
    return bool(_organisations(firms, a) & _organisations(firms, b))


def _names_begin_alike(firms: Firms, a: str, b: str) -> bool:
    firsts = [{name[0] for name in _organisations(firms, side) if len(name[0]) > 3} for side in (a, b)]
    return bool(firsts[0] & firsts[1])


def agency(firms: Firms, a: str, b: str) -> str:
    """A third site that both link from their frame, as clients of one web agency do; "" for none."""
    linked = (set(firms.facts(side).values("page", "acknowledged_domain")) for side in (a, b))
    common = set.intersection(*linked) - {a, b}
    return next((name for name in sorted(common) if not is_common_link(name)), "")


# ------------------------------------------------------------------------------------- registrations


def registered_apart(firms: Firms) -> dict[tuple[str, str], timedelta]:
    """How far apart two firms' addresses were registered with one registrar, where it is a day at most.

    Where a registrar has more than AT_ONCE of the case's addresses on one day, without a time of day, they say nothing:
    a registry's import dates many alike, and in a long list some days are shared by chance.
    """
    dated: dict[str, list[tuple[Date, str]]] = {}
    for domain in firms.claims:
        created = registered(firms.facts(domain))
        registrars = firms.facts(domain).values("registration", "registrar")
        if created is not None and created.starts is not None and registrars:
            dated.setdefault(registrars[0].casefold(), []).append((created.starts, domain))
    found: dict[tuple[str, str], timedelta] = {}
    for rows in dated.values():
        days = Counter(date.first.date() for date, _ in rows if not exact(date))
        rows = [row for row in rows if exact(row[0]) or days[row[0].first.date()] <= AT_ONCE]
        rows.sort(key=lambda row: (row[0].text, row[1]))
        for place, (one, a) in enumerate(rows):
            for other, b in rows[place + 1 :]:
                if other.first - one.first > DAY:
                    break
                # Where one of the records tells no more, a day is all that can be said.
                told = other.first - one.first if exact(one) and exact(other) else DAY
                found[min(a, b), max(a, b)] = told
    return found


def registered(facts: Facts) -> Observation | None:
    """The registration, unless something was seen of the address before: then the record isn't its beginning."""
    created = facts.earliest("registration", "created")
    if created is None or created.starts is None or len(created.starts.text) < len("2020-01-01"):
        return None
    earlier = (facts.earliest("archive", "first_capture"), facts.earliest("ct", "first_logged", "logged_by"))
    seen = [row.starts for row in earlier if row is not None and row.starts is not None]
    return None if any(date.surely_before(created.starts, DAY) for date in seen) else created


def exact(date: Date) -> bool:
    """Whether a date tells the second. Registries that know only the day write midnight."""
    return "T" in date.text and not date.text.endswith("T00:00:00Z")
