"""What `scrapy crawl` brings goes to the same store as a scan's: a scan row, website attempts, evidence, facts.

Loaded by Scrapy alone; inside a scan the sink stores. The database is `-s FALSEFRONT_DB=FILE`, else
`findings.db`. There is no verdict from one source: `falsefront scan` asks the others.
"""

from __future__ import annotations

import asyncio
from typing import Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from scanner import __version__
from scanner.knowledge import Knowledge
from scanner.store import AsyncStore, OpenAttempt, ScanRecord, ScanStatus, Store, StoreError
from spiders import means
from spiders.items import PageItem, SiteItem
from spiders.site import SiteSpider

SOURCE = "website"


class StorePipeline:
    """Stores PageItem and SiteItem as they come; a crawl that is stopped leaves an `interrupted` scan."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._store: AsyncStore | None = None
        self._scan: ScanRecord
        self._open: dict[str, OpenAttempt] = {}
        self._ended: set[str] = set()
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _spider(self) -> SiteSpider:
        return cast(SiteSpider, self._crawler.spider)

    async def open_spider(self) -> None:
        spider = self._spider
        if not spider.plan.targets:
            return
        network = means.of(self._crawler).network
        try:
            self._store = await AsyncStore.open(self._crawler.settings["FALSEFRONT_DB"])
            self._scan = await self._store.call(
                Store.begin_scan,
                spider.plan.case,
                spider.plan.targets,
                as_of=network.now(),
                passive=False,
                tool_version=__version__,
                knowledge_version=Knowledge.load().version,
                planned=[(target.domain, SOURCE) for target in spider.plan.targets],
            )
        except StoreError as fault:
            spider.logger.error("%s", fault)
            self._lost()
            raise CloseSpider("store") from None

    async def process_item(self, item: object) -> object:
        if self._store is None or self._closing is not None or not isinstance(item, (PageItem, SiteItem)):
            return item
        try:
            self._write(self._store, item)
            await self._store.drained()
        except StoreError as fault:
            # Without a place to put them, pages are asked for in vain.
            self._spider.logger.error("%s", fault)
            self._lost()
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="store"))
        return item

    def _write(self, store: AsyncStore, item: PageItem | SiteItem) -> None:
        attempt = self._open.get(item.domain)
        if attempt is None:
            now = means.of(self._crawler).network.now()
            attempt = self._open[item.domain] = store.open_attempt(self._scan, item.domain, SOURCE, now)
        if isinstance(item, PageItem):
            store.keep(attempt, item.evidence, item.observed)
        else:
            store.close_attempt(attempt, item.status, item.reason, item.ms)
            self._ended.add(item.domain)

    async def close_spider(self) -> None:
        store, self._store = self._store, None
        if store is None:
            return
        whole = self._ended >= {target.domain for target in self._spider.plan.targets}
        ended_at = means.of(self._crawler).network.now()
        try:
            await store.call(Store.finish, self._scan, None if whole else ScanStatus.INTERRUPTED, ended_at)
            self._spider.logger.info(
                "stored as case %s in %s", self._scan.case_id, self._crawler.settings["FALSEFRONT_DB"]
            )
        except StoreError as fault:
            self._spider.logger.error("%s", fault)
            self._lost()
        finally:
            await store.close()

    def _lost(self) -> None:
        """Has Scrapy end with exit status 1: what was crawled is not stored. It does so for a crawler that has no
        spider at its end, and knows no other way."""

        def without_spider() -> None:
            self._crawler.spider = None

        self._crawler.signals.connect(without_spider, signals.spider_closed, weak=False)
