"""`falsefront report`: the findings of a case again, from the database."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console

from scanner.cli.audit import noted
from scanner.cli.common import Common, UserError, common_options, print_json, remark
from scanner.cli.names import CaseId
from scanner.report import arithmetic, document, html, html_facts, table, terminal
from scanner.report.text import json_text
from scanner.store import Store, StoreError, keeping, readable

ENDINGS = {".html": "html", ".htm": "html", ".json": "json", ".csv": "csv"}
"""What a file's name says about the format, where none is named."""

TEXT_WIDTH = 100
"""Columns of a report that is no longer on a terminal."""


@click.command()
@click.argument("case", type=CaseId())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "csv", "stix", "misp"]),
    help="[default: by the ending of -o, else text]",
)
@click.option(
    "-o",
    "output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Write to this file; `-` is stdout.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="With text: how each verdict came about, rule by rule and figure by figure.",
)
@common_options
def report(common: Common, case: str, form: str | None, output: Path | None, explain: bool) -> None:
    """Show the newest findings of a CASE (`falsefront report cand-0142 --format html`).

    `html` is one file to read, print and pass on: at a terminal it is written to CASE.html in this folder and its path
    is printed; into a pipe, the page itself. A page that was made before is replaced, any other file of that name is
    not. A file named with `-o` is always replaced. New files are for their owner alone.

    `stix` (a STIX 2.1 bundle) and `misp` (an event) are for passing on: sites from level `review` up with what was
    found there, and nothing of the case. Every export is noted for `falsefront audit`; a purge removes the file.

    \b
      falsefront report cand-0142
      falsefront report cand-0142 --explain
      falsefront report cand-0142 --format html
      falsefront report cand-0142 -o cand-0142.csv
      falsefront report cand-0142 --format stix -o sites.json
    """
    form = "json" if common.json else form or ENDINGS.get(output.suffix.lower() if output else "", "text")
    to_stdout = output == Path("-") or not sys.stdout.isatty()
    if output == Path("-"):
        output = None
    found: dict[str, Any] = {}
    shown: Console | None = None
    try:
        with readable(common.database):
            if form in ("stix", "misp"):
                text = json_text(_sites(common.database, case, form)) + "\n"
            else:
                found, page = _document(common.database, case, page=form == "html")
                shown = common.console() if output is None else None
                text = page or _render(found, form, shown)
                if explain and form == "text":
                    text += "\nHow the verdicts came about\n" + "\n".join(arithmetic.lines(found)) + "\n"
            if output is None and form == "json":
                print_json(found)
    except StoreError as error:
        raise UserError(str(error)) from error
    if output is None and form == "html" and not to_stdout:
        output = Path(re.sub(r"[^A-Za-z0-9._-]", "_", case) + ".html")
        _write_page(output, text)
    elif output is None and form != "json":
        # a page says that it is UTF-8, whatever the console's own encoding
        coloured = form == "text" and shown is not None and shown.is_terminal
        click.echo(text.encode() if form == "html" else text, nl=False, color=coloured or None)
    elif output is not None:
        _write(output, text)
    if output is not None or form != "text":  # at a terminal, text is read and not exported
        noted(common, "export", case, {"format": form}, output)


def _write(path: Path, text: str) -> None:
    """To a file the person named: made for its owner alone, or what it held replaced."""
    try:
        with open(path, "w", encoding="utf-8", opener=_private) as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def _write_page(path: Path, text: str) -> None:
    """To a file we named: at once and whole, and never in place of anything but such a page."""
    try:
        if path.is_symlink() or (path.exists() and html.MARK not in _head(path)):
            raise UserError(f"{path} is there and was not made by `report`; name a file with -o")
        number, name = tempfile.mkstemp(prefix=f".{path.stem}", suffix=".html", dir=path.parent)
        try:
            with open(number, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    click.echo(path.resolve())
    remark("Open it in a browser, or print it from there. Nothing in it is loaded from anywhere.")


def _head(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(2000).decode("utf-8", "replace")


def _private(path: str, flags: int) -> int:
    """A new file is for its owner alone: reports name people and firms."""
    return os.open(path, flags, 0o600)


def _document(database: Path, case: str, *, page: bool) -> tuple[dict[str, Any], str]:
    """The newest scan of a case as plain data, and as a page where one is asked for."""
    try:
        with readable(database), Store(database, readonly=True) as store:
            record = store.latest_scan(case)
            if record is not None:
                found = document.of_scan(store, record)
                return found, html.render(found, html_facts.of_scan(store, record)) if page else ""
            known = [str(row["id"]) for row in store.cases()]
    except StoreError as error:
        raise UserError(str(error)) from error
    raise UserError(f"{database} holds no case {case!r}; it has: {', '.join(known[:10]) or 'none'}")


def _sites(database: Path, case: str, form: str) -> dict[str, Any]:
    """What may be passed on of the newest scan of a case."""
    # loaded here: they bring all checks along, which no other format needs
    from scanner.report import misp, sites, stix

    with Store(database, readonly=True) as store:
        keeping.require_case(store, case)
        record = store.latest_scan(case)
        if record is None:
            raise UserError(f"{case} has no scan yet")
        found = sites.sites(store, record)
    return stix.bundle(found) if form == "stix" else misp.event(found, record.uid, record.started_at)


def _render(found: dict[str, Any], form: str, shown: Console | None) -> str:
    """shown: where text is printed, for its colours and width; None for a file."""
    if form == "json":
        return json_text(found) + "\n"
    buffer = io.StringIO()
    if form == "csv":
        csv.writer(buffer, lineterminator="\n").writerows(table.rows(found))
    else:
        console = Console(file=buffer, highlight=False, width=TEXT_WIDTH, force_terminal=False)
        if shown is not None and (shown.is_terminal or shown.width > TEXT_WIDTH):
            console = Console(
                file=buffer,
                highlight=False,
                width=shown.width,
                force_terminal=shown.is_terminal,
                color_system=cast("Any", shown.color_system),
                no_color=shown.no_color,
            )
        terminal.show(found, console)
        terminal.limits(console)
    return buffer.getvalue()
