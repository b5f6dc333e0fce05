"""Hosts and registrable domains of the addresses a page names, remembered by spelling: the pages of a site name
the same ones again and again."""

from __future__ import annotations

from functools import lru_cache

from scanner import domains

host_of = lru_cache(maxsize=16_384)(domains.host_of)


@lru_cache(maxsize=16_384)
def _registrable(host: str) -> str:
    return domains.registrable(host)


def registrable(host: str) -> str:
    """As `scanner.domains.registrable`; what is too long for a host is not remembered."""
    return _registrable(host) if len(host) <= 255 else ""
