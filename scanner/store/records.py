"""Rows of the database as objects of the model, and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from sys import intern
from typing import Any

from scanner.model import (
    Attempt,
    Bound,
    Claim,
    Date,
    Evidence,
    Observation,
    Observed,
    Page,
    Period,
    Role,
    Status,
)

Row = tuple[Any, ...]


class ScanStatus(StrEnum):
    RUNNING = "running"
    COMPLETE = "complete"  # every planned attempt has an answer
    PARTIAL = "partial"  # each has a final row, some without an answer
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """One row of `scans`. Moments are aware UTC, whole seconds: use these, not the ones handed in, so that
    scoring the stored scan again sees the same. `resumed`: this run goes on with an earlier one."""

    id: int
    uid: str
    case_id: str
    started_at: datetime
    ended_at: datetime | None
    as_of: datetime
    status: ScanStatus
    tool_version: str
    knowledge_version: str
    passive: bool
    resumed: bool = False

    @property
    def warc_file(self) -> str:
        """Name of the evidence file, relative to the folder of the database."""
        return f"evidence/{self.uid}.warc.gz"


@dataclass(slots=True)
class OpenAttempt:
    """An attempt that is under way. `id` is 0 until its row was written."""

    scan: ScanRecord
    domain: str
    source: str
    started_at: datetime
    id: int = 0
    floor: int = 0  # observations up to this id came from earlier attempts
    decided_by: int = 0  # evidence whose reading set the status
    by_digest: dict[str, int] = field(default_factory=dict)
    kept: int = 0


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """One fetch read back, for observing it again."""

    domain: str
    source: str
    id: int
    evidence: Evidence


Kept = tuple[Evidence, Observed | None]


def clean(text: str) -> str:
    """Text as SQLite takes it: half a surrogate pair, as JSON on a hostile page can hold, becomes `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def iso(moment: datetime) -> str:
    """ISO 8601 UTC to the second, `2015-03-14T09:00:00Z`."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@lru_cache(maxsize=4096)
def date(text: str) -> Date:
    """Checking a date costs more than the rest of a row; the same ones come again and again."""
    return Date(text)


# ------------------------------------------------------------------------------------- cases and scans


def scan_of(row: Row, *, resumed: bool = False) -> ScanRecord:
    """From the columns of `scans`."""
    number, uid, case_id, started_at, ended_at, as_of, status, tool, knowledge, passive = row
    return ScanRecord(
        number,
        uid,
        case_id,
        moment(started_at),
        maybe_moment(ended_at),
        moment(as_of),
        ScanStatus(status),
        tool,
        knowledge,
        bool(passive),
        resumed,
    )


def claim_values(claim: Claim) -> Row:
    """role, url, organisation, starts, ends, place as the columns hold them."""
    period = claim.period
    starts = str(period.starts) if period.starts else None
    url, organisation, place = map(clean, (claim.url, claim.organisation, claim.place))
    return claim.role.value, url, organisation, starts, period.end_text or None, place


def claim_of(row: Row) -> Claim:
    role, url, organisation, starts, ends, place = row
    ongoing = ends == "present"
    period = Period(date(starts) if starts else None, date(ends) if ends and not ongoing else None, ongoing)
    return Claim(Role(role), url, organisation, period, place)


# ----------------------------------------------------------------------------------------- what came back


def observation_values(seen: Observation) -> Row:
    """kind, name, value, starts, ends, precision, bound, source as the columns hold them."""
    return (
        seen.kind,
        seen.name,
        clean(seen.value),
        seen.starts.text if seen.starts else None,
        seen.ends.text if seen.ends else None,
        seen.precision or None,
        seen.bound.value,
        seen.source,
    )


_BOUNDS = {bound.value: bound for bound in Bound}


def observation_of(row: Row) -> Observation:
    """From kind, name, value, starts, ends, bound, source and the digest of the evidence (or None).

    What few words say is held once: of the rows of a long list it is a third.
    """
    kind, name, value, starts, ends, bound, source, digest = row
    return Observation(
        intern(kind),
        intern(name),
        value,
        intern(source),
        date(starts) if starts else None,
        date(ends) if ends else None,
        _BOUNDS[bound],
        digest or "",
    )


def attempt_of(row: Row) -> Attempt:
    """From source, status, reason, started_at, ms."""
    source, status, reason, started_at, ms = row
    return Attempt(intern(source), Status(status), intern(reason), maybe_moment(started_at), ms)


def page_of(row: Row) -> Page:
    """From url, status, state, title, words, text_digest, language and the digest of the evidence."""
    url, status, state, title, words, text_digest, language, digest = row
    return Page(url, status, state or "", title, words, text_digest, language or "", digest or "")
