"""The world a collector is tested against."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collect.collecting import OpenWorld, world_in


@pytest.fixture
def world(tmp_path: Path) -> OpenWorld:
    return world_in(tmp_path)
