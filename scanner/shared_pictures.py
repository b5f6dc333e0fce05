"""Pictures that other sites show too: what a scan asks the library for, and how that is written down.

A picture weighs by its rarity: what many sites show is a theme's, a stock library's or a partner's. What is called
a logo or a stock picture on either side, and what has too little detail to tell, is written down as such and counts
for nothing. Whole pictures are compared; no face is.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from scanner.library import Library, Picture, PictureMatch
from scanner.library.pictures import NEAR
from scanner.model import Bound, Date, Observation, Observed, Target, Why

COMMON_SITES = 4
"""Other sites that show a picture from which it is nobody's in particular."""
SITES_SHOWN = 3
PICTURES_SHOWN = 6
COMMON_SHOWN = 5
ARCHIVE = "archive"
"""`seen_in` of a picture that the index of an archive lists, and nobody here has seen."""
WORTH_A_LOOK = 2
"""Rare pictures shared with a site from which it is looked at, as a lead."""

_LOGO = re.compile(
    r"(?i)logo|(?:\A|[/_.\s-])(?:partners?|clients?|customers?|brands?|badges?|seals?|certifi\w+|awards?|iso[\s_-]?\d{3,5})"
    r"(?:\Z|[/_.\s\d-])"
)
_THEME = re.compile(r"(?i)/(?:themes?|templates?|elementor/templates?|starter-sites?|demos?)/")
_STOCK = re.compile(
    r"(?i)(?:\A|[^a-z])(?:adobe-?stock|i?stock(?:-?photos?)?|shutterstock|depositphotos|dreamstime|123rf|getty\w*|"
    r"alamy|bigstock\w*|pexels|pixabay|unsplash|freepik|envato|elements-?envato|rawpixel|canva|placeholder|dummy|"
    r"demo)(?:\Z|[^a-z])"
)


def is_called_common(url: str) -> bool:
    """Whether a picture's address calls it a logo, a badge, a stock picture or a theme's; or is none at all."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:  # an archive keeps addresses that no one can open
        return True
    return any(pattern.search(path) for pattern in (_LOGO, _STOCK, _THEME))


@dataclass(frozen=True, slots=True)
class Meeting:
    """A picture of ours and the same one on another site. sites: how many others show it. capture: digest of the
    archive's copy of theirs, "" where none was fetched."""

    ours: Picture
    match: PictureMatch
    sites: int
    capture: str = ""

    @property
    def domain(self) -> str:
        return self.match.picture.domain

    @property
    def kind(self) -> str:
        """`photo`, which alone counts; `logo`, `stock` by what it is called on either side; `theme` where the same
        bytes lie at the same place of both sites, as what came with a theme does; `plain`: no detail."""
        words = " ".join(
            f"{unquote(urlsplit(one.url).path)} {one.alt}" for one in (self.ours, self.match.picture)
        )
        if _LOGO.search(words):
            return "logo"
        if _STOCK.search(words):
            return "stock"
        paths = {urlsplit(one.url).path for one in (self.ours, self.match.picture)}
        if any(_THEME.search(path) for path in paths):
            return "theme"
        if self.match.same_bytes and len(paths) == 1 and paths.pop().count("/") > 1:
            return "theme"
        return "photo" if self.ours.hash else "plain"


