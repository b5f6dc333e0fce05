"""Reads world.yaml (DESIGN §9) strictly and applies its changes up to a moment.

What isn't mentioned has the contract's default. Beyond the contract's keys this also takes: `headers`,
`behaviour` and `file` in a path rule, `not_after` in `tls`, `url` beside every kind of archive entry, and
`issuer`, `not_before`, `not_after` in a certificate log entry.
"""

from __future__ import annotations

import gc
import ipaddress
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dns.exception
import dns.name
import dns.rdata

from scanner.model import Date
from scanner.world.labels import cases_in, labels_of
from scanner.world.raw import Place, Reader, Tree, ascii_name, merge, read_tree
from scanner.world.words import (
    Archive,
    CertificateLog,
    Domain,
    Host,
    Logged,
    PathRule,
    Registrant,
    Registration,
    Site,
    Snapshot,
    Tls,
    World,
    WorldError,
    Zone,
)

RECORD_TYPES = ("A", "AAAA", "NS", "MX", "TXT", "SOA", "CNAME", "CAA", "SRV", "PTR", "DS", "DNSKEY", "HTTPS")
BEHAVIOURS = ("slow", "endless", "bomb", "loop", "challenge", "refuse", "blackhole")
FAULTS = ("throttled", "timeout", "refused")
_TOP = ("now", "defaults", "pace", "deadline_scale", "domains", "changes", "labels")
_YEARS = range(1971, 2201)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_MX = re.compile(r"\d{1,5}\s+\S+\Z")


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A large file makes a million objects at once; walking them over and over finds no garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def load(directory: Path, now: str | None = None) -> World:
    """The world in `directory` as it stands at `now` (default: its own `now`, else the real time).

    Raises WorldError: one line, naming an unknown key or bad value and where it stands.
    """
    with _no_collecting():
        return _load(Path(directory), now)


def _load(directory: Path, now: str | None) -> World:
    tree = read_tree(directory / "world.yaml")
    place = Place(directory)
    top = Reader(tree, "", place)
    _only_top(top)
    moment = _moment(now) if now else top.moment("now") or datetime.now(UTC).replace(microsecond=0)
    if moment.year not in _YEARS:
        raise WorldError(f"now: {moment.year} is no year a world can stand in ({_YEARS[0]} to {_YEARS[-1]})")
    due, later = _changes(top, moment)
    domains = _name_keys(top.child("domains"))
    for change in due:
        tree = merge(tree, {key: value for key, value in change.tree.items() if key not in ("at", "domains")})
        domains = merge(domains, _name_keys(change.child("domains")))
    _check_later(domains, later, place)
    top = Reader(tree, "", place)
    defaults = top.child("defaults")
    defaults.only("latency_ms", "registration_ms")
    return World(
        directory=directory,
        now=moment,
        latency=defaults.number("latency_ms") / 1000,
        registration_latency=defaults.number("registration_ms") / 1000,
        pace=top.flag("pace"),
        deadline_scale=top.number("deadline_scale", 0.1),
        domains=_domains(domains, place),
        labels=labels_of(top.child("labels")),
        cases=cases_in(directory),
    )


def _only_top(top: Reader) -> None:
    for key in top.tree:
        if key not in _TOP:
            raise WorldError(f"world.yaml: unknown key {key!r} (known: {', '.join(_TOP)})")


def _moment(text: str) -> datetime:
    try:
        return Date(text).first
    except ValueError as error:
        raise WorldError(f"now: {error}") from None


def _changes(top: Reader, now: datetime) -> tuple[list[Reader], list[Reader]]:
    """Changes up to `now` and those after it, each in order of time."""
    dated = []
    for change in top.children("changes"):
        change.only("at", "domains", "defaults", "pace", "deadline_scale")
        at = change.moment("at")
        if at is None:
            raise change.fail("at", "a change needs a date")
        dated.append((at, change))
    dated.sort(key=lambda pair: pair[0])
    return [c for at, c in dated if at <= now], [c for at, c in dated if at > now]


def _check_later(domains: Tree, later: Iterable[Reader], place: Place) -> None:
    """A mistake in a change is one today, too; only the domains it touches are read."""
    for change in later:
        touched = _name_keys(change.child("domains"))
        domains = merge(domains, touched)
        _domains({name: domains[name] for name in touched if name in domains}, place)


