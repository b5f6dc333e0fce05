"""`falsefront checks`: every check with its text, strength, innocent explanation, question, source."""

from __future__ import annotations

from typing import Any

import click

from scanner.checks import Check, table
from scanner.checks.weights import arithmetic
from scanner.cli.common import Common, UserError, common_options, print_json
from scanner.cli.names import CheckId


@click.command()
@click.argument("id", required=False, type=CheckId())
@common_options
def checks(common: Common, id: str | None) -> None:
    """List every check, or explain one (`falsefront checks history.claim-before-life`).

    \b
      falsefront checks
      falsefront checks history.claim-before-life
      falsefront checks history --json
    """
    entries = table()
    if id is not None:
        entries = tuple(
            entry for entry in entries if entry.id == id or entry.id.startswith(id.removesuffix("*"))
        )
        if not entries:
            raise UserError(f"there is no check {id!r}: `falsefront checks` lists them")
    if common.json:
        print_json([_as_dict(entry) for entry in entries])
    elif id is None:
        for entry in entries:
            click.echo(f"{entry.id:<40} {entry.strength.value:<9} {entry.text.partition(chr(10))[0]}")
    else:
        click.echo("\n\n".join(_page(entry) for entry in entries))


def _as_dict(entry: Check) -> dict[str, Any]:
    return {
        "id": entry.id,
        "version": entry.version,
        "family": entry.family.value,
        "strength": entry.strength.value,
        "ratio": entry.weight.ratio,
        "origin": entry.weight.origin,
        "needs": list(entry.needs),
        "text": entry.text,
        "innocent": entry.innocent,
        "ask": entry.ask,
        "next_step": entry.next_step,
        "source": entry.idea,
    }


def _page(entry: Check) -> str:
    return "\n".join(
        (
            f"{entry.id}  (version {entry.version}, {entry.strength.value})",
            "",
            entry.text,
            "",
            f"Reads                 {', '.join(entry.needs) or 'the case alone'}",
            f"Innocent explanation  {entry.innocent}",
            f"Ask                   {entry.ask}",
            f"Next step             {entry.next_step}",
            f"Where it comes from   {entry.idea}",
            f"Weighs                {arithmetic(entry.weight)}",
            f"                      From {entry.weight.origin}.",
        )
    )
