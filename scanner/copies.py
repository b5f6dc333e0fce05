"""Whose text is this: what a scan asks the library, and how both sides of a likeness are dated.

What is found is written down as the scan's own observations (`copy/*`): checks and `rescore` read those and ask
nothing again. Dates come from captures of that very text in the archive; the certificate log and the registration
bound them (see `checks.copy`).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from scanner.collect.archive import capture, page_index
from scanner.domains import host_of, registrable
from scanner.egress import EgressError, Network
from scanner.library import Library, Match, Reuse, Text
from scanner.likeness import common_passages, names_of, tokens
from scanner.likeness.compare import TEMPLATE_WORDS, UNFILLED_SHARE, Alike
from scanner.likeness.shingles import Hashes, text_print
from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe import observe_in
from scanner.observe.archive import as_page
from scanner.parse import ParsePool

SITES_SHOWN = 3
"""Other sites written down for one target: the surest likeness first."""
PASSAGES_SHOWN = 3
CAPTURES = 4
"""Captures read of one page: each costs a turn of the archive's quota. One more where its index was asked."""
SAME_TEXT = 0.5
"""Share of the shared shingles from which a page holds the text: it may have been edited since."""
TELLING_WORDS = 40
"""Words from which a page without the text says that the text was not there: a page of a few words is an
empty shell, a notice or a page that fills itself by script."""

WORTH_DATING = frozenset({Alike.STRONG, Alike.PARTIAL})
"""Likenesses that are worth the archive's time: the rest is phrases that many sites share."""
_RANK = {kind: rank for rank, kind in enumerate(Alike)}


@dataclass(frozen=True, slots=True)
class Likeness:
    """One page of ours and the page of another site that shares most of it."""

    ours: Text
    match: Match

    @property
    def kind(self) -> Alike:
        return self.match.kind

    @property
    def worth_dating(self) -> bool:
        return self.kind in WORTH_DATING


def likenesses(library: Library, domain: str) -> list[Likeness]:
    """For every other site that shares text with this one, the pair of pages that is most alike.

    Blocking: call it in a thread. At most SITES_SHOWN sites, the surest likeness first; one more where the site
    that had its text earliest isn't among them: copies of one text must not push its original out of sight.
    """
    best: dict[str, Likeness] = {}
    for text in library.texts_of(domain):
        for match in library.search(text):
            found = Likeness(text, match)
            known = best.get(match.domain)
            if match.kind is not Alike.NOTHING and (known is None or _surest(found) < _surest(known)):
                best[match.domain] = found
    ordered = sorted(best.values(), key=_surest)
    shown = ordered[:SITES_SHOWN]
    worth = [found for found in ordered if found.worth_dating]
    eldest = min(worth, key=lambda found: found.match.first_seen.last, default=None)
    return shown if eldest is None or eldest in shown else [*shown, eldest]


def _surest(found: Likeness) -> tuple[int, int, str, str]:
    return _RANK[found.kind], -found.match.words, found.match.domain, found.match.url


def kinds_of(library: Library, domain: str) -> list[dict[str, object]]:
    """The same as plain values, for showing."""
    return [
        {
            "domain": one.match.domain,
            "kind": one.kind.value,
            "words": one.match.words,
            "ours": one.ours.url,
            "theirs": one.match.url,
            "first_seen": str(one.match.first_seen),
        }
        for one in likenesses(library, domain)
    ]


