"""Findings and verdicts of a scan, and the knowledge a person would look up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import structs

from scanner.model import Family, Finding, Level, Observation, Strength, Verdict
from scanner.store import sql
from scanner.store.reading import Reading
from scanner.store.records import Row, ScanRecord, clean, observation_of

# (observation id, evidence id) of every observation of a target, by what it says
_Index = dict[Observation, tuple[int, int | None]]


class Results(Reading):
    def save_results(
        self, scan: ScanRecord, findings: Iterable[Finding], verdicts: Sequence[Verdict]
    ) -> None:
        """Replace the findings, their support and the verdicts of the scan, in one transaction. The findings may come
        one by one while they are made; the verdicts are looked at after the last of them."""
        with self.results(scan) as results:
            for finding in findings:
                results.add_finding(finding)
            for verdict in verdicts:
                results.add_verdict(verdict)

    @contextmanager
    def results(self, scan: ScanRecord) -> Iterator[Saving]:
        """As `save_results`, for who makes them in between: they stand once the block ends, and whatever else is
        written inside it stands or falls with them."""
        with self.writing():
            yield Saving(self, scan)

    def findings_of(self, scan: ScanRecord) -> list[dict[str, Any]]:
        """The columns of `findings` (evidence_ids as a list), and `domain` ("" for case-wide ones)."""
        rows = self._dicts(sql.FINDINGS, (scan.id,))
        for row in rows:
            row["evidence_ids"] = json.loads(row["evidence_ids"])
        return rows

    def verdicts_of(self, scan: ScanRecord) -> list[dict[str, Any]]:
        """The columns of `verdicts`, and `domain` ("" for the case) and `why` ("" for the case)."""
        return self._dicts(sql.VERDICTS, (scan.id,))

    def load_findings(self, scan: ScanRecord) -> tuple[Finding, ...]:
        """The stored findings as objects, with the observations that support them."""
        support = self._support_of(scan)
        rows = self._dicts(sql.FINDINGS_WITH_DETAILS, (scan.id,))
        return tuple(
            Finding(
                check_id=row["check_id"],
                check_version=row["check_version"],
                family=Family(row["family"]),
                strength=Strength(row["strength"]),
                statement=row["statement"],
                claimed=row["claimed"],
                observed=row["observed"],
                innocent=row["innocent"],
                ask=row["ask"],
                next_step=row["next_step"],
                score=row["score"],
                support=tuple(support.get(row["id"], ())),
                domain=row["domain"],
                defeats=tuple(json.loads(row["defeats"] or "[]")),
                defeated_by=row["defeated_by"],
                level=Level(row["level"]) if row["level"] else None,
            )
            for row in rows
        )

    def set_knowledge(self, rows: Iterable[tuple[str, str, str, str, str]], version: str) -> None:
        """Fill `knowledge` with (kind, value, status, published, source) rows in place of what is there;
        nothing to do when it holds this version already."""
        with self.writing() as conn:
            if self.knowledge_version() == version:
                return
            conn.execute("DELETE FROM knowledge")
            conn.executemany(sql.ADD_KNOWLEDGE, list(rows))
            conn.execute(sql.SET_SETTING, ("knowledge_version", version))

    def knowledge_version(self) -> str:
        """Which knowledge the table holds, "" for none yet."""
        row = self.conn.execute("SELECT value FROM settings WHERE name = 'knowledge_version'").fetchone()
        return str(row[0]) if row else ""

    # ------------------------------------------------------------------------------------------- parts

    def _support_of(self, scan: ScanRecord) -> dict[int, list[Observation]]:
        rows = self.conn.execute(sql.SUPPORT, (scan.id,))
        found: dict[int, list[Observation]] = {}
        for number, *values in rows:
            found.setdefault(number, []).append(observation_of(tuple(values)))
        return found


class Saving:
    """Takes the results of a scan in place of those that stood there. Rows keep the ids their predecessors had, so
    that the same results leave the same rows."""

    def __init__(self, store: Results, scan: ScanRecord) -> None:
        self._store, self._scan = store, scan
        self._support = _Support(store, scan)
        self._old_findings = self._clear(sql.FINDING_IDS, sql.CLEAR_FINDINGS)
        self._old_verdicts = self._clear(sql.VERDICT_IDS, sql.CLEAR_VERDICTS)

    def add_finding(self, finding: Finding) -> None:
        conn = self._store.conn
        rests_on = [self._support.find(finding.domain, seen) for seen in finding.support]
        evidence = list(dict.fromkeys(evidence for _, evidence in rests_on if evidence is not None))
        values = (
            next(self._old_findings, None),
            self._scan.id,
            self._store._optional_target_id(finding.domain),
            finding.check_id,
            finding.check_version,
            finding.family.value,
            finding.strength.value,
            finding.score,
            clean(finding.statement),
            clean(finding.claimed),
            clean(finding.observed),
            clean(finding.innocent),
            clean(finding.ask),
            clean(finding.next_step),
            json.dumps(evidence),
            finding.defeated_by,
        )
        row = conn.execute(sql.ADD_FINDING, values).lastrowid
        details = (row, json.dumps(finding.defeats), finding.level.value if finding.level else None)
        conn.execute(sql.ADD_FINDING_DETAILS, details)
        conn.executemany(sql.ADD_SUPPORT, [(row, observation, number) for observation, number in rests_on])

    def add_verdict(self, verdict: Verdict) -> None:
        values = (
            next(self._old_verdicts, None),
            self._scan.id,
            self._store._optional_target_id(verdict.domain),
            self._scan.case_id,
            verdict.level.value,
            verdict.score,
            verdict.answered,
            verdict.planned,
            clean(verdict.summary),
        )
        self._store.conn.execute(sql.ADD_VERDICT, values)

    def _clear(self, ids: str, clear: str) -> Iterator[int]:
        """The ids of the rows that stood there."""
        old = [number for (number,) in self._store.conn.execute(ids, (self._scan.id,))]
        self._store.conn.execute(clear, (self._scan.id,))
        return iter(old)


class _Support:
    """Finds the stored row of an observation: first among those of the finding's own target, then among those
    of that kind and name of the whole scan (a lead's, or a case-wide finding's); first with its evidence,
    then whatever its evidence. Holds the rows of one target at a time, as findings come target by target."""

    def __init__(self, store: Results, scan: ScanRecord) -> None:
        self._store, self._scan = store, scan
        self._domain = ""
        self._rows: dict[tuple[str, str], list[Row]] = {}
        self._own: dict[tuple[str, str, bool], _Index] = {}
        self._shared: dict[tuple[str, str, bool], _Index] = {}

    def find(self, domain: str, seen: Observation) -> tuple[int | None, int | None]:
        if domain != self._domain:
            self._turn_to(domain)
        for exact in (True, False):
            wanted = seen if exact else structs.replace(seen, evidence="")
            key = seen.kind, seen.name, exact
            found = self._of_target(key).get(wanted) or self._of_all(key).get(wanted)
            if found:
                return found
        return None, None

    def _turn_to(self, domain: str) -> None:
        self._domain, self._rows, self._own = domain, {}, {}
        if domain:
            for row in self._store.observation_rows(self._scan, domain):
                self._rows.setdefault((row[1], row[2]), []).append(row)

    def _of_target(self, key: tuple[str, str, bool]) -> _Index:
        if key not in self._own:
            self._own[key] = _index(self._rows.get(key[:2], ()), key[2])
        return self._own[key]

    def _of_all(self, key: tuple[str, str, bool]) -> _Index:
        if key not in self._shared:
            self._shared[key] = _index(self._store.rows_named(self._scan, [key[:2]]), key[2])
        return self._shared[key]


def _index(rows: Iterable[Row], exact: bool) -> _Index:
    index: _Index = {}
    for row in rows:
        index.setdefault(observation_of(row[1:-2] if exact else (*row[1:-3], None)), (row[-2], row[-1]))
    return index
