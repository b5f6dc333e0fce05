"""What is watched: the table `watches`, in and out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scanner.intake import Intake, parse
from scanner.model import Case, Date
from scanner.store import Store, StoreError
from scanner.watch.schedule import SPREAD, first_due

SET_BACK = timedelta(hours=1)
"""A clock that is set back by less (a correction, a machine that was asleep) makes a scan late by no more than that."""
_COLUMNS = "case_id, definition, every, rules, due_at, last_at, paused_at, added_at, runs, failures, problem"


@dataclass(frozen=True, slots=True)
class Watch:
    """One row. Moments are aware UTC; last_at and paused_at may be empty (None)."""

    case_id: str
    definition: str
    every: timedelta
    rules: str
    due_at: datetime
    last_at: datetime | None
    paused_at: datetime | None
    added_at: datetime
    runs: int
    failures: int
    problem: str

    def case(self) -> Case:
        """The case to scan. Raises StoreError where the row was damaged."""
        found: Intake = parse("watch.json", self.definition.encode())
        if len(found.cases) != 1:
            raise StoreError(f"the watch of {self.case_id} holds no case that can be read; add it again")
        return found.cases[0]


def iso(moment: datetime) -> str:
    """ISO 8601 UTC to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def definition_of(case: Case) -> str:
    """A case as a case file in JSON (DESIGN §8)."""
    claims = [
        {
            "role": claim.role.value,
            "organisation": claim.organisation,
            "url": claim.url,
            "starts": str(claim.period.starts or ""),
            "ends": claim.period.end_text,
            "place": claim.place,
        }
        for claim in case.claims
    ]
    full = [{key: value for key, value in claim.items() if value} for claim in claims]
    return json.dumps({"case": case.id, "label": case.label, "claims": full}, ensure_ascii=False)


def add(
    store: Store,
    cases: Sequence[Case],
    every: timedelta,
    now: datetime,
    *,
    rules: str = "",
    starts: Date | None = None,
) -> tuple[int, int]:
    """Watches cases from now on; one that is watched already gets the new claims, interval and rules, and keeps when it
    is due unless `starts` says otherwise. Returns how many were added and how many changed.
    Raises ScheduleError."""
    added = changed = 0
    with store.writing() as conn:
        for position, case in enumerate(cases):
            due = first_due(now, every, position, len(cases), starts)
            known = conn.execute("select due_at from watches where case_id = ?", (case.id,)).fetchone()
            seconds = int(every.total_seconds())
            if known:
                soonest = iso(due) if starts else min(known[0], iso(now + every))
                conn.execute(
                    "update watches set definition = ?, every = ?, rules = ?, due_at = ? where case_id = ?",
                    (definition_of(case), seconds, rules, soonest, case.id),
                )
                changed += 1
                continue
            conn.execute(
                "insert or ignore into cases (id, label, created_at) values (?, ?, ?)",
                (case.id, case.label, iso(now)),
            )
            conn.execute(
                "insert into watches (case_id, definition, every, rules, added_at, due_at, runs, failures, problem) "
                "values (?, ?, ?, ?, ?, ?, 0, 0, '')",
                (case.id, definition_of(case), seconds, rules, iso(now), iso(due)),
            )
            added += 1
    return added, changed


def watches(store: Store) -> list[Watch]:
    """All, what is due first first."""
    rows = store.conn.execute(f"select {_COLUMNS} from watches order by due_at, case_id")  # noqa: S608 - constants
    return [_watch(row) for row in rows]


def _watch(row: Sequence[Any]) -> Watch:
    case, definition, every, rules, due, last, paused, added, runs, failures, problem = row
    when, since = moment(due), moment(added)
    assert when is not None
    assert since is not None
    return Watch(
        case, definition, timedelta(seconds=max(1, every)), rules, when, moment(last), moment(paused), since,
        runs, failures, problem,
    )  # fmt: skip


def due(store: Store, now: datetime) -> list[Watch]:
    """Those it is time for, longest overdue first. A last scan well in the future means the clock was set back, and
    `due_at` means nothing."""
    rows = store.conn.execute(
        f"select {_COLUMNS} from watches where paused_at is null and (due_at <= :now or last_at > :soon) "  # noqa: S608
        "order by due_at, case_id",
        {"now": iso(now), "soon": iso(now + SET_BACK)},
    )
    return [_watch(row) for row in rows]


def date_anew(store: Store, now: datetime) -> None:
    """Watches that were added in what is now the future count as added now: else the first scan would wait for that
    day, and what changes until then would be taken for told. A start that was asked for (`--from`) stays."""
    rows = store.conn.execute(
        f"select {_COLUMNS} from watches where added_at > ?",  # noqa: S608 - constants
        (iso(now + SET_BACK),),
    )
    ahead = [_watch(row) for row in rows]
    if not ahead:
        return
    with store.writing() as conn:
        for watch in ahead:
            waits = watch.due_at - watch.added_at
            at_once = watch.last_at is None and waits <= SPREAD
            conn.execute(
                "update watches set added_at = ?, due_at = ? where case_id = ?",
                (iso(now), iso(now + waits if at_once else watch.due_at), watch.case_id),
            )


def pause(store: Store, case: str, now: datetime | None) -> bool:
    """Pauses a watch, or with None goes on with it. False where there is none."""
    with store.writing() as conn:
        value = iso(now) if now else None
        return bool(
            conn.execute("update watches set paused_at = ? where case_id = ?", (value, case)).rowcount
        )


def remove(store: Store, case: str) -> bool:
    """Ends a watch; scans and changes stay. False where there is none."""
    with store.writing() as conn:
        found = conn.execute("delete from watches where case_id = ?", (case,)).rowcount
        conn.execute("delete from alert_states where case_id = ?", (case,))
        return bool(found)


def still_watched(store: Store, case: str) -> bool:
    """Whether a case is watched, and not paused."""
    row = store.conn.execute(
        "select 1 from watches where case_id = ? and paused_at is null", (case,)
    ).fetchone()
    return row is not None


def ended(store: Store, case: str, started: datetime, due_at: datetime) -> None:
    """Writes down that a scan ended, and when the next one is due."""
    with store.writing() as conn:
        conn.execute(
            "update watches set last_at = ?, due_at = ?, runs = runs + 1, failures = 0, problem = '' where case_id = ?",
            (iso(started), iso(due_at), case),
        )


def failed(store: Store, case: str, started: datetime, due_at: datetime, problem: str) -> None:
    """Writes down that a run ended without a scan, and when it is tried again."""
    with store.writing() as conn:
        conn.execute(
            "update watches set last_at = ?, due_at = ?, failures = failures + 1, problem = ? where case_id = ?",
            (iso(started), iso(due_at), problem[:300], case),
        )
