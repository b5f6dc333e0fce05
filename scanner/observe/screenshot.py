"""What a browser showed: the text of a page that only scripts write, read as any page is; pure.

The picture itself is for people and says nothing here. Rows carry this source's own name, so that what the site
sends and what a browser made of it stay apart.
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from scanner.model import About, Evidence, Observed
from scanner.observe import website

SOURCE = "screenshot"
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
    return replace(seen, observations=tuple(rows), page=page, status=None, pictures=())