def written(found: Likeness, shared: Shared) -> tuple[Observation, ...]:
    """The likeness as observations: the pair, its longest shared passages side by side, and when the library
    first saw the shared text on each side."""
    match = found.match
    what = {
        "kind": found.kind.value,
        "domain": match.domain,
        "ours": found.ours.url,
        "theirs": match.url,
        "words": match.words,
        "containment": round(match.containment, 3),
        "contained": round(match.contained, 3),
    }
    rows = [Observation("copy", "match", _json(what), "library")]
    for passage in match.passages[:PASSAGES_SHOWN]:
        shown = {
            "domain": match.domain,
            "words": passage.words,
            "ours": passage.ours,
            "theirs": passage.theirs,
        }
        rows.append(Observation("copy", "passage", _json(shown), "library"))
    for side, (url, date) in (("ours", shared.ours), ("theirs", shared.theirs)):
        value = f"{side} {match.domain} {url}"
        rows.append(Observation("copy", "seen", value, "library", date, None, Bound.NOT_AFTER))
    return tuple(rows)


def reused(library: Library, domain: str) -> tuple[Text, Reuse] | None:
    """The page of a domain with most text that many other domains have too; None where there is none to speak of.

    Blocking: call it in a thread.
    """
    pages = [(text, library.reuse(text)) for text in library.texts_of(domain)]
    most = max(pages, key=lambda page: (page[1].words, page[0].url), default=None)
    return most if most is not None and most[1].words >= TEMPLATE_WORDS else None


