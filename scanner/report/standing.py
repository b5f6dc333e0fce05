"""How a database stands: which cases need a person first, what is unfinished, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanner.store import Store

FIRST = 5
"""Cases named."""

_NEWEST = """
from (select case_id, max(uid) as uid from scans group by case_id) newest join scans on scans.uid = newest.uid
left join verdicts on verdicts.scan_id = scans.id and verdicts.target_id is null """

_LEVELS = f"select coalesce(verdicts.level, ''), count(*) {_NEWEST} group by 1"

_FIRST = f"""
select scans.case_id, verdicts.level {_NEWEST} where verdicts.level in ('known', 'contradicted', 'review')
order by case verdicts.level when 'known' then 0 when 'contradicted' then 1 else 2 end, verdicts.score desc,
  scans.case_id limit {FIRST}"""

_NEWEST_CASE = "select case_id from scans order by uid desc limit 1"
_STATUS = f"select scans.status, count(*) {_NEWEST} group by 1"
_DUE = "select count(*) from watches where due_at <= ? and paused_at is null"


@dataclass(frozen=True, slots=True)
class Standing:
    """levels: level of the newest scan -> cases, "" where none was given yet. first: (case, level), gravest first.
    unfinished: cases whose newest scan was stopped; partial: whose newest scan lost sources. due: watched cases."""

    levels: dict[str, int]
    first: tuple[tuple[str, str], ...]
    newest: str
    unfinished: int
    partial: int
    due: int

    @property
    def cases(self) -> int:
        return sum(self.levels.values())


def standing(store: Store, now: datetime) -> Standing:
    """Reads a database of any size in a few statements over the newest scan of each case."""
    rows = store.conn
    status = dict(rows.execute(_STATUS).fetchall())
    newest = rows.execute(_NEWEST_CASE).fetchone()
    return Standing(
        dict(rows.execute(_LEVELS).fetchall()),
        tuple((str(case), str(level)) for case, level in rows.execute(_FIRST)),
        str(newest[0]) if newest else "",
        int(status.get("interrupted", 0)),
        int(status.get("partial", 0)),
        int(rows.execute(_DUE, (now.strftime("%Y-%m-%dT%H:%M:%SZ"),)).fetchone()[0]),
    )
