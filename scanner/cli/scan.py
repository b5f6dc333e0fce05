"""`falsefront scan`: take claims in, scan, store, print the verdicts."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.text import Text

from scanner.cli import scan_resumes
from scanner.cli.common import (
    EXIT_LEVEL,
    Common,
    Interrupted,
    UserError,
    common_options,
    day_of,
    network_of,
    print_json,
    remark,
    run,
    say,
)
from scanner.cli.progress import Lines
from scanner.cli.start import program
from scanner.collect import ASKED_FOR, SOURCES, Source, screenshot, search
from scanner.egress import NetworkConfig
from scanner.intake import Intake, case_from_urls, read_case
from scanner.intake.claims import MAX_TEXT
from scanner.model import Case, Level
from scanner.plan import Choice
from scanner.report import document, dry_run, terminal
from scanner.report.text import plain
from scanner.session import Session
from scanner.store import ScanRecord, Store
from scanner.wording import one_line
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
@click.option(
    "--resume",
    "resumes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Résumé (PDF, DOCX, ODT, HTML, Markdown, text, JSON Resume), or a folder of them. Only its claims are kept.",
)
@click.option(
    "--label", metavar="TEXT", default="", help="A name for the case; without one nothing names a candidate."
)
@click.option("--passive", is_flag=True, help="Ask nothing that the sites' owners could notice.")
@click.option("--without", metavar="SOURCES", default="", help="Leave sources out: --without ct,archive")
@click.option(
    "--screenshots",
    is_flag=True,
    help="Take a picture of each site's page with this machine's browser: seconds and 200 MB of memory each.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be asked and who would see it; ask nothing.")
@click.option(
    "--search-config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar=search.SETTING,
    help="Settings (TOML) of a search service of your own: it is asked for three rare sentences of each site.",
)
@click.option("--new", is_flag=True, help="Start a new scan even where an unfinished one could go on.")
@click.option(
    "--fresh", is_flag=True, help="Ask everything again, also what an unfinished or a recent scan has."
)
@click.option(
    "--as-of", metavar="DATE", help="Use only knowledge that was public on that day; moves no clock."
)
@click.option("--fail-on", type=click.Choice(LEVELS), help="Exit 3 when a case reaches this level.")
@common_options
def scan(
    common: Common,
    urls: tuple[str, ...],
    case_files: tuple[Path, ...],
    resumes: tuple[Path, ...],
    label: str,
    passive: bool,
    without: str,
    screenshots: bool,
    dry_run: bool,
    search_config: Path | None,
    new: bool,
    fresh: bool,
    as_of: str | None,
    fail_on: str | None,
) -> None:
    """Scan the addresses of a résumé and say what does not fit.

    \b
      falsefront scan https://acmesoft.example https://jane.example
      falsefront scan --case candidate.yaml
      falsefront scan --case candidates.csv --json > findings.json
      falsefront scan --dry-run --case candidate.yaml
      falsefront scan --dry-run --resume cv.pdf > case.yaml   (correct it, then --case case.yaml)

    Addresses may be given as they stand on a résumé: without https://, defanged (hxxp://acme[.]example), as a
    mail address. Nothing but addresses ever leaves this machine.
    """
    choice = Choice(passive, _sources(without), screenshots)
    service = _service(search_config)
    read, case_files_too = scan_resumes.read_all(resumes)
    given = _claims(urls, case_files, read, case_files_too)
    if label:
        given = _labelled(given, label)
    if dry_run and read and not common.json:
        scan_resumes.show(read, label)
    if not given:
        if urls or case_files or resumes:
            raise UserError("nothing to scan: nothing that was given holds an address or an organisation")
        if not common.world:
            raise click.UsageError("nothing to scan: give an address or --case FILE (falsefront scan --help)")
    records = run(
        _scan(
            common,
            given,
            choice,
            service,
            day_of(as_of),
            again=new or fresh,
            fresh=fresh,
            dry=dry_run,
            aside=bool(read),
        )
    )
    if records is None:
        return
    results = _print(common, records)
    reached = max((Level(result["level"]).rank for result in results), default=0)
    if fail_on is not None and reached >= Level(fail_on).rank:
        sys.exit(EXIT_LEVEL)


def _service(path: Path | None) -> search.JsonSearch | None:
    try:
        return search.JsonSearch.load(path) if path else None
    except search.SearchConfigError as error:
        raise UserError(str(error)) from error


def _sources(text: str) -> frozenset[str]:
    names = frozenset(filter(None, text.replace(" ", ",").split(",")))
    known = [*SOURCES, *ASKED_FOR, search.INFO.name]
    unknown = sorted(names - set(known))
    if unknown:
        raise click.BadParameter(
            f"no source {', '.join(unknown)}; there are {', '.join(known)}", param_hint="--without"
        )
    return names


def _claims(
    urls: tuple[str, ...],
    files: Sequence[Path],
    resumes: Sequence[scan_resumes.Read],
    more: Sequence[tuple[str, Intake]],
) -> list[Case]:
    """The cases of all that was given. What can't be read is said, one line each, and the rest goes on."""
    intakes = [(path.name, read_case(path)) for path in files]
    intakes += [*more, *((read.file.name, Intake((read.case,))) for read in resumes)]
    if urls:
        intakes.append(("addresses", case_from_urls(urls)))
    return _cases(intakes)


