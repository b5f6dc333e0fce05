"""`scan --resume`: documents through a worker process to cases. Of a file that can't be read one line is said."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from scanner.cli.common import remark, run, say
from scanner.intake import CASE_KINDS, Intake, read_case, recognition, writing
from scanner.intake.resume.record import (
    ALIKE,
    KINDS,
    MAX_BYTES,
    READER,
    SCANNED,
    Drawn,
    Reading,
    unpack,
    unpack_pages,
)
from scanner.model import Case
from scanner.parse import ParseFailed, ParsePool

MEMORY_MB = 512
SECONDS = 10.0  # CPU time for one document; one of 20 pages takes a quarter of a second
RECOGNISED = "recognised in a picture: compare each letter"
MAX_FILES = 5_000  # of one folder
_WHY = {
    "timeout": f"takes over {SECONDS:g} s to read; ask for it as plain text, or give a case file",
    "memory": f"needs over {MEMORY_MB} MB to read, which no résumé does; ask for another copy, or give a case file",
    "too-large": "says more than a résumé can; give a case file",
}
_GAVE_UP = (
    "its reader gave up: damaged, or made to unpack without end; ask for another copy, or give a case file"
)


@dataclass(frozen=True, slots=True)
class Read:
    """One document: the file, its SHA-256 in hex, what was found."""

    file: Path
    digest: str
    reading: Reading

    @property
    def case(self) -> Case:
        """The case; its id comes from the bytes, never from the file's name or from who it is about."""
        return Case(case_id(self.digest), "", tuple(one.claim for one in self.reading.claims))


def case_id(digest: str) -> str:
    """`resume-` and the first 8 hex digits of the SHA-256 of the file."""
    return f"resume-{digest[:8]}"


def read_all(paths: Sequence[Path]) -> tuple[list[Read], list[tuple[str, Intake]]]:
    """Documents and case files of files and folders, in order. Problems and what a person should know are said."""
    documents: list[Path] = []
    others: list[tuple[str, Intake]] = []
    for file in (file for path in paths for file in _files(path)):
        if file.suffix.lower() in CASE_KINDS and file.suffix.lower() != ".json":
            others.append((file.name, read_case(file)))
        else:
            documents.append(file)
    found: dict[str, Read] = {}
    for read in run(_read(documents)) if documents else []:
        if read.digest in found:
            say(f"{read.file.name}: the same file as {found[read.digest].file.name}; read once")
        else:
            found[read.digest] = read
            _tell(read)
    return list(found.values()), others


def _tell(read: Read) -> None:
    remark(f"{read.file.name}: {case_id(read.digest)}, {_count(len(read.reading.claims), 'claim')}")
    for line in writing.summary(read.reading):
        remark(f"note: {case_id(read.digest)}: {line}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        files = sorted(file for file in path.iterdir() if not file.name.startswith((".", "~$")))
    except OSError as error:
        say(f"{path}: can't be read ({error.strerror or type(error).__name__})")
        return
    for number, file in enumerate(
        file for file in files if file.suffix.lower() in (*KINDS, *ALIKE, *CASE_KINDS)
    ):
        if number == MAX_FILES:
            say(f"{path}: over {MAX_FILES} files; the rest is left out")
            return
        if file.is_file():
            yield file


async def _read(files: Sequence[Path]) -> list[Read]:
    workers = min(2, len(files), os.cpu_count() or 1)
    async with ParsePool(workers, memory_mb=MEMORY_MB, seconds=SECONDS, preload=(READER, SCANNED)) as pool:
        gate = asyncio.Semaphore(4)  # files held in memory at once

        async def one(file: Path) -> Read | None:
            async with gate:
                return await _one(file, pool)

        return [read for read in await asyncio.gather(*map(one, files)) if read is not None]


async def _one(file: Path, pool: ParsePool) -> Read | None:
    try:
        raw = await asyncio.to_thread(_bytes, file)
    except OSError as error:
        say(f"{file.name}: can't be read ({error.strerror or type(error).__name__})")
        return None
    if len(raw) > MAX_BYTES:
        say(
            f"{file.name}: over {MAX_BYTES // 1_000_000} MB; a résumé is far smaller, ask for it without pictures"
        )
        return None
    try:
        answer = await pool.run(f"{READER}:read_bytes", file.suffix.encode() + b"\0" + raw)
        reading = unpack(answer)
        if reading.scanned and recognition.program():
            reading = await _recognised(file, raw, reading, pool)
    except ParseFailed as failure:  # its words may hold the document's: only the slug is said
        say(f"{file.name}: {_WHY.get(failure.reason.partition(' ')[0], _GAVE_UP)}")
        return None
    except ValueError:
        say(f"{file.name}: {_GAVE_UP}")
        return None
    if reading.problem:
        say(f"{file.name}: {reading.problem}")
        return None
    return Read(file, hashlib.sha256(raw).hexdigest(), reading)


async def _recognised(file: Path, raw: bytes, before: Reading, pool: ParsePool) -> Reading:
    """What text recognition makes of a scan, beside what was read without it; that alone where it fails. Raises
    ParseFailed, ValueError."""
    try:
        spoken = await recognition.languages()
        drawn = unpack_pages(await pool.run(f"{SCANNED}:pages", raw))
        texts = [await recognition.text_of(page, spoken) for page in drawn]
    except recognition.NotRecognisedError as error:
        say(f"{file.name}: {error}; its pictures were not read")
        return before
    text = "\n".join(texts).replace("\f", "\n")
    found = (
        unpack(await pool.run(f"{READER}:read_bytes", b".txt\0" + text.encode())) if text.strip() else before
    )
    if not found.claims:
        return before
    claims = [Drawn(one.claim, (*one.doubts, RECOGNISED)) for one in found.claims]
    known = {one.claim.url for one in claims if one.claim.url}
    claims += [one for one in before.claims if one.claim.url not in known]
    note = (
        f"its text was recognised in pictures (Tesseract, {spoken}): letters may be wrong, check every claim"
    )
    codes = [line for line in before.notes if "QR code" in line]
    return replace(found, claims=tuple(claims), notes=(*found.notes, *codes, note))


def _bytes(file: Path) -> bytes:
    """At most one byte more than is allowed; a pipe nobody writes to is not waited for in a folder, only when named."""
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno())
        if stat.S_ISREG(size.st_mode) and size.st_size > MAX_BYTES:
            return stream.read(1) * (MAX_BYTES + 1)
        return stream.read(MAX_BYTES + 1)


def show(found: Sequence[Read], label: str = "") -> None:
    """The case files on stdout, so that a person can correct them before anything is fetched."""
    for number, read in enumerate(found):
        text = writing.case_text(case_id(read.digest), label, read.reading, read.digest)
        click.echo(("---\n" if number else "") + text, nl=False)
