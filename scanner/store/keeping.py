"""What is kept and who took what out: holds, the audit trail, reports that were written.

A row of the trail outlives its case, so it must not keep what was purged: of the case it holds a salted, slow digest
of the id, beside the id itself only as long as the case is there. Who knows an id can ask for its rows; who reads the
table, or guesses at it, gets none out.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from scanner.store.errors import StoreError
from scanner.store.records import clean, iso
from scanner.store.store import Store

ROUNDS = 50_000
"""Of PBKDF2: some 10 ms an id, so that trying out all likely ids takes its time."""
MOST_REASON = 500
_HELD = "select case_id, held_at, who, reason from holds order by case_id"
_TRAIL = "select at, who, action, coalesce(case_id, ''), case_digest, counts from audit order by id"


@dataclass(frozen=True, slots=True)
class Hold:
    """A case that no purge may touch. at: ISO 8601 UTC, by this machine's clock, as everywhere here."""

    case: str
    at: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail. case: "" once it was purged. counts: numbers, and names of formats."""

    at: str
    who: str
    action: str
    case: str
    digest: str
    counts: dict[str, Any]


def require_case(store: Store, case: str) -> None:
    """Raises StoreError, one line with the cases there are, where it has none of that id."""
    if store.conn.execute("select 1 from cases where id = ?", (case,)).fetchone() is None:
        known = [str(row["id"]) for row in store.cases()]
        raise StoreError(
            f"{store.path} holds no case {case!r}; it has: {', '.join(known[:10]) or 'none'}"
            + (f" and {len(known) - 10} more" if len(known) > 10 else "")
        )


def hold(store: Store, case: str, reason: str = "") -> None:
    """From now on no purge touches the case. Doing it again gives a new reason."""
    with store.writing() as conn:
        require_case(store, case)
        row = (case, _now(), account(), clean(" ".join(reason.split()))[:MOST_REASON])
        conn.execute("insert or replace into holds (case_id, held_at, who, reason) values (?, ?, ?, ?)", row)
        note(store, "hold", case)


def release(store: Store, case: str) -> bool:
    """Takes a hold back, with its reason. False where there was none."""
    with store.writing() as conn:
        require_case(store, case)
        if not conn.execute("delete from holds where case_id = ?", (case,)).rowcount:
            return False
        note(store, "release", case)
        return True


def holds(store: Store) -> dict[str, Hold]:
    """By case."""
    return {row[0]: Hold(*row) for row in store.conn.execute(_HELD)}


def note(store: Store, action: str, case: str, counts: Mapping[str, int | str] | None = None) -> None:
    """Adds a row to the trail. counts: never anything that names a person, a site or a file."""
    with store.writing() as conn:
        known = conn.execute("select id from cases where id = ?", (case,)).fetchone()
        conn.execute(
            "insert into audit (at, who, action, case_id, case_digest, counts) values (?, ?, ?, ?, ?, ?)",
            (
                _now(), account(), action, known[0] if known else None, case_digest(store, case),
                json.dumps(dict(counts or {}), sort_keys=True),
            ),
        )  # fmt: skip


def trail(store: Store, case: str = "") -> list[Entry]:
    """Oldest first; of one case when given, purged or not."""
    rows = [
        Entry(at, who, action, held, digest, json.loads(counts))
        for at, who, action, held, digest, counts in store.conn.execute(_TRAIL)
    ]
    if not case:
        return rows
    salt = _salt(store)
    digest = _digest(salt, case) if salt else ""
    return [row for row in rows if row.digest == digest]


def case_digest(store: Store, case: str) -> str:
    """16 hex digits that stand for a case id in this database and in no other; makes the salt when there is none."""
    salt = _salt(store)
    if not salt:
        salt = secrets.token_hex(16)
        with store.writing() as conn:
            conn.execute("insert into settings (name, value) values ('audit_salt', ?)", (salt,))
    return _digest(salt, case)


def remember_report(store: Store, case: str, path: Path, digest: str) -> None:
    """A file was written about a case. digest: SHA-256 of it, hexadecimal. One in or below the folder of the
    database is remembered by its place there, so that the folder can be moved."""
    whole, folder = path.resolve(), store.path.parent.resolve()
    inside = whole.is_relative_to(folder)
    name = whole.relative_to(folder).as_posix() if inside else str(whole)
    with store.writing() as conn:
        conn.execute(
            "insert or replace into written_reports (path, case_id, digest, written_at) values (?, ?, ?, ?)",
            (clean(name), case, digest, _now()),
        )


def written_reports(store: Store, case: str) -> list[tuple[str, str]]:
    """(path, digest) of what was written about a case."""
    query = "select path, digest from written_reports where case_id = ? order by path"
    return [(path, digest) for path, digest in store.conn.execute(query, (case,))]


def is_inside(name: str) -> bool:
    """Whether a remembered path lies in the folder of the database: only such files are ever removed. A database may
    come from elsewhere: what it names must not lead out."""
    path = PurePosixPath(name)
    return (
        bool(path.parts)
        and not path.is_absolute()
        and ".." not in path.parts
        and not set(name) & set("\\:\0")
    )


def account() -> str:
    """Who runs this, as the system names the account; "unknown" where it can't say."""
    if sys.platform != "win32":
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return f"uid {os.getuid()}"
    try:
        return clean(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return "unknown"


def _salt(store: Store) -> str:
    row = store.conn.execute("select value from settings where name = 'audit_salt'").fetchone()
    return str(row[0]) if row else ""


def _digest(salt: str, case: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", clean(case).encode(), salt.encode(), ROUNDS).hex()[:16]


def _now() -> str:
    """By this machine's clock: a trail by the clock of a network file would say what that file says."""
    return iso(datetime.now(UTC))
