"""Two sites beside each other: what `compare` says, from the document of a scan that looked at both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from scanner.report import shared, terminal
from scanner.report.text import named, plain

Document = Mapping[str, Any]


def of_two(found: Document, one: str, other: str) -> dict[str, Any]:
    """What a scan of both found of the two.

    `findings`: of either, about the other, those that count first; `beside`: what either shares with third sites;
    `shared`: the passages as they read on both, with addresses and dates; `unread`: which of the two gave no page, or
    not all, and why. A likeness is only as well looked for as both were read.
    """
    targets = {target["domain"]: target for target in found["targets"]}
    about: list[Document] = []
    beside: list[Document] = []
    for domain, facing in ((one, other), (other, one)):
        rows = targets[domain]["findings"] if domain in targets else ()
        for row in rows:
            if row["family"] == "copy":
                (about if _names(row, facing) else beside).append(row)
    return {
        "sites": [one, other],
        "findings": sorted(about, key=_weight),
        "beside": sorted(beside, key=_weight),
        "shared": [pair for pair in targets.get(one, {}).get("shared", ()) if pair["domain"] == other],
        "unread": [row for domain in (one, other) for row in _unread(domain, targets.get(domain))],
        "not_seen": [row for row in found["not_seen"] if row["domain"] in (one, other)],
        "scan": found["scan"],
    }


def show(pair: Document, console: Console) -> None:
    """Prints it: whether both were read, what they share, the passages beside each other, and what is beside that."""
    one, other = pair["sites"]
    for row in pair["unread"]:
        why = f"{row['status']}: {row['reason']}" if row["reason"] else row["status"]
        console.print(Text(f"{named(row['domain'])} could not be read, or not in full ({plain(why)})."))
    if not pair["findings"] and not pair["shared"]:
        console.print(Text(f"No shared passages or pictures of {named(one)} and {named(other)} were found."))
    for row in pair["findings"]:
        if not row["defeated_by"]:
            terminal.statement(row, console)
    terminal.set_aside(pair["findings"], console)
    for side in pair["shared"]:
        shared.show_pair(one, side, console)
    if counting := [row for row in pair["beside"] if not row["defeated_by"]]:
        console.print(Text("\nBeside what the two share with each other", style="bold"))
        for row in counting:
            terminal.statement(row, console)
    terminal.silent(pair["not_seen"], console)


def _names(finding: Document, domain: str) -> bool:
    """Whether a finding is about that site. What it says is all that names it: a finding has one target."""
    name = re.compile(rf"(?<![\w-]){re.escape(domain)}(?![\w-]|\.\w)")
    said: Sequence[str] = (finding["statement"], finding["claimed"], finding["observed"])
    return any(name.search(text) for text in said)


def _weight(finding: Document) -> tuple[bool, float]:
    return bool(finding["defeated_by"]), -finding["score"]


def _unread(domain: str, target: Document | None) -> list[dict[str, str]]:
    rows = [row for row in target["attempts"] if row["source"] == "website"] if target else []
    if not rows:
        return [{"domain": domain, "status": "not asked", "reason": ""}]
    return [
        {"domain": domain, "status": row["status"], "reason": row["reason"]}
        for row in rows
        if row["status"] != "ok"
    ]
