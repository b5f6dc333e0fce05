"""What a browser showed: the text of a page that only scripts write, read as any page is; pure.

The picture itself is for people and says nothing here. Rows carry this source's own name, so that what the site
sends and what a browser made of it stay apart.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from urllib.parse import urljoin

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from scanner.model import About, Evidence, Link, Observed
from scanner.observe import website
from scanner.observe.page.links import MOST_LINKS

SOURCE = "screenshot"
_ROUTE = re.compile(r"!?/[\w/.~%-]{1,100}")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def observe(evidence: Evidence, about: About) -> Observed:
    """Observations, page, links and text of a rendered page; nothing for a picture."""
    if not evidence.media_type.startswith("text/html"):
        return Observed()
    digest = evidence.digest
    seen = website.observe(replace(evidence, block=_HEAD + evidence.block), about)
    rows = (
        structs.replace(row, source=SOURCE, evidence=digest)
        for row in seen.observations
        if row.kind != "website"  # what the server says of itself stands in its own answer
    )
    page = replace(seen.page, evidence=digest) if seen.page is not None else None
    links = (*seen.links, *_routes(evidence))
    return replace(seen, observations=tuple(rows), page=page, links=links, status=None, pictures=())


def _routes(evidence: Evidence) -> list[Link]:
    """Pages of a site whose scripts keep its addresses behind a hash: `#/about`, `/#!/contact`."""
    own = evidence.uri.partition("#")[0]
    found: dict[str, Link] = {}
    for anchor in islice(LexborHTMLParser(evidence.block).css("a[href*='#/'], a[href*='#!']"), MOST_LINKS):
        before, _, route = (anchor.attributes.get("href") or "").strip().partition("#")
        if _ROUTE.fullmatch(route) and urljoin(own, before) == own:
            url = f"{own}#{route}"
            found.setdefault(url, Link(url, " ".join(anchor.text().split())[:80], "nav"))
    return list(found.values())
