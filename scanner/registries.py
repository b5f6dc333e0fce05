"""Who is asked about a name: RDAP services and WHOIS servers by suffix, from `seeds/registries`.

Lists are checked when loaded: an empty or exploding one, or one with addresses nobody could ask, is refused
with one line. The RDAP bootstrap of a network file of its own (a world) is checked by the same code, only
without the bounds on its size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from scanner import refreshed
from scanner.knowledge.reader import KnowledgeError, read_lines, read_yaml, shipped

BOOTSTRAP = "registries/rdap_bootstrap.json"
BOOTSTRAP_BYTES = 4 << 20
LEAST_SUFFIXES, MOST_SUFFIXES = 800, 5000  # IANA's file of 2026-07 names 1,200
LEAST_KEPT = 0.9  # of the shipped suffixes must still stand in a refreshed file
_SUFFIX = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\Z")
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}\Z")


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """RDAP base URLs (ending in a slash) by suffix in A-labels. `unlisted` are suffixes not from IANA."""

    publication: str
    bases: Mapping[str, str]
    unlisted: frozenset[str] = frozenset()

    def base(self, domain: str) -> str:
        """The service for a name, by its longest listed suffix; "" when there is none."""
        suffix = self.suffix(domain)
        return self.bases[suffix] if suffix else ""

    def suffix(self, domain: str) -> str:
        labels = domain.lower().rstrip(".").split(".")
        suffixes = (".".join(labels[place:]) for place in range(1, len(labels)))
        return next((suffix for suffix in suffixes if suffix in self.bases), "")


def parse_bootstrap(raw: bytes, least: int = 1, most: int = 20_000) -> Bootstrap:
    """Read a bootstrap file (RFC 9224). Services with an unusable URL are left out; https goes first.

    Raises KnowledgeError with one line: not JSON, another format, fewer than `least` or more than `most`
    suffixes.
    """
    if len(raw) > BOOTSTRAP_BYTES:
        raise KnowledgeError(f"RDAP bootstrap: {len(raw)} bytes, {BOOTSTRAP_BYTES} at most; not loaded")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise KnowledgeError("RDAP bootstrap: not JSON; not loaded") from None
    services = data.get("services") if isinstance(data, dict) else None
    if not isinstance(services, list):
        raise KnowledgeError("RDAP bootstrap: no list of services; not loaded")
    bases = {suffix: base for service in services for suffix, base in _service(service)}
    if not least <= len(bases) <= most:
        raise KnowledgeError(f"RDAP bootstrap: {len(bases)} suffixes, expected {least} to {most}; not loaded")
    return Bootstrap(str(data.get("publication", ""))[:40], bases)


def _service(service: Any) -> list[tuple[str, str]]:
    if not (
        isinstance(service, list) and len(service) >= 2 and all(isinstance(p, list) for p in service[:2])
    ):
        return []
    urls = sorted((u for u in service[1] if _usable(u)), key=lambda url: not url.startswith("https:"))
    names = (name.lower().strip(".") for name in service[0] if isinstance(name, str))
    return [(name, urls[0].rstrip("/") + "/") for name in names if urls and _SUFFIX.match(name)]


def _usable(url: Any) -> bool:
    if not isinstance(url, str) or len(url) > 300 or "%" in url or not url.isascii() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not parts.username and not parts.query and not parts.fragment
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and plain and port in (None, 80, 443) and bool(_HOST.match(host))


@cache
def shipped_bootstrap() -> Bootstrap:
    """IANA's file as shipped (or refreshed), with the overrides for suffixes it lacks. Raises KnowledgeError."""
    raw = refreshed.read("seeds", BOOTSTRAP)
    listed = parse_bootstrap(raw, LEAST_SUFFIXES, MOST_SUFFIXES)
    extra: dict[str, str] = {}
    for entry in read_yaml("registries/rdap_overrides.yaml").entries:
        suffix, base = str(entry.get("suffix", "")), str(entry.get("base", ""))
        if not (_SUFFIX.match(suffix) and _usable(base)):
            raise KnowledgeError(f"registries/rdap_overrides.yaml: {suffix!r} {base!r} can't be used")
        if suffix not in listed.bases:
            extra[suffix] = base
    return Bootstrap(listed.publication, {**listed.bases, **extra}, frozenset(extra))


def refresh_bootstrap(raw: bytes) -> bytes:
    """A fetched `dns.json`, checked against the shipped one and made ready to replace it.

    Raises KnowledgeError when it is malformed, of an unlikely size, older, or lacks more than a tenth of the
    suffixes known so far.
    """
    new = parse_bootstrap(raw, LEAST_SUFFIXES, MOST_SUFFIXES)
    old = parse_bootstrap(_seed(BOOTSTRAP))
    kept = len(old.bases.keys() & new.bases.keys())
    if kept < LEAST_KEPT * len(old.bases):
        raise KnowledgeError(f"RDAP bootstrap: keeps only {kept} of {len(old.bases)} suffixes; not loaded")
    if new.publication < old.publication:
        raise KnowledgeError(
            f"RDAP bootstrap: of {new.publication}, older than {old.publication}; not loaded"
        )
    return json.dumps(json.loads(raw), indent=1, ensure_ascii=True).encode() + b"\n"


@cache
def whois_servers() -> Mapping[str, str]:
    """WHOIS host by top-level domain. Raises KnowledgeError."""
    servers: dict[str, str] = {}
    for line in read_lines("registries/whois_servers.txt").entries:
        suffix, _, server = line.partition(" ")
        if not (_SUFFIX.match(suffix) and _HOST.match(server)):
            raise KnowledgeError(f"registries/whois_servers.txt: {line[:80]!r} is no `suffix server`")
        servers[suffix] = server
    return servers


@cache
def whois_queries() -> Mapping[str, str]:
    """Query format by WHOIS host, with `{domain}` for the name. Raises KnowledgeError."""
    formats: dict[str, str] = {}
    for entry in read_yaml("registries/whois_queries.yaml").entries:
        server, query = str(entry.get("server", "")), str(entry.get("query", ""))
        if not _HOST.match(server) or query.count("{domain}") != 1 or not query.isprintable():
            raise KnowledgeError(f"registries/whois_queries.yaml: {server!r} {query!r} can't be used")
        formats[server] = query
    return formats


def _seed(path: str) -> bytes:
    try:
        return shipped().joinpath(*path.split("/")).read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path}: can't be read ({error.__class__.__name__})") from None
