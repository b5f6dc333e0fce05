"""One pool of parse workers for all tests here: starting one takes longer than a scan."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from scanner.parse import ParsePool
from scanner.session import PRELOAD


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def pool() -> AsyncIterator[ParsePool]:
    async with ParsePool(preload=PRELOAD) as running:
        await running.ready()
        yield running
