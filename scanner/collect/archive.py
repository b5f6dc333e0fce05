"""The web archive: its index in two questions, and the bytes of a few captures of the home page.

1. The home page, one capture a month: when it was first and last seen, and when it changed.
2. The whole site, the first capture of each address: which pages there are, and whether one is older.
3. Of a claimed address, at most four captures of the home page (`scanner.collect.captures` chooses them): what
   stood there in the claimed years, before and since. Of another address that was led to, at most one: where its home
   page led when it no longer held a page.

All is bounded, so that a large site costs the archive no more than a small one: six turns of its quota a target.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from scanner.address_space import is_public
from scanner.collect.base import Job, Outcome, is_address
from scanner.collect.captures import MOST, moved_away, telling_captures
from scanner.egress import EgressError, HttpAnswer, Network, Refused, Throttled, Unreachable
from scanner.model import Evidence, Observed, SourceInfo, Status, Target, Why

QUOTA = "archive"
MOST_BYTES = 4 << 20
MOST_ROWS = 2000
SECONDS = 20.0  # for one answer
PENALTY = 60.0  # the archive bans for an hour those who go on asking within a minute of a 429
PATIENCE = 30.0  # a longer silence than this is `throttled`, and another scan's business
INFO = SourceInfo(
    name="archive",
    seen_by=("archive",),
    deadline=180.0,  # asking takes at most six times 20; the rest is waiting for a turn beside other targets
    passive=True,
    asks="domain name, archived home pages",
    dated=True,
    fresh_days=30,
)
CONTENT_SECONDS = 100.0  # for the captures: what the index answered must not be lost to a queue behind it
_REPLAY = re.compile(r"/web/(\d{14})(?:[a-z]{2}_)?/(.+)\Z", re.DOTALL)


def plan(target: Target) -> str:
    if is_address(target.domain) and not is_public(target.domain.strip("[]")):
        return "not-needed an address inside a network is in no archive"
    return ""


async def collect(job: Job) -> Outcome:
    """Keeps the answers; a home page that failed ends it, a later question that failed makes it partial.

    What an index answer means (no captures, throttled, a blocked site) the observer says.
    """
    home = await _index(job.network, home_url(job.network, job.target))
    observed = await job.observe(home.evidence)
    job.keep(home.evidence, observed)
    if home.status != 200:
        return Outcome(Status.OK)
    outcome = await _whole_site(job, home)
    return await _content(job, observed, outcome) if outcome.status is Status.OK else outcome


async def _whole_site(job: Job, home: HttpAnswer) -> Outcome:
    try:
        site = await _index(job.network, site_url(job.network, job.target))
    except EgressError as error:
        return _half(home, error.status, error.reason)
    if site.status == 200:
        job.keep(site.evidence)
        return Outcome(Status.OK)
    if _holds_rows(home):
        job.keep(site.evidence, Observed())  # the page that was seen must not be lost to a later limit
        return _half(home, Status.OK, f"http-{site.status}")
    job.keep(site.evidence)
    return Outcome(Status.OK)


def _half(home: HttpAnswer, status: Status, reason: str) -> Outcome:
    """The home page's captures are an answer; that it has none leaves the site open."""
    if _holds_rows(home):
        return Outcome(Status.OK, f"partial whole site {reason}")
    return Outcome(status, reason)


async def _content(job: Job, home: Observed, outcome: Outcome) -> Outcome:
    """What the home page held over the years. Failing to get it leaves the index's answer as it is."""
    if job.target.why is Why.LEAD:  # looked at to compare and to date: nothing is claimed of it
        chosen = moved_away(home.observations)
    else:
        chosen = telling_captures(job.target, home.observations, job.network.now())
    try:
        async with asyncio.timeout(job.network.scale(CONTENT_SECONDS)):
            missed = await _captures(job, chosen)
    except TimeoutError:
        missed = "deadline"
    return Outcome(outcome.status, outcome.reason or (f"partial capture {missed}" if missed else ""))


async def _captures(job: Job, chosen: list[tuple[str, str]]) -> str:
    """Fetches and keeps them. Why one could not be had, "" when all were."""
    turns, missed = Turns(MOST), ""
    for at, url in chosen:
        try:
            job.keep(await capture(job.network, url, at, turns))
        except SpentError:
            return missed or "own-limit"
        except EgressError as error:
            missed = missed or error.reason
            if error.status in (Status.THROTTLED, Status.TIMEOUT):  # the next one would fare no better
                return missed
    return missed


