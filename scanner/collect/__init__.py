"""The sources, one module each. Adding one is a file here, one in `observe` and one in the world."""

from __future__ import annotations

from typing import cast

from scanner.collect import archive, ct, dns, github, rdap, tls, website, whois
from scanner.collect.base import Job, Outcome, Source

__all__ = ["SOURCES", "Job", "Outcome", "Source"]

SOURCES: dict[str, Source] = {
    source.INFO.name: source
    for source in cast("list[Source]", [dns, rdap, whois, tls, ct, archive, website, github])
}
"""By name, in the order in which a person is told about them."""