@dataclass(frozen=True, slots=True)
class Shared:
    """What of a site's pictures others show. sites: by other site, most rare pictures first; common: pictures of
    ours that many show, with how many."""

    sites: tuple[tuple[Meeting, ...], ...] = ()
    common: tuple[tuple[Picture, int], ...] = ()

    def leads(self, target: Target) -> list[Target]:
        """Sites worth a look: to see whether they acknowledge this one, and which of the two is older."""
        return [
            Target(met[0].domain, (met[0].match.picture.page or met[0].domain,), (), Why.LEAD, target.domain)
            for met in self.sites
            if sum(one.kind == "photo" for one in met) >= WORTH_A_LOOK
        ]

    def with_archived(self, pictures: Iterable[Picture], kept: Archived) -> Shared:
        """The same with pictures of ours whose very bytes an archive holds of another site, shown there today or not.
        Each costs no question: the index was asked for its dates. What was changed since has other bytes: a few of
        those are fetched (`with_older`)."""
        sites = {met[0].domain: list(met) for met in self.sites}
        for ours in pictures:
            elsewhere = {name: row for name, row in kept.get(ours.sha1, {}).items() if name != ours.domain}
            if not elsewhere or len(elsewhere) >= COMMON_SITES:
                continue
            for domain, row in sorted(elsewhere.items()):
                if all(one.ours.digest != ours.digest for one in sites.get(domain, ())):
                    one = _in_archive(ours, domain, row, len(elsewhere))
                    sites.setdefault(domain, []).append(one)
        return replace(self, sites=_in_order(sites.values()))

    def with_older(self, pictures: Iterable[Picture], older: Iterable[tuple[Picture, str]]) -> Shared:
        """The same with pictures of ours that look like one an archive holds of another site. older: those that were
        fetched, each with the digest of the archive's answer. A picture of ours that is known to stand on that site
        is not told twice."""
        sites = {met[0].domain: list(met) for met in self.sites}
        shown_on: dict[str, set[str]] = {}
        for met in self.sites:
            for one in met:
                shown_on.setdefault(one.ours.digest, set()).add(one.domain)
        common = {picture.digest for picture, _ in self.common}
        mine = [picture for picture in pictures if picture.digest not in common]
        for there, capture in older:
            for ours in mine:
                others = shown_on.setdefault(ours.digest, set())
                near = _nearness(ours, there)
                if near is not None and there.domain not in (ours.domain, *others):
                    others.add(there.domain)
                    match = PictureMatch(there, *near, same_bytes=False)
                    sites.setdefault(there.domain, []).append(Meeting(ours, match, len(others), capture))
        return replace(self, sites=_in_order(sites.values()))

    @property
    def domains(self) -> tuple[str, ...]:
        """Both sides of every pair that will be written down."""
        return tuple(sorted({name for met in self.sites for name in (met[0].ours.domain, met[0].domain)}))

    def written(self, known: Mapping[str, Iterable[Observation]]) -> tuple[Observation, ...]:
        """As observations of the scan. known: what it observed of `domains`; an archive's index that lists the very
        bytes of a picture dates it, without another question."""
        listed = {domain: _listed(rows) for domain, rows in known.items()}
        rows = [row for met in self.sites for one in met[:PICTURES_SHOWN] for row in _written(one, listed)]
        for picture, sites in self.common[:COMMON_SHOWN]:
            what = {"ours": picture.url, "page": picture.page, "sites": sites}
            rows.append(Observation("picture", "common", _json(what), "library"))
        return tuple(rows)


_Listed = dict[str, Observation]  # digest as an archive lists it -> its first capture
Archived = Mapping[str, Mapping[str, Observation]]
"""Digest as an archive lists it -> domain -> the first capture of a picture with those bytes."""


def archived_pictures(rows: Iterable[tuple[str, Observation]]) -> Archived:
    """What archives hold of pictures, from (domain, fact) rows of a scan."""
    by_domain: dict[str, list[Observation]] = {}
    for domain, row in rows:
        if row.value.split(" ", 2)[1].startswith("image/"):
            by_domain.setdefault(domain, []).append(row)
    found: dict[str, dict[str, Observation]] = {}
    for domain, own in by_domain.items():
        for digest, row in _listed(own).items():
            found.setdefault(digest, {})[domain] = row
    return found


def _in_archive(ours: Picture, domain: str, row: Observation, sites: int) -> Meeting:
    """A picture of ours as another site had it by the day of a capture. It was seen with nothing beside it."""
    at = row.starts or ours.first_seen
    there = replace(
        ours,
        url=row.value.split(" ", 3)[3],
        domain=domain,
        first_seen=at,
        seen_in=ARCHIVE,
        page="",
        alt="",
    )
    return Meeting(ours, PictureMatch(there, 0, mirrored=False, same_bytes=True), sites)


def _in_order(groups: Iterable[list[Meeting]]) -> tuple[tuple[Meeting, ...], ...]:
    """Of each other site the rare pictures first, and the site with most of them first; at most SITES_SHOWN."""
    for met in (ordered := list(groups)):
        met.sort(key=lambda one: (one.kind != "photo", one.match.bits, one.ours.url))
    ordered.sort(key=lambda met: (-sum(one.kind == "photo" for one in met), met[0].domain))
    return tuple(tuple(met) for met in ordered[:SITES_SHOWN])


def _listed(rows: Iterable[Observation]) -> _Listed:
    found: _Listed = {}
    for row in rows:
        if (row.kind, row.name) != ("archive", "capture") or row.starts is None:
            continue
        status, _, digest, _ = row.value.split(" ", 3)
        known = found.get(digest)
        earlier = known is None or known.starts is None or row.starts.last < known.starts.last
        if status == "200" and earlier:
            found[digest] = row
    return found


