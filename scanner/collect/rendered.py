"""Which pages of a site that only scripts write are worth opening in the browser after its entry page.

Chosen as the crawl chooses, from the links the browser showed, and only what the site's robots.txt allows: beyond the
address a person gave, a browser may see no more than the crawl.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from scanner.collect.base import Job
from scanner.domains import host_of
from scanner.egress import EgressError
from scanner.model import Link, Observed
from scanner.observe.robots import LIMIT
from spiders.choice import Frontier
from spiders.robots import Rules, origin

MOST_PAGES = 4
"""After the entry page: each costs a second or two."""
_MOST_JUDGED = 12
_HOPS = 5  # redirects of robots.txt, as the crawl follows them


async def worth_opening(job: Job, landed: str, links: Iterable[Link]) -> list[str]:
    """At most MOST_PAGES addresses of the origin that answered, best first; none where its rules can't be had."""
    frontier = Frontier(job.target.domain, home=host_of(landed))
    frontier.seen(landed)
    routes: dict[str, str] = {}
    for link in links:
        if origin(link.url) == origin(landed):
            url = as_path(link.url)
            routes.setdefault(url, link.url)
            frontier.add([structs.replace(link, url=url)])
    found: list[str] = []
    while len(found) < _MOST_JUDGED and (url := frontier.next()):
        found.append(url)
    if not found:
        return []
    allowed = await (await _rules(job, origin(landed))).allow(found)
    return [routes[url] for url in found if allowed[url]][:MOST_PAGES]


def as_path(url: str) -> str:
    """An address behind a hash as the path that it stands for: that is what it is chosen and judged by.

    >>> as_path("https://acme.example/#/about"), as_path("https://acme.example/team")
    ('https://acme.example/about', 'https://acme.example/team')
    """
    base, hash_, route = url.partition("#")
    return f"{base.rstrip('/')}/{route.lstrip('!').lstrip('/')}" if hash_ else url


async def _rules(job: Job, where: str) -> Rules:
    """As RFC 9309 has it: 4xx is no rules; 5xx, no answer and a file that can't be read close everything."""
    try:
        answer = await job.network.http(f"{where}/robots.txt", max_bytes=LIMIT, redirects=_HOPS)
    except EgressError as error:
        return Rules(job.parse, closed=f"robots-unreachable {error.reason}")
    job.keep(answer.evidence, Observed())
    if answer.status >= 500:
        return Rules(job.parse, closed=f"robots-unreachable status {answer.status}")
    return Rules(job.parse, block=answer.evidence.block if 200 <= answer.status < 300 else b"")
