"""Values that two sites can have in common, and how much it says: a rare one much, one that anybody gets nothing.

Pure. `shareable` reads them off a target's observations in one normal form; `weight` says what one is worth that
stands on so many registrable domains. Values that unrelated sites are given by the same registrar, host, content
network, parking service or site builder never come out of `shareable` at all (`seeds/rarity`, and what the
hosting observer has said of the target).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from scanner.domains import registrable, split
from scanner.hostnames import DomainError
from scanner.knowledge import mail_kind
from scanner.knowledge.reader import KnowledgeError, SeedList, keys, one_of, read_yaml, text, texts
from scanner.model import Observation
from scanner.rooms import room_of

NAME_SERVERS = "rarity/name_servers.yaml"
VALUES = "rarity/values.yaml"
LINKED = "rarity/linked.yaml"
COMMON = 20
"""Domains on which a value may stand and still link any two of them; on more it is nobody's."""
RARE = 0.5
"""From this weight on a shared value is rare."""


class Kind(StrEnum):
    """What is shared. The last four are likenesses that people see and strings don't."""

    MAIL = "mail"
    PHONE = "phone"
    MESSENGER = "messenger"
    PAYMENT = "payment"
    ROOM = "room"
    FORM_ENDPOINT = "form_endpoint"
    ANALYTICS = "analytics"
    TAG = "tag"
    PIXEL = "pixel"
    VERIFICATION = "verification"
    KEY = "key"  # public key of the served certificate
    FAVICON = "favicon"
    NAME_SERVERS = "name_servers"  # the whole set as one value
    ADDRESS = "address"  # IP address
    SOCIAL = "social"
    GENERATOR = "generator"  # software or theme the pages name
    BUILDING = "building"
    NEAR_ROOM = "near-room"  # another room of one building, a few doors on
    NEAR_PHONE = "near-phone"  # numbers that differ in their last two digits
    MAIL_NAME = "mail-name"  # a mailbox whose local part is another site's brand
    MAIL_HOST = "mail-host"  # a mailbox under another site's domain


@dataclass(frozen=True, slots=True)
class Trait:
    """weight: what one is worth on two domains, 0 to 1. private: given to one holder, so that sharing it takes that
    holder. copied: travels with a page's markup, so that whoever copies the page has it too. words: for a reader."""

    weight: float
    words: str
    private: bool = False
    copied: bool = False


TRAITS: Mapping[Kind, Trait] = {
    Kind.MAIL: Trait(1.0, "mailbox", private=True),
    Kind.PHONE: Trait(0.9, "telephone number", private=True),
    Kind.MESSENGER: Trait(0.9, "messenger account", private=True),
    Kind.PAYMENT: Trait(1.0, "payment address", private=True),
    Kind.ROOM: Trait(0.6, "room"),
    Kind.FORM_ENDPOINT: Trait(1.0, "form endpoint", private=True, copied=True),
    Kind.ANALYTICS: Trait(1.0, "analytics account", private=True, copied=True),
    Kind.TAG: Trait(0.8, "tag or chat account", private=True, copied=True),
    Kind.PIXEL: Trait(0.9, "advertising pixel", private=True, copied=True),
    Kind.VERIFICATION: Trait(1.0, "verification token", private=True, copied=True),
    Kind.KEY: Trait(0.9, "certificate key", private=True),
    Kind.FAVICON: Trait(0.4, "site icon", copied=True),
    Kind.NAME_SERVERS: Trait(0.5, "set of name servers"),
    Kind.ADDRESS: Trait(0.2, "network address"),
    Kind.SOCIAL: Trait(0.3, "profile page", copied=True),
    Kind.GENERATOR: Trait(0.0, "software or theme"),
    Kind.BUILDING: Trait(0.2, "building"),
    Kind.NEAR_ROOM: Trait(0.3, "neighbouring room"),
    Kind.NEAR_PHONE: Trait(0.3, "neighbouring telephone number"),
    Kind.MAIL_NAME: Trait(0.4, "mailbox named like the other site"),
    Kind.MAIL_HOST: Trait(0.4, "mailbox at the other site"),
}
"""Our judgement, from the strengths in the published red flags (13, 17, 24): private accounts, telephone and mailbox
are strong there, a room as well but for co-working, a shared host or theme weak."""

