"""Text two sites share, side by side, and sentences to search by hand: from what a scan wrote down, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanner import phrases
from scanner.model import Observation
from scanner.report.text import named, plain
from scanner.store import ScanRecord, Store

NAMES = (("copy", "match"), ("copy", "passage"), ("copy", "seen"), ("copy", "phrase"))
PAIRS_SHOWN, PASSAGES_SHOWN, LETTERS_SHOWN = 2, 3, 600
_WORTH_READING = ("strong", "partial")


def of_scan(store: Store, record: ScanRecord) -> dict[str, dict[str, list[Any]]]:
    """domain -> `shared` (the pairs of pages, surest first) and `phrases` (text and address of a web search)."""
    rows: dict[str, list[Observation]] = {}
    for domain, row in store.observations_named(record, NAMES):
        rows.setdefault(domain, []).append(row)
    return {domain: {"shared": pairs(own), "phrases": phrases.shown(own)} for domain, own in rows.items()}


def pairs(rows: Iterable[Observation]) -> list[dict[str, Any]]:
    """Each other site with text of this one: kind, both pages with the earliest sight of the shared text, and
    the passages as they read on both sides, longest first."""
    own = list(rows)
    return [
        {
            "domain": what["domain"],
            "kind": what["kind"],
            "words": what["words"],
            "ours": _side("ours", what, own),
            "theirs": _side("theirs", what, own),
            "passages": _passages(what["domain"], own),
        }
        for what in (json.loads(row.value) for row in own if row.name == "match")
    ]


def _side(side: str, what: Mapping[str, Any], rows: Sequence[Observation]) -> dict[str, str]:
    """A page, and the earliest day by which the shared text is known to have stood there ("" where none is)."""
    mark = f"{side} {what['domain']} "
    seen = [row for row in rows if row.name == "seen" and row.starts and row.value.startswith(mark)]
    first = min(seen, key=lambda row: (row.starts.last if row.starts else 0, row.source), default=None)
    return {
        "url": what[side],
        "seen_by": str(first.starts) if first else "",
        "seen_in": first.source if first else "",
    }


def _passages(domain: str, rows: Iterable[Observation]) -> list[dict[str, Any]]:
    found = [json.loads(row.value) for row in rows if row.name == "passage"]
    return [
        {"words": one["words"], "ours": one["ours"], "theirs": one["theirs"]}
        for one in found
        if one["domain"] == domain
    ]


def show(target: Mapping[str, Any], console: Console) -> None:
    """Prints both for one target: passages beside each other, then the searches."""
    worth = [pair for pair in target.get("shared", ()) if pair["kind"] in _WORTH_READING and pair["passages"]]
    for pair in worth[:PAIRS_SHOWN]:
        show_pair(target["domain"], pair, console)
    found = target.get("phrases", ())
    for number, phrase in enumerate(found):
        if not number:
            console.print(
                Text("  search the web for its rarest sentences (nothing is sent until you click)", "dim")
            )
        console.print(Text(f"    “{plain(phrase['text'])}”"))
        console.print(Text(f"      {plain(phrase['search'])}", style="dim"), soft_wrap=True)


def show_pair(domain: str, pair: Mapping[str, Any], console: Console) -> None:
    """One pair: what stands on our side, what on the other, both with address and date."""
    grid = Table(box=None, padding=(0, 2, 0, 2), show_edge=False, pad_edge=True, expand=False)
    for side, name in (("ours", domain), ("theirs", pair["domain"])):
        grid.add_column(_head(name, pair[side]), ratio=1, overflow="fold")
    shown = pair["passages"][:PASSAGES_SHOWN]
    for passage in shown:
        grid.add_row(_cut(passage["ours"]), _cut(passage["theirs"]))
        grid.add_row("", "")
    rest = "" if sum(passage["words"] for passage in shown) >= pair["words"] else "; the longest passages"
    console.print(Text(f"\n  the same text on both ({pair['words']} words{rest})", style="dim"))
    console.print(grid)


def _head(name: str, side: Mapping[str, str]) -> Text:
    how = {"captures": "archived", "library": "first seen"}.get(side["seen_in"], "")
    when = f"{how} {side['seen_by'][:10]}" if side["seen_by"] else "undated"
    return Text(f"{named(name)} ({when})\n{plain(side['url'])}", style="bold")


def _cut(text: str) -> Text:
    shown = plain(text)
    return Text(shown if len(shown) <= LETTERS_SHOWN else f"{shown[:LETTERS_SHOWN]}…")
