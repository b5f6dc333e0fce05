"""A network whose date is chosen, over a world that changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from scanner.egress import NetworkConfig
from scanner.world import Event, serve

YEAR = Path(__file__).parent / "year"


@asynccontextmanager
async def on(day: str) -> AsyncIterator[tuple[NetworkConfig, list[Event]]]:
    """The world as it stands on that day, and what it is asked."""
    async with serve(YEAR, now=day) as served:
        yield NetworkConfig.parse(served.network_toml, YEAR), served.log
