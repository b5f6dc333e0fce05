"""The words of the project as frozen dataclasses; imports nothing of ours.

Everything that crosses a module border is one of these. They hold plain values (text, numbers, aware UTC
datetimes), so that they can be sent to worker processes and stored without the library that made them.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# ---------------------------------------------------------------------------------------------- dates


class Precision(StrEnum):
    """How exactly a date is known."""

    SECOND = "second"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Bound(StrEnum):
    """What a date says about the moment it stands for."""

    AT = "at"  # it happened then
    NOT_BEFORE = "not-before"  # it happened then or later
    NOT_AFTER = "not-after"  # it had happened by then


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?)?)?)?\Z")


@dataclass(frozen=True, slots=True, order=False)
class Date:
    """A point in time as precisely as it is known, as ISO 8601 UTC text.

    >>> Date("2015-03").precision.value, Date("2015-03").last.isoformat()
    ('month', '2015-03-31T23:59:59+00:00')
    >>> Date("2015").surely_before(Date("2016-01")), Date("2015").surely_before(Date("2015-06"))
    (True, False)
    """

    text: str

    def __post_init__(self) -> None:
        if not _DATE.match(self.text):
            raise ValueError(f"not a date: {self.text!r} (write YYYY, YYYY-MM or YYYY-MM-DD)")
        self.first  # noqa: B018  raises ValueError for month 0 and the 31st of February

    @classmethod
    def of(cls, moment: datetime, precision: Precision = Precision.SECOND) -> Date:
        """The date of an aware datetime (converted to UTC; microseconds dropped)."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        iso = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
        return cls(iso[: {"second": 20, "day": 10, "month": 7, "year": 4}[precision.value]])

    @property
    def precision(self) -> Precision:
        return {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}.get(
            len(self.text), Precision.SECOND
        )

    @property
    def first(self) -> datetime:
        """The earliest moment this date can mean."""
        y, m, d, hh, mm, ss = self._parts()
        return datetime(
            int(y or 0), int(m or 1), int(d or 1), int(hh or 0), int(mm or 0), int(ss or 0), tzinfo=UTC
        )

    @property
    def last(self) -> datetime:
        """The latest moment this date can mean."""
        y, m, d, hh, _, _ = self._parts()
        if hh is not None:
            return self.first
        month = int(m or 12)
        day = int(d or calendar.monthrange(int(y or 1), month)[1])
        return datetime(int(y or 0), month, day, 23, 59, 59, tzinfo=UTC)

    @property
    def day(self) -> str:
        """The date as people write it: never finer than a day."""
        return self.text[:10]

    @property
    def year(self) -> int:
        return int(self.text[:4])

    def surely_before(self, other: Date, margin: timedelta = timedelta(0)) -> bool:
        """True when every moment this can mean lies more than `margin` before every moment `other` can mean."""
        return self.last + margin < other.first

    def _parts(self) -> Iterable[str | None]:
        found = _DATE.match(self.text)
        assert found is not None
        return found.groups()

    def __str__(self) -> str:
        return self.text


