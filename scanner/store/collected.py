"""What a scan brings in, as it comes: attempts, evidence, observations, pages.

The row of an attempt is written when it begins, as `error` with the reason `unfinished …`, and gets its real
status when it ends. So the status column always holds a word of the contract, evidence always has its
attempt, and an attempt whose scan was killed counts as one worth trying again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from scanner.model import Evidence, Observation, Observed, Page, Status
from scanner.store import sql
from scanner.store.page_texts import keep_text
from scanner.store.records import (
    OpenAttempt,
    ScanRecord,
    clean,
    iso,
    observation_of,
    observation_values,
    page_of,
)
from scanner.store.scans import UNFINISHED, Scans


class Collected(Scans):
    def open_attempt(self, scan: ScanRecord, domain: str, source: str, started_at: datetime) -> OpenAttempt:
        """Begin an attempt; `keep` what comes, then `close_attempt`."""
        return self.start_attempt(OpenAttempt(scan, domain, source, started_at))

    def keep(self, attempt: OpenAttempt, evidence: Evidence, observed: Observed | None = None) -> int:
        """Store one fetch and what it says. Returns the id of the evidence row."""
        try:
            with self.writing():
                number = self._write_evidence(attempt, evidence)
                if observed is not None:
                    self._write_observed(attempt, observed, number, iso(evidence.fetched_at))
        except BaseException:
            attempt.by_digest.clear()  # some may name rows that were rolled back
            raise
        return number

    def close_attempt(self, attempt: OpenAttempt, status: Status, reason: str = "", ms: int = 0) -> None:
        """The attempt ended. Facts of earlier tries at the same source make room, if this one kept anything:
        the last one counts. Their rows in `attempts` and their evidence stay."""
        ended = {"status": Status(status).value, "reason": clean(reason), "ms": int(ms)}
        with self.writing() as conn:
            conn.execute(sql.END_ATTEMPT, {**ended, "decided": attempt.decided_by, "id": attempt.id})
            if attempt.kept:
                self._drop_earlier(attempt)

    def add_observations(self, scan: ScanRecord, domain: str, observations: Iterable[Observation]) -> None:
        """Facts that no attempt of this scan brought (source `library`, earlier scans, a person)."""
        with self.writing() as conn:
            target = self._target_id(domain)
            conn.executemany(
                sql.ADD_OBSERVATION,
                [
                    (
                        scan.id,
                        target,
                        *observation_values(seen),
                        self._evidence_id(scan, target, seen.evidence),
                    )
                    for seen in observations
                ],
            )

    def replace_observations(
        self,
        scan: ScanRecord,
        domain: str,
        observed: Iterable[Observed],
        *,
        sources: Iterable[str],
        but: Iterable[str] = (),
    ) -> None:
        """Observations and pages of one target, from these sources, in place of the stored ones: its evidence was
        parsed again, or the library asked again. but: kinds whose rows all stay.

        Rows that say the same as before stay as they are, so that the same reading of the same bytes changes nothing;
        a finding loses the support of those that go: save the results again."""
        with self.writing():
            target = self._target_id(domain)
            replaced = set(sources)
            readings = list(observed)
            facts = [fact for one in readings for fact in one.observations]
            self._replace_facts(scan, domain, replaced, set(but), facts)
            self._replace_pages(scan, target, replaced, [one.page for one in readings if one.page])

    def _replace_facts(
        self, scan: ScanRecord, domain: str, sources: set[str], but: set[str], facts: Sequence[Observation]
    ) -> None:
        wanted = dict.fromkeys(facts)
        rows = self.conn.execute(sql.OBSERVATIONS_OF_TARGET, (scan.id, self._target_id(domain))).fetchall()
        stored = [(observation_of(row[1:-2]), row[-2]) for row in rows if row[1] not in but]
        gone = [(number,) for fact, number in stored if fact.source in sources and fact not in wanted]
        self.conn.executemany("delete from observations where id = ?", gone)
        there = {fact for fact, _ in stored}
        self.add_observations(scan, domain, [fact for fact in wanted if fact not in there])

    def _replace_pages(self, scan: ScanRecord, target: int, sources: set[str], pages: Sequence[Page]) -> None:
        wanted = dict.fromkeys(pages)
        rows = self.conn.execute(sql.PAGES, (scan.id, target)).fetchall()
        first_seen = {row[0]: row[-1] for row in rows}
        stored = [(page_of(row[:-3]), row[-3], row[-2]) for row in rows]
        gone = [(n,) for page, n, source in stored if source in {*sources, None} and page not in wanted]
        self.conn.executemany("delete from pages where id = ?", gone)
        there = {page for page, _, _ in stored}
        for page in wanted:
            if page not in there:
                number = self._evidence_id(scan, target, page.evidence)
                row = self.conn.execute("select fetched_at from evidence where id = ?", (number,)).fetchone()
                fetched_at = row[0] if row else iso(scan.started_at)
                self._write_page(scan, target, page, number, fetched_at, first_seen.get(clean(page.url)))

    # ------------------------------------------------------------------------------------------- rows

    def start_attempt(self, attempt: OpenAttempt) -> OpenAttempt:
        with self.writing() as conn:
            number = conn.execute(
                sql.ADD_ATTEMPT,
                (
                    attempt.scan.id,
                    self._target_id(attempt.domain),
                    attempt.source,
                    Status.ERROR.value,
                    UNFINISHED,
                    iso(attempt.started_at),
                ),
            ).lastrowid
            floor = conn.execute("select coalesce(max(id), 0) from observations").fetchone()[0]
            attempt.id, attempt.floor = int(number or 0), int(floor)
        return attempt

    def _write_evidence(self, attempt: OpenAttempt, evidence: Evidence) -> int:
        digest = evidence.digest
        place = self._warc(attempt.scan).append(evidence, digest)
        number = self.conn.execute(
            sql.ADD_EVIDENCE,
            (
                attempt.scan.id,
                attempt.id,
                digest,
                clean(evidence.uri),
                clean(evidence.media_type),
                iso(evidence.fetched_at),
                attempt.scan.warc_file,
                place.offset,
                place.length,
            ),
        ).lastrowid
        assert number is not None
        attempt.by_digest[digest] = number
        attempt.kept += 1
        return number

    def _write_observed(
        self, attempt: OpenAttempt, observed: Observed, evidence_id: int, fetched_at: str
    ) -> None:
        scan, target = attempt.scan, self._target_id(attempt.domain)
        if observed.status is not None:
            attempt.decided_by = evidence_id
        rows = [
            (
                scan.id,
                target,
                *observation_values(seen),
                attempt.by_digest.get(seen.evidence) or self._evidence_id(scan, target, seen.evidence),
            )
            for seen in observed.observations
        ]
        attempt.kept += len(rows)
        self.conn.executemany(sql.ADD_OBSERVATION, rows)
        if observed.page is not None:
            self._write_page(scan, target, observed.page, evidence_id, fetched_at)
            keep_text(self.conn, observed.page, observed.text)

    def _write_page(
        self,
        scan: ScanRecord,
        target: int,
        page: Page,
        evidence_id: int | None,
        fetched_at: str,
        first_seen: str | None = None,
    ) -> None:
        """first_seen: when any scan here first saw this address; default looks it up."""
        if first_seen is None:
            earlier = self.conn.execute(sql.PAGE_FIRST_SEEN, (target, clean(page.url))).fetchone()[0]
            first_seen = min(earlier or fetched_at, fetched_at)
        number = self.conn.execute(
            sql.ADD_PAGE,
            (
                scan.id,
                target,
                clean(page.url),
                page.status,
                clean(page.title),
                page.text_digest,
                page.words,
                first_seen,
                evidence_id,
            ),
        ).lastrowid
        self.conn.execute(
            sql.ADD_PAGE_DETAILS,
            (number, page.state, clean(page.language)),
        )

    def _evidence_id(self, scan: ScanRecord, target: int, digest: str) -> int | None:
        """The evidence row of this scan with that digest; of the same target when there is one."""
        if not digest:
            return None
        row = self.conn.execute(
            sql.EVIDENCE_BY_DIGEST,
            (scan.id, digest, target),
        ).fetchone()
        return int(row[0]) if row else None

    def _drop_earlier(self, attempt: OpenAttempt) -> None:
        target = self._target_id(attempt.domain)
        mine = (attempt.scan.id, target, attempt.source)
        if self.conn.execute(sql.EARLIER_ATTEMPTS, (*mine, attempt.id)).fetchone():
            self.conn.execute(sql.DROP_OBSERVATIONS, (*mine, attempt.floor))
            self.conn.execute(sql.DROP_PAGES, (*mine, attempt.id))
