"""`falsefront knowledge add | update | forget | overrule`: what a team knows by itself, in its own database."""

from __future__ import annotations

import click

from scanner.cli.common import Common, UserError, common_options, network_of, print_json, run, say
from scanner.egress import Network
from scanner.knowledge.indicators import (
    CATEGORIES,
    FRONTS,
    STATUSES,
    BadIndicatorError,
    Indicator,
    day,
    short,
    spelled,
)
from scanner.refresh import RefreshError
from scanner.refresh.feeds import FORMATS, Taken, Wanted, readers, take
from scanner.report.text import plain
from scanner.store import Store


@click.command()
@click.argument("values", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--kind", type=click.Choice(CATEGORIES), default="front_company", help="What it is said to be.")
@click.option("--status", type=click.Choice(STATUSES), default="reported", help="What is known of it.")
@click.option("--published", metavar="DATE", default="", help="When that became public, if it did.")
@click.option("--note", default="", help="Why it is listed.")
@click.option("--source", default="", help="Where that is written.")
@click.option("--context", is_flag=True, help="Show it, without letting it count.")
@click.option("--remove", is_flag=True, help="Take the entries back.")
@common_options
def add(
    common: Common,
    values: tuple[str, ...],
    kind: str,
    status: str,
    published: str,
    note: str,
    source: str,
    context: bool,
    remove: bool,
) -> None:
    """Put domains, addresses of pages, mailboxes, telephone numbers, payment addresses or accounts on your own list.

    An account is given as its page shows it: "analytics google-analytics UA-1234567-1" (tag, pixel, verification and
    form_endpoint likewise). A payment address is one of Bitcoin, Ethereum, Tron or Monero whose
    checksum holds.
    It stands in your database and leaves the machine with nothing. An entry is a strong finding at most, never the
    level `known`: that is for lists of authorities alone.

    \b
      falsefront knowledge add acmesoft.example --status reported --note "named in a report" --source https://reports.example/7
      falsefront knowledge add hello@acmesoft.example --remove
    """
    entries = []
    try:
        when = day(published)
        for value in values:
            what, address = spelled(value)
            entries.append(
                Indicator(
                    what,
                    address,
                    status,
                    kind,
                    when,
                    counts=kind in FRONTS and not context,
                    note=short(note),
                    reference=short(source),
                )
            )
    except BadIndicatorError as error:
        raise UserError(f"{error}; nothing was changed") from error
    changed = run(_add(common, entries, remove=remove))
    if common.json:
        rows = [{"kind": entry.kind, "value": entry.value} for entry in entries]
        print_json({"removed" if remove else "added": rows, "changed": changed})
        return
    for entry in entries:
        click.echo(plain(f"{'removed' if remove else 'listed'}: {entry.kind} {entry.value}"))


async def _add(common: Common, entries: list[Indicator], *, remove: bool) -> int:
    async with network_of(common) as (config, _), Network(config) as network:
        today = network.now().date().isoformat()
    with Store(common.database) as store:
        if not remove:
            return store.add_own(entries, today)
        missing = [entry.value for entry in entries if not store.remove_own(entry.kind, entry.value)]
        if missing:
            raise UserError(f"{missing[0]} is not on your own list")
        return len(entries)


@click.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--name", default="", help="What the feed is called here [last part of its address].")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Said by the content where it is not given."
)
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--context", is_flag=True, help="Show what it lists, without letting it count.")
@click.option("--expect", metavar="MIN-MAX", help="Fewest and most entries it may have.")
@common_options
def update(
    common: Common,
    source: str,
    name: str,
    form: str | None,
    dry_run: bool,
    context: bool,
    expect: str | None,
) -> None:
    """Take in a feed, in place of what it said before: CSV, a STIX 2.1 bundle, a MISP event or feed (manifest.json).

    It is fetched through the one door, read in workers with limits, and put in place at once or not at all: where
    anything is wrong with it, one line says so and the old knowledge stays. An entry of a feed is a strong finding at
    most.

    \b
      falsefront knowledge update https://feeds.example/domains.csv --name partner --dry-run
      falsefront knowledge update bundle.json --expect 100-5000
    """
    wanted = Wanted(source, name, form or "", context, _bounds(expect), dry_run)
    taken = run(_update(common, wanted))
    if common.json:
        print_json(_as_dict(taken))
        return
    _print(taken)


