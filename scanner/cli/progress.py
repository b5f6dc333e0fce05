"""Progress on stderr: a line as soon as all sources of a target have answered, and what is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from scanner.model import Status, Target

MARKS = {
    Status.OK: ("✓", "green"),
    Status.ABSENT: ("✓", "green"),
    Status.REDACTED: ("✓", "green"),
    Status.SKIPPED: ("–", "dim"),
}
OTHER = ("✗", "yellow")


class Lines:
    """Sources answered per target. On a terminal it is drawn over; elsewhere each finished target is a line."""

    def __init__(self, console: Console):
        self.console = console
        self.rows: dict[str, dict[str, Status]] = {}
        self.sources = 0
        self.live = (
            Live(console=console, refresh_per_second=8, transient=True) if console.is_terminal else None
        )

    def __enter__(self) -> Lines:
        if self.live is not None:
            self.live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.__exit__(kind, error, trace)

    def planned(self, targets: Sequence[Target], sources: int) -> None:
        self.sources = sources
        for target in targets:
            self.rows.setdefault(target.domain, {})
        self._draw()

    def answered(self, domain: str, source: str, status: Status, reason: str) -> None:
        row = self.rows.setdefault(domain, {})
        row[source] = status
        if len(row) == self.sources:
            self.console.print(self._line(domain, row), soft_wrap=True)
            del self.rows[domain]
        self._draw()

    def waiting(self, domain: str, source: str, for_what: str) -> None:
        self.console.print(Text(f"{domain}: {source} waits for {for_what}", style="dim"))

    def _draw(self) -> None:
        if self.live is not None:
            self.live.update(Text("\n").join(self._line(domain, row) for domain, row in self.rows.items()))

    def _line(self, domain: str, row: dict[str, Status]) -> Text:
        line = Text(f"{domain:<32} ")
        for source, status in row.items():
            mark, colour = MARKS.get(status, OTHER)
            line.append(f"{mark} {source} ", colour)
            if mark == "✗":
                line.append(f"({status.value}) ", colour)
        return line
