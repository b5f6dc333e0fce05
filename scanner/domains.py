"""Host names: from what a person wrote to the registrable domain that is looked at.

Offline and pure. Suffixes come from the Public Suffix List snapshot inside tldextract, private section on:
`jane.github.io` is its own target. Names are taken to ASCII as browsers do (UTS-46, non-transitional,
CheckHyphens off, VerifyDnsLength on), so that an emoji domain or a leading hyphen, both in real use, pass.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

import idna
import tldextract

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
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_NUMBER = re.compile(r"(?:0[xX][0-9A-Fa-f]*|\d+)\Z")
_RTL = frozenset({"R", "AL", "AN"})


class DomainError(ValueError):
    """The text is no host name; the message is one line."""


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


@lru_cache(maxsize=65_536)
def _split(host: str) -> Host:
    if _is_ip(host):
        return Host(host, is_address=True)
    found = _extract()(host)
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


class _Extract:
    """The snapshot, with the platforms it lacks read as private suffixes."""

    def __call__(self, host: str) -> _Found:
        for platform in _MORE_PLATFORMS:
            if host.endswith("." + platform):
                labels = host[: -len(platform) - 1].split(".")
                if labels == ["www"]:
                    break
                return _Found(".".join(labels[:-1]), labels[-1], platform, True)
        found = _extractor().extract_str(host)
        return _Found(found.subdomain, found.domain, found.suffix, found.is_private)


@cache
def _extract() -> _Extract:
    return _Extract()


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
    return ascii_host.rpartition(".")[2] in ("example", "test") or bool(_extract()(ascii_host).suffix)


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


@lru_cache(maxsize=4096)  # a walk asks many times of each address
def host_of(url: str) -> str:
    """The host of an address as it stands there, lower case, no trailing dot; "" where none can be read.

    >>> host_of("https://jane@WWW.acme.example.:8443/x"), host_of("mailto:x@acme.example"), host_of("http://[/")
    ('www.acme.example', '', '')
    """
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


# ------------------------------------------------------------------------------------------ spelling


def to_ascii(host: str) -> str:
    """The host as it stands in DNS: lower case, A-labels, no trailing dot; IP literals in usual spelling.

    >>> to_ascii("Bücher.example"), to_ascii("0x7f.1"), to_ascii("[::FFFF:127.0.0.1]")
    ('xn--bcher-kva.example', '127.0.0.1', '::ffff:127.0.0.1')

    Raises DomainError, one line, for nonsense: empty labels, characters no host name has, labels over 63
    or names over 253 characters, broken A-labels.
    """
    if len(host) > 1024:
        raise DomainError("host name of over 1024 characters")
    literal = _bracketed(host)
    if literal:
        return literal
    try:
        mapped = idna.uts46_remap(host, std3_rules=False)
    except (idna.IDNAError, UnicodeError) as error:
        raise DomainError(f"{_show(host)} holds a character no host name may have") from error
    name = ".".join(_label_to_ascii(label, host) for label in _labels(mapped, host))
    if len(name) > 253:
        raise DomainError(f"host name of {len(name)} characters (253 at most)")
    _check_bidi(name, host)
    return ip_literal(name) or name


def to_display(host: str) -> str:
    """The host for people: Unicode where that misleads nobody, else the A-labels.

    A label that mixes Latin with another alphabet stays in its ASCII form, as browsers show it.

    >>> to_display("xn--bcher-kva.example"), to_display("xn--pypal-4ve.example")
    ('bücher.example', 'xn--pypal-4ve.example')
    """
    return ".".join(_label_to_display(label) for label in host.split("."))


def ip_literal(host: str) -> str:
    """The usual spelling of an IP address written any way a browser takes it, "" for a name.

    >>> ip_literal("2130706433"), ip_literal("0177.0.0.1"), ip_literal("a.example")
    ('127.0.0.1', '127.0.0.1', '')

    Raises DomainError for a host that ends in a number and is no address ("1.2.3.4.5").
    """
    if ":" in host:
        return _ipv6(host)
    parts = host.rstrip(".").split(".")
    if not _NUMBER.match(parts[-1]):
        return ""
    try:
        numbers = [_number(part) for part in parts]
        if len(parts) > 4 or any(number > 255 for number in numbers[:-1]):
            raise ValueError
        value = numbers[-1]
        if value >= 256 ** (5 - len(numbers)):
            raise ValueError
        for place, number in enumerate(numbers[:-1]):
            value += number << (8 * (3 - place))
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise DomainError(f"{_show(host)} ends in a number but is no IP address") from None


def _number(text: str) -> int:
    if text[:2].lower() == "0x":
        return int(text[2:] or "0", 16)
    if not text.isascii() or not text.isdigit() or len(text) > 40:
        raise ValueError(text)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)


def _ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise DomainError(f"{_show(text)} is no IPv6 address") from None
    if address.scope_id:
        raise DomainError(f"{_show(text)} names a network interface")
    mapped = address.ipv4_mapped
    return f"::ffff:{mapped}" if mapped else str(address)


def _bracketed(host: str) -> str:
    if host[:1] == "[" and host[-1:] == "]":
        return _ipv6(host[1:-1])
    return _ipv6(host) if host.count(":") > 1 else ""


def _is_ip(host: str) -> bool:
    return ":" in host or bool(_NUMBER.match(host.rpartition(".")[2]))


def _labels(mapped: str, host: str) -> list[str]:
    labels = _DOTS.split(mapped)
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    if not all(labels):
        raise DomainError(f"{_show(host)} has an empty label" if host.strip(". ") else "empty host name")
    return labels


def _label_to_ascii(label: str, host: str) -> str:
    if label.isascii():
        if not _LABEL.match(label):
            what = "a label of over 63 characters" if len(label) > 63 else "a character no host name may have"
            raise DomainError(f"{_show(host)} holds {what}")
        if label.startswith("xn--"):
            _decode(label, host)
        return label
    _check_unicode_label(label, host)
    try:
        encoded = "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:  # a lone surrogate
        raise DomainError(f"{_show(host)} holds a character no host name may have") from None
    if len(encoded) > 63:
        raise DomainError(f"{_show(host)} holds a label of over 63 characters")
    return encoded


def _decode(label: str, host: str) -> str:
    """The Unicode form of an A-label; it must be what UTS-46 would have made of it."""
    problem = DomainError(f"{_show(host)} holds a broken A-label ({label[:40]})")
    try:
        text = label[4:].encode("ascii").decode("punycode")
        if not text or text.isascii() or idna.uts46_remap(text, std3_rules=False) != text:
            raise problem
        if "xn--" + text.encode("punycode").decode("ascii") != label:
            raise problem
    except (UnicodeError, ValueError, OverflowError) as error:
        raise problem from (None if error is problem else error)
    _check_unicode_label(text, host)
    return text


def _check_unicode_label(label: str, host: str) -> None:
    if len(label) > 63:
        raise DomainError(f"{_show(host)} holds a label of over 63 characters")
    try:
        idna.check_initial_combiner(label)
        joiners = (pos for pos, char in enumerate(label) if char in "\u200c\u200d")
        ok = all(idna.valid_contextj(label, pos) for pos in joiners)
    except (idna.IDNAError, ValueError):
        ok = False
    ascii_part = "".join(char for char in label if char.isascii())
    if (
        not ok
        or "." in label
        or label.startswith("xn--")
        or (ascii_part and not re.fullmatch(r"[a-z0-9_-]+", ascii_part))
    ):
        raise DomainError(f"{_show(host)} holds a character no host name may have there")


def _check_bidi(name: str, host: str) -> None:
    """RFC 5893: once a name holds right-to-left letters, every label keeps its rule."""
    if "xn--" not in name:
        return
    labels = [_decode(label, host) if label.startswith("xn--") else label for label in name.split(".")]
    if not any(unicodedata.bidirectional(char) in _RTL for char in "".join(labels)):
        return
    try:
        for label in labels:
            idna.check_bidi(label, check_ltr=True)
    except idna.IDNAError as error:
        raise DomainError(f"{_show(host)} mixes writing directions in a way no host name may") from error


def _label_to_display(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        text = _decode(label, label)
    except DomainError:
        return label
    if not all(char.isprintable() for char in text):
        return label
    alphabets = {unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()}
    return label if "LATIN" in alphabets and len(alphabets) > 1 else text


def _show(text: str) -> str:
    """Untrusted text for a message: one line, short, nothing that a terminal would act on."""
    return ascii(text[:60] + ("…" if len(text) > 60 else "")) if not text.isprintable() else repr(text[:60])
