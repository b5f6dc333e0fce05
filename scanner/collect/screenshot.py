"""A picture of a site's entry page, and the text of pages that only scripts write. Asked for with `--screenshots`.

The browser is the machine's own (see `chromium`); all it asks for goes through the one door (`egress.proxy`). Not
one of the sources of every scan: it takes seconds and some 200 MB of memory for each site.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from scanner.collect import chromium
from scanner.collect.base import Job, Outcome, entry_host
from scanner.collect.devtools import BrowserError
from scanner.collect.rendered import worth_opening
from scanner.domains import same_site
from scanner.egress import BrowserProxy, Network
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
_SHARE = 0.8
"""Of the deadline, after which no further page is begun or waited for: what came before is an answer."""
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
    """One visit with a profile of its own; keeps the picture and, where `job.render` asks for it, the markup, then
    that of a few more pages.

    Raises nothing of the browser's: what went wrong there is `error`, what went wrong on the way the site's.
    """
    network, began = job.network, job.network.monotonic()
    async with BrowserProxy(network) as proxy:
        try:
            async with _window(network, proxy) as window:
                return await _look(job, proxy, window, network.scale(INFO.deadline) * _SHARE + began)
        except BrowserError as error:
            return Outcome(Status.ERROR, f"browser {error}"[:200])


def _window(network: Network, proxy: BrowserProxy) -> AbstractAsyncContextManager[chromium.Window]:
    return chromium.window(
        chromium.find(),
        proxy,
        opens=max(network.scale(_OPENS), _LEAST_OPENS),
        loads=max(network.scale(_LOADS), _LEAST_LOADS),
        any_certificate=network.config.ca_file is not None,
    )


async def _look(job: Job, proxy: BrowserProxy, window: chromium.Window, until: float) -> Outcome:
    """The entry page and, where its text is wanted, some others until then; by the monotonic clock."""
    seen = await window.visit(entry_of(job.target), dom=job.render)
    if seen.failure:
        return _failed(seen.failure, entry_host(seen.url), proxy)
    now, cut = job.network.now(), "" if seen.complete else "time"
    job.keep(Evidence(seen.url, seen.media_type, now, seen.picture, truncated=cut))
    if (markup := _markup(seen, job.network)) is not None:
        job.keep(markup)  # at once: reading it again for its links costs little, losing it a site's text
        with contextlib.suppress(TimeoutError, BrowserError):
            async with asyncio.timeout(max(0.0, until - job.network.monotonic())):
                await _more(job, window, markup)
    return Outcome(
        Status.OK, "" if seen.complete else "still-loading the picture was taken before all had come"
    )


async def _more(job: Job, window: chromium.Window, entry: Evidence) -> None:
    """Keeps what scripts wrote on the pages the entry page leads to, one after the other. One that shows what another
    showed already is left out: many such sites answer every address with their entry."""
    links = (await job.observe(entry)).links
    shown = {entry.digest}
    for url in await worth_opening(job, entry.uri, links):
        markup = _markup(await window.visit(url, dom=True, picture=False), job.network)
        if markup is not None and markup.uri == url.partition("#")[0]:
            markup = replace(markup, uri=url)  # the browser names a page without what follows its hash
        if markup is not None and markup.digest not in shown and same_site(markup.uri, job.target.domain):
            shown.add(markup.digest)
            job.keep(markup)


def _markup(seen: chromium.Seen, network: Network) -> Evidence | None:
    """What scripts made of a page; None of one that wasn't found or wasn't asked for."""
    if seen.failure or not seen.dom or not 200 <= seen.status < 300:
        return None
    return Evidence(seen.url, "text/html; charset=utf-8", network.now(), seen.dom.encode("utf-8", "replace"))


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
