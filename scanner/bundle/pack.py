"""A case as one zip file: its rows, its evidence, and what was known here that its findings rest on.

Another lab with the same version of tool and knowledge gets the same verdict from it. The label stays here unless it is
asked for; so do links to other cases, and the searched texts (they are in the evidence). The same case gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from scanner.bundle.form import (
    FORMAT,
    KIND,
    MANIFEST,
    MOST_BYTES,
    README,
    TABLES,
    BundleError,
    Table,
    evidence_file,
    rows_file,
)
from scanner.checks import Facts
from scanner.score import listable
from scanner.store import ScanRecord, ScanStatus, Store, keeping, purging

_EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest a zip can say: the time of packing would make each bundle another
_CHUNK = 1 << 20
_ABOUT = """\
This is a case of falsefront: what stood on the sites a résumé names, and what was found there.

  manifest.json   what is in here, with the SHA-256 and size of every file
  rows/           the rows of the database that hang on the case, one JSON object a line
  evidence/       what was fetched, one WARC file a scan, readable by any WARC tool

`falsefront open THIS.zip` takes it into a database, checks every digest, and judges it again. A finding is about an
address and its public record on a day; it accuses nobody, and a clean result clears nobody.
"""


def pack(store: Store, case: str, to: Path, *, label: bool = False) -> dict[str, int]:
    """Writes the bundle of a case and returns what is in it, as counts. label: take the case's label along.

    Raises StoreError or BundleError, one line; a file that was there is then as it was.
    """
    keeping.require_case(store, case)
    scans = store.scans(case)
    if not scans:
        raise BundleError(f"{case} has no scan yet: there is nothing to pass on")
    if any(scan.status is ScanStatus.RUNNING for scan in scans):
        raise BundleError(f"a scan of {case} is running; let it end")
    with written(to) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=False) as zipped:
        files = Files(zipped)
        files.add(README, [_ABOUT.encode()])
        count = 0
        for table in TABLES:
            lines = [_line(row) for row in _rows(store, case, table, scans, label)]
            count += len(lines)
            files.add(rows_file(table.name), lines)
        for scan in scans:
            files.copy(evidence_file(scan.uid), store.path.parent / scan.warc_file)
        manifest = {
            "kind": KIND,
            "format": FORMAT,
            "case": case,
            "scans": [scan.uid for scan in scans],
            "tool_version": scans[-1].tool_version,
            "knowledge_version": scans[-1].knowledge_version,
            "level": next((row["level"] for row in store.verdicts_of(scans[-1]) if not row["domain"]), ""),
            "files": files.listed,
        }
        files.put(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    return {"scans": len(scans), "rows": count, "bytes": to.stat().st_size}


class written:  # noqa: N801  used like a function
    """A file that is there whole or not at all, for its owner alone."""

    def __init__(self, to: Path) -> None:
        self._to = to

    def __enter__(self) -> IO[bytes]:
        try:
            number, name = tempfile.mkstemp(prefix=f".{self._to.name}.", dir=self._to.parent)
        except OSError as error:
            raise BundleError(f"{self._to}: can't be written: {error.strerror}") from error
        self._half = Path(name)
        self._file = os.fdopen(number, "w+b")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._file.close()
        try:
            if error is None:
                os.replace(self._half, self._to)
        except OSError as failed:
            raise BundleError(f"{self._to}: can't be written: {failed.strerror}") from failed
        finally:
            with suppress(OSError):
                self._half.unlink(missing_ok=True)
        if isinstance(error, zipfile.LargeZipFile):
            raise BundleError(f"{self._to}: the case is too large for one file (4 GB)") from error
        if isinstance(error, OSError):
            raise BundleError(f"{error.filename or self._to}: {error.strerror}") from error


class Files:
    """Puts files into a zip and remembers their sizes and digests."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self._total = 0
        self.listed: dict[str, dict[str, Any]] = {}

    def put(self, name: str, data: bytes) -> None:
        self._zip.writestr(packed(name, zipfile.ZIP_DEFLATED), data)

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        data = b"".join(parts)
        self._count(name, len(data), hashlib.sha256(data).hexdigest())
        self.put(name, data)

    def copy(self, name: str, path: Path) -> None:
        """A WARC is compressed already."""
        total, size = hashlib.sha256(), 0
        with path.open("rb") as source, self._zip.open(packed(name, zipfile.ZIP_STORED), "w") as target:
            while data := source.read(_CHUNK):
                total.update(data)
                size += len(data)
                target.write(data)
        self._count(name, size, total.hexdigest())

    def _count(self, name: str, size: int, digest: str) -> None:
        self._total += size
        if self._total > MOST_BYTES:
            raise BundleError(f"the case is too large for one file ({MOST_BYTES >> 30} GB)")
        self.listed[name] = {"bytes": size, "sha256": digest}


def packed(name: str, how: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = how
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _rows(
    store: Store, case: str, table: Table, scans: list[ScanRecord], label: bool
) -> Iterator[dict[str, Any]]:
    """What of a table hangs on the case, oldest row first."""
    if table.name in ("case_knowledge", "case_overrules"):
        yield from _known(store, case, scans, table)
        return
    where = " or ".join(purging.ways(store.conn, table.name))
    if table.name == "targets":
        where = f"id in ({purging.TARGETS})"
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    first = min(store.conn.execute("select min(started_at) from scans where case_id = ?", (case,)).fetchone())
    for row in store.conn.execute(
        f'select {names} from "{table.name}" where {where} order by rowid',  # noqa: S608  names of this package
        {"case": case},
    ):
        found = dict(zip((column.name for column in table.columns), row, strict=True))
        if table.name == "cases" and not label:
            found["label"] = ""
        if table.name == "pages":  # when another case saw it first is not this one's to tell
            found["first_seen"] = max(found["first_seen"], first)
        yield found


def _known(store: Store, case: str, scans: list[ScanRecord], table: Table) -> Iterator[dict[str, Any]]:
    """What this team's lists say of the sites of the case, and nothing else of them."""
    rows: set[tuple[Any, ...]] = set()
    for scan in scans:
        for target in store.targets(scan):
            facts = Facts.of(store.observations(scan, target.domain))
            asked = listable(target, facts)
            known = store.known_about(asked, case)
            for kind, value in asked:
                if table.name == "case_knowledge":
                    rows |= {
                        (
                            case, one.feed, kind, value, one.indicator.status, one.indicator.category,
                            one.indicator.published, one.indicator.until, int(one.indicator.counts),
                            one.indicator.note, one.indicator.reference,
                        )
                        for one in known.about(kind, value)
                    }  # fmt: skip
                elif kind == "domain" and (overruled := known.overrule(value)):
                    rows.add((case, overruled.domain, overruled.reason, overruled.decided))
    for row in sorted(rows):
        yield dict(zip((column.name for column in table.columns), row, strict=True))
