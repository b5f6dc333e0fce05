"""`falsefront doctor`: what works from here."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from scanner.cli.common import EXIT_ERROR, Common, common_options, network_of, print_json, run
from scanner.collect import chromium
from scanner.egress import EgressError, Network
from scanner.knowledge import Knowledge
from scanner.report.text import plain
from scanner.store import Store, StoreError, readable
from scanner.watch import outbox
from scanner.watch.watches import watches

WHOIS_HOST = "whois.iana.org"
"""Asked where the network file names no WHOIS server of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line: what was tried, whether it works, what it says or what to do. `needed`: scans suffer without it."""

    what: str
    works: bool
    says: str
    needed: bool = True


@click.command()
@common_options
def doctor(common: Common) -> None:
    """Say what works from here: database, knowledge, resolver, RDAP, WHOIS, archive, certificate log, browser.

    Exit 1 when the database or the knowledge is broken; sources that are out of reach only make scans partial.

    \b
      falsefront doctor
      falsefront doctor --network network.toml --json
    """
    answers = [
        _python(),
        _database(common.database),
        *_watch(common.database),
        _knowledge(),
        *run(_network(common)),
        _browser(),
    ]
    if common.json:
        print_json([asdict(answer) for answer in answers])
    else:
        for answer in answers:
            mark = "ok      " if answer.works else "missing " if answer.needed else "optional"
            click.echo(f"{mark} {answer.what:<16} {plain(answer.says)}")
    if any(not answer.works for answer in answers if answer.what in ("database", "knowledge")):
        sys.exit(EXIT_ERROR)


def _python() -> Answer:
    return Answer("python", sys.version_info >= (3, 11), sys.version.split()[0])


def _database(path: Path) -> Answer:
    if not path.exists():
        return Answer("database", True, f"{path} does not exist yet; the first scan makes it")
    try:
        with Store(path, readonly=True) as store:
            return Answer("database", True, f"{path}: {len(store.cases())} cases")
    except StoreError as error:
        return Answer("database", False, str(error))


def _watch(path: Path) -> list[Answer]:
    """What is watched, and messages that were given up: only where something is watched, or was."""
    try:
        with readable(path), Store(path, readonly=True) as store:
            rows, dead = watches(store), outbox.dead(store)
            waiting = outbox.counts(store)["waiting"]
    except StoreError:
        return []  # said of the database already
    failing = [row for row in rows if row.problem]
    found = []
    if rows:
        said = (
            f"; {failing[0].case_id} failed {failing[0].failures} times: {failing[0].problem}"
            if failing
            else ""
        )
        found.append(Answer("watch", not failing, f"{len(rows)} cases watched, {len(failing)} failing{said}"))
    if dead:
        last = dead[-1]
        says = (
            f"{len(dead)} messages were given up; the last of case {last['case_id']} to {last['channel']} on "
            f"{last['dead_at'][:10]}: {last['problem']} (mend it, then `falsefront watch resend`)"
        )
        found.append(Answer("alerts", False, says))
    elif rows:
        found.append(Answer("alerts", True, f"no message was given up, {waiting} waiting"))
    return found


def _knowledge() -> Answer:
    report, problems = Knowledge.check()
    return Answer(
        "knowledge", not problems, problems[0] if problems else f"{len(report)} lists, all counts in bounds"
    )


def _browser() -> Answer:
    """For `scan --screenshots`."""
    found = chromium.find()
    return Answer("browser", bool(found), found or f"none found: {chromium.MISSING}", False)


async def _network(common: Common) -> list[Answer]:
    async with network_of(common) as (config, _), Network(config) as network:
        whois = config.whois.get("default", WHOIS_HOST)
        bootstrap = _host(config.rdap_bootstrap)
        return [
            await _try(
                "resolver",
                lambda: _resolve(network, bootstrap),
                "no name can be looked up: check the internet connection, or `resolver` in the network file",
            ),
            await _try("rdap", lambda: _connect(network, bootstrap, 443)),
            await _try("whois", lambda: _connect(network, whois, 43)),
            await _try("archive", lambda: _connect(network, _host(config.archive), 443)),
            await _try("certificate log", lambda: _connect(network, _host(config.ct), 443)),
        ]


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


async def _try(
    what: str, ask: Callable[[], Awaitable[str]], without: str = "scans go on without it and say so"
) -> Answer:
    try:
        return Answer(what, True, await ask())
    except EgressError as error:
        return Answer(what, False, f"{error.status.value}: {error.reason}; {without}")


async def _resolve(network: Network, name: str) -> str:
    addresses = await network.addresses(name)
    return f"{name} has {len(addresses)} addresses"


async def _connect(network: Network, host: str, port: int) -> str:
    context = network.ssl_context() if port == 443 else None
    connection = await network.connect(host, port, ssl_context=context, timeout=10)
    await connection.close()
    return f"{host} answers on port {port}"
