"""Whose text is this: what a scan asks the library, and how both sides of a likeness are dated.

What is found is written down as the scan's own observations (`copy/*`): checks and `rescore` read those and ask
nothing again. Dates come from captures of that very text in the archive; the certificate log and the registration
bound them (see `checks.copy`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from scanner.collect.archive import capture
from scanner.egress import EgressError, Network
from scanner.library import Library, Match, Text
from scanner.likeness.compare import compare
from scanner.likeness.kinds import kind_of
from scanner.likeness.shingles import text_print
from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe import observe_in
from scanner.observe.archive import as_page
from scanner.parse import ParsePool

SITES_SHOWN = 3
"""Other sites written down for one target: who shares most comes first."""
PASSAGES_SHOWN = 3
CAPTURES = 4
"""Captures read of one page: each costs a turn of the archive's quota."""
SAME_TEXT = 0.5
"""Containment from which a capture holds the same text: a page edited since keeps that much."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One page of ours and the page of another site that shares most of it."""

    ours: Text
    match: Match
    kind: str


def likenesses(library: Library, domain: str) -> list[Likeness]:
    """For every other site that shares text with this one, the pair of pages that shares most.

    Blocking: call it in a thread. At most SITES_SHOWN sites, most shared rare words first.
    """
    best: dict[str, Likeness] = {}
    for text in library.texts_of(domain):
        for match in library.search(text):
            known = best.get(match.domain)
            if known is None or match.words > known.match.words:
                best[match.domain] = Likeness(text, match, kind_of(match.likeness))
    ordered = sorted(best.values(), key=lambda found: (-found.match.words, found.match.domain))
    return ordered[:SITES_SHOWN]


def kinds_of(library: Library, domain: str) -> list[dict[str, object]]:
    """The same as plain values, for showing."""
    return [
        {
            "domain": one.match.domain,
            "kind": one.kind,
            "words": one.match.words,
            "ours": one.ours.url,
            "theirs": one.match.url,
            "first_seen": str(one.match.first_seen),
        }
        for one in likenesses(library, domain)
    ]


def written(found: Likeness) -> tuple[Observation, ...]:
    """The likeness as observations: the pair, and its longest shared passages side by side."""
    match = found.match
    what = {
        "kind": found.kind,
        "domain": match.domain,
        "ours": found.ours.url,
        "theirs": match.url,
        "words": match.words,
        "containment": round(match.containment, 3),
        "contained": round(match.contained, 3),
    }
    rows = [Observation("copy", "match", _json(what), "library", match.first_seen, None, Bound.NOT_AFTER)]
    for passage in match.passages[:PASSAGES_SHOWN]:
        shown = {
            "domain": match.domain,
            "words": passage.words,
            "ours": passage.ours,
            "theirs": passage.theirs,
        }
        rows.append(Observation("copy", "passage", _json(shown), "library"))
    return tuple(rows)


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Dated:
    """What one capture showed: the evidence, and the observation it gives (none where it held no page)."""

    evidence: Evidence
    observed: Observed


@dataclass(slots=True)
class Dating:
    """Reads captures of one page until it is known since when it has held a text.

    side: `ours` or `theirs`. other: the other site of the pair. text: the page's text now.
    """

    network: Network
    parse: ParsePool
    side: str
    other: str
    text: Text

    async def run(self, captures: Sequence[Observation]) -> tuple[list[Dated], Status, str]:
        """The captures read, oldest question first, and how the attempt ended.

        captures: `archive/capture` rows of the page's domain. The first capture of the page is read; where it
        holds another text, the rest is halved until the change is found or CAPTURES are spent.
        """
        found: list[Dated] = []
        rows = captures_of(self.text.url, captures)
        low, high = 0, len(rows)
        at = 0
        while low < high and len(found) < CAPTURES:
            try:
                dated, held = await self._read(rows[at])
            except EgressError as error:
                return found, error.status, error.reason
            found.append(dated)
            low, high = (low, at) if held else (at + 1, high)
            at = (low + high) // 2
        return found, Status.OK if rows else Status.ABSENT, "" if rows else "no-captures of that page"

    async def _read(self, row: Observation) -> tuple[Dated, bool]:
        assert row.starts is not None
        url = row.value.split(" ", 3)[3]
        evidence = await capture(self.network, url, row.starts.first.strftime("%Y%m%d%H%M%S"))
        page = as_page(evidence)
        text = None
        if page is not None:
            observed = await observe_in(self.parse, "website", page, About(self.text.domain, texts=True))
            text = observed.text
        if text is None:
            return Dated(evidence, Observed()), False
        then = text_print(text.tokens, "")
        now = text_print(self.text.tokens, "")
        held = compare(now, then).containment >= SAME_TEXT
        name, bound = ("seen", Bound.NOT_AFTER) if held else ("unseen", Bound.NOT_BEFORE)
        value = f"{self.side} {self.other} {url}"
        seen = Observation("copy", name, value, "captures", row.starts, None, bound, evidence.digest)
        return Dated(evidence, Observed((seen,))), held


def captures_of(url: str, rows: Iterable[Observation]) -> list[Observation]:
    """The captures of one address that held a page, oldest first (scheme, www and a last slash play no part)."""
    wanted = _plain(url)
    found = [
        row
        for row in rows
        if row.starts is not None
        and row.value.startswith("200 text/html ")
        and _plain(row.value.split(" ", 3)[3]) == wanted
    ]
    by_date = {row.starts: row for row in found if row.starts is not None}
    return [by_date[date] for date in sorted(by_date, key=lambda date: date.first)]


def _plain(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    path = parts.path.rstrip("/").removesuffix("/index.html").removesuffix(".html")
    return (parts.hostname or "").removeprefix("www."), path


class Shelf:
    """The library of a scan, off the event loop: one call at a time, in a thread."""

    def __init__(self, library: Library):
        self._library = library
        self._turn = asyncio.Lock()

    async def add(self, texts: Sequence[Text]) -> None:
        if texts:
            async with self._turn:
                await asyncio.to_thread(self._library.add, texts)

    async def likenesses(self, domain: str) -> list[Likeness]:
        async with self._turn:
            return await asyncio.to_thread(likenesses, self._library, domain)

    async def texts_of(self, domain: str) -> list[Text]:
        async with self._turn:
            return await asyncio.to_thread(self._library.texts_of, domain)


def text_of(observed: Observed, evidence: Evidence, domain: str, seen_in: str) -> Text | None:
    """What the library keeps of a page that was just read; None for one without main text."""
    if observed.text is None or not observed.text.passages:
        return None
    seen = Date.of(evidence.fetched_at)
    return Text(evidence.uri, domain, observed.text.passages, observed.text.tokens, seen, seen_in)
