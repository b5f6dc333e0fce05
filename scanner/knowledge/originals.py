"""Lists of sites whose texts are worth having as originals, for `falsefront library crawl --list NAME`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scanner.domains import is_suffix, registrable
from scanner.knowledge.reader import KnowledgeError, SeedList, read_lines
from scanner.model import Date

LISTS = {"it-services": "originals/it_services.csv"}
"""Name on the command line -> file below `seeds/`."""
_COLUMNS = ["domain", "name", "source", "licence", "published"]


@dataclass(frozen=True, slots=True)
class Original:
    """One firm's site. source: `owner/name@commit` of the public list it was read in, published under `licence`."""

    domain: str
    name: str
    source: str
    licence: str
    published: Date


@cache
def load_originals(name: str, root: Path | None = None) -> tuple[tuple[Original, ...], SeedList]:
    """The sites of a shipped list, by domain. KnowledgeError for a list that isn't what its head says."""
    path = LISTS[name]
    seed = read_lines(path, root)
    rows = list(csv.reader(seed.entries))
    if rows[0] != _COLUMNS:
        raise KnowledgeError(f"{path}: its columns are {rows[0]}, not {_COLUMNS}")
    found: dict[str, Original] = {}
    for number, row in enumerate(rows[1:], 2):
        where = f"{path}: entry {number}"
        if len(row) != len(_COLUMNS) or not all(row):
            raise KnowledgeError(f"{where}: {row} has not all of {', '.join(_COLUMNS)}")
        domain = row[0]
        if is_suffix(domain) or registrable(domain) != domain or domain in found:
            raise KnowledgeError(f"{where}: {domain!r} is no registrable domain, or stands there twice")
        try:
            found[domain] = Original(domain, row[1], row[2], row[3], Date(row[4]))
        except ValueError as error:
            raise KnowledgeError(f"{where}: {error}") from None
    return tuple(found.values()), seed
