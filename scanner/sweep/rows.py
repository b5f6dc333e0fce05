"""The tables `sweeps` and `sweep_domains`: how far each name of a list has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from scanner.store import Store
from scanner.sweep.offline import Fact

OFFLINE, DNS, REGISTRATION, PAGES = 1, 2, 4, 8
"""Bits, so that a row says which stages asked (`asked`) and which got an answer (`done`)."""
STAGES = {OFFLINE: "offline", DNS: "dns", REGISTRATION: "registration", PAGES: "pages"}


@dataclass(frozen=True, slots=True)
class Row:
    """A name that waits for a stage."""

    domain: str
    rank: int
    facts: tuple[Fact, ...]
    reason: str = ""


@dataclass(slots=True)
class Step:
    """What a stage makes of a name. answered: False where nobody said anything of it, `reason` says why. next: the
    stage it waits for, 0 for "no further", then `reason` says why. failed: somebody was asked, and silent."""

    domain: str
    stage: int
    answered: bool
    next: int
    reason: str
    rank: int
    facts: Sequence[Fact]
    registered: str = ""
    case: str | None = None
    level: str = ""
    failed: bool = False


def facts_of(text: str) -> tuple[Fact, ...]:
    return tuple(Fact(row["kind"], row["text"], row.get("about", "")) for row in json.loads(text))


def text_of(facts: Iterable[Fact]) -> str:
    return json.dumps([fact.as_dict() for fact in facts], ensure_ascii=False) if facts else "[]"


class Rows:
    """One sweep in a store. All methods are for one thread."""

    def __init__(self, store: Store, id: str) -> None:
        self.store = store
        self.id = id

    def begin(self, file: str, likes: Sequence[str], at: str) -> bool:
        """True where this list, with these firms, was begun before."""
        with self.store.writing() as conn:
            known = conn.execute("select 1 from sweeps where id = ?", (self.id,)).fetchone() is not None
            conn.execute(
                "insert or ignore into sweeps (id, file, likes, begun_at, lines, repeated, rubbish, problems, dates) "
                "values (?, ?, ?, ?, 0, 0, 0, '[]', '{}')",
                (self.id, file, json.dumps(list(likes), ensure_ascii=False), at),
            )
        return known

    def forget(self) -> None:
        """As if this list had never been swept; scans of its names stay."""
        with self.store.writing() as conn:
            conn.execute("delete from sweep_domains where sweep_id = ?", (self.id,))
            conn.execute("delete from sweeps where id = ?", (self.id,))

    def head(self) -> dict[str, Any]:
        cursor = self.store.conn.execute("select * from sweeps where id = ?", (self.id,))
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))

    def add(self, found: Iterable[tuple[str, int, int, str]]) -> None:
        """(domain, line, rank, facts as JSON) of names; those that are there already stay as they are."""
        with self.store.writing() as conn:
            conn.executemany(
                "insert or ignore into sweep_domains (sweep_id, domain, line, rank, facts, done, next, asked, reason, "
                "registered, level) values (?, ?, ?, ?, ?, 1, 2, 1, '', '', '')",
                [(self.id, *row) for row in found],
            )

    def was_read(
        self, at: str, lines: int, repeated: int, rubbish: int, problems: Sequence[dict[str, Any]]
    ) -> None:
        with self.store.writing() as conn:
            conn.execute(
                "update sweeps set read_at = ?, lines = ?, repeated = ?, rubbish = ?, problems = ? where id = ?",
                (at, lines, repeated, rubbish, json.dumps(list(problems), ensure_ascii=False), self.id),
            )

    def waiting(self, stage: int, budget: int) -> list[str]:
        """Names that wait for a stage, the most telling first: those that got no answer before (they are counted
        already), and new ones as far as the budget goes."""
        spent = self.count("asked & ? > 0", stage)
        order = "order by rank desc, line, domain limit ?"
        select = "select domain from sweep_domains where sweep_id = ? and next = ? and asked &"
        again = self.store.conn.execute(f"{select} ? > 0 {order}", (self.id, stage, stage, budget))
        new = self.store.conn.execute(
            f"{select} ? = 0 {order}", (self.id, stage, stage, max(0, budget - spent))
        )
        names = [row[0] for row in new]
        return names + [row[0] for row in again]

    def row(self, domain: str) -> Row:
        rank, facts, reason = self.store.conn.execute(
            "select rank, facts, reason from sweep_domains where sweep_id = ? and domain = ?",
            (self.id, domain),
        ).fetchone()
        return Row(domain, rank, facts_of(facts), reason)

    def settle(self, steps: Iterable[Step]) -> None:
        """What a stage made of names, in one transaction."""
        with self.store.writing() as conn:
            for step in steps:
                conn.execute(
                    "update sweep_domains set asked = asked | ?, done = done | ?, next = ?, reason = ?, "
                    "rank = ?, facts = ?, registered = coalesce(nullif(?, ''), registered), case_id = ?, level = ? "
                    "where sweep_id = ? and domain = ?",
                    (
                        step.stage, step.stage if step.answered else 0, step.next, step.reason[:200], step.rank,
                        text_of(step.facts), step.registered, step.case, step.level, self.id, step.domain,
                    ),
                )  # fmt: skip

    def dates(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.head()["dates"])
        return found

    def set_dates(self, dates: dict[str, str]) -> None:
        with self.store.writing() as conn:
            conn.execute(
                "update sweeps set dates = ? where id = ?", (json.dumps(dates, sort_keys=True), self.id)
            )

    def ended(self, at: str) -> None:
        with self.store.writing() as conn:
            conn.execute("update sweeps set ended_at = ? where id = ?", (at, self.id))

    def count(self, where: str, *values: Any) -> int:
        found = self.store.conn.execute(
            f"select count(*) from sweep_domains where sweep_id = ? and {where}",  # noqa: S608 - our own words
            (self.id, *values),
        )
        return int(found.fetchone()[0])

    def reasons(self, where: str, *values: Any) -> dict[str, int]:
        """Slug of the reason -> how many, most first."""
        slug = "case when instr(reason, ' ') then substr(reason, 1, instr(reason, ' ') - 1) else reason end"
        query = f"select {slug}, count(*) from sweep_domains where sweep_id = ? and {where} group by 1"  # noqa: S608
        found = self.store.conn.execute(f"{query} order by 2 desc, 1", (self.id, *values))
        return {str(slug): int(number) for slug, number in found}

    def for_a_person(self, most: int) -> list[dict[str, Any]]:
        """Names with something to look into, what an ordinary scan thought gravest first."""
        cursor = self.store.conn.execute(
            "select domain, line, rank, facts, done, next, reason, registered, case_id, level from sweep_domains "
            "where sweep_id = ? and rank > 0 order by case level when 'known' then 4 when 'contradicted' then 3 "
            "when 'review' then 2 when 'not-enough' then 1 else 0 end desc, rank desc, line limit ?",
            (self.id, most),
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]
