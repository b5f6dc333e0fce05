"""What stands on the page, in the order in which it is read: from the plain document and the dated facts. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scanner.report import html_words as words
from scanner.report.arithmetic import carried_by
from scanner.report.document import UNJUDGED
from scanner.report.html_brief import Brief, brief_of
from scanner.report.html_evidence import Appendix
from scanner.report.html_facts import Facts
from scanner.report.html_parts import Document, Fact, Maker, Part
from scanner.report.html_steps import Step, asks_of, steps_of
from scanner.report.text import json_text, named

CARRYING_SHOWN = 5
_ORDER = [*words.LEVELS, ""]
"""What needs a person first; an address that is not judged yet comes last."""


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
    honest: str
    status: str
    day: str
    parts: tuple[Part, ...]
    brief: Brief
    told: tuple[tuple[str, tuple[Fact, ...]], ...]
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
    claimed = sorted(
        (t for t in document["targets"] if t["why"] == "claim"), key=lambda t: _ORDER.index(t["level"] or "")
    )
    maker = Maker(facts, document)
    for row in _told_first(document, claimed):
        facts.appendix.cite(row["evidence_ids"])
    parts = tuple(maker.part(number, target) for number, target in enumerate(claimed, 1))
    across = maker.facts("", document["findings"])
    counting = sorted(
        (f for f in [*(f for p in parts for f in p.against), *across] if f.score > 0 and not f.set_aside_by),
        key=lambda fact: (not fact.carries, -fact.score),
    )
    unjudged = document["summary"] == UNJUDGED
    level = document["level"]
    return Page(
        case=document["case"],
        label=document["label"],
        level=level,
        heading=words.UNJUDGED if unjudged else words.LEVELS[level],
        summary=document["summary"],
        meaning=words.MEANINGS["unjudged" if unjudged else level],
        honest="" if level == "nothing-found" and not unjudged else words.HONEST,
        status=words.STATUSES.get(document["status"], ""),
        day=document["as_of"][:10],
        parts=parts,
        brief=brief_of(level, parts, across),
        told=tuple(_told([fact for fact in counting if fact.strength != "weak"][:CARRYING_SHOWN])),
        across=across,
        asks=asks_of(((fact.ask, fact.domain) for fact in counting), document["unaddressed"]),
        steps=steps_of(((fact.next_step, fact.domain) for fact in counting), document["unaddressed"]),
        leads=tuple(_lead(t) for t in document["targets"] if t["why"] != "claim"),
        unaddressed=tuple(document["unaddressed"]),
        limits=words.LIMITS,
        made=_made(document, facts),
        appendix=facts.appendix,
    )


def _told(shown: Iterable[Fact]) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """The facts told first under their headings: those the level rests on, then what else is unusual."""
    carrying = tuple(fact for fact in shown if fact.carries)
    beside = tuple(fact for fact in shown if not fact.carries)
    if carrying:
        yield words.CARRIED, carrying
    if beside:
        yield words.BESIDE if carrying else words.NOT_CARRIED, beside


def _told_first(document: Document, claimed: Iterable[Document]) -> list[Document]:
    """The findings told first, so that their evidence gets the first numbers."""
    level: str = document["level"]
    groups = [(target["findings"], target["level"] or "") for target in claimed]
    found = [
        (row, carries)
        for rows, own in (*groups, (document["findings"], None))
        for row, carries in zip(rows, carried_by(level, own, rows), strict=True)
        if row["score"] > 0 and not row["defeated_by"] and row["strength"] != "weak"
    ]
    found.sort(key=lambda one: (not one[1], -one[0]["score"]))
    return [row for row, _ in found[:CARRYING_SHOWN]]


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
