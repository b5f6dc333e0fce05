"""Hosts and registrable domains of the addresses a page names, remembered across pages."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import scanner.domains


@lru_cache(maxsize=16_384)
def registrable(host: str) -> str:
    """`scanner.domains.registrable`, cached by spelling: pages of a site name the same hosts again and again."""
    return scanner.domains.registrable(host) if host and len(host) <= 1024 else ""


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """Host of a URL, lower case; "" when it has none or cannot be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
