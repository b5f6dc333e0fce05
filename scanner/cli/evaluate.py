"""`falsefront evaluate`: every labelled case of the worlds below a folder."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from scanner.cli.common import EXIT_ERROR, Common, UserError, common_options, print_json, run, say
from scanner.evaluate import Outcome, evaluate_world, summary, workers, worlds_below
from scanner.model import Date


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--as-of", metavar="DATE", help="Use only knowledge that was public on that day; moves no clock."
)
@click.option("--strict", is_flag=True, help="Exit 1 when a label is missed.")
@common_options
def evaluate(common: Common, directory: Path, as_of: str | None, strict: bool) -> None:
    """Run every labelled case of every world.yaml in or below DIRECTORY and compare with the labels."""
    day = _day(as_of)
    worlds = worlds_below(directory)
    if not worlds:
        raise UserError(f"{directory}: no world.yaml in or below it")
    outcomes = run(_evaluate(worlds, directory, day))
    counts = summary(outcomes)
    if common.json:
        print_json({"cases": [o.as_dict() for o in outcomes], "summary": counts})
    else:
        click.echo("\n".join(f"{name.replace('_', ' '):<24} {value}" for name, value in counts.items()))
    if strict and any(not outcome.ok for outcome in outcomes):
        sys.exit(EXIT_ERROR)


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return min(Date(text).last, datetime.max.replace(tzinfo=UTC))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from error


async def _evaluate(worlds: list[Path], below: Path, as_of: datetime | None) -> list[Outcome]:
    outcomes = []
    async with workers() as parse:
        for world in worlds:
            for outcome in await evaluate_world(world, below, as_of, parse):
                outcomes.append(outcome)
                _say(outcome)
    return outcomes


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
    say(f"{mark} {outcome.world}/{outcome.case}: {outcome.level} (label {bounds}){detail}")
