"""Since when a text has stood on a page: what the library saw of it, and captures of the page in the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np

from scanner.collect.archive import SpentError, Turns, capture, moment_of, page_index
from scanner.egress import EgressError, HttpAnswer, Network
from scanner.library import Match, Text
from scanner.likeness.shingles import Hashes, text_print
from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe import observe_in
from scanner.observe.archive import as_page
from scanner.parse import ParsePool
from scanner.store import ScanRecord, Store

CAPTURES = 4
"""Captures read of one page: each costs a turn of the archive's quota. One more where its index was asked."""
TURNS = 12
"""Questions to the archive for all likenesses of one target. Halving four times over tells the month of a change
among eight captures, so both sides of the surest likeness are dated in full (two times four, and an index each);
what is left goes to the next, whose one side is mostly dated by then."""
SAME_TEXT = 0.5
"""Share of the shared shingles from which a page holds the text: it may have been edited since."""
TELLING_WORDS = 40
"""Words from which a page without the text says that the text was not there: a page of a few words is an
empty shell, a notice or a page that fills itself by script."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The text two pages share, as its shingles, and the library's first sight of it on either site.

    ours, theirs: address and date of the earliest text of that site in the library that holds it: a page that
    was edited since still had it then.
    """

    hashes: Hashes
    ours: tuple[str, Date]
    theirs: tuple[str, Date]

    @classmethod
    def of(cls, text: Text, match: Match, ours: Sequence[Text], theirs: Sequence[Text]) -> Shared:
        """ours, theirs: what the library holds of the two domains. Everything else on the pages is left out:
        what stands around a lifted review says nothing of since when the review has been there."""
        mine = [text.tokens[one.ours_number] for one in match.passages]
        hashes = text_print(mine).hashes
        for other in theirs:
            if other.url == match.url and _holds_passages(other, match):
                their = [other.tokens[one.theirs_number] for one in match.passages]
                hashes = np.intersect1d(hashes, text_print(their).hashes)
                break
        hashes = np.unique(hashes)
        return cls(
            hashes,
            _first_sight(hashes, ours, (text.url, text.first_seen)),
            _first_sight(hashes, theirs, (match.url, match.first_seen)),
        )

    def held_by(self, tokens: Sequence[Sequence[str]]) -> bool:
        return _holds(tokens, self.hashes)


def _holds_passages(text: Text, match: Match) -> bool:
    return all(
        one.theirs_number < len(text.passages) and text.passages[one.theirs_number] == one.theirs
        for one in match.passages
    )


def _holds(tokens: Sequence[Sequence[str]], hashes: Hashes) -> bool:
    return bool(len(hashes)) and float(np.isin(hashes, text_print(tokens).hashes).mean()) >= SAME_TEXT


def _first_sight(hashes: Hashes, texts: Sequence[Text], known: tuple[str, Date]) -> tuple[str, Date]:
    sights = [known, *((text.url, text.first_seen) for text in texts if _holds(text.tokens, hashes))]
    return min(sights, key=lambda sight: sight[1].last)


@dataclass(frozen=True, slots=True)
class Dated:
    """What one capture showed: the evidence, and the observation it gives (none where it held no page)."""

    evidence: Evidence
    observed: Observed


@dataclass(slots=True)
class Purse:
    """What may still be asked for one target, and what was read already: a capture that several likenesses turn on
    costs one turn."""

    turns: Turns = field(default_factory=lambda: Turns(TURNS))
    captures: dict[tuple[str, str], Evidence] = field(default_factory=dict)
    indexes: dict[str, HttpAnswer] = field(default_factory=dict)

    def remember(self, evidence: Iterable[Evidence]) -> None:
        """Captures that were read before in this scan cost nothing."""
        for one in evidence:
            if (moment := moment_of(one.uri)) is not None:
                self.captures[moment] = one

    async def capture(self, network: Network, url: str, at: str) -> Evidence:
        """Raises EgressError, and SpentError when no turn is left."""
        if (url, at) not in self.captures:
            self.captures[url, at] = await capture(network, url, at, self.turns)
        return self.captures[url, at]

    async def index(self, network: Network, url: str) -> HttpAnswer:
        """Raises EgressError, and SpentError when no turn is left."""
        if url not in self.indexes:
            self.turns.spend()
            self.indexes[url] = await page_index(network, url)
        return self.indexes[url]


