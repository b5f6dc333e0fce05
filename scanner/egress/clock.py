"""The network's clock: real time, or a world's time that starts at `now` and runs on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time for dates, monotonic time for deadlines and waits."""

    def __init__(
        self, start: datetime | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.monotonic = monotonic
        self._start = start.astimezone(UTC) if start else None
        self._began = monotonic()

    def now(self) -> datetime:
        """Aware UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self.monotonic() - self._began)
