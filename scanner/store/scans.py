"""Scans as a whole: begin, go on with, finish."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from scanner.model import Case, Claim, Status, Target
from scanner.store.base import Base, new_uid
from scanner.store.records import SCAN_COLUMNS, ScanRecord, ScanStatus, claim_values, iso, scan_of

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
            conn.execute(
                "INSERT INTO cases (id, label, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET label = excluded.label WHERE excluded.label <> ''",
                (case.id, case.label, started),
            )
            values = (new_uid(), case.id, started, None, iso(as_of), ScanStatus.RUNNING.value)
            number = conn.execute(
                f"INSERT INTO scans ({SCAN_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, tool_version, knowledge_version, int(passive)),
            ).lastrowid
            scan = self.scan(number or 0)
            self._write_claims(scan, case.claims, stated=True)
            self.add_targets(scan, targets, planned)
            self._hold(scan)  # before others can see the row: without its lock it would look left behind
        return scan

    def scan(self, scan_id: int, *, resumed: bool = False) -> ScanRecord:
        """The row as it stands now."""
        row = self.conn.execute(f"SELECT {SCAN_COLUMNS} FROM scans WHERE id = ?", (scan_id,)).fetchone()
        return scan_of(row, resumed=resumed)

    def add_targets(
        self, scan: ScanRecord, targets: Sequence[Target], planned: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Targets of a scan: the claimed ones, later leads and redirects. One that is there already keeps
        its `why` and gets the new entries. planned: further (domain, source) pairs."""
        with self.writing() as conn:
            seen = iso(scan.started_at)
            for target in targets:
                for domain in filter(None, (target.domain, target.from_domain)):
                    conn.execute(
                        "INSERT INTO targets (domain, first_seen, last_seen) VALUES (?, ?, ?) ON CONFLICT (domain) "
                        "DO UPDATE SET last_seen = max(last_seen, excluded.last_seen), "
                        "first_seen = min(first_seen, excluded.first_seen)",
                        (domain, seen, seen),
                    )
                self._write_target(scan, target)
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
        rows = self.conn.execute(
            f"SELECT {SCAN_COLUMNS} FROM scans WHERE case_id = ? ORDER BY uid DESC", (case_id,)
        )
        for scan in map(scan_of, rows):
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
            conn.execute(
                "UPDATE scans SET status = ?, ended_at = NULL WHERE id = ?",
                (ScanStatus.RUNNING.value, scan.id),
            )
            self._hold(scan)
        return self.scan(scan.id, resumed=True)

    def pending(self, scan: ScanRecord) -> list[tuple[str, str]]:
        """(domain, source) pairs that were planned and have no final row, or one worth another try
        (throttled, timeout, unreachable, error), in the order in which they were planned."""
        again = [status.value for status in Status if status.worth_retrying]
        rows = self.conn.execute(
            "SELECT targets.domain, planned.source FROM planned JOIN targets ON targets.id = planned.target_id "
            "LEFT JOIN attempts ON attempts.id = (SELECT max(id) FROM attempts last WHERE last.scan_id = planned.scan_id "
            "AND last.target_id = planned.target_id AND last.source = planned.source) "
            "WHERE planned.scan_id = ? AND (attempts.id IS NULL OR attempts.status IN "
            f"({','.join('?' * len(again))})) ORDER BY planned.rowid",
            (scan.id, *again),
        )
        return [(domain, source) for domain, source in rows]

    def coverage(self, scan: ScanRecord) -> dict[str, tuple[int, int]]:
        """domain -> (answered, planned): planned is everything but `skipped`; a planned attempt without a
        row counts as planned and not answered."""
        answers = [status.value for status in Status if status.answered]
        rows = self.conn.execute(
            "WITH wanted AS (SELECT target_id, source FROM planned WHERE scan_id = :scan UNION "
            "SELECT target_id, source FROM attempts WHERE scan_id = :scan), "
            "last AS (SELECT target_id, source, status, max(id) FROM attempts WHERE scan_id = :scan "
            "GROUP BY target_id, source) "
            "SELECT targets.domain, coalesce(last.status, '') FROM wanted JOIN targets ON targets.id = wanted.target_id "
            "LEFT JOIN last ON last.target_id = wanted.target_id AND last.source = wanted.source",
            {"scan": scan.id},
        )
        counts: dict[str, tuple[int, int]] = {}
        for domain, status in rows:
            answered, planned = counts.get(domain, (0, 0))
            skipped = status == Status.SKIPPED.value
            counts[domain] = answered + (status in answers), planned + (not skipped)
        return dict(sorted(counts.items()))

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

    def _write_target(self, scan: ScanRecord, target: Target) -> None:
        number = self._target_id(target.domain)
        origin = self._optional_target_id(target.from_domain)
        positions = self._write_claims(scan, target.claims, stated=False)
        self.conn.execute(
            "INSERT OR IGNORE INTO scan_targets (scan_id, target_id, why, from_target_id) VALUES (?, ?, ?, ?)",
            (scan.id, number, target.why.value, origin),
        )
        row = self.conn.execute(
            "SELECT entries, claims FROM target_details WHERE scan_id = ? AND target_id = ?",
            (scan.id, number),
        ).fetchone()
        entries: list[Any] = json.loads(row[0]) if row else []
        claimed: list[Any] = json.loads(row[1]) if row else []
        entries += [entry for entry in target.entries if entry not in entries]
        claimed += [position for position in positions if position not in claimed]
        self.conn.execute(
            "INSERT INTO target_details (scan_id, target_id, position, platform, entries, claims) VALUES (?, ?, "
            "(SELECT count(*) FROM target_details WHERE scan_id = ?), ?, ?, ?) ON CONFLICT (scan_id, target_id) "
            "DO UPDATE SET entries = excluded.entries, claims = excluded.claims",
            (scan.id, number, scan.id, target.platform, json.dumps(entries), json.dumps(claimed)),
        )
        self.conn.executemany(
            "UPDATE claims SET target_id = ? WHERE target_id IS NULL AND id = (SELECT claim_id FROM scan_claims "
            "WHERE scan_id = ? AND position = ?)",
            [(number, scan.id, position) for position in positions],
        )

    def _write_claims(self, scan: ScanRecord, claims: Sequence[Claim], *, stated: bool) -> list[int]:
        """Positions of these claims in the scan. Stated ones are the case's, each at a position of its own;
        the others are those of a target, which as a rule stand there already."""
        known = [] if stated else self._claim_keys(scan, stated_only=False)
        positions: list[int] = []
        for claim in claims:
            key = _claim_key(claim)
            if not stated and key in known:
                positions.append(known.index(key))
                continue
            known.append(key)
            positions.append(self._add_claim(scan, claim, stated))
        return positions

    def _add_claim(self, scan: ScanRecord, claim: Claim, stated: bool) -> int:
        values = claim_values(claim)
        row = self.conn.execute(
            "SELECT id FROM claims WHERE case_id = ? AND role = ? AND url = ? AND organisation = ? "
            "AND starts IS ? AND ends IS ? AND place = ?",
            (scan.case_id, *values),
        ).fetchone()
        number = (
            row[0]
            if row
            else self.conn.execute(
                "INSERT INTO claims (case_id, role, url, organisation, starts, ends, place) VALUES (?,?,?,?,?,?,?)",
                (scan.case_id, *values),
            ).lastrowid
        )
        position = int(
            self.conn.execute("SELECT count(*) FROM scan_claims WHERE scan_id = ?", (scan.id,)).fetchone()[0]
        )
        self.conn.execute(
            "INSERT INTO scan_claims (scan_id, position, claim_id, stated) VALUES (?, ?, ?, ?)",
            (scan.id, position, number, int(stated)),
        )
        return position

    def _claim_keys(self, scan: ScanRecord, *, stated_only: bool = True) -> list[str]:
        rows = self.conn.execute(
            "SELECT role, url, organisation, starts, ends, place FROM scan_claims JOIN claims ON claims.id = claim_id "
            "WHERE scan_id = ? AND stated >= ? ORDER BY position",
            (scan.id, int(stated_only)),
        )
        return [json.dumps(row) for row in rows]


def _claim_key(claim: Claim) -> str:
    return json.dumps(claim_values(claim))
