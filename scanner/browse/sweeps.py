"""A list that was swept: what was found, how far each stage came, and what was not looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from scanner.browse import queries
from scanner.browse.answers import Asked, Row
from scanner.sweep.rows import OFFLINE, STAGES, facts_of

if TYPE_CHECKING:
    from datasette.app import Datasette

A_PAGE = 50
WHICH = {
    "telling": "with something to look into",
    "waiting": "not looked at to the end",
    "all": "all names",
}
WORDS = {
    OFFLINE: "lists and look-alikes, offline",
    2: "name servers",
    4: "registries",
    8: "pages",
}
"""The stages as a person calls them."""


async def sweep(datasette: Datasette, request: Request) -> Response:
    """One list."""
    asked = await Asked.allowed(datasette, request)
    name = asked.part("sweep")
    found = await asked.rows(queries.SWEEP, [name])
    if not found:
        raise NotFound("No such sweep.")
    which = asked.arg("which") if asked.arg("which") in WHICH else "telling"
    skip = int(asked.arg("skip")) if asked.arg("skip").isdecimal() and len(asked.arg("skip")) < 8 else 0
    groups = await asked.rows(queries.SWEEP_GROUPS, [name])
    rows = await asked.rows(
        queries.SWEEP_NAMES, {"sweep": name, "which": which, "size": A_PAGE, "skip": skip}
    )
    counts = {
        "telling": sum(group["names"] for group in groups if group["telling"]),
        "waiting": sum(group["names"] for group in groups if group["next"]),
        "all": sum(group["names"] for group in groups),
    }
    return await asked.page(
        "falsefront_sweep.html",
        sweep=found[0],
        likes=json.loads(found[0]["likes"]),
        problems=json.loads(found[0]["problems"])[:20],
        stages=stages(groups),
        names=swept(rows),
        which=which,
        whiches=WHICH,
        counts=counts,
        skip=skip,
        step=A_PAGE,
    )


def stages(groups: Iterable[Row]) -> list[dict[str, Any]]:
    """How far each stage came, from names counted by `asked`, `done`, `next`, `scanned` and `reason`: `looked_at`,
    `no_answer` and `ended` (reason -> names; "ended": for which it was the last, by choice), `left` (waits for it)."""
    found = []
    every = list(groups)
    for stage in STAGES:
        silent: dict[str, int] = {}
        ended: dict[str, int] = {}
        for group in every:
            if group["asked"] & stage and not group["done"] & stage:
                _add(silent, group)
            elif (
                group["done"] & stage
                and not group["next"]
                and not group["scanned"]
                and group["asked"] < stage * 2
            ):
                _add(ended, group)
        found.append(
            {
                "name": WORDS[stage],
                "looked_at": sum(group["names"] for group in every if group["done"] & stage),
                "no_answer": silent,
                "ended": ended,
                "left": sum(g["names"] for g in every if g["next"] == stage and not g["asked"] & stage),
            }
        )
    return found


def swept(rows: Iterable[Row]) -> list[Row]:
    """Rows of `sweep_domains` with `facts` as texts, `looked_at` and `waits_for` in words."""
    return [
        {
            **row,
            "facts": [fact.text for fact in facts_of(row["facts"])],
            "looked_at": [words for stage, words in WORDS.items() if row["done"] & stage],
            "waits_for": WORDS.get(row["next"], ""),
        }
        for row in rows
    ]


def _add(counted: dict[str, int], group: Row) -> None:
    reason = group["reason"] or "no reason given"
    counted[reason] = counted.get(reason, 0) + group["names"]
