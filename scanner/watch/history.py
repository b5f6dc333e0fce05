"""The scans of a case as sights, from the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scanner.model import Observation, Why
from scanner.store import ScanRecord, ScanStatus, Store
from scanner.watch.changes import Change, History, follow
from scanner.watch.facts import NAMES, Sight

ENDED = (ScanStatus.COMPLETE, ScanStatus.PARTIAL)


def scans_of(store: Store, case_id: str) -> list[ScanRecord]:
    """The ended scans of a case in the order in which they were made, whatever a clock said that was set back."""
    return [scan for scan in store.scans(case_id) if scan.status in ENDED]


def sights_of(store: Store, case_id: str) -> list[Sight]:
    """What each scan saw of each claimed target, and of the case as a whole, scan by scan."""
    return [sight for scan in scans_of(store, case_id) for sight in _of_scan(store, scan)]


def history(store: Store, case_id: str) -> History:
    """What changed between the scans of a case."""
    found = follow(sights_of(store, case_id))
    return History(_once(found.changes), found.unconfirmed)


def _once(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Without the change of the case's level where a target's changed in the same scan."""
    judged = {change.scan for change in changes if change.kind == "verdict" and change.domain}
    return tuple(c for c in changes if c.domain or c.scan not in judged)


def _of_scan(store: Store, scan: ScanRecord) -> list[Sight]:
    rows: dict[str, list[Observation]] = {}
    for domain, row in store.observations_named(scan, NAMES):
        rows.setdefault(domain, []).append(row)
    levels = {row["domain"]: str(row["level"]) for row in store.verdicts_of(scan)}
    attempts = store.attempts(scan)
    claimed = [target.domain for target in store.targets(scan) if target.why is Why.CLAIM]
    sights = [
        Sight(
            domain,
            scan.uid,
            scan.as_of,
            attempts.get(domain, ()),
            tuple(rows.get(domain, ())),
            levels.get(domain, ""),
            scan.tool_version,
        )
        for domain in sorted(claimed)
    ]
    every = tuple(attempt for domain in sorted(claimed) for attempt in attempts.get(domain, ()))
    return [*sights, Sight("", scan.uid, scan.as_of, every, (), levels.get("", ""))]


def silent(store: Store, case_id: str) -> list[dict[str, str]]:
    """The sources that gave no answer in the newest scan: of these nothing can be said."""
    scans = scans_of(store, case_id)
    if not scans:
        return []
    claimed = {target.domain for target in store.targets(scans[-1]) if target.why is Why.CLAIM}
    return [
        {"domain": domain, "source": attempt.source, "status": attempt.status.value}
        for domain, attempts in sorted(store.attempts(scans[-1]).items())
        for attempt in attempts
        if domain in claimed and not attempt.status.answered and attempt.status != "skipped"
    ]


def as_dict(change: Change) -> dict[str, Any]:
    """A change as plain data; dates to the second."""
    return {
        "domain": change.domain,
        "kind": change.kind,
        "what": change.what,
        "before": list(change.before),
        "after": list(change.after),
        "last_seen_before": _iso(change.before_at),
        "first_seen_after": _iso(change.after_at),
        "confirmed": _iso(change.confirmed_at) if change.confirmed_at else "",
        "returned": change.returned,
        "sources": list(change.sources),
        "scan": change.scan,
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
