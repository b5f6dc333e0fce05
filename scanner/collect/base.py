"""What a collector is handed and what it hands back.

A source is a module here with `INFO`, `plan(target) -> str` (empty, or why it is skipped) and
`async collect(job) -> Outcome`. It fetches and keeps bytes; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from scanner.domains import host_of, registrable, split
from scanner.egress import Network
from scanner.hostnames import DomainError
from scanner.model import About, Evidence, Observed, SourceInfo, Status, Target
from scanner.observe import observe_in
from scanner.parse import ParsePool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, as far as can be told without reading meaning into the bytes."""

    status: Status
    reason: str = ""


Keep = Callable[[Evidence, Observed | None], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One source for one target. `render`: whether the text that scripts write is wanted, for `screenshot` alone.
    `engine` is the crawl engine (`spiders.engine.Engine`), for the website alone;
    `account` the one on a code platform that the target's own pages or a claim name, for `github` alone."""

    source: str
    target: Target
    network: Network
    parse: ParsePool
    about: About
    on_keep: Keep
    passive: bool = False
    engine: object | None = None
    account: str = ""
    render: bool = False

    def keep(self, evidence: Evidence, observed: Observed | None = None) -> None:
        """Hand bytes on as soon as they arrive, so that a deadline or Ctrl-C loses nothing. Without an `Observed`
        the scan has them observed."""
        self.on_keep(evidence, observed)

    async def observe(self, evidence: Evidence) -> Observed:
        """What the bytes say, found in a worker process. Does not keep them."""
        return await observe_in(self.parse, self.source, evidence, self.about)


class Source(Protocol):
    """What every module of this package offers."""

    INFO: SourceInfo

    def plan(self, target: Target) -> str: ...

    collect: Callable[[Job], Awaitable[Outcome]]


# -------------------------------------------------------------------------- what several sources ask of a name


def is_address(domain: str) -> bool:
    """Whether a target is a bare IP address."""
    try:
        return split(domain).is_address
    except DomainError:
        return False


def entry_host(url: str) -> str:
    """The host of an entry address in A-labels, "" where there is none.

    >>> entry_host("https://user@Www.Acme.example:8443/team")
    'www.acme.example'
    """
    try:
        return split(host_of(url)).host
    except DomainError:
        return ""


def operator(url: str) -> str:
    """Whose service an address is: the registrable domain of its host (quotas are kept by operator).

    >>> operator("https://rdap.registry.example/com/v1/"), operator("whois.registry.example")
    ('registry.example', 'registry.example')
    """
    host = host_of(url if "//" in url else f"//{url}") or url
    return registrable(host) or host


def without_registration(target: Target) -> str:
    """Why a registry has no record of the target itself, as a reason to skip; "" when it may have one."""
    if is_address(target.domain):
        return "not-needed an address has no registration"
    if target.platform:
        return f"platform-subdomain the registration of {target.platform} is the platform's"
    return ""
