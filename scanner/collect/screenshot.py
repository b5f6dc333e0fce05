"""A picture of a site's entry page, and the text of a page that only scripts write. Asked for with `--screenshots`.

The browser is the machine's own (see `chromium`); all it asks for goes through the one door (`egress.proxy`). Not
one of the sources of every scan: it takes seconds and some 200 MB of memory for each site.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scanner.collect import chromium
from scanner.collect.base import Job, Outcome, entry_host
from scanner.egress import BrowserProxy
from scanner.model import Evidence, SourceInfo, Status, Target

INFO = SourceInfo(
    name="screenshot",
    seen_by=("resolver", "owner", "platform"),  # platforms where they keep what the page loads
    deadline=120.0,
    passive=False,
    asks="the entry page and all it loads",
)
OFF = "off --screenshots asks for pictures of the pages"
NO_ENTRY = "no-site the website gave no page to take a picture of"
AT_ONCE = 2
"""Browsers side by side: each takes some 200 MB."""
_OPENS, _LOADS = 25.0, 12.0  # nominal seconds
_LEAST_OPENS, _LEAST_LOADS = 6.0, 2.0
"""However fast the network: drawing takes its time."""
_NO_PAGE = frozenset({"net::ERR_ABORTED", "net::ERR_INVALID_RESPONSE", "net::ERR_BLOCKED_BY_RESPONSE"})


@dataclass(frozen=True, slots=True)
class Off:
    """What a person is told of this source where nobody asked for it."""

    INFO: SourceInfo = INFO

    def plan(self, target: Target) -> str:
        return OFF

    collect: Callable[[Job], Awaitable[Outcome]] | None = None


def plan(target: Target) -> str:
    """Skipped where no browser is installed: then it counts for nothing."""
    return "" if chromium.find() else f"no-browser {chromium.MISSING}"


async def collect(job: Job) -> Outcome:
    """One visit with a profile of its own; keeps the picture and, where `job.render` asks for it, the markup.

    Raises nothing of the browser's: what went wrong there is `error`, what went wrong on the way the site's.
    """
    url, network = entry_of(job.target), job.network
    async with BrowserProxy(network) as proxy:
        try:
            seen = await chromium.visit(
                chromium.find(),
                url,
                proxy,
                opens=max(network.scale(_OPENS), _LEAST_OPENS),
                loads=max(network.scale(_LOADS), _LEAST_LOADS),
                any_certificate=network.config.ca_file is not None,
                dom=job.render,
            )
        except chromium.BrowserError as error:
            return Outcome(Status.ERROR, f"browser {error}"[:200])
    if seen.failure:
        return _failed(seen.failure, entry_host(seen.url), proxy)
    cut = "" if seen.complete else "time"
    job.keep(Evidence(seen.url, seen.media_type, network.now(), seen.picture, truncated=cut))
    if seen.dom and 200 <= seen.status < 300:
        markup = seen.dom.encode("utf-8", "replace")
        job.keep(Evidence(seen.url, "text/html; charset=utf-8", network.now(), markup))
    return Outcome(
        Status.OK, "" if seen.complete else "still-loading the picture was taken before all had come"
    )


def entry_of(target: Target) -> str:
    """The address that is opened: the first that was claimed."""
    first = next(iter(target.entries), "") or target.domain
    return first if "://" in first else f"https://{first}/"


def _failed(failure: str, host: str, proxy: BrowserProxy) -> Outcome:
    """Why there is no page: what the door said of this host, else the browser's own word for it."""
    for refused in proxy.refused:
        if refused.host == host:
            return Outcome(refused.status, refused.reason)
    word = failure.removeprefix("net::ERR_").lower().replace("_", "-")
    if failure == "net::ERR_TIMED_OUT":
        return Outcome(Status.TIMEOUT, "timeout no page within the time")
    if word.startswith(("cert-", "ssl-")):
        return Outcome(Status.UNREACHABLE, f"tls {word}")
    if failure in _NO_PAGE:
        return Outcome(Status.UNPARSED, f"no-page {word}")
    return Outcome(Status.UNREACHABLE, f"browser {word}")
