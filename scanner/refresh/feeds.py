"""Taking a feed into the team's database: fetched through the one door, read by workers, put in place at once or not
at all."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import msgspec

from scanner.egress import EgressError, Network
from scanner.knowledge.feeds import MOST_ENTRIES, MOST_TOLD, FeedError, misp, table, unpacked
from scanner.knowledge.indicators import Indicator
from scanner.knowledge.own import OWN_FEED
from scanner.parse import MOST_BYTES, ParseFailed, ParsePool
from scanner.refresh import RefreshError
from scanner.store import Store, StoreError
from scanner.store.known import FeedDiff

FORMATS = ("csv", "stix", "misp")
MOST_TABLE = 512 << 20
"""Bytes of a CSV list, which is read in pieces; a JSON document is read whole and may have `MOST_BYTES`."""
SECONDS = 300.0
READER_SECONDS, READER_MEMORY = 120.0, 1024  # of a worker, for one piece of a feed
SHRINKS, GROWS, SMALL = 2, 10, 20
"""A feed that had over SMALL entries may not have less than half, or over ten times as many, without being told so."""
_OLD_STAYS = "the old knowledge stays"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a feed is to be taken in. name: what it is called here, "" for the last part of its address. format: "" to
    find out. context: nothing of it counts. expect: fewest and most entries; None to compare with what it had."""

    source: str
    name: str = ""
    format: str = ""
    context: bool = False
    expect: tuple[int, int] | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. left: entries that name nothing usable, with the first reasons."""

    name: str
    format: str
    entries: int
    left: int
    why: tuple[str, ...]
    diff: FeedDiff
    dry_run: bool


def readers() -> ParsePool:
    """Workers that may read feeds and nothing else."""
    return ParsePool(1, memory_mb=READER_MEMORY, seconds=READER_SECONDS, allow=("scanner.knowledge.feeds",))


async def take(wanted: Wanted, store: Store, readers: ParsePool, network: Network, day: str) -> Taken:
    """Reads a feed from a file or an address and puts it in place of what it was. Raises RefreshError, one line, and
    then the old one stays as it was.

    day: today, by the network's clock.
    """
    try:
        opened = await _open(wanted.source, network)
        form = wanted.format or _form(opened)
        name = wanted.name or _name(wanted.source)
        if name == OWN_FEED:
            raise FeedError(f"{OWN_FEED!r} is what your own entries are called; give it another --name")
        pieces, room = [], MOST_TABLE
        async for piece in _pieces(form, opened, wanted.source, readers, network):
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise FeedError(f"over {MOST_TABLE >> 20} MB of entries")
        count, left, why = _told(pieces)
        _plausible(count, name, wanted, store, why)
        entries = _each(pieces, wanted.context)
        diff = store.replace_feed(name, form, entries, day, merge=form != "csv", dry_run=wanted.dry_run)
    except (FeedError, EgressError, ParseFailed, StoreError, OSError) as error:
        raise RefreshError(f"{wanted.source}: {_line(error)}; {_OLD_STAYS}") from error
    return Taken(name, form, count, left, tuple(why[:MOST_TOLD]), diff, wanted.dry_run)


def is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


async def _open(source: str, network: Network) -> BinaryIO:
    if is_address(source):
        return io.BytesIO(await _fetch(source, network, MOST_TABLE // 4))
    return _file(Path(source))


def _file(path: Path) -> BinaryIO:
    if path.is_dir():
        path = path / "manifest.json"
    if not path.is_file():
        raise FeedError("no such file")
    if path.stat().st_size > MOST_TABLE:
        raise FeedError(f"{path.stat().st_size >> 20} MB, {MOST_TABLE >> 20} MB at most")
    return path.open("rb")


async def _fetch(url: str, network: Network, most: int) -> bytes:
    answer = await network.http(url, max_bytes=most, timeout=SECONDS, redirects=5)
    if answer.status != 200 or answer.cut:
        raise FeedError(
            f"over {most >> 20} MB" if answer.cut == "length" else f"HTTP {answer.status} {answer.cut}"
        )
    return answer.body


def _form(file: BinaryIO) -> str:
    """By how it begins: a list of lines unless it is JSON."""
    start = file.read(1 << 16)
    file.seek(0)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return "csv"
    return "misp" if misp.is_manifest(start) or re.match(rb'\s*\{\s*"Event"', start) else "stix"


async def _pieces(
    form: str, file: BinaryIO, source: str, readers: ParsePool, network: Network
) -> AsyncIterator[bytes]:
    with file:
        if form == "csv":
            for piece in table.pieces(file):
                yield await readers.run("scanner.knowledge.feeds.table:read_table", piece)
            return
        whole = file.read(MOST_BYTES + 1)
    if len(whole) > MOST_BYTES:
        raise FeedError(f"over {MOST_BYTES >> 20} MB of JSON; split it, or take its addresses as CSV")
    if form == "stix":
        yield await readers.run("scanner.knowledge.feeds.stix:read_bundle", whole)
    elif not misp.is_manifest(whole):
        yield await readers.run("scanner.knowledge.feeds.misp:read_event", whole)
    else:
        events = await readers.run("scanner.knowledge.feeds.misp:read_manifest", whole)
        for event in events.decode().split():
            body = await _event(source, event, network)
            yield await readers.run("scanner.knowledge.feeds.misp:read_event", body)


async def _event(source: str, event: str, network: Network) -> bytes:
    """One event of a manifest, from beside it."""
    if is_address(source):
        return await _fetch(urljoin(source, f"{event}.json"), network, MOST_BYTES)
    return _event_file(Path(source), event)


def _event_file(path: Path, event: str) -> bytes:
    path = (path if path.is_dir() else path.parent) / f"{event}.json"
    if not path.is_file():
        raise FeedError(f"its event {event} is missing beside it")
    if path.stat().st_size > MOST_BYTES:
        raise FeedError(f"its event {event} is over {MOST_BYTES >> 20} MB")
    return path.read_bytes()


def _told(pieces: list[bytes]) -> tuple[int, int, list[str]]:
    """How many entries there are, how many were left out, and the first reasons."""
    count, left = 0, 0
    why: list[str] = []
    for piece in pieces:
        read = unpacked(piece)
        count, left = count + len(read.entries), left + read.left
        why += read.why[: MOST_TOLD - len(why)]
    return count, left, why


def _each(pieces: list[bytes], context: bool) -> Iterator[Indicator]:
    for piece in pieces:
        for entry in unpacked(piece).entries:
            yield msgspec.structs.replace(entry, counts=False) if context else entry


def _plausible(count: int, name: str, wanted: Wanted, store: Store, why: list[str]) -> None:
    """A feed that is empty, or far from its size, went wrong upstream. Raises FeedError."""
    if not count:
        raise FeedError("it names no address that can be listed" + (f" ({why[0]})" if why else ""))
    before = next((feed.entries for feed in store.feeds() if feed.name == name), 0)
    least, most = wanted.expect or (
        (before // SHRINKS, before * GROWS) if before > SMALL else (1, MOST_ENTRIES)
    )
    if not least <= count <= min(most, MOST_ENTRIES):
        told = "" if wanted.expect else f", it had {before}; if that is right, say so with --expect"
        raise FeedError(f"{count} entries, expected {least} to {most}{told}")


def _name(source: str) -> str:
    path = urlsplit(source).path if is_address(source) else source
    parts = [part for part in re.split(r"[\\/]", path) if part]
    last = re.sub(r"\.(?:csv|json|txt)\Z", "", parts[-1] if parts else "", flags=re.IGNORECASE)
    if last in ("", "manifest", "index") and is_address(source):
        last = urlsplit(source).hostname or ""
    elif last in ("manifest", "index") and len(parts) > 1:
        last = parts[-2]
    return re.sub(r"[^\w.-]+", "-", last).strip("-.")[:60] or "feed"


def _line(error: Exception) -> str:
    words = error.reason if isinstance(error, (EgressError, ParseFailed)) else str(error)
    return " ".join(re.sub(r"\Aerror (?:FeedError: )?", "", words).split())[:300]
