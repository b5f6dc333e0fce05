"""`falsefront library`: the index of originals."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from scanner.cli.common import (
    EXIT_ERROR,
    Common,
    Interrupted,
    UserError,
    common_options,
    network_of,
    print_json,
    remark,
    run,
    say,
)
from scanner.copies import Shelf, kinds_of, opened
from scanner.domains import registrable
from scanner.knowledge.originals import LISTS, load_originals
from scanner.library import Library, LibraryError, OlderLibraryError
from scanner.observe import PRELOAD
from scanner.originals import BYTES_A_SITE, SECONDS_A_SITE, SITES_AT_ONCE, Crawled, WarcError, add_warc
from scanner.parse import ParsePool
from scanner.report.text import plain
from scanner.session import Session, library_of


@click.group()
def library() -> None:
    """The index of originals: whose text is this, and since when. It lies beside the database.

    Every scan adds the texts it read. A larger library finds more copies.

    \b
      falsefront library crawl --list it-services --limit 50
      falsefront library search acmesoft.example
    """


@library.command("crawl")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--list", "listed", type=click.Choice(sorted(LISTS)), help="Crawl a list that ships, in place of FILE."
)
@click.option(
    "--limit", type=click.IntRange(min=1), help="Crawl so many sites now, and the others another time."
)
@click.option(
    "--dry-run", is_flag=True, help="Say how many sites, how long and how much disk; crawl nothing."
)
@common_options
def crawl(common: Common, file: Path | None, listed: str | None, limit: int | None, dry_run: bool) -> None:
    """Crawl the sites of FILE, one domain a line, or of a list that ships, into the library.

    \b
      falsefront library crawl --list it-services
      falsefront library crawl domains.txt --limit 50

    Sites that are in it already are passed over, so the same command goes on where it stopped. Each site is kept
    as soon as it is read: Ctrl-C loses the eight that are under way.
    """
    if (file is None) == (listed is None):
        raise click.UsageError("give a FILE, or --list NAME")
    domains = _listed(listed) if listed else _domains_said(file) if file else []
    left = _unknown(library_of(common.database), domains)
    now = left[:limit]
    said = forecast(len(now), len(left), len(domains))
    (say if dry_run else remark)(said)
    crawled = [] if dry_run or not now else run(_crawl(common, now))
    if common.json:
        print_json(
            {"listed": len(domains), "to_crawl": len(now), "crawled": [asdict(one) for one in crawled]}
        )
    elif crawled:
        texts = sum(one.texts for one in crawled)
        click.echo(f"{sum(one.texts > 0 for one in crawled)} sites with {texts} texts are now in the library")


def forecast(now: int, left: int, total: int) -> str:
    """What a crawl of `now` sites costs, for a person to read before it starts.

    >>> forecast(450, 450, 450)
    '450 of 450 sites to crawl: about 26 minutes and 29 MB'
    >>> forecast(50, 400, 450)
    '50 of 450 sites to crawl (350 more another time): about 3 minutes and 3 MB'
    >>> forecast(3, 3, 3)
    '3 of 3 sites to crawl: a minute or two and less than 1 MB'
    """
    later = f" ({left - now} more another time)" if left > now else ""
    minutes, megabytes = now * SECONDS_A_SITE / SITES_AT_ONCE / 60, now * BYTES_A_SITE / 1e6
    time = f"about {minutes:.0f} minutes" if minutes >= 1.5 else "a minute or two"
    room = f"{megabytes:.0f} MB" if megabytes >= 1 else "less than 1 MB"
    return f"{now} of {total} sites to crawl{later}: {time} and {room}"


def _listed(name: str) -> list[str]:
    """The domains of a list that ships; where they come from is said."""
    sites, seed = load_originals(name)
    remark(f"{name}: {seed.title} ({len(sites)}; {seed.publisher}; {seed.licence}; {seed.retrieved})")
    return [site.domain for site in sites]


def _domains_said(file: Path) -> list[str]:
    domains, wrong = _domains(file)
    for number, line in wrong:
        say(f"{file}:{number}: {plain(line)[:60]} is no domain; left out")
    return domains


def _unknown(path: Path, domains: list[str]) -> list[str]:
    """Those of which the library holds nothing yet."""
    if not path.exists():
        return domains
    with _reading(path) as known:
        return [domain for domain in domains if not known.texts_of(domain)]


@contextmanager
def _reading(path: Path) -> Iterator[Library]:
    """The library as it stands; what is wrong with the file is one line."""
    try:
        try:
            library = Library(path, readonly=True)
        except OlderLibraryError:
            library = Library(
                path
            )  # a damaged file may look older than it is: said once it is known to be whole
            say(f"{path}: of an older version; brought up to date, a copy of an older format stays beside it")
        with library:
            yield library
    except LibraryError as error:
        raise UserError(str(error)) from error


def _domains(file: Path) -> tuple[list[str], list[tuple[int, str]]]:
    """Registrable domains of a list, each once; and the lines that hold none. `#` begins a remark."""
    found: dict[str, None] = {}
    wrong: list[tuple[int, str]] = []
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        words = line.partition("#")[0].strip()
        name = (
            registrable(words.partition("://")[2].partition("/")[0] or words.partition("/")[0])
            if words
            else ""
        )
        if name:
            found[name] = None
        elif words:
            wrong.append((number, words))
    return list(found), wrong


async def _crawl(common: Common, domains: list[str]) -> list[Crawled]:
    def told(one: Crawled) -> None:
        remark(f"{one.domain}: {one.status} {one.reason} ({one.texts} texts)")

    try:
        async with network_of(common) as (config, _), Session(config, common.database) as session:
            return await session.fill_library(domains, told)
    except asyncio.CancelledError as stopped:
        raise Interrupted(
            f"Interrupted. The sites told above are in {library_of(common.database)}; the same command goes on."
        ) from stopped


@library.command("add")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@common_options
def add(common: Common, files: tuple[Path, ...]) -> None:
    """Add the pages of WARC files (ours or anybody's), dated by their records.

    A file that breaks off gives what came before; one that can't be read is said, and the others are still added.

    \b
      falsefront library add crawl.warc.gz evidence/*.warc.gz
    """
    added = run(_add(common, files))
    if common.json:
        print_json(added)
    if any(one["texts"] is None for one in added):
        raise SystemExit(EXIT_ERROR)


async def _add(common: Common, files: tuple[Path, ...]) -> list[dict[str, Any]]:
    """`{file, texts, problem}` of each file, texts None where it could not be read at all. What came of each is said as
    soon as it is known."""
    added: list[dict[str, Any]] = []
    with opened(library_of(common.database)) as library:
        async with ParsePool(preload=PRELOAD) as pool:
            shelf = Shelf(library)
            for path in files:
                try:
                    texts, trouble = await add_warc(path, shelf, pool)
                except WarcError as error:
                    say(f"falsefront: {error}")
                    added.append({"file": str(path), "texts": None, "problem": str(error)})
                    continue
                added.append({"file": str(path), "texts": texts, "problem": trouble})
                if not common.json:
                    click.echo(f"{plain(str(path))}: {texts} texts")
                if trouble:
                    say(f"falsefront: {trouble}")
    return added


@library.command("search")
@click.argument("domain")
@common_options
def search(common: Common, domain: str) -> None:
    """Which other sites share text with a DOMAIN that is in the library.

    \b
      falsefront library search acmesoft.example
    """
    name = registrable(domain.partition("://")[2].partition("/")[0] or domain)
    with _reading(library_of(common.database)) as held:
        if not held.texts_of(name):
            raise UserError(
                f"{plain(domain)} is not in the library: scan it, or `falsefront library crawl` it first"
            )
        found = kinds_of(held, name)
    if common.json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['domain']}: {one['kind']}, {one['words']} words; first seen {one['first_seen']}")
        click.echo(f"  {one['ours']}\n  {one['theirs']}")
    if not found:
        click.echo(f"{name}: no other site in the library shares text with it")


@library.command("stats")
@common_options
def stats(common: Common) -> None:
    """How many texts and pictures of how many sites, from where, since when.

    \b
      falsefront library stats --json
    """
    path = library_of(common.database)
    if not path.exists():
        raise UserError(f"{path}: there is no library yet; a scan or `falsefront library crawl` makes it")
    with _reading(path) as held:
        counts = asdict(held.stats())
        counts["pictures"], counts["picture_sites"] = held.pictures.count()
    if common.json:
        click.echo(json.dumps(counts, indent=1))
        return
    sources = ", ".join(f"{name} {count}" for name, count in counts["sources"])
    click.echo(f"{counts['texts']} texts of {counts['domains']} sites ({sources})")
    click.echo(f"{counts['pictures']} pictures of {counts['picture_sites']} sites")
    click.echo(f"earliest sight {counts['earliest'] or 'none'}; {counts['bytes'] / 1e6:.1f} MB on disk")
