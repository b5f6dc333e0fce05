"""What came back, and what it says: attempts, evidence, observations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from scanner.model.dates import Bound, Date


class Status(StrEnum):
    """How one try at one source ended. Only OK, ABSENT and REDACTED are answers."""

    OK = "ok"
    ABSENT = "absent"  # the source says there is no such thing
    REDACTED = "redacted"  # answered, dates or owner withheld
    THROTTLED = "throttled"
    REFUSED = "refused"  # the peer says no
    BLOCKED = "blocked"  # we did not connect: address policy
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    UNPARSED = "unparsed"
    SKIPPED = "skipped"  # not needed or not allowed
    ERROR = "error"  # our fault

    @property
    def answered(self) -> bool:
        return self in (Status.OK, Status.ABSENT, Status.REDACTED)

    @property
    def worth_retrying(self) -> bool:
        return self in (Status.THROTTLED, Status.TIMEOUT, Status.UNREACHABLE, Status.ERROR)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a person is told about a source before it is asked.

    seen_by: who learns the question (owner, resolver, registry, registrar, archive, log, platform).
    deadline: seconds for one target, all steps included. passive: whether `--passive` keeps it.
    """

    name: str
    seen_by: tuple[str, ...]
    deadline: float
    passive: bool
    asks: str  # what is asked, for `--dry-run`: "domain name", "page addresses"
    dated: bool = False  # can answer with dates
    fresh_days: int = 0  # for so long an answer may be used again by another scan; 0: always asked anew

    @property
    def touches_target(self) -> bool:
        return "owner" in self.seen_by


@dataclass(frozen=True, slots=True)
class Evidence:
    """The bytes of one fetch, as they came, ready to become one WARC record (a pair, for HTTP).

    uri: `https://…`, `dns:example.com?type=MX`, `whois://host/domain`, `tls://host:443`.
    media_type: `application/http;msgtype=response`, `application/dns-message`, `text/plain`,
        `application/x-pem-file`.
    block: HTTP status line, headers, blank line, undecoded body (transfer coding removed, content coding
        kept); a DNS message; registration text; PEM.
    request: the HTTP request head, else empty.
    address: the logical IP address that answered, else "".
    truncated: "" or the WARC-Truncated reason (`length`, `time`, `disconnect`).
    """

    uri: str
    media_type: str
    fetched_at: datetime
    block: bytes
    request: bytes = b""
    address: str = ""
    truncated: str = ""

    @property
    def digest(self) -> str:
        """`sha256:` and the hex SHA-256 of the block."""
        return "sha256:" + hashlib.sha256(self.block).hexdigest()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one source for one target. `reason` is a fixed slug, then free text after a space."""

    source: str
    status: Status
    reason: str = ""
    started_at: datetime | None = None
    ms: int = 0


class Observation(msgspec.Struct, frozen=True, gc=False):
    """A typed fact parsed from evidence. The vocabulary of kinds and names stands in docs/OBSERVATIONS.md.

    `value` is text. `starts`/`ends` hold a date or a period; `bound` says what `starts` means.
    `evidence` is the digest of the evidence it was read from, "" where there is none.
    """

    kind: str
    name: str
    value: str
    source: str
    starts: Date | None = None
    ends: Date | None = None
    bound: Bound = Bound.AT
    evidence: str = ""

    @property
    def precision(self) -> str:
        return self.starts.precision.value if self.starts else ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read. `state` is one of docs/OBSERVATIONS.md's page states (`content`, `parked` …)."""

    url: str
    status: int
    state: str
    title: str = ""
    words: int = 0
    text_digest: str = ""
    language: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """The main text of a page, passage by passage: as it stands, and as masked tokens (`scanner.likeness`)."""

    passages: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]


class Link(msgspec.Struct, frozen=True, gc=False):
    """A link on a page: absolute http(s) URL without fragment, its visible text, and where it stood."""

    url: str
    text: str = ""
    place: str = "body"  # body, nav, header, footer, icon, canonical, sitemap, refresh


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a page shows it: absolute http(s) URL, alternative text, stated size in pixels (0: not stated)."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What an observer may know beside the bytes. `as_of` is the scan's date; observers never ask a clock.

    texts: whether a page's main text is wanted too (`Observed.text`); masking it costs as much as all the rest.
    pictures: whether the pictures a page shows are wanted too (`Observed.pictures`).
    """

    domain: str
    entries: tuple[str, ...] = ()
    platform: str = ""
    as_of: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    texts: bool = False
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """What one piece of evidence says. `status` replaces the collector's when reading the bytes shows more
    (a WHOIS text that says "limit exceeded" is `throttled`)."""

    observations: tuple[Observation, ...] = ()
    status: Status | None = None
    reason: str = ""
    page: Page | None = None
    links: tuple[Link, ...] = ()
    text: PageText | None = None
    pictures: tuple[Shown, ...] = ()
