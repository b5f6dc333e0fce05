"""Small worlds for the spiders: sites on disk, served on loopback, reached through the real door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from scanner.egress import Network, NetworkConfig
from scanner.model import Evidence, Observed
from scanner.parse import ParsePool
from scanner.world.log import Event
from scanner.world.serve import serve
from spiders.engine import Engine
from spiders.visit import Crawled, Site

WORDS = "We have built accounting software for small firms in Austin, and look after it for years. " * 8


def html(title: str, *links: str, head: str = "", body: str = WORDS) -> str:
    """A page of a small firm: a menu of the given addresses, and some text."""
    menu = "".join(f'<a href="{link}">{link.strip("/") or "home"}</a> ' for link in links)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><nav>{menu}</nav><h1>{title}</h1><p>{body}</p></body></html>"
    )


def firm(**files: str) -> dict[str, str]:
    """The files of an ordinary firm's site, with some replaced or added (`robots_txt="…"`)."""
    pages = ("about", "team", "contact", "services", "projects", "privacy", "blog", "clients")
    site = {f"{page}.html": html(page.title(), "/") for page in pages}
    site["index.html"] = html("Acme", *(f"/{page}" for page in pages))
    site["favicon.ico"] = "not quite an icon"
    return site | {name.replace("_", "."): text for name, text in files.items()}


@dataclass
class Seen:
    """One walk: how it ended, and what came, in order."""

    crawled: Crawled
    kept: list[tuple[Evidence, Observed | None]]

    @property
    def uris(self) -> list[str]:
        return [evidence.uri for evidence, _ in self.kept]

    def facts(self, name: str) -> list[str]:
        """Values of the rows `website/NAME`."""
        rows = [row for _, observed in self.kept if observed for row in observed.observations]
        return [row.value for row in rows if (row.kind, row.name) == ("website", name)]


@dataclass
class Lab:
    """A running world, with an engine on its network."""

    engine: Engine
    network: Network
    parse: ParsePool
    log: list[Event]

    def events(self, service: str) -> list[Event]:
        return [event for event in self.log if event.service == service]

    def requests(self) -> list[str]:
        """What web servers were asked, in the order of their answers."""
        return [f"{event.domain} {event.what}" for event in self.events("http")]

    async def walk(self, domain: str, *entries: str, role: str = "employer") -> Seen:
        kept: list[tuple[Evidence, Observed | None]] = []
        site = Site(domain, entries or (domain,), role=role, as_of=self.network.now())
        crawled = await self.engine.crawl(site, lambda *one: kept.append(one))
        return Seen(crawled, kept)


def write_world(
    folder: Path, domains: dict[str, object], sites: dict[str, dict[str, str]], **more: object
) -> Path:
    """A world folder: `sites` by name, as file name -> text; `domains` as in world.yaml."""
    folder.mkdir(parents=True)
    for name, files in sites.items():
        for path, text in files.items():
            target = folder / "sites" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    (folder / "world.yaml").write_text(yaml.safe_dump({"now": "2024-06-01", "domains": domains} | more))
    return folder


@asynccontextmanager
async def serving(
    folder: Path, domains: dict[str, object], sites: dict[str, dict[str, str]], **more: object
) -> AsyncIterator[Lab]:
    """That world, written below `folder`, with an engine on it."""
    write_world(folder / "world", domains, sites, **more)
    async with serve(folder / "world") as world:
        config = NetworkConfig.parse(world.network_toml, folder)

        async with (
            Network(config) as network,
            ParsePool(workers=1) as parse,
            Engine(network, parse) as engine,
        ):
            yield Lab(engine, network, parse, world.log)
