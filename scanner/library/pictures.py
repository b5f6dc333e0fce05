"""Pictures in the library: on which sites a picture has been seen, since when, and which ones are nearly the same.

Nearly the same means few differing bits of a 128-bit difference hash. Each hash is kept in the smaller of its two
orientations and looked up in both, so that a mirrored copy meets its original. A look-up goes by eight pieces of 16
bits: two hashes ten bits apart share a piece in 97 of 100 cases, nine or fewer apart nearly always.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from scanner.model import Date

NEAR = 10  # bits of 128
PIECES, PIECE_BITS = 8, 16
MOST_CANDIDATES = 5000  # of one picture; a piece that more share tells nothing
MOST_SITES = 50  # counted for one picture: from there it is everybody's
MOST_OF_A_SITE = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as somebody saw it on a site.

    digest: hex SHA-256 of its bytes; sha1: their SHA-1 in base 32, as web archives list it. hash, mirror: 32 hex
    digits each, "" for a picture without enough detail. page: where it is shown. seen_in: as of `Text`.
    """

    url: str
    domain: str
    digest: str
    hash: str
    mirror: str
    width: int
    height: int
    first_seen: Date
    seen_in: str
    page: str = ""
    alt: str = ""
    sha1: str = ""


@dataclass(frozen=True, slots=True)
class PictureMatch:
    """A picture of another site that is the same or nearly so. bits: how many of 128 differ, 0 for the same bytes.

    mirrored: it is nearer to the mirror image. `picture` at its earliest sight on that site.
    """

    picture: Picture
    bits: int
    mirrored: bool
    same_bytes: bool


Access = Callable[[], AbstractContextManager[sqlite3.Connection]]
_Row = tuple[bytes, bytes, bytes, int, int, str, str, str, str, str, str, str]


class Pictures:
    """The pictures of a library, in the same file as its texts.

    writing, reading: the library's own, one transaction each. LibraryError as for texts.
    """

    def __init__(self, writing: Access, reading: Access):
        self._writing = writing
        self._reading = reading

    def add(self, pictures: Iterable[Picture]) -> int:
        """Puts pictures in; returns how many were new to the library. Of one site and source the earliest
        sight is kept."""
        wanted = list(pictures)
        if not wanted:
            return 0
        with self._writing() as db:
            return sum(_add(db, picture) for picture in wanted)

    def of(self, domain: str) -> list[Picture]:
        """Every picture known of a site, each at its earliest sight, at most MOST_OF_A_SITE, in a stable order."""
        with self._reading() as db:
            rows = db.execute(f"{_SIGHTS} where s.domain = ? order by p.digest", (domain,)).fetchall()
        return _earliest(rows)[:MOST_OF_A_SITE]

    def matches(self, picture: Picture) -> list[PictureMatch]:
        """For each other site that shows it, the nearest picture there, nearest site first; MOST_SITES at most."""
        with self._reading() as db:
            best: dict[str, PictureMatch] = {}
            for number, (bits, mirrored, other) in sorted(_near(db, picture).items(), key=_nearest):
                rows = db.execute(
                    f"{_SIGHTS} where s.picture = ? and s.domain != ? order by s.domain limit 400",
                    (number, picture.domain),
                ).fetchall()
                for sight in _earliest(rows):
                    best.setdefault(sight.domain, PictureMatch(sight, bits, mirrored, not other))
                if len(best) >= MOST_SITES:
                    break
        return sorted(best.values(), key=lambda one: (one.bits, one.picture.domain))[:MOST_SITES]

    def count(self) -> tuple[int, int]:
        """How many different pictures there are, and of how many sites."""
        with self._reading() as db:
            pictures = db.execute("select count(*) from pictures").fetchone()[0]
            sites = db.execute("select count(distinct domain) from picture_sights").fetchone()[0]
            return int(pictures), int(sites)


def forget(db: sqlite3.Connection, source: str) -> int:
    """Takes out what this source alone brought, inside the caller's transaction; returns how many pictures."""
    seen = [one for (one,) in db.execute("select picture from picture_sights where source = ?", (source,))]
    db.execute("delete from picture_sights where source = ?", (source,))
    gone = 0
    for number in sorted(set(seen)):
        if db.execute("select 1 from picture_sights where picture = ? limit 1", (number,)).fetchone() is None:
            row = db.execute("select hash, mirror from pictures where id = ?", (number,)).fetchone()
            pieces = [(piece, number) for piece in _pieces(min(row))]
            db.executemany("delete from picture_pieces where piece = ? and picture = ?", pieces)
            db.execute("delete from pictures where id = ?", (number,))
            gone += 1
    return gone


