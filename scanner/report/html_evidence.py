"""The appendix: every fetch a report cites, numbered in the order in which it is cited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanner.report.html_words import FETCHES, SOURCES
from scanner.store.fetches import Fetch

MOST_CITED = 6
"""Numbers shown for one fact; a fact about all pages of a site rests on all of them."""


def kind_of(fetch: Fetch) -> str:
    """The source of a fetch; `rendered` for what a browser made of a page whose text only scripts write."""
    rendered = fetch.source == "screenshot" and fetch.media_type.startswith("text/html")
    return "rendered" if rendered else fetch.source


@dataclass(frozen=True, slots=True)
class Source:
    """The fetches of one source behind a fact: numbers of the appendix, and the day of the first. `short` is the
    source's own name."""

    name: str
    short: str
    day: str
    numbers: tuple[int, ...]
    more: int = 0


class Appendix:
    """Numbers fetches as they are cited. `entries` are those cited so far, in that order."""

    def __init__(self, fetches: Iterable[Fetch]) -> None:
        self.all: Mapping[int, Fetch] = {fetch.id: fetch for fetch in fetches}
        self._numbers: dict[int, int] = {}
        self._by_page: dict[tuple[str, str], int] = {}
        for fetch in self.all.values():
            self._by_page.setdefault((fetch.source, fetch.uri), fetch.id)

    @property
    def entries(self) -> tuple[tuple[int, Fetch, str], ...]:
        """Number, fetch, and what it is a fetch of in words."""
        numbered = ((number, self.all[id]) for id, number in self._numbers.items())
        return tuple((number, fetch, FETCHES.get(kind_of(fetch), fetch.source)) for number, fetch in numbered)

    @property
    def digest(self) -> str:
        """Of everything the scan fetched, cited or not: SHA-256 of the sorted digests, one a line."""
        lines = "".join(f"{digest}\n" for digest in sorted(fetch.digest for fetch in self.all.values()))
        return "sha256:" + hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(sorted({fetch.warc_file for fetch in self.all.values()}))

    def cite(self, ids: Iterable[int | None]) -> tuple[Source, ...]:
        """The sources of a fact, by name. Ids that are not this scan's are left out."""
        groups: dict[str, list[int]] = {}
        for id in dict.fromkeys(ids):
            if id is not None and id in self.all:
                groups.setdefault(kind_of(self.all[id]), []).append(id)
        return tuple(self._source(name, groups[name]) for name in sorted(groups))

    def page(self, url: str) -> tuple[Source, ...]:
        """The fetch of a page of a site, where this scan has one."""
        return self.cite([self._by_page.get(("website", url))])

    def _source(self, name: str, ids: list[int]) -> Source:
        shown = ids[:MOST_CITED]
        numbers = tuple(sorted(self._numbers.setdefault(id, len(self._numbers) + 1) for id in shown))
        day = min(self.all[id].fetched_at for id in ids)[:10]
        return Source(SOURCES.get(name, name), name, day, numbers, len(ids) - len(shown))
