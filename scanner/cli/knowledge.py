"""`falsefront knowledge`: what is known beforehand, with its sources."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import msgspec

from scanner.cli import knowledge_own
from scanner.cli.common import (
    EXIT_ERROR,
    Common,
    UserError,
    common_options,
    day_of,
    network_of,
    print_json,
    run,
)
from scanner.egress import Network
from scanner.knowledge import Knowledge, Listing, Overrule
from scanner.refresh import RefreshError, hosting, rdap
from scanner.report.text import plain
from scanner.store import Store, readable
from scanner.store.known import Feed


@click.group()
def knowledge() -> None:
    """What is known beforehand: the lists that ship in `seeds/`, the feeds you take in, and your own entries.

    \b
      falsefront knowledge list
      falsefront knowledge add acmesoft.example --note "reported by a partner"
      falsefront knowledge update https://feeds.example/domains.csv
    """


for command in (knowledge_own.add, knowledge_own.update, knowledge_own.forget, knowledge_own.overrule):
    knowledge.add_command(command)


@knowledge.command("list")
@click.option("--entries", is_flag=True, help="The entries a person would look up, in place of the lists.")
@click.option("--as-of", metavar="DATE", help="With --entries: only what was public on that day.")
@common_options
def list_(common: Common, entries: bool, as_of: str | None) -> None:
    """List every seed file with its count, publisher, licence and date; then your feeds, entries and overrules.

    \b
      falsefront knowledge list
      falsefront knowledge list --entries --as-of 2024-01-31
    """
    day = day_of(as_of)
    if entries:
        _print_entries(common, day)
        return
    lists = Knowledge.load().listing()
    own = _own(common)
    if common.json:
        rows: list[dict[str, object]] = [
            {
                "file": seed.path,
                "entries": len(seed.entries),
                "publisher": seed.publisher,
                "licence": seed.licence,
                "retrieved": str(seed.retrieved),
                "source": seed.source,
            }
            for seed in lists
        ]
        print_json(rows + own.as_dicts())
        return
    for seed in lists:
        click.echo(f"{seed.path:<34} {len(seed.entries):>6}  {seed.licence:<14} {seed.publisher}")
    for line in own.lines():
        click.echo(plain(line))


@dataclass(frozen=True, slots=True)
class _Own:
    """What a team knows by itself, for showing."""

    feeds: tuple[Feed, ...] = ()
    entries: tuple[Listing, ...] = ()
    overrules: tuple[Overrule, ...] = ()

    def lines(self) -> Iterator[str]:
        for feed in self.feeds:
            yield f"{'feed ' + feed.name:<34} {feed.entries:>6}  taken in {feed.updated} ({feed.format})"
        for entry in (listing.indicator for listing in self.entries):
            note = "; ".join(part for part in (entry.note, entry.reference) if part)
            yield f"  {entry.kind} {entry.value}  {entry.status} {entry.published}  {note}".rstrip()
        for one in self.overrules:
            yield f"overruled {one.domain} on {one.decided}: {one.reason}"

    def as_dicts(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = [
            {"feed": f.name, "entries": f.entries, "format": f.format, "updated": f.updated}
            for f in self.feeds
        ]
        found += [
            {"own": one.indicator.value, **msgspec.structs.asdict(one.indicator)} for one in self.entries
        ]
        return found + [
            {"overruled": o.domain, "reason": o.reason, "decided": o.decided} for o in self.overrules
        ]


def _own(common: Common) -> _Own:
    """From the database, where there is one."""
    if not common.database.exists():
        return _Own()
    with readable(common.database), Store(common.database, readonly=True) as store:
        return _Own(tuple(store.feeds()), tuple(store.own_entries()), tuple(store.overrules()))


def _print_entries(common: Common, day: datetime | None) -> None:
    rows = Knowledge.load(day).rows()
    if common.json:
        print_json([row._asdict() for row in rows])
        return
    for row in rows:
        click.echo(plain(f"{row.kind}  {row.value}  {row.status}  {row.published}  {row.source}"))


@knowledge.command("refresh")
@click.argument("what", type=click.Choice(["rdap", "hosting"]))
@common_options
def refresh(common: Common, what: str) -> None:
    """Fetch newer data in place of what ships: the list of RDAP servers, or networks and countries of addresses.

    Kept in your own data folder (FALSEFRONT_DATA names another); a file that looks wrong replaces nothing.

    \b
      falsefront knowledge refresh rdap
      falsefront knowledge refresh hosting
    """
    for path in run(_refresh(common, what)):
        click.echo(path)


async def _refresh(common: Common, what: str) -> list[Path]:
    async with network_of(common) as (config, _), Network(config) as network:
        try:
            return [await rdap(network)] if what == "rdap" else await hosting(network)
        except RefreshError as error:
            raise UserError(str(error)) from error


@knowledge.command("check")
@common_options
def check(common: Common) -> None:
    """Load every seed file against its asserted counts; exit 1 when one is broken.

    \b
      falsefront knowledge check
    """
    report, problems = Knowledge.check()
    if common.json:
        click.echo(json.dumps({"lists": report, "problems": problems}, indent=1, ensure_ascii=False))
    else:
        for line in report:
            click.echo(line)
        for problem in problems:
            click.echo(f"falsefront: {problem}", err=True)
    if problems:
        sys.exit(EXIT_ERROR)
