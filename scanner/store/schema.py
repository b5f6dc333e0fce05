"""Opening `findings.db` as this version of the tool knows it: columns of the contract, views, migrating."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.store.errors import NotADatabaseError, ReadOnlyError, TooNewError, spoken

if TYPE_CHECKING:
    from sqlite_utils import Migrations

# PRAGMA user_version of a database with every migration applied: the count of migrations. It lets an
# up-to-date database open without importing sqlite-utils, and an older tool see that it is too old.
VERSION = 7

CONTRACT: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split(","))
    for name, columns in {
        "cases": "id,label,created_at",
        "claims": "id,case_id,target_id,role,url,organisation,starts,ends,place",
        "targets": "id,domain,first_seen,last_seen",
        "scans": "id,uid,case_id,started_at,ended_at,as_of,status,tool_version,knowledge_version,passive",
        "scan_targets": "scan_id,target_id,why,from_target_id",
        "attempts": "id,scan_id,target_id,source,status,reason,started_at,ms,evidence_id",
        "evidence": "id,scan_id,attempt_id,digest,uri,media_type,fetched_at,warc_file,warc_offset,length",
        "pages": "id,scan_id,target_id,url,status,title,text_digest,words,first_seen,evidence_id",
        "observations": "id,scan_id,target_id,kind,name,value,starts,ends,precision,bound,source,evidence_id",
        "findings": "id,scan_id,target_id,check_id,check_version,family,strength,score,statement,claimed,"
        "observed,innocent,ask,next_step,evidence_ids,defeated_by",
        "support": "finding_id,observation_id,evidence_id,side",
        "verdicts": "id,scan_id,target_id,case_id,level,score,answered,planned,summary",
        "links": "id,scan_id,a,b,kind,value,rarity",
        "knowledge": "id,kind,value,status,published,source",
    }.items()
}

# Views hold nothing, so they are simply made anew whenever a database is migrated.
VIEWS: dict[str, str] = {
    "latest_scans": """
select scans.* from scans
where scans.uid = (select max(newest.uid) from scans newest where newest.case_id = scans.case_id)""",
    "latest_verdicts": """
select cases.id as "case", cases.label, coalesce(targets.domain, '(whole case)') as domain, verdicts.level,
  verdicts.score, verdicts.answered, verdicts.planned, verdicts.summary, latest_scans.status as scan_status,
  latest_scans.as_of, latest_scans.uid as scan
from verdicts join latest_scans on latest_scans.id = verdicts.scan_id
join cases on cases.id = verdicts.case_id left join targets on targets.id = verdicts.target_id
order by case verdicts.level when 'known' then 0 when 'contradicted' then 1 when 'review' then 2
  when 'not-enough' then 3 else 4 end, verdicts.score desc, cases.id, targets.domain""",
    "open_findings": """
select latest_scans.case_id as "case", coalesce(targets.domain, '(whole case)') as domain, findings.strength,
  findings.statement, findings.claimed, findings.observed, findings.innocent, findings.ask,
  findings.next_step, findings.check_id, findings.family, findings.score,
  latest_scans.uid as scan, findings.id as finding_id
from findings join latest_scans on latest_scans.id = findings.scan_id
left join targets on targets.id = findings.target_id
where findings.defeated_by = '' and findings.strength <> 'context'
order by case findings.strength when 'decisive' then 0 when 'strong' then 1 when 'medium' then 2 else 3 end,
  latest_scans.case_id, targets.domain, findings.check_id""",
    "last_attempts": """
select scans.case_id as "case", scans.uid as scan, targets.domain, attempts.source, attempts.status,
  attempts.reason, attempts.started_at, attempts.ms, attempts.id as attempt_id
from attempts join scans on scans.id = attempts.scan_id join targets on targets.id = attempts.target_id
where not exists (select 1 from attempts later where later.scan_id = attempts.scan_id
  and later.target_id = attempts.target_id and later.source = attempts.source and later.id > attempts.id)
order by attempts.scan_id, targets.domain, attempts.source""",
    # Cross join: scan by scan, each address sorted by itself, so that the first rows of a million come at once.
    "timeline": """
select latest_scans.case_id as "case", targets.domain, observations.starts, observations.ends,
  observations."precision", observations.bound, observations.kind, observations.name, observations.value,
  observations.source, observations.evidence_id
from latest_scans cross join observations on observations.scan_id = latest_scans.id
join targets on targets.id = observations.target_id
where observations.starts is not null
order by latest_scans.case_id, observations.target_id, observations.starts""",
    "site_pages": """
select scans.case_id as "case", scans.uid as scan, targets.domain, pages.url, pages.status,
  page_details.state, pages.title, pages.words, page_details.language, pages.first_seen, pages.text_digest,
  pages.evidence_id
from pages join scans on scans.id = pages.scan_id join targets on targets.id = pages.target_id
left join page_details on page_details.page_id = pages.id""",
    "whats_new": """
select changes.case_id as "case", changes.domain, changes.kind, changes."before", changes.after, changes.before_at,
  changes.after_at, changes.confirmed_at, changes.sources, changes.returned, changes.scan
from changes order by changes.confirmed_at desc, changes.case_id, changes.domain, changes.id""",
    "identities": """
select targets.domain, observations.kind, observations.name, observations.value,
  min(scans.started_at) as first_seen, max(scans.started_at) as last_seen,
  count(distinct observations.scan_id) as scans
from observations join scans on scans.id = observations.scan_id
join targets on targets.id = observations.target_id
where observations.kind in ('contact', 'identifier', 'person')
  or (observations.kind = 'registration' and observations.name like 'registrant%')
  or (observations.kind = 'page' and observations.name in ('site_name', 'legal_name'))
