"""What a scan stored, as objects of the model again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from scanner.model import Attempt, Case, Claim, Evidence, Observation, Page, Target, Why
from scanner.store import sql
from scanner.store.base import Base
from scanner.store.errors import EvidenceError
from scanner.store.evidence import FOLDER, Place, read, read_from
from scanner.store.records import (
    ScanRecord,
    StoredEvidence,
    attempt_of,
    claim_of,
    observation_of,
    page_of,
    scan_of,
)


class Reading(Base):
    def scans(self, case_id: str | None = None) -> list[ScanRecord]:
        """Scans, oldest first; of one case when given."""
        return [scan_of(row) for row in self.conn.execute(sql.SCANS, (case_id,))]

    def latest_scan(self, case_id: str) -> ScanRecord | None:
        """The newest scan of a case."""
        row = self.conn.execute(sql.NEWEST_FIRST, (case_id,)).fetchone()
        return scan_of(row) if row else None

    def cases(self) -> list[dict[str, Any]]:
        """id, label, created_at of every case, by id."""
        return self._dicts("select id, label, created_at from cases order by id")

    def case(self, scan: ScanRecord) -> Case:
        """The case with the claims this scan looked at, in the order in which they were stated."""
        label = self.conn.execute("select label from cases where id = ?", (scan.case_id,)).fetchone()[0]
        return Case(scan.case_id, label, tuple(claim for claim, stated in self._claims(scan) if stated))

    def targets(self, scan: ScanRecord) -> tuple[Target, ...]:
        """In the order in which they came into the scan."""
        claims = [claim for claim, _ in self._claims(scan)]
        return tuple(
            Target(
                domain,
                tuple(json.loads(entries)),
                tuple(claims[position] for position in json.loads(positions)),
                Why(why),
                origin or "",
                platform,
            )
            for domain, why, origin, platform, entries, positions in self.conn.execute(
                sql.TARGETS, (scan.id,)
            )
        )

    def attempts(self, scan: ScanRecord) -> dict[str, tuple[Attempt, ...]]:
        """domain -> the last attempt at each source, in the order in which the sources were first tried."""
        found: dict[str, list[Attempt]] = {}
        for domain, *values in self.conn.execute(sql.LAST_ATTEMPTS, (scan.id,)):
            found.setdefault(domain, []).append(attempt_of(tuple(values)))
        return {domain: tuple(attempts) for domain, attempts in found.items()}

    def observations(self, scan: ScanRecord, domain: str, *kinds: str) -> tuple[Observation, ...]:
        """Facts about one target, in the order in which they were stored; of some kinds only, where any is named."""
        rows = self.observation_rows(scan, domain)
        return tuple(observation_of(row[1:-2]) for row in rows if not kinds or row[1] in kinds)

    def observations_named(
        self, scan: ScanRecord, keys: Iterable[tuple[str, str]]
    ) -> list[tuple[str, Observation]]:
        """(domain, fact) for these (kind, name) pairs, of all targets: what one target's checks may see of
        the others, without loading the rest."""
        return [(row[0], observation_of(row[1:-2])) for row in self.rows_named(scan, keys)]

    def pages(self, scan: ScanRecord, domain: str) -> tuple[Page, ...]:
        """The pages of one target as this scan read them."""
        rows = self.conn.execute(sql.PAGES, (scan.id, self._target_id(domain)))
        return tuple(page_of(row[:-3]) for row in rows)

    def evidence_of(self, scan: ScanRecord, domain: str | None = None) -> Iterator[StoredEvidence]:
        """The evidence that stands (of the last attempt per target and source that kept any), target by
        target in the order in which they came in, each target's in the order in which it was fetched.
        Without the request heads. Raises `EvidenceError` where a record is missing or was changed."""
        rows = self.conn.execute(sql.STANDING_EVIDENCE, {"scan": scan.id, "domain": domain}).fetchall()
        if not rows:
            return
        path = self._warc_path(rows[0][6])
        try:
            file = path.open("rb")
        except OSError as error:
            raise EvidenceError(f"{path}: {error.strerror}; the evidence of this scan is missing") from error
        with file:
            for number, name, source, uri, media_type, digest, _, offset, length in rows:
                stored = read_from(file.fileno(), path, Place(offset, length), digest=digest)
                yield StoredEvidence(name, source, number, _as_listed(stored, uri, media_type))

    def read_evidence(self, evidence_id: int) -> Evidence:
        """One fetch by the id of its row, with the request that led to it. Raises `EvidenceError`."""
        row = self.conn.execute(sql.EVIDENCE_BY_ID, (evidence_id,)).fetchone()
        if row is None:
            raise EvidenceError(f"{self.path}: no evidence {evidence_id}")
        uri, media_type, digest, file, offset, length = row
        stored = read(self._warc_path(file), Place(offset, length), digest=digest, request=True)
        return _as_listed(stored, uri, media_type)

    def observation_rows(self, scan: ScanRecord, domain: str = "") -> sqlite3.Cursor:
        """Of one target, or of all: domain, the columns of an observation, digest, id of the observation, id
        of the evidence, in the order in which they were stored."""
        if domain:
            return self.conn.execute(sql.OBSERVATIONS_OF_TARGET, (scan.id, self._target_id(domain)))
        return self.conn.execute(sql.OBSERVATIONS, (scan.id,))

    def rows_named(self, scan: ScanRecord, keys: Iterable[tuple[str, str]]) -> sqlite3.Cursor:
        """As `observation_rows`, of all targets, for these (kind, name) pairs."""
        return self.conn.execute(sql.OBSERVATIONS_NAMED, (scan.id, json.dumps(sorted(set(keys)))))

    # ------------------------------------------------------------------------------------------- parts

    def _claims(self, scan: ScanRecord) -> list[tuple[Claim, bool]]:
        rows = self.conn.execute(sql.CLAIMS, (scan.id,))
        return [(claim_of(tuple(values)), bool(stated)) for *values, stated in rows]

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
