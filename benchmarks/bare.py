"""A bare Scrapy spider: fetches the addresses of a file, does nothing with them, prints what it took.

`python -m benchmarks.bare FILE CONCURRENT reactor|asyncio`. Scrapy's defaults but for the concurrency per host
(every address is on one) and the log, whose lines would cost it time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response


class Bare(scrapy.Spider):
    name = "bare"
    urls: tuple[str, ...] = ()
    answers = 0
    opened = closed = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Bare:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.began, signals.spider_opened)
        crawler.signals.connect(spider.ended, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        self.answers += 1

    def began(self) -> None:
        Bare.opened = time.perf_counter()

    def ended(self) -> None:
        Bare.closed = time.perf_counter()
        print(json.dumps({"seconds": Bare.closed - Bare.opened, "answers": self.answers}))


def main() -> None:
    concurrent = int(sys.argv[2])
    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS": concurrent,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrent,
        "LOG_LEVEL": "ERROR",
        # An answer of any status is one that was fetched.
        "HTTPERROR_ALLOW_ALL": True,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    if sys.argv[3] == "asyncio":
        settings["TWISTED_REACTOR_ENABLED"] = False
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare, urls=tuple(Path(sys.argv[1]).read_text(encoding="utf-8").split()))
    process.start()


if __name__ == "__main__":
    main()
