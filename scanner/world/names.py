"""What the DNS of a world says, as plain text: which name exists, with which records, at which address.

A name the file doesn't list does not exist. The hosts the world itself needs (bootstrap, registries,
registrars, archive, certificate log) exist besides and win over a domain of the same name. Addresses that the
file leaves out are derived from the name and lie in ranges of ordinary hosting firms, so that a strict
address policy lets them pass; nothing is ever sent there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.world.words import Domain, Host, World, Zone, find_host, is_listed_or_above

# Routed /16s of general hosting firms (no content networks, no parking): what a small firm's site sits on.
_HOSTING = ("116.203", "95.217", "51.75", "167.99", "138.68", "139.162", "45.76", "194.195")
_SERVICES = "65.108"  # the world's own hosts, numbered one after the other so that each has its own
BOOTSTRAP_HOST, IANA_WHOIS = "data.iana.test", "whois.iana.test"
ARCHIVE_HOST, ARCHIVE_API, LOG_HOST = "web.archive.org", "archive.org", "crt.sh"
DEFAULT_NAMESERVERS = ("ns1.ordinary-dns.test", "ns2.ordinary-dns.test")
# Zones that exist whether the world has names in them or not: asking there for an unlisted name is "not
# registered".
_COMMON_TLDS = [
    "com",
    "net",
    "org",
    "info",
    "biz",
    "name",
    "pro",
    "io",
    "dev",
    "app",
    "co",
    "me",
    "tech",
    "site",
    "online",
    "store",
    "xyz",
    "ai",
    "cloud",
    "agency",
    "digital",
    "solutions",
    "software",
    "systems",
    "consulting",
    "studio",
    "group",
    "shop",
    "club",
    "space",
    "us",
    "ca",
    "uk",
    "ie",
    "de",
    "at",
    "ch",
    "li",
    "fr",
    "be",
    "nl",
    "lu",
    "it",
    "es",
    "pt",
    "pl",
    "cz",
    "sk",
    "se",
    "no",
    "fi",
    "dk",
    "ee",
    "lv",
    "lt",
    "eu",
    "br",
    "mx",
    "ar",
    "cl",
    "jp",
    "kr",
    "cn",
    "tw",
    "hk",
    "sg",
    "my",
    "th",
    "vn",
    "id",
    "ph",
    "in",
    "pk",
    "lk",
    "ae",
    "il",
    "tr",
    "za",
    "ng",
    "ke",
    "au",
    "nz",
    "ru",
    "ua",
    "kz",
    "ge",
    "am",
    "az",
    "by",
    "md",
    "rs",
    "hr",
    "si",
    "bg",
    "ro",
    "hu",
    "gr",
    "cy",
    "is",
    "example",
    "test",
    "invalid",
]


def derived_address(name: str) -> str:
    """One public address for a name, always the same, outside every special-purpose range."""
    digest = hashlib.sha256(b"address " + name.encode()).digest()
    return f"{_HOSTING[digest[0] % len(_HOSTING)]}.{digest[1]}.{digest[2] % 254 + 1}"


def slug(text: str) -> str:
    """A firm's name as one DNS label: `NameCheap, Inc.` is `namecheap-inc`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40] or "registrar"


@dataclass(frozen=True, slots=True)
class Reply:
    """`records` are (owner, type, value) in order, CNAMEs first; `zone` owns the SOA of a negative answer."""

    rcode: str
    records: tuple[tuple[str, str, str], ...] = ()
    zone: str = ""
    fault: str = ""


