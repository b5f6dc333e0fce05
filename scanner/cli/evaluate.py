"""`falsefront evaluate`: every labelled case of the worlds below a folder."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scanner.cli.common import (
    EXIT_ERROR,
    Common,
    UserError,
    common_options,
    day_of,
    print_json,
    remark,
    run,
    say,
)
from scanner.evaluate import Outcome, campaigns, evaluate_world, summary, workers, worlds_below
from scanner.evaluate.permute import COUNTRIES, permuted
from scanner.evaluate.tables import lines


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--as-of", metavar="DATE", help="Use only knowledge that was public on that day; moves no clock."
)
@click.option(
    "--strict", is_flag=True, help="Exit 1 when a label is missed, or with --fairness when a verdict moves."
)
@click.option(
    "--fairness",
    type=click.IntRange(0, len(COUNTRIES) - 1),
    default=0,
    metavar="N",
    help="Scan every case N times more, each with other persons, languages and countries put everywhere "
    "(claims, pages, records), and say which verdicts move.",
)
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON document here too."
)
@common_options
def evaluate(
    common: Common, directory: Path, as_of: str | None, strict: bool, fairness: int, out: Path | None
) -> None:
    """Run every labelled case of every world.yaml in or below DIRECTORY and compare with the labels.

    \b
      falsefront evaluate tests/worlds --strict
      falsefront evaluate my-worlds --fairness 2 -o figures.json
    """
    day = day_of(as_of)
    worlds = worlds_below(directory)
    if not worlds:
        raise UserError(f"{directory}: no world.yaml in or below it")
    outcomes, moved = run(_evaluate(worlds, directory, day, fairness))
    counts = summary(outcomes)
    if fairness:
        counts["fairness"] = {"runs": fairness, "cases": len(outcomes), "moved": moved}
    found = {"cases": [o.as_dict() for o in outcomes], "summary": counts}
    if out is not None:
        try:
            out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise UserError(f"{out}: {error.strerror or error}") from error
    if common.json:
        print_json(found)
    else:
        click.echo("\n".join(lines(counts)))
    if strict and (moved or any(not outcome.ok for outcome in outcomes)):
        sys.exit(EXIT_ERROR)


async def _evaluate(
    worlds: list[Path], below: Path, as_of: datetime | None, fairness: int
) -> tuple[list[Outcome], list[dict[str, Any]]]:
    outcomes, moved = [], []
    together = campaigns(worlds)
    async with workers() as parse:
        for world in worlds:
            found = await evaluate_world(world, below, as_of, parse, together)
            outcomes += found
            for outcome in found:
                _say(outcome)
            before = {one.case: one for one in found}
            for run_number in range(fairness):
                with tempfile.TemporaryDirectory(prefix="falsefront-") as folder:
                    # Spread over the table: neighbours in it should not only ever change places with each other.
                    shift = 1 + run_number * (len(COUNTRIES) - 1) // fairness
                    there = Path(folder) / "worlds" / world.relative_to(below)
                    there.parent.mkdir(parents=True, exist_ok=True)
                    permuted(world, there, shift)
                    for after in await evaluate_world(there, Path(folder) / "worlds", as_of, parse, together):
                        moved += _moved(before.get(after.case), after, shift)
    return outcomes, moved


def _moved(before: Outcome | None, after: Outcome, shift: int) -> list[dict[str, Any]]:
    was = before.level if before is not None else "error"
    if was == after.level:
        return []
    say(
        f"MOVED {after.world}/{after.case}: {was}, and {after.level} for other people and countries ({shift})"
    )
    return [
        {"world": after.world, "case": after.case, "level": was, "moved_to": after.level, "shift": shift}
        | ({"reason": after.reason} if after.reason else {})
    ]


def _say(outcome: Outcome) -> None:
    """One line a case, as it is known."""
    mark = "ok  " if outcome.ok else "MISS"
    detail = "".join(
        (
            f"; missing {', '.join(outcome.must_missing)}" if outcome.must_missing else "",
            f"; should not fire: {', '.join(outcome.never_fired)}" if outcome.never_fired else "",
            f"; {outcome.reason}" if outcome.reason else "",
        )
    )
    bounds = outcome.least if outcome.least == outcome.most else f"{outcome.least} to {outcome.most}"
    (remark if outcome.ok else say)(
        f"{mark} {outcome.world}/{outcome.case}: {outcome.level} (label {bounds}){detail}"
    )
