"""How a host name is spelled: from any script and any case to what stands in DNS, and back for people.

Names are taken to ASCII as browsers do (UTS-46, non-transitional, CheckHyphens off, VerifyDnsLength on), so that an
emoji domain or a leading hyphen, both in real use, pass. IP addresses are read in every spelling a browser takes.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache

import idna

from scanner.wording import quoted

_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_NUMBER = re.compile(r"(?:0[xX][0-9A-Fa-f]*|\d+)\Z")
_RTL = frozenset({"R", "AL", "AN"})


class DomainError(ValueError):
    """The text is no host name; the message is one line."""


@lru_cache(maxsize=8192)  # the names of one scan, asked for again and again
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
        raise DomainError(f"{quoted(host)} holds a character no host name may have") from error
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
        raise DomainError(f"{quoted(host)} ends in a number but is no IP address") from None


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
        raise DomainError(f"{quoted(text)} is no IPv6 address") from None
    if address.scope_id:
        raise DomainError(f"{quoted(text)} names a network interface")
    mapped = address.ipv4_mapped
    return f"::ffff:{mapped}" if mapped else str(address)


def _bracketed(host: str) -> str:
    if host[:1] == "[" and host[-1:] == "]":
        return _ipv6(host[1:-1])
    return _ipv6(host) if host.count(":") > 1 else ""


def is_ip(host: str) -> bool:
    """Whether an ASCII host name is an IP address in its usual spelling."""
    return ":" in host or bool(_NUMBER.match(host.rpartition(".")[2]))


def _labels(mapped: str, host: str) -> list[str]:
    labels = _DOTS.split(mapped)
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    if not all(labels):
        raise DomainError(f"{quoted(host)} has an empty label" if host.strip(". ") else "empty host name")
    return labels


def _label_to_ascii(label: str, host: str) -> str:
    if label.isascii():
        if not _LABEL.match(label):
            what = "a label of over 63 characters" if len(label) > 63 else "a character no host name may have"
            raise DomainError(f"{quoted(host)} holds {what}")
        if label.startswith("xn--"):
            _decode(label, host)
        return label
    _check_unicode_label(label, host)
    try:
        encoded = "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:  # a lone surrogate
        raise DomainError(f"{quoted(host)} holds a character no host name may have") from None
    if len(encoded) > 63:
        raise DomainError(f"{quoted(host)} holds a label of over 63 characters")
    return encoded


def _decode(label: str, host: str) -> str:
    """The Unicode form of an A-label; it must be what UTS-46 would have made of it."""
    problem = DomainError(f"{quoted(host)} holds a broken A-label ({label[:40]})")
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
        raise DomainError(f"{quoted(host)} holds a label of over 63 characters")
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
        raise DomainError(f"{quoted(host)} holds a character no host name may have there")


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
        raise DomainError(f"{quoted(host)} mixes writing directions in a way no host name may") from error


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
