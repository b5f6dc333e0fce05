"""Whether an address is a place of its own, or a page on somebody else's large platform.

A profile page, a shortened address and a free mail box say nothing through the domain they stand on: the
platform's own record must never be read as theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from scanner.domains import Host, is_suffix, split
from scanner.hostnames import DomainError
from scanner.knowledge.reader import KnowledgeError, SeedList, keys, read_lines, read_yaml, text, texts

FREE_MAIL = "mail/free_mail.txt"
DISPOSABLE = "mail/disposable.txt"
SHORTENERS = "addresses/shorteners.txt"
LINK_PAGES = "addresses/link_pages.txt"
POPULAR = "addresses/popular.txt"
FREE_HOSTING = "addresses/free_hosting.txt"
PROFILES = "addresses/profiles.yaml"


class Kind(StrEnum):
    """What an address is, before anything is asked about it."""

    SITE = "site"
    HOSTED = "hosted"  # a customer's name below a free-hosting platform
    PROFILE = "profile"
    LINK_PAGE = "link-page"
    SHORTENER = "shortener"
    IP = "ip"
    LOCAL = "local"  # localhost and the like: kept, and refused at connect
    SUFFIX = "suffix"  # a bare public suffix or platform
    MAIL = "mail"  # taken from a mail address
    FREE_MAIL = "free-mail"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads. `domain` is what may become a target ("" = none, and `note` says why); for an
    IP literal
    it is the address itself. `platform` as in scanner.domains.Host."""

    domain: str
    kind: Kind
    platform: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Profiles:
    names: Mapping[str, tuple[str, tuple[str, ...]]]  # registrable domain -> platform's name, limiting hosts
    seed: SeedList


def place_of(url: str) -> Place:
    """Classify a normalised http(s) URL (as intake makes them). Used for claims, and by `plan` for their
    targets.

    >>> place_of("https://github.com/jane").kind.value, place_of("https://jane.github.io/").domain
    ('profile', 'jane.github.io')

    Raises DomainError for a URL without a usable host.
    """
    parts = urlsplit(url)
    host = split(parts.hostname or "")
    return place(host, parts.path.strip("/") or parts.query)


def place(host: Host, path: str = "") -> Place:
    """The same for a host already taken apart; `path` is what follows it, without slashes at the ends."""
    if host.is_address:
        return Place(
            host.host, Kind.IP, note="an IP address, no domain: registration and mail can't be asked about"
        )
    if host.host == "localhost" or host.host.endswith(".localhost"):
        return Place("localhost", Kind.LOCAL, note="the reader's own machine, never a firm's address")
    if not host.registrable:
        what = "a platform" if host.platform else "a public suffix" if "." in host.host else "a single word"
        return Place("", Kind.SUFFIX, host.platform, f"{host.host} is {what}, not the name of a site")
    name = host.registrable
    profile = _profiles().names.get(name)
    if path and profile and (not profile[1] or host.host in profile[1]):
        return Place("", Kind.PROFILE, note=f"a page on {profile[0]}; the platform itself is not judged")
    if path and (name in _lines(SHORTENERS) or host.host in _lines(SHORTENERS)):
        return Place("", Kind.SHORTENER, note=f"shortened by {name}; give the address it leads to")
    if path and name in _lines(LINK_PAGES):
        return Place("", Kind.LINK_PAGE, note=f"a page of links on {name}; the platform itself is not judged")
    if host.platform:
        note = f"hosted below {host.platform}, whose age says nothing about it"
        return Place(name, Kind.HOSTED, host.platform, note)
    return Place(name, Kind.SITE)


def mail_kind(domain: str) -> str:
    """`disposable`, `free` or "" for the domain of a mail address. Context, never a mark against its
    owner."""
    name = domain.lower().rstrip(".")
    if name in _lines(DISPOSABLE):
        return "disposable"
    return "free" if name in _lines(FREE_MAIL) else ""


def popular() -> frozenset[str]:
    """Registrable domains of the world's most visited sites: what is said of one is said of everybody there."""
    return _lines(POPULAR)


def profile_platform(domain: str) -> str:
    """Name of the platform whose pages belong to many people, "" for any other registrable domain."""
    found = _profiles().names.get(domain)
    return found[0] if found and not found[1] else ""


@lru_cache(maxsize=16)
def _lines(path: str) -> frozenset[str]:
    return frozenset(load_names(path).entries)


@lru_cache(maxsize=1)
def _profiles() -> _Profiles:
    return load_profiles()


def load_names(path: str, root: Path | None = None) -> SeedList:
    """A list of host names, one a line. Raises KnowledgeError for anything else, a bare suffix or a
    duplicate."""
    seed = read_lines(path, root)
    for name in seed.entries:
        if name != name.lower() or "." not in name or not name.replace("-", "").replace(".", "").isalnum():
            raise KnowledgeError(f"{path}: {name[:60]!r} is no host name in lower case")
    if len(set(seed.entries)) != len(seed.entries):
        raise KnowledgeError(f"{path}: a name stands there twice")
    return seed


def check_names(seed: SeedList) -> str:
    """The slow part of the check of a list of names: "" or the first bare suffix on it."""
    return next((name for name in seed.entries if is_suffix(name)), "")


def load_profiles(root: Path | None = None) -> _Profiles:
    """Raises KnowledgeError."""
    seed = read_yaml(PROFILES, root)
    names: dict[str, tuple[str, tuple[str, ...]]] = {}
    for number, entry in enumerate(seed.entries, 1):
        where = f"{seed.path}: entry {number}"
        keys(entry, ("domain", "name", "hosts"), where)
        domain = text(entry, "domain", where, needed=True)
        hosts = texts(entry, "hosts", where)
        try:
            wrong = [host for host in (domain, *hosts) if split(host).registrable != domain]
        except DomainError as error:
            raise KnowledgeError(f"{where}: {error}") from None
        if wrong or domain in names:
            raise KnowledgeError(
                f"{where}: {wrong[0] if wrong else domain} stands there twice or under another domain"
            )
        names[domain] = (text(entry, "name", where, needed=True), hosts)
    return _Profiles(names, seed)