def _name_keys(domains: Reader) -> Tree:
    return {ascii_name(name, domains.where): value for name, value in domains.tree.items()}


def _domains(tree: Tree, place: Place) -> dict[str, Domain]:
    return {
        name: _domain(name, Reader({} if value is None else value, f"domains.{name}", place))
        for name, value in tree.items()
    }


def _domain(name: str, r: Reader) -> Domain:
    r.only("registration", "dns", "site", "hosts", "tls", "archive", "ct")
    hosts = r.child("hosts")
    return Domain(
        name=name,
        registration=_registration(r.child("registration")) if "registration" in r else None,
        zone=_zone(r.child("dns")) if "dns" in r else None,
        site=_site(r, "site"),
        hosts={_label_of(key, name, hosts): _host(hosts, key) for key in hosts.tree if key in hosts},
        tls=_tls(r.child("tls")) if "tls" in r else Tls(),
        archive=_archive(r),
        ct=_log(r),
    )


def _label_of(key: str, domain: str, hosts: Reader) -> str:
    """`www` stays; `www.acme.com` below acme.com is taken for `www`."""
    return ascii_name(key, hosts.where).removesuffix("." + domain)


def _registration(r: Reader) -> Registration:
    r.only(
        "via",
        "created",
        "updated",
        "expires",
        "registrar",
        "registrant",
        "status",
        "nameservers",
        "redacted",
        "whois_file",
    )
    registrant = r.child("registrant")
    registrant.only("organisation", "name", "country", "email")
    file = r.path("whois_file", folder=False)
    return Registration(
        via=r.choice(
            "via",
            ("rdap", "whois", "both", "none", *FAULTS),
            default="whois" if file and set(r.tree) == {"whois_file"} else "both",
        ),
        created=r.date("created"),
        updated=r.date("updated"),
        expires=r.date("expires"),
        registrar=r.text("registrar"),
        registrant=Registrant(**{key: registrant.text(key) for key in registrant.tree}),
        status=r.texts("status"),
        nameservers=tuple(ascii_name(host, r.at("nameservers")) for host in r.texts("nameservers")),
        redacted=r.flag("redacted"),
        whois_file=file,
    )


def _zone(r: Reader) -> Zone:
    r.only(*RECORD_TYPES, "fault")
    records = {kind: r.texts(kind) for kind in r.tree if kind != "fault" and kind in r}
    for kind, values in records.items():
        for value in values:
            if not _plausible(kind, value):
                raise r.fail(kind, f"{value!r} is no {kind} record")
    return Zone(records, r.choice("fault", ("servfail", "timeout", "refused", "nxdomain")))


def _plausible(kind: str, value: str) -> bool:
    if kind in ("A", "AAAA"):
        try:
            return ipaddress.ip_address(value).version == (4 if kind == "A" else 6)
        except ValueError:
            return False
    if kind == "MX":
        return bool(_MX.match(value))
    if kind == "TXT":
        return True
    if kind in ("NS", "CNAME", "PTR"):
        return bool(value) and not set(value) & set(" /:@")
    try:
        dns.rdata.from_text("IN", kind, value, origin=dns.name.root)
    except (dns.exception.DNSException, ValueError):
        return False
    return True


def _site(r: Reader, key: str) -> Site | None:
    """A folder name, or a mapping in one of the contract's forms."""
    if key not in r:
        return None
    if isinstance(r.tree[key], str):
        return Site(folder=r.path(key, folder=True))
    return _site_form(r.child(key))


def _site_form(r: Reader) -> Site:
    r.only("dir", "http", "paths", "redirect", "status", "behaviour")
    paths = r.child("paths")
    return Site(
        folder=r.path("dir", folder=True),
        http=r.choice("http", ("same", "redirect", "none"), "same"),
        redirect=_header(r, "redirect"),
        status=r.status("status"),
        behaviour=r.choice("behaviour", BEHAVIOURS),
        paths=tuple(_path_rule(paths, pattern) for pattern in paths.tree if pattern in paths),
    )


def _path_rule(paths: Reader, pattern: str) -> PathRule:
    r = paths.child(pattern)
    if not pattern.startswith("/"):
        raise paths.fail(pattern, "a path starts with /")
    r.only("redirect", "status", "headers", "behaviour", "file")
    headers = r.child("headers")
    return PathRule(
        pattern=pattern,
        redirect=_header(r, "redirect"),
        status=r.status("status"),
        headers=tuple((_header_name(headers, name), _header(headers, name)) for name in headers.tree),
        behaviour=r.choice("behaviour", BEHAVIOURS),
        file=r.path("file", folder=False),
    )