WHY = (
    "registrar-default",
    "host-default",
    "dns-service",
    "site-builder",
    "theme-left-over",
    "privacy-service",
)
_ROLES = frozenset((
    "info", "hr", "contact", "hello", "office", "admin", "support", "sales", "jobs", "job", "career",
    "careers", "recruit", "recruiting", "recruitment", "team", "mail", "hiring", "work", "billing",
    "service", "services", "press", "media", "legal", "privacy", "noreply", "help", "marketing",
    "partners",
))  # fmt: skip
_MAIL_SENT = frozenset({"formspree", "formsubmit", "mailto"})
_NO_ACCOUNT = ("url", "facebook-app ", "facebook-page ")
"""An address that forms of a service's every customer go to, and the application a plug-in brings along."""
_PLUS = re.compile(r"\+[^@]*(?=@)")


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """One shareable value of a target in normal form."""

    kind: Kind
    value: str


def weight(kind: Kind, domains: int) -> float:
    """What a value of that kind says that stands on so many registrable domains: its kind's weight on two of them,
    falling with the logarithm to nothing at COMMON.

    >>> weight(Kind.MAIL, 2), weight(Kind.MAIL, 6), weight(Kind.MAIL, 20), weight(Kind.GENERATOR, 2)
    (1.0, 0.523, 0.0, 0.0)
    """
    falling = 1 - math.log10(max(domains, 2) / 2) / math.log10(COMMON / 2)
    return round(TRAITS[kind].weight * max(0.0, falling), 3)


def is_rare(kind: Kind, domains: int) -> bool:
    return weight(kind, domains) >= RARE


SHAREABLE_KINDS = ("contact", "identifier", "website", "registration", "hosting", "dns", "tls")
"""Kinds of observation that `shareable` looks at."""


def shareable(domain: str, observations: Iterable[Observation]) -> tuple[Value, ...]:
    """The values of a target that another site could share, sorted, each once, common ones left out."""
    by_key: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in observations:
        by_key[row.kind, row.name].append(row.value)
    found = {*_contacts(by_key), *_identifiers(by_key), *_infrastructure(domain, by_key)}
    return tuple(sorted(value for value in found if value.value and not is_common(value)))


def of_row(row: Observation) -> tuple[Value, ...]:
    """The shareable values of one contact or identifier row."""
    by_key = {(row.kind, row.name): [row.value]}
    found = {*_contacts(by_key), *_identifiers(by_key)}
    return tuple(sorted(value for value in found if value.value and not is_common(value)))


Rows = Mapping[tuple[str, str], list[str]]


def _contacts(rows: Rows) -> Iterator[Value]:
    for key in (("contact", "mail"), ("registration", "registrant_email")):
        yield from (Value(Kind.MAIL, _mail(mail)) for mail in rows.get(key, ()) if "@" in mail)
    yield from (Value(Kind.PHONE, phone) for phone in rows.get(("contact", "phone"), ()))
    yield from (Value(Kind.MESSENGER, _account(row)) for row in rows.get(("contact", "messenger"), ()))
    yield from (Value(Kind.PAYMENT, row) for row in rows.get(("contact", "payment"), ()))
    yield from (Value(Kind.SOCIAL, _account(row)) for row in rows.get(("contact", "social"), ()))
    for line in rows.get(("contact", "address"), ()):
        if (room := room_of(line)) is not None:
            yield Value(Kind.BUILDING, room.building)
            if room.unit:
                yield Value(Kind.ROOM, f"{room.building} #{room.unit}")


def _identifiers(rows: Rows) -> Iterator[Value]:
    for kind in (Kind.ANALYTICS, Kind.TAG, Kind.PIXEL, Kind.VERIFICATION, Kind.FAVICON):
        own = (row for row in rows.get(("identifier", kind.value), ()) if not row.startswith(_NO_ACCOUNT))
        yield from (Value(kind, row) for row in own)
    for row in rows.get(("identifier", "form_endpoint"), ()):
        service, _, account = row.partition(" ")
        if service in _MAIL_SENT and "@" in account:
            yield Value(Kind.MAIL, _mail(account))
        elif service not in _NO_ACCOUNT:
            yield Value(Kind.FORM_ENDPOINT, row)
    yield from (Value(Kind.GENERATOR, row) for row in rows.get(("website", "generator"), ()))


