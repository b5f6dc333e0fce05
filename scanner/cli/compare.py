"""`falsefront compare`: two sites, what they share, and who was first."""

from __future__ import annotations

from typing import Any

import click

from scanner.cli.common import Common, UserError, common_options, network_of, run, say
from scanner.cli.progress import Lines
from scanner.intake import case_from_urls
from scanner.plan import plan_case
from scanner.report import document, pair, terminal
from scanner.report.text import json_text
from scanner.session import Session
from scanner.store import Store


@click.command()
@click.argument("one", metavar="URL")
@click.argument("other", metavar="URL")
@common_options
def compare(common: Common, one: str, other: str) -> None:
    """Compare two sites: the passages they share, side by side, both dated, and who had them first.

    For the moment when you have found a site that looks like another. Neither is accused of anything by being
    compared; without dates a likeness has no direction.

    \b
      falsefront compare https://acmesoft.example https://other.example
      falsefront compare acmesoft.example other.example --json
    """
    intake = case_from_urls([one, other])
    for problem in intake.problems:
        say(problem)
    domains = [target.domain for case in intake.cases for target in plan_case(case).targets]
    if len(domains) != 2:
        raise UserError(
            "compare needs the addresses of two different sites; pages of one site are not compared"
        )
    found = pair.of_two(run(_compare(common, one, other)), *domains)
    if common.json:
        click.echo(json_text(found))
        return
    console = common.console()
    pair.show(found, console)
    terminal.limits(console)


async def _compare(common: Common, one: str, other: str) -> dict[str, Any]:
    case = case_from_urls([one, other]).cases[0]
    async with (
        network_of(common) as (config, _),
        Lines(common.console(stderr=True), quiet=common.quiet) as lines,
        Session(config, common.database, progress=lines) as session,
    ):
        record = await session.scan(case)
    with Store(common.database, readonly=True) as store:
        return document.of_scan(store, record)
