"""One visit to one site: what it may spend, what it has taken, and where that goes.

Every request of a walk carries its visit, so that limits hold for a site however many hops, retries, rules
files and icons it takes; Scrapy's own CLOSESPIDER_* limits count for a spider, which here serves many sites.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin

from scrapy.exceptions import IgnoreRequest

from scanner.domains import host_of, same_site, slashed
from scanner.egress import EgressError
from scanner.egress.http import canonical
from scanner.egress.policy import ascii_name, literal
from scanner.model import About, Evidence, Observed, Status

if TYPE_CHECKING:
    from spiders.robots import Rules

PAGES = 25  # pages a site, every redirect hop and every second try counted
EXTRAS = 12  # rules files, site maps and icons
BYTES = 10 << 20  # bytes of bodies as sent
PICTURES = 30  # a site, asked for when its pages have been read
PICTURE_BYTES = 5 << 20  # of all of them, and of those above
SECONDS = 43.0  # of the source's 45: the rest is for writing down what came
EXCHANGE_SECONDS = 10.0  # for one exchange, from dialling to the last byte

Sink = Callable[[Evidence, Observed | None], None]
"""Takes one piece of evidence; without an `Observed` the receiver has it parsed itself."""


class Kind(StrEnum):
    """Why an address is asked for; rules and budgets depend on it."""

    ENTRY = "entry"  # given by a person, or where that led: opened as their browser would
    PAGE = "page"
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    ICON = "icon"
    PICTURE = "picture"


class Clock(Protocol):
    """What a visit asks of the network."""

    def monotonic(self) -> float: ...
    def scale(self, seconds: float) -> float: ...


@lru_cache(maxsize=4096)  # asked many times of each address
def led_to(base: str, location: str) -> str:
    r"""The absolute address a Location header means, as a browser reads it, without fragment; "" for none.

    >>> led_to("https://a.example/x", "\\\\b.example\\y#z"), led_to("https://a.example/", "http://[")
    ('https://b.example/y', '')
    """
    try:
        return urljoin(base, slashed(location.strip().replace(" ", "%20"))).partition("#")[0]
    except ValueError:
        return ""


def of_one_mind(url: str) -> bool:
    """Whether the host we take an address to be on is the one that would be dialled for it: what answers under
    one name must not count for another. False too for what is no web address."""
    try:
        host = host_of(url)
        return canonical(url).raw_host == (literal(host) or ascii_name(host))
    except (EgressError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Site:
    """What to look at. `domain` is registrable (or below a private suffix); `role` is that of the claim."""

    domain: str
    entries: tuple[str, ...] = ()
    platform: str = ""
    role: str = ""
    as_of: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    texts: bool = False
    pictures: bool = False

    @property
    def about(self) -> About:
        return About(self.domain, self.entries, self.platform, self.as_of, self.texts, self.pictures)


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a walk ended: a status of design §7, and a slug with free text."""

    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. `headers` by lower-case name, the first of each; the body stays inside `evidence`."""

    url: str
    status: int
    headers: dict[str, str]
    evidence: Evidence
    kind: Kind
    cookies: tuple[str, ...] = ()  # `name=value` of each Set-Cookie


class Failed(IgnoreRequest):
    """No answer worth the name, with its type. As an IgnoreRequest it is never asked again."""

    def __init__(self, status: Status, reason: str):
        super().__init__(reason)
        self.status = status
        self.reason = reason


class BlockedByPolicy(Failed):
    """The address policy refused to connect. Retrying would give a rebinding name its second chance."""

    def __init__(self, reason: str):
        super().__init__(Status.BLOCKED, reason)


class TlsFailed(Failed):
    """No TLS. `untrusted`: the handshake failed only because the certificate did not verify."""

    def __init__(self, reason: str, *, untrusted: bool):
        super().__init__(Status.UNREACHABLE, reason)
        self.untrusted = untrusted


class OverBudget(Failed):
    """The visit has spent what a site may cost."""

    def __init__(self, reason: str):
        super().__init__(Status.SKIPPED, reason)


class NotAllowed(Failed):
    """The site's robots.txt says no, or could not be had (RFC 9309 §2.3.1)."""

    def __init__(self, reason: str):
        super().__init__(Status.REFUSED, reason)


