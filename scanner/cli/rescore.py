"""`falsefront rescore`: the same verdicts again from what is stored. No network."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import click

from scanner.cli.common import Common, UserError, common_options, day_of, print_json, run
from scanner.cli.names import CaseId
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.report.text import plain
from scanner.reread import AHEAD
from scanner.rescore import Change, rescore_cases
from scanner.store import Store, readable


@click.command()
@click.argument("case", nargs=-1, type=CaseId())
@click.option("--observe", is_flag=True, help="Parse the stored evidence again before judging.")
@click.option("--as-of", metavar="DATE", help="Use only knowledge that was public on that day.")
@common_options
def rescore(common: Common, case: tuple[str, ...], observe: bool, as_of: str | None) -> None:
    """Judge the newest scans again from stored observations, all cases or those named; print what changed.

    \b
      falsefront rescore                       all cases
      falsefront rescore cand-0142 --observe
      falsefront rescore --as-of 2024-01-31
    """
    changes = run(_rescore(common, case, observe, day_of(as_of)))
    if common.json:
        print_json([_as_dict(change) for change in changes])
        return
    moved = [change for change in changes if change.moved]
    for change in moved:
        click.echo(plain(f"{change.case}: {change.before} -> {change.after}"))
        for line in change.differences:
            click.echo(f"  {plain(line)}")
    click.echo(f"{len(changes)} cases judged again, {len(moved)} changed")


async def _rescore(
    common: Common, wanted: tuple[str, ...], observe: bool, as_of: datetime | None
) -> list[Change]:
    if not common.database.exists():  # opening it would make an empty one
        raise UserError(f"{common.database}: no such database; run a scan first, or give another --db")
    async with AsyncExitStack() as stack:
        stack.enter_context(readable(common.database))
        store = stack.enter_context(Store(common.database))
        known = [row["id"] for row in store.cases()]
        missing = [name for name in wanted if name not in known]
        if missing:
            raise UserError(
                f"{common.database} holds no case {missing[0]!r}; it has: {', '.join(known[:10]) or 'none'}"
            )
        pool = await stack.enter_async_context(ParsePool(preload=PRELOAD, ahead=AHEAD)) if observe else None
        return [change async for change in rescore_cases(store, wanted or known, pool, as_of)]


def _as_dict(change: Change) -> dict[str, Any]:
    return {
        "case": change.case,
        "before": change.before,
        "after": change.after,
        "moved": change.moved,
        "differences": list(change.differences),
    }
