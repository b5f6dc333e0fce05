"""What a scan fetched, as a reader cites it: without the bytes, with where they lie."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.store.records import ScanRecord
from scanner.store.store import Store

_FETCHES = """
select evidence.id, coalesce(targets.domain, ''), coalesce(attempts.source, ''), digest, uri, media_type, fetched_at,
  warc_file, warc_offset, length
from evidence left join attempts on attempts.id = attempt_id left join targets on targets.id = attempts.target_id
where evidence.scan_id = ? order by evidence.id"""

_DECIDING = """
select targets.domain, source, evidence_id from attempts join targets on targets.id = attempts.target_id
where evidence_id is not null
and attempts.id in (select max(id) from attempts where scan_id = ? group by target_id, source)"""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One row of `evidence`, with the target and the source it was fetched for. `fetched_at` is ISO 8601 UTC;
    `offset` and `length` are bytes in `warc_file`, which is relative to the folder of the database."""

    id: int
    domain: str
    source: str
    digest: str
    uri: str
    media_type: str
    fetched_at: str
    warc_file: str
    offset: int
    length: int


def fetches(store: Store, scan: ScanRecord) -> tuple[Fetch, ...]:
    """All of a scan, in the order in which they came."""
    return tuple(Fetch(*row) for row in store.conn.execute(_FETCHES, (scan.id,)))


def deciding(store: Store, scan: ScanRecord) -> dict[tuple[str, str], int]:
    """(domain, source) -> the evidence that decided how the last attempt ended, where it left any."""
    rows = store.conn.execute(_DECIDING, (scan.id,))
    return {(domain, source): number for domain, source, number in rows}
