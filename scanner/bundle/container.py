"""Opening the zip of a bundle: nothing in it is believed before its name, size and digest were looked at.

Files are written to places this program chooses, never to a name the zip gives. A zip whose directory is ambiguous
(a comment, zip64, names twice) is refused, so that no two readers can see two different things in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

import msgspec

from scanner.bundle.form import (
    CASE_ID,
    EVIDENCE,
    FORMAT,
    FREE_RATIO,
    KIND,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    MOST_MANIFEST,
    MOST_RATIO,
    README,
    TABLES,
    UID,
    BundleError,
    evidence_file,
    rows_file,
)
from scanner.wording import quoted

_END = struct.Struct("<4s4H2LH")  # end of central directory, without a comment
_LOCATOR = 20  # bytes of a zip64 locator
_MOST_DIRECTORY = 1 << 20
_CHUNK = 1 << 20
_KNOWN = {MANIFEST, README, *(rows_file(table.name) for table in TABLES)}
_HOW = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Listed(msgspec.Struct, forbid_unknown_fields=True):
    """One file as the manifest lists it."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct):
    """What a bundle says of itself. scans: their ids, oldest first."""

    case: str
    scans: list[str]
    tool_version: str
    knowledge_version: str
    level: str
    files: dict[str, Listed]


class _Kind(msgspec.Struct):
    kind: str = ""
    format: int = 0


def unpack_files(path: Path, into: Path) -> Manifest:
    """Checks a bundle and writes its rows and evidence below `into`, an empty folder. BundleError, one line."""
    try:
        with path.open("rb") as file:
            _look(path, file)
            with zipfile.ZipFile(file) as zipped:
                return _unpacked(path, zipped, into)
    except OSError as error:
        raise BundleError(f"{error.filename or path}: {error.strerror or error}") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise BundleError(f"{path}: is damaged or no zip file ({_line(error)})") from error


def _look(path: Path, file: BinaryIO) -> None:
    """Refuses, before anything reads it, a directory that is too long or can be read in two ways."""
    size = file.seek(0, os.SEEK_END)
    if size < _END.size:
        raise BundleError(f"{path}: is no zip file")
    file.seek(max(0, size - _END.size - _LOCATOR))
    tail = file.read()
    sign, disk, first, here, entries, length, _, comment = _END.unpack(tail[-_END.size :])
    if sign != b"PK\5\6" or comment or disk or first or here != entries:
        raise BundleError(f"{path}: is no zip file that falsefront made")
    if tail[:4] == b"PK\6\7" and len(tail) == _END.size + _LOCATOR:
        raise BundleError(f"{path}: is in zip64, which no falsefront makes")
    if entries > MOST_FILES or length > _MOST_DIRECTORY:
        raise BundleError(f"{path}: has {entries} files, {MOST_FILES} at most")
    file.seek(0)


def _unpacked(path: Path, zipped: zipfile.ZipFile, into: Path) -> Manifest:
    infos = {info.filename: info for info in zipped.infolist()}
    if len(infos) != len(zipped.infolist()):
        raise BundleError(f"{path}: has a file twice")
    for name, info in infos.items():
        if name not in _KNOWN and not EVIDENCE.fullmatch(name):
            raise BundleError(f"{path}: has a file {quoted(name)}, which belongs in no bundle")
        if info.flag_bits & 0x1 or info.compress_type not in _HOW:
            raise BundleError(f"{path}: {name} is encrypted or packed in a way no falsefront uses")
    if MANIFEST not in infos:
        raise BundleError(f"{path}: has no {MANIFEST}; it is no bundle of a case")
    manifest = _manifest(path, zipped, infos[MANIFEST])
    if set(manifest.files) != set(infos) - {MANIFEST}:
        odd = min(set(manifest.files) ^ (set(infos) - {MANIFEST}))
        raise BundleError(f"{path}: {quoted(odd)} is listed and not there, or there and not listed")
    _weigh(path, manifest, into)
    for name, listed in sorted(manifest.files.items()):
        _take(path, zipped, name, listed, into)
    return manifest


def _manifest(path: Path, zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> Manifest:
    with zipped.open(info) as file:
        data = file.read(MOST_MANIFEST + 1)
    if len(data) > MOST_MANIFEST:
        raise BundleError(f"{path}: {MANIFEST} is too long")
    try:
        kind = msgspec.json.decode(data, type=_Kind)
        if kind.kind != KIND:
            raise BundleError(f"{path}: is no bundle of a case (`bundle CASE` makes one)")
        if kind.format > FORMAT:
            raise BundleError(
                f"{path}: was made by a newer falsefront (format {kind.format}, this one reads {FORMAT}); update"
            )
        if kind.format < FORMAT:
            raise BundleError(f"{path}: is of format {kind.format}, which no release made")
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BundleError(f"{path}: {MANIFEST} can't be read ({_line(error)})") from error
    if not CASE_ID.fullmatch(manifest.case):
        raise BundleError(f"{path}: {quoted(manifest.case)} is no id of a case")
    strange = [uid for uid in manifest.scans if not UID.fullmatch(uid)]
    if strange or not manifest.scans or len(set(manifest.scans)) != len(manifest.scans):
        raise BundleError(f"{path}: its list of scans makes no sense")
    evidence = {name for name in manifest.files if name.startswith("evidence/")}
    if evidence != {evidence_file(uid) for uid in manifest.scans}:
        raise BundleError(f"{path}: its evidence is not that of its scans")
    return manifest


def _weigh(path: Path, manifest: Manifest, into: Path) -> None:
    sizes = [listed.bytes for listed in manifest.files.values()]
    total = sum(sizes)
    if min(sizes) < 0 or total > MOST_BYTES:
        raise BundleError(f"{path}: unpacks to {total} bytes, {MOST_BYTES} at most")
    if total > FREE_RATIO + MOST_RATIO * path.stat().st_size:
        raise BundleError(f"{path}: unpacks to {total} bytes, which is too much for what it is")
    if total > shutil.disk_usage(into).free:
        raise BundleError(f"{path}: unpacks to {total} bytes, and there is no room for them in {into.parent}")


def _take(path: Path, zipped: zipfile.ZipFile, name: str, listed: Listed, into: Path) -> None:
    """One file, never a byte more than is listed."""
    target = into / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    total, size = hashlib.sha256(), 0
    with zipped.open(name) as source, target.open("xb") as file:
        while data := source.read(_CHUNK):
            size += len(data)
            if size > listed.bytes:
                break
            total.update(data)
            file.write(data)
    if size != listed.bytes or total.hexdigest() != listed.sha256:
        raise BundleError(f"{path}: {name} is not what its digest says; it was changed or cut")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
