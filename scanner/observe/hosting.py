"""Hosting, as far as DNS answers and the data shipped in `seeds/hosting` tell it.

An address gives a network (AS number and organisation) and the country its block is registered in. An
address, a CNAME or a set of name servers may belong to a shared platform (then network and country say
nothing about the owner) or to a parking service. All functions are pure; tables are read at first use.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from scanner.address_space import IPAddress, IPNetwork, is_public
from scanner.domains import is_within
from scanner.hosting_data import HostingDataError, countries, networks
from scanner.model import Observation

# ------------------------------------------------------------------------------------ known services


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of `platforms.yaml` or `parking.yaml`; host names lower case, without trailing dot."""

    name: str
    asns: frozenset[str] = frozenset()
    networks: tuple[IPNetwork, ...] = ()
    cnames: tuple[str, ...] = ()
    name_servers: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Services:
    """The entries of one file, asked by address or by name; "" is "none of them"."""

    entries: tuple[Service, ...]

    def by_address(self, address: IPAddress, asn: str = "") -> str:
        """The service with the smallest listed range around the address, else the one of its AS number."""
        around = [
            (network.prefixlen, entry.name)
            for entry in self.entries
            for network in entry.networks
            if network.version == address.version and address in network
        ]
        if around:
            return max(around)[1]
        return next((entry.name for entry in self.entries if asn and asn in entry.asns), "")

    def by_cname(self, host: str) -> str:
        return self._by(host, "cnames")

    def by_name_server(self, host: str) -> str:
        return self._by(host, "name_servers")

    def by_suffix(self, host: str) -> str:
        return self._by(host, "suffixes")

    def _by(self, host: str, part: str) -> str:
        for entry in self.entries:
            if any(is_within(host, name) for name in getattr(entry, part)):
                return entry.name
        return ""


@cache
def platforms() -> Services:
    return _read("platforms.yaml", "platforms")


@cache
def parking() -> Services:
    """A service without name servers or addresses of its own in the list is its name servers' domain."""
    return _read("parking.yaml", "services")


def _read(file: str, key: str) -> Services:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("seeds.hosting").joinpath(file).read_text("utf-8")
    document: dict[str, Any] = yaml.load(text, loader)  # noqa: S506  the safe loader, in C where there is one
    entries = tuple(_service(raw) for raw in document[key])
    least, most = int(document["count"]["least"]), int(document["count"]["most"])
    if not least <= len(entries) <= most:
        raise HostingDataError(f"{file}: {len(entries)} entries, expected {least} to {most}")
    return Services(entries)


def _service(raw: Mapping[str, Any]) -> Service:
    matches = ("asns", "networks", "cnames", "name_servers", "suffixes")
    named_by_itself = not any(raw.get(part) for part in matches)
    return Service(
        name=str(raw["name"]),
        asns=frozenset(str(asn) for asn in raw.get("asns", ())),
        networks=tuple(ipaddress.ip_network(str(network)) for network in raw.get("networks", ())),
        cnames=tuple(raw.get("cnames", ())),
        name_servers=(str(raw["name"]),) if named_by_itself else tuple(raw.get("name_servers", ())),
        suffixes=tuple(raw.get("suffixes", ())),
    )


# ------------------------------------------------------------------------------------- observations


def of_addresses(addresses: Iterable[str], evidence: str) -> Iterator[Observation]:
    """Network, country, platform and parking of the public ones among these addresses, each value once."""
    seen: set[tuple[str, str]] = set()
    for text in addresses:
        if not is_public(text):
            continue
        network = networks().find(text)
        address = ipaddress.ip_address(text)
        facts = (
            ("asn", network),
            ("country", countries().find(text)),
            ("platform", platforms().by_address(address, network.partition(" ")[0])),
            ("parking", parking().by_address(address)),
        )
        for fact in facts:
            if fact[1] and fact not in seen:
                seen.add(fact)
                yield _hosting(*fact, evidence)


def of_cnames(chain: Iterable[str], evidence: str) -> Iterator[Observation]:
    """Platform and parking of the names a host leads to."""
    hosts = tuple(chain)
    for name in dict.fromkeys(filter(None, map(platforms().by_cname, hosts))):
        yield _hosting("platform", name, evidence)
    for name in dict.fromkeys(filter(None, map(parking().by_cname, hosts))):
        yield _hosting("parking", name, evidence)


def of_name_servers(hosts: Iterable[str], evidence: str) -> Iterator[Observation]:
    """A platform or parking service that **all** name servers belong to: a mixed set says neither."""
    servers = tuple(hosts)
    for fact, service in (("platform", platforms()), ("parking", parking())):
        names = {service.by_name_server(host) for host in servers}
        if len(names) == 1 and "" not in names:
            yield _hosting(fact, names.pop(), evidence)


def of_platform(suffix: str, evidence: str) -> Iterator[Observation]:
    """The platform whose customers' names end in `suffix` (from the Public Suffix List's private section)."""
    if suffix:
        yield _hosting("platform", platforms().by_suffix(suffix) or suffix, evidence)


def _hosting(name: str, value: str, evidence: str) -> Observation:
    return Observation("hosting", name, value, "dns", evidence=evidence)
