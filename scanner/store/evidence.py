"""Evidence files: one WARC 1.1 file a scan, one gzip member a record, so that any WARC tool reads them.

A record's own SHA-256 stands in WARC-Block-Digest and in the evidence row. Offsets and lengths are those of
the compressed member; for HTTP it is the response's, and its request (WARC-Concurrent-To) comes right after.
"""

from __future__ import annotations

import os
import re
import sys
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from scanner.model import Evidence
from scanner.store.errors import EvidenceError

FOLDER = "evidence"
NO_LINK = getattr(
    os, "O_NOFOLLOW", 0
)  # a link in a folder from elsewhere would have us write where it points
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 4  # of real pages 3 % larger than level 6, and half as much time again saved
_CHUNK = 1 << 16
_NO_DATE = datetime.min.replace(tzinfo=UTC)
_MAX_RECORD = 1 << 26  # bytes, uncompressed: nothing we store comes near; a damaged file must not fill memory
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"]")
_HTTP_RESPONSE = re.compile(rb"HTTP/1\.[01] \d{3}[ \r\n]")
_HTTP_REQUEST = re.compile(rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S+ HTTP/1\.[01]\r\n")


def _gzip() -> tuple[Any, int]:
    """The module that packs and unpacks evidence, and its level. ISA-L, where it is built for the machine, takes a
    sixth of zlib's time and as much room; writing evidence was the dearest part of a page in the main process."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib, _LEVEL
    return isal_zlib, 1


_codec, _level = _gzip()


def _compressed(record: bytes) -> bytes:
    """One gzip member."""
    member: bytes = _codec.compress(record, _level, wbits=_GZIP)
    return member


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: byte offset and length of its gzip member."""

    offset: int
    length: int


class WarcWriter:
    """Appends records to one file. `append` gives the place at once; `flush` puts the bytes on the file.

    A write that fails (a full disk) leaves the file as it was at the last flush that worked.
    """

    def __init__(self, path: Path, *, software: str, started_at: datetime, checked: int = 0) -> None:
        """checked: bytes at the start known to be whole records; what comes after is looked through, and an
        unfinished last record is cut off. A new file begins with a warcinfo record."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._fd = os.open(path, os.O_CREAT | os.O_RDWR | NO_LINK | getattr(os, "O_BINARY", 0), 0o600)
        try:
            self._end = cut_unfinished(path, checked)
            os.lseek(self._fd, self._end, os.SEEK_SET)
            if self._end == 0:
                self._add(_warcinfo(path.name, software, started_at))
                self.flush()
        except BaseException:
            empty = os.fstat(self._fd).st_size == 0
            os.close(self._fd)
            if empty:  # of a scan that never began; no reader of WARC files takes one without a record
                path.unlink(missing_ok=True)
            raise

    def append(self, evidence: Evidence, digest: str = "") -> Place:
        """Queue the record(s) of one fetch. digest: `evidence.digest` when it was already worked out."""
        records = _records(evidence, digest or evidence.digest)
        place = self._add(records[0])
        for record in records[1:]:
            self._add(record)
        return place

    def flush(self) -> None:
        """Write what is queued. OSError: nothing of it was kept."""
        if not self._waiting:
            return
        data = b"".join(self._waiting)
        self.drop()
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError:
            os.ftruncate(self._fd, self._end)
            os.lseek(self._fd, self._end, os.SEEK_SET)
            raise
        self._end += len(data)

    def drop(self) -> None:
        """Forget what is queued: its rows were rolled back."""
        self._waiting.clear()
        self._waiting_bytes = 0

    def close(self) -> None:
        """Flush, put the file on the disk itself, close."""
        if self._fd < 0:
            return
        try:
            self.flush()
            os.fsync(self._fd)
        finally:
            os.close(self._fd)
            self._fd = -1

    def _add(self, record: bytes) -> Place:
        member = _compressed(record)
        place = Place(self._end + self._waiting_bytes, len(member))
        self._waiting.append(member)
        self._waiting_bytes += len(member)
        return place


def read(path: Path, place: Place, *, digest: str = "", request: bool = False) -> Evidence:
    """The fetch stored at `place`, checked against the record's own digest and `digest` when given.

    request: also read the request head that follows an HTTP response. Raises `EvidenceError`.
    """
    try:
        with path.open("rb") as file:
            return read_from(file.fileno(), path, place, digest=digest, request=request)
    except OSError as error:
        raise EvidenceError(f"{path}: {error.strerror or error}") from error


def read_from(fd: int, path: Path, place: Place, *, digest: str = "", request: bool = False) -> Evidence:
    """As `read`, from an open file (`path` is only for messages)."""
    where = f"{path} at byte {place.offset}"
    if not 0 <= place.offset < 1 << 62 or not 0 < place.length <= min(_MAX_RECORD, os.fstat(fd).st_size):
        raise EvidenceError(f"{where}: no record can lie there")
    headers, block = _parse(_inflate(_bytes_at(fd, place), where), where)
    stored = Evidence(
        uri=headers.get("warc-target-uri", ""),
        media_type=headers.get("content-type", ""),
        fetched_at=_moment(headers.get("warc-date", ""), where),
        block=block,
        address=headers.get("warc-ip-address", ""),
        truncated=headers.get("warc-truncated", ""),
        request=_request_after(fd, path, place, headers) if request else b"",
    )
    found = stored.digest
    if found != headers.get("warc-block-digest", found) or (digest and found != digest):
        raise EvidenceError(f"{where}: the stored bytes are not those of the digest; the file was changed")
    return stored


def check_whole(path: Path) -> None:
    """Reads every record of a file, those too that no row names: each must be whole, and the bytes of its own digest.

    Raises `EvidenceError`; OSError where the file can't be read.
    """
    with path.open("rb") as file:
        data = file.read(_CHUNK)
        while data:
            where = f"{path} at byte {file.tell() - len(data)}"
            record, data = _next_member(file, data, where)
            headers, block = _parse(record, where)
            stated = headers.get("warc-block-digest", "")
            if stated and stated != Evidence("", "", _NO_DATE, block).digest:
                raise EvidenceError(
                    f"{where}: the stored bytes are not those of the digest; the file was changed"
                )
            data = data or file.read(_CHUNK)


def cut_unfinished(path: Path, checked: int = 0) -> int:
    """Cut an unfinished last record off the file; the length that remains. Bytes before `checked` are not
    looked at (unless the file is shorter than that), so nothing that has a row can be dropped."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        good = checked if checked <= size else 0
        file.seek(good)
        inflate, buffer = zlib.decompressobj(_GZIP), b""
        try:
            while data := buffer or file.read(_CHUNK):
                inflate.decompress(data)
                buffer = inflate.unused_data
                if inflate.eof:
                    good = file.tell() - len(buffer)
                    inflate = zlib.decompressobj(_GZIP)
        except zlib.error:
            pass  # a torn member can also end in bytes that were never written
        if good < size:
            file.truncate(good)
        return good


# ------------------------------------------------------------------------------------ making records


def _records(evidence: Evidence, digest: str) -> list[bytes]:
    """The response (or resource) record, then the request that led to it."""
    # What doesn't begin like HTTP/1 would stop other tools at this record: it is kept as a plain resource.
    http = evidence.media_type.startswith("application/http") and _HTTP_RESPONSE.match(evidence.block)
    record_id = _new_id()
    shared = [
        ("WARC-Target-URI", _header_uri(evidence.uri)),
        ("WARC-Date", _warc_date(evidence.fetched_at)),
        ("WARC-IP-Address", evidence.address),
    ]
    kind = "response" if http else "resource"
    first = _record(
        kind,
        record_id,
        [*shared, ("WARC-Truncated", evidence.truncated), ("WARC-Block-Digest", digest)],
        evidence.media_type,
        evidence.block,
    )
    if not (http and _HTTP_REQUEST.match(evidence.request)):
        return [first]
    asked = Evidence("", "", evidence.fetched_at, evidence.request).digest
    concurrent = [("WARC-Concurrent-To", record_id), ("WARC-Block-Digest", asked)]
    head = "application/http;msgtype=request"
    return [first, _record("request", _new_id(), [*shared, *concurrent], head, evidence.request)]


def _record(
    kind: str, record_id: str, headers: list[tuple[str, str]], media_type: str, block: bytes
) -> bytes:
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", record_id),
        *((name, " ".join(value.split())) for name, value in headers if value),
        ("Content-Type", _header_text(media_type)),
        ("Content-Length", str(len(block))),
    ]
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    return b"".join((head.encode("utf-8", "replace"), block, b"\r\n\r\n"))


