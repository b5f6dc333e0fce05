"""What `Library` writes: texts, sights, postings. Every function stands inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
import xxhash

from scanner.library import pack, postings
from scanner.library.owners import OwnerMap
from scanner.library.postings import Numbers
from scanner.library.texts import Added, LibraryError, Text
from scanner.likeness.shingles import MOST_TOKENS, TextPrint, sample, text_print
from scanner.model import Date

MOST_LETTERS = 2_000_000  # of one text; a page of one 5 MB line is kept to there
SCAN = "scan:"  # sources that one case brought
MOST_DICTIONARIES = 4
TRAIN_BYTES = 12 << 20  # of samples; more makes no better dictionary

Fresh = tuple[int, int, Text, TextPrint]  # page number, key, text, print


def add(db: sqlite3.Connection, owners: OwnerMap, packer: pack.Packer, batch: Sequence[Text]) -> Added:
    """One batch of texts; those of fewer than three tokens are passed over."""
    fresh: list[Fresh] = []
    numbers: dict[int, int] = {}
    known = 0
    number = _last_page(db)
    for text in batch:
        shape = text_print(text.tokens)
        if not len(shape.hashes):
            continue
        key = text_key(text)
        page = numbers.get(key) or _page_of(db, key)
        if page:
            known += 1
        else:
            number += 1
            page = number
            fresh.append((page, key, text, shape))
        numbers[key] = page
        _see(db, page, text)
    if number > postings.MOST_NUMBER:
        raise LibraryError("the library is full (16.7 million texts): start another file")
    if fresh:
        _store(db, owners, packer, fresh)
        index(db, owners, [page for page, *_ in fresh], [shape for *_, shape in fresh])
    return Added(len(fresh), known)


def index(
    db: sqlite3.Connection, owners: OwnerMap, pages: Sequence[int], shapes: Sequence[TextPrint]
) -> None:
    """Writes the postings of some pages as one segment."""
    keys = [sample_keys(shape) for shape in shapes]
    of = np.repeat(np.array(pages, dtype=np.uint32), [len(own) for own in keys])
    postings.write(db, np.concatenate(keys), of, owners)


def sample_keys(shape: TextPrint) -> Numbers:
    """The keys a page is looked up by, ascending and distinct: lower halves of the sampled numbers (the upper
    half decided whether they are in the sample)."""
    low = shape.hashes[sample(shape)] & np.uint64(0xFFFFFFFF)
    return np.unique(low.astype(np.uint32))


def text_key(text: Text) -> int:
    """What makes two texts the same: the domain and the text's digest."""
    digest = text.text_digest or xxhash.xxh3_128_hexdigest(
        "\0".join(text.passages).encode("utf-8", "replace")
    )
    whole = xxhash.xxh3_64_intdigest(f"{text.domain}\n{digest}".encode("utf-8", "replace"))
    return whole - (1 << 63)  # SQLite's integers are signed


def load(db: sqlite3.Connection, packer: pack.Packer, page: int) -> tuple[str, pack.Unpacked]:
    """The domain, and the passages and tokens, of one stored page. PackError for a damaged one."""
    row = db.execute(
        "select d.name, p.data from pages p join domains d on d.id = p.domain where p.id = ?", (page,)
    ).fetchone()
    if row is None:
        raise pack.PackError("the index names a page that isn't there")
    return row[0], pack.decode(packer.unpack(row[1]))


def forget(db: sqlite3.Connection, owners: OwnerMap, packer: pack.Packer, source: str) -> int:
    """Takes out every text that this source alone brought; returns how many."""
    row = db.execute("select id from sources where name = ?", (source,)).fetchone()
    if row is None:
        return 0
    pages = [page for (page,) in db.execute("select page from sights where source = ?", row)]
    db.execute("delete from sights where source = ?", row)
    db.execute("delete from sources where id = ?", row)
    alone = [
        page
        for page in pages
        if db.execute("select 1 from sights where page = ? limit 1", (page,)).fetchone() is None
    ]
    if alone:
        keys = [sample_keys(text_print(load(db, packer, page)[1][1])) for page in alone]
        postings.remove(db, np.unique(np.concatenate(keys)), np.array(alone, dtype=np.uint32))
    for page in alone:
        owners.set(page, 0)
        db.execute("delete from pages where id = ?", (page,))
    db.execute("delete from domains where id not in (select domain from pages)")
    return len(alone)


