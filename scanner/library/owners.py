"""Which domain each page is on, as an array: searches ask it for thousands of pages at once."""

from __future__ import annotations

import sqlite3

import numpy as np

from scanner.library.postings import Numbers

CHUNK = 1024  # pages a row of 4 KB


class OwnerMap:
    """Page number -> domain number (0: no such page), read by the chunk and kept until the file changes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._chunks: dict[int, Numbers] = {}
        self._changed: set[int] = set()
        self._version = -1
        self._whole: Numbers | None = None

    def refresh(self) -> bool:
        """Drops what is kept when another process has written; tells whether it has. Inside a transaction."""
        self._db.execute("select 1 from meta").fetchone()  # takes the snapshot that the version belongs to
        version = self._db.execute("pragma data_version").fetchone()[0]
        if version == self._version:
            return False
        self._version = version
        self._chunks.clear()
        self._whole = None
        return True

    def __call__(self, pages: Numbers) -> Numbers:
        found = np.zeros(len(pages), dtype=np.uint32)
        if not len(pages):
            return found
        chunks = pages // CHUNK
        lowest, highest = int(chunks.min()), int(chunks.max())
        if highest - lowest > 4 and len(pages) > 4096:  # a merge: all of them, side by side
            table = np.concatenate([self._chunk(number) for number in range(lowest, highest + 1)])
            merged: Numbers = table[pages - np.uint32(lowest * CHUNK)]
            return merged
        order = np.argsort(chunks, kind="stable")
        numbers, starts = np.unique(chunks[order], return_index=True)
        for number, part in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
            found[part] = self._chunk(number)[pages[part] % CHUNK]
        return found

    def pages_of(self, domain: int) -> list[int]:
        """The numbers of a domain's pages, ascending. Reads the whole map once, which is 4 MB for a million pages: the
        table of pages has their texts in it and takes seconds to read through."""
        if self._whole is None:
            last = self._db.execute("select max(chunk) from owners").fetchone()[0]
            last = max([-1 if last is None else int(last), *self._changed])
            chunks = [self._chunk(number) for number in range(last + 1)]
            self._whole = np.concatenate(chunks) if chunks else np.empty(0, dtype=np.uint32)
        pages: list[int] = np.flatnonzero(self._whole == domain).tolist()
        return pages

    def set(self, page: int, domain: int) -> None:
        number = page // CHUNK
        chunk = self._chunk(number)
        chunk[page % CHUNK] = domain
        self._whole = None
        self._changed.add(number)

    def save(self) -> None:
        """Writes what was set; inside the caller's transaction."""
        self._db.executemany(
            "insert or replace into owners(chunk, data) values (?, ?)",
            [(number, self._chunks[number].astype("<u4").tobytes()) for number in sorted(self._changed)],
        )
        self._changed.clear()

    def drop(self) -> None:
        """Forgets what was set and kept (after a rollback)."""
        self._chunks.clear()
        self._changed.clear()
        self._whole = None
        self._version = -1

    def _chunk(self, number: int) -> Numbers:
        kept = self._chunks.get(number)
        if kept is None:
            row = self._db.execute("select data from owners where chunk = ?", (number,)).fetchone()
            data = row[0] if row else bytes(4 * CHUNK)
            if len(data) != 4 * CHUNK:
                raise sqlite3.DatabaseError("the table of owners is cut off")
            kept = np.frombuffer(data, dtype="<u4").astype(np.uint32)
            self._chunks[number] = kept
        return kept
