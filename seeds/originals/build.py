"""Holds `it_services.csv` against newer copies of the lists it was chosen from.

    python -m seeds.originals.build owner/name=FOLDER [owner/name=FOLDER ...]

FOLDER is a checkout of that repository. Printed are the entries that it no longer names (`gone`), and the domains
it names that are not in our list (`new`), for a person to judge: large brands, products, shops and bare profiles
stay out. Nothing is written, and nothing is taken over unread.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scanner.knowledge import Kind, place_of
from scanner.knowledge.originals import load_originals

_LINK = re.compile(r"https?://[^\s\[\]()<>\"'|,]+", re.IGNORECASE)
_TEXTS = {".md", ".adoc", ".txt", ".csv", ".yml", ".yaml", ".json"}
MOST_BYTES = 4 << 20


def domains_in(folder: Path) -> set[str]:
    """Registrable domains of the sites that the texts of a folder link to; no profiles, shorteners and the like."""
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _TEXTS and path.stat().st_size <= MOST_BYTES:
            found |= set(_sites(path.read_text("utf-8", "replace")))
    return found


def _sites(text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        try:
            place = place_of(link)
        except ValueError:
            continue
        if place.kind is Kind.SITE:
            yield place.domain


def held_against(name: str, folders: dict[str, Path]) -> Iterator[str]:
    """A line for each difference: `gone DOMAIN SOURCE`, `new DOMAIN REPOSITORY`."""
    sites, _ = load_originals(name)
    listed = {site.domain for site in sites}
    for repository, folder in sorted(folders.items()):
        there = domains_in(folder)
        for site in sites:
            if site.source.partition("@")[0] == repository and site.domain not in there:
                yield f"gone {site.domain} {site.source}"
        for domain in sorted(there - listed):
            yield f"new {domain} {repository}"


def main(arguments: list[str]) -> int:
    given = [argument.partition("=") for argument in arguments]
    if not given or not all(repository and folder for repository, _, folder in given):
        sys.stderr.write("usage: python -m seeds.originals.build owner/name=FOLDER ...\n")
        return 2
    for line in held_against("it-services", {repository: Path(folder) for repository, _, folder in given}):
        sys.stdout.write(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