def _labelled(cases: list[Case], label: str) -> list[Case]:
    if len(cases) != 1:
        raise click.UsageError(
            f"--label names one case, and {len(cases)} were given; write labels into a case file"
        )
    return [replace(cases[0], label=one_line(label)[:MAX_TEXT])]


def _cases(intakes: Iterable[tuple[str, Intake]]) -> list[Case]:
    """Cases with claims, each id once: two people must not become one because two files agree on a name."""
    cases: dict[str, tuple[str, Case]] = {}
    for name, intake in intakes:
        for problem in intake.problems:
            say(problem)
        for note in intake.notes:
            remark(f"note: {note}")
        for case in intake.cases:
            first, known = cases.get(case.id, (name, case))
            if known != case:
                say(
                    f"{name}: case {case.id} stands in {first} too, with other claims; left out: give it another id"
                )
            elif case.claims:
                cases[case.id] = (name, case)
            else:
                say(f"{name}: case {case.id} has no claims; left out")
    return [case for _, case in cases.values()]


async def _scan(
    common: Common,
    cases: list[Case],
    choice: Choice,
    service: search.JsonSearch | None,
    as_of: datetime | None,
    *,
    again: bool,
    fresh: bool,
    dry: bool,
    aside: bool,
) -> list[ScanRecord] | None:
    async with network_of(common) as (config, served):
        cases = cases or _sample(served)
        if dry:
            _dry_run(common, cases, choice, service, aside=aside)
            return None
        return await _run(common, config, cases, choice, service, as_of, again, fresh)


def _sample(served: Served | None) -> list[Case]:
    """With a world and no claims: every file in its `cases/`."""
    cases = _cases((path.name, read_case(path)) for path in served.cases) if served else []
    if not cases:
        raise UserError("nothing to scan: this world has no cases; give an address or --case FILE")
    return cases


async def _run(
    common: Common,
    config: NetworkConfig,
    cases: list[Case],
    choice: Choice,
    service: search.JsonSearch | None,
    as_of: datetime | None,
    again: bool,
    fresh: bool,
) -> list[ScanRecord]:
    asking = False
    try:
        async with (
            Lines(common.console(stderr=True), quiet=common.quiet) as lines,
            Session(
                config,
                common.database,
                choice=choice,
                progress=lines,
                again=again,
                fresh=fresh,
                as_of=as_of,
                search=service,
            ) as session,
        ):
            asking = True
            return await session.scan_all(cases)
    except asyncio.CancelledError as stopped:
        if not asking:
            raise Interrupted("Interrupted before anything was asked.") from stopped
        raise Interrupted(
            f"Interrupted. What was collected is stored in {common.database}; the same command goes on with it."
        ) from stopped


def _dry_run(
    common: Common, cases: Sequence[Case], choice: Choice, service: search.JsonSearch | None, *, aside: bool
) -> None:
    """aside: on stderr, because the case file stands on stdout."""
    pictures = ASKED_FOR if choice.screenshots else {screenshot.INFO.name: cast("Source", screenshot.Off())}
    sources = {**SOURCES, **pictures, search.INFO.name: cast("Source", search.Planned(service is not None))}
    if common.json:
        plans = [dry_run.as_dict(case, sources, choice) for case in cases]
        print_json(plans[0] if len(plans) == 1 else plans)
        return
    console = common.console(stderr=aside)
    for case in cases:
        dry_run.show(case, sources, choice, console)


def _print(common: Common, records: Sequence[ScanRecord]) -> list[dict[str, Any]]:
    with Store(common.database, readonly=True) as store:
        documents = [document.of_scan(store, record) for record in records]
    for record, doc in zip(records, documents, strict=True):
        if record.status != "complete":
            missing = ", ".join(sorted({f"{row['source']} ({row['status']})" for row in doc["not_seen"]}))
            say(f"{record.case_id}: the scan is {record.status.value}; no answer from: {missing}")
    targets = [target for doc in documents for target in doc["targets"]]
    if targets and not any(target["answered"] for target in targets):
        say("No source answered at all: `falsefront doctor` says what works from here.")
    if common.json:
        print_json(documents[0] if len(documents) == 1 else documents)
        return documents
    console = common.console()
    for doc in documents:
        terminal.show(doc, console)
    if len(documents) > 1:
        terminal.overview(documents, console)
    terminal.limits(console)
    if not common.quiet:
        _where_next(common, documents, console)
    return documents


def _where_next(common: Common, documents: Sequence[dict[str, Any]], console: Console) -> None:
    """Where things are, and commands that can be copied as they stand."""
    database = common.database
    option = f" --db {shlex.quote(str(database))}" if common.db else ""
    gravest = max(documents, key=lambda doc: (Level(doc["level"]).rank, doc["score"]))
    name = program()
    console.print()
    for lead, words in (
        ("Database", str(database)),
        ("Evidence", f"{database.parent / 'evidence'} (WARC files, one a scan)"),
        ("Next", f"{name} report {gravest['case']} --format html{option}"),
        ("", f"{name} browse{option}"),
        *(("", f"{name} checks {check}") for check in _carrying(gravest)),
    ):
        console.print(Text(f"{lead:<10} {plain(words)}"), soft_wrap=True)


def _carrying(doc: dict[str, Any]) -> list[str]:
    """The id of the check that weighs most, if any: its page says how it works."""
    rows = [finding for target in doc["targets"] for finding in target["findings"]] + doc["findings"]
    counting = [row for row in rows if not row["defeated_by"] and row["score"] > 0]
    return [max(counting, key=lambda row: row["score"])["check_id"]] if counting else []
