"""The front page: what needs a person, what changed this week, what watching and sweeping are waiting for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from scanner.browse import queries
from scanner.browse.answers import Asked, Row, grouped
from scanner.browse.changed import told

if TYPE_CHECKING:
    from datasette.app import Datasette

A_PAGE = 25
MOST_CHANGES, MOST_SWEEPS = 12, 3
WEEK = timedelta(days=7)
LATE = timedelta(days=1)
"""A watch that is due for so long is not being run."""
QUIET = "nothing-found"
NEED = tuple(level for level in (*queries.LEVELS, "unjudged") if level != QUIET)
"""Levels at which a person has something to do: to look, or to scan again."""


async def today(datasette: Datasette, request: Request) -> Response:
    """What needs me today: cases worst first, the week's changes, then silence and what is unfinished."""
    asked = await Asked.allowed(datasette, request)
    chosen = asked.arg("level")
    levels = {"": NEED, "all": (*NEED, QUIET)}.get(chosen, (chosen,))
    skip = int(asked.arg("skip")) if asked.arg("skip").isdecimal() and len(asked.arg("skip")) < 8 else 0
    counts = {row["level"]: row["cases"] for row in await asked.rows(queries.COUNTS)}
    cases = await asked.rows(queries.CASES, {"levels": json.dumps(levels), "size": A_PAGE, "skip": skip})
    of_these = {"scans": json.dumps([case["scan_id"] for case in cases])}
    return await asked.page(
        "falsefront_today.html",
        counts=[(name, counts[name]) for name in (*queries.LEVELS, "unjudged") if counts.get(name)],
        people=sum(counts.get(name, 0) for name in ("known", "contradicted", "review")),
        need=sum(counts.get(name, 0) for name in NEED),
        total=sum(counts.values()),
        level=chosen,
        cases=cases,
        before={row["scan_id"]: row["level"] for row in await asked.rows(queries.BEFORE_OF, of_these)},
        targets=grouped(await asked.rows(queries.TARGETS_OF, of_these), "scan_id"),
        telling={row["scan_id"]: row for row in await asked.rows(queries.TELLING, of_these)},
        silent=grouped(await asked.rows(queries.SILENT_OF, of_these), "scan_id"),
        sources=await asked.rows(queries.SILENT_SOURCES),
        unfinished=await asked.rows(queries.UNFINISHED),
        partial=await asked.count(queries.PARTIAL),
        recent=queries.RECENT_SCANS,
        sweeps=await asked.rows(queries.SWEEPS, {"size": MOST_SWEEPS}),
        skip=skip,
        step=A_PAGE,
        more=sum(counts.get(name, 0) for name in levels),
        **await _week(asked),
        **await _watching(asked),
    )


async def _week(asked: Asked) -> dict[str, Any]:
    """The changes of the seven days up to the newest scan: a database that nobody scans into has no week of its own."""
    newest = (await asked.rows(queries.NEWEST_SCAN))[0]["newest"]
    if not newest:
        return {"changes": [], "changed": 0, "newest": ""}
    since = datetime.fromisoformat(newest) - WEEK
    rows = await asked.rows(queries.CHANGES_SINCE, {"since": f"{since:%Y-%m-%dT%H:%M:%SZ}"})
    found = told(rows)
    return {"changes": found[:MOST_CHANGES], "changed": len(found), "newest": newest}


async def _watching(asked: Asked) -> dict[str, Any]:
    """Watches that fail or are not run, by this machine's clock, and messages that were given up."""
    late = f"{datetime.now(UTC) - LATE:%Y-%m-%dT%H:%M:%SZ}"
    rows: list[Row] = await asked.rows(queries.WATCHES, {"case": "", "late": late})
    failing = [row for row in rows if row["failures"]]
    overdue = [row for row in rows if not row["failures"]]
    return {"failing": failing, "overdue": overdue, "given_up": await asked.count(queries.GIVEN_UP)}
