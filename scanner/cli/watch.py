"""`falsefront watch`: what is scanned again and again, and who is told."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from scanner.cli.common import (
    Common,
    Interrupted,
    UserError,
    common_options,
    network_of,
    print_json,
    run,
    say,
)
from scanner.cli.names import CaseId
from scanner.cli.scan import _sources
from scanner.cli.watch_lists import named
from scanner.egress.clock import Clock
from scanner.egress.messages import NotSentError
from scanner.model import Date
from scanner.plan import Choice
from scanner.report.text import json_text, plain
from scanner.store import Store, StoreError, readable
from scanner.store.leases import BusyError
from scanner.watch import outbox, watches
from scanner.watch.feed import atom, newest, origin
from scanner.watch.install import of_machine
from scanner.watch.rules import Channel, Rules, RulesError
from scanner.watch.run import Ran, run_due
from scanner.watch.schedule import ScheduleError, interval


@click.group()
@common_options
def watch(common: Common) -> None:
    """Scan cases again and again, and tell what changed.

    \b
      falsefront watch add cand-0142 --every 7d --rules alerts.toml
      falsefront watch add vendors.csv --every 30d
      falsefront watch run                  what cron, a systemd timer or a container calls
      falsefront watch install --print      the crontab line and systemd units for this machine
    """
    click.get_current_context().obj = common


@watch.command()
@click.argument("what", nargs=-1, required=True, metavar="CASE|FILE...")
@click.option("--every", required=True, metavar="TIME", help="Time between two scans: 12h, 7d, 2w.")
@click.option("--from", "starts", metavar="DATE", help="When the first scan is due; default: at once.")
@click.option(
    "--rules", "--alert", "rules", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Rules file (TOML): who is told of which changes. See docs/WATCH.md.",
)  # fmt: skip
@common_options
def add(common: Common, what: tuple[str, ...], every: str, starts: str | None, rules: Path | None) -> None:
    """Watch a CASE of the database, the cases of a case FILE, or a list of addresses (.txt, one a line).

    \b
      falsefront watch add cand-0142 --every 7d --rules alerts.toml
      falsefront watch add vendors.csv --every 30d --from 2024-07-01
    """
    try:
        period, begin = interval(every), Date(starts) if starts else None
        if rules is not None:
            Rules.load(rules)
    except (ScheduleError, RulesError, ValueError) as error:
        raise UserError(str(error)) from error

    async def now() -> datetime:
        async with network_of(common) as (config, _):
            return Clock(config.now).now()

    moment = run(now())
    with _opened(common) as store:
        cases = named(store, what)
        if not cases:
            raise UserError("nothing to watch: nothing that was given holds a claim")
        try:
            added, changed = watches.add(
                store, cases, period, moment, rules=str(rules.absolute()) if rules else "", starts=begin
            )
        except ScheduleError as error:
            raise UserError(str(error)) from error
    _show(
        common,
        {"added": added, "changed": changed},
        f"{added} added, {changed} changed; next: falsefront watch run",
    )


@watch.command("list")
@common_options
def listed(common: Common) -> None:
    """List what is watched: when each is due, its last run, and what went wrong.

    \b
      falsefront watch list
    """
    with _opened(common, readonly=True) as store:
        rows = watches.watches(store)
        counts = outbox.counts(store)
    if common.json:
        print_json({"watches": [_as_dict(row) for row in rows], "messages": counts})
        return
    for row in rows:
        when = "paused" if row.paused_at else f"due {row.due_at:%Y-%m-%d %H:%M}Z"
        last = f"last {row.last_at:%Y-%m-%d %H:%M}Z" if row.last_at else "never run"
        problem = f"; failed {row.failures} times: {row.problem}" if row.problem else ""
        click.echo(plain(f"{row.case_id}  every {_time(row)}, {when}, {last}, {row.runs} runs{problem}"))
    if not rows:
        click.echo("nothing is watched; falsefront watch add CASE --every 7d")
    if counts["waiting"] or counts["dead"]:
        click.echo(f"messages: {counts['waiting']} waiting, {counts['dead']} given up")


@watch.command()
@click.argument("case", nargs=-1, required=True, type=CaseId())
@click.option("--off", is_flag=True, help="Go on with it.")
@common_options
def pause(common: Common, case: tuple[str, ...], off: bool) -> None:
    """Leave a watched CASE alone until `pause --off`.

    \b
      falsefront watch pause cand-0142
      falsefront watch pause cand-0142 --off
    """
    moment = None if off else datetime.now(UTC)
    _each(
        common, case, lambda store, name: watches.pause(store, name, moment), "goes on" if off else "paused"
    )


@watch.command()
@click.argument("case", nargs=-1, required=True, type=CaseId())
@common_options
def remove(common: Common, case: tuple[str, ...]) -> None:
    """Stop watching a CASE. Its scans and changes stay (`falsefront purge` removes those).

    \b
      falsefront watch remove cand-0142
    """
    _each(common, case, watches.remove, "no longer watched")


def _each(common: Common, cases: Sequence[str], do: Callable[[Store, str], bool], words: str) -> None:
    with _opened(common) as store:
        missing = [name for name in cases if name not in {row.case_id for row in watches.watches(store)}]
        if missing:
            raise UserError(f"{missing[0]}: is not watched (falsefront watch list)")
        for name in cases:
            do(store, name)
    _show(common, {"cases": list(cases)}, *(f"{name}: {words}" for name in cases))


@watch.command("run")
@click.option("--fresh", is_flag=True, help="Ask everything again, also what a recent scan has.")
@click.option("--passive", is_flag=True, help="Ask nothing that the sites' owners could notice.")
@click.option("--without", metavar="SOURCES", default="", help="Leave sources out: --without ct,archive")
@common_options
def run_(common: Common, fresh: bool, passive: bool, without: str) -> None:
    """Scan what is due, write down what changed, send the messages. Safe to call twice: the second does nothing.

    Exit 0 also where a case failed or a message did not go out: each is a line on stderr, and is tried again.

    \b
      falsefront watch run
      falsefront watch run --quiet --db /srv/falsefront/findings.db     from cron
    """
    if not common.database.exists():
        raise UserError(f"{common.database}: no such database; falsefront watch add CASE --every 7d")
    choice = Choice(passive, _sources(without))
    try:
        ran = run(_run(common, choice, fresh))
    except BusyError:
        say("falsefront: another `watch run` is at work; this one has nothing to do")
        if common.json:
            print_json(Ran().as_dict())
        return
    for problem in ran.problems:
        say(problem)
    if common.json:
        print_json(ran.as_dict())
    elif not common.quiet:
        for row in ran.scanned:
            click.echo(plain(f"{row['case']}: {row['level']}, {row['changes']} changes ({row['status']})"))
        waiting, dead = ran.messages["waiting"], ran.messages["dead"]
        click.echo(
            f"{len(ran.scanned)} of {ran.due} due cases scanned; messages: {waiting} waiting, {dead} given up"
        )


async def _run(common: Common, choice: Choice, fresh: bool) -> Ran:
    async with network_of(common) as (config, _):
        try:
            return await run_due(config, common.database, choice=choice, fresh=fresh)
        except asyncio.CancelledError as stopped:
            raise Interrupted(
                "Interrupted. What was collected is stored; the next run goes on with it."
            ) from stopped


@watch.command()
@click.option("--print", "shown", is_flag=True, required=True, help="Print them; nothing is installed.")
@common_options
def install(common: Common, shown: bool) -> None:
    """Print what runs the watch on this machine: a crontab line and systemd units, or the command for the task
    scheduler of Windows.

    \b
      falsefront watch install --print --db /srv/falsefront/findings.db
    """
    name = "falsefront.exe" if sys.platform == "win32" else "falsefront"
    beside = Path(sys.executable).with_name(name)  # of the same environment as this one
    found = beside if beside.is_file() else Path(shutil.which("falsefront") or sys.argv[0])
    program = found.absolute()
    network = common.network.absolute() if common.network else None
    database = common.database.absolute()
    caller, line, files = of_machine(sys.platform, program, database, network, getpass.getuser())
    if common.json:
        print_json({caller: line, "units": files})
        return
    heading = {
        "crontab": "# With cron (crontab -e):",
        "task": "# With the task scheduler of Windows, which has no cron:",
    }[caller]
    click.echo(f"{heading}\n{line}")
    if files:
        click.echo("\n# Or with systemd, as two files in /etc/systemd/system, then:")
        click.echo("#   sudo systemctl daemon-reload && sudo systemctl enable --now falsefront-watch.timer")
    for name, text in files.items():
        click.echo(f"\n# ---- {name}\n{text}", nl=False)


@watch.command("test-alert")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", "only", help="Only this channel; default: all of the file.")
@common_options
def test_alert(common: Common, rules: Path, only: str | None) -> None:
    """Send a test message to every channel of a RULES file, and say what each answered. Exit 1 when one fails.

    \b
      falsefront watch test-alert alerts.toml
      falsefront watch test-alert alerts.toml --channel mail
    """
    try:
        channels = Rules.load(rules).channels
    except RulesError as error:
        raise UserError(str(error)) from error
    if only is not None and only not in channels:
        raise UserError(f"{rules} has no channel {only!r}; it has: {', '.join(channels)}")
    wanted = [channel for name, channel in channels.items() if only in (None, name)]
    found = run(send_tests(wanted))
    _show(common, found, *(f"{name}: {problem or 'sent'}" for name, problem in found.items()))
    if any(found.values()):
        sys.exit(1)


async def send_tests(channels: Sequence[Channel]) -> dict[str, str]:
    """What each channel answered to a test message, "" for taken. Each message has a key of its own."""
    change = {
        "kind": "test",
        "what": "this is a test, nothing changed",
        "seen": watches.iso(datetime.now(UTC)),
    }
    found = {}
    for channel in channels:
        try:
            found[channel.name] = await outbox.deliver(
                channel, [{"case": "test", "level": "", "changes": [change]}], f"test-{uuid4().hex}"
            )
        except (NotSentError, RulesError) as error:
            found[channel.name] = str(error)
    return found


@watch.command()
@common_options
def resend(common: Common) -> None:
    """Put messages that were given up back into the queue; the next run sends them.

    \b
      falsefront watch resend
    """
    with _opened(common) as store:
        count = outbox.revive(store, datetime.now(UTC))
    _show(common, {"revived": count}, f"{count} messages put back")


@watch.command()
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option(
    "--values", is_flag=True, help="With addresses and values; else case ids and kinds of change only."
)
@common_options
def feed(common: Common, output: Path | None, values: bool) -> None:
    """What is new at watched cases, as an Atom feed.

    \b
      falsefront watch feed -o changes.xml
      falsefront watch feed --values --json
    """
    with _opened(common, readonly=True) as store:
        rows, where = newest(store), origin(store)
    text = (
        json_text(rows) + "\n" if common.json else atom(rows, datetime.now(UTC), origin=where, values=values)
    )
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        beside = output.with_name(f".{output.name}.new")  # readers never meet half a feed
        beside.write_text(text, encoding="utf-8")
        beside.replace(output)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror or error}") from error


# -------------------------------------------------------------------------------------------------- parts


@contextlib.contextmanager
def _opened(common: Common, *, readonly: bool = False) -> Iterator[Store]:
    """The store; its errors, and rows that can't be read, in one line."""
    try:
        with readable(common.database), Store(common.database, readonly=readonly) as store:
            yield store
    except StoreError as error:
        raise UserError(str(error)) from error


def _show(common: Common, found: Any, *lines: str) -> None:
    if common.json:
        print_json(found)
        return
    for line in lines:
        click.echo(plain(line))


def _as_dict(row: watches.Watch) -> dict[str, Any]:
    return {
        "case": row.case_id,
        "every": int(row.every.total_seconds()),
        "due": watches.iso(row.due_at),
        "last": watches.iso(row.last_at) if row.last_at else "",
        "paused": watches.iso(row.paused_at) if row.paused_at else "",
        "runs": row.runs,
        "failures": row.failures,
        "problem": row.problem,
        "rules": row.rules,
    }


def _time(row: watches.Watch) -> str:
    hours = int(row.every.total_seconds()) // 3600
    return f"{hours // 24}d" if hours % 24 == 0 and hours else f"{hours}h"
