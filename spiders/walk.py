"""The way through a site: one coroutine, run by the engine inside a scan and by `scrapy crawl` alike.

It opens what a person gave, records where that leads, and then reads the pages that say most, two at a time.
Pages are parsed in worker processes; what comes back here are facts and links. It judges nothing: it only
stops where there is nothing of the site to see.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from msgspec import structs

from scanner.domains import host_of, same_site
from scanner.model import Link, Observed, Status
from scanner.parse import ParsePool
from spiders.album import Album
from spiders.choice import Frontier, icon, key
from spiders.entry import Landing, fact, location, open_entry
from spiders.middlewares import rules_of
from spiders.pictures import Gallery
from spiders.robots import origin
from spiders.visit import Crawled, Failed, Fetched, Kind, NotAllowed, OverBudget, Visit

AT_ONCE = 2
MOST_ENTRIES = 3  # addresses of one site opened as given; more are pages like any other
FEW = 8  # with fewer pages found than this, the site map is asked for
MOST_UNREADABLE = 2  # each may cost a worker, which the other sites wait for
MOST_FAILURES = 3  # in a row; then the site is left alone
NOTHING_TO_SEE = frozenset(
    (
        "challenge",
        "parked",
        "for-sale",
        "suspended",
        "default",
        "coming-soon",
        "maintenance",
        "seized-banner",
        "error",
    )
)
_BEST_FIRST = (
    Status.OK,
    Status.ABSENT,
    Status.REFUSED,
    Status.THROTTLED,
    Status.UNPARSED,
    Status.UNREACHABLE,
)


@dataclass(slots=True)
class Walk:
    """One site, from its entries to as many of its pages as the visit allows."""

    visit: Visit
    parse: ParsePool
    home: str = ""  # where the best entry landed
    frontier: Frontier = field(init=False)
    album: Album = field(init=False)
    notes: list[str] = field(default_factory=list)
    pages: int = 0  # answered and parsed, the entry included
    lost: int = 0  # asked for, without an answer
    closed: set[str] = field(default_factory=set)  # left out because robots.txt says so
    _extras: deque[tuple[str, Kind]] = field(default_factory=deque)
    _failures: int = 0
    _unreadable: int = 0  # pages that cost a worker its time or memory
    _mapped: bool = False
    _met: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.frontier = Frontier(self.visit.site.domain, self.visit.site.role)
        self.album = Album(self.visit.site.domain)

    async def run(self) -> Crawled:
        """Walk until the site or the visit's means are used up. Raises nothing a site can cause."""
        try:
            async with asyncio.timeout(max(self.visit.seconds_left, 0)):
                return await self._run()
        except TimeoutError:
            if not self.pages:
                return Crawled(Status.TIMEOUT, "time-budget spent before a page was read")
            self.notes.append("time-budget spent")
            return self._end(Status.OK)
        finally:
            self.visit.close()

    async def _run(self) -> Crawled:
        site = self.visit.site
        entries = (site.entries or (site.domain,))[:MOST_ENTRIES]
        landings = await asyncio.gather(*(open_entry(self.visit, self.parse, entry) for entry in entries))
        best = min(landings, key=_rank)
        for landing in landings:
            self.pages += landing.status is Status.OK and bool(landing.url)
            self.lost += landing.status is not Status.OK
            self.notes += filter(None, (landing.note, landing.reason))
        self.home = best.url
        if best.status is Status.OK and best.url and not same_site(best.url, site.domain):
            self.notes.append(f"redirected-away to {host_of(best.url)}")
            await self._home_too(entries)
            return self._end(Status.OK)
        if best.status not in (Status.OK, Status.ABSENT) or not best.url or self.visit.halted:
            return self._end(best.status)
        if best.state in NOTHING_TO_SEE and best.status is Status.OK:
            self.notes.append(f"{best.state} content unavailable")
            return self._end(Status.REFUSED if best.state == "challenge" else Status.OK)
        if best.status is Status.OK or urlsplit(best.url).path not in ("", "/"):
            await self._beyond(landings, best)
        return self._end(best.status)

    async def _home_too(self, entries: tuple[str, ...]) -> None:
        """Where a deeper address leads away, see where the home page leads: that is for the site's owner alone to
        decide, while `/out?url=…` sends a visitor wherever the address says."""
        home = f"https://{self.visit.site.domain}/"
        if not any(key(entry if "://" in entry else f"https://{entry}") == key(home) for entry in entries):
            await open_entry(self.visit, self.parse, self.visit.site.domain)

    async def _beyond(self, landings: list[Landing], best: Landing) -> None:
        """Everything after the entries: what the site's rules allow of what matters."""
        self.frontier.home = host_of(best.url)
        for landing in landings:
            self.frontier.seen(landing.url or landing.entry)
        rules = await rules_of(self.visit, self.parse, best.url)
        root = f"{origin(best.url)}/"
        may = "open" if (await rules.allow([root]))[root] else "closed" if rules.closed else "entry-only"
        if rules.evidence is not None:
            self.visit.keep(rules.evidence, Observed((fact("robots", may, rules.evidence.digest),)))
        if rules.closed:
            self.notes.append(rules.closed)
            return
        await self._found((Link(root, "home", "nav"),) if urlsplit(best.url).path not in ("", "/") else ())
        for landing in landings:
            self.album.add(landing.url, landing.observed.pictures)
            await self._found(landing.observed.links)
        if len(self.frontier) < FEW:
            self._extras.append((next(iter(rules.sitemaps), f"{root}sitemap.xml"), Kind.SITEMAP))
        self._extras += [
            (link.url, Kind.SITEMAP)
            for link in best.observed.links
            if link.place == "humans" and same_site(link.url, self.visit.site.domain)
        ][:1]
        await self._all(icon(best.observed.links, best.url, self.visit.site.domain))
        await Gallery(self.visit, self.album).run()

    async def _all(self, icon_url: str) -> None:
        """Two answers under way at a time; parsing goes on beside them and doesn't take a place."""
        asked: set[asyncio.Task[Fetched | None]] = set()
        reading: set[asyncio.Task[None]] = set()
        try:
            while True:
                while len(asked) < AT_ONCE:
                    url, kind = self._next()
                    if not url and icon_url and not reading and not self.visit.halted:
                        url, kind, icon_url = icon_url, Kind.ICON, ""
                    if not url:
                        break
                    asked.add(asyncio.ensure_future(self._ask(url, kind)))
                if not asked and not reading:
                    return
                done, _ = await asyncio.wait([*asked, *reading], return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if task in reading:
                        reading.discard(task)
                        task.result()
                    elif answer := self._arrived(asked, task):
                        reading.add(asyncio.ensure_future(self._read(answer)))
        finally:
            for left in (*asked, *reading):
                left.cancel()

    def _arrived(
        self, asked: set[asyncio.Task[Fetched | None]], task: asyncio.Task[Fetched | None]
    ) -> Fetched | None:
        asked.discard(task)
        return task.result()

    def _next(self) -> tuple[str, Kind]:
        if self.visit.halted:
            return "", Kind.PAGE
        if self._extras:
            return self._extras.popleft()
        return (self.frontier.next() if self.visit.pages_left > 0 else ""), Kind.PAGE

    async def _ask(self, url: str, kind: Kind) -> Fetched | None:
        """One answer of the site, None when there is none to read."""
        try:
            answer = await self.visit.ask(url, kind)
        except OverBudget as spent:
            if spent.reason not in self.notes and not self.visit.halted:
                self.notes.append(spent.reason)
            return None
        except NotAllowed:
            if kind is Kind.PAGE:
                self.closed.add(url)
            return None
        except Failed as failure:
            if kind is Kind.PAGE:
                self._failed(failure.reason)
            return None
        if kind is Kind.PAGE and (answer.status >= 500 or answer.status == 429):
            self._failed(f"status {answer.status}", final=answer.status == 429)
        elif kind is Kind.PAGE:
            self._failures = 0
        return answer

    def _failed(self, reason: str, *, final: bool = False) -> None:
        self.lost += 1
        self._failures += 1
        if final or self._failures >= MOST_FAILURES:
            self.visit.halted = self.visit.halted or f"site-failing {reason}"

    async def _read(self, answer: Fetched) -> None:
        target = location(answer)
        if target:
            hop = fact("redirect", f"{answer.url} -> {target}", answer.evidence.digest)
            self.visit.keep(answer.evidence, Observed((hop,)))
            await self._found((Link(target, "", "refresh"),))
            return
        if answer.kind is not Kind.PAGE and answer.status >= 400:
            # Asked for on a guess: that it isn't there says nothing of the site.
            self.visit.keep(answer.evidence, Observed())
            return
        observed = await self.visit.observe(answer.evidence)
        if answer.kind is not Kind.PAGE:
            # Whatever a server sends in place of an icon or a site map is no page of the site.
            rows = tuple(
                row for row in observed.observations if row.kind == "identifier" or row.name == "left_over"
            )
            observed = replace(observed, observations=rows, page=None)
        self.visit.keep(answer.evidence, observed)
        self._unreadable += observed.status is Status.UNPARSED
        if self._unreadable >= MOST_UNREADABLE:
            self.visit.halted = self.visit.halted or f"site-failing unreadable pages: {observed.reason}"[:160]
        self.frontier.seen(answer.url)
        if observed.page is not None:
            self.pages += observed.page.status < 400
            self.album.add(answer.url, observed.pictures)
        await self._found(observed.links)

    async def _found(self, links: tuple[Link, ...]) -> None:
        """Take in links: those of the site, at the spelling of its host that answered, as its rules allow."""
        # A menu stands on every page: what was met before needs no second look.
        domain, met = self.visit.site.domain, self._met
        links = tuple(
            link for link in links if (link.url, link.place) not in met and same_site(link.url, domain)
        )
        met.update((link.url, link.place) for link in links)
        self._map_of_maps(links)
        fresh = self.frontier.fresh(self._at_home(link) for link in links)
        where = origin(self.home)
        ours = [link.url for link in fresh if origin(link.url) == where]
        allowed = await (await rules_of(self.visit, self.parse, self.home)).allow(ours) if ours else {}
        # Other hosts of the site have rules of their own, asked for when one of their pages is.
        self.frontier.add(link for link in fresh if allowed.get(link.url, True))
        self.closed.update(url for url, yes in allowed.items() if not yes)

    def _map_of_maps(self, links: tuple[Link, ...]) -> None:
        """A site map that lists site maps: read one of them, the one about pages if a name says so."""
        maps = [
            link.url for link in links if link.place == "sitemap" and urlsplit(link.url).path.endswith(".xml")
        ]
        if maps and not self._mapped:
            self._mapped = True
            self._extras.append((next((url for url in maps if "page" in url), maps[0]), Kind.SITEMAP))

    def _at_home(self, link: Link) -> Link:
        """Scheme and `www.` as where the entry landed: the same page, without another redirect."""
        url, home = link.url, origin(self.home)
        if url.startswith(f"{home}/") or host_of(url).removeprefix("www.") != host_of(home).removeprefix(
            "www."
        ):
            return link
        parts, there = urlsplit(url), urlsplit(home)
        if parts.port != there.port and parts.port is not None:
            return link
        return structs.replace(link, url=parts._replace(scheme=there.scheme, netloc=there.netloc).geturl())

    def _end(self, status: Status) -> Crawled:
        """How it ended, with what should be known about it: first what was lost, then how much was read."""
        notes = list(dict.fromkeys(self.notes))
        if self.visit.halted and self.visit.halted not in notes:
            notes.append(self.visit.halted)
        if self.visit.untrusted:
            notes.append("certificate not trusted")
        if self.closed:
            notes.append(f"robots-disallow {len(self.closed)} pages")
        if self.lost and status is Status.OK:
            notes.append(f"lost {self.lost} pages")
        if self.pages:
            notes.append(f"pages {self.pages}")
        return Crawled(status, "; ".join(notes)[:500])


def _rank(landing: Landing) -> int:
    return _BEST_FIRST.index(landing.status) if landing.status in _BEST_FIRST else len(_BEST_FIRST)
