"""The website itself: the one source that walks. The way through it is `spiders.walk`, on the scan's engine."""

from __future__ import annotations

from scanner.collect.base import Job, Outcome
from scanner.model import Role, SourceInfo, Status, Target
from spiders.engine import Engine, Site

INFO = SourceInfo(
    name="website",
    seen_by=("resolver", "owner", "platform"),  # a platform where it keeps the site's pictures
    deadline=45.0,
    passive=False,
    asks="addresses of pages and pictures",
)
# When an address is claimed as several things, pages are chosen for the one with more to check.
_FIRST = (Role.EMPLOYER, Role.VENDOR, Role.REFERENCE, Role.PORTFOLIO)


def plan(target: Target) -> str:
    """Every target has a website worth a look."""
    return ""


async def collect(job: Job) -> Outcome:
    """Walk the site; each answer is kept, with what it says, as it comes."""
    if not isinstance(job.engine, Engine):
        return Outcome(Status.ERROR, "no-engine the crawl engine is not running")
    crawled = await job.engine.crawl(_site(job), job.keep)
    return Outcome(crawled.status, crawled.reason)


def _site(job: Job) -> Site:
    roles = [claim.role for claim in job.target.claims]
    role = next((role for role in _FIRST if role in roles), next(iter(roles), ""))
    about, target = job.about, job.target
    return Site(
        target.domain, target.entries, target.platform, str(role), about.as_of, about.texts, about.pictures
    )
