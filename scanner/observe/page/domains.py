"""Registrable domains of the hosts a page names, remembered: the pages of a site name the same ones again and again."""

from __future__ import annotations

from functools import lru_cache

from scanner import domains


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    return domains.registrable(host)


def registrable(host: str) -> str:
    """As `scanner.domains.registrable`; what is too long for a host is not remembered."""
    return _registrable(host) if len(host) <= 255 else ""