def _header(r: Reader, key: str) -> str:
    """A value that stands in a head of HTTP: one line."""
    value = r.text(key)
    if _CONTROL.search(value):
        raise r.fail(key, "holds a line break or another control character")
    return value


def _header_name(headers: Reader, name: str) -> str:
    if not _TOKEN.fullmatch(name):
        raise headers.fail(name, "is no name of a header")
    return name


def _host(hosts: Reader, key: str) -> Host:
    """A site form, or `{site, dns}`; a mapping with `dns` may name its site form beside it."""
    if isinstance(hosts.tree[key], str):
        return Host(site=_site(hosts, key))
    r = hosts.child(key)
    if "site" not in r.tree and "dns" not in r.tree:
        return Host(site=_site_form(r))
    zone = _zone(r.child("dns")) if "dns" in r else None
    rest = {name: value for name, value in r.tree.items() if name != "dns"}
    if "site" in rest or not rest:
        Reader(rest, r.where, r.place).only("site", "dns")
        return Host(site=_site(r, "site"), zone=zone)
    return Host(site=_site_form(Reader(rest, r.where, r.place)), zone=zone)


def _tls(r: Reader) -> Tls:
    r.only("not_before", "not_after", "names", "untrusted", "expired", "none")
    return Tls(
        not_before=r.moment("not_before"),
        not_after=r.moment("not_after"),
        names=tuple(ascii_name(name, r.at("names")) for name in r.texts("names")),
        untrusted=r.flag("untrusted"),
        expired=r.flag("expired"),
        none=r.flag("none"),
    )


def _fault(r: Reader, key: str) -> str:
    """The fault of `{fault: …}`, "" when the key holds a list or nothing."""
    if not isinstance(r.tree.get(key), dict):
        return ""
    child = r.child(key)
    child.only("fault")
    return child.choice("fault", FAULTS)


def _archive(r: Reader) -> Archive:
    if fault := _fault(r, "archive"):
        return Archive(fault=fault)
    entries = [] if isinstance(r.tree.get("archive"), dict) else r.children("archive")
    return Archive(tuple(sorted(map(_snapshot, entries), key=lambda shot: shot.at)))


def _snapshot(r: Reader) -> Snapshot:
    r.only("at", "site", "url", "file", "redirect", "status")
    at = r.moment("at")
    if at is None:
        raise r.fail("at", "an archive entry needs a date")
    if sum(key in r for key in ("site", "file", "redirect")) > 1:
        raise WorldError(f"{r.where}: only one of site, file, redirect")
    if not any(key in r for key in ("site", "file", "redirect", "status")):
        raise WorldError(f"{r.where}: one of site, file, redirect or status is missing")
    url = r.text("url")
    if url and not url.startswith(("/", "http://", "https://")):
        raise r.fail("url", f"{url!r} is neither a path nor an address")
    return Snapshot(
        at=at,
        folder=r.path("site", folder=True),
        url=url,
        file=r.path("file", folder=False) if "file" in r else None,
        redirect=_header(r, "redirect"),
        status=r.status("status"),
    )


def _log(r: Reader) -> CertificateLog:
    if fault := _fault(r, "ct"):
        return CertificateLog(fault=fault)
    entries = [] if isinstance(r.tree.get("ct"), dict) else r.children("ct")
    return CertificateLog(tuple(_logged(entry) for entry in entries))


def _logged(r: Reader) -> Logged:
    r.only("logged", "names", "issuer", "not_before", "not_after")
    logged = r.date("logged")
    if logged is None:
        raise r.fail("logged", "a log entry needs a date")
    names = tuple(ascii_name(name, r.at("names")) for name in r.texts("names"))
    if not names:
        raise r.fail("names", "a certificate needs a name")
    return Logged(
        logged=logged,
        names=names,
        issuer=r.text("issuer", "C=US, O=Let's Encrypt, CN=R3"),
        not_before=r.date("not_before"),
        not_after=r.date("not_after"),
    )


__all__ = ["BEHAVIOURS", "FAULTS", "RECORD_TYPES", "World", "WorldError", "load"]
