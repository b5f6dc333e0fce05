"""Arguments that a shell can complete from what is there: case ids of the database, ids of checks."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

MOST = 500
"""Ids offered; beyond that a list is no help."""


class CaseId(click.types.StringParamType):
    """A case of the database that --db names. Any text is taken: the command says whether there is such a case."""

    name = "case"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from scanner.store import Store, StoreError, readable

        database = _database(ctx)
        if not database.exists():
            return []
        try:
            with readable(database), Store(database, readonly=True) as store:
                found = [row["id"] for row in store.cases() if row["id"].startswith(incomplete)]
        except StoreError:
            return []  # nothing is offered; the command itself will say what is wrong
        return [CompletionItem(name) for name in found[:MOST]]


class CheckId(click.types.StringParamType):
    """The id of a check."""

    name = "id"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from scanner.checks import table

        return [
            CompletionItem(entry.id, help=entry.text.partition("\n")[0])
            for entry in table()
            if entry.id.startswith(incomplete)
        ]


def _database(ctx: click.Context | None) -> Path:
    """What --db says so far, before or after the command."""
    while ctx is not None:
        if given := ctx.params.get("db"):
            return Path(given)
        ctx = ctx.parent
    return Path("findings.db")
