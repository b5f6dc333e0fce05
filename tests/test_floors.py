"""The import floors hold every module: one that stands on none could import what it likes."""

from __future__ import annotations

import ast
import pkgutil
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import scanner
import spiders

ROOT = Path(__file__).parents[1]
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
    "importlinter"
]["contracts"]
PARTS = {f"scanner.{found.name}" for found in pkgutil.iter_modules(scanner.__path__)}
SPIDERS = {f"spiders.{found.name}" for found in pkgutil.iter_modules(spiders.__path__)}


def test_every_module_stands_on_one_floor() -> None:
    floors = [name.strip() for layer in CONTRACTS[0]["layers"] for name in re.split(r"[|:]", layer)]
    assert sorted(floors) == sorted((PARTS | SPIDERS) - {"scanner.world"})


def test_the_world_may_import_nothing_but_the_model() -> None:
    assert set(CONTRACTS[1]["forbidden_modules"]) == PARTS - {"scanner.world", "scanner.model"} | {"spiders"}


def test_only_the_command_line_and_the_evaluation_may_import_the_world() -> None:
    users = {"scanner.cli", "scanner.evaluate"}
    assert set(CONTRACTS[2]["source_modules"]) == PARTS - users - {"scanner.world"} | {"spiders"}


def test_only_the_door_can_reach_the_network() -> None:
    """Beside it: Scrapy's handler, which has the door's session; a worker's own pipe; the world, on loopback; and
    `browse`, which listens and never calls."""
    may = re.compile(
        r"scanner/(?:egress|world)/|spiders/handler\.py|scanner/parse/process\.py|scanner/browse/serving\.py"
    )
    reaching = {
        "socket",
        "aiohttp",
        "urllib.request",
        "http.client",
        "ftplib",
        "smtplib",
        "requests",
        "httpx",
    }
    calls = {"open_connection", "create_connection", "create_datagram_endpoint", "sock_connect"}
    for path in sorted([*(ROOT / "scanner").rglob("*.py"), *(ROOT / "spiders").rglob("*.py")]):
        where = path.relative_to(ROOT).as_posix()
        if may.match(where):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert not reaching & {name.name for name in node.names}, where
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in reaching, where
            elif isinstance(node, ast.Attribute):
                assert node.attr not in calls, where


@pytest.mark.parametrize("name", sorted(part.removeprefix("scanner.") for part in PARTS))
def test_the_page_on_the_architecture_names_every_part(name: str) -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    assert re.search(rf"`(?:scanner/)?{name}(?:\.py|/)?`", page)