def _infrastructure(domain: str, rows: Rows) -> Iterator[Value]:
    """Behind a platform, a content network or a parking service, address and key are the service's."""
    if rows.get(("hosting", "parking")):
        return
    servers = rows.get(("dns", "ns")) or rows.get(("registration", "nameserver")) or []
    if servers and not any(is_common_server(name) for name in servers):
        yield Value(Kind.NAME_SERVERS, " ".join(sorted(set(servers))))
    if rows.get(("hosting", "platform")):
        return
    for name in ("a", "aaaa"):
        yield from (Value(Kind.ADDRESS, row) for row in rows.get(("dns", name), ()))
    names = {registrable(name.removeprefix("*.")) for name in rows.get(("tls", "name"), ())}
    if "trusted" in rows.get(("tls", "trust"), ()) and names <= {domain}:
        yield from (Value(Kind.KEY, row) for row in rows.get(("tls", "key_digest"), ()))


def _mail(mail: str) -> str:
    return _PLUS.sub("", mail.strip().casefold())


def _account(row: str) -> str:
    """`telegram https://T.me/Name/` as `telegram t.me/name`."""
    service, _, url = row.partition(" ")
    bare = re.sub(r"^https?://(?:www\.)?", "", url.casefold()).rstrip("/")
    return f"{service} {bare}"


# ------------------------------------------------------------------------------------------ likenesses


def brand(domain: str) -> str:
    """The name a site carries in its address; "" for one too short or too plain to be recognised elsewhere.

    >>> brand("acme-soft.example"), brand("web.example")
    ('acmesoft', '')
    """
    try:
        label = split(domain).registrable.partition(".")[0].replace("-", "")
    except DomainError:
        return ""
    return label if len(label) >= 5 and label not in _ROLES and not label.isdigit() else ""


def mail_name(mail: str) -> str:
    """What the local part of a mailbox says beside its role.

    >>> mail_name("acme.soft.hr@postbox.test"), mail_name("jobs@postbox.test")
    ('acmesoft', '')
    """
    words = [word for word in re.split(r"[._+-]", mail.partition("@")[0]) if word and word not in _ROLES]
    name = "".join(words)
    return name if len(name) >= 5 and not name.isdigit() else ""


@lru_cache(4096)
def mail_host(mail: str) -> str:
    """The registrable domain of a mailbox; "" for a mail provider everybody uses."""
    host = registrable(mail.rpartition("@")[2])
    return "" if mail_kind(host) else host


# ------------------------------------------------------------------------------------------ background


def is_common_server(host: str) -> bool:
    """Whether a name server is one that many unrelated sites are given.

    >>> [is_common_server(name) for name in ("ada.ns.cloudflare.com", "ns-12.awsdns-01.net", "ns1.a.test")]
    [True, True, False]
    """
    exact, prefixes = _servers(None)
    labels = host.split(".")
    above = (".".join(labels[place:]) for place in range(len(labels) - 1))
    return any(name in exact for name in above) or registrable(host).startswith(prefixes)


def is_common(value: Value) -> bool:
    """Whether the shipped background knows the value as nobody's."""
    if value.kind is Kind.MAIL and value.value.rpartition("@")[2] in _values(None)[1]:
        return True
    return digest(value) in _values(None)[0]


def is_common_link(domain: str) -> bool:
    """Whether firms of all kinds link this site, so that two who do need not have a common web agency."""
    return domain in _linked(None)


def digest(value: Value) -> str:
    """How the background holds values that were seen on people's pages: never in clear."""
    return hashlib.sha256(f"{value.kind.value} {value.value}".encode()).hexdigest()[:32]


