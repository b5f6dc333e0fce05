"""Scans as a whole: begin, go on with, finish."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from scanner.model import Case, Claim, Status, Target
from scanner.store import sql
from scanner.store.base import Base, new_uid
from scanner.store.errors import StoreError
from scanner.store.records import ScanRecord, ScanStatus, claim_values, clean, iso, scan_of

DAY = timedelta(days=1)
# An attempt whose scan was killed: its row was never closed.
UNFINISHED = "unfinished the scan ended before the attempt did"


class Scans(Base):
    def begin_scan(
        self,
        case: Case,
        targets: Sequence[Target],
        *,
        as_of: datetime,
        passive: bool,
        tool_version: str,
        knowledge_version: str,
        planned: Iterable[tuple[str, str]] = (),
        started_at: datetime | None = None,
    ) -> ScanRecord:
        """A new scan with its case, claims and targets, and its evidence file. planned: (domain, source)
        pairs that will be tried; started_at: the network's clock (default: as_of)."""
        started = iso(started_at or as_of)
        with self.writing() as conn:
            conn.execute(sql.ADD_CASE, (case.id, clean(case.label), started))
            number = conn.execute(
                sql.ADD_SCAN,
                (
                    new_uid(),
                    case.id,
                    started,
                    iso(as_of),
                    ScanStatus.RUNNING.value,
                    tool_version,
                    knowledge_version,
                    int(passive),
                ),
            ).lastrowid
            scan = self.scan(number or 0)
            self._state_claims(scan, case.claims)
            self.add_targets(scan, targets, planned)
            self._hold(scan)  # before others can see the row: without its lock it would look left behind
        return scan

    def scan(self, scan_id: int, *, resumed: bool = False) -> ScanRecord:
        """The row as it stands now."""
        row = self.conn.execute(sql.SCAN, (scan_id,)).fetchone()
        return scan_of(row, resumed=resumed)

    def add_targets(
        self, scan: ScanRecord, targets: Sequence[Target], planned: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Targets of a scan: the claimed ones, later leads and redirects. One that is there already keeps
        its `why` and gets the new entries. planned: further (domain, source) pairs."""
        with self.writing() as conn:
            seen = iso(scan.started_at)
            known = self._positions(scan)
            for target in targets:
                for domain in filter(None, (target.domain, target.from_domain)):
                    conn.execute(sql.ADD_TARGET, (domain, seen, seen))
                self._write_target(scan, target, known)
            self.plan_attempts(scan, planned)

    def plan_attempts(self, scan: ScanRecord, planned: Iterable[tuple[str, str]]) -> None:
        """Note what will be tried, so that a scan that goes on knows what is missing."""
        with self.writing() as conn:
            conn.executemany(
                "INSERT OR IGNORE INTO planned (scan_id, target_id, source) VALUES (?, ?, ?)",
                [(scan.id, self._target_id(domain), source) for domain, source in planned],
            )

    def find_resumable(
        self, case_id: str, claims: Sequence[Claim], now: datetime, *, passive: bool | None = None
    ) -> ScanRecord | None:
        """The scan the same command goes on with: the newest one of this case with the same claims (in any
        order) when it began within a day of `now` and is interrupted, or partial with something worth
        retrying. A running one whose process is gone is interrupted; one that is alive is left alone.
        passive: when given, only a scan of that kind."""
        self._sweep()
        wanted = sorted(map(_claim_key, claims))
        for row in self.conn.execute(sql.NEWEST_FIRST, (case_id,)).fetchall():
            scan = scan_of(row)
            if abs(now - scan.started_at) > DAY or passive not in (None, scan.passive):
                continue
            if sorted(self._claim_keys(scan)) != wanted:
                continue
            if scan.status is ScanStatus.INTERRUPTED:
                return scan
            return scan if scan.status is ScanStatus.PARTIAL and self.pending(scan) else None
        return None

    def resume(self, scan: ScanRecord) -> ScanRecord:
        """Go on with a scan: hold it, cut an unfinished last record off its evidence, set it running."""
        with self.writing() as conn:
            there = conn.execute(
                "UPDATE scans SET status = ?, ended_at = NULL WHERE uid = ?",
                (ScanStatus.RUNNING.value, scan.uid),
            ).rowcount
            if not there:
                raise StoreError(f"{self.path}: scan {scan.uid} was purged meanwhile; run the command again")
            self._hold(scan)
        return self.scan(scan.id, resumed=True)

    def pending(self, scan: ScanRecord) -> list[tuple[str, str]]:
        """(domain, source) pairs that were planned and have no final row, or one worth another try
        (throttled, timeout, unreachable, error), in the order in which they were planned."""
        rows = self.conn.execute(sql.PLANNED, (scan.id,))
        return [
            (domain, source)
            for domain, source, status in rows
            if status is None or Status(status).worth_retrying
        ]

    def coverage(self, scan: ScanRecord) -> dict[str, tuple[int, int]]:
        """domain -> (answered, planned): planned is everything but `skipped`; a planned attempt without a
        row counts as planned and not answered."""
        status_of: dict[tuple[str, str], str | None] = {}
        for domain, source, status in self.conn.execute(sql.PLANNED, (scan.id,)):
            status_of[domain, source] = status
        for domain, source, status, *_ in self.conn.execute(sql.LAST_ATTEMPTS, (scan.id,)):
            status_of[domain, source] = status
        counts: dict[str, tuple[int, int]] = {}
        for (domain, _), status in sorted(status_of.items()):
            answered, planned = counts.get(domain, (0, 0))
            if status != Status.SKIPPED.value:
                answered, planned = answered + bool(status and Status(status).answered), planned + 1
            counts[domain] = answered, planned
        return counts

    def finish(
        self, scan: ScanRecord, status: ScanStatus | str | None = None, ended_at: datetime | None = None
    ) -> ScanRecord:
        """End a scan and close its evidence file. status: default `complete` when every planned attempt has
        an answer, `partial` when not."""
        if status is None:
            whole = all(answered == planned for answered, planned in self.coverage(scan).values())
            status = ScanStatus.COMPLETE if whole else ScanStatus.PARTIAL
        with self.writing() as conn:
            conn.execute(
                "UPDATE scans SET status = ?, ended_at = ? WHERE id = ?",
                (ScanStatus(status).value, iso(ended_at) if ended_at else None, scan.id),
            )
        self._let_go(scan)
        return self.scan(scan.id, resumed=scan.resumed)

    # ------------------------------------------------------------------------------------------- parts

    def _write_target(self, scan: ScanRecord, target: Target, known: dict[str, int]) -> None:
        number = self._target_id(target.domain)
        origin = self._optional_target_id(target.from_domain)
        positions = [self._position(scan, claim, known) for claim in target.claims]
        self.conn.execute(sql.ADD_SCAN_TARGET, (scan.id, number, target.why.value, origin))
        row = self.conn.execute(
            "SELECT entries, claims FROM target_details WHERE scan_id = ? AND target_id = ?",
            (scan.id, number),
        ).fetchone()
        entries: list[Any] = json.loads(row[0]) if row else []
        claimed: list[Any] = json.loads(row[1]) if row else []
        entries += [entry for entry in map(clean, target.entries) if entry not in entries]
        claimed += [position for position in positions if position not in claimed]
        self.conn.execute(
            sql.SET_TARGET_DETAILS,
            {
                "scan": scan.id,
                "target": number,
                "platform": target.platform,
                "entries": json.dumps(entries),
                "claims": json.dumps(claimed),
            },
        )
        self.conn.executemany(sql.LINK_CLAIM, [(number, scan.id, position) for position in positions])

    def _state_claims(self, scan: ScanRecord, claims: Sequence[Claim]) -> None:
        """The case's claims, each at a position of its own, two equal ones too."""
        for claim in claims:
            self._add_claim(scan, claim, stated=True)

    def _position(self, scan: ScanRecord, claim: Claim, known: dict[str, int]) -> int:
        """Where a target's claim stands among those of the scan: as a rule the case stated it. `known` are the
        positions by claim, and gets those that are new."""
        key = _claim_key(claim)
        if key not in known:
            known[key] = self._add_claim(scan, claim, stated=False)
        return known[key]

    def _positions(self, scan: ScanRecord) -> dict[str, int]:
        """Position by claim, the first of equal ones."""
        found: dict[str, int] = {}
        for position, key in enumerate(self._claim_keys(scan, stated_only=False)):
            found.setdefault(key, position)
        return found

    def _add_claim(self, scan: ScanRecord, claim: Claim, stated: bool) -> int:
        values = (scan.case_id, *claim_values(claim))
        row = self.conn.execute(sql.SAME_CLAIM, values).fetchone()
        number = row[0] if row else self.conn.execute(sql.ADD_CLAIM, values).lastrowid
        count = "select count(*) from scan_claims where scan_id = ?"
        position = int(self.conn.execute(count, (scan.id,)).fetchone()[0])
        self.conn.execute(sql.ADD_SCAN_CLAIM, (scan.id, position, number, int(stated)))
        return position

    def _claim_keys(self, scan: ScanRecord, *, stated_only: bool = True) -> list[str]:
        rows = self.conn.execute(sql.CLAIMS, (scan.id,))
        return [json.dumps(values) for *values, stated in rows if stated or not stated_only]


def _claim_key(claim: Claim) -> str:
    return json.dumps(claim_values(claim))
