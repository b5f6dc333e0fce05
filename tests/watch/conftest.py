"""Workers that all tests of a module here share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from scanner.evaluate import workers
from scanner.parse import ParsePool


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parse() -> AsyncIterator[ParsePool]:
    async with workers() as started:
        yield started
