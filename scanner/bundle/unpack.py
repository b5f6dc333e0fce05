"""Taking a case from elsewhere in: rows are typed, renumbered and written in one transaction, or none is.

What a bundle says is a stranger's word. Its ids mean nothing here: a row can name only rows of the same bundle. Every
record of evidence is read and compared with its digest, and the whole is read back as a scan before it is kept. The
verdict that came along is then judged again from the observations.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from scanner.bundle.container import Manifest, unpack_files
from scanner.bundle.form import (
    CASE_ID,
    MOST_LINE,
    MOST_ROWS,
    TABLES,
    UID,
    BundleError,
    Column,
    Table,
    evidence_file,
    rows_file,
)
from scanner.hostnames import DomainError, to_ascii
from scanner.knowledge import Knowledge
from scanner.model import Finding, Level
from scanner.score import judgement
from scanner.store import EvidenceError, ScanRecord, ScanStatus, Store, StoreError, keeping, purging
from scanner.store.evidence import Place, check_whole, read
from scanner.store.page_texts import keep_text

_NEVER = "9999"
OPENING = ".opening-"
"""How the folder begins, beside the database, in which a bundle lies unpacked while it is looked at."""
_INTEGER = 1 << 63
_UNREADABLE = (
    sqlite3.Error,
    StoreError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
    msgspec.MsgspecError,
)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """What came in. differences: what judging it again here says otherwise; empty where it is the same."""

    case: str
    scans: int
    rows: int
    level: str
    tool_version: str
    knowledge_version: str
    differences: tuple[str, ...]


def unpack(path: Path, store: Store, *, case: str = "") -> Opened:
    """Takes a bundle in, under its own id or another (`case`), never over a case that is there.

    Raises BundleError or StoreError, one line; nothing is imported then.
    """
    if case and not CASE_ID.fullmatch(case):
        raise BundleError(f"{case!r} is no id of a case: letters, digits, `.`, `_`, `-`, 64 at most")
    with tempfile.TemporaryDirectory(prefix=OPENING, dir=store.path.absolute().parent) as name:
        manifest = unpack_files(path, Path(name))
        taking = _Taking(path, Path(name), store, manifest, case or manifest.case)
        try:
            with store.writing():
                opened = _taken(taking)
                taking.move_evidence()
        except _UNREADABLE as error:
            taking.undo()
            raise BundleError(f"{path}: holds something that can't be read ({_said(error)})") from error
        except BaseException:
            taking.undo()
            raise
    return opened


def _taken(taking: _Taking) -> Opened:
    """All of it but the evidence files, inside the transaction."""
    store, named = taking.store, taking.case
    if store.conn.execute("select 1 from cases where id = ?", (named,)).fetchone():
        raise BundleError(f"{store.path} has a case {named} already; give --as NEW-ID")
    rows = taking.rows()
    records = taking.read_back()
    levels = {row["domain"]: row["level"] for row in store.verdicts_of(records[-1])}
    differences = _judged_again(store, records[-1], levels)
    keeping.note(store, "open", named, {"scans": len(records), "rows": rows})
    return Opened(
        named,
        len(records),
        rows,
        levels.get("", ""),
        records[-1].tool_version,
        records[-1].knowledge_version,
        differences,
    )


@dataclass(slots=True)
class _Taking:
    """One bundle on its way in. numbers: by table, the ids of the bundle and those they have here."""

    path: Path
    folder: Path
    store: Store
    manifest: Manifest
    case: str
    numbers: dict[str, dict[int, int]] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)  # of the bundle -> here
    scan_uids: dict[int, str] = field(default_factory=dict)  # by the bundle's number of the scan
    deciding: list[tuple[int, int]] = field(default_factory=list)  # attempt here, evidence of the bundle
    moved: list[Path] = field(default_factory=list)
    count: int = 0

    def rows(self) -> int:
        """Writes every row; how many."""
        for uid in self.manifest.scans:
            self.uids[uid] = self._free(uid)
        for table in TABLES:
            self.numbers.setdefault(table.name, {})
            if rows_file(table.name) not in self.manifest.files:
                raise BundleError(f"{self.path}: has no {rows_file(table.name)}")
            insert = _insert(table)
            for row in self._read(table):
                number = row.get("id")
                self._write(table, insert, row, number if isinstance(number, int) else None)
        self.store.conn.executemany(
            "update attempts set evidence_id = ? where id = ?",
            [(self._number("evidence", number), attempt) for attempt, number in self.deciding],
        )
        self._date_targets()
        return self.count

    def _date_targets(self) -> None:
        """Sites are as old as the scans that name them; one that no scan names belongs in no bundle."""
        conn = self.store.conn
        conn.executemany(purging.SEEN, [(here,) for here in self.numbers["targets"].values()])
        odd = conn.execute("select domain from targets where first_seen = ?", (_NEVER,)).fetchone()
        if odd:
            raise BundleError(f"{self.path}: names {odd[0][:80]!r}, which none of its scans looked at")

    def read_back(self) -> list[ScanRecord]:
        """The scans as they are read from now on; what can't be read so is refused here."""
        for uid in self.uids:
            with self.said():
                check_whole(self.folder / evidence_file(uid))
        records = self.store.scans(self.case)
        if [record.uid for record in records] != sorted(self.uids.values()):
            raise BundleError(f"{self.path}: its rows are of other scans than it lists")
        for record in records:
            if record.status is ScanStatus.RUNNING:
                raise BundleError(f"{self.path}: a scan in it was still running")
            self.store.case(record)
            self.store.attempts(record)
            self.store.load_findings(record)
            for row in self.store.verdicts_of(record):
                Level(row["level"])
            for target in self.store.targets(record):
                self.store.observations(record, target.domain)
                for page in self.store.pages(record, target.domain):
                    keep_text(self.store.conn, page, None)
        return records

    @contextmanager
    def said(self) -> Iterator[None]:
        """What is wrong with evidence, said of the bundle and not of the folder where it lies meanwhile."""
        try:
            yield
        except EvidenceError as error:
            where = str(error).replace(str(self.folder), "").lstrip("/\\")
            raise BundleError(f"{self.path}: {where}") from error

    def move_evidence(self) -> None:
        """The last thing before the rows are kept, as in a scan: bytes first."""
        self.store.folder.mkdir(mode=0o700, exist_ok=True)
        for there, here in self.uids.items():
            target = self.store.path.parent / evidence_file(here)
            # one of the same bytes was left by an `open` that was killed just before its rows were kept
            if target.is_symlink() or (target.exists() and not self._same(target, there)):
                raise BundleError(f"{target} is in the way")
            os.replace(self.folder / evidence_file(there), target)
            self.moved.append(target)
            target.chmod(0o600)

    def _same(self, path: Path, uid: str) -> bool:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        return found == self.manifest.files[evidence_file(uid)].sha256

    def undo(self) -> None:
        for path in self.moved:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    # ------------------------------------------------------------------------------------------- rows

    def _read(self, table: Table) -> Iterator[Row]:
        """Typed rows of a table."""
        names = [column.name for column in table.columns]
        with (self.folder / rows_file(table.name)).open("rb") as file:
            while line := file.readline(MOST_LINE + 1):
                self.count += 1
                if self.count > MOST_ROWS or len(line) > MOST_LINE:
                    raise BundleError(f"{self.path}: {rows_file(table.name)} is too long")
                try:
                    row = msgspec.json.decode(line)
                except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
                    raise self._odd(table, _said(error)) from error
                if not isinstance(row, dict) or list(row) != names:
                    raise self._odd(table, f"has other columns than {', '.join(names)}")
                for column in table.columns:
                    if not _fits(row[column.name], column):
                        raise self._odd(table, f"{column.name} is no {column.kind}")
                yield row

    def _write(self, table: Table, insert: str, row: Row, number: int | None) -> None:
        """Renumbers one row and writes it."""
        change = _CHANGES.get(table.name)
        if change is not None:
            try:
                change(self, row)
            except (msgspec.MsgspecError, ValueError) as error:
                raise self._odd(table, _said(error)) from error
        if table.name == "targets":
            here = self._target(row["domain"])
        else:
            for column in table.columns:
                if column.points_at == "cases":
                    row[column.name] = self.case
                elif column.points_at and row[column.name] is not None:
                    row[column.name] = self._number(column.points_at, row[column.name])
            if number is not None:
                row["id"] = None
            try:
                here = self.store.conn.execute(insert, row).lastrowid or 0
            except (sqlite3.IntegrityError, OverflowError) as error:
                raise self._odd(table, _said(error)) from error
        if number is not None:
            if number in self.numbers[table.name]:
                raise self._odd(table, f"row {number} is there twice")
            self.numbers[table.name][number] = here
            if table.name == "attempts" and (decided := row.pop("decided", None)) is not None:
                self.deciding.append((here, decided))

    def _number(self, table: str, number: int) -> int:
        found = self.numbers.get(table, {}).get(number)
        if found is None:
            raise BundleError(f"{self.path}: names row {number} of {table}, which isn't in it")
        return found

    def _target(self, domain: str) -> int:
        """A site is one row here, whoever names it."""
        try:
            if to_ascii(domain) != domain:
                raise BundleError(f"{self.path}: {domain[:80]!r} is no domain as it stands in DNS")
        except DomainError as error:
            raise BundleError(f"{self.path}: {_said(error)}") from error
        conn = self.store.conn
        conn.execute(
            "insert or ignore into targets (domain, first_seen, last_seen) values (?, ?, '')",
            (domain, _NEVER),
        )
        return int(conn.execute("select id from targets where domain = ?", (domain,)).fetchone()[0])

    def _free(self, uid: str) -> str:
        """The scan's own id, or where that is taken here another of the same time, so that scans keep their order."""
        while self.store.conn.execute("select 1 from scans where uid = ?", (uid,)).fetchone():
            chance = secrets.token_hex(9)
            uid = f"{uid[:14]}7{chance[:3]}-{'89ab'[secrets.randbelow(4)]}{chance[3:6]}-{chance[6:]}"
        return uid

    def _odd(self, table: Table, why: str) -> BundleError:
        return BundleError(f"{self.path}: a row of {table.name} {why}")


