"""One source for one target against a served world, over the real door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from scanner.collect import SOURCES
from scanner.collect.base import Job, Outcome
from scanner.egress import EgressError, Network, NetworkConfig
from scanner.model import About, Evidence, Observation, Observed, Target
from scanner.observe import observe
from scanner.parse import ParsePool
from scanner.world import Event, serve

Kept = list[tuple[Evidence, Observed | None]]


def into(kept: Kept) -> Callable[[Evidence, Observed | None], None]:
    """What a job keeps goes there."""
    return lambda evidence, observed: kept.append((evidence, observed))


@dataclass
class Field:
    """A served world and the network into it."""

    network: Network
    parse: ParsePool
    log: list[Event]

    async def collect(self, source: str, target: str | Target, account: str = "") -> Collected:
        """Runs the source, as a scan would, without a deadline of its own."""
        if isinstance(target, str):
            target = Target(target, (f"https://{target}/",))
        about = About(target.domain, target.entries, target.platform, self.network.now())
        kept: Kept = []
        job = Job(source, target, self.network, self.parse, about, into(kept), account=account)
        try:
            outcome = await SOURCES[source].collect(job)
        except EgressError as error:
            outcome = Outcome(error.status, error.reason)
        seen = [(evidence, given or observe(source, evidence, about)) for evidence, given in kept]
        return Collected(outcome, seen)

    def questions(self, service: str) -> list[str]:
        """What the world was asked."""
        return [event.what for event in self.log if event.service == service]


@dataclass
class Collected:
    outcome: Outcome
    kept: list[tuple[Evidence, Observed]]

    @property
    def rows(self) -> list[Observation]:
        return [row for _, observed in self.kept for row in observed.observations]

    def values(self, kind: str, name: str) -> list[str]:
        return [row.value for row in self.rows if (row.kind, row.name) == (kind, name)]

    def dates(self, kind: str, name: str) -> list[str]:
        return [str(row.starts) for row in self.rows if (row.kind, row.name) == (kind, name)]


OpenWorld = Callable[[str], AbstractAsyncContextManager[Field]]


def world_in(folder: Path) -> OpenWorld:
    """`async with opened(yaml) as field`: sites may stand in `site/` and `old/`, two small folders."""
    for name, text in (("site", "New words"), ("old", "Old words")):
        (folder / name).mkdir()
        (folder / name / "index.html").write_text(f"<title>{text}</title><p>{text}</p>")

    @asynccontextmanager
    async def opened(yaml: str) -> AsyncIterator[Field]:
        (folder / "world.yaml").write_text(dedent(yaml))
        async with serve(folder) as served:
            config = NetworkConfig.parse(served.network_toml, folder)
            async with Network(config) as network:
                yield Field(network, ParsePool(1), served.log)

    return opened
