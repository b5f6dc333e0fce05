"""What is worked out from a library's whole content and kept while it doesn't change: texts that are nobody's, and
what a site says on all of its pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import numpy as np

from scanner.library.owners import OwnerMap
from scanner.library.voices import sampled
from scanner.likeness.common import common_shingles
from scanner.likeness.shingles import Hashes, TextPrint

MOST_TEXTS = 6  # read of one site
SITES_KEPT = 256  # some kB each


class Wholes:
    """load: the print of a stored page. Every call stands inside a transaction of the caller."""

    def __init__(self, db: sqlite3.Connection, owners: OwnerMap, load: Callable[[int], TextPrint]) -> None:
        self._db = db
        self._owners = owners
        self._load = load
        self.drop()

    def drop(self) -> None:
        """The file has changed."""
        self._background: Hashes | None = None
        self._nobodys: Hashes | None = None
        self._sites: dict[int, Hashes] = {}

    def background(self) -> Hashes:
        """The shingles that were put in as nobody's."""
        if self._background is None:
            data = b"".join(row for (row,) in self._db.execute("select data from background"))
            self._background = np.frombuffer(data, dtype="<u8").astype(np.uint64)
        return self._background

    def nobodys(self) -> Hashes:
        """Those and the shipped ones, ascending."""
        if self._nobodys is None:
            self._nobodys = np.union1d(self.background(), common_shingles())
        return self._nobodys

    def site(self, domain: int) -> Hashes:
        """The sampled shingles of a domain's texts, by its number, without those that are nobody's; ascending."""
        known = self._sites.get(domain)
        if known is None:
            if len(self._sites) >= SITES_KEPT:
                self._sites.clear()
            shapes = [self._load(page) for page in self._owners.pages_of(domain)[:MOST_TEXTS]]
            own = [sampled(shape.hashes[~shape.nobodys]) for shape in shapes if len(shape.hashes)]
            whole = np.unique(np.concatenate(own)) if own else np.empty(0, dtype=np.uint64)
            known = self._sites[domain] = np.setdiff1d(whole, self.nobodys(), assume_unique=True)
        return known
