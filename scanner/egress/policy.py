"""Which addresses may be dialled: public ones (`scanner.address_space`), ports 80 and 443 (43 for WHOIS)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable

import idna

from scanner.address_space import IPNetwork, special, unmapped

WEB_PORTS = frozenset({80, 443})
ALL_PORTS = frozenset({43, 80, 443})  # 43 for the one caller that speaks WHOIS

_LABEL = re.compile(r"[a-z0-9_-]{1,63}")  # with the underscore of _dmarc and its kin


def why_not(
    address: str, port: int, allow: Iterable[IPNetwork] = (), ports: frozenset[int] = ALL_PORTS
) -> str:
    """Why this address and port may not be dialled; "" when they may.

    Networks in `allow` pass with any port. The reason starts with `private-address`, `port-refused` or
    `bad-address`.

    >>> why_not("93.184.216.34", 443), why_not("10.0.0.1", 80), why_not("93.184.216.34", 22)
    ('', 'private-address 10.0.0.1 private use', 'port-refused 22')
    """
    try:
        ip = unmapped(ipaddress.ip_address(address))
    except ValueError:
        return f"bad-address {address!r}"[:80]
    if any(ip.version == network.version and ip in network for network in allow):
        return ""
    words = special(ip)
    if words:
        return f"private-address {ip} {words}"
    return "" if port in ports else f"port-refused {port}"


def literal(host: str) -> str:
    """The address a host spells, in canonical form; "" when it is a name.

    Reads what browsers and libc read: `2130706433`, `0x7f.1`, `0177.0.0.1`, full-width digits, brackets,
    IPv4 mapped into IPv6. Raises ValueError for a number that is no address (`256.1.1.1`). Source: WHATWG
    URL, host parsing.

    >>> literal("0x7f.1"), literal("[::ffff:10.0.0.1]"), literal("acme.example")
    ('127.0.0.1', '10.0.0.1', '')
    """
    text = _plain(host)
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    if ":" in text:
        ip = ipaddress.IPv6Address(text)
        return str(ip.ipv4_mapped) if ip.ipv4_mapped is not None and ip.scope_id is None else str(ip)
    parts = text.removesuffix(".").split(".")
    if not _numeric(parts[-1]):
        return ""
    return _ipv4(parts)


def ascii_name(host: str) -> str:
    """The host name as lower-case A-labels without a trailing dot. Raises ValueError when it can't be one.

    >>> ascii_name("Bücher.EXAMPLE.")
    'xn--bcher-kva.example'
    """
    text = _plain(host).removesuffix(".")
    if not text.isascii():
        try:
            text = idna.encode(text, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(f"not a host name: {host!r}") from error
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in text.split(".")):
        raise ValueError(f"not a host name: {host!r}"[:120])
    return text


def _plain(host: str) -> str:
    return unicodedata.normalize("NFKC", host).replace("。", ".").strip().lower()


def _numeric(part: str) -> bool:
    if part.isascii() and part.isdigit():
        return True
    return part.startswith("0x") and all(c in "0123456789abcdef" for c in part[2:])


def _ipv4(parts: list[str]) -> str:
    """Dotted parts in decimal, octal or hex, the last one filling the bytes that are left."""
    if len(parts) > 4:
        raise ValueError("more than four parts")
    numbers: list[int] = []
    for part in parts:
        if not _numeric(part) or len(part) > 24:
            raise ValueError(f"not a number: {part[:30]!r}")
        base = 16 if part.startswith("0x") else 8 if len(part) > 1 and part[0] == "0" else 10
        numbers.append(int(part[2:] or "0", 16) if base == 16 else int(part, base))
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(numbers)):
        raise ValueError("out of range")
    value = last + sum(number << (8 * (3 - place)) for place, number in enumerate(first))
    return str(ipaddress.IPv4Address(value))
