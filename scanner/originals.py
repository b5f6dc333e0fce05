"""Filling the library: from a list of sites that are crawled, or from a WARC file of anybody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from scanner.copies import Shelf, text_of
from scanner.domains import registrable
from scanner.egress import Network
from scanner.library import Picture, Text
from scanner.model import About, Evidence, Observed
from scanner.observe import observe_in
from scanner.observe.archive import as_page
from scanner.parse import ParsePool
from scanner.shared_pictures import pictures_of
from spiders.album import of_an_asset_host
from spiders.engine import Engine
from spiders.visit import Site

SITES_AT_ONCE = 8
BATCH = 200
MOST_RECORD = 10 << 20
"""Bytes of one record that are read; the rest of a larger one is left out, as the crawl would."""
MOST_LINE, LONGEST_LINE = 1 << 20, 1 << 16
"""Bytes that are asked for when a header's line is read (the reader stops short of that), and that one may have."""
MOST_FRAMES = 50_000
"""Pictures of one WARC file whose pages are remembered."""
SECONDS_A_SITE, BYTES_A_SITE = 28, 65_000
"""What a site of 25 pages and 30 pictures takes at half a second between two of them, and in the library; for the
forecast."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """How the crawl of one site ended: its status, a reason, and how many texts the library got."""

    domain: str
    status: str
    reason: str
    texts: int


@dataclass(slots=True)
class Crawl:
    """Crawls sites for the library, as politely as a scan does: robots.txt, two connections, half a second apart."""

    network: Network
    parse: ParsePool
    engine: Engine
    shelf: Shelf
    told: Callable[[Crawled], None] = lambda crawled: None

    async def run(self, domains: Iterable[str]) -> list[Crawled]:
        """One after the other in eight lanes; a site that fails is told, the rest goes on."""
        waiting = iter(list(domains))

        async def lane() -> list[Crawled]:
            return [await self._one(domain) for domain in waiting]

        lanes = await asyncio.gather(*(lane() for _ in range(SITES_AT_ONCE)))
        return [crawled for done in lanes for crawled in done]

    async def _one(self, domain: str) -> Crawled:
        about = About(domain, (f"https://{domain}/",), "", self.network.now(), texts=True, pictures=True)
        texts: list[Text] = []
        pictures: list[Picture] = []
        unread: list[Evidence] = []

        def sink(evidence: Evidence, observed: Observed | None) -> None:
            if observed is None:
                unread.append(evidence)
            elif (text := text_of(observed, evidence, domain, "crawl")) is not None:
                texts.append(text)
            elif observed.observations:
                pictures.extend(pictures_of(observed, domain, "crawl"))

        site = Site(domain, about.entries, "", "", about.as_of, texts=True, pictures=True)
        outcome = await self.engine.crawl(site, sink)
        for evidence in unread:
            sink(evidence, await observe_in(self.parse, "website", evidence, about))
        await self.shelf.add(texts)
        await self.shelf.wall.add(pictures)
        crawled = Crawled(domain, outcome.status.value, outcome.reason, len(texts))
        self.told(crawled)
        return crawled


# ------------------------------------------------------------------------------------------------- WARC


async def add_warc(path: Path, shelf: Shelf, parse: ParsePool) -> tuple[int, str]:
    """Texts of every page in a WARC file, and its pictures, dated by its records. (texts, what was wrong with the
    end or "").

    Raises WarcError when it is no WARC file at all. A file that breaks off gives what came before.
    """
    texts, trouble = 0, ""
    waiting: list[
        Text
    ] = []  # bounded: by count here, by MOST_RECORD each; a file of any size is read as a stream
    try:
        async for one in _contents(path, parse):
            if isinstance(one, Picture):
                await shelf.wall.add([one])
                continue
            waiting.append(one)
            texts += 1
            if len(waiting) >= BATCH:
                await shelf.add(waiting)
                waiting = []
    except _BrokenOffError as error:
        trouble = f"{path}: breaks off: {error}; what came before is in the library"
        if not texts and not error.records:
            raise WarcError(f"{path}: no WARC file ({error})") from error
    await shelf.add(waiting)
    return texts, trouble


class WarcError(Exception):
    """A file that holds no WARC records; the message is one line for a person."""


class _BrokenOffError(Exception):
    """A record that can't be read; `records` were read before it."""

    def __init__(self, words: str, records: int):
        super().__init__(words)
        self.records = records