def reindex(db: sqlite3.Connection, owners: OwnerMap, packer: pack.Packer, batch: int) -> None:
    """Makes the index anew from the stored tokens (after the shingles' numbers changed)."""
    postings.clear(db)
    last = 0
    while True:
        rows = db.execute("select id from pages where id > ? order by id limit ?", (last, batch)).fetchall()
        if not rows:
            return
        pages = [page for (page,) in rows]
        index(db, owners, pages, [text_print(load(db, packer, page)[1][1]) for page in pages])
        last = pages[-1]


def _store(db: sqlite3.Connection, owners: OwnerMap, packer: pack.Packer, fresh: Sequence[Fresh]) -> None:
    encoded = [pack.encode(*_bounded(text)) for _, _, text, _ in fresh]
    _learn(
        db,
        packer,
        [raw for raw, row in zip(encoded, fresh, strict=True) if not row[2].seen_in.startswith(SCAN)],
    )
    domains = {name: _number(db, "domains", name) for name in sorted({row[2].domain for row in fresh})}
    db.executemany(
        "insert into pages(id, key, domain, words, data) values (?, ?, ?, ?, ?)",
        (
            (page, key, domains[text.domain], shape.words, packer.pack(raw))
            for (page, key, text, shape), raw in zip(fresh, encoded, strict=True)
        ),
    )
    for page, _, text, _ in fresh:
        owners.set(page, domains[text.domain])


def _learn(db: sqlite3.Connection, packer: pack.Packer, samples: Sequence[bytes]) -> None:
    """A dictionary from the first bulk of texts, another once a first one was learnt from few.

    Never from what a case brought: `forget` could not take it out of a dictionary.
    """
    if packer.newest >= MOST_DICTIONARIES or len(samples) < pack.TRAIN_FROM << (2 * packer.newest):
        return
    total, used = 0, []
    for sample_ in samples:
        total += len(sample_)
        if total > TRAIN_BYTES:
            break
        used.append(sample_)
    data = pack.train(used)
    if data is not None:
        number = packer.newest + 1
        db.execute("insert or replace into dictionaries(id, data) values (?, ?)", (number, data))
        packer.learn(number, data)


def _see(db: sqlite3.Connection, page: int, text: Text) -> None:
    """Notes a sight; of one source the earliest is kept."""
    source = _number(db, "sources", text.seen_in)
    row = db.execute("select first_seen from sights where page = ? and source = ?", (page, source)).fetchone()
    if row is not None and Date(row[0]).last <= text.first_seen.last:
        return
    db.execute(
        "insert or replace into sights(page, source, first_seen, url) values (?, ?, ?, ?)",
        (page, source, str(text.first_seen), text.url),
    )


def _number(db: sqlite3.Connection, table: str, name: str) -> int:
    row = db.execute(f"select id from {table} where name = ?", (name,)).fetchone()  # noqa: S608
    if row is None:
        made = db.execute(f"insert into {table}(name) values (?)", (name,))  # noqa: S608
        return int(made.lastrowid or 0)
    return int(row[0])


def _page_of(db: sqlite3.Connection, key: int) -> int:
    row = db.execute("select id from pages where key = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def _last_page(db: sqlite3.Connection) -> int:
    """The highest number a page ever had: numbers aren't given out again."""
    row = db.execute("select seq from sqlite_sequence where name = 'pages'").fetchone()
    return int(row[0]) if row else 0


def _bounded(text: Text) -> tuple[list[str], list[tuple[str, ...]]]:
    """Passages and tokens, cut where a text is larger than any honest page's."""
    passages, tokens = [], []
    letters, room = MOST_LETTERS, MOST_TOKENS
    for passage in text.passages:
        passages.append(passage[:letters])
        letters -= len(passages[-1])
    for row in text.tokens:
        tokens.append(tuple(row[:room]))
        room -= len(tokens[-1])
    return passages, tokens