def earliest(dates: Iterable[Date]) -> Date | None:
    """The date whose latest meaning is earliest: what can be said with certainty."""
    return min(dates, key=lambda date: (date.last, date.text), default=None)


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, as stated. Absent means not stated; `ongoing` means "present" was said."""

    starts: Date | None = None
    ends: Date | None = None
    ongoing: bool = False

    @property
    def end_text(self) -> str:
        """What the `ends` columns hold: a date, `present`, or nothing."""
        return "present" if self.ongoing else str(self.ends or "")

    def __str__(self) -> str:
        return f"{self.starts or '?'} to {self.end_text or '?'}"


# ----------------------------------------------------------------------------------- cases and targets


class Role(StrEnum):
    """What a claimed address is said to be."""

    EMPLOYER = "employer"
    VENDOR = "vendor"
    PORTFOLIO = "portfolio"
    REFERENCE = "reference"
    PROFILE = "profile"
    SCHOOL = "school"
    CERTIFICATE = "certificate"
    OFFER = "offer"


DATED_ROLES = frozenset((Role.EMPLOYER, Role.VENDOR, Role.REFERENCE, Role.SCHOOL, Role.CERTIFICATE))
"""Roles whose period is a statement about the organisation. A portfolio's dates are about a person's work."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a résumé: an address (or none yet), its role, the organisation, period and place."""

    role: Role
    url: str = ""
    organisation: str = ""
    period: Period = Period()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One candidate (or vendor) under review."""

    id: str
    label: str = ""
    claims: tuple[Claim, ...] = ()


class Why(StrEnum):
    """How a target came into a scan."""

    CLAIM = "claim"
    LEAD = "lead"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Target:
    """One registrable domain to look at.

    `domain` is lower-case ASCII (A-labels), private suffixes counted (`jane.github.io`). `platform` is the
    private suffix it hangs under ("github.io") or "": with a platform, the registration of the apex says
    nothing about the target.
    """

    domain: str
    entries: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    why: Why = Why.CLAIM
    from_domain: str = ""
    platform: str = ""


# --------------------------------------------------------------------------------- attempts and evidence


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
    deadline: seconds for one target, all steps included. quota: name of the limit it draws from, or "".
    passive: whether `--passive` keeps it.
    """

    name: str
    seen_by: tuple[str, ...]
    deadline: float
    passive: bool
    asks: str  # what is asked, for `--dry-run`: "domain name", "page addresses"
    dated: bool = False  # can answer with dates

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


@dataclass(frozen=True, slots=True)
class Observation:
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


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page: absolute http(s) URL without fragment, its visible text, and where it stood."""

    url: str
    text: str = ""
    place: str = "body"  # body, nav, header, footer, icon, canonical, sitemap, refresh


@dataclass(frozen=True, slots=True)
class About:
    """What an observer may know beside the bytes. `as_of` is the scan's date; observers never ask a clock.

    texts: whether a page's main text is wanted too (`Observed.text`); masking it costs as much as all the rest.
    """

    domain: str
    entries: tuple[str, ...] = ()
    platform: str = ""
    as_of: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    texts: bool = False


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


# ------------------------------------------------------------------------------- findings and verdicts


class Strength(StrEnum):
    DECISIVE = "decisive"
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    CONTEXT = "context"

    @property
    def rank(self) -> int:
        """0 for context up to 4 for decisive."""
        return ("context", "weak", "medium", "strong", "decisive").index(self.value)


class Family(StrEnum):
    REGISTRATION = "registration"
    HISTORY = "history"
    COPY = "copy"
    CONTACT = "contact"
    IDENTITY = "identity"
    INFRASTRUCTURE = "infrastructure"
    MAIL = "mail"
    KNOWN = "known"
    SEIZURE = "seizure"
    PROFILE = "profile"
    SAFETY = "safety"
    COHERENCE = "coherence"


class Level(StrEnum):
    """What is said of a target or a case, most serious first."""

    KNOWN = "known"
    CONTRADICTED = "contradicted"
    REVIEW = "review"
    NOT_ENOUGH = "not-enough"
    NOTHING_FOUND = "nothing-found"

    @property
    def rank(self) -> int:
        """0 for nothing-found up to 4 for known."""
        return ("nothing-found", "not-enough", "review", "contradicted", "known").index(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement with the two values compared. `support` are the observations it rests on; `defeats`
    are check ids it lowers (exculpatory findings); `defeated_by` is filled in by the verdict."""

    check_id: str
    check_version: int
    family: Family
    strength: Strength
    statement: str
    claimed: str = ""
    observed: str = ""
    innocent: str = ""
    ask: str = ""
    next_step: str = ""
    score: float = 0.0
    support: tuple[Observation, ...] = ()
    domain: str = ""  # "" for case-wide findings
    defeats: tuple[str, ...] = ()
    defeated_by: str = ""
    level: Level | None = None  # a level this finding gives by itself (`known`), else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level of a target (`domain`) or of the case (domain ""), with the coverage it rests on."""

    domain: str
    level: Level
    score: float
    answered: int
    planned: int
    summary: str
    findings: tuple[Finding, ...] = field(default=())