def written_reuse(text: Text, reuse: Reuse) -> Observation:
    """Text that many have, as an observation."""
    what: dict[str, object] = {
        "kind": (Alike.UNFILLED if reuse.share >= UNFILLED_SHARE else Alike.TEMPLATE).value,
        "ours": text.url,
        "words": reuse.words,
        "share": round(reuse.share, 3),
        "domains": reuse.domains,
        "examples": list(reuse.examples),
    }
    return Observation("copy", "template", _json(what), "library")


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


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
    def of(cls, found: Likeness, ours: Sequence[Text], theirs: Sequence[Text]) -> Shared:
        """ours, theirs: what the library holds of the two domains. Everything else on the pages is left out:
        what stands around a lifted review says nothing of since when the review has been there."""
        match = found.match
        mine = [found.ours.tokens[one.ours_number] for one in match.passages]
        hashes = text_print(mine).hashes
        for text in theirs:
            if text.url == match.url and _holds_passages(text, match):
                their = [text.tokens[one.theirs_number] for one in match.passages]
                hashes = np.intersect1d(hashes, text_print(their).hashes)
                break
        hashes = np.unique(hashes)
        return cls(
            hashes,
            _first_sight(hashes, ours, (found.ours.url, found.ours.first_seen)),
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
class Dating:
    """Reads captures of one page until it is known since when it has held a text.

    side: `ours` or `theirs`. other: the other site of the pair. url, domain: the page.
    """

    network: Network
    parse: ParsePool
    side: str
    other: str
    url: str
    domain: str
    shared: Shared

    async def run(self, captures: Sequence[Observation]) -> tuple[list[Dated], Status, str]:
        """The captures read, oldest question first, and how the attempt ended.

        captures: `archive/capture` rows of the page's domain. The first capture of the page is read; where it
        holds another text, the rest is halved until the change is found or CAPTURES are spent. Of a page that
        isn't the home page only the first is known: then the archive is asked for the others.
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
        answer = await page_index(self.network, self.url)
        found.append(Dated(answer.evidence, Observed()))
        rows = await observe_in(self.parse, "archive", answer.evidence, About(self.domain))
        return captures_of(self.url, [row for row in rows.observations if row.name == "capture"])

    async def _read(self, row: Observation) -> tuple[Dated, bool]:
        """One capture: `seen` where it holds the text, `unseen` where it holds another, `unread` where it can't
        be told. Dated by the moment that was really captured: the archive gives the nearest it has."""
        assert row.starts is not None
        url = row.value.split(" ", 3)[3]
        evidence = await capture(self.network, url, row.starts.first.strftime("%Y%m%d%H%M%S"))
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


def datings(found: Likeness, shared: Shared, network: Network, parse: ParsePool) -> tuple[Dating, Dating]:
    """Both sides of a pair, ours first."""
    other = found.match.domain
    return (
        Dating(network, parse, "ours", other, found.ours.url, found.ours.domain, shared),
        Dating(network, parse, "theirs", other, found.match.url, other, shared),
    )


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


def _plain(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # an archive keeps addresses that no one can open
        return "", url, ""
    path = parts.path.rstrip("/").removesuffix("/index.html").removesuffix(".html")
    return host.removeprefix("www."), path, parts.query


class Shelf:
    """The library of a scan, off the event loop: one call at a time, in a thread."""

    def __init__(self, library: Library):
        self._library = library
        self._turn = asyncio.Lock()
        self._ahead: dict[str, list[Likeness]] = {}  # true as long as nothing is added

    async def add(self, texts: Sequence[Text]) -> None:
        if texts:
            async with self._turn:
                self._ahead.clear()
                await asyncio.to_thread(self._library.add, texts)

    async def look_ahead(self, domains: Iterable[str]) -> None:
        """Ask now what `likenesses` will be asked soon."""
        for domain in domains:
            async with self._turn:
                self._ahead[domain] = await asyncio.to_thread(likenesses, self._library, domain)

    async def likenesses(self, domain: str) -> list[Likeness]:
        async with self._turn:
            found = self._ahead.pop(domain, None)
            return await asyncio.to_thread(likenesses, self._library, domain) if found is None else found

    async def reused(self, domain: str) -> tuple[Text, Reuse] | None:
        async with self._turn:
            return await asyncio.to_thread(reused, self._library, domain)

    async def shared(self, found: Likeness) -> Shared:
        """The text of a likeness, with the library's first sights of it."""

        def read() -> Shared:
            texts_of = self._library.texts_of
            return Shared.of(found, texts_of(found.ours.domain), texts_of(found.match.domain))

        async with self._turn:
            return await asyncio.to_thread(read)


def opened(path: Path) -> Library:
    """The library at a path, made where there is none. It knows the shipped texts that are nobody's."""
    library = Library(path)
    try:
        if not library.background():
            nobody = names_of("", "", (), ())
            library.add_background(tokens(passage, nobody) for passage in common_passages())
    except BaseException:
        library.close()
        raise
    return library


_LEGAL_PATH = re.compile(
    r"(?i)(?:^|[/_.-])(?:privacy|cookies?|terms|conditions|legal|disclaimer|gdpr|imprint|impressum|datenschutz\w*|agb|"
    r"mentions-legales|politique-de-confidentialite|aviso-legal|privacidad|tos|eula)(?:$|[/_.-])"
)
_LEGAL_TITLE = re.compile(
    r"(?i)(?:^|[|:\u2013\u2014-])\s*(?:privacy (?:policy|notice|statement)|cookie (?:policy|notice|declaration)|"
    r"terms (?:of|and|&) \w+|legal (?:notice|information)|imprint|disclaimer|impressum|datenschutz\w*|"
    r"mentions l[eé]gales|aviso legal|pol[ií]tica de privacidad)\b"
)


def is_legal(url: str, title: str) -> bool:
    """Whether a page holds legal phrases: every firm takes them from somewhere, so they are nobody's text."""
    path = urlsplit(url).path.rstrip("/")
    return bool(path) and bool(_LEGAL_PATH.search(path) or _LEGAL_TITLE.search(title))


def text_of(observed: Observed, evidence: Evidence, domain: str, seen_in: str) -> Text | None:
    """What the library keeps of a page that was just read; None for one without main text of its own, for a
    page of legal phrases, and for a page of another domain (where a redirect led)."""
    if observed.text is None or not observed.text.passages:
        return None
    if is_legal(evidence.uri, observed.page.title if observed.page else ""):
        return None
    if registrable(host_of(evidence.uri)) not in (domain, ""):
        return None
    seen = Date.of(evidence.fetched_at)
    return Text(evidence.uri, domain, observed.text.passages, observed.text.tokens, seen, seen_in)
