"""What a scan stored, as objects of the model again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from scanner.model import Attempt, Case, Claim, Evidence, Observation, Page, Target, Why
from scanner.store.base import Base
from scanner.store.errors import EvidenceError
from scanner.store.evidence import FOLDER, Place, read, read_from
from scanner.store.records import (
    OBSERVATION_COLUMNS,
    SCAN_COLUMNS,
    ScanRecord,
    StoredEvidence,
    StoredScan,
    attempt_of,
    claim_of,
    observation_of,
    page_of,
    scan_of,
)

# The last attempt per target and source that kept anything: its evidence is what stands.
_STANDING = (
    "SELECT max(attempt_id) FROM evidence held JOIN attempts tried ON tried.id = held.attempt_id "
    "WHERE held.scan_id = ? GROUP BY tried.target_id, tried.source"
)


class Reading(Base):
    def scans(self, case_id: str | None = None) -> list[ScanRecord]:
        """Scans, oldest first; of one case when given."""
        rows = self.conn.execute(
            f"SELECT {SCAN_COLUMNS} FROM scans WHERE case_id = coalesce(?, case_id) ORDER BY uid", (case_id,)
        )
        return [scan_of(row) for row in rows]

    def latest_scan(self, case_id: str) -> ScanRecord | None:
        """The newest scan of a case."""
        row = self.conn.execute(
            f"SELECT {SCAN_COLUMNS} FROM scans WHERE case_id = ? ORDER BY uid DESC LIMIT 1", (case_id,)
        ).fetchone()
        return scan_of(row) if row else None

    def cases(self) -> list[dict[str, Any]]:
        """id, label, created_at of every case, by id."""
        return self._dicts("SELECT id, label, created_at FROM cases ORDER BY id")

    def case(self, scan: ScanRecord) -> Case:
        """The case with the claims this scan looked at, in the order in which they were stated."""
        label = self.conn.execute("SELECT label FROM cases WHERE id = ?", (scan.case_id,)).fetchone()[0]
        return Case(scan.case_id, label, tuple(claim for claim, stated in self._claims(scan) if stated))

    def targets(self, scan: ScanRecord) -> tuple[Target, ...]:
        """In the order in which they came into the scan."""
        claims = [claim for claim, _ in self._claims(scan)]
        rows = self.conn.execute(
            "SELECT targets.domain, why, origin.domain, platform, entries, claims FROM scan_targets "
            "JOIN targets ON targets.id = scan_targets.target_id "
            "JOIN target_details ON target_details.scan_id = scan_targets.scan_id "
            "AND target_details.target_id = scan_targets.target_id "
            "LEFT JOIN targets origin ON origin.id = from_target_id WHERE scan_targets.scan_id = ? ORDER BY position",
            (scan.id,),
        )
        return tuple(
            Target(
                domain,
                tuple(json.loads(entries)),
                tuple(claims[position] for position in json.loads(positions)),
                Why(why),
                origin or "",
                platform,
            )
            for domain, why, origin, platform, entries, positions in rows
        )

    def attempts(self, scan: ScanRecord, domain: str | None = None) -> dict[str, tuple[Attempt, ...]]:
        """domain -> the last attempt at each source, in the order in which the sources were first tried."""
        rows = self.conn.execute(
            "SELECT targets.domain, source, status, reason, started_at, ms, min(first.id) FROM (SELECT min(id) AS id, "
            "max(id) AS last FROM attempts WHERE scan_id = ? GROUP BY target_id, source) first "
            "JOIN attempts ON attempts.id = first.last JOIN targets ON targets.id = attempts.target_id "
            "WHERE targets.domain = coalesce(?, targets.domain) GROUP BY attempts.id ORDER BY first.id",
            (scan.id, domain),
        )
        found: dict[str, list[Attempt]] = {}
        for name, *values, _ in rows:
            found.setdefault(name, []).append(attempt_of(tuple(values)))
        return {name: tuple(attempts) for name, attempts in found.items()}

    def observations(self, scan: ScanRecord, domain: str) -> tuple[Observation, ...]:
        """Facts about one target, in the order in which they were stored."""
        rows = self.observation_rows(scan, domain)
        return tuple(observation_of(row[1:-2]) for row in rows)

    def pages(self, scan: ScanRecord, domain: str) -> tuple[Page, ...]:
        """The pages of one target as this scan read them."""
        rows = self.conn.execute(
            "SELECT url, status, state, title, words, text_digest, language, digest FROM pages "
            "LEFT JOIN page_details ON page_id = pages.id LEFT JOIN evidence ON evidence.id = pages.evidence_id "
            "WHERE pages.scan_id = ? AND pages.target_id = ? ORDER BY pages.id",
            (scan.id, self._target_id(domain)),
        )
        return tuple(page_of(row) for row in rows)

    def load_scan(self, scan: ScanRecord) -> StoredScan:
        """Everything the checks want. For very many targets, `targets` and `observations` one by one
        keep memory flat."""
        targets = self.targets(scan)
        found: dict[str, list[Observation]] = {target.domain: [] for target in targets}
        for row in self.observation_rows(scan):
            found.setdefault(row[0], []).append(observation_of(row[1:-2]))
        return StoredScan(
            scan,
            self.case(scan),
            targets,
            self.attempts(scan),
            {domain: tuple(seen) for domain, seen in found.items()},
        )

    def evidence_of(self, scan: ScanRecord, domain: str | None = None) -> Iterator[StoredEvidence]:
        """The evidence that stands (of the last attempt per target and source that kept any), target by
        target in the order in which they came in, each target's in the order in which it was fetched."""
        rows = self.conn.execute(
            "SELECT evidence.id, targets.domain, attempts.source, uri, media_type, digest, warc_file, warc_offset, length "
            "FROM evidence JOIN attempts ON attempts.id = attempt_id JOIN targets ON targets.id = attempts.target_id "
            "JOIN target_details ON target_details.scan_id = evidence.scan_id "
            "AND target_details.target_id = attempts.target_id "
            f"WHERE attempt_id IN ({_STANDING}) AND targets.domain = coalesce(?, targets.domain) "
            "ORDER BY target_details.position, evidence.id",
            (scan.id, domain),
        ).fetchall()
        if not rows:
            return
        path = self._warc_path(rows[0][6])
        try:
            file = path.open("rb")
        except OSError as error:
            raise EvidenceError(f"{path}: {error.strerror}; the evidence of this scan is missing") from error
        with closing(file):
            for number, name, source, uri, media_type, digest, _, offset, length in rows:
                stored = read_from(file.fileno(), path, Place(offset, length), digest=digest)
                yield StoredEvidence(name, source, number, _as_listed(stored, uri, media_type))

    def read_evidence(self, evidence_id: int, *, request: bool = True) -> Evidence:
        """One fetch by the id of its row, with the request that led to it."""
        row = self.conn.execute(
            "SELECT uri, media_type, digest, warc_file, warc_offset, length FROM evidence WHERE id = ?",
            (evidence_id,),
        ).fetchone()
        if row is None:
            raise EvidenceError(f"{self.path}: no evidence {evidence_id}")
        uri, media_type, digest, file, offset, length = row
        stored = read(self._warc_path(file), Place(offset, length), digest=digest, request=request)
        return _as_listed(stored, uri, media_type)

    # ------------------------------------------------------------------------------------------- parts

    def _claims(self, scan: ScanRecord) -> list[tuple[Claim, bool]]:
        rows = self.conn.execute(
            "SELECT role, url, organisation, starts, ends, place, stated FROM scan_claims "
            "JOIN claims ON claims.id = claim_id WHERE scan_id = ? ORDER BY position",
            (scan.id,),
        )
        return [(claim_of(tuple(values)), bool(stated)) for *values, stated in rows]

    def observation_rows(self, scan: ScanRecord, domain: str = "") -> sqlite3.Cursor:
        """Of one target, or of all: domain, the columns of an observation, digest, id of the observation, id
        of the evidence, in the order in which they were stored."""
        columns = ", ".join(f"observations.{name}" for name in OBSERVATION_COLUMNS.split(","))
        where, values = "observations.scan_id = ?", [scan.id]
        if domain:
            where, values = where + " AND observations.target_id = ?", [scan.id, self._target_id(domain)]
        return self.conn.execute(
            f"SELECT targets.domain, {columns}, digest, observations.id, evidence.id FROM observations "
            "JOIN targets ON targets.id = observations.target_id "
            f"LEFT JOIN evidence ON evidence.id = observations.evidence_id WHERE {where} ORDER BY observations.id",
            values,
        )

    def _warc_path(self, name: str) -> Path:
        """A database may come from elsewhere: what it names must lie in its own evidence folder."""
        path = self.path.parent / name
        if path.parent != self.folder or path.name in ("", ".", ".."):
            raise EvidenceError(f"{self.path}: names an evidence file outside {FOLDER}/: {name}")
        return path

    def _dicts(self, query: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        cursor = self.conn.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _as_listed(stored: Evidence, uri: str, media_type: str) -> Evidence:
    """The address as it was, where the WARC header had to escape it."""
    if (stored.uri, stored.media_type) == (uri, media_type):
        return stored
    return replace(stored, uri=uri, media_type=media_type)
