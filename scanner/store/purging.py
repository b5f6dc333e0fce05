"""Taking a case out of the database: its rows at once, in one transaction; what lies in files step by step.

The transaction also writes down the steps, so that a purge that was killed anywhere after it can be gone on with by
any later one. What hangs on a case is read from the schema itself: a table that a later migration adds goes with it.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner.store.errors import LockedError, StoreError, spoken
from scanner.store.keeping import is_inside, note, require_case, written_reports
from scanner.store.lock import held
from scanner.store.page_texts import drop_unused
from scanner.store.records import ScanStatus
from scanner.store.store import Store

TARGETS = """
select target_id from scan_targets join scans on scans.id = scan_id where case_id = :case
union select from_target_id from scan_targets join scans on scans.id = scan_id where case_id = :case
union select target_id from claims where case_id = :case"""

LED_TO = "(case_id = :case or sweep_id || '-' || domain = :case)"
"""Rows of a list that led to a case; while it is under way the row does not name it yet."""
SEEN = """
update targets set
  first_seen = (select min(started_at) from scan_targets join scans on scans.id = scan_id where target_id = targets.id),
  last_seen = (select max(started_at) from scan_targets join scans on scans.id = scan_id where target_id = targets.id)
where id = ? and exists (select 1 from scan_targets where target_id = targets.id)"""

_LEFT_BEHIND = 3600
"""Seconds after which a folder that a bundle was unpacked into is nobody's any more."""
FILE, REPORT, LIBRARY, TIDY = "file", "report", "library", "tidy"


@dataclass(frozen=True, slots=True)
class Outline:
    """What goes with a case. rows: by table; files: evidence, relative to the folder of the database; reports: in
    that folder, as they were written; elsewhere: reports that were written to other places, or changed since."""

    case: str
    rows: dict[str, int]
    files: tuple[str, ...]
    reports: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something a purge has still to do. what: of `file` the id of a scan, of `report` a path and its digest, of
    `library` a case."""

    id: int
    step: str
    what: str


def outline(store: Store, case: str) -> Outline:
    """What a purge of this case would remove. StoreError where there is no such case, or it is held or running."""
    require_case(store, case)
    why = why_kept(store, case)
    if why:
        raise StoreError(f"{case}: {why}")
    reports = written_reports(store, case)
    removable = {path for path, digest in reports if _as_written(store, path, digest) is not None}
    return Outline(
        case,
        {table: count for table, count in _counted(store.conn, case) if count},
        tuple(
            sorted(
                f"{store.folder.name}/{path.name}"
                for uid in _uids(store, case)
                for path in _files(store, uid)
            )
        ),
        tuple(path for path, _ in reports if path in removable),
        tuple(path for path, _ in reports if path not in removable),
    )


def why_kept(store: Store, case: str) -> str:
    """Why a case can't be purged now; "" where it can."""
    row = store.conn.execute("select held_at, who, reason from holds where case_id = ?", (case,)).fetchone()
    if row:
        return f"held since {row[0]} by {row[1]}" + (f" ({row[2]})" if row[2] else "") + "; release it first"
    running = store.conn.execute(
        "select uid from scans where case_id = ? and status = ?", (case, ScanStatus.RUNNING.value)
    )
    if any(held(store._lock_path(uid)) for (uid,) in running.fetchall()):
        return "a scan of it is running; let it end, or stop it"
    return ""