def _written(one: Meeting, listed: Mapping[str, _Listed]) -> Iterator[Observation]:
    ours, theirs = one.ours, one.match.picture
    what = {
        "domain": theirs.domain,
        "kind": one.kind,
        "ours": ours.url,
        "ours_page": ours.page,
        "theirs": theirs.url,
        "theirs_page": theirs.page,
        "bits": one.match.bits,
        "same_bytes": one.match.same_bytes,
        "mirrored": one.match.mirrored,
        "sites": one.sites,
    }
    yield Observation("picture", "shared", _json(what), "library")
    for side, picture in (("ours", ours), ("theirs", theirs)):
        value = f"{side} {theirs.domain} {picture.url}"
        if picture.seen_in != ARCHIVE:
            yield Observation("picture", "sight", value, "library", picture.first_seen, None, Bound.NOT_AFTER)
        captured = listed.get(picture.domain, {}).get(picture.sha1)
        at: Date | None
        if side == "theirs" and one.capture:
            at, evidence = picture.first_seen, one.capture
        elif captured is not None:
            at, evidence = captured.starts, captured.evidence
        else:
            continue
        yield Observation("picture", "archived", value, "library", at, None, Bound.NOT_AFTER, evidence)


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def shared_pictures(library: Library, domain: str) -> Shared:
    """For every other site that shows pictures of this one, which; at most SITES_SHOWN sites. Blocking."""
    by_site: dict[str, list[Meeting]] = {}
    common: list[tuple[Picture, int]] = []
    for picture in _distinct(library.pictures.of(domain)):
        matches = library.pictures.matches(picture)
        if len(matches) >= COMMON_SITES:
            common.append((picture, len(matches)))
            continue
        for match in matches:
            by_site.setdefault(match.picture.domain, []).append(Meeting(picture, match, len(matches)))
    common.sort(key=lambda one: (-one[1], one[0].url))
    return Shared(_in_order(by_site.values()), tuple(common))


def _distinct(pictures: Iterable[Picture]) -> list[Picture]:
    """One of each picture that a site shows in several sizes: the first by its address."""
    kept: list[Picture] = []
    for picture in sorted(pictures, key=lambda one: (one.url, one.digest)):
        if not any(_alike(picture, one) for one in kept):
            kept.append(picture)
    return kept


def _alike(one: Picture, other: Picture) -> bool:
    return _nearness(one, other) is not None


def _nearness(one: Picture, other: Picture) -> tuple[int, bool] | None:
    """How many bits of two pictures differ, and whether one is nearer to the other's mirror image; None for too
    many."""
    if not one.hash or not other.hash:
        return None
    own = int(one.hash, 16)
    bits, mirrored = min(
        ((own ^ int(hash_, 16)).bit_count(), turned)
        for hash_, turned in ((other.hash, False), (other.mirror, True))
    )
    return (bits, mirrored) if bits <= NEAR else None


def pictures_of(observed: Observed, domain: str, seen_in: str) -> list[Picture]:
    """What the library keeps of a picture that was just read; of a site's own walk with where it is shown."""
    seen = [row for row in observed.observations if (row.kind, row.name) == ("picture", "seen")]
    if not seen or not domain:
        return []
    where = [row for row in observed.observations if (row.kind, row.name) == ("website", "picture")]
    beside = json.loads(where[0].value) if where else {}
    what, at = json.loads(seen[0].value), seen[0].starts
    if at is None:
        return []
    return [
        Picture(
            url=what["url"],
            domain=domain,
            digest=what["digest"],
            hash=what["hash"],
            mirror=what["mirror"],
            width=what["width"],
            height=what["height"],
            first_seen=at,
            seen_in=seen_in,
            page=beside.get("page", ""),
            alt=beside.get("alt", ""),
            sha1=what["sha1"],
        )
    ]


class Wall:
    """The pictures of a scan's library, off the event loop: one call at a time, in a thread."""

    def __init__(self, library: Library):
        self._library = library
        self._turn = asyncio.Lock()
        self._known: dict[str, Shared] = {}  # true as long as nothing is added

    async def add(self, pictures: Sequence[Picture]) -> None:
        if pictures:
            async with self._turn:
                self._known.clear()
                await asyncio.to_thread(self._library.pictures.add, pictures)

    async def of(self, domain: str) -> list[Picture]:
        """The pictures known of a site, one of each."""
        async with self._turn:
            return await asyncio.to_thread(lambda: _distinct(self._library.pictures.of(domain)))

    async def shared(self, domain: str) -> Shared:
        async with self._turn:
            if domain not in self._known:
                self._known[domain] = await asyncio.to_thread(shared_pictures, self._library, domain)
            return self._known[domain]