def listing(root: Path | None = None) -> tuple[SeedList, ...]:
    """The lists of the background, checked. Raises KnowledgeError."""
    _servers(root)
    _values(root)
    _linked(root)
    return tuple(read_yaml(path, root) for path in (NAME_SERVERS, VALUES, LINKED))


@cache
def _linked(root: Path | None) -> frozenset[str]:
    names = set()
    for number, entry in enumerate(read_yaml(LINKED, root).entries, 1):
        where = f"{LINKED}: entry {number}"
        keys(entry, ("name", "sources"), where)
        name = text(entry, "name", where, needed=True)
        if not texts(entry, "sources", where) or name in names:
            raise KnowledgeError(f"{where}: {name} stands there twice or without a source")
        names.add(name)
    return frozenset(names)


@cache
def _servers(root: Path | None) -> tuple[frozenset[str], tuple[str, ...]]:
    exact, prefixes = set(), []
    for number, entry in enumerate(read_yaml(NAME_SERVERS, root).entries, 1):
        where = f"{NAME_SERVERS}: entry {number}"
        keys(entry, ("name", "why", "sources"), where)
        name = text(entry, "name", where, needed=True)
        one_of(entry, "why", WHY, where)
        if not texts(entry, "sources", where) or name in exact:
            raise KnowledgeError(f"{where}: {name} stands there twice or without a source")
        if name.endswith("-*"):
            prefixes.append(name.removesuffix("*"))
        elif name not in (registrable(name), split(name).platform):
            raise KnowledgeError(f"{where}: {name} is no registrable domain")
        else:
            exact.add(name)
    return frozenset(exact), tuple(prefixes)


@cache
def _values(root: Path | None) -> tuple[frozenset[str], frozenset[str]]:
    """(digests of common values, domains of common mailboxes)."""
    digests: set[str] = set()
    hosts: set[str] = set()
    for number, entry in enumerate(read_yaml(VALUES, root).entries, 1):
        where = f"{VALUES}: entry {number}"
        keys(entry, ("digest", "mail_domain", "why", "source"), where)
        one_of(entry, "why", WHY, where)
        text(entry, "source", where, needed=True)
        digested, host = text(entry, "digest", where), text(entry, "mail_domain", where)
        if bool(digested) == bool(host) or (digested and not re.fullmatch(r"[0-9a-f]{32}", digested)):
            raise KnowledgeError(f"{where}: needs a `digest` of 32 hex digits or a `mail_domain`")
        (digests if digested else hosts).add(digested or host)
    return frozenset(digests), frozenset(hosts)


# ------------------------------------------------------------------------------------- rows of a scan


@dataclass(frozen=True, slots=True)
class Shared:
    """One value that a target has in common with another of its case, as the `shared` row says it."""

    kind: Kind
    domain: str
    ours: str
    theirs: str
    rarity: float
    row: Observation

    @property
    def rare(self) -> bool:
        return self.rarity >= RARE

    @property
    def trait(self) -> Trait:
        return TRAITS[self.kind]


def counted_row(value: Value, domains: int) -> Observation:
    """On how many registrable domains of the database a value stands."""
    return Observation("rarity", value.kind.value, f"{domains} {value.value}", "library")


def read_count(row: Observation) -> tuple[Value, int]:
    """A `rarity` row taken apart.

    >>> read_count(counted_row(Value(Kind.MAIL, "a@b.test"), 3))
    (Value(kind=<Kind.MAIL: 'mail'>, value='a@b.test'), 3)
    """
    count, _, value = row.value.partition(" ")
    return Value(Kind(row.name), value), int(count)


def shared_row(kind: Kind, domain: str, ours: str, theirs: str, rarity: float) -> Observation:
    """What a target has in common with another of its own case."""
    what = {"domain": domain, "ours": ours, "theirs": theirs, "rarity": rarity}
    return Observation("shared", kind.value, json.dumps(what, ensure_ascii=False, sort_keys=True), "library")


@lru_cache(maxsize=4096)
def read_shared(row: Observation) -> Shared:
    """A `shared` row taken apart."""
    what = json.loads(row.value)
    return Shared(Kind(row.name), what["domain"], what["ours"], what["theirs"], float(what["rarity"]), row)
