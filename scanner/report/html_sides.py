"""Text and pictures that two sites share, both sides beside each other, each with its address and its earliest date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanner.report.html_evidence import Appendix, Source
from scanner.report.html_facts import Row
from scanner.report.html_marks import Run, side_by_side
from scanner.report.html_words import COPIES, PICTURES
from scanner.report.text import named

COPIES_SHOWN, PASSAGES_SHOWN, PICTURES_SHOWN = 3, 3, 6
_WITH_PASSAGES = ("strong", "partial")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a likeness. `seen` says since when it is known there, in words."""

    domain: str
    url: str
    seen: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A likeness of pages. `other` is the other site's domain as it stands in DNS."""

    other: str
    what: str
    words: int
    ours: Side
    theirs: Side
    passages: tuple[tuple[tuple[Run, ...], tuple[Run, ...]], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture both show, or (without `theirs`) one that many show. `why` says what kind it is."""

    why: str
    likeness: str
    ours: str
    ours_page: str
    theirs: str
    theirs_page: str
    other: str
    ours_seen: str
    theirs_seen: str
    sources: tuple[Source, ...]


def copies_of(
    shared: Sequence[Mapping[str, Any]], rows: Sequence[Row], appendix: Appendix
) -> tuple[Copy, ...]:
    """The likenesses of one target's pages that have passages to read, surest first as the document has them."""
    seen = [row for row in rows if row.named("copy", "seen") and row.fact.starts]
    worth = [pair for pair in shared if pair["kind"] in _WITH_PASSAGES and pair["passages"]]
    return tuple(_copy(pair, seen, appendix) for pair in worth[:COPIES_SHOWN])


def common_text(shared: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Likenesses that are nobody's in particular, with the sites each was seen on: named, not shown."""
    found: dict[str, dict[str, None]] = {}
    for pair in shared:
        if pair["kind"] not in _WITH_PASSAGES:
            found.setdefault(COPIES.get(pair["kind"], pair["kind"]), {})[named(pair["domain"])] = None
    return tuple((what, tuple(domains)) for what, domains in found.items())


def _copy(pair: Mapping[str, Any], seen: Sequence[Row], appendix: Appendix) -> Copy:
    return Copy(
        pair["domain"],
        COPIES.get(pair["kind"], pair["kind"]),
        pair["words"],
        _side("ours", "", pair, seen, appendix),
        _side("theirs", pair["domain"], pair, seen, appendix),
        tuple(
            side_by_side(passage["ours"], passage["theirs"]) for passage in pair["passages"][:PASSAGES_SHOWN]
        ),
    )


def _side(side: str, domain: str, pair: Mapping[str, Any], seen: Iterable[Row], appendix: Appendix) -> Side:
    what = pair[side]
    mark = f"{side} {pair['domain']} "
    ids = [
        row.evidence
        for row in seen
        if row.fact.value.startswith(mark) and str(row.fact.starts) == what["seen_by"] and row.evidence
    ]
    how = {"captures": "in the web archive", "library": "seen in a scan or crawl"}.get(
        what["seen_in"], "seen"
    )
    when = (
        f"{how} by {what['seen_by'][:10]}" if what["seen_by"] else "undated: when it came there is not known"
    )
    return Side(
        named(domain) if domain else "", what["url"], when, appendix.cite(ids) + appendix.page(what["url"])
    )


def pictures_of(rows: Sequence[Row], appendix: Appendix, *, common: bool = False) -> tuple[Picture, ...]:
    """Pictures of one target that another site shows too, photographs first; with `common`, those that many show."""
    kind = "common" if common else "shared"
    found = [(json.loads(row.fact.value), row) for row in rows if row.named("picture", kind)]
    order = list(PICTURES)
    found.sort(key=lambda one: order.index(k) if (k := one[0].get("kind", "")) in order else len(order))
    made = _common(found, appendix) if common else _pairs(found, rows, appendix)
    return tuple(dict.fromkeys(made))[:PICTURES_SHOWN]


def _common(found: Iterable[tuple[Any, Row]], appendix: Appendix) -> Iterator[Picture]:
    for what, row in found:
        sites = f"{what['sites']} other sites or more show it: nobody's in particular"
        yield Picture(
            sites, "", what["ours"], what["page"], "", "", "", "", "", appendix.cite([row.evidence])
        )


def _pairs(found: Iterable[tuple[Any, Row]], rows: Sequence[Row], appendix: Appendix) -> Iterator[Picture]:
    sights = [row for row in rows if row.named("picture", "sight", "archived") and row.fact.starts]
    for what, row in found:
        likeness = "the same bytes" if what["same_bytes"] else f"{what['bits']} of 128 features differ"
        turned = ", mirrored" if what["mirrored"] else ""
        ours, theirs = (_seen(side, what, sights) for side in ("ours", "theirs"))
        yield Picture(
            PICTURES.get(what["kind"], what["kind"]),
            likeness + turned,
            what["ours"],
            what["ours_page"],
            what["theirs"],
            what["theirs_page"],
            named(what["domain"]),
            ours[0],
            theirs[0],
            appendix.cite([row.evidence, *ours[1], *theirs[1]]),
        )


def _seen(side: str, what: Mapping[str, Any], sights: Iterable[Row]) -> tuple[str, list[int | None]]:
    """Since when that side is known to show it, and the evidence."""
    mark = f"{side} {what['domain']} {what[side]}"
    own = [row for row in sights if row.fact.value == mark]
    first = min(
        own, key=lambda row: (row.fact.starts.last if row.fact.starts else 0, row.fact.name), default=None
    )
    if first is None or first.fact.starts is None:
        return "undated", []
    how = "archived" if first.fact.name == "archived" else "seen"
    return f"{how} by {first.fact.starts.day}", [first.evidence]
