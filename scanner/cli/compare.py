"""`falsefront compare`: two sites, what they share, and who was first."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.text import Text

from scanner.cli.common import Common, UserError, common_options, network_of, run, say
from scanner.cli.progress import Lines
from scanner.intake import case_from_urls
from scanner.plan import plan_case
from scanner.report import document, shared, terminal
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
    found = run(_compare(common, one, other))
    pairs = [
        row
        for target in found["targets"]
        for row in target["findings"]
        if row["check_id"].startswith("copy.")
    ]
    if common.json:
        click.echo(
            json.dumps(
                {
                    "sites": domains,
                    "findings": pairs,
                    "shared": _shared(found, domains),
                    "scan": found["scan"],
                },
                indent=1,
                ensure_ascii=False,
            )
        )
        return
    console = common.console()
    if not pairs:
        console.print(Text(f"No shared passages or pictures of {domains[0]} and {domains[1]} were found."))
        for row in found["not_seen"]:
            console.print(Text(f"  not seen: {row['domain']} {row['source']} ({row['status']})", style="dim"))
    for row in sorted(pairs, key=lambda row: -row["score"]):
        terminal.statement(row, console)
    for pair in _shared(found, domains):
        shared.show_pair(domains[0], pair, console)
    terminal.limits(console)


def _shared(found: dict[str, Any], domains: list[str]) -> list[dict[str, Any]]:
    """What the first site shares with the second: passages of both, with addresses and dates."""
    return [
        pair
        for target in found["targets"]
        if target["domain"] == domains[0]
        for pair in target["shared"]
        if pair["domain"] == domains[1]
    ]


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
