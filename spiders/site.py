"""`scrapy crawl site -a url=https://…`: the walk of a scan, run by Scrapy alone.

The same coroutine, handler, middlewares and limits as inside a scan; items go to the store through
`spiders.pipeline`. Several addresses: `-a url=https://a.example,https://b.example`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, ClassVar, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from scanner.egress import ConfigError, Network
from scanner.intake import case_from_urls
from scanner.model import Case, Evidence, Observed, Role, Target
from scanner.observe import observe_in
from scanner.parse import ParsePool
from scanner.plan import plan_case
from spiders import means
from spiders.engine import crawl
from spiders.items import PageItem, SiteItem
from spiders.visit import Site

AT_ONCE = 8  # sites walked at a time


class SiteSpider(Spider):
    """Walks sites and yields their answers. Subclasses say what the addresses are claimed to be."""

    name = "site"
    role: ClassVar[Role] = Role.REFERENCE

    def __init__(self, url: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        intake = case_from_urls(filter(None, (part.strip() for part in url.split(","))), self.role)
        self.plan = plan_case(next(iter(intake.cases), Case("")))
        self.faults = [str(problem) for problem in intake.problems]
        self.faults += [f"{claim.url}: {reason}" for claim, reason in self.plan.unaddressed]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        try:
            config = means.network_file(settings)
        except ConfigError as fault:
            raise UsageError(str(fault), print_help=False) from None
        if config is not None and not config.pace:
            settings.set("DOWNLOAD_DELAY", 0, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        # Made here, before Scrapy builds the components that use them; nothing is dialled or started yet.
        means.give(crawler, means.Means(Network(means.network_file(crawler.settings)), ParsePool()))
        return spider

    async def start(self) -> AsyncIterator[PageItem | SiteItem]:
        for fault in self.faults:
            self.logger.error("%s", fault)
        if not self.plan.targets:
            self.logger.error("no address to look at: scrapy crawl %s -a url=https://…", self.name)
            return
        tools = means.of(self.crawler)
        found: asyncio.Queue[PageItem | SiteItem | None] = asyncio.Queue()
        walks = asyncio.ensure_future(self._walk_all(found, tools))
        try:
            while (item := await found.get()) is not None:
                yield item
            await walks
        finally:
            walks.cancel()
            await asyncio.wait([walks])
            await tools.parse.close()
            await tools.network.close()

    async def _walk_all(self, found: asyncio.Queue[PageItem | SiteItem | None], tools: means.Means) -> None:
        await tools.parse.start()
        turn = asyncio.Semaphore(AT_ONCE)
        as_of = tools.network.now()

        async def one(target: Target) -> None:
            async with turn:
                await self._walk(target, as_of, found, tools)

        try:
            await asyncio.gather(*(one(target) for target in self.plan.targets))
        finally:
            found.put_nowait(None)

    async def _walk(
        self,
        target: Target,
        as_of: datetime,
        found: asyncio.Queue[PageItem | SiteItem | None],
        tools: means.Means,
    ) -> None:
        site = Site(target.domain, target.entries, target.platform, str(self.role), as_of)
        unread: list[Evidence] = []

        def sink(evidence: Evidence, observed: Observed | None) -> None:
            if observed is None:
                unread.append(evidence)
            else:
                found.put_nowait(PageItem.of(target.domain, evidence, observed))

        network = tools.network
        started_at, began = network.now(), network.monotonic()
        crawled = await crawl(self.crawler, site, sink)
        for evidence in unread:  # what the walk had no time left to read
            observed = await observe_in(tools.parse, "website", evidence, site.about)
            found.put_nowait(PageItem.of(target.domain, evidence, observed))
        self.logger.info("%s: %s %s", target.domain, crawled.status.value, crawled.reason)
        ms = round((network.monotonic() - began) * 1000)
        found.put_nowait(SiteItem(target.domain, crawled.status, crawled.reason, started_at, ms))
