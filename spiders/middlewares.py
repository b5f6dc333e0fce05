"""Downloader middlewares: the site's rules, its bot checks, and what a visit may spend.

Every request of ours carries `visit` and `kind` in its meta; one without is refused, so that nothing leaves
uncounted.
"""

from __future__ import annotations

import asyncio
from typing import Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from scanner.observe.robots import LIMIT
from scanner.parse import ParsePool
from spiders import means, robots
from spiders.visit import EXCHANGE_SECONDS, Kind, OverBudget, Visit

# bytes as sent
_LIMITS = {Kind.ROBOTS: LIMIT + 1024, Kind.ICON: 512 << 10, Kind.SITEMAP: 2 << 20, Kind.PICTURE: 2 << 20}


class RobotsMiddleware:
    """Lets through what the origin's robots.txt allows, and what a person gave.

    The rules file is asked for once a visit and origin, in a slot of its own so that it neither waits for
    pages nor delays them, and kept with the visit, so that a long scan's memory doesn't grow with it.
    """

    def __init__(self, crawler: Crawler):
        self._parse = means.of(crawler).parse

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("kind") not in (Kind.PAGE, Kind.ICON, Kind.SITEMAP, Kind.PICTURE):
            return
        rules = await rules_of(_visit(request), self._parse, request.url)
        if not (await rules.allow([request.url]))[request.url]:
            raise robots.refusal(rules)


async def rules_of(visit: Visit, parse: ParsePool, url: str) -> robots.Rules:
    """The rules for this address's origin; the first to ask starts the fetch, the others wait for it."""
    where = robots.origin(url)
    task = visit.rules.get(where)
    if task is None:
        task = visit.rules[where] = asyncio.ensure_future(robots.ask(visit, parse, where))
        visit.track(task)
    return await asyncio.shield(task)


BOT_CHECK_STATUSES = frozenset((202, 401, 403, 405, 429, 503))
"""What bot checks are sent with: Cloudflare 403, AWS WAF 202 and 405, Vercel 403 and 429, DataDome 403."""


class ChallengeMiddleware:
    """Ends a visit at a bot check: what is behind it is unavailable, and insisting doesn't help."""

    def process_response(self, request: Request, response: Response) -> Response:
        name = challenge(response)
        if name:
            visit = _visit(request)
            visit.challenge = f"challenge {name}"
            if request.meta.get("kind") not in (Kind.ICON, Kind.PICTURE):
                visit.halted = visit.halted or visit.challenge
        return response


def challenge(response: Response) -> str:
    """Who asks for a proof of being human, by the header fields that say so; "" when nobody does.

    Fields as the vendors document them: Cloudflare `cf-mitigated`, AWS WAF `x-amzn-waf-action`, Vercel
    `x-vercel-mitigated`, DataDome `x-dd-b` or its own `server`-side cookie header on a refusal.
    """
    if response.status not in BOT_CHECK_STATUSES:
        return ""  # beside an ordinary page the field is anybody's, and browsers show the page
    headers = response.headers

    def value(name: str) -> str:
        return (headers.get(name) or b"").decode("latin-1").strip().lower()

    if value("cf-mitigated") == "challenge":
        return "cloudflare"
    if value("x-amzn-waf-action") in ("challenge", "captcha"):
        return "aws-waf"
    if value("x-vercel-mitigated") == "challenge":
        return "vercel"
    if response.status in (401, 403, 405, 429) and ("x-datadome" in headers or "x-dd-b" in headers):
        return "datadome"
    return ""


class BudgetMiddleware:
    """Counts what is about to be dialled, below retry, redirects and rules, and sets its limits."""

    def process_request(self, request: Request) -> None:
        visit = _visit(request)
        visit.spend(request.meta["kind"])
        room = visit.clock.scale(EXCHANGE_SECONDS)
        request.meta["download_timeout"] = min(room, max(visit.seconds_left, 0.01))
        if limit := _LIMITS.get(request.meta["kind"]):
            request.meta["download_maxsize"] = limit


def _visit(request: Request) -> Visit:
    visit = request.meta.get("visit")
    if visit is None:
        raise OverBudget("no-visit this request belongs to no visit")
    return cast(Visit, visit)