def remove_rows(store: Store, case: str) -> Outline:
    """Takes every row of the case out, overwritten where it stood, and leaves the steps that are still to be done."""
    with spoken(store.path, store.wait):
        store.conn.execute("pragma secure_delete = on")
    with store.writing() as conn:
        found = outline(store, case)
        uids = _uids(store, case)
        reports = [
            f"{digest} {path}" for path, digest in written_reports(store, case) if path in found.reports
        ]
        counts = {"scans": len(uids), "rows": sum(found.rows.values()), "evidence_files": len(found.files)}
        targets = [n for (n,) in conn.execute(TARGETS, {"case": case}) if n is not None]
        conn.execute(f"delete from sweep_domains where {LED_TO}", {"case": case})  # noqa: S608  our own words
        conn.execute("delete from cases where id = ?", (case,))
        gone = _drop_targets(conn, targets)
        texts = drop_unused(conn)
        note(store, "purge", case, counts)  # the case is gone by now: its id isn't written
        steps = [*((FILE, uid) for uid in uids), *((REPORT, what) for what in reports), (LIBRARY, case)]
        conn.executemany("insert into purge_steps (step, what) values (?, ?)", steps)
        _leave_tidying(conn)
    store._targets.clear()
    beside = {name: count for name, count in (("targets", gone), ("page_texts", texts)) if count}
    return Outline(case, found.rows | beside, found.files, found.reports, found.elsewhere)


def remove_sweep(store: Store, sweep: str) -> dict[str, int]:
    """Takes a list that was swept out, with the names in it, and leaves the clearing of free space; rows by table."""
    with spoken(store.path, store.wait):
        store.conn.execute("pragma secure_delete = on")
    with store.writing() as conn:
        names = conn.execute("delete from sweep_domains where sweep_id = ?", (sweep,)).rowcount
        conn.execute("delete from sweeps where id = ?", (sweep,))
        note(store, "purge", sweep, {"rows": names + 1})
        _leave_tidying(conn)
    return {"sweeps": 1} | ({"sweep_domains": names} if names else {})


def sweep_rows(store: Store, sweep: str) -> tuple[dict[str, int], list[str]]:
    """(rows by table, the cases it led to) of a list that was swept; ({}, []) where there is none of that id."""
    if store.conn.execute("select 1 from sweeps where id = ?", (sweep,)).fetchone() is None:
        return {}, []
    number = store.conn.execute("select count(*) from sweep_domains where sweep_id = ?", (sweep,)).fetchone()[
        0
    ]
    cases = store.conn.execute(
        "select id from cases where id in (select case_id from sweep_domains where sweep_id = :sweep) "
        "or id in (select sweep_id || '-' || domain from sweep_domains where sweep_id = :sweep) order by id",
        {"sweep": sweep},
    )
    return {"sweeps": 1} | ({"sweep_domains": number} if number else {}), [case for (case,) in cases]


def old_sweeps(store: Store, before: str) -> list[str]:
    """Ids of lists that were last gone through before that time (ISO 8601 UTC)."""
    query = "select id from sweeps where coalesce(ended_at, begun_at) < ? order by id"
    return [sweep for (sweep,) in store.conn.execute(query, (before,))]


def steps_left(store: Store) -> list[Step]:
    """What purges left to do, clearing free space last."""
    rows = store.conn.execute("select id, step, what from purge_steps order by step = 'tidy', id")
    return [Step(*row) for row in rows]


def step_done(store: Store, step: Step) -> None:
    with spoken(store.path, store.wait):
        store.conn.execute("pragma secure_delete = on")
    with store.writing() as conn:
        conn.execute("delete from purge_steps where id = ?", (step.id,))


def remove_files(store: Store, step: Step) -> None:
    """Does a `file` or `report` step. What is gone already is as good as removed."""
    with spoken(store.path):
        if step.step == FILE:
            for path in _files(store, step.what):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        elif step.step == REPORT:
            digest, _, name = step.what.partition(" ")
            written = _as_written(store, name, digest)
            if written is not None:
                written.unlink(missing_ok=True)


def tidy(store: Store) -> None:
    """Writes the database anew without its free pages and empties its journal. Copies that were kept before an
    upgrade go: they hold what was purged. LockedError while another process reads."""
    with spoken(store.path, store.wait):
        for copy in copies(store):
            copy.unlink(missing_ok=True)
        for folder in store.path.absolute().parent.glob(
            ".opening-*"
        ):  # of a `falsefront open` that was killed
            if time.time() - folder.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(folder, ignore_errors=True)
        if store.conn.execute("select 1 from sqlite_master where name like 'sqlite_stat%'").fetchone():
            store.conn.execute("analyze")  # its samples are values of rows
        store.conn.execute("vacuum")
        empty_journal(store)


