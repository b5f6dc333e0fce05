"""Host names: from what a person wrote to the registrable domain that is looked at.

Offline and pure. Suffixes come from the Public Suffix List snapshot inside tldextract, private section on:
`jane.github.io` is its own target. How names are spelled is `scanner.hostnames`'s to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import urlsplit

import tldextract

from scanner.hostnames import DomainError, is_ip, to_ascii

# Firms that give each customer a subdomain but do not stand in the snapshot's private section. Unlike a
# suffix of the list, the bare name is the firm's own site.
_MORE_PLATFORMS = (
    "webnode.com",
    "webnode.page",
    "wordpress.com",
    "tumblr.com",
    "substack.com",
    "jimdosite.com",
    "jimdofree.com",
    "medium.com",
    "mystrikingly.com",
    "journoportfolio.com",
    "portfoliobox.net",
    "dribbble.site",
)


@cache
def _platforms() -> frozenset[str]:
    """These, and the free hosters of the list that ships: the age of such a domain is its hoster's."""
    lines = resources.files("seeds").joinpath("addresses", "free_hosting.txt").read_text("utf-8").splitlines()
    return frozenset(_MORE_PLATFORMS) | {line for line in lines if not line.startswith("#")}


@dataclass(frozen=True, slots=True)
class Host:
    """A host name taken apart. All parts are lower-case ASCII (A-labels).

    host: the whole name without a trailing dot, or an IP address in its usual spelling (IPv6 unbracketed).
    registrable: the name that was registered, or the customer's name below a platform; "" for a bare
        suffix, a bare platform, a single label and an IP address.
    suffix: the public suffix it hangs under ("co.uk", "github.io"); the last label where it is unknown.
    platform: the private suffix ("github.io") or "". With one, the registration of the apex belongs to
        the platform and says nothing about this host.
    subdomain: what stands left of `registrable`.
    is_address: an IP literal.
    """

    host: str
    registrable: str = ""
    suffix: str = ""
    platform: str = ""
    subdomain: str = ""
    is_address: bool = False


def split(host: str) -> Host:
    """Take a host name (any script, any case, trailing dot allowed) apart.

    >>> split("Shop.Example.co.uk.").registrable, split("blog.jane.github.io").registrable
    ('example.co.uk', 'jane.github.io')
    >>> split("github.io").registrable, split("127.1").host
    ('', '127.0.0.1')

    Raises DomainError for what can't be a host name.
    """
    return _split(to_ascii(host))


def registrable(host: str) -> str:
    """The registrable domain of `host`, or "" where there is none; never raises."""
    try:
        return split(host).registrable
    except DomainError:
        return ""


def plainly_registrable(host: str) -> bool:
    """Quick, for long lists: True for a name in lower-case ASCII that is its own registrable domain under a suffix of
    the public list. False says nothing: ask `split`.

    >>> [plainly_registrable(n) for n in ("acme.com", "acme.co.uk", "www.acme.com", "co.uk", "acme.test", "www.com")]
    [True, True, False, False, False, False]
    """
    label, _, suffix = host.partition(".")
    endings = _endings()
    return (
        suffix in endings
        and host not in endings
        and f"*.{suffix}" not in endings
        and len(label) < 64
        and label != "www"
        and not label.startswith("xn--")
    )


@cache
def _endings() -> frozenset[str]:
    return frozenset(_extractor().tlds) | _platforms()


@lru_cache(maxsize=65_536)
def _split(host: str) -> Host:
    if is_ip(host):
        return Host(host, is_address=True)
    found = _extract(host)
    if not found.suffix:  # unknown ending: the list's own default rule, the last label is the suffix
        labels = host.split(".")
        if len(labels) < 2:
            return Host(host, suffix=host)
        return Host(host, ".".join(labels[-2:]), labels[-1], "", ".".join(labels[:-2]))
    platform = found.suffix if found.is_private else ""
    if not found.domain:
        return Host(host, suffix=found.suffix, platform=platform)
    name = f"{found.domain}.{found.suffix}"
    return Host(host, name, found.suffix, platform, found.subdomain)


