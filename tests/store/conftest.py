"""An empty database for each test, on a real disk, as a scan would have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.store import Store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "findings.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with Store(database) as opened:
        yield opened