@dataclass(slots=True, eq=False)
class Visit:
    """The state of one walk.

    fetch: asks for one address on this visit's account, with the certificate verified or not; raises Failed.
    observe: reads evidence in a worker process.
    """

    site: Site
    clock: Clock
    sink: Sink
    fetch: Callable[[str, Kind, bool], Awaitable[Fetched]]
    observe: Callable[[Evidence], Awaitable[Observed]]
    pages_left: int = PAGES
    extras_left: int = EXTRAS
    bytes_left: int = BYTES
    pictures_left: int = PICTURES
    picture_bytes_left: int = PICTURE_BYTES
    halted: str = ""  # why nothing more is asked, a slug and text
    challenge: str = ""  # the bot check that was met
    rules: dict[str, asyncio.Task[Rules]] = field(default_factory=dict)  # by origin
    cookies: dict[str, str] = field(default_factory=dict)  # Cookie header by host, where the door needs one
    untrusted: set[str] = field(default_factory=set)  # hosts whose certificate did not verify
    started: float = field(init=False)
    _transfers: set[asyncio.Task[Any]] = field(default_factory=set)
    _pending: dict[int, tuple[Evidence, Kind]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.started = self.clock.monotonic()

    @property
    def seconds_left(self) -> float:
        return self.started + self.clock.scale(SECONDS) - self.clock.monotonic()

    def spend(self, kind: Kind) -> None:
        """Count one request, or raise OverBudget."""
        if self.halted:
            raise OverBudget(self.halted)
        if self.seconds_left <= 0:
            raise OverBudget("time-budget spent")
        if self.bytes_left <= 0:
            raise OverBudget("byte-budget spent")
        if kind in (Kind.ENTRY, Kind.PAGE):
            if self.pages_left <= 0:
                raise OverBudget("page-budget spent")
            self.pages_left -= 1
        elif kind is Kind.PICTURE:
            if self.pictures_left <= 0 or self.picture_bytes_left <= 0:
                raise OverBudget("picture-budget spent")
            self.pictures_left -= 1
        else:
            if self.extras_left <= 0:
                raise OverBudget("page-budget spent on rules and icons")
            self.extras_left -= 1

    def room(self, kind: Kind) -> int:
        """Bytes that one more answer of this kind may have."""
        return min(self.bytes_left, self.picture_bytes_left) if kind is Kind.PICTURE else self.bytes_left

    def came(self, kind: Kind, size: int) -> None:
        """Count bytes that have arrived."""
        self.bytes_left -= size
        if kind is Kind.PICTURE:
            self.picture_bytes_left -= size

    async def ask(self, url: str, kind: Kind) -> Fetched:
        """One answer. A certificate that does not verify is noted and gone past, as validity is a fact to
        record and no condition: the page is a stranger's either way, and nothing is sent but the address."""
        host = host_of(url)
        if not of_one_mind(url):
            raise Failed(Status.UNPARSED, f"bad-address {url[:100]!r}")
        try:
            return await self.fetch(url, kind, host not in self.untrusted)
        except TlsFailed as failure:
            if not failure.untrusted:
                raise
            self.untrusted.add(host)
            return await self.fetch(url, kind, False)

    def track(self, transfer: asyncio.Task[Any] | None) -> None:
        """Remember a running transfer, so that closing the visit can end it."""
        if transfer is not None:
            self._transfers.add(transfer)
            transfer.add_done_callback(self._transfers.discard)

    def take(self, evidence: Evidence, kind: Kind) -> None:
        """Bytes have come. They reach the sink with `keep`, at the latest when the visit closes."""
        self._pending[id(evidence)] = (evidence, kind)

    def keep(self, evidence: Evidence, observed: Observed | None = None) -> None:
        """Hand evidence on, once."""
        if self._pending.pop(id(evidence), None) is not None:
            self.sink(evidence, observed)

    def close(self) -> None:
        """End what still runs and hand on what has not been."""
        self.halted = self.halted or "closed"
        for transfer in list(self._transfers):
            transfer.cancel()
        self.flush()

    def flush(self) -> None:
        for evidence, kind in list(self._pending.values()):
            # What is not a whole page of this site is kept and not read: the first half of one would pass for
            # all of it, another site's for its own.
            page = kind in (Kind.ENTRY, Kind.PAGE) and same_site(evidence.uri, self.site.domain)
            self.keep(evidence, None if page and evidence.truncated != "time" else Observed())
