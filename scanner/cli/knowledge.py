"""`falsefront knowledge`: what is known beforehand, with its sources."""

from __future__ import annotations

import json
import sys

import click

from scanner.cli.common import EXIT_ERROR, Common, common_options
from scanner.knowledge import Knowledge


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
