"""A finding with its evidence, and one piece of evidence: read from the WARC by its offset, shown as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.utils.asgi import NotFound, Request, Response

from scanner.browse import queries
from scanner.browse.answers import Asked, Row
from scanner.browse.evidence_text import Shown, payload, read
from scanner.parse import ParseFailed, ParsePool
from scanner.store import EvidenceError

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_EVIDENCE = 6
"""Pieces of evidence read for one finding; the others are linked."""
_AROUND, _OPENING = 320, 900
_READERS: WeakKeyDictionary[Datasette, ParsePool] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where a value stands in a text: what comes before, the value itself, what comes after."""

    before: str
    value: str
    after: str


async def finding(datasette: Datasette, request: Request) -> Response:
    """One finding: the two values, what could explain it, what to ask, and the bytes it rests on."""
    asked = await Asked.allowed(datasette, request)
    found = await asked.rows(queries.FINDING, [_id(asked)])
    if not found:
        raise NotFound("No such finding.")
    support = await asked.rows(queries.SUPPORT, [found[0]["id"]])
    ids = list(dict.fromkeys(row["evidence_id"] for row in support if row["evidence_id"] is not None))
    texts = {}
    for number in ids[:MOST_EVIDENCE]:
        texts[number] = await _evidence(asked, number)
    return await asked.page(
        "falsefront_finding.html",
        finding=found[0],
        support=support,
        evidence=[(texts[number], _excerpts(texts[number], support)) for number in texts],
        more=ids[MOST_EVIDENCE:],
    )


async def evidence(datasette: Datasette, request: Request) -> Response:
    """One piece of evidence as text, cut; never as what it would be in a browser."""
    asked = await Asked.allowed(datasette, request)
    found = await _evidence(asked, _id(asked))
    if not found:
        raise NotFound("No such evidence.")
    return await asked.page("falsefront_evidence.html", evidence=found)


async def close_readers(datasette: Datasette) -> None:
    """End the worker that reads evidence."""
    pool = _READERS.pop(datasette, None)
    if pool is not None:
        await pool.close()


def _id(asked: Asked) -> int:
    return int(asked.part("id"))


async def _evidence(asked: Asked, number: int) -> Row:
    """The row, with `shown` (None where the bytes can't be shown) and `problem` (why, else "")."""
    rows = await asked.rows(queries.EVIDENCE, [number])
    if not rows:
        return {}
    row: dict[str, Any] = rows[0]
    try:
        stored = await asked.stored(lambda store: store.read_evidence(number))
        answer = await _reader(asked.datasette).run(
            "scanner.browse.evidence_text:as_text", payload(stored.media_type, stored.block)
        )
    except EvidenceError as error:
        return {**row, "shown": None, "problem": f"The stored bytes can't be read: {error}"}
    except ParseFailed as error:
        return {**row, "shown": None, "problem": f"They can't be shown as text: {error.reason}"}
    cut = f"cut when it was fetched ({stored.truncated})" if stored.truncated else ""
    return {**row, "shown": read(answer), "problem": "", "cut": cut}


def _reader(datasette: Datasette) -> ParsePool:
    """One worker a Datasette, started when evidence is looked at for the first time."""
    pool = _READERS.get(datasette)
    if pool is None:
        pool = _READERS[datasette] = ParsePool(
            1, preload=("scanner.browse.evidence_text", "dns.message"), allow=("scanner.browse",)
        )
    return pool


def _excerpts(evidence: Row, support: list[Row]) -> list[Excerpt]:
    """Where the values read from this evidence stand in it, each once; its beginning where none is found."""
    shown: Shown | None = evidence.get("shown")
    if shown is None:
        return []
    wanted = [row for row in support if row["evidence_id"] == evidence["id"]]
    spots: dict[int, Excerpt] = {}
    for row in wanted:
        for value in _spellings(row):
            at = shown.text.find(value)
            if at >= 0 and not any(abs(at - other) < _AROUND for other in spots):
                end = at + len(value)
                before = shown.text[max(0, at - _AROUND) : at]
                spots[at] = Excerpt(before, shown.text[at:end], shown.text[end : end + _AROUND])
                break
    found = [spots[at] for at in sorted(spots)][:4]
    return found or [Excerpt("", "", shown.text[:_OPENING])]


def _spellings(row: Row) -> list[str]:
    """How the bytes may write what was read from them: the date first, where there is one."""
    date = str(row["starts"] or "")[:10]
    written = [date, date.replace("-", ""), str(row["value"] or "")]
    return [one for one in written if len(one) >= 4]