class Names:
    """The DNS of one world. `services` maps the world's own host names to their addresses."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tlds = sorted({name.rpartition(".")[2] for name in world.domains} | set(_COMMON_TLDS))
        # Names that exist because others lie below them (RFC 8020).
        self._above = {
            ".".join(labels[place:])
            for labels in (name.split(".") for name in world.domains)
            for place in range(1, len(labels))
        } | set(self.tlds)
        self.registrars = sorted(
            {d.registration.registrar for d in world.domains.values() if d.registration} - {""}
        )
        hosts = [BOOTSTRAP_HOST, IANA_WHOIS, ARCHIVE_HOST, ARCHIVE_API, LOG_HOST]
        hosts += [self.rdap_host(tld) for tld in self.tlds] + [self.whois_host(tld) for tld in self.tlds]
        for registrar in self.registrars:
            hosts += [self.registrar_rdap(registrar), self.registrar_whois(registrar)]
        self.services = {
            host: f"{_SERVICES}.{n // 254}.{n % 254 + 1}" for n, host in enumerate(dict.fromkeys(hosts))
        }

    @staticmethod
    def rdap_host(tld: str) -> str:
        return f"rdap.{tld}.test"

    @staticmethod
    def whois_host(tld: str) -> str:
        return f"whois.{tld}.test"

    @staticmethod
    def registrar_rdap(registrar: str) -> str:
        return f"rdap.{slug(registrar)}-registrar.test"

    @staticmethod
    def registrar_whois(registrar: str) -> str:
        return f"whois.{slug(registrar)}-registrar.test"

    def ask(self, name: str, rdtype: str) -> Reply:
        """The answer of a recursive resolver: CNAMEs are followed as far as the world knows them."""
        records: list[tuple[str, str, str]] = []
        owner = name
        for _ in range(9):
            reply, values, alias = self._own(owner, rdtype)
            records += [(owner, rdtype, value) for value in values]
            if reply.fault or not alias:
                return Reply(reply.rcode, tuple(records), reply.zone, reply.fault)
            records.append((owner, "CNAME", alias))
            owner = alias.rstrip(".").lower()
        return Reply("SERVFAIL", (), reply.zone, "servfail")

    def addresses(self, name: str) -> tuple[str, ...]:
        """Every address a name leads to."""
        return tuple(
            value for kind in ("A", "AAAA") for _, k, value in self.ask(name, kind).records if k == kind
        )

    def hosts(self) -> Iterator[tuple[str, Domain, Host]]:
        """Every listed host name with its domain; wildcards stand for the label `any`."""
        for domain in self.world.domains.values():
            if domain.zone or domain.site:
                yield domain.name, domain, Host(domain.site, domain.zone)
            for label, host in domain.hosts.items():
                yield f"{label.replace('*', 'any')}.{domain.name}", domain, host

    def _own(self, name: str, rdtype: str) -> tuple[Reply, tuple[str, ...], str]:
        """The reply, the values at this very name, and the alias to follow."""
        if name in self.services:
            reply = Reply("NOERROR", zone=name.partition(".")[2])
            return reply, (self.services[name],) if rdtype == "A" else (), ""
        domain, label = self.world.owner(name)
        if domain is None:
            exists = name in self._above
            return Reply("NOERROR" if exists else "NXDOMAIN", zone=name.rpartition(".")[2]), (), ""
        host = find_host(domain, label) if label else Host(domain.site, domain.zone)
        if host is None:
            listed = is_listed_or_above(domain, label)
            fault = domain.zone.fault if domain.zone else ""
            return _faulty(Reply("NOERROR" if listed else "NXDOMAIN", zone=domain.name), fault), (), ""
        zone = host_zone(domain, host, apex=not label)
        if zone.fault:
            return _faulty(Reply("NOERROR", zone=domain.name), zone.fault), (), ""
        alias = zone.records.get("CNAME", ())
        if alias and rdtype != "CNAME":
            return Reply("NOERROR", zone=domain.name), (), alias[0]
        return Reply("NOERROR", zone=domain.name), zone.records.get(rdtype, ()), ""


def _faulty(reply: Reply, fault: str) -> Reply:
    rcode = {"servfail": "SERVFAIL", "refused": "REFUSED", "nxdomain": "NXDOMAIN"}.get(fault, reply.rcode)
    return Reply(rcode, zone=reply.zone, fault=fault)


def host_zone(domain: Domain, host: Host, *, apex: bool) -> Zone:
    """The records of a host with the contract's defaults filled in.

    A site whose file says nothing of addresses gets the derived one; a host without `dns` has the apex's
    addresses.
    """
    if apex:
        zone = host.zone or Zone()
        records = dict(zone.records)
        registered = domain.registration.nameservers if domain.registration else ()
        records.setdefault("NS", registered or DEFAULT_NAMESERVERS)
        mname = (records["NS"] or DEFAULT_NAMESERVERS)[0]
        records.setdefault("SOA", (soa(domain.name, mname),))
    else:
        zone = host.zone if host.zone is not None else _addresses_only(domain)
        records = dict(zone.records)
    if host.site and not zone.has_address_keys and not zone.fault:
        records["A"] = (derived_address(domain.name),)
    return Zone(records, zone.fault)


def soa(zone: str, mname: str = "a.registry.test") -> str:
    return f"{mname.rstrip('.')}. hostmaster.{zone}. 2024010101 7200 3600 1209600 300"


def _addresses_only(domain: Domain) -> Zone:
    zone = host_zone(domain, Host(domain.site, domain.zone), apex=True)
    return Zone({k: v for k, v in zone.records.items() if k in ("A", "AAAA", "CNAME")}, zone.fault)
