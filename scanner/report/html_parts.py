"""What stands on the page of one target: its facts, timeline, likenesses and pictures, and what was not seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.model import Claim
from scanner.report import html_words as words
from scanner.report.arithmetic import carried_by
from scanner.report.html_evidence import Source
from scanner.report.html_facts import Facts, Row
from scanner.report.html_lanes import Entry
from scanner.report.html_pictures import Figure, Gallery
from scanner.report.html_sides import Copy, Picture, common_text, copies_of, pictures_of
from scanner.report.html_timeline import Timeline, draw
from scanner.report.sides import called
from scanner.report.text import named
from scanner.reuse import first_came

_BEGINS_A_SENTENCE = ("passive", "left-out")
_NOTHING = ("Nothing to ask", "Nothing to do")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding. `number` is where it stands in the report; `sides` what its two values are called; `set_aside_by` the
    statement that defeats it; `carries` whether the level of the case rests on it."""

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
    carries: bool


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
    """One target. `level` is "" for one that is not judged; `rendered` cites what a browser made of pages whose text
    only scripts write."""

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
    absent: tuple[tuple[str, tuple[Source, ...]], ...]
    unseen: tuple[Unseen, ...]
    unasked: tuple[tuple[str, str], ...]
    reused: tuple[tuple[str, str], ...]
    timeline: Timeline
    dated: tuple[Dated, ...]
    copies: tuple[tuple[Copy, tuple[Figure, ...]], ...]
    common_text: tuple[tuple[str, tuple[str, ...]], ...]
    pictures: tuple[Picture, ...]
    common_pictures: tuple[Picture, ...]
    phrases: tuple[str, ...]
    screenshots: tuple[Figure, ...]
    rendered: tuple[Source, ...]


class Maker:
    """Numbers what it makes."""

    def __init__(self, facts: Facts, document: Document) -> None:
        self._facts = facts
        self._level: str = document["level"]
        self._leads: dict[str, list[str]] = {}
        for target in document["targets"]:
            if target["why"] != "claim":
                self._leads.setdefault(target["from"], []).append(target["domain"])
        self._number = 0
        self._gallery = Gallery(facts)

    def part(self, number: int, target: Document) -> Part:
        domain = target["domain"]
        known, cite = self._facts, self._facts.appendix.cite
        rows, claims = known.rows.get(domain, []), known.claims.get(domain, ())
        made = self.facts(domain, target["findings"], target["level"] or "")
        related = self._related(domain, target["findings"])
        timeline = draw(claims, rows, known.attempts.get(domain, ()), known.record.as_of, related)
        standing = [fact for fact in made if not fact.set_aside_by]
        copies = copies_of(target["shared"], rows, known.appendix)
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
            absent=self._absent(target),
            unseen=tuple(self._unseen(domain, row) for row in target["not_seen"]),
            unasked=_unasked(target),
            reused=_reused(target),
            timeline=timeline,
            dated=tuple(Dated(entry, cite([entry.evidence])) for entry in timeline.entries),
            copies=tuple((copy, self._gallery.pair(domain, copy.other)) for copy in copies),
            common_text=common_text(target["shared"]),
            pictures=pictures_of(rows, known.appendix),
            common_pictures=pictures_of(rows, known.appendix, common=True),
            phrases=tuple(phrase["text"] for phrase in target["phrases"]),
            screenshots=self._gallery.of_target(domain, self._leads.get(domain, ())),
            rendered=cite(known.rendered.get(domain, ())),
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

    def facts(self, domain: str, findings: Iterable[Document], level: str | None = None) -> tuple[Fact, ...]:
        """Those of one target, or (without a domain and its level) those that concern several."""
        rows = list(findings)
        statements = {row["check_id"]: row["statement"] for row in reversed(rows)}
        carries = carried_by(self._level, level, rows)
        return tuple(
            self._fact(domain, row, statements, bears) for row, bears in zip(rows, carries, strict=True)
        )

    def _fact(self, domain: str, row: Document, statements: Mapping[str, str], carries: bool) -> Fact:
        self._number += 1
        by = row["defeated_by"]
        return Fact(
            number=self._number,
            domain=domain,
            check=f"{row['check_id']}, version {row['check_version']}",
            strength=row["strength"],
            weight=words.STRENGTHS[row["strength"]],
            statement=row["statement"],
            sides=called(row["check_id"]),
            claimed=row["claimed"],
            observed=row["observed"],
            innocent=row["innocent"],
            ask=_worth(row["ask"]),
            next_step=_worth(row["next_step"]),
            sources=self._facts.appendix.cite(row["evidence_ids"]),
            score=row["score"],
            set_aside_by=statements.get(by, by),
            carries=carries,
        )

    def _absent(self, target: Document) -> tuple[tuple[str, tuple[Source, ...]], ...]:
        """What a source says there is no such thing of, with its answer; each sentence once."""
        answers: dict[str, list[int | None]] = {}
        for row in target["attempts"]:
            if row["status"] == "absent" and row["source"] in words.ABSENCES:
                said = words.ABSENCES[row["source"]]
                answers.setdefault(said, []).append(
                    self._facts.decided.get((target["domain"], row["source"]))
                )
        return tuple((said, self._facts.appendix.cite(ids)) for said, ids in answers.items())

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


def _reason(reason: str) -> str:
    """Why a source was left out, in words.

    >>> _reason("no-site the website gave no page"), _reason("passive leaves out the site"), _reason("no-entry")
    ('the website gave no page', 'passive leaves out the site', 'no entry')
    """
    slug, _, text = reason.partition(" ")
    said = slug.replace("-", " ")
    return f"{said} {text}".strip() if slug in _BEGINS_A_SENTENCE else text or said


def _worth(text: str) -> str:
    return "" if text.startswith(_NOTHING) else text


def _unasked(target: Document) -> tuple[tuple[str, str], ...]:
    """Sources that were left out, with the reason in words; those that were not needed go without saying."""
    rows = [row for row in target["attempts"] if row["status"] == "skipped"]
    return tuple(
        (_capital(words.SOURCES.get(str(row["source"]), str(row["source"]))), _reason(row["reason"]))
        for row in rows
        if not row["reason"].startswith("not-needed")
    )


def _reused(target: Document) -> tuple[tuple[str, str], ...]:
    """Sources whose answer to an earlier scan was young enough to be used again, with the day on which it came."""
    rows = [(str(row["source"]), first_came(row["reason"])) for row in target["attempts"]]
    return tuple((_capital(words.SOURCES.get(source, source)), day) for source, day in rows if day)