def empty_journal(store: Store) -> None:
    """LockedError while another process reads."""
    with spoken(store.path, store.wait):
        busy = store.conn.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    if busy:
        raise LockedError(
            f"{store.path}: the rows are gone, but another process is reading the database, so that old pages can't be "
            "cleared yet; let it end, then run `falsefront purge` once more"
        )


def copies(store: Store) -> list[Path]:
    """Copies of the database that were made before an upgrade, beside it."""
    return sorted(
        path
        for path in store.path.absolute().parent.iterdir()
        if path.name.startswith(f"{store.path.name}.before-v") and path.name.endswith(".bak")
    )


# ---------------------------------------------------------------------------------------------- parts


def _leave_tidying(conn: sqlite3.Connection) -> None:
    conn.execute(
        "insert into purge_steps (step, what) select ?, '' where not exists (select 1 from purge_steps where step = ?)",
        (TIDY, TIDY),
    )


def _uids(store: Store, case: str) -> list[str]:
    return [
        uid for (uid,) in store.conn.execute("select uid from scans where case_id = ? order by uid", (case,))
    ]


def _files(store: Store, uid: str) -> list[Path]:
    """Everything in the evidence folder that is of one scan: named after it, with something after a dot or nothing.

    Raises NotADatabaseError for an id that leads elsewhere."""
    store._beside(f"{uid}.lock")
    if not store.folder.is_dir():
        return []
    return [path for path in store.folder.iterdir() if path.name == uid or path.name.startswith(f"{uid}.")]


def _as_written(store: Store, name: str, digest: str) -> Path | None:
    """The file of a report, when it lies in the folder of the database and is what was written there."""
    folder = store.path.parent.resolve()
    path = folder / name
    if not is_inside(name) or not path.parent.resolve().is_relative_to(folder):
        return None
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as file:
            return path if hashlib.file_digest(file, "sha256").hexdigest() == digest else None
    except OSError:
        return None


def _counted(conn: sqlite3.Connection, case: str) -> Iterator[tuple[str, int]]:
    """How many rows of each table hang on a case."""
    for table in _tables(conn):
        where = " or ".join(ways(conn, table))
        if where:
            query = f'select count(*) from "{table}" where {where}'  # noqa: S608  names are the schema's own
            yield table, int(conn.execute(query, {"case": case}).fetchone()[0])


def ways(conn: sqlite3.Connection, table: str) -> list[str]:
    """The ways from a table to a case along references whose rows go together, as SQL conditions."""
    if table == "cases":
        return ["id = :case"]
    if table == "sweep_domains":  # says what a name of a list led to, and what was found there
        return [LED_TO]
    found = []
    for row in conn.execute(f'pragma foreign_key_list("{table}")').fetchall():
        parent, column, other, on_delete = row[2], row[3], row[4], row[6]
        if on_delete == "CASCADE":
            where = " or ".join(ways(conn, parent))
            if where:
                found.append(f'"{column}" in (select "{other}" from "{parent}" where {where})')  # noqa: S608
    return found


def _drop_targets(conn: sqlite3.Connection, targets: list[int]) -> int:
    """Removes those that nothing points at any more, with every link to them; the others are as old as the scans
    that are left. Returns how many went."""
    pointing = [
        (table, row[3])
        for table in _tables(conn)
        for row in conn.execute(f'pragma foreign_key_list("{table}")')
        if row[2] == "targets"
    ]
    gone = 0
    for number in targets:
        if any(
            conn.execute(f'select 1 from "{table}" where "{column}" = ? limit 1', (number,)).fetchone()  # noqa: S608
            for table, column in pointing
        ):
            conn.execute(SEEN, (number,))
            continue
        (domain,) = conn.execute("select domain from targets where id = ?", (number,)).fetchone()
        conn.execute("delete from links where a = ? or b = ?", (domain, domain))
        conn.execute("delete from targets where id = ?", (number,))
        gone += 1
    return gone


def _tables(conn: sqlite3.Connection) -> list[str]:
    rows = conn.execute("select name from sqlite_master where type = 'table' order by name")
    return [name for (name,) in rows]
