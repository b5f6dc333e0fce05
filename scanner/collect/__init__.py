"""The sources, one module each. Adding one is a file here, one in `observe` and one in the world."""

from __future__ import annotations

from typing import cast

from scanner.collect import archive, ct, dns, github, rdap, screenshot, tls, website, whois
from scanner.collect.base import Job, Outcome, Source

__all__ = ["ASKED_FOR", "SOURCES", "Job", "Outcome", "Source"]

SOURCES: dict[str, Source] = {
    source.INFO.name: source
    for source in cast("list[Source]", [dns, rdap, whois, tls, ct, archive, website, github])
}
"""By name, in the order in which a person is told about them."""

ASKED_FOR: dict[str, Source] = {screenshot.INFO.name: cast("Source", screenshot)}
"""Sources that are no part of a scan unless a person asks for them."""
