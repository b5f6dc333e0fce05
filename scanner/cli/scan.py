"""`falsefront scan`: take claims in, scan, store, print the verdicts."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from scanner.cli.common import (
    EXIT_ERROR,
    EXIT_LEVEL,
    Common,
    UserError,
    common_options,
    network_of,
    program,
    run,
)
from scanner.cli.progress import Lines
from scanner.collect import SOURCES
from scanner.egress import NetworkConfig
from scanner.intake import Intake, case_from_urls, read_case
from scanner.model import Case, Level
from scanner.plan import Choice
from scanner.report import document, dry_run, terminal
from scanner.session import Session
from scanner.store import ScanRecord, Store
from scanner.world import Served

LEVELS = [level.value for level in sorted(Level, key=lambda level: -level.rank)]


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--case",
    "case_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Case file: YAML, JSON, CSV or JSON Resume. May be given several times.",
)
@click.option("--passive", is_flag=True, help="Ask nothing that the sites' owners could notice.")
@click.option("--without", metavar="SOURCES", default="", help="Leave sources out: --without ct,archive")
@click.option("--dry-run", is_flag=True, help="Print what would be asked and who would see it; ask nothing.")
@click.option("--new", is_flag=True, help="Start a new scan even where an unfinished one could go on.")
@click.option("--fail-on", type=click.Choice(LEVELS), help="Exit 3 when a case reaches this level.")
@common_options
def scan(
    common: Common,
    urls: tuple[str, ...],
    case_files: tuple[Path, ...],
    passive: bool,
    without: str,
    dry_run: bool,
    new: bool,
    fail_on: str | None,
) -> None:
    """Scan the addresses of a résumé and say what does not fit.

    \b
      falsefront scan https://acmesoft.example https://jane.example
      falsefront scan --case candidate.yaml
      falsefront scan --case candidates.csv --json > findings.json
      falsefront scan --dry-run --case candidate.yaml

    Addresses may be given as they stand on a résumé: without https://, defanged (hxxp://acme[.]example), as a
    mail address. Nothing but addresses ever leaves this machine.
    """
    choice = Choice(passive, _sources(without))
    given, problems = _claims(urls, case_files)
    if not given and not common.world:
        if problems:
            raise UserError("nothing to scan: none of what was given could be read")
        raise click.UsageError("nothing to scan: give an address or --case FILE (falsefront scan --help)")
    records = run(_scan(common, given, choice, again=new, dry=dry_run))
    if records is None:
        return
    results = _print(common, records)
    if problems and not given:
        sys.exit(EXIT_ERROR)
    reached = max((Level(result["level"]).rank for result in results), default=0)
    if fail_on is not None and reached >= Level(fail_on).rank:
        sys.exit(EXIT_LEVEL)


def _sources(text: str) -> frozenset[str]:
    names = frozenset(filter(None, text.replace(" ", ",").split(",")))
    unknown = sorted(names - set(SOURCES))
    if unknown:
        raise click.BadParameter(
            f"no source {', '.join(unknown)}; there are {', '.join(SOURCES)}", param_hint="--without"
        )
    return names


def _claims(urls: tuple[str, ...], files: Sequence[Path]) -> tuple[list[Case], bool]:
    """The cases of all that was given. What can't be read is said, one line each, and the rest goes on."""
    intakes: list[Intake] = [read_case(path) for path in files]
    if urls:
        intakes.append(case_from_urls(urls))
    problems = [problem for intake in intakes for problem in intake.problems]
    for problem in problems:
        click.echo(f"{problem.where}: {problem.what}", err=True)
    cases: dict[str, Case] = {}
    for case in (case for intake in intakes for case in intake.cases if case.claims):
        known = cases.get(case.id)
        cases[case.id] = replace(known, claims=(*known.claims, *case.claims)) if known else case
    return list(cases.values()), bool(problems)


async def _scan(
    common: Common, cases: list[Case], choice: Choice, *, again: bool, dry: bool
) -> list[ScanRecord] | None:
    async with network_of(common) as (config, served):
        cases = cases or _sample(served)
        if dry:
            _dry_run(common, cases, choice)
            return None
        return await _run(common, config, cases, choice, again)


def _sample(served: Served | None) -> list[Case]:
    """With a world and no claims: every file in its `cases/`."""
    cases = []
    for path in served.cases if served else ():
        intake = read_case(path)
        for problem in intake.problems:
            click.echo(f"{problem.where}: {problem.what}", err=True)
        cases += [case for case in intake.cases if case.claims]
    if not cases:
        raise UserError("nothing to scan: this world has no cases; give an address or --case FILE")
    return cases


async def _run(
    common: Common, config: NetworkConfig, cases: list[Case], choice: Choice, again: bool
) -> list[ScanRecord]:
    lines = Lines(Console(stderr=True, highlight=False, quiet=False))
    with lines:
        async with Session(config, common.database, choice=choice, progress=lines, again=again) as session:
            try:
                return await session.scan_all(cases)
            except asyncio.CancelledError:
                click.echo(
                    f"\nInterrupted. What was collected is in {common.database}; the same command goes on.",
                    err=True,
                )
                raise


def _dry_run(common: Common, cases: Sequence[Case], choice: Choice) -> None:
    if common.json:
        click.echo(
            json.dumps(
                [dry_run.as_dict(case, SOURCES, choice) for case in cases], indent=1, ensure_ascii=False
            )
        )
        return
    console = Console(highlight=False)
    for case in cases:
        dry_run.show(case, SOURCES, choice, console)


def _print(common: Common, records: Sequence[ScanRecord]) -> list[dict[str, Any]]:
    with Store(common.database, readonly=True) as store:
        documents = [document.of_scan(store, record) for record in records]
    for record, doc in zip(records, documents, strict=True):
        if record.status != "complete":
            missing = ", ".join(sorted({f"{row['source']} ({row['status']})" for row in doc["not_seen"]}))
            click.echo(f"{record.case_id}: the scan is {record.status.value}: {missing}", err=True)
    if common.json:
        whole = documents[0] if len(documents) == 1 else documents
        click.echo(json.dumps(whole, indent=1, ensure_ascii=False))
        return documents
    console = Console(highlight=False)
    for doc in documents:
        terminal.show(doc, console)
    if len(documents) > 1:
        terminal.overview(documents, console)
    terminal.limits(console)
    _where_next(common, documents, console)
    return documents


def _where_next(common: Common, documents: Sequence[dict[str, Any]], console: Console) -> None:
    database = common.database
    console.print()
    console.print(f"Database   {database}")
    console.print(f"Evidence   {database.parent / 'evidence'} (WARC files, one a scan)")
    option = f" --db {database}" if common.db else ""
    first = max(documents, key=lambda doc: (Level(doc["level"]).rank, doc["score"]))["case"]
    name = program()
    for lead, words in (
        ("Next", f"{name} report {first}{option}"),
        ("", f"{name} rescore {first}{option}"),
        ("", f"{name} checks history.claim-before-life"),
    ):
        console.print(Text(f"{lead:<10} {words}"), soft_wrap=True)
