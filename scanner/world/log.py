"""What a world waited for and answered, so that a benchmark can tell the scanner's time from the
network's.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO


@dataclass(slots=True)
class Event:
    """One answer. `start`, `end` and `waited` are seconds (start and end since the world began).

    service: dns, connect, http, rdap, whois, archive, ct. what: the question. domain: the name asked for.
    waited: how long the world held the answer back on purpose. connection: 0 for UDP, else one number a
    connection.
    """

    start: float
    end: float
    service: str
    what: str
    domain: str
    waited: float
    connection: int


class Log:
    """Collects events, and writes each as a JSON line when a path is given."""

    def __init__(self, path: Path | None = None) -> None:
        self.events: list[Event] = []
        self._begin = time.monotonic()
        # A line at a time: who reads along, or ends the process, has every answer that was given.
        self._file: TextIO | None = path.open("w", encoding="utf-8", buffering=1) if path else None

    @contextmanager
    def event(self, service: str, what: str, domain: str, connection: int = 0) -> Iterator[Event]:
        """Times the block; the event is written when it ends, also when the client went away."""
        event = Event(time.monotonic() - self._begin, 0.0, service, what, domain, 0.0, connection)
        try:
            yield event
        finally:
            event.end = time.monotonic() - self._begin
            self.events.append(event)
            if self._file:
                self._file.write(json.dumps(asdict(event)) + "\n")

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


async def hold(event: Event, seconds: float) -> None:
    """Keeps an answer back for so long, and says so in the log."""
    if seconds > 0:
        event.waited += seconds
        await asyncio.sleep(seconds)


async def never(event: Event) -> None:
    """No answer, until the client goes away or the world ends."""
    begin = time.monotonic()
    try:
        await asyncio.Event().wait()
    finally:
        event.waited += time.monotonic() - begin
