"""What stands on the page, in the order in which it is read: from the plain document and the dated facts. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.model import Claim
from scanner.report import html_words as words
from scanner.report.document import UNJUDGED
from scanner.report.html_evidence import Appendix, Source
from scanner.report.html_facts import Facts, Row, Screenshot
from scanner.report.html_sides import Copy, Picture, common_text, copies_of, pictures_of
from scanner.report.html_steps import Step, asks_of, steps_of
from scanner.report.html_timeline import Entry, Timeline, draw
from scanner.report.text import json_text, named

CARRYING_SHOWN = 5
_ORDER = [*words.LEVELS, ""]
"""What needs a person first; an address that is not judged yet comes last."""
_NOTHING = ("Nothing to ask", "Nothing to do")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding. `number` is where it stands in the report; `sides` what its two values are called; `set_aside_by` the
    statement that defeats it."""

    number: int
    domain: str
    check: str
    strength: str
    weight: str
    statement: str
    sides: tuple[str, str]
    claimed: str
    observed: str
    innocent: str
    ask: str
    next_step: str
    sources: tuple[Source, ...]
    score: float
    set_aside_by: str


@dataclass(frozen=True, slots=True)
class Unseen:
    source: str
    silence: str
    detail: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    entry: Entry
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One target. `level` is "" for one that is not judged."""

    number: int
    domain: str
    shown: str
    level: str
    heading: str
    summary: str
    answered: int
    planned: int
    claims: tuple[Claim, ...]
    against: tuple[Fact, ...]
    speaks_for: tuple[Fact, ...]
    set_aside: tuple[Fact, ...]
    on_record: tuple[Fact, ...]
    absent: tuple[str, ...]
    unseen: tuple[Unseen, ...]
    unasked: tuple[tuple[str, str], ...]
    timeline: Timeline
    dated: tuple[Dated, ...]
    copies: tuple[Copy, ...]
    common_text: tuple[tuple[str, tuple[str, ...]], ...]
    pictures: tuple[Picture, ...]
    common_pictures: tuple[Picture, ...]
    phrases: tuple[str, ...]
    screenshots: tuple[tuple[Screenshot, tuple[Source, ...]], ...]


@dataclass(frozen=True, slots=True)
class Lead:
    shown: str
    origin: str
    because: str


@dataclass(frozen=True, slots=True)
class Page:
    case: str
    label: str
    level: str
    heading: str
    summary: str
    meaning: str
    status: str
    day: str
    parts: tuple[Part, ...]
    carried: str
    carrying: tuple[Fact, ...]
    across: tuple[Fact, ...]
    asks: tuple[Step, ...]
    steps: tuple[Step, ...]
    leads: tuple[Lead, ...]
    unaddressed: tuple[Mapping[str, str], ...]
    limits: tuple[str, ...]
    made: tuple[tuple[str, str], ...]
    appendix: Appendix


def page_of(document: Document, facts: Facts) -> Page:
    """The page of one scan. Numbers of facts and of evidence follow the order of reading."""
    maker = _Maker(facts, document["targets"])
    for row in _carrying(document):
        facts.appendix.cite(row["evidence_ids"])
    claimed = sorted(
        (t for t in document["targets"] if t["why"] == "claim"), key=lambda t: _ORDER.index(t["level"] or "")
    )
    parts = tuple(maker.part(number, target) for number, target in enumerate(claimed, 1))
    across = maker.facts("", document["findings"])
    counting = sorted(
        (f for f in [*across, *(f for p in parts for f in p.against)] if f.score > 0 and not f.set_aside_by),
        key=lambda fact: -fact.score,
    )
    carrying = [fact for fact in counting if fact.strength != "weak"][:CARRYING_SHOWN]
    unjudged = document["summary"] == UNJUDGED
    level = document["level"]
    return Page(
        case=document["case"],
        label=document["label"],
        level=level,
        heading=words.UNJUDGED if unjudged else words.LEVELS[level],
        summary=document["summary"],
        meaning=words.MEANINGS["unjudged" if unjudged else level],
        status=words.STATUSES.get(document["status"], ""),
        day=document["as_of"][:10],
        parts=parts,
        carried=words.NOT_CARRIED if level in ("nothing-found", "not-enough") else words.CARRIED,
        carrying=tuple(carrying),
        across=across,
        asks=asks_of(((fact.ask, fact.domain) for fact in counting), document["unaddressed"]),
        steps=steps_of(((fact.next_step, fact.domain) for fact in counting), document["unaddressed"]),
        leads=tuple(_lead(t) for t in document["targets"] if t["why"] != "claim"),
        unaddressed=tuple(document["unaddressed"]),
        limits=words.LIMITS,
        made=_made(document, facts),
        appendix=facts.appendix,
    )


def _carrying(document: Document) -> list[Document]:
    """The findings told first, so that their evidence gets the first numbers."""
    rows = [row for target in document["targets"] for row in target["findings"]] + list(document["findings"])
    counting = [r for r in rows if r["score"] > 0 and not r["defeated_by"] and r["strength"] != "weak"]
    return sorted(counting, key=lambda row: -row["score"])[:CARRYING_SHOWN]


class _Maker:
    """Numbers what it makes."""

    def __init__(self, facts: Facts, targets: Iterable[Document]) -> None:
        self._facts = facts
        self._leads: dict[str, list[str]] = {}
        for target in targets:
            if target["why"] != "claim":
                self._leads.setdefault(target["from"], []).append(target["domain"])
        self._number = 0

    def part(self, number: int, target: Document) -> Part:
        domain = target["domain"]
        known, cite = self._facts, self._facts.appendix.cite
        rows, claims = known.rows.get(domain, []), known.claims.get(domain, ())
        made = self.facts(domain, target["findings"])
        related = self._related(domain, target["findings"])
        timeline = draw(claims, rows, known.attempts.get(domain, ()), known.record.as_of, related)
        standing = [fact for fact in made if not fact.set_aside_by]
        return Part(
            number=number,
            domain=domain,
            shown=named(domain),
            level=target["level"] or "",
            heading=words.LEVELS.get(target["level"] or "", words.UNJUDGED),
            summary=target["summary"],
            answered=target["answered"],
            planned=target["planned"],
            claims=claims,
            against=tuple(fact for fact in standing if fact.score > 0),
            speaks_for=tuple(fact for fact in standing if fact.score < 0),
            set_aside=tuple(fact for fact in made if fact.set_aside_by),
            on_record=tuple(fact for fact in standing if fact.score == 0),
            absent=_absent(target),
            unseen=tuple(self._unseen(domain, row) for row in target["not_seen"]),
            unasked=_unasked(target),
            timeline=timeline,
            dated=tuple(Dated(entry, cite([entry.evidence])) for entry in timeline.entries),
            copies=copies_of(target["shared"], rows, known.appendix),
            common_text=common_text(target["shared"]),
            pictures=pictures_of(rows, known.appendix),
            common_pictures=pictures_of(rows, known.appendix, common=True),
            phrases=tuple(phrase["text"] for phrase in target["phrases"]),
            screenshots=tuple(
                (shot, cite([shot.evidence]))
                for name in (domain, *self._leads.get(domain, ()))
                for shot in known.screenshots.get(name, ())
            ),
        )

    def _related(self, domain: str, findings: Iterable[Document]) -> dict[str, list[Row]]:
        """The dated facts of the other domains on which findings in favour of the claims rest."""
        found: dict[str, list[Row]] = {}
        for row in findings:
            for id in row["evidence_ids"] if row["score"] < 0 and not row["defeated_by"] else ():
                fetch = self._facts.appendix.all.get(id)
                if fetch is not None and fetch.domain not in ("", domain):
                    found.setdefault(fetch.domain, self._facts.rows.get(fetch.domain, []))
        return found

    def facts(self, domain: str, findings: Iterable[Document]) -> tuple[Fact, ...]:
        rows = list(findings)
        statements = {row["check_id"]: row["statement"] for row in reversed(rows)}
        return tuple(self._fact(domain, row, statements) for row in rows)

    def _fact(self, domain: str, row: Document, statements: Mapping[str, str]) -> Fact:
        self._number += 1
        by = row["defeated_by"]
        return Fact(
            number=self._number,
            domain=domain,
            check=f"{row['check_id']}, version {row['check_version']}",
            strength=row["strength"],
            weight=words.STRENGTHS[row["strength"]],
            statement=row["statement"],
            sides=("Here", "There") if row["family"] == "copy" else ("Claimed", "On record"),
            claimed=row["claimed"],
            observed=row["observed"],
            innocent=row["innocent"],
            ask=_worth(row["ask"]),
            next_step=_worth(row["next_step"]),
            sources=self._facts.appendix.cite(row["evidence_ids"]),
            score=row["score"],
            set_aside_by=statements.get(by, by),
        )

    def _unseen(self, domain: str, row: Document) -> Unseen:
        unfinished = row["reason"].startswith("unfinished")
        detail = row["status"] if not row["reason"] else f"{row['status']}: {row['reason']}"
        decided = self._facts.decided.get((domain, row["source"]))
        source: str = row["source"]
        return Unseen(
            _capital(words.SOURCES.get(source, source)),
            "was not finished when the scan stopped" if unfinished else words.SILENCES[row["status"]],
            "" if unfinished else detail,
            self._facts.appendix.cite([decided]),
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _worth(text: str) -> str:
    return "" if text.startswith(_NOTHING) else text


def _absent(target: Document) -> tuple[str, ...]:
    sources = [row["source"] for row in target["attempts"] if row["status"] == "absent"]
    return tuple(dict.fromkeys(words.ABSENCES[source] for source in sources if source in words.ABSENCES))


def _unasked(target: Document) -> tuple[tuple[str, str], ...]:
    """Sources that were left out, with the reason in words; those that were not needed go without saying."""
    rows = [row for row in target["attempts"] if row["status"] == "skipped"]
    return tuple(
        (_capital(words.SOURCES.get(str(row["source"]), str(row["source"]))), row["reason"].replace("-", " "))
        for row in rows
        if not row["reason"].startswith("not-needed")
    )


def _lead(target: Document) -> Lead:
    return Lead(named(target["domain"]), named(target["from"]) if target["from"] else "", target["because"])


def _made(document: Document, facts: Facts) -> tuple[tuple[str, str], ...]:
    """How the report came to be. The digest of the data is that of `report CASE --format json`, as it is printed."""
    record, appendix = facts.record, facts.appendix
    data = hashlib.sha256(f"{json_text(document)}\n".encode("utf-8", "surrogatepass")).hexdigest()
    ended = record.ended_at.isoformat().replace("+00:00", "Z") if record.ended_at else "not ended"
    return (
        ("Tool", f"falsefront {record.tool_version}, knowledge {record.knowledge_version}"),
        ("Scan", record.uid),
        ("Status", record.status.value + (", passive sources only" if record.passive else "")),
        ("Started", record.started_at.isoformat().replace("+00:00", "Z")),
        ("Ended", ended),
        ("Judged as of", document["as_of"]),
        ("Fetches kept", f"{len(appendix.all)} in {', '.join(appendix.files) or 'no file'}"),
        ("Digest of all fetches", f"{appendix.digest} (SHA-256 of their sorted digests, one a line)"),
        ("Digest of the findings", f"sha256:{data} (of this case's JSON report)"),
    )