def _bounds(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    least, _, most = text.partition("-")
    if not (least.isdigit() and most.isdigit() and int(least) <= int(most)):
        raise click.BadParameter(f"{text!r} is no range such as 100-5000", param_hint="--expect")
    return int(least), int(most)


async def _update(common: Common, wanted: Wanted) -> Taken:
    async with network_of(common) as (config, _), Network(config) as network, readers() as pool:
        with Store(common.database) as store:
            try:
                return await take(wanted, store, pool, network, network.now().date().isoformat())
            except RefreshError as error:
                raise UserError(str(error)) from error


def _print(taken: Taken) -> None:
    diff = taken.diff
    click.echo(
        plain(
            f"{taken.name} ({taken.format}): {taken.entries} entries; {diff.added} added, {diff.changed} changed, "
            f"{diff.removed} removed" + (" (dry run: nothing was changed)" if taken.dry_run else "")
        )
    )
    marks = {"added": "+", "changed": "~", "removed": "-"}
    for what, kind, value in diff.values:
        click.echo(plain(f"  {marks[what]} {kind} {value}"))
    if taken.left:
        say(f"falsefront: {taken.left} left out: {'; '.join(taken.why)}")


def _as_dict(taken: Taken) -> dict[str, object]:
    return {
        "feed": taken.name,
        "format": taken.format,
        "entries": taken.entries,
        "added": taken.diff.added,
        "changed": taken.diff.changed,
        "removed": taken.diff.removed,
        "diff": [{"what": what, "kind": kind, "value": value} for what, kind, value in taken.diff.values],
        "left_out": taken.left,
        "why": list(taken.why),
        "dry_run": taken.dry_run,
    }


@click.command()
@click.argument("name")
@common_options
def forget(common: Common, name: str) -> None:
    """Remove a feed with everything it said.

    \b
      falsefront knowledge forget partner
    """
    with _existing(common) as store:
        if not store.remove_feed(name):
            raise UserError(
                f"no feed {name!r} here; it has: {', '.join(f.name for f in store.feeds()) or 'none'}"
            )
    click.echo(plain(f"forgotten: {name}"))


@click.command()
@click.argument("domain")
@click.option("--reason", default="", help="Why no list counts for it here; shown in the findings.")
@click.option("--remove", is_flag=True, help="Take the overrule back.")
@common_options
def overrule(common: Common, domain: str, reason: str, remove: bool) -> None:
    """Decide that no list counts for DOMAIN in this database: neither what ships, nor any feed, nor your own list.

    What they say is still shown, as context, with your reason beside it.

    \b
      falsefront knowledge overrule acmesoft.example --reason "checked: the listed firm is another"
      falsefront knowledge overrule acmesoft.example --remove
    """
    why = short(reason)
    if bool(why) == remove:
        raise click.UsageError("give --reason TEXT, or --remove to take an overrule back")
    try:
        kind, name = spelled(domain, anything=True)
    except BadIndicatorError as error:
        raise UserError(f"{error}; nothing was changed") from error
    if kind != "domain":
        raise UserError(f"{name} is no registrable domain; nothing was changed")
    run(_overrule(common, name, "" if remove else why))
    if common.json:
        print_json({"domain": name, "reason": "" if remove else why})
        return
    click.echo(plain(f"{'no longer overruled' if remove else 'overruled'}: {name}"))


async def _overrule(common: Common, domain: str, reason: str) -> None:
    async with network_of(common) as (config, _), Network(config) as network:
        today = network.now().date().isoformat()
    with Store(common.database) as store:
        store.overrule(domain, reason, today)


def _existing(common: Common) -> Store:
    if not common.database.exists():
        raise UserError(f"{common.database}: no such database")
    return Store(common.database)
