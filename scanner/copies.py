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
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from scanner.dating import Dating, Purse, Shared
from scanner.domains import host_of, registrable
from scanner.egress import Network
from scanner.library import Library, Match, Reuse, Text
from scanner.likeness import names_of, tokens
from scanner.likeness.common import common_passages
from scanner.likeness.compare import TEMPLATE_WORDS, UNFILLED_SHARE, Alike
from scanner.model import Bound, Date, Evidence, Observation, Observed, Target, Why
from scanner.parse import ParsePool
from scanner.phrases import phrases_of
from scanner.shared_pictures import Wall

SITES_SHOWN = 3
"""Other sites written down for one target: the surest likeness first."""
PASSAGES_SHOWN = 3
ONE_CRAWL = timedelta(days=30)
"""Sights by ourselves that lie closer say in which order sites were visited, not which had its text first."""
WORTH_DATING = frozenset({Alike.STRONG, Alike.PARTIAL})
"""Likenesses that are worth the archive's time: the rest is phrases that many sites share."""
_RANK = {kind: rank for rank, kind in enumerate(Alike)}


@dataclass(frozen=True, slots=True)
class Likeness:
    """One page of ours and the page of another site that shares most of it. origin: of all that share our text, this
    site is the likeliest to have had it first."""

    ours: Text
    match: Match
    origin: bool = False

    @property
    def kind(self) -> Alike:
        return self.match.kind

    @property
    def worth_dating(self) -> bool:
        return self.kind in WORTH_DATING


def likenesses(library: Library, domain: str) -> list[Likeness]:
    """For every other site that shares text with this one, the pair of pages that is most alike.

    Blocking: call it in a thread. At most SITES_SHOWN sites, the surest likeness first; one more where the likeliest
    original isn't among them: copies of one text must not push it out of sight.
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
    origin = _likeliest_original(library, [found for found in ordered if found.worth_dating])
    if origin is None:
        return shown
    marked = replace(origin, origin=True)
    return [marked if one is origin else one for one in shown] + ([] if origin in shown else [marked])


def _likeliest_original(library: Library, worth: Sequence[Likeness]) -> Likeness | None:
    """Whom to ask first who had the text. The earliest sight counts; of sights within weeks of each other, as one
    crawl of a list has them, the site with most text of its own: a front is seldom more than what it took."""
    if not worth:
        return None
    first = min(found.match.first_seen.last for found in worth)
    at_once = [found for found in worth if found.match.first_seen.last - first <= ONE_CRAWL]
    if len(at_once) == 1:
        return at_once[0]
    return max(at_once, key=lambda found: library.texts_known(found.match.domain))


def worth_a_look(found: Iterable[Likeness]) -> list[Likeness]:
    """Those worth the archive's time, the likeliest original first: few sites are looked at for one target."""
    return sorted((one for one in found if one.worth_dating), key=lambda one: not one.origin)


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
        "sites": match.sites,
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


def reused(library: Library, domain: str) -> tuple[str, Reuse] | None:
    """The address of the page of a domain with most text that many other domains have too; None where there is none to
    speak of.

    Blocking: call it in a thread.
    """
    pages = [(text.url, library.reuse(text)) for text in library.texts_of(domain)]
    most = max(pages, key=lambda page: (page[1].words, page[0]), default=None)
    return most if most is not None and most[1].words >= TEMPLATE_WORDS else None


def written_reuse(url: str, reuse: Reuse) -> Observation:
    """Text that many have, as an observation."""
    what: dict[str, object] = {
        "kind": (Alike.UNFILLED if reuse.share >= UNFILLED_SHARE else Alike.TEMPLATE).value,
        "ours": url,
        "words": reuse.words,
        "share": round(reuse.share, 3),
        "domains": reuse.domains,
        "examples": list(reuse.examples),
    }
    return Observation("copy", "template", _json(what), "library")


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def lead_to(found: Likeness, target: Target) -> Target:
    """The site with the same text, as a lead: looked at to compare and to date, never judged."""
    return Target(found.match.domain, (found.match.url,), (), Why.LEAD, target.domain)


def datings(
    found: Likeness, shared: Shared, network: Network, parse: ParsePool, purse: Purse
) -> tuple[Dating, Dating]:
    """Both sides of a pair, ours first. purse: one for all pairs of a target."""
    other = found.match.domain
    return (
        Dating(network, parse, "ours", other, found.ours.url, found.ours.domain, shared, purse),
        Dating(network, parse, "theirs", other, found.match.url, other, shared, purse),
    )


@dataclass(frozen=True, slots=True)
class _Answers:
    """All that a scan asks of one domain's texts: each of them is looked up once for the three."""

    likenesses: list[Likeness]
    reused: tuple[str, Reuse] | None
    phrases: list[str]

    @classmethod
    def of(cls, library: Library, domain: str) -> _Answers:
        return cls(likenesses(library, domain), reused(library, domain), phrases_of(library, domain))


class Shelf:
    """The library of a scan, off the event loop: one call at a time, in a thread. wall: its pictures."""

    def __init__(self, library: Library):
        self._library = library
        self._turn = asyncio.Lock()
        self.wall = Wall(library)
        self._answers: dict[str, _Answers] = {}  # true as long as nothing is added

    async def add(self, texts: Sequence[Text]) -> None:
        if texts:
            async with self._turn:
                self._answers.clear()
                await asyncio.to_thread(self._library.add, texts)

    async def likenesses(self, domain: str) -> list[Likeness]:
        return (await self._asked(domain)).likenesses

    async def reused(self, domain: str) -> tuple[str, Reuse] | None:
        return (await self._asked(domain)).reused

    async def phrases(self, domain: str) -> list[str]:
        return (await self._asked(domain)).phrases

    def let_go(self) -> None:
        """What was answered is written down: of a long list it would be most of what a scan holds."""
        self._answers.clear()

    async def _asked(self, domain: str) -> _Answers:
        async with self._turn:
            if domain not in self._answers:
                self._answers[domain] = await asyncio.to_thread(_Answers.of, self._library, domain)
            return self._answers[domain]

    async def called(self, labels: Sequence[str]) -> list[str]:
        """Domains of the library whose own label is one of these."""
        async with self._turn:
            return await asyncio.to_thread(self._library.called, labels)

    async def shared(self, found: Likeness) -> Shared:
        """The text of a likeness, with the library's first sights of it."""

        def read() -> Shared:
            texts_of = self._library.texts_of
            return Shared.of(
                found.ours, found.match, texts_of(found.ours.domain), texts_of(found.match.domain)
            )

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
