"""Which addresses are public: globally routable unicast. The door dials no others, and only of these is asked whose
network they are in.

The list is our own. `ipaddress.is_global` answers differently from version to version and calls
`2002:7f00:1::`, `64:ff9b::7f00:1`, `fec0::1` and `ff02::1` global on Python 3.11. Sources: the IANA IPv4 and
IPv6 special-purpose address registries (RFC 6890 and updates), RFC 3879, RFC 4291, RFC 9637.
"""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL_V4: tuple[tuple[ipaddress.IPv4Network, str], ...] = tuple(
    (ipaddress.IPv4Network(network), words)
    for network, words in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private use"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud platform service"),  # Azure's host, an ordinary address by number only
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private use"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private use"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6: tuple[tuple[ipaddress.IPv6Network, str], ...] = tuple(
    (ipaddress.IPv6Network(network), words)
    for network, words in (
        ("2001::/23", "protocol assignments, Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
    )
)


def special(ip: IPAddress) -> str:
    """What an address is set aside for, in a few words; "" for a public one.

    >>> special(ipaddress.ip_address("10.0.0.1")), special(ipaddress.ip_address("93.184.216.34"))
    ('private use', '')
    """
    if isinstance(ip, ipaddress.IPv4Address):
        return next((words for network, words in _SPECIAL_V4 if ip in network), "")
    if ip.scope_id is not None or ip not in _GLOBAL_V6:
        return "not global unicast"
    return next((words for network, words in _SPECIAL_V6 if ip in network), "")


def unmapped(ip: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv4-mapped IPv6 one; any other as it is."""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None and ip.scope_id is None:
        return ip.ipv4_mapped
    return ip


def is_public(address: str) -> bool:
    """Whether the address is globally routable unicast; False for what is no address.

    >>> is_public("93.184.216.34"), is_public("::ffff:10.0.0.1"), is_public("2001:db8::1")
    (True, False, False)
    """
    try:
        return not special(unmapped(ipaddress.ip_address(address)))
    except ValueError:
        return False