def _case(taking: _Taking, row: Row) -> None:
    if taking.numbers["cases"] or row["id"] != taking.manifest.case:
        raise BundleError(f"{taking.path}: holds another case than it says")
    taking.numbers["cases"][0] = 0  # one alone
    row["id"] = taking.case
    datetime.fromisoformat(row["created_at"])


def _scan(taking: _Taking, row: Row) -> None:
    if row["uid"] not in taking.uids or not UID.fullmatch(row["uid"]):
        raise BundleError(f"{taking.path}: holds a scan it does not list")
    taking.scan_uids[row["id"]] = row["uid"]
    row["uid"] = taking.uids[row["uid"]]


def _attempt(taking: _Taking, row: Row) -> None:
    row["decided"], row["evidence_id"] = row["evidence_id"], None


def _evidence(taking: _Taking, row: Row) -> None:
    """The record must be there, whole, and what the row says."""
    uid = taking.scan_uids.get(row["scan_id"], "")
    datetime.fromisoformat(row["fetched_at"])
    if row["warc_file"] != evidence_file(uid):
        raise BundleError(f"{taking.path}: evidence {row['id']} lies in a file that is not its scan's")
    with taking.said():
        read(taking.folder / row["warc_file"], Place(row["warc_offset"], row["length"]), digest=row["digest"])
    row["warc_file"] = evidence_file(taking.uids[uid])


