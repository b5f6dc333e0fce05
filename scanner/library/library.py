"""The library of originals as one object over one file."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np

from scanner.library import pack, postings, writer
from scanner.library.file import connect, damaged, spoken
from scanner.library.migrations import copies
from scanner.library.owners import OwnerMap
from scanner.library.pictures import Pictures
from scanner.library.pictures import forget as forget_pictures
from scanner.library.search import Rarity, as_weight, candidates, rarity, reuse, sites_of, verified
from scanner.library.texts import (
    Added,
    LibraryError,
    Match,
    OlderLibraryError,
    Reuse,
    SharedText,
    Stats,
    Text,
)
from scanner.library.wholes import Wholes
from scanner.likeness.compare import Likeness, Weight, kind_of
from scanner.likeness.shingles import ALGORITHM, TextPrint, text_print
from scanner.model import Date

BATCH = 2048  # texts a transaction: what a crash can cost of a long `add`, the smallest bulk segment, 50 MB
SHOWN = 12  # shared passages a match carries
LATELY = 32  # texts whose rarity is kept: a site's

_ALONE = (
    """select count(*) from sights s join sources n on n.id = s.source where n.name = ?
       and not exists (select 1 from sights o where o.page = s.page and o.source <> s.source)""",
    """select count(distinct picture) from picture_sights s where source = ?
       and not exists (select 1 from picture_sights o where o.picture = s.picture and o.source <> s.source)""",
)
_DATED = "select s.first_seen, s.url, n.name from sights s join sources n on n.id = s.source where s.page = ?"


class Library:
    """Texts of pages with the date each was first seen, searchable by what they share.

    One file (SQLite in WAL mode, beside it `-wal` and `-shm` while open): any number of readers beside one
    writer, and a crash costs at most the last batch. LibraryError, one line, for a file that can't be used.

    >>> import tempfile, pathlib
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Library(pathlib.Path(folder.name) / "library.db") as library:
    ...     library.stats().texts
    0
    """

    def __init__(self, path: Path | str, readonly: bool = False) -> None:
        self.path = Path(path)
        self.readonly = readonly
        self._lock = threading.RLock()
        self._db = connect(self.path, readonly)
        try:
            with spoken(self.path):
                self._owners = OwnerMap(self._db)
                self._packer: pack.Packer | None = None
                self._wholes = Wholes(self._db, self._owners, self._print)
                self._lately: dict[tuple[str, object], tuple[TextPrint, Rarity]] = {}
                self._check_algorithm()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------ writing

    def add(self, texts: Iterable[Text]) -> Added:
        """Puts texts in, batch by batch (each is kept once written).

        A text the domain is known to have had keeps its earliest date, with that date's source. Texts of
        fewer than three tokens are passed over.
        """
        new = known = 0
        waiting = iter(texts)
        while batch := list(itertools.islice(waiting, BATCH)):
            with self._writing() as db:
                added = writer.add(db, self._owners, self._texts, batch)
            new, known = new + added.new, known + added.known
        return Added(new, known)

    def forget(self, case: str) -> int:
        """Takes out what scans of a case brought and nobody else did; returns how many texts that was.

        The file's freed space is overwritten, so that the text can't be read from it any more.
        """
        with self._lock, spoken(self.path):
            self._db.execute("pragma secure_delete = on")
            try:
                with self._writing() as db:
                    gone = writer.forget(db, self._owners, self._texts, writer.SCAN + case)
                    forget_pictures(db, writer.SCAN + case)
            finally:
                self._db.execute("pragma secure_delete = off")
            self._db.execute("pragma wal_checkpoint(truncate)")
        return gone

    def brought(self, case: str) -> tuple[int, int]:
        """How many texts and pictures scans of a case brought and nobody else did: what `forget` takes out."""
        source = writer.SCAN + case
        with self._reading() as db:
            texts, pictures = (int(db.execute(query, (source,)).fetchone()[0]) for query in _ALONE)
        return texts, pictures

    def tidy(self) -> None:
        """Writes the file anew without its free space and empties its journal, so that nothing that was forgotten can
        be read from either; copies kept before an upgrade go too. LibraryError while another process reads."""
        with self._lock, spoken(self.path):
            for copy in copies(self.path):
                copy.unlink(missing_ok=True)
            self._db.execute("vacuum")
            if self._db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]:
                raise LibraryError(f"{self.path}: another process is reading this library; try again later")

    def add_background(self, passages: Iterable[Sequence[str]]) -> int:
        """Texts that are nobody's (theme demo text, notices), as masked tokens: their shingles lose all weight,
        as those of the shipped passages do.

        Returns how many shingles were new.
        """
        hashes = np.unique(text_print(passages).hashes)
        with self._writing() as db:
            fresh = np.setdiff1d(hashes, self._wholes.background())
            if len(fresh):
                db.execute("insert into background(data) values (?)", (fresh.astype("<u8").tobytes(),))
        return len(fresh)

    def background(self) -> int:
        """How many shingles are known as nobody's."""
        with self._reading():
            return len(self._wholes.background())

    def optimise(self) -> None:
        """After much was added: makes one segment of the index, so that a cold search reads least."""
        with self._writing() as db:
            postings.merge_all(db, self._owners)
        with self._lock, spoken(self.path):
            self._db.execute("pragma wal_checkpoint(truncate)")

    # ------------------------------------------------------------------------------------------ reading

    def search(self, query: Text, *, limit: int = 20) -> list[Match]:
        """Pages of other domains that share rare text with this one, most shared words first."""
        with self._reading():
            shape, found = self._rarity(query)
            texts: dict[int, tuple[str, tuple[str, ...]]] = {}

            def load(page: int) -> TextPrint:
                domain, (passages, tokens) = writer.load(self._db, self._texts, page)
                texts[page] = domain, passages
                return text_print(tokens, domain)

            kept = verified(shape, found, candidates(found), load)[:limit]
            return [
                self._match(query, page, likeness, sites_of(found, page), *texts[page])
                for page, likeness in kept
            ]

    def texts_of(self, domain: str) -> list[Text]:
        """Every text known of a domain, each at its earliest sight, in the order in which they came."""
        with self._reading() as db:
            row = db.execute("select id from domains where name = ?", (domain,)).fetchone()
            return [self._text(page) for page in self._owners.pages_of(row[0])] if row else []

    def texts_known(self, domain: str) -> int:
        """How many texts are known of a domain."""
        with self._reading() as db:
            row = db.execute("select id from domains where name = ?", (domain,)).fetchone()
            return len(self._owners.pages_of(row[0])) if row else 0

    def called(self, labels: Iterable[str]) -> list[str]:
        """Domains whose first label is one of these, sorted."""
        with self._reading() as db:
            found = {
                name
                for label in labels
                for (name,) in db.execute(
                    "select name from domains where name >= ? and name < ? limit 20",
                    (f"{label}.", f"{label}/"),
                )
            }
        return sorted(found)

    def weight(self, text: Text) -> Weight:
        """How rare this text's shingles are among other domains, for `compare` with a page outside."""
        with self._reading():
            shape, found = self._rarity(text)
            return as_weight(shape, found.weights)

    def reuse(self, text: Text) -> Reuse:
        """How much of this text stands on many other domains: left-over demo text, notices."""
        with self._reading() as db:

            def names(domains: list[int]) -> list[str]:
                rows = [
                    db.execute("select name from domains where id = ?", (one,)).fetchone() for one in domains
                ]
                return [row[0] for row in rows if row]

            return reuse(*self._rarity(text), names)

    @property
    def pictures(self) -> Pictures:
        """The pictures in the same file."""
        return Pictures(self._writing, self._reading)

    def stats(self) -> Stats:
        with self._reading() as db:

            def one(query: str) -> int:
                return int(db.execute(query).fetchone()[0] or 0)

            sources: dict[str, int] = {}
            for name, count in db.execute(
                "select n.name, count(*) from sights s join sources n on n.id = s.source group by n.name"
            ):
                kind = "scan" if name.startswith(writer.SCAN) else name
                sources[kind] = sources.get(kind, 0) + count
            return Stats(
                texts=one("select count(*) from pages"),
                domains=one("select count(*) from domains"),
                postings=one("select sum(postings) from segments"),
                background=len(self._wholes.background()),
                bytes=one("pragma page_count") * one("pragma page_size"),
                earliest=db.execute("select coalesce(min(first_seen), '') from sights").fetchone()[0],
                sources=tuple(sorted(sources.items())),
            )

    # ------------------------------------------------------------------------------------------ inside

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self.readonly:
            raise LibraryError(f"{self.path}: opened for reading only")
        with self._lock, self._spoken():
            self._db.execute("begin immediate")
            try:
                self._refresh()
                yield self._db
                self._owners.save()
                self._db.execute("commit")
                self._changed()
            except BaseException:
                self._owners.drop()
                self._packer = None
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One snapshot of the file, whatever a writer does meanwhile."""
        with self._lock, self._spoken():
            self._db.execute("begin")
            try:
                self._refresh()
                yield self._db
            finally:
                if self._db.in_transaction:
                    self._db.execute("rollback")

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        with spoken(self.path):
            try:
                yield
            except pack.PackError as error:
                raise damaged(self.path, str(error)) from error

    def _refresh(self) -> None:
        """Reads anew what is kept in memory when the file has changed; inside a transaction."""
        if self._owners.refresh() or self._packer is None:
            self._packer = pack.Packer(dict(self._db.execute("select id, data from dictionaries")))
            self._changed()

    def _changed(self) -> None:
        """What was worked out from the file holds no longer."""
        self._wholes.drop()
        self._lately.clear()

    @property
    def _texts(self) -> pack.Packer:
        assert self._packer is not None  # read at the start of every transaction
        return self._packer

    def _rarity(self, text: Text) -> tuple[TextPrint, Rarity]:
        """The text's shingles and how rare they are. Kept for a site's worth of texts: each is searched for, looked
        through for phrases, and asked how common it is."""
        key = text.domain, text.tokens
        known = self._lately.get(key)
        if known is None:
            shape = text_print(text.tokens, text.domain)
            row = self._db.execute("select id from domains where name = ?", (text.domain,)).fetchone()
            kept = self._wholes
            found = rarity(self._db, shape, row[0] if row else 0, self._owners, kept.nobodys(), kept.site)
            if len(self._lately) >= LATELY:
                self._lately.clear()
            known = self._lately[key] = shape, found
        return known

    def _print(self, page: int) -> TextPrint:
        domain, (_, tokens) = writer.load(self._db, self._texts, page)
        return text_print(tokens, domain)

    def _text(self, page: int) -> Text:
        domain, (passages, tokens) = writer.load(self._db, self._texts, page)
        seen, url, source = self._first_sight(page)
        return Text(url, domain, passages, tokens, Date(seen), source)

    def _first_sight(self, page: int) -> tuple[str, str, str]:
        """Date, address and source of the earliest sight of a stored text."""
        sights: list[tuple[str, str, str]] = self._db.execute(_DATED, (page,)).fetchall()
        if not sights:
            raise pack.PackError("a text that nobody saw")
        return min(sights, key=lambda row: (Date(row[0]).last, row))

    def _match(
        self, query: Text, page: int, likeness: Likeness, sites: int, domain: str, theirs: Sequence[str]
    ) -> Match:
        seen, url, source = self._first_sight(page)
        return Match(
            url=url,
            domain=domain,
            first_seen=Date(seen),
            seen_in=source,
            containment=likeness.containment,
            contained=likeness.contained,
            words=likeness.rare_words,
            passages=tuple(
                SharedText(
                    query.passages[pair.ours] if pair.ours < len(query.passages) else "",
                    theirs[pair.theirs] if pair.theirs < len(theirs) else "",
                    pair.words,
                    pair.run,
                    pair.ours,
                    pair.theirs,
                )
                for pair in likeness.passages[:SHOWN]
                if pair.rare
            ),
            kind=kind_of(likeness),
            likeness=likeness,
            sites=sites,
        )

    def _check_algorithm(self) -> None:
        """A library whose shingles were numbered by another version is indexed anew from its texts."""
        row = self._db.execute("select value from meta where key = 'shingles'").fetchone()
        if row is not None and row[0] == str(ALGORITHM):
            return
        empty = self._db.execute("select 1 from pages limit 1").fetchone() is None
        if self.readonly:
            if empty:
                return
            raise OlderLibraryError(
                f"{self.path}: was indexed by another version; it is indexed anew when it is next written to"
            )
        with self._writing() as db:
            if not empty:
                writer.reindex(db, self._owners, self._texts, BATCH)
                db.execute("delete from background")
            db.execute("insert or replace into meta values ('shingles', ?)", (str(ALGORITHM),))
