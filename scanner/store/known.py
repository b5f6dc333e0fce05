"""What a team knows by itself: feeds it took in, entries of its own, and where it overrules a list.

All of it stands in the team's database and leaves the machine with nothing. A feed is replaced as a whole, in one
transaction: whoever reads meanwhile sees the old one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from scanner.knowledge.indicators import Indicator
from scanner.knowledge.own import OWN_FEED, Listing, Overrule, OwnKnowledge
from scanner.store import sql_known as sql
from scanner.store.base import Base
from scanner.store.errors import StoreError, spoken

BATCH = 10_000
SHOWN = 20
"""Values of each kind of change that a person is shown."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as it was last taken in. updated: day; format: csv, stix, misp, or own."""

    name: str
    format: str
    updated: str
    entries: int


@dataclass(frozen=True, slots=True)
class FeedDiff:
    """What taking a feed in changes (or changed): counts, and the first values of each, sorted."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    values: tuple[tuple[str, str, str], ...] = ()  # (what, kind, value)

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


class Known(Base):
    def feeds(self) -> list[Feed]:
        """Every feed, the team's own entries among them, by name."""
        return [Feed(*row) for row in self.conn.execute(sql.FEEDS)]

    def replace_feed(
        self,
        name: str,
        format: str,
        entries: Iterable[Indicator],
        day: str,
        *,
        merge: bool = False,
        dry_run: bool = False,
    ) -> FeedDiff:
        """Puts a feed's entries in place of those it had, all or nothing, and says what that changes.

        day: when it was taken in. dry_run: only say. merge: two entries of one kind and value are taken together,
        public since the earlier of them; else they are refused. Raises StoreError.
        """
        with spoken(self.path, self.wait):
            content = self._stage(entries, sql.MERGE_NEW if merge else sql.ADD_NEW)
            try:
                diff = self._diff(name)
                if dry_run:
                    return diff
                with self.writing() as conn:
                    diff = self._diff(name)
                    if diff.nothing and self._feed_id(name) is not None:
                        return diff
                    feed = self._make_feed(name, format, day)
                    conn.execute(sql.DROP_OLD, (feed,))
                    conn.execute(sql.TAKE_NEW, (feed, feed))
                    conn.execute(sql.SETTLE_FEED, (*content, feed))
                    self._set_version()
                return diff
            finally:
                self.conn.execute(sql.EMPTY_NEW)

    def _stage(self, entries: Iterable[Indicator], add: str) -> tuple[int, str]:
        """Puts entries beside the database, where they lock nobody out; their count and digest."""
        self.conn.execute(sql.NEW_ENTRIES)
        own = not self.conn.in_transaction
        if own:
            self.conn.execute("BEGIN")
        try:
            self.conn.execute(sql.EMPTY_NEW)
            rows = iter(entries)
            while batch := [_row(entry) for entry in islice(rows, BATCH)]:
                try:
                    with self.alone():
                        self.conn.executemany(add, batch)
                except sqlite3.IntegrityError:
                    raise StoreError(self._twice(batch)) from None
            found = _digest(self.conn.execute(sql.NEW_CONTENT))
        except BaseException:
            if own and self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise
        if own:
            self.conn.execute("COMMIT")
        return found

    def add_own(self, entries: Sequence[Indicator], day: str) -> int:
        """Adds entries of the team's own, in place of earlier ones of the same value; how many are new."""
        with self.writing() as conn:
            feed = self._make_feed(OWN_FEED, "own", day)
            before = int(conn.execute(sql.ENTRIES_OF, (feed,)).fetchone()[0])
            conn.executemany(sql.ADD_ENTRY, [(feed, *_row(entry)) for entry in entries])
            self._settle_feed(feed)
            return int(conn.execute(sql.ENTRIES_OF, (feed,)).fetchone()[0]) - before

    def remove_own(self, kind: str, value: str) -> bool:
        """Takes an entry of the team's own back. False where there is none."""
        with self.writing() as conn:
            feed = self._feed_id(OWN_FEED)
            if feed is None:
                return False
            gone = conn.execute(sql.REMOVE_ENTRY, (feed, kind, value)).rowcount > 0
            self._settle_feed(feed)
            return gone

    def remove_feed(self, name: str) -> bool:
        """Forgets a feed with all its entries. False where there is none."""
        with self.writing() as conn:
            gone = conn.execute(sql.REMOVE_FEED, (name,)).rowcount > 0
            self._set_version()
            return gone

    def overrule(self, domain: str, reason: str, day: str) -> None:
        """From now on no list counts for this domain here; reason "" takes that back."""
        with self.writing() as conn:
            conn.execute(sql.REMOVE_OVERRULE, (domain,))
            if reason:
                conn.execute(sql.ADD_OVERRULE, (domain, reason, day))
            self._set_version()

    def overrules(self) -> list[Overrule]:
        return [Overrule(*row) for row in self.conn.execute(sql.OVERRULES)]

    def own_entries(self, most: int = 1000) -> Iterator[Listing]:
        """The team's own entries, sorted by value."""
        for row in self.conn.execute(sql.OWN_ENTRIES, (OWN_FEED, most)):
            yield _listing(row)

    def own_rows(self) -> list[tuple[str, str, str, str, str]]:
        """Own entries and overrules as rows of the table `knowledge`; feeds are too long for it."""
        rows = [
            (f"own:{one.kind}", one.value, one.status, one.published, one.reference or "own list")
            for one in (listing.indicator for listing in self.own_entries())
        ]
        return rows + [
            ("overrule", one.domain, one.reason, one.decided, "own list") for one in self.overrules()
        ]

    def own_version(self) -> str:
        """Changes with every change of what the team knows by itself; "" while there is nothing."""
        row = self.conn.execute(sql.VERSION).fetchone()
        return str(row[0]) if row else ""

    def known_about(self, values: Iterable[tuple[str, str]], case: str = "") -> OwnKnowledge:
        """What feeds and the team itself say of these (kind, value), and the domains among them it overrules.

        case: with it, what another lab knew and sent along with that case (`falsefront open`); a list that is here too
        counts as it is here."""
        if not self.own_version() and not self.came_with(case):
            return OwnKnowledge()
        wanted = sorted(set(values))
        with spoken(self.path, self.wait):
            found = [_listing(row) for pair in wanted for row in self.conn.execute(sql.LOOK_UP, pair)]
            overruled = [
                Overrule(*row)
                for kind, value in wanted
                if kind == "domain"
                for row in self.conn.execute(sql.OVERRULE_OF, (value,))
            ]
            if self.came_with(case):
                here = {(one.feed, one.indicator.kind, one.indicator.value) for one in found}
                sent = [
                    _listing(row) for pair in wanted for row in self.conn.execute(sql.SENT, (case, *pair))
                ]
                found += [
                    one for one in sent if (one.feed, one.indicator.kind, one.indicator.value) not in here
                ]
                decided = {one.domain for one in overruled}
                sent_overrules = [Overrule(*row) for row in self.conn.execute(sql.SENT_OVERRULES, (case,))]
                overruled += [
                    one
                    for one in sent_overrules
                    if ("domain", one.domain) in wanted and one.domain not in decided
                ]
        return OwnKnowledge.of(sorted(found, key=lambda one: one.feed), overruled)

    def came_with(self, case: str) -> bool:
        """Whether another lab sent knowledge of its own along with a case."""
        return bool(case) and self.conn.execute(sql.CAME_WITH, (case, case)).fetchone() is not None

    def is_known(self, kind: str, value: str) -> bool:
        """Whether any feed, or the team itself, lists exactly this."""
        return self.conn.execute(sql.IS_KNOWN, (kind, value)).fetchone() is not None

    # ------------------------------------------------------------------------------------------- parts

    def _feed_id(self, name: str) -> int | None:
        row = self.conn.execute(sql.FEED_ID, (name,)).fetchone()
        return int(row[0]) if row else None

    def _make_feed(self, name: str, format: str, day: str) -> int:
        self.conn.execute(sql.SET_FEED, (name, format, day))
        found = self._feed_id(name)
        assert found is not None
        return found

    def _twice(self, batch: list[tuple[object, ...]]) -> str:
        """Which entry of a batch stood there before, and whether the two contradict each other."""
        seen: dict[tuple[object, ...], tuple[object, ...]] = {}
        for row in batch:
            key = row[:2]
            other = seen.get(key) or self.conn.execute(sql.NEW_OF, key).fetchone()
            if other is not None:
                was, now = tuple(other)[2:4], row[2:4]
                odd = "" if was == now else f", once as {was[0]} {was[1]}, once as {now[0]} {now[1]}"
                return f"{row[1]} stands there twice{odd}"
            seen[key] = row
        return "an entry stands there twice"

    def _diff(self, name: str) -> FeedDiff:
        feed = self._feed_id(name) or 0
        counts: list[int] = []
        values: list[tuple[str, str, str]] = []
        for what, query in (("added", sql.ADDED), ("changed", sql.CHANGED), ("removed", sql.REMOVED)):
            counts.append(self.conn.execute(sql.COUNT.format(query), (feed,)).fetchone()[0])
            shown = self.conn.execute(f"{query} order by 2, 1 limit {SHOWN}", (feed,))
            values += [(what, kind, value) for kind, value in shown]
        return FeedDiff(counts[0], counts[1], counts[2], tuple(values))

    def _settle_feed(self, feed: int) -> None:
        """Counts a feed that was changed, and takes the digest of what it holds now."""
        content = _digest(self.conn.execute(sql.CONTENT, (feed,)))
        self.conn.execute(sql.SETTLE_FEED, (*content, feed))
        self._set_version()

    def _set_version(self) -> None:
        """From what the feeds and overrules are, so that taking a change back gives the old version again."""
        total = hashlib.sha256()
        for row in self.conn.execute(sql.STATE):
            total.update(repr(row).encode())
        for row in self.conn.execute(sql.OVERRULES):
            total.update(repr(row).encode())
        nothing = total.digest() == hashlib.sha256().digest()
        self.conn.execute(sql.SET_VERSION, ("" if nothing else total.hexdigest()[:8],))


def _digest(rows: Iterable[tuple[object, ...]]) -> tuple[int, str]:
    """Count and SHA-256 of rows in their order."""
    total, count = hashlib.sha256(), 0
    for row in rows:
        total.update(repr(row).encode("utf-8", "replace"))
        count += 1
    return count, total.hexdigest()


def _row(entry: Indicator) -> tuple[object, ...]:
    return (
        entry.kind, entry.value, entry.status, entry.category, entry.published, entry.until,
        int(entry.counts), entry.note, entry.reference,
    )  # fmt: skip


def _listing(row: tuple[object, ...]) -> Listing:
    feed, kind, value, status, category, published, until, counts, note, reference = row
    return Listing(
        str(feed),
        Indicator(
            str(kind), str(value), str(status), str(category), str(published), str(until), bool(counts),
            str(note), str(reference),
        ),
    )  # fmt: skip
