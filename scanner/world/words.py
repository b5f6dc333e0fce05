"""The typed form of a world file (DESIGN §9); `loader` makes it, the servers read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from scanner.model import Date, Level


class WorldError(ValueError):
    """A world file that can't be served; one line that says what, where and what is allowed."""


@dataclass(frozen=True, slots=True)
class Registrant:
    organisation: str = ""
    name: str = ""
    country: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """What the registry knows. `via` is where it can be read: rdap, whois, both, none, or a fault."""

    via: str = "both"
    created: Date | None = None
    updated: Date | None = None
    expires: Date | None = None
    registrar: str = ""
    registrant: Registrant = Registrant()
    status: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()
    redacted: bool = False
    whois_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """Records by type in presentation form (TXT as plain text), or a fault for every question."""

    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fault: str = ""

    @property
    def has_address_keys(self) -> bool:
        """Whether the file says anything about addresses (an empty list says: none)."""
        return any(kind in self.records for kind in ("A", "AAAA", "CNAME"))


@dataclass(frozen=True, slots=True)
class PathRule:
    """What happens below one path pattern (`*` matches anything) of a site."""

    pattern: str
    redirect: str = ""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    behaviour: str = ""
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """How a host answers. `behaviour` wins over `status`, that over `redirect`, that over `folder`."""

    folder: Path | None = None
    http: str = "same"  # same, redirect, none
    redirect: str = ""
    status: int = 0
    behaviour: str = ""
    paths: tuple[PathRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """A host name below a domain. `zone` None means addresses as the apex."""

    site: Site | None = None
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate a site shows. No `names` means the domain, www and its listed hosts."""

    not_before: datetime | None = None
    not_after: datetime | None = None
    names: tuple[str, ...] = ()
    untrusted: bool = False
    expired: bool = False
    none: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One entry of `archive`: a folder, one file, a redirect or a status, at one moment."""

    at: datetime
    folder: Path | None = None
    url: str = ""
    file: Path | None = None
    redirect: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class Archive:
    snapshots: tuple[Snapshot, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """One certificate in the log: when it was logged, for which names."""

    logged: Date
    names: tuple[str, ...]
    issuer: str = "C=US, O=Let's Encrypt, CN=R3"
    not_before: Date | None = None
    not_after: Date | None = None


@dataclass(frozen=True, slots=True)
class CertificateLog:
    entries: tuple[Logged, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """One key of `domains`: lower-case A-labels, with everything the file says of it."""

    name: str
    registration: Registration | None = None
    zone: Zone | None = None
    site: Site | None = None
    hosts: dict[str, Host] = field(default_factory=dict)
    tls: Tls = Tls()
    archive: Archive = Archive()
    ct: CertificateLog = CertificateLog()

    @property
    def delegated(self) -> bool:
        """Whether the DNS knows the name: one that only the archive remembers is gone."""
        return bool(self.registration or self.zone or self.site or self.hosts)


@dataclass(frozen=True, slots=True)
class Label:
    """What `evaluate` expects of one case file. A bound that isn't given is the widest one."""

    least: Level = Level.NOTHING_FOUND
    most: Level = Level.KNOWN
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    campaign: str = ""
    after: tuple[str, ...] = ()
    library: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """A world as it stands at `now`: every change up to then is applied. Latencies in seconds."""

    directory: Path
    now: datetime
    latency: float = 0.0
    registration_latency: float = 0.0
    pace: bool = False
    deadline_scale: float = 0.1
    domains: dict[str, Domain] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    cases: tuple[Path, ...] = ()

    def owner(self, name: str) -> tuple[Domain | None, str]:
        """The listed domain a name lies in, most specific first, and the labels before it ("" for the
        apex).
        """
        rest = name
        while rest:
            if (domain := self.domains.get(rest)) is not None and domain.delegated:
                return domain, name[: -len(rest) - 1] if rest != name else ""
            rest = rest.partition(".")[2]
        return None, name


def find_host(domain: Domain, label: str) -> Host | None:
    """The listed host for a label: exact, else the wildcard of its closest encloser (RFC 4592)."""
    if label in domain.hosts:
        return domain.hosts[label]
    parent = label
    while True:
        parent = parent.partition(".")[2]
        if f"*.{parent}".rstrip(".") in domain.hosts:
            return domain.hosts[f"*.{parent}".rstrip(".")]
        if not parent or is_listed_or_above(domain, parent):
            return None


def is_listed_or_above(domain: Domain, label: str) -> bool:
    """Whether a label is listed, or stands above one that is (an empty non-terminal)."""
    return label in domain.hosts or any(host.endswith("." + label) for host in domain.hosts)