group by targets.domain, observations.kind, observations.name, observations.value""",
}


def connect(path: Path, *, readonly: bool, wait: float) -> sqlite3.Connection:
    """A connection with the project's settings; brings the schema up to date unless `readonly`.

    wait: seconds to wait for another writer. Raises the errors of `scanner.store.errors`.
    """
    with spoken(path, wait):
        if readonly:
            return _open_readonly(path, wait)
        _create_private(path)
        conn = _plain(path, wait)
        try:
            refuse_newer(conn, path)
            conn.execute("PRAGMA journal_mode = WAL")
            if _user_version(conn) < VERSION:
                from scanner.store.migrations import MIGRATIONS

                migrate(conn, path, MIGRATIONS, VERSION)
            conn.execute("PRAGMA synchronous = NORMAL")
            conn.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            conn.close()
            raise
        return conn


def migrate(conn: sqlite3.Connection, path: Path, migrations: Migrations, version: int) -> None:
    """Apply what is pending and make the views anew. A database that holds scans is copied first, beside
    itself, to `NAME.before-vN.bak`. A step that fails leaves the database as it was before that step."""
    from sqlite_utils import Database

    db = Database(conn, execute_plugins=False)
    tables = set(db.table_names())
    if tables and not any(migrations.applied(db)):
        raise NotADatabaseError(f"{path}: holds other tables, not falsefront's; give another --db")
    if "scans" in tables and db["scans"].count:
        _back_up(conn, path, version)
    # Off while tables are rebuilt: a rebuild drops the old table, which would cascade.
    conn.execute("PRAGMA foreign_keys = OFF")
    # One writer: of two that open a new file at once, the second waits here and then finds it done.
    conn.execute("BEGIN IMMEDIATE")
    try:
        if _user_version(conn) < version:
            for name in db.view_names():  # a view on a table stops that table's being rebuilt
                db[name].drop()
            migrations.apply(db)
            for name, query in VIEWS.items():
                db.create_view(name, query.strip(), replace=True)
            broken = conn.execute("PRAGMA foreign_key_check").fetchone()
            if broken:
                raise NotADatabaseError(f"{path}: rows of {broken[0]} point at missing rows of {broken[2]}")
            conn.execute(f"PRAGMA user_version = {int(version)}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def refuse_newer(conn: sqlite3.Connection, path: Path, version: int = VERSION) -> None:
    """Raise `TooNewError` when a later version of the tool made this database."""
    found = _user_version(conn)
    if found > version:
        raise TooNewError(
            f"{path}: is of version {found}, this falsefront knows up to {version}; "
            "update falsefront or give another --db"
        )


def tables_markdown() -> str:
    """`docs/TABLES.md`, made from a freshly migrated database and the column descriptions."""
    from scanner.store.describe import markdown
    from scanner.store.migrations import MIGRATIONS

    with closing(_settle(sqlite3.connect(":memory:"))) as conn:
        migrate(conn, Path(":memory:"), MIGRATIONS, VERSION)
        return markdown(conn, list(CONTRACT), list(VIEWS))


def _user_version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _create_private(path: Path) -> None:
    """An empty file that only its owner can read; SQLite gives `-wal` and `-shm` the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise NotADatabaseError(
                f"{path}: is a folder; give a file, such as {path / 'findings.db'}"
            ) from None
        return
    except FileNotFoundError:
        raise ReadOnlyError(f"{path.parent}: no such folder; make it, or give another --db") from None


def _settle(conn: sqlite3.Connection) -> sqlite3.Connection:
    conn.execute(
        "PRAGMA trusted_schema = OFF"
    )  # triggers and views of a file from elsewhere may call nothing
    conn.isolation_level = None  # transactions are begun and ended by us alone
    return conn


def _plain(path: Path, wait: float) -> sqlite3.Connection:
    return _settle(sqlite3.connect(path, timeout=wait, check_same_thread=False))


def _open_readonly(path: Path, wait: float) -> sqlite3.Connection:
    if path.is_dir():
        raise NotADatabaseError(f"{path}: is a folder; give a file, such as {path / 'findings.db'}")
    if not path.is_file():
        raise NotADatabaseError(f"{path}: no such database; run a scan first, or give another --db")
    for extra in ("", "&immutable=1"):
        # A database in WAL mode in a folder nobody may write opens only as immutable: SQLite would make -shm.
        if extra and _size(path.with_name(path.name + "-wal")):
            break
        conn = _settle(
            sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro{extra}", uri=True, timeout=wait, check_same_thread=False
            )
        )
        try:
            _check_readable(conn, path)
            return conn
        except sqlite3.OperationalError as error:
            conn.close()
            if (error.sqlite_errorcode & 0xFF) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise
        except BaseException:
            conn.close()
            raise
    raise ReadOnlyError(
        f"{path}: can't be opened for reading; make its folder writable, or copy it elsewhere"
    )


def _check_readable(conn: sqlite3.Connection, path: Path) -> None:
    refuse_newer(conn, path)
    found = _user_version(conn)
    if found == 0:
        raise NotADatabaseError(f"{path}: is not a falsefront database; give another --db")
    if found < VERSION:
        raise TooNewError(
            f"{path}: was made by an older falsefront; any scan or rescore brings it up to date"
        )
    conn.execute("PRAGMA query_only = ON")
    conn.execute("SELECT count(*) FROM scans").fetchone()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _back_up(conn: sqlite3.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.name}.before-v{version}.bak")
    copy.unlink(missing_ok=True)
    _create_private(copy)
    with closing(sqlite3.connect(copy)) as target:
        conn.backup(target)
