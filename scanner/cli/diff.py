"""`falsefront diff`: what changed between the scans of a case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from scanner.cli.common import Common, UserError, common_options, print_json
from scanner.cli.names import CaseId
from scanner.model import Date
from scanner.report.text import named, plain
from scanner.store import Store, StoreError, readable
from scanner.watch.changes import Change, History
from scanner.watch.history import as_dict, history, scans_of, silent

SHOWN = 6  # values of a list


@click.command()
@click.argument("case", type=CaseId())
@click.option("--since", metavar="DATE", help="Only what a scan of that day or later settled.")
@common_options
def diff(common: Common, case: str, since: str | None) -> None:
    """Say what changed between the scans of a CASE: facts, not bytes.

    What one answer could be wrong about counts once a second scan, most of a day later, saw it too; until then it is
    listed as seen once. A source that was silent says nothing: its facts are neither the same nor changed.

    \b
      falsefront diff cand-0142
      falsefront diff cand-0142 --since 2024-05-01 --json
    """
    found = _document(common, case, _day(since))
    if common.json:
        print_json(found)
        return
    if found["scans"] < 2:
        click.echo(f"{plain(case)}: {found['scans']} ended scans; a second one is needed to compare")
        return
    for row in found["changes"]:
        click.echo(_line(row, row["confirmed"][:10]))
    for row in found["unconfirmed"]:
        click.echo(_line(row, "seen once "))
    if not found["changes"] and not found["unconfirmed"]:
        click.echo(
            f"{plain(case)}: nothing changed in {found['scans']} scans ({found['from'][:10]} to {found['to'][:10]})"
        )
    for row in found["silent"]:
        click.echo(
            f"no answer from {row['source']} for {named(row['domain'])} in the newest scan ({row['status']})"
        )


def _day(text: str | None) -> datetime | None:
    try:
        return Date(text).first if text else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--since") from error


def _document(common: Common, case: str, since: datetime | None) -> dict[str, Any]:
    try:
        with readable(common.database), Store(common.database, readonly=True) as store:
            scans = scans_of(store, case)
            if not scans and case not in (known := [str(row["id"]) for row in store.cases()]):
                raise UserError(
                    f"{common.database} holds no case {case!r}; it has: {', '.join(known[:10]) or 'none'}"
                )
            return {
                "case": case,
                "scans": len(scans),
                "from": _iso(scans[0].as_of) if scans else "",
                "to": _iso(scans[-1].as_of) if scans else "",
                **_rows(history(store, case), since),
                "silent": silent(store, case),
            }
    except StoreError as error:
        raise UserError(str(error)) from error


def _rows(found: History, since: datetime | None) -> dict[str, list[dict[str, Any]]]:
    def late(rows: Any) -> list[dict[str, Any]]:
        return [as_dict(change) for change in rows if since is None or _settled(change) >= since]

    return {"changes": late(found.changes), "unconfirmed": late(found.unconfirmed)}


def _settled(change: Change) -> datetime:
    return change.confirmed_at or change.after_at


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(row: dict[str, Any], when: str) -> str:
    again = " (as before)" if row["returned"] else ""
    where = named(row["domain"]) if row["domain"] else "the whole case"
    lines = [f"{when}  {where}: {row['what']}{again}  [{', '.join(row['sources'])}]"]
    for name, key, date in (("before", "before", "last_seen_before"), ("now", "after", "first_seen_after")):
        lines.append(f"            {name:<7}{_values(row[key])}  ({row[date][:10]})")
    return "\n".join(lines)


def _values(values: list[str]) -> str:
    shown = ", ".join(plain(value) for value in values[:SHOWN]) or "none"
    return shown + (f" and {len(values) - SHOWN} more" if len(values) > SHOWN else "")