def _page(taking: _Taking, row: Row) -> None:
    datetime.fromisoformat(row["first_seen"])


def _finding(taking: _Taking, row: Row) -> None:
    listed = msgspec.json.decode(row["evidence_ids"], type=list[int])
    row["evidence_ids"] = json.dumps([taking._number("evidence", number) for number in listed])


def _lists(*names: str) -> Callable[[_Taking, Row], None]:
    """Columns that hold a JSON list of texts, or of places in the list of claims."""

    def check(taking: _Taking, row: Row) -> None:
        for name in names:
            msgspec.json.decode(row[name], type=list[int] if name == "claims" else list[str])

    return check


_CHANGES: dict[str, Callable[[_Taking, Row], None]] = {
    "cases": _case,
    "scans": _scan,
    "attempts": _attempt,
    "evidence": _evidence,
    "pages": _page,
    "findings": _finding,
    "finding_details": _lists("defeats"),
    "target_details": _lists("entries", "claims"),
}


def _insert(table: Table) -> str:
    names = [column.name for column in table.columns]
    quoted, marks = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    return f'insert into "{table.name}" ({quoted}) values ({marks})'  # noqa: S608  names of this package


def _fits(value: Any, column: Column) -> bool:
    if value is None:
        return column.empty
    if column.kind == "text":
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    if column.kind == "integer":
        return isinstance(value, int) and -_INTEGER <= value < _INTEGER
    return isinstance(value, int | float) and math.isfinite(value)


def _judged_again(store: Store, record: ScanRecord, before: Mapping[str, str]) -> tuple[str, ...]:
    """What judging the newest scan with the knowledge that is here says otherwise. Nothing is written."""
    day = Knowledge.day_of(record.knowledge_version)
    knowledge = Knowledge.load(day or record.as_of).with_own(store.own_version())
    judged = judgement(store, record, knowledge.dated() if day else knowledge)
    now = {verdict.domain: verdict.level.value for verdict in judged.verdicts}
    lines = [
        f"{domain or 'the case'}: {before.get(domain, 'none')} there, {now.get(domain, 'none')} here"
        for domain in sorted(before.keys() | now.keys())
        if before.get(domain) != now.get(domain)
    ]
    there, here = set(map(_key, store.load_findings(record))), set(map(_key, judged.findings))
    lines += [f"only there: {' '.join(key)}" for key in sorted(there - here)]
    return (*lines, *(f"only here: {' '.join(key)}" for key in sorted(here - there)))


def _key(finding: Finding) -> tuple[str, ...]:
    version = f"{finding.check_id}/{finding.check_version}"
    return (finding.domain or "case", version, finding.strength.value, finding.statement, finding.defeated_by)


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
