"""`falsefront audit`: who exported, opened, held, released and purged; and how other commands note it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from scanner.cli.common import Common, common_options, print_json, say
from scanner.cli.names import CaseId
from scanner.report.text import plain
from scanner.store import Store, StoreError, keeping

WAIT = 2.0
"""Seconds that an export waits for a scan that is writing before it goes without a note, and says so."""


@click.command()
@click.option(
    "--case", metavar="CASE", type=CaseId(), help="Of this case alone; finds the rows of a purged one too."
)
@common_options
def audit(common: Common, case: str | None) -> None:
    """List who exported, opened, held, released and purged cases here, and when.

    \b
      falsefront audit
      falsefront audit --case cand-0142 --json

    A purged case leaves no id, only a salted digest of it: `--case` finds its rows for who knows the id.
    """
    # this loads all that a scan needs, and every export comes through this file to be noted
    from scanner.cli.purge import existing

    with existing(common, readonly=True) as store:
        rows = keeping.trail(store, case or "")
    if common.json:
        print_json([asdict(row) for row in rows])
        return
    for row in rows:
        counts = ", ".join(f"{name} {value}" for name, value in row.counts.items())
        named = row.case or f"purged case {row.digest}"
        click.echo(plain(f"{row.at}  {row.who}  {row.action}  {named}" + (f"  ({counts})" if counts else "")))
    if not rows:
        click.echo("nothing was exported, held or purged yet")


def noted(
    common: Common, action: str, case: str, counts: Mapping[str, int | str], written: Path | None = None
) -> None:
    """Notes that something about a case left the database, and where the file is, so that a purge finds it. One that
    can't be noted (a database nobody may write to) is said, and the export goes on: a copy of the file would too."""
    try:
        with Store(common.database, wait=WAIT) as store, store.writing():
            keeping.note(store, action, case, counts)
            if written is not None:
                digest = hashlib.sha256(written.read_bytes()).hexdigest()
                keeping.remember_report(store, case, written, digest)
    except (StoreError, OSError) as error:
        say(f"falsefront: this {action} could not be noted for `falsefront audit`: {error}")
