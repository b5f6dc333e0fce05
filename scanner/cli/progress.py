"""Progress on stderr: what is waited for and since when, and a line as soon as a target is through.

On a terminal it is drawn over; elsewhere (a log, a pipe) each finished target is a line, and so is a long silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from scanner.domains import split
from scanner.hostnames import DomainError
from scanner.model import Status, Target
from scanner.report.text import plain

MARKS = {
    Status.OK: ("✓", "green"),
    Status.ABSENT: ("✓", "green"),
    Status.REDACTED: ("✓", "green"),
    Status.SKIPPED: ("–", "dim"),
}
OTHER = ("✗", "yellow")

WHOM = {
    "dns": "name servers",
    "tls": "certificate",
    "website": "pages",
    "screenshot": "browser",
    "archive": "web archive",
    "captures": "web archive (captures)",
    "ct": "certificate log",
    "github": "GitHub",
    "search": "search service",
}
"""Who answers a source's question, for a person who waits. Of registries it is said which."""

SILENCE = 10.0
"""Seconds without a line, off a terminal, after which it is said what is waited for."""

BEAT = 0.25  # seconds between two looks at the clock
NAMED = 3  # sources named in one line
ROWS = 12  # targets drawn at once


@dataclass(slots=True)
class _Row:
    answered: dict[str, Status] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)  # source -> when it was asked


class Lines:
    """What a scan tells (`scanner.means.Progress`), as lines. quiet: nothing at all is printed. clock: seconds."""

    def __init__(self, console: Console, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic):
        self.console = console
        self.clock = clock
        self.quiet = quiet
        self.rows: dict[str, _Row] = {}
        self.targets: set[str] = set()
        self.through = 0
        self.spoke = clock()
        self.words = not console.color_system and console.width > 1000  # --plain: words in place of marks
        # What FORCE_COLOR calls a terminal may be a file: only a real one can be drawn over.
        drawn = console.is_terminal and not console.is_dumb_terminal and console.file.isatty()
        self.live = Live(console=console, auto_refresh=False, transient=True) if drawn and not quiet else None
        self.beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Lines:
        if self.live is not None:
            self.live.__enter__()
        if not self.quiet:
            self.beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.beating is not None:
            self.beating.cancel()
        if self.live is not None:
            self.live.__exit__(kind, error, trace)

    # ------------------------------------------------------------------------------- what the scan tells

    def planned(self, targets: Sequence[Target]) -> None:
        self.targets.update(target.domain for target in targets)

    def asking(self, domain: str, source: str) -> None:
        self.rows.setdefault(domain, _Row()).since[source] = self.clock()

    def answered(self, domain: str, source: str, status: Status, reason: str) -> None:
        row = self.rows.setdefault(domain, _Row())
        row.since.pop(source, None)
        row.answered[source] = status

    def ended(self, domain: str) -> None:
        row = self.rows.pop(domain, None)
        if row is None or not row.answered:
            return
        self.through += 1
        self.targets.add(domain)
        if not self.quiet:
            self.console.print(self._line(domain, row), soft_wrap=True)
            self.spoke = self.clock()

    # ------------------------------------------------------------------------------------ what is shown

    async def _beat(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(BEAT)

    def tick(self) -> None:
        """Draws what is under way, or breaks a long silence."""
        if self.live is not None:
            self.live.update(Text("\n", no_wrap=True, overflow="ellipsis").join(self.drawn()), refresh=True)
        elif not self.quiet and self.clock() - self.spoke >= SILENCE and (words := self.waited_for()):
            self.console.print(Text(words), soft_wrap=True)
            self.spoke = self.clock()

    def drawn(self) -> list[Text]:
        """The lines of this moment: how many are through, then each target under way."""
        open_rows = [(domain, row) for domain, row in list(self.rows.items()) if row.since]
        if not open_rows:
            return []
        head = Text(f"{self.through} of {max(len(self.targets), self.through)} addresses", style="dim")
        lines = [head]
        for domain, row in open_rows[:ROWS]:
            waits = [_waits(source, domain, self.clock() - since) for since, source in _longest(row)[:NAMED]]
            lines.append(self._line(domain, row, f"waiting for {'; '.join(waits)}  "))
        if len(open_rows) > ROWS:
            lines.append(Text(f"and {len(open_rows) - ROWS} more", style="dim"))
        return lines

    def waited_for(self) -> str:
        """What is waited for longest, in one line; "" when nothing is.

        Sources that several addresses wait for are named once, with the longest of the waits.
        """
        longest: dict[str, tuple[float, list[str]]] = {}
        for domain, row in self.rows.items():
            for since, source in _longest(row):
                began, domains = longest.get(whom(source, domain), (since, []))
                longest[whom(source, domain)] = min(began, since), [*domains, domain]
        parts = [
            f"{name} ({_several(domains)}), {self.clock() - since:.0f} s"
            for name, (since, domains) in sorted(longest.items(), key=lambda item: item[1][0])[:NAMED]
        ]
        return f"waiting for {'; '.join(parts)}" if parts else ""

    def _line(self, domain: str, row: _Row, waits: str = "") -> Text:
        line = Text(f"{plain(domain)}  " if self.words else f"{plain(domain):<32} ")
        line.append(waits)  # before the rest, which a narrow terminal cuts off
        for source, status in row.answered.items():
            mark, colour = MARKS.get(status, OTHER)
            if self.words:
                line.append(f"{source} {status.value}  ")
                continue
            line.append(f"{mark} {source} ", colour)
            if mark == "✗":
                line.append(f"({status.value}) ", colour)
        return line


def whom(source: str, domain: str) -> str:
    """Who is asked: the registry of the ending, or what `WHOM` says.

    >>> whom("rdap", "acme.co.uk"), whom("archive", "acme.co.uk")
    ('.uk registry', 'web archive')
    """
    if source not in ("rdap", "whois"):
        return WHOM.get(source, source)
    try:
        ending = split(domain).suffix.rpartition(".")[2]
    except DomainError:
        ending = ""
    return f".{ending} registry" if ending else "registry"


def _waits(source: str, domain: str, seconds: float) -> str:
    return f"{whom(source, domain)}, {seconds:.0f} s"


def _longest(row: _Row) -> list[tuple[float, str]]:
    return sorted((since, source) for source, since in row.since.items())


def _several(domains: Sequence[str]) -> str:
    more = f" and {len(domains) - 1} more" if len(domains) > 1 else ""
    return plain(domains[0]) + more
