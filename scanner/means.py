"""What a scan works with, and whom it tells how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from scanner.collect import screenshot, search
from scanner.copies import Shelf
from scanner.egress import Network
from scanner.knowledge import Knowledge
from scanner.model import Status, Target
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.sharing import Shared
from scanner.store import AsyncStore

TARGETS_AT_ONCE = 8
"""How many targets are under way at the same time, over all cases: bounds memory, keeps every source busy."""


class Progress(Protocol):
    """What a scan tells while it runs; all methods must return at once. A source that is asked is answered, unless the
    scan stops; a target ends once, when all its sources have answered. Afterwards both sides of a likeness may still
    be dated (source `captures`)."""

    def planned(self, targets: Sequence[Target]) -> None: ...

    def asking(self, domain: str, source: str) -> None: ...

    def answered(self, domain: str, source: str, status: Status, reason: str) -> None: ...

    def ended(self, domain: str) -> None: ...


class Quiet:
    """Says nothing."""

    def planned(self, targets: Sequence[Target]) -> None:
        """Nothing to say."""

    def asking(self, domain: str, source: str) -> None:
        """Nothing to say."""

    def answered(self, domain: str, source: str, status: Status, reason: str) -> None:
        """Nothing to say."""

    def ended(self, domain: str) -> None:
        """Nothing to say."""


def cause_of(error: BaseException) -> BaseException:
    """What stopped a group of tasks: the first error in it. Ctrl-C arrives as it is."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


class Engine(Protocol):
    """The one crawl engine of a scan, started and closed by whoever made it (`spiders.engine.Engine`)."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Means:
    """What a scan works with. `engine` None: the website source is skipped."""

    network: Network
    parse: ParsePool
    store: AsyncStore
    knowledge: Knowledge
    engine: Engine | None
    choice: Choice = field(default_factory=Choice)
    progress: Progress = field(default_factory=Quiet)
    again: bool = False  # start a new scan even where an unfinished one could go on
    shelf: Shelf | None = None  # the library; without one no texts are compared
    search: search.Search | None = None  # a search service of the team's own; off without one
    lost: str = (
        ""  # why the library of earlier scans and crawls can't be used; the shelf is then an empty one
    )
    fresh: bool = False  # ask also what an earlier scan has a young answer to
    shared: Shared | None = None  # with other cases of the same run
    browsers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(screenshot.AT_ONCE))
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TARGETS_AT_ONCE))