@dataclass(slots=True)
class Dating:
    """Reads captures of one page until it is known since when it has held a text.

    side: `ours` or `theirs`. other: the other site of the pair. url, domain: the page. purse: the target's.
    """

    network: Network
    parse: ParsePool
    side: str
    other: str
    url: str
    domain: str
    shared: Shared
    purse: Purse = field(default_factory=Purse)

    async def run(self, captures: Sequence[Observation]) -> tuple[list[Dated], Status, str]:
        """The captures read, oldest question first, and how the attempt ended.

        captures: what was observed of the page's domain (its `archive/capture` rows count). The first capture of
        the page is read; where it holds another text, the rest is halved until the change is found or CAPTURES are
        spent. Of a page that isn't the home page only the first is known: then the archive is asked for the others.
        """
        found: list[Dated] = []
        rows = captures_of(self.url, captures)
        if not rows:
            return found, Status.ABSENT, "no-captures of that page"
        try:
            if (
                not await self._read_of(rows, found, 0)
                and len(rows) == 1
                and _plain(self.url)[1:] != ("", "")
            ):
                await self._read_of(await self._asked(found), found, 1)
        except SpentError:
            return found, Status.OK, f"partial own limit of {TURNS} questions a target"
        except EgressError as error:
            return found, error.status, error.reason
        return found, Status.OK, ""

    async def _read_of(self, rows: Sequence[Observation], found: list[Dated], low: int) -> bool:
        """Reads on from `rows[low]`, halving; whether the text was seen. Those before are known to be without."""
        at, high, ever = low, len(rows), False
        while low < high and len(found) < CAPTURES:
            dated, held = await self._read(rows[at])
            found.append(dated)
            low, high = (low, at) if held else (at + 1, high)
            at, ever = (low + high) // 2, ever or held
        return ever

    async def _asked(self, found: list[Dated]) -> list[Observation]:
        """Every capture of this one address, the index answer kept as evidence."""
        answer = await self.purse.index(self.network, self.url)
        found.append(Dated(answer.evidence, Observed()))
        rows = await observe_in(self.parse, "archive", answer.evidence, About(self.domain))
        return captures_of(self.url, rows.observations)

    async def _read(self, row: Observation) -> tuple[Dated, bool]:
        """One capture: `seen` where it holds the text, `unseen` where it holds another, `unread` where it can't
        be told. Dated by the moment that was really captured: the archive gives the nearest it has."""
        assert row.starts is not None
        url = row.value.split(" ", 3)[3]
        evidence = await self.purse.capture(self.network, url, row.starts.first.strftime("%Y%m%d%H%M%S"))
        page = as_page(evidence)
        name, bound, at = "unread", Bound.AT, row.starts
        if page is not None:
            at = Date.of(page.fetched_at)
            observed = await observe_in(self.parse, "website", page, About(self.domain, texts=True))
            text = observed.text
            if text is not None and self.shared.held_by(text.tokens):
                name, bound = "seen", Bound.NOT_AFTER
            elif text is not None and sum(map(len, text.tokens)) >= TELLING_WORDS:
                name, bound = "unseen", Bound.NOT_BEFORE
        value = f"{self.side} {self.other} {url}"
        seen = Observation("copy", name, value, "captures", at, None, bound, evidence.digest)
        return Dated(evidence, Observed((seen,))), name == "seen"


def captures_kept(store: Store, record: ScanRecord, domain: str) -> list[Evidence]:
    """The captures of a target's home page that the scan has read."""
    stored = (each for each in store.evidence_of(record, domain) if each.source == "archive")
    return [each.evidence for each in stored if moment_of(each.evidence.uri) is not None]


def captures_of(url: str, rows: Iterable[Observation]) -> list[Observation]:
    """The captures of one address that held a page, oldest first (scheme, www and a last slash play no part)."""
    wanted = _plain(url)
    found = [
        row
        for row in rows
        if row.starts is not None
        and (row.kind, row.name) == ("archive", "capture")
        and row.value.startswith("200 text/html ")
        and _plain(row.value.split(" ", 3)[3]) == wanted
    ]
    by_date = {row.starts: row for row in found if row.starts is not None}
    return [by_date[date] for date in sorted(by_date, key=lambda date: date.first)]


def _plain(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # an archive keeps addresses that no one can open
        return "", url, ""
    path = parts.path.rstrip("/").removesuffix("/index.html").removesuffix(".html")
    return host.removeprefix("www."), path, parts.query