def _holds_rows(answer: HttpAnswer) -> bool:
    return answer.body.strip() not in (b"", b"[]")


def home_url(network: Network, target: Target) -> str:
    """Captures of the home page (any scheme, with and without www: one key in the archive), one a month."""
    return _query(network, url=f"{_host(target)}/", collapse="timestamp:6")


def site_url(network: Network, target: Target) -> str:
    """The first capture of every address; hosts below the domain too, but for a name below a platform."""
    match = "host" if target.platform else "domain"
    return _query(network, url=_host(target), matchType=match, collapse="urlkey")


async def page_index(network: Network, url: str) -> HttpAnswer:
    """The captures of one address, one a month. Raises EgressError, also for an answer that is no index."""
    answer = await _index(network, _query(network, url=url, collapse="timestamp:6"))
    if answer.status != 200:
        kind = Throttled if answer.status in (429, 503) else Refused if answer.status < 500 else Unreachable
        raise kind(f"http-{answer.status}")
    return answer


def _host(target: Target) -> str:
    return f"[{target.domain}]" if ":" in target.domain and is_address(target.domain) else target.domain


def _query(network: Network, **fields: str) -> str:
    base = network.config.archive.rstrip("/")
    return f"{base}/cdx/search/cdx?{urlencode({**fields, 'output': 'json', 'limit': str(MOST_ROWS)})}"


async def _index(network: Network, url: str) -> HttpAnswer:
    await network.take(QUOTA, patience=PATIENCE)
    answer = await network.http(url, max_bytes=MOST_BYTES, timeout=SECONDS)
    _heed(network, answer)
    return answer


def _heed(network: Network, answer: HttpAnswer) -> None:
    if answer.status in (429, 503) and not answer.header("memento-datetime"):
        network.penalise(QUOTA, answer.retry_after or PENALTY)


class SpentError(Exception):
    """As many questions were asked as we allow ourselves."""


@dataclass(slots=True)
class Turns:
    """How many more questions the archive is asked for one purpose. Redirects within the archive count."""

    left: int

    def spend(self) -> None:
        """Raises SpentError when none is left."""
        if self.left <= 0:
            raise SpentError
        self.left -= 1


async def capture(network: Network, url: str, timestamp: str, turns: Turns | None = None) -> Evidence:
    """The original bytes of the capture of `url` nearest to `timestamp` (14 digits, as CDX gives it).

    `scanner.observe.archive.as_page` turns the evidence into the site's own answer; its uri names the moment
    that was really captured. Raises EgressError: Throttled, Refused (a blocked site), Unreachable (nothing
    archived there, or the archive is down), TimedOut; SpentError where `turns` ran out.
    """
    wanted = f"{network.config.archive.rstrip('/')}/web/{timestamp}id_/{url}"
    for _ in range(3):  # another moment is a redirect within the archive
        if turns is not None:
            turns.spend()
        await network.take(QUOTA, patience=PATIENCE)
        answer = await network.http(wanted, max_bytes=MOST_BYTES, timeout=SECONDS)
        _heed(network, answer)
        if answer.header("memento-datetime"):
            return answer.evidence
        target = urljoin(wanted, answer.header("location"))
        moved = _REPLAY.search(target)
        if not (answer.status in (301, 302, 307) and moved and target.startswith(network.config.archive)):
            raise _refusal(answer)
        wanted = f"{network.config.archive.rstrip('/')}/web/{moved.group(1)}id_/{moved.group(2)}"
    raise Unreachable("redirect-loop in the archive")


def moment_of(uri: str) -> tuple[str, str] | None:
    """Address and moment (14 digits) of a replayed capture, from where it was fetched; None for anything else.

    >>> moment_of("https://web.archive.org/web/20160301000000id_/http://acme.example/")
    ('http://acme.example/', '20160301000000')
    """
    found = _REPLAY.search(uri)
    return (found.group(2), found.group(1)) if found else None


def _refusal(answer: HttpAnswer) -> EgressError:
    reason = f"http-{answer.status}"
    if answer.status in (429, 503):
        return Throttled(reason, answer.evidence)
    if answer.status in (401, 403, 451):
        return Refused(reason, answer.evidence)
    if answer.status == 404:
        return Unreachable("not-archived", answer.evidence)
    return Unreachable(reason, answer.evidence)
