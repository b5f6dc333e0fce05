"""`falsefront purge` and `falsefront hold`: what is kept, and what goes for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

import click

from scanner.cli.common import Common, UserError, common_options, network_of, print_json, remark, run, say
from scanner.cli.names import CaseId
from scanner.egress import Network
from scanner.library import LibraryError
from scanner.purge import (
    Kept,
    Purged,
    finish,
    out_of_date,
    outlined,
    outlined_sweep,
    purge_old_sweeps,
    purge_sweep,
)
from scanner.purge import purge as remove
from scanner.report.text import plain
from scanner.session import library_of
from scanner.store import Store, StoreError, keeping, purging


@click.command()
@click.argument("case", required=False, type=CaseId())
@click.option(
    "--keep-days",
    type=click.IntRange(0, 36500),
    metavar="N",
    help="Every case whose newest scan began more than N days ago, in place of one CASE.",
)
@click.option("--dry-run", is_flag=True, help="Print what would go; remove nothing.")
@common_options
def purge(common: Common, case: str | None, keep_days: int | None, dry_run: bool) -> None:
    """Remove a CASE for good: rows, evidence, reports, what it brought into the library, search index, free space.

    \b
      falsefront purge cand-0142 --dry-run
      falsefront purge cand-0142
      falsefront purge --keep-days 90

    What others brought too stays: texts and pictures that another scan or crawl saw, sites that another case names.
    Reports that `report -o` wrote in or below the folder of the database go; others are named, for you to remove.
    Copies of the database from before an upgrade go as well. A case that is held stays (`falsefront hold`), and so does
    one that is being scanned. The id of a sweep removes its list and the cases it led to. A purge that was interrupted
    is gone on with by the next one, whichever it is.
    """
    if case and keep_days is not None:
        raise click.UsageError("give a CASE, or --keep-days N")
    now = run(_now(common)) if keep_days is not None else None
    with existing(common, readonly=dry_run) as store:
        resumed = not dry_run and finish(store, library_of(common.database), _told)
        if not case and keep_days is None:
            if not resumed:
                raise click.UsageError("give a CASE, or --keep-days N")
            say("falsefront: what an earlier purge left is gone now")
            return
        library = library_of(common.database)
        if case and purging.sweep_rows(store, case)[0]:
            swept = (
                outlined_sweep(store, library, case) if dry_run else purge_sweep(store, library, case, _told)
            )
            _show(common, swept, [], dry_run=dry_run)
            return
        try:
            cases, kept = _chosen(store, case, keep_days, now)
        except StoreError:
            if not resumed:
                raise
            say("falsefront: what an earlier purge left is gone now")
            cases, kept = [], []
        done = (
            [outlined(store, library, one) for one in cases]
            if dry_run
            else remove(store, library, cases, _told)
        )
        if keep_days is not None and now is not None:
            done += purge_old_sweeps(store, library, now, keep_days, dry_run=dry_run)
    _show(common, done, kept, dry_run=dry_run)


@click.command()
@click.argument("case", required=False, type=CaseId())
@click.option("--reason", default="", help="Why it is kept; goes with the hold.")
@click.option("--release", is_flag=True, help="Take the hold back.")
@common_options
def hold(common: Common, case: str | None, reason: str, release: bool) -> None:
    """Keep a CASE from every purge until it is released; without a CASE, list what is held.

    \b
      falsefront hold cand-0142 --reason "passed to counsel"
      falsefront hold cand-0142 --release
    """
    if not case:
        if release or reason:
            raise click.UsageError("give a CASE")
        _list_holds(common)
        return
    if release and reason:
        raise click.UsageError("--reason goes with a hold, not with its release")
    with existing(common) as store:
        if release and not keeping.release(store, case):
            raise UserError(f"{case} is not held")
        if not release:
            keeping.hold(store, case, reason)
    if common.json:
        print_json({"case": case, "held": not release})
        return
    click.echo(plain(f"{'released' if release else 'held'}: {case}"))


@contextmanager
def existing(common: Common, *, readonly: bool = False) -> Iterator[Store]:
    """The database, which must be there; its errors, and the library's, as one line."""
    if not common.database.exists():
        raise UserError(f"{common.database}: no such database; give --db FILE")
    try:
        with Store(common.database, readonly=readonly) as store:
            yield store
    except (StoreError, LibraryError) as error:
        raise UserError(str(error)) from error


def _list_holds(common: Common) -> None:
    with existing(common, readonly=True) as store:
        held = list(keeping.holds(store).values())
    if common.json:
        print_json([asdict(one) for one in held])
        return
    for one in held:
        click.echo(
            plain(f"{one.case}  since {one.at} by {one.who}" + (f": {one.reason}" if one.reason else ""))
        )
    if not held:
        click.echo("nothing is held")


async def _now(common: Common) -> datetime:
    """By the clock that scans are dated by."""
    async with network_of(common) as (config, _), Network(config) as network:
        return network.now()


def _chosen(
    store: Store, case: str | None, keep_days: int | None, now: datetime | None
) -> tuple[list[str], list[Kept]]:
    if case:
        keeping.require_case(store, case)
        return [case], []
    assert keep_days is not None
    assert now is not None
    return out_of_date(store, now, keep_days)


def _told(what: str) -> None:
    remark(f"falsefront: {what} …")


def _show(common: Common, done: Sequence[Purged], kept: Sequence[Kept], *, dry_run: bool) -> None:
    if common.json:
        print_json(
            {
                "purged": [asdict(one) for one in done],
                "kept": [asdict(one) for one in kept],
                "dry_run": dry_run,
            }
        )
        return
    for one in done:
        click.echo(plain(f"{one.case}: {'would go' if dry_run else 'gone'}"))
        rows = ", ".join(f"{count} {table}" for table, count in sorted(one.rows.items()))
        click.echo(plain(f"  rows      {rows}"))
        for name in (*one.files, *one.reports):
            click.echo(plain(f"  file      {name}"))
        counted = "not counted: the library is of an older format"
        if one.texts is not None:
            counted = f"{one.texts} texts and {one.pictures} pictures that nobody else brought"
        click.echo(f"  library   {counted}")
    for held in kept:
        say(f"falsefront: {held.case} stays: {held.why}")
    for one in done:
        for name in one.elsewhere:
            say(f"falsefront: a report of {one.case} was written to {name}: remove it yourself")
    if not done:
        click.echo("no case to purge")