async def _contents(path: Path, parse: ParsePool) -> AsyncIterator[Text | Picture]:
    frames: dict[
        str, tuple[str, str, str]
    ] = {}  # picture -> domain and address of a page that shows it, its alt
    with path.open("rb") as file:
        records = _records(file)
        while (record := await asyncio.to_thread(next, records, None)) is not None:
            evidence = (
                as_page(record) or record
            )  # an archive's copy is the site's page at the time of its capture
            domain = registrable(
                evidence.uri.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
            )
            if not domain:
                continue
            about = About(domain, texts=True, pictures=True)
            observed = await observe_in(parse, "website", evidence, about)
            if len(frames) < MOST_FRAMES:
                for shown in observed.pictures:
                    frames.setdefault(shown.url, (domain, evidence.uri, shown.alt))
            if (text := text_of(observed, evidence, domain, "warc")) is not None:
                yield text
            owner, page, alt = frames.get(
                evidence.uri, ("" if of_an_asset_host(evidence.uri) else domain, "", "")
            )
            for picture in pictures_of(observed, owner, "warc"):
                yield replace(picture, page=page, alt=alt)


class _Lines(DecompressingBufferedReader):  # type: ignore[misc]
    """The reader of a WARC file, which gives up on a line without an end instead of gathering gigabytes for it, each
    piece behind a copy of all before: what was never written of a file is zeros."""

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(length or MOST_LINE)
        if length is None and len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            raise EOFError("no WARC record")
        return line


def _records(file: BinaryIO) -> Iterator[Evidence]:
    """The HTTP responses of a WARC file as evidence."""
    count = 0
    try:
        records = ArchiveIterator(file, no_record_parse=True)
        records.reader = _Lines(file)
        for record in records:
            length = _length(record)
            count += 1
            uri = record.rec_headers.get_header("WARC-Target-URI") or ""
            kind = record.rec_headers.get_header("Content-Type") or ""
            fetched_at = _moment(record.rec_headers.get_header("WARC-Date"))
            wanted = record.rec_type == "response" and uri.startswith("http") and "http" in kind
            if wanted and fetched_at is not None:  # a text without a date is no sight of it
                yield Evidence(uri.strip("<>"), kind, fetched_at, _block(record, length))
            else:
                for _ in _parts(record, length):
                    pass  # whether the file ends here is to be said, whatever the record is
        if not count:
            raise EOFError("no record in it")
        if _goes_on(file, sum(records.member_info or ())):
            raise EOFError("what follows the last whole record is none")
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        raise _BrokenOffError(" ".join(str(error).split())[:120] or type(error).__name__, count) from error


def _goes_on(file: BinaryIO, end: int) -> bool:
    """Whether something stands behind the last record that was read. The reader passes over the beginning of a gzip
    member of which no byte can be unpacked yet, so that a file cut there would seem whole."""
    file.seek(end)
    return bool(file.read(64).strip(b"\r\n"))


def _length(record: ArcWarcRecord) -> int:
    """Bytes of the record's block. Raises EOFError for what is no WARC record (the reader takes any line of text for
    one of the older ARC format), or has lost the field that every one has."""
    length = record.rec_headers.get_header("Content-Length")
    if record.format != "warc" or record.rec_type is None:
        raise EOFError("no WARC record")
    if not (length or "").strip().isdecimal():
        raise EOFError("the file ends within a record's header")
    return int(length)


def _block(record: ArcWarcRecord, length: int) -> bytes:
    """The record's block, MOST_RECORD bytes at most."""
    return b"".join(_parts(record, min(length, MOST_RECORD)))


def _parts(record: ArcWarcRecord, wanted: int) -> Iterator[bytes]:
    """So many bytes of the record's block. Raises EOFError where the file ends within it: the reader itself takes the
    end of a cut file for the end of the record, and gives less than it is asked for."""
    while wanted > 0 and (part := record.raw_stream.read(min(wanted, 1 << 20))):
        wanted -= len(part)
        yield part
    if wanted > 0:
        raise EOFError("the file ends within a record")


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
