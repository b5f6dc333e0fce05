"""What a collector is handed and what it hands back.

A source is a module here with `INFO`, `plan(target) -> str` (empty, or why it is skipped) and
`async collect(job) -> Outcome`. It fetches and keeps bytes; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from scanner.egress import Network
from scanner.model import About, Evidence, Observed, SourceInfo, Status, Target
from scanner.observe import observe_in
from scanner.parse import ParsePool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, as far as can be told without reading meaning into the bytes."""

    status: Status
    reason: str = ""


Kept = Callable[[str, Evidence, Observed | None], None]


@dataclass(slots=True)
class Job:
    """One source for one target.

    keep: call as soon as bytes arrive, so that a deadline or Ctrl-C loses nothing. Evidence kept without
    an `Observed` is observed by the scan after the collector has ended.
    """

    source: str
    target: Target
    network: Network
    parse: ParsePool
    about: About
    passive: bool = False
    engine: object | None = None  # spiders.engine.Engine, for the website source
    kept: list[tuple[Evidence, Observed | None]] = field(default_factory=list)
    on_keep: Kept | None = None

    def keep(self, evidence: Evidence, observed: Observed | None = None) -> None:
        self.kept.append((evidence, observed))
        if self.on_keep is not None:
            self.on_keep(self.source, evidence, observed)

    async def observe(self, evidence: Evidence, source: str = "") -> Observed:
        """What the bytes say, found in a worker process. Does not keep them."""
        return await observe_in(self.parse, source or self.source, evidence, self.about)


class Source(Protocol):
    """What every module of this package offers."""

    INFO: SourceInfo

    def plan(self, target: Target) -> str: ...

    collect: Callable[[Job], Awaitable[Outcome]]
