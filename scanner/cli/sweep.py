"""`falsefront sweep`: a very long list, cheapest questions first."""

from __future__ import annotations

import asyncio
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scanner.cli.common import (
    Common,
    Interrupted,
    UserError,
    common_options,
    day_of,
    network_of,
    print_json,
    remark,
    run,
)
from scanner.cli.start import program
from scanner.report.text import plain
from scanner.sweep import Budget, BudgetError, Sweep, SweepError

SHOWN, PROBLEMS = 40, 10


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--like", "likes", multiple=True, metavar="DOMAIN|NAME",
    help="A firm whose look-alikes are to be found; may be given many times.",
)  # fmt: skip
@click.option(
    "--budget", "budgets", multiple=True, metavar="STAGE=N,...",
    help="Names each stage may look at, over all runs: dns [1000000], registration [500], pages [25]. "
    "0 leaves a stage out, and those behind it.",
)  # fmt: skip
@click.option(
    "--new", is_flag=True, help="Begin anew instead of going on with an earlier sweep of this list."
)
@click.option(
    "--as-of", metavar="DATE", help="Use only knowledge that was public on that day; moves no clock."
)
@common_options
def sweep(
    common: Common, file: Path, likes: tuple[str, ...], budgets: tuple[str, ...], new: bool, as_of: str | None
) -> None:
    """Go through a FILE of up to hundreds of thousands of domains, one a line, the cheapest questions first.

    Offline: lists, name families, look-alikes of the firms given with --like. Then the DNS, for all; then the
    registries, for names with something to look into: a look-alike means something only if it is newer than the firm.
    What is still open is scanned like any case (`sweep-…`). Stopped, the same command goes on where it was.

    \b
      falsefront sweep vendors.txt --budget pages=0
      falsefront sweep new-names.txt --like acmesoft.example --budget registration=200,pages=50
    """
    try:
        budget = Budget.parse(",".join(budgets))
    except BudgetError as error:
        raise click.BadParameter(str(error), param_hint="--budget") from error
    found = run(_sweep(common, file, likes, budget, new, day_of(as_of)))
    if common.json:
        print_json(found)
    else:
        _show(common, found)


async def _sweep(
    common: Common,
    file: Path,
    likes: tuple[str, ...],
    budget: Budget,
    new: bool,
    as_of: datetime | None,
) -> dict[str, Any]:
    async with network_of(common) as (config, _):
        try:
            job = Sweep(
                config, common.database, file, likes=likes, budget=budget, new=new, as_of=as_of, told=remark
            )
            return await job.run()
        except SweepError as error:
            raise UserError(str(error)) from error
        except asyncio.CancelledError as stopped:
            raise Interrupted(
                f"Interrupted. What was found is stored in {common.database}; the same command goes on with it."
            ) from stopped


def _show(common: Common, found: dict[str, Any]) -> None:
    lines = found["lines"]
    for domain in found["domains"][:SHOWN]:
        level = f"  [{domain['level']}]" if domain["level"] else ""
        click.echo(plain(f"{domain['domain']}{level}  line {domain['line']}"))
        for fact in domain["facts"]:
            click.echo(plain(f"    {fact['text']}"))
        if domain["waits_for"]:
            why = f": {domain['reason']}" if domain["reason"] else ""
            click.echo(plain(f"    not looked at further (waits for {domain['waits_for']}{why})"))
        if domain["case"]:
            click.echo(plain(f"    {program()} report {domain['case']}{_database(common)}"))
    rest = len(found["domains"]) - SHOWN + found["more"]
    if rest > 0:
        click.echo(f"… and {rest} more: table sweep_domains of {common.database}, or --json")
    if not found["domains"]:
        click.echo("No name with anything to look into. That clears none of them.")
    click.echo()
    click.echo(
        f"{found['sweep']}: {lines['domains']} domains on {lines['read']} lines"
        f" ({lines['repeated']} repeated, {lines['rubbish']} that name none)"
    )
    for problem in lines["problems"][:PROBLEMS]:
        click.echo(plain(f"    line {problem['line']}: {problem['problem']}"))
    if lines["rubbish"] > PROBLEMS:
        click.echo(f"    … and {lines['rubbish'] - PROBLEMS} more such lines")
    for stage in found["stages"]:
        click.echo(plain(_stage(stage)))
    if not found["complete"]:
        click.echo(
            "Not everything was looked at. The same command, with a larger budget where it ran out, goes on."
        )


def _stage(stage: dict[str, Any]) -> str:
    parts = [f"{stage['stage']}: {stage['looked_at']} looked at"]
    if stage["seconds"]:
        parts[0] += f" ({stage['seconds']:.1f} s)"
    for words, counts in (
        ("no answer", stage["no_answer"]),
        ("no further", stage["ended"]),
        ("not looked at", stage["not_looked_at"]),
    ):
        parts += [f"{number} {words} ({reason or 'no reason given'})" for reason, number in counts.items()]
    return "; ".join(parts)


def _database(common: Common) -> str:
    return f" --db {shlex.quote(str(common.db))}" if common.db else ""
