"""robots.txt by RFC 9309: what a host lets us see beyond the address a person gave.

4xx means there are no rules; 5xx, no answer and an answer that can't be read mean everything is closed
(§2.3.1). protego reads the rules, in a worker process: the file is a stranger's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from scanner.egress import REDIRECTS
from scanner.model import Evidence, Observed
from scanner.observe.robots import Answer, Question
from scanner.parse import ParseFailed, ParsePool
from spiders.visit import Failed, Fetched, Kind, NotAllowed, Visit, led_to

_HOPS = 5  # redirects to follow; beyond, the file counts as unavailable (§2.3.1.2)


@dataclass(slots=True, eq=False)
class Rules:
    """The rules of one origin.

    block: the answer they stand in, empty where there are none. evidence: the last answer that came, not yet
    handed on.
    """

    parse: ParsePool
    closed: str = ""  # why everything is closed, a slug and text; "" when it is not
    block: bytes = b""
    evidence: Evidence | None = None
    sitemaps: tuple[str, ...] = ()
    _known: dict[str, bool] = field(default_factory=dict)

    async def allow(self, urls: list[str]) -> dict[str, bool]:
        """Allowed or not, by address. A file that can't be read closes the origin from then on."""
        if self.closed:
            return dict.fromkeys(urls, False)
        if not self.block:
            return dict.fromkeys(urls, True)
        fresh = [url for url in dict.fromkeys(urls) if url not in self._known]
        if fresh:
            try:
                raw = await self.parse.run(
                    "scanner.observe.robots:judge", msgspec.msgpack.encode(Question(self.block, fresh))
                )
                answer = msgspec.msgpack.decode(raw, type=Answer)
            except (ParseFailed, msgspec.DecodeError) as failure:
                self.closed = f"robots-unreadable {failure}"
                return dict.fromkeys(urls, False)
            self._known |= dict(zip(fresh, answer.allowed, strict=True))
            self.sitemaps = tuple(answer.sitemaps)
        return {url: self._known[url] for url in urls}


@lru_cache(maxsize=4096)
def origin(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for.

    >>> origin("https://a.example:8443/x?y")
    'https://a.example:8443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


async def ask(visit: Visit, parse: ParsePool, where: str) -> Rules:
    """The rules of an origin, asked for on the visit's account. Never raises for what the site does."""
    url = f"{where}/robots.txt"
    for _ in range(_HOPS + 1):
        try:
            answer = await visit.ask(url, Kind.ROBOTS)
        except Failed as failure:
            return Rules(parse, closed=f"robots-unreachable {failure.reason}")
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return _read(parse, answer)
        visit.keep(answer.evidence, Observed())
        url = led_to(url, answer.headers["location"])
        if urlsplit(url).scheme not in ("http", "https"):
            return Rules(parse)
    return Rules(parse)


def _read(parse: ParsePool, answer: Fetched) -> Rules:
    rules = Rules(parse, evidence=answer.evidence)
    if answer.evidence.truncated == "disconnect":
        rules.closed = "robots-unreachable cut short"
    elif 200 <= answer.status < 300:
        rules.block = answer.evidence.block
    elif answer.status >= 500:
        rules.closed = f"robots-unreachable status {answer.status}"
    return rules


def refusal(rules: Rules) -> NotAllowed:
    """The error for an address the rules close."""
    return NotAllowed(rules.closed or "robots-disallow")
