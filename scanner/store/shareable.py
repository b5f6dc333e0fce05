"""What targets have in common, over all scans: counted and found again by value, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scanner.model import Observation
from scanner.store import sql
from scanner.store.collected import Collected
from scanner.store.reading import Reading
from scanner.store.records import ScanRecord, clean, observation_of

Link = tuple[str, str, str, str, float]
"""a, b, kind, value, rarity; a < b."""


class Shareable(Collected, Reading):
    def set_shareable(self, scan: ScanRecord, values: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        """The (kind, value) pairs of each target of a scan, in normal form, in place of what stood there."""
        with self.writing() as conn:
            conn.execute(sql.CLEAR_SHAREABLE, (scan.id,))
            for domain, pairs in values.items():
                target = self._target_id(domain)
                conn.executemany(
                    sql.ADD_SHAREABLE, [(scan.id, target, kind, clean(value)) for kind, value in pairs]
                )

    def count_domains(self, kind: str, value: str, most: int) -> int:
        """On how many registrable domains of the database a value stands; counting stops at `most`."""
        return int(self.conn.execute(sql.COUNT_SHARING, (kind, clean(value), most)).fetchone()[0])

    def domains_with(self, kind: str, value: str, most: int) -> list[str]:
        """These domains, sorted; at most so many, the earliest first."""
        return sorted(name for (name,) in self.conn.execute(sql.SHARING, (kind, clean(value), most)))

    def values_below(self, kind: str, prefix: str, most: int) -> list[tuple[str, str]]:
        """(value, domain) of the values of a kind that begin so, sorted; at most so many."""
        rows = self.conn.execute(sql.VALUES_BELOW, (kind, clean(prefix), clean(prefix) + "\U0010ffff", most))
        return [(value, domain) for value, domain in rows]

    def replace_kinds(
        self, scan: ScanRecord, domain: str, kinds: Sequence[str], facts: Iterable[Observation]
    ) -> None:
        """Facts of these kinds, of one target, that no attempt brought, in place of the stored ones. Rows that
        say the same as before stay as they are."""
        wanted = dict.fromkeys(facts)
        with self.writing() as conn:
            rows = self.observation_rows(scan, domain).fetchall()
            stored = [(observation_of(row[1:-2]), row[-2]) for row in rows if row[1] in kinds]
            gone = [(number,) for fact, number in stored if fact not in wanted]
            conn.executemany("delete from observations where id = ?", gone)
            there = {fact for fact, _ in stored}
            self.add_observations(scan, domain, [fact for fact in wanted if fact not in there])

    def set_links(self, scan: ScanRecord, links: Iterable[Link]) -> None:
        """The links a scan found, in place of what it found before."""
        rows = [(scan.id, *map(clean, link[:4]), link[4]) for link in links]
        with self.writing() as conn:
            stored = [tuple(row) for row in conn.execute(sql.LINKS, (scan.id,))]
            if stored != [row[1:] for row in rows]:
                conn.execute("delete from links where scan_id = ?", (scan.id,))
                conn.executemany(sql.ADD_LINK, rows)

    def links(self, scan: ScanRecord) -> list[Link]:
        """The links a scan found: for analysts' tables, never for one candidate's report."""
        return [tuple(row) for row in self.conn.execute(sql.LINKS, (scan.id,))]
