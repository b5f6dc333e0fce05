"""From changes to messages: each rule tells of a change once, and again only after the fact had settled otherwise for a
while. Everything here runs inside one transaction of the database, so that a change is told exactly once or not yet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from scanner.store import Store
from scanner.watch.changes import KINDS, Change
from scanner.watch.rules import DEFAULT, Rule, Rules
from scanner.watch.watches import Watch, iso, moment

STATES = frozenset({"site", "registration", "held", "verdict"})
"""Facts that break and recover. Told again when they break again, once they had been well for REARM_STATE."""
REARM_STATE, REARM = timedelta(days=14), timedelta(days=30)
"""A fact that takes turns between two values is told of once; again after it kept still for this long."""
RECOVERIES = frozenset({"back", "restored", "filled"})
"""Told where it was told that the site was away."""
TURNS = frozenset({"seized", "re-registered"})
CAME_WITH = frozenset({"hosting", "mail", "name-servers"})
"""What moves when a name changes hands, and is settled a scan later. Of the default kinds it is no news beside the
turn; a rule that lists its kinds, or all, tells of it."""


def write_down(store: Store, watch: Watch, changes: Iterable[Change], now: datetime) -> int:
    """Keeps the confirmed changes that the table does not have yet. Those from before the watch began count as told.
    Returns how many are new."""
    new = 0
    with store.writing() as conn:
        for change in changes:
            confirmed = change.confirmed_at or change.after_at
            new += conn.execute(
                "insert or ignore into changes (case_id, domain, kind, fact, before, after, before_at, after_at, "
                "confirmed_at, scan, sources, returned, noticed_at, told_at) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    watch.case_id, change.domain, change.kind, change.fact, json.dumps(change.before),
                    json.dumps(change.after), iso(change.before_at), iso(change.after_at), iso(confirmed), change.scan,
                    json.dumps(change.sources), int(change.returned), iso(now),
                    iso(now) if confirmed < watch.added_at else None,
                ),
            ).rowcount  # fmt: skip
    return new


def tell(store: Store, watch: Watch, rules: Rules, level: str, now: datetime) -> int:
    """Applies the rules to the changes of a case that were not told yet, and writes the messages. Returns how many."""
    with store.writing() as conn:
        rows = _untold(store, watch.case_id)
        made = 0
        for rule in rules.rules:
            fired = [row for row in rows if _fires(conn, rule, row, level)]
            if fired:
                made += _write(conn, watch, rule, fired, level, now)
        conn.execute(
            "update changes set told_at = ? where case_id = ? and told_at is null", (iso(now), watch.case_id)
        )
        return made


def _untold(store: Store, case: str) -> list[dict[str, Any]]:
    return store._dicts(
        "select * from changes where case_id = ? and told_at is null order by confirmed_at, id", (case,)
    )


def _fires(conn: sqlite3.Connection, rule: Rule, row: dict[str, Any], level: str) -> bool:
    """Whether this rule tells of this change; keeps what it told."""
    key = (rule.name, row["case_id"], row["domain"], row["fact"])
    at = moment(row["confirmed_at"])
    assert at is not None
    before, now = _state(conn, key, row["before"]), _state(conn, key, row["after"])
    fires = rule.wants(row["case_id"], row["kind"], level)
    still = REARM_STATE if row["fact"] in STATES else REARM
    if now is not None and (now is _OPEN or at - now < still):
        fires = False  # told already, and it has not been still since
    if row["returned"] and (before is not _OPEN if row["kind"] in RECOVERIES else row["fact"] not in STATES):
        fires = False
    if fires and rule.kinds == DEFAULT and row["kind"] in CAME_WITH and _came_with_a_turn(conn, row):
        fires = False
    # Also where the value had come back untold: only the last time it ended says how long it kept still.
    conn.execute(
        "update alert_states set cleared_at = ? where rule = ? and case_id = ? and domain = ? and fact = ? "
        "and value = ?",
        (row["confirmed_at"], *key, row["before"]),
    )
    if fires:
        conn.execute(
            "insert or replace into alert_states (rule, case_id, domain, fact, value, fired_at) values (?,?,?,?,?,?)",
            (*key, row["after"], row["confirmed_at"]),
        )
    return fires


def _came_with_a_turn(conn: sqlite3.Connection, row: dict[str, Any]) -> bool:
    """Whether a turn that was told before was first seen in the scan in which this change was."""
    rows = conn.execute(
        "select kind from changes where case_id = ? and domain = ? and after_at = ? and told_at is not null",
        (row["case_id"], row["domain"], row["after_at"]),
    )
    return any(kind in TURNS for (kind,) in rows)


class _Open:
    """A value that was told and still holds, as far as is known."""


_OPEN = _Open()


def _state(conn: sqlite3.Connection, key: Sequence[str], value: str) -> Any:
    """None: never told. _OPEN: told, and it has held since. A moment: told, and it ended then."""
    row = conn.execute(
        "select cleared_at from alert_states where rule = ? and case_id = ? and domain = ? and fact = ? and value = ?",
        (*key, value),
    ).fetchone()
    if row is None:
        return None
    return moment(row[0]) or _OPEN


def _write(
    conn: sqlite3.Connection,
    watch: Watch,
    rule: Rule,
    rows: Sequence[dict[str, Any]],
    level: str,
    now: datetime,
) -> int:
    content = json.dumps(content_of(rule, watch, rows, level), ensure_ascii=False)
    made = 0
    for channel in rule.to:
        key = f"{rule.name}.{channel}.{watch.case_id}.{rows[0]['id']}-{rows[-1]['id']}"
        made += conn.execute(
            "insert or ignore into messages (key, case_id, rules, channel, digest, content, made_at, due_at, tries, "
            "problem) values (?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
            (
                key, watch.case_id, watch.rules, channel, rule.digest and f"{rule.name} ({rule.digest})", content,
                iso(now), iso(rule.due(now)),
            ),
        ).rowcount  # fmt: skip
    return made


def content_of(rule: Rule, watch: Watch, rows: Sequence[dict[str, Any]], level: str) -> dict[str, Any]:
    """What a message says: the case id, its level, and kinds of change; more only where the rule shows it."""
    content: dict[str, Any] = {"case": watch.case_id, "level": level}
    if "label" in rule.show:
        content["label"] = json.loads(watch.definition).get("label", "")
    content["changes"] = [_row(rule, row) for row in rows]
    return content


def _row(rule: Rule, row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": row["kind"], "what": KINDS[row["kind"]], "seen": row["after_at"]}
    if "address" in rule.show:
        found["address"] = row["domain"]
    if "values" in rule.show:
        found |= {"before": json.loads(row["before"]), "after": json.loads(row["after"])}
    return found
