"""The inverted index: which pages hold a shingle of the sample.

Postings are pairs (key, page), key being the lower 32 bits of a shingle's number. Each batch of pages becomes a
segment: its postings sorted by key and cut into buckets of about a hundred, one row each, so that a look-up reads
one small row per segment. Four segments of about one size are merged into one, a range of keys at a time, so that
memory stays bounded and freed pages of the file are used again at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
Owners = Callable[[Numbers], Numbers]  # page numbers -> domain numbers

BUCKET = 100  # postings a row; 5 to 8 rows then share one page of the file
FAN = 4  # segments of a size before they are merged; more would be more rows to read a look-up
MOST_PAGES = 256  # of one key; what is on so many pages says nothing and finds nothing
MOST_PER_DOMAIN = 4  # of those: one big site must not crowd out the others
RANGE = 500_000  # postings merged at once
_ROW = "select data from postings where id = ?"
_ROWS = "select id, data from postings where id in"
_AT_ONCE = 500  # of them

MOST_NUMBER = (1 << 24) - 1  # of pages ever added: a page number takes three bytes


def write(db: sqlite3.Connection, keys: Numbers, pages: Numbers, owners: Owners) -> None:
    """Adds one segment and merges what has become alike in size; inside the caller's transaction."""
    if not len(keys):
        return
    order = np.lexsort((pages, keys))
    bits = _bits(len(keys))
    segment = _segment(db, bits, len(keys))
    _rows(db, segment, bits, keys[order], pages[order])
    while _merge_alike(db, owners):
        pass


def lookup(db: sqlite3.Connection, keys: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """The pages that hold each key (ascending, distinct), as two arrays: index into `keys`, page number."""
    found: list[NDArray[np.int64]] = []
    pages: list[Numbers] = []
    segments = db.execute("select id, bits from segments").fetchall() if len(keys) else []
    for segment, bits in segments:
        there, holders = _beside(db, segment, bits, keys)
        low, high = np.searchsorted(there, keys, "left"), np.searchsorted(there, keys, "right")
        counts = high - low
        if counts.any():
            # For each key the places low, low + 1 … high - 1, one after the other.
            first = np.repeat(low - (np.cumsum(counts) - counts), counts)
            pages.append(holders[first + np.arange(len(first))])
            found.append(np.repeat(np.arange(len(keys), dtype=np.int64), counts))
    if not pages:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint32)
    return np.concatenate(found), np.concatenate(pages).astype(np.uint32)


def _beside(db: sqlite3.Connection, segment: int, bits: int, keys: Numbers) -> tuple[Numbers, Numbers]:
    """The postings of the buckets that these keys (ascending) fall into."""
    buckets = np.unique(keys >> np.uint32(32 - bits)) if bits else np.zeros(1, dtype=np.uint32)
    rows = [segment << 32 | bucket for bucket in buckets.tolist()]
    read: list[tuple[int, bytes]] = []
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        read += db.execute(f"{_ROWS} ({','.join('?' * len(some))}) order by id", some)
    return _joined(read, bits)


def remove(db: sqlite3.Connection, keys: Numbers, gone: Numbers) -> None:
    """Takes pages out of the buckets their keys are in; inside the caller's transaction."""
    for segment, bits in db.execute("select id, bits from segments").fetchall():
        buckets = np.unique(keys >> np.uint32(32 - bits)) if bits else np.zeros(1, dtype=np.uint32)
        taken = 0
        for bucket, data in list(_read(db, segment, buckets)):
            there, pages = _parsed(data, bits)
            left = ~np.isin(pages, gone)
            if left.all():
                continue
            taken += len(left) - int(left.sum())
            row = segment << 32 | bucket
            if left.any():
                rest = _packed(there[left], pages[left], bits)
                db.execute("update postings set data = ? where id = ?", (rest, row))
            else:
                db.execute("delete from postings where id = ?", (row,))
        db.execute("update segments set postings = postings - ? where id = ?", (taken, segment))
    db.execute("delete from segments where postings <= 0")


def merge_all(db: sqlite3.Connection, owners: Owners) -> None:
    """Makes one segment of all; inside the caller's transaction."""
    segments = db.execute("select id, bits, postings from segments").fetchall()
    if len(segments) > 1:
        _merge(db, segments, owners)


def clear(db: sqlite3.Connection) -> None:
    db.execute("delete from postings")
    db.execute("delete from segments")


