"""`falsefront report`: the findings of a case again, from the database."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from scanner.cli.common import Common, UserError, common_options, print_json
from scanner.report import document, table, terminal
from scanner.report.text import json_text
from scanner.store import Store, StoreError, readable


@click.command()
@click.argument("case")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@common_options
def report(common: Common, case: str, form: str, output: Path | None) -> None:
    """Show the newest findings of a CASE (`falsefront report cand-0142 --format json -o cand-0142.json`)."""
    form = "json" if common.json else form
    found = _document(common.database, case)
    try:
        with readable(common.database):
            if output is None and form == "json":
                print_json(found)
                return
            text = _render(found, form)
    except StoreError as error:
        raise UserError(str(error)) from error
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with open(output, "w", encoding="utf-8", opener=_private) as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error


def _private(path: str, flags: int) -> int:
    """A new file is for its owner alone: reports name people and firms."""
    return os.open(path, flags, 0o600)


def _document(database: Path, case: str) -> dict[str, Any]:
    try:
        with readable(database), Store(database, readonly=True) as store:
            found = document.of_case(store, case)
            known = [str(row["id"]) for row in store.cases()]
    except StoreError as error:
        raise UserError(str(error)) from error
    if found is None:
        raise UserError(f"{database} holds no case {case!r}; it has: {', '.join(known[:10]) or 'none'}")
    return found


def _render(found: dict[str, Any], form: str) -> str:
    if form == "json":
        return json_text(found) + "\n"
    buffer = io.StringIO()
    if form == "csv":
        csv.writer(buffer, lineterminator="\n").writerows(table.rows(found))
    else:
        console = Console(file=buffer, highlight=False, width=100, force_terminal=False)
        terminal.show(found, console)
        terminal.limits(console)
    return buffer.getvalue()
