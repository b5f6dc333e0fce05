"""Scrapy's settings, hardened: a site is a stranger, and often a hostile one.

`scrapy crawl`, `scrapy list` and the engine inside a scan all use these. Each value that differs from a risky
default says what the default would have let happen.
"""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter

from scanner import coding, egress

BOT_NAME = "falsefront"
SPIDER_MODULES = ["spiders.site", "spiders.employer", "spiders.portfolio"]

# One asyncio loop for Scrapy, DNS, RDAP and the rest. The reactor would be a second one.
TWISTED_REACTOR_ENABLED = False

# ---------------------------------------------------------------- doors that are open by default

# Listens on 127.0.0.1:6023 and runs Python for whoever connects.
TELNETCONSOLE_ENABLED = False
# New in 2.19: an HTTP server on a loopback port that runs Python for whoever reads its token file.
REMOTE_CONTROL_ENABLED = False
# `file:` would read this machine's disk on a site's say-so, `data:` parse what no server sent, `ftp:` and
# `s3:` leave by another door; http and https go through the door that judges addresses.
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "spiders.handler.DoorHandler",
    "https": "spiders.handler.DoorHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
# A proxy named in the environment would resolve names itself, out of the address policy's sight.
HTTPPROXY_ENABLED = False
# Extensions that open ports, write files or mail; what is left counts.
EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.feedexport.FeedExporter": 0,  # `scrapy crawl … -o FILE` is a person's own wish
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
}
MEMUSAGE_ENABLED = False
AUTOTHROTTLE_ENABLED = False  # it would lengthen delays by what a hostile server takes its time for

# ---------------------------------------------------------------- what a site may learn or leave behind

# The first Set-Cookie with a Domain makes this middleware fetch the public suffix list, blocking.
COOKIES_ENABLED = False
# No page learns which other page led here.
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"

# ---------------------------------------------------------------- what an answer may cost

DOWNLOAD_MAXSIZE = 4 << 20  # bytes of one body as sent; the default is 1 GiB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 10  # seconds for one exchange, a slow drip included; the default is 180
# Bodies are decoded in worker processes: nothing can be inflated in this one.
COMPRESSION_ENABLED = False
# The walk follows redirects itself, so that each hop has its own host's slot, rules and record. Scrapy copies
# `download_slot` to other hosts, and parses pages for meta refresh in this process.
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
HTTPCACHE_ENABLED = False  # a stored answer is no evidence of today
URLLENGTH_LIMIT = 2083

# ---------------------------------------------------------------- manners

CONCURRENT_REQUESTS = 0  # sites are limited one by one, below
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 0.5  # seconds between the starts of two requests to a site; 0 where `pace` is false
DOWNLOAD_DELAY_JITTER = 0  # the default makes it anything from half to one and a half of that
# Only what a closed connection cut short is asked again, once. A refusal is an answer, a timeout has cost
# enough, and a server that says 429 or 503 is not asked at once again.
RETRY_TIMES = 1
RETRY_HTTP_CODES = [502, 504]
RETRY_EXCEPTIONS = ["scrapy.exceptions.DownloadFailedError"]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
# Scrapy's own reads any status as rules and is open when the file cannot be had; ours below is not.
ROBOTSTXT_OBEY = False

DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the walk decides where it goes
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,  # the budget sets it
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,  # the handler sends them
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "spiders.middlewares.RobotsMiddleware": 100,
    "spiders.middlewares.ChallengeMiddleware": 540,  # above retry: a bot check is not asked twice
    "spiders.middlewares.BudgetMiddleware": 900,  # below all that send again: every hop and retry counts
}
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
}
ITEM_PIPELINES = {"spiders.pipeline.StorePipeline": 100}

USER_AGENT = egress.USER_AGENT
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en;q=0.9,*;q=0.5",
    "Accept-Encoding": coding.ACCEPT_ENCODING,
}

FEED_EXPORT_FIELDS = ["domain", "url", "state", "title", "words"]  # what `-o FILE` writes; bytes stay out

LOG_LEVEL = "INFO"
STATS_DUMP = False

# ---------------------------------------------------------------- ours

FALSEFRONT_DB = "findings.db"
FALSEFRONT_NETWORK = ""  # a network file; the environment variable of that name when empty


class NoLines(LogFormatter):
    """For a log that nobody keeps: the line for each answer isn't put together."""

    def crawled(self, *_: Any) -> None:  # type: ignore[override]
        """Nothing to say."""


def for_engine(delay: float) -> dict[str, Any]:
    """These settings for the engine inside a scan: no pipeline, no log of its own, the network's pace."""
    settings = {name: value for name, value in globals().items() if name.isupper()}
    return settings | {
        "ITEM_PIPELINES": {},
        "EXTENSIONS": dict.fromkeys(_ALL_EXTENSIONS),
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_FORMATTER": "spiders.settings.NoLines",
        "DOWNLOADER_STATS": False,
        "DOWNLOAD_DELAY": delay,
    }


_ALL_EXTENSIONS = (
    "scrapy.extensions.corestats.CoreStats",
    "scrapy.extensions.logcount.LogCount",
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.extensions.memusage.MemoryUsage",
    "scrapy.extensions.memdebug.MemoryDebugger",
    "scrapy.extensions.closespider.CloseSpider",
    "scrapy.extensions.feedexport.FeedExporter",
    "scrapy.extensions.logstats.LogStats",
    "scrapy.extensions.spiderstate.SpiderState",
    "scrapy.extensions.throttle.AutoThrottle",
    "scrapy.extensions.remote_control.RemoteControl",
)
