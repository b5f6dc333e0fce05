"""One long-lived Scrapy engine in the running loop; sites are fed to it while it runs.

Scrapy does what it is good at (slots, delays, retries, keep-alive); each site is one coroutine that asks
through `crawler.engine.download_async`, so a scan's budgets and deadlines are plain asyncio.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.settings import Settings

from scanner.domains import host_of
from scanner.egress import Network
from scanner.model import Evidence, Observed, Status
from scanner.observe import observe_in
from scanner.parse import ParsePool
from spiders import means, settings
from spiders.visit import Crawled, Failed, Fetched, Kind, Sink, Site, Visit
from spiders.walk import Walk


class _Idle(Spider):
    """Keeps the engine open; everything else is asked for from outside."""

    name = "engine"
    over: asyncio.Event

    async def start(self) -> AsyncIterator[Any]:
        self.over = asyncio.Event()
        await self.over.wait()
        nothing: tuple[Any, ...] = ()
        for each in nothing:
            yield each


class Engine:
    """`async with Engine(network, parse) as engine: await engine.crawl(site, sink)`; many sites at once."""

    def __init__(self, network: Network, parse: ParsePool) -> None:
        self._means = means.Means(network, parse)
        self._crawler: Crawler | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the engine in this loop: no signal handlers, no log handlers, no listening socket."""
        for name in ("scrapy", "twisted"):
            # Without a handler, Python prints their warnings on stderr; a site's oddities are rows.
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False
        network = self._means.network
        delay = settings.DOWNLOAD_DELAY if network.config.pace else 0
        crawler = Crawler(_Idle, Settings(settings.for_engine(delay)))
        means.give(crawler, self._means)
        ready = asyncio.Event()

        def on_started() -> None:
            ready.set()

        crawler.signals.connect(on_started, signals.engine_started)  # weak: on_started must stay referenced
        task = asyncio.ensure_future(crawler.crawl_async())
        waiting = asyncio.ensure_future(ready.wait())
        try:
            await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:  # Ctrl-C while it opens: it may hold connections already
            self._crawler, self._task = crawler, task
            await self.close()
            raise
        finally:
            waiting.cancel()
        if task.done():
            task.result()
            raise RuntimeError("the crawl engine ended at its start")
        self._crawler, self._task = crawler, task
        for verify in (True, False):
            network.ssl_context(verify)  # reads the trust store, which would hold up the first sites

    async def crawl(self, site: Site, sink: Sink) -> Crawled:
        """Walk one site; evidence goes to `sink` as it comes. Raises nothing a site can cause."""
        if self._crawler is None:
            raise RuntimeError("the crawl engine has not been started")
        return await crawl(self._crawler, site, sink)

    async def close(self) -> None:
        """Stop the engine and close its connections."""
        crawler, task = self._crawler, self._task
        self._crawler = self._task = None
        if crawler is not None and task is not None:
            await crawler.stop_async()
            await task

    async def __aenter__(self) -> Engine:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def crawl(crawler: Crawler, site: Site, sink: Sink) -> Crawled:
    """The walk through one site on a running crawler of ours; what a scan and `scrapy crawl` share."""
    network, parse = means.of(crawler).network, means.of(crawler).parse

    async def fetch(url: str, kind: Kind, verify: bool) -> Fetched:
        return await _fetch(crawler, visit, url, kind, verify)

    async def observe(evidence: Evidence) -> Observed:
        return await observe_in(parse, "website", evidence, site.about)

    visit = Visit(site, network, sink, fetch, observe)
    return await Walk(visit, parse).run()


async def _fetch(crawler: Crawler, visit: Visit, url: str, kind: Kind, verify: bool) -> Fetched:
    """One request through Scrapy's middlewares and our handler. Raises Failed."""
    slot = visit.site.domain if kind is not Kind.ROBOTS else f"robots {visit.site.domain}"
    meta = {"visit": visit, "kind": kind, "verify": verify, "download_slot": slot}
    cookie = visit.cookies.get(host_of(url), "")
    try:
        request = Request(url, meta=meta, headers={"Cookie": cookie} if cookie else None, dont_filter=True)
        response = await crawler.engine.download_async(request)
    except Failed:
        raise
    except DownloadFailedError as error:
        raise Failed(Status.UNREACHABLE, str(error)) from error
    except IgnoreRequest as error:
        raise Failed(Status.ERROR, f"ignored {error}") from error
    except ValueError as error:
        raise Failed(Status.UNPARSED, f"bad-address {url[:100]!r}") from error
    assert response.request is not None
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for raw, value in response.request.meta["fields"]:
        name, text = raw.decode("latin-1").lower(), value.decode("utf-8", "replace")
        headers.setdefault(name, text)
        if name == "set-cookie":
            cookies.append(value.decode("latin-1").partition(";")[0])
    evidence = response.request.meta["evidence"]
    return Fetched(url, response.status, headers, evidence, kind, tuple(cookies))


__all__ = ["Crawled", "Engine", "Sink", "Site", "crawl"]