_SIGHTS = (
    "select p.digest, p.hash, p.mirror, p.width, p.height, s.domain, s.source, s.first_seen, s.url, s.page, s.alt, "
    "s.sha1 from picture_sights s join pictures p on p.id = s.picture"
)


def _earliest(rows: Iterable[_Row]) -> list[Picture]:
    """Each picture of each site at its earliest sight, in the order of the rows."""
    found: dict[tuple[bytes, str], Picture] = {}
    for digest, hash_, mirror, width, height, domain, source, seen, url, page, alt, sha1 in rows:
        at = Date(seen)
        known = found.get((digest, domain))
        if known is None or (at.last, source) < (known.first_seen.last, known.seen_in):
            found[digest, domain] = Picture(
                url,
                domain,
                digest.hex(),
                hash_.hex(),
                mirror.hex(),
                width,
                height,
                at,
                source,
                page,
                alt,
                sha1,
            )
    return list(found.values())


def _add(db: sqlite3.Connection, picture: Picture) -> bool:
    digest = bytes.fromhex(picture.digest)
    row = db.execute("select id from pictures where digest = ?", (digest,)).fetchone()
    if row is None:
        hashes = bytes.fromhex(picture.hash), bytes.fromhex(picture.mirror)
        number = db.execute(
            "insert into pictures(digest, hash, mirror, width, height) values (?, ?, ?, ?, ?)",
            (digest, *hashes, picture.width, picture.height),
        ).lastrowid
        db.executemany(
            "insert or ignore into picture_pieces(piece, picture) values (?, ?)",
            [(piece, number) for piece in _pieces(min(hashes))],
        )
    else:
        number = row[0]
    key = (number, picture.domain, picture.seen_in)
    known = db.execute(
        "select first_seen from picture_sights where picture = ? and domain = ? and source = ?", key
    ).fetchone()
    if known is None or Date(known[0]).last > picture.first_seen.last:
        rest = (
            str(picture.first_seen),
            picture.url[:500],
            picture.page[:500],
            picture.alt[:200],
            picture.sha1,
        )
        db.execute("insert or replace into picture_sights values (?, ?, ?, ?, ?, ?, ?, ?)", (*key, *rest))
    return row is None


_Near = tuple[int, bool, bool]  # differing bits, mirrored, other bytes


def _near(db: sqlite3.Connection, picture: Picture) -> dict[int, _Near]:
    """Numbers of pictures that are the same or nearly so, with how near."""
    found: dict[int, _Near] = {}
    for own, turned in ((picture.hash, False), (picture.mirror, True)):
        if not own:
            continue
        for number, hash_, mirror in _candidates(db, _pieces(bytes.fromhex(own))):
            bits = (int.from_bytes(min(hash_, mirror), "big") ^ int(own, 16)).bit_count()
            one = bits, turned != (mirror < hash_), True
            if bits <= NEAR and (number not in found or one < found[number]):
                found[number] = one
    row = db.execute("select id from pictures where digest = ?", (bytes.fromhex(picture.digest),)).fetchone()
    if row is not None:
        found[row[0]] = 0, False, False
    return found


def _nearest(item: tuple[int, _Near]) -> tuple[_Near, int]:
    return item[1], item[0]


def _candidates(db: sqlite3.Connection, pieces: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
    marks = ", ".join("?" * len(pieces))
    rows = db.execute(
        "select distinct p.id, p.hash, p.mirror from picture_pieces b join pictures p on p.id = b.picture "  # noqa: S608
        f"where b.piece in ({marks}) limit {MOST_CANDIDATES}",
        tuple(pieces),
    )
    return [(int(number), bytes(hash_), bytes(mirror)) for number, hash_, mirror in rows]


def _pieces(hash_: bytes) -> list[int]:
    """The pieces a hash is looked up by: which one it is in the upper half, its bits in the lower."""
    return [
        at << PIECE_BITS | int.from_bytes(hash_[2 * at : 2 * at + 2], "big") for at in range(len(hash_) // 2)
    ]
