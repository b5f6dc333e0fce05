"""Opening an address as the browser of the person who gave it would: scheme guessed, redirects followed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scanner.domains import host_of, same_site
from scanner.egress import REDIRECTS
from scanner.model import Link, Observation, Observed, Status
from scanner.parse import ParsePool
from spiders.choice import key
from spiders.middlewares import rules_of
from spiders.visit import Failed, Fetched, Kind, TlsFailed, Visit, led_to

MOST_HOPS = 8  # redirects of one entry; browsers give up at 20, honest sites need three
COOKIE_LIMIT = 4096  # bytes; kept for the one host and the one visit
_NOTHING = Observed()
_NO_TLS_THERE = frozenset(("connection-refused", "connection-reset", "disconnected", "connection"))


@dataclass(frozen=True, slots=True)
class Landing:
    """Where an entry led: the last answer and what it says, or why there is none (then `url` is empty)."""

    entry: str
    status: Status
    reason: str = ""
    url: str = ""
    observed: Observed = _NOTHING
    note: str = ""

    @property
    def state(self) -> str:
        return self.observed.page.state if self.observed.page else ""


async def open_entry(visit: Visit, parse: ParsePool, entry: str) -> Landing:
    """Open one address, https first when it has no scheme. Raises nothing a site can cause."""
    first: Failed | None = None
    note = ""
    for url in _spellings(entry):
        if first is not None:
            if not _try_plain(first):
                break
            note = f"plain-http after {first.reason}"
        try:
            return await _follow(visit, parse, entry, url, note)
        except Failed as failure:
            first = first or failure
    assert first is not None
    host = host_of(_spellings(entry)[0])
    if first.reason.startswith("no-address") and host == visit.site.domain:
        # A name in use whose records are those of mail alone: the site may stand under www.
        www = _spellings(entry)[0].replace(f"://{host}", f"://www.{host}", 1)
        try:
            return await _follow(visit, parse, entry, www, f"www-only {first.reason}")
        except Failed:
            pass
    return Landing(entry, first.status, first.reason)


def _spellings(entry: str) -> tuple[str, ...]:
    """
    >>> _spellings("acme.example/x")
    ('https://acme.example/x', 'http://acme.example/x')
    """
    scheme, found, rest = entry.partition("://")
    if not found:
        scheme, rest = "", entry
    if not set(rest) & set("/?#"):
        rest += "/"
    return (f"http://{rest}",) if scheme.lower() == "http" else (f"https://{rest}", f"http://{rest}")


def _try_plain(failure: Failed) -> bool:
    """Is plain http worth a try after https failed so? Where nothing speaks TLS, or nothing answers at all."""
    slug = failure.reason.partition(" ")[0]
    return isinstance(failure, TlsFailed) or slug in _NO_TLS_THERE or slug == "timeout"


async def _follow(visit: Visit, parse: ParsePool, entry: str, url: str, note: str) -> Landing:
    seen: set[str] = set()
    while True:
        seen.add(url)
        if same_site(url, visit.site.domain):
            # Not needed for the entry, but for what comes after: it must not wait for it then.
            visit.track(asyncio.ensure_future(rules_of(visit, parse, url)))
        answer = await visit.ask(url, Kind.ENTRY)
        target = location(answer)
        if target:
            visit.keep(
                answer.evidence, Observed((fact("redirect", f"{url} -> {target}", answer.evidence.digest),))
            )
        else:
            observed = await visit.observe(answer.evidence)
            target = refreshed(observed.links, seen)
            if not target:
                return _landing(visit, entry, answer, observed, note)
            hop = fact("redirect", f"{url} -> {target}", answer.evidence.digest)
            visit.keep(answer.evidence, replace(observed, observations=(*observed.observations, hop)))
        if urlsplit(target).scheme not in ("http", "https"):
            return Landing(entry, Status.OK, f"redirect-elsewhere {target[:100]}", note=note)
        if target in seen and answer.cookies and host_of(url) not in visit.cookies:
            # Some doors open only for who brings back the cookie they just set, as browsers do.
            visit.cookies[host_of(url)] = "; ".join(answer.cookies)[:COOKIE_LIMIT]
        elif target in seen or len(seen) > MOST_HOPS:
            raise Failed(Status.UNREACHABLE, f"redirect-loop {len(seen)} redirects without an end")
        url = target


def _landing(visit: Visit, entry: str, answer: Fetched, observed: Observed, note: str) -> Landing:
    """Hand the last answer on, with what only the walk knows of it, and say how the entry ended."""
    digest = answer.evidence.digest
    facts = [fact("entry", entry, digest), fact("final", answer.url, digest)]
    if observed.page is not None:
        facts.append(fact("state", observed.page.state, digest))
    visit.keep(answer.evidence, replace(observed, observations=(*observed.observations, *facts)))
    status, reason = status_of(answer.status)
    if visit.challenge:
        status, reason = Status.REFUSED, visit.challenge
    elif observed.status is Status.UNPARSED:
        status, reason = Status.UNPARSED, observed.reason
    return Landing(entry, status, reason, answer.url, observed, note)


def status_of(code: int) -> tuple[Status, str]:
    """What an HTTP status means for the attempt, with the reason.

    >>> status_of(410), status_of(200)
    ((<Status.ABSENT: 'absent'>, 'status 410'), (<Status.OK: 'ok'>, ''))
    """
    if 200 <= code < 300:
        return Status.OK, ""
    if code in (404, 410):
        return Status.ABSENT, f"status {code}"
    if code == 429:
        return Status.THROTTLED, f"status {code}"
    if 400 <= code < 500:
        return Status.REFUSED, f"status {code}"
    return Status.UNREACHABLE, f"status {code}"


def location(answer: Fetched) -> str:
    """The absolute address a redirect points to, without fragment; "" when the answer is none."""
    if answer.status not in REDIRECTS or not answer.headers.get("location", "").strip():
        return ""
    return led_to(answer.url, answer.headers["location"])


def refreshed(links: tuple[Link, ...], seen: set[str]) -> str:
    """The address the page itself goes on to, unless it only reloads."""
    keys = {key(url) for url in seen}
    return next((link.url for link in links if link.place == "refresh" and key(link.url) not in keys), "")


def fact(name: str, value: str, digest: str) -> Observation:
    """A row of kind `website`: what the walk knows and no single answer shows. `digest` of the evidence."""
    return Observation("website", name, value, "website", evidence=digest)