def _merge_alike(db: sqlite3.Connection, owners: Owners) -> bool:
    """Merges the smallest tier that is full: sizes within the same power of FAN."""
    tiers: dict[int, list[tuple[int, int, int]]] = {}
    for row in db.execute("select id, bits, postings from segments").fetchall():
        tiers.setdefault(max(row[2], 1).bit_length() // (FAN.bit_length() - 1), []).append(row)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= FAN:
            _merge(db, tiers[tier], owners)
            return True
    return False


def _merge(db: sqlite3.Connection, segments: Sequence[tuple[int, int, int]], owners: Owners) -> None:
    total = sum(postings for _, _, postings in segments)
    bits = _bits(total)
    parts = max(0, (total // RANGE).bit_length())  # as a power of two
    # Segments of fewer buckets than parts are small: taken whole, once.
    small = [_all(db, segment, own) for segment, own, _ in segments if own < parts]
    for segment, own, _ in segments:
        if own < parts:
            db.execute("delete from postings where id between ? and ?", _span(segment, 0, 1 << own))
    large = [(segment, own) for segment, own, _ in segments if own >= parts]
    new = _segment(db, bits, 0)
    written = 0
    for part in range(1 << parts):
        lowest, highest = part << (32 - parts), ((part + 1) << (32 - parts)) - 1
        pieces = [(k[mask], p[mask]) for k, p in small for mask in [(k >= lowest) & (k <= highest)]]
        for segment, own in large:
            width = own - parts
            pieces.append(_range(db, segment, own, part << width, (part + 1) << width))
        keys = np.concatenate([piece[0] for piece in pieces])
        pages = np.concatenate([piece[1] for piece in pieces])
        keys, pages = _thinned(keys, pages, owners)
        _rows(db, new, bits, keys, pages)
        written += len(keys)
    db.executemany("delete from segments where id = ?", [(segment,) for segment, _, _ in segments])
    db.execute("update segments set postings = ? where id = ?", (written, new))


def _thinned(keys: Numbers, pages: Numbers, owners: Owners) -> tuple[Numbers, Numbers]:
    """Sorted by key, and the postings of a key that is everywhere cut down to a sample of domains."""
    domains = owners(pages)
    order = np.lexsort((pages, domains, keys))
    keys, pages, domains = keys[order], pages[order], domains[order]
    same_key = np.concatenate(([False], keys[1:] == keys[:-1]))
    same_both = same_key & np.concatenate(([False], domains[1:] == domains[:-1]))
    kept = _rank(same_both) < MOST_PER_DOMAIN
    keys, pages = keys[kept], pages[kept]
    kept = _rank(np.concatenate(([False], keys[1:] == keys[:-1]))) < MOST_PAGES
    return keys[kept], pages[kept]


def _rank(same: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many like it stand directly before each element (`same`: is it like the one before?)."""
    place = np.arange(len(same), dtype=np.int64)
    return place - np.maximum.accumulate(np.where(same, 0, place)) if len(same) else place


def _bits(postings: int) -> int:
    return min(max(0, (postings // BUCKET).bit_length() - 1), 24)


def _key_bytes(bits: int) -> int:
    """Bytes of a key that are written; what is left of it is in the bucket's number."""
    return 4 - bits // 8


def _packed(keys: Numbers, pages: Numbers, bits: int) -> bytes:
    """Postings as rows of bytes: the key's lower bytes, three of the page's number."""
    width = _key_bytes(bits)
    rows = np.empty((len(keys), width + 3), dtype=np.uint8)
    rows[:, :width] = keys.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 4 - width :]
    rows[:, width:] = pages.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:]
    return rows.tobytes()


def _parsed(data: bytes, bits: int) -> tuple[Numbers, Numbers]:
    """The written parts of the keys, and the page numbers."""
    width = _key_bytes(bits)
    if len(data) % (width + 3):
        raise sqlite3.DatabaseError("a row of the index is cut off")
    rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, width + 3)
    whole = np.zeros((len(rows), 8), dtype=np.uint8)
    whole[:, 4 - width : 4] = rows[:, :width]
    whole[:, 5:] = rows[:, width:]
    numbers = whole.view(">u4").astype(np.uint32)
    return numbers[:, 0], numbers[:, 1]


def _segment(db: sqlite3.Connection, bits: int, postings: int) -> int:
    made = db.execute("insert into segments(bits, postings) values (?, ?)", (bits, postings))
    return int(made.lastrowid or 0)


def _span(segment: int, low: int, high: int) -> tuple[int, int]:
    return segment << 32 | low, (segment << 32 | high) - 1


def _rows(db: sqlite3.Connection, segment: int, bits: int, keys: Numbers, pages: Numbers) -> None:
    """Writes sorted postings as rows of one bucket each."""
    if not len(keys):
        return
    buckets = keys >> np.uint32(32 - bits) if bits else np.zeros_like(keys)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(buckets)) + 1))
    stops = np.concatenate((starts[1:], [len(keys)]))
    data, size = _packed(keys, pages, bits), _key_bytes(bits) + 3
    db.executemany(
        "insert into postings(id, data) values (?, ?)",
        (
            (segment << 32 | bucket, data[start * size : stop * size])
            for bucket, start, stop in zip(
                buckets[starts].tolist(), starts.tolist(), stops.tolist(), strict=True
            )
        ),
    )


def _read(db: sqlite3.Connection, segment: int, buckets: Numbers) -> Iterator[tuple[int, bytes]]:
    for bucket in buckets.tolist():
        row = db.execute(_ROW, (segment << 32 | bucket,)).fetchone()
        if row is not None:
            yield bucket, row[0]


def _all(db: sqlite3.Connection, segment: int, bits: int) -> tuple[Numbers, Numbers]:
    return _range(db, segment, bits, 0, 1 << bits, keep=True)


def _range(
    db: sqlite3.Connection, segment: int, bits: int, low: int, high: int, keep: bool = False
) -> tuple[Numbers, Numbers]:
    """The postings of some buckets, whose rows are then deleted: the file's space is used again at once."""
    span = _span(segment, low, high)
    read = db.execute("select id, data from postings where id between ? and ? order by id", span).fetchall()
    if not keep:
        db.execute("delete from postings where id between ? and ?", span)
    return _joined(read, bits)


def _joined(read: Sequence[tuple[int, bytes]], bits: int) -> tuple[Numbers, Numbers]:
    """Rows of the index (number, data) in their order, as whole keys and page numbers."""
    if not read:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint32)
    size = _key_bytes(bits) + 3
    if any(len(data) % size for _, data in read):
        raise sqlite3.DatabaseError("a row of the index is cut off")
    keys, pages = _parsed(b"".join(data for _, data in read), bits)
    counts = [len(data) // size for _, data in read]
    buckets = np.fromiter((row & 0xFFFFFFFF for row, _ in read), dtype=np.uint64, count=len(read))
    # The bucket's number is the key's upper bits; some of them may be written in the key's bytes too.
    upper = (np.repeat(buckets, counts) << np.uint64(32 - bits)).astype(np.uint32)
    return keys | upper, pages