def _warcinfo(name: str, software: str, started_at: datetime) -> bytes:
    # Neither case nor label: the file may be handed on.
    block = (
        f"software: {software}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    ).encode()
    headers = [("WARC-Date", _warc_date(started_at)), ("WARC-Filename", name)]
    return _record("warcinfo", _new_id(), headers, "application/warc-fields", block)


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _warc_date(moment: datetime) -> str:
    """WARC 1.1 lets fractions of a second stand; they are kept so that what is read is what was written."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _header_uri(uri: str) -> str:
    """Addresses come from hostile answers: nothing in them may begin a new header line."""
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", uri.encode("utf-8", "replace").decode())


def _header_text(text: str) -> str:
    return " ".join(text.split()) or "application/octet-stream"


# ----------------------------------------------------------------------------------- reading records


def _bytes_at(fd: int, place: Place) -> bytes:
    if sys.platform != "win32":
        return os.pread(fd, place.length, place.offset)
    os.lseek(fd, place.offset, os.SEEK_SET)
    return os.read(fd, place.length)


def _inflate(member: bytes, where: str) -> bytes:
    inflate = _codec.decompressobj(_GZIP)
    try:
        record: bytes = inflate.decompress(member, _MAX_RECORD)
    except _codec.error as error:
        raise EvidenceError(f"{where}: no readable record there ({error})") from error
    if not inflate.eof:
        raise EvidenceError(f"{where}: the record is cut short or too long")
    return record


def _next_member(file: BinaryIO, data: bytes, where: str) -> tuple[bytes, bytes]:
    """The record that begins with `data` and goes on in the file, and what was read beyond its end."""
    inflate, record = zlib.decompressobj(_GZIP), bytearray()
    while not inflate.eof:
        try:
            record += inflate.decompress(data, _MAX_RECORD + 1 - len(record))
        except zlib.error as error:
            raise EvidenceError(f"{where}: no readable record there ({error})") from error
        if not inflate.eof and (inflate.unconsumed_tail or not (data := file.read(_CHUNK))):
            raise EvidenceError(f"{where}: the record is cut short or too long")
    return bytes(record), inflate.unused_data


def _parse(record: bytes, where: str) -> tuple[dict[str, str], bytes]:
    head, found, rest = record.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = headers.get("content-length", "")
    if not found or not version.startswith("WARC/") or not length.isdigit() or int(length) > len(rest):
        raise EvidenceError(f"{where}: not a WARC record")
    return headers, rest[: int(length)]


def _moment(text: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise EvidenceError(f"{where}: no WARC-Date") from None


def _request_after(fd: int, path: Path, place: Place, response: dict[str, str]) -> bytes:
    """The request record that follows, or nothing when another record does."""
    inflate = zlib.decompressobj(_GZIP)
    data = _bytes_at(fd, Place(place.offset + place.length, _CHUNK))
    try:
        headers, block = _parse(inflate.decompress(data, _MAX_RECORD), f"{path} after {place.offset}")
    except (zlib.error, EvidenceError):
        return b""
    mine = headers.get("warc-concurrent-to") == response.get("warc-record-id")
    return block if mine and headers.get("warc-type") == "request" else b""
