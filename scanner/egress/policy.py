"""Which addresses may be dialled: public ones (`scanner.address_space`), ports 80 and 443 (43 for WHOIS)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from scanner.address_space import IPNetwork, special, unmapped
from scanner.hostnames import DomainError, ip_literal, to_ascii

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


@lru_cache(maxsize=4096)  # a walk dials one host again and again
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
    if ":" in text:  # with an interface too (`fe80::1%eth0`): the policy refuses it by its own name
        return str(unmapped(ipaddress.IPv6Address(text)))
    return ip_literal(text)


@lru_cache(maxsize=4096)
def ascii_name(host: str) -> str:
    """The host name as lower-case A-labels without a trailing dot. Raises ValueError when it can't be one.

    >>> ascii_name("Bücher.EXAMPLE.")
    'xn--bcher-kva.example'
    """
    text = _plain(host).removesuffix(".")
    if not text.isascii():
        try:
            text = to_ascii(text)
        except DomainError as error:
            raise ValueError(f"not a host name: {host!r}"[:120]) from error
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in text.split(".")):
        raise ValueError(f"not a host name: {host!r}"[:120])
    return text


def _plain(host: str) -> str:
    return unicodedata.normalize("NFKC", host).replace("。", ".").strip().lower()
