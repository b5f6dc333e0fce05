"""Documents and dated facts of made-up scans, as `report` hands them to the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from scanner.model import Attempt, Bound, Claim, Date, Observation, Period, Role, Status
from scanner.report.html_evidence import Appendix
from scanner.report.html_facts import Facts, Row
from scanner.store import ScanRecord, ScanStatus
from scanner.store.fetches import Fetch

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SOURCES = ("dns", "rdap", "tls", "ct", "archive", "website")


def finding(number: int = 1, **changed: Any) -> dict[str, Any]:
    """One strong finding that counts, as a row of the document."""
    row = {
        "id": number,
        "check_id": f"history.made-{number}",
        "check_version": 1,
        "family": "history",
        "strength": "strong",
        "score": 1.5,
        "statement": f"Statement {number}.",
        "claimed": "2015-03",
        "observed": "2022-05-03",
        "innocent": "A firm may have moved.",
        "ask": f"Question {number}?",
        "next_step": f"Step {number}.",
        "evidence_ids": [1],
        "defeated_by": "",
    }
    return {**row, **changed}


def target(domain: str = "acme.example", **changed: Any) -> dict[str, Any]:
    row = {
        "domain": domain,
        "why": "claim",
        "level": "review",
        "score": 1.5,
        "answered": 6,
        "planned": 6,
        "summary": "Something here needs a person.",
        "findings": [finding()],
        "not_seen": [],
        "attempts": [{"source": name, "status": "ok", "reason": "", "ms": 1} for name in SOURCES],
        "shared": [],
        "phrases": [],
        "from": "",
        "because": "",
    }
    return {**row, **changed}


def document(*targets: dict[str, Any], **changed: Any) -> dict[str, Any]:
    row = {
        "case": "cand-1",
        "label": "",
        "scan": "01a20786",
        "status": "complete",
        "as_of": "2024-06-01T00:00:00Z",
        "level": "review",
        "score": 1.5,
        "summary": "Something here needs a person.",
        "targets": list(targets),
        "findings": [],
        "not_seen": [],
        "unaddressed": [],
    }
    return {**row, **changed}


def fetch(number: int = 1, **changed: Any) -> Fetch:
    row: dict[str, Any] = {
        "id": number,
        "domain": "acme.example",
        "source": "rdap",
        "digest": f"sha256:{number:064x}",
        "uri": f"https://rdap.example/domain/{number}",
        "media_type": "application/http;msgtype=response",
        "fetched_at": "2024-06-01T00:00:01Z",
        "warc_file": "evidence/01a20786.warc.gz",
        "offset": number * 100,
        "length": 99,
    }
    return Fetch(**{**row, **changed})


def facts(fetches: Iterable[Fetch] = (), status: ScanStatus = ScanStatus.COMPLETE) -> Facts:
    ended = NOW if status is not ScanStatus.RUNNING else None
    record = ScanRecord(1, "01a20786", "cand-1", NOW, ended, NOW, status, "0.1.0", "abc", False)
    return Facts(record, Appendix(fetches or (fetch(),)))


def claim(starts: str = "2015-03", ends: str = "2019-06", **changed: Any) -> Claim:
    period = Period(
        Date(starts) if starts else None,
        Date(ends) if ends and ends != "present" else None,
        ends == "present",
    )
    return Claim(changed.pop("role", Role.EMPLOYER), period=period, **changed)


def row(
    kind: str, name: str, value: str, starts: str = "", source: str = "rdap", evidence: int | None = 1
) -> Row:
    bound = Bound.NOT_AFTER if name.startswith("first_") else Bound.AT
    return Row(
        Observation(kind, name, value, source, Date(starts) if starts else None, None, bound), evidence
    )


def attempts(statuses: Sequence[tuple[str, str]]) -> tuple[Attempt, ...]:
    return tuple(Attempt(source, Status(status)) for source, status in statuses)