@dataclass(frozen=True, slots=True)
class _Found:
    subdomain: str
    domain: str
    suffix: str
    is_private: bool


@cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(
        suffix_list_urls=(),
        cache_dir=None,
        fallback_to_snapshot=True,
        include_psl_private_domains=True,
    )


def _extract(host: str) -> _Found:
    """By the snapshot, with the platforms it lacks read as private suffixes."""
    labels = host.split(".")
    for place in range(1, len(labels) - 1):
        platform = ".".join(labels[place:])
        if platform in _platforms():
            if labels[:place] == ["www"]:
                break
            return _Found(".".join(labels[: place - 1]), labels[place - 1], platform, True)
    found = _extractor().extract_str(host)
    return _Found(found.subdomain, found.domain, found.suffix, found.is_private)


def is_suffix(name: str) -> bool:
    """True for a bare public suffix or platform ("com", "co.uk", "github.io"): never a list's entry.

    >>> is_suffix("co.kr"), is_suffix("example.com")
    (True, False)
    """
    try:
        found = split(name)
    except DomainError:
        return False
    return not found.registrable and not found.is_address


def has_known_ending(host: str) -> bool:
    """True when the host ends in a suffix of the public list, or in a reserved name (RFC 2606): in running text
    what else looks like a name is none.

    >>> has_known_ending("acme.co.uk"), has_known_ending("acme.example"), has_known_ending("node.js")
    (True, True, False)
    """
    try:
        ascii_host = to_ascii(host)
    except DomainError:
        return False
    return ascii_host.rpartition(".")[2] in ("example", "test") or bool(_extract(ascii_host).suffix)


def slashed(url: str) -> str:
    r"""The address with a backslash before the query taken for the slash that browsers take it for (WHATWG URL):
    to a reader that doesn't, `https://a.example\\@b.example/` is on another host than the one that is dialled.

    >>> slashed("https:\\\\a.example\\@b.example/?c\\d")
    'https://a.example/@b.example/?c\\d'
    """
    if "\\" not in url:
        return url
    place = min((at for mark in "?#" if (at := url.find(mark)) >= 0), default=len(url))
    return url[:place].replace("\\", "/") + url[place:]


_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]{1,5})?(?:[/?#]|\Z)")
"""Most addresses, read at once: lower case, no user, no other script, nothing that a browser would mend."""


@lru_cache(maxsize=4096)  # a walk asks many times of each address
def host_of(url: str) -> str:
    """The host of an address as it stands there, lower case, no trailing dot; "" where none can be read.

    >>> host_of("https://jane@WWW.acme.example.:8443/x"), host_of("mailto:x@acme.example"), host_of("http://[/")
    ('www.acme.example', '', '')
    """
    if plain := _PLAIN_HOST.match(url):
        return plain[1].rstrip(".")
    try:
        return (urlsplit(slashed(url)).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_within(host: str, domain: str) -> bool:
    """Whether a host is the domain itself or lies below it; both in lower-case ASCII.

    >>> is_within("www.acme.example", "acme.example"), is_within("evilacme.example", "acme.example")
    (True, False)
    """
    return host == domain or host.endswith("." + domain)


def same_site(url: str, domain: str) -> bool:
    """Whether an address is on the domain or a host below it.

    >>> same_site("https://www.acme.example/x", "acme.example"), same_site("", "acme.example")
    (True, False)
    """
    return is_within(host_of(url), domain)


_INSIDE = frozenset("localhost local localdomain internal intranet private corp home lan onion".split())  # noqa: SIM905


def is_inside(name: str) -> bool:
    """True for names that mean something inside one network only (RFC 6761, RFC 8244, and endings that offices
    use): they say things about that network, and a public service knows nothing of them.

    >>> is_inside("wiki.corp"), is_inside("localhost"), is_inside("corp.example")
    (True, True, False)
    """
    return name.rpartition(".")[2] in _INSIDE or name.endswith(".home.arpa")
