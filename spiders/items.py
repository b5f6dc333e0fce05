"""What a spider of ours yields: answers as they came, and how each site's walk ended.

The first fields are what `scrapy crawl … -o pages.csv` writes; the evidence goes to the store alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanner.model import Evidence, Observed, Status


@dataclass(slots=True)
class PageItem:
    """One answer of a site (a page, a redirect, a rules file, an icon) and what it says."""

    domain: str
    url: str
    state: str
    title: str
    words: int
    evidence: Evidence
    observed: Observed

    @classmethod
    def of(cls, domain: str, evidence: Evidence, observed: Observed) -> PageItem:
        page = observed.page
        return cls(
            domain,
            evidence.uri,
            page.state if page else "",
            page.title if page else "",
            page.words if page else 0,
            evidence,
            observed,
        )


@dataclass(slots=True)
class SiteItem:
    """The end of one site's walk. `ms` by the monotonic clock."""

    domain: str
    status: Status
    reason: str
    started_at: datetime
    ms: int
