"""Refreshed data: fetched through the door, checked, kept apart from what ships."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scanner import refresh, refreshed
from scanner.egress import Network, NetworkConfig
from scanner.registries import BOOTSTRAP, shipped_bootstrap
from scanner.world import serve

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for refreshed data."""
    monkeypatch.setenv("FALSEFRONT_DATA", str(tmp_path / "own"))
    shipped_bootstrap.cache_clear()
    yield tmp_path / "own"
    shipped_bootstrap.cache_clear()


async def fetch(folder: Path, body: bytes) -> Path:
    """Serves `body` as the bootstrap file of a small world and refreshes from there."""
    (folder / "site").mkdir()
    (folder / "site" / "dns.json").write_bytes(body)
    (folder / "world.yaml").write_text("now: 2026-08-01\ndomains: {lists.example: {site: site}}\n", "utf-8")
    async with serve(folder) as served:
        config = replace(
            NetworkConfig.parse(served.network_toml, folder), rdap_bootstrap="https://lists.example/dns.json"
        )
        async with Network(config) as network:
            return await refresh.rdap(network)


async def test_a_newer_list_is_read_in_place_of_the_shipped_one(tmp_path: Path, own: Path) -> None:
    newer = json.loads((SEEDS / BOOTSTRAP).read_bytes())
    newer["publication"] = "2026-07-30T00:00:00Z"
    newer["services"].append([["newtld"], ["https://rdap.newtld.example/"]])
    path = await fetch(tmp_path, json.dumps(newer).encode())
    assert path.is_relative_to(own)
    shipped_bootstrap.cache_clear()
    assert shipped_bootstrap().base("a.newtld") == "https://rdap.newtld.example/"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"services": []}', b"<html>busy</html>"])
async def test_a_list_that_looks_wrong_replaces_nothing(tmp_path: Path, own: Path, body: bytes) -> None:
    with pytest.raises(refresh.RefreshError, match="the old data stays"):
        await fetch(tmp_path, body)
    assert refreshed.folder() == own
    assert not (own / BOOTSTRAP).exists()


def test_an_empty_setting_switches_refreshed_data_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALSEFRONT_DATA", "")
    assert refreshed.folder() is None
    with pytest.raises(OSError, match="switched off"):
        refreshed.write("x", b"")
