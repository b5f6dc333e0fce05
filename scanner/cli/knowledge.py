"""`falsefront knowledge`: what is known beforehand, with its sources."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from scanner.cli.common import EXIT_ERROR, Common, UserError, common_options, network_of, run
from scanner.egress import Network
from scanner.knowledge import Knowledge
from scanner.refresh import RefreshError, hosting, rdap


@click.group()
def knowledge() -> None:
    """Show and check the knowledge that ships in `seeds/`: seized and reported sites, name servers, lists."""


@knowledge.command("list")
@common_options
def list_(common: Common) -> None:
    """List every seed file with its count, publisher, licence and date."""
    lists = Knowledge.load().listing()
    if common.json:
        rows = [
            {
                "file": seed.path,
                "entries": len(seed.entries),
                "publisher": seed.publisher,
                "licence": seed.licence,
                "retrieved": str(seed.retrieved),
                "source": seed.source,
            }
            for seed in lists
        ]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for seed in lists:
        click.echo(f"{seed.path:<34} {len(seed.entries):>6}  {seed.licence:<14} {seed.publisher}")


@knowledge.command("refresh")
@click.argument("what", type=click.Choice(["rdap", "hosting"]))
@common_options
def refresh(common: Common, what: str) -> None:
    """Fetch newer data in place of what ships: the list of RDAP servers, or networks and countries of addresses.

    Kept in your own data folder (FALSEFRONT_DATA names another); a file that looks wrong replaces nothing.
    """
    for path in run(_refresh(common, what)):
        click.echo(path)


async def _refresh(common: Common, what: str) -> list[Path]:
    async with network_of(common) as (config, _), Network(config) as network:
        try:
            return [await rdap(network)] if what == "rdap" else await hosting(network)
        except RefreshError as error:
            raise UserError(str(error)) from error


@knowledge.command("check")
@common_options
def check(common: Common) -> None:
    """Load every seed file against its asserted counts; exit 1 when one is broken."""
    report, problems = Knowledge.check()
    if common.json:
        click.echo(json.dumps({"lists": report, "problems": problems}, indent=1, ensure_ascii=False))
    else:
        for line in report:
            click.echo(line)
        for problem in problems:
            click.echo(f"falsefront: {problem}", err=True)
    if problems:
        sys.exit(EXIT_ERROR)
