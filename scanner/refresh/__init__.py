"""Fetching newer data in place of the shipped files: through the one door, checked before anything is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from scanner import refreshed
from scanner.egress import EgressError, Network
from scanner.hosting_data import HostingDataError
from scanner.knowledge import KnowledgeError
from scanner.registries import BOOTSTRAP, refresh_bootstrap
from seeds.hosting.build import URLS, build

MOST_BYTES = 128 << 20
SECONDS = 300.0


class RefreshError(Exception):
    """Nothing was replaced; the message is one line."""


async def rdap(network: Network) -> Path:
    """IANA's RDAP bootstrap file, from the address the network file names. Raises RefreshError."""
    raw = await _fetch(network, network.config.rdap_bootstrap)
    return _replace({BOOTSTRAP: raw}, lambda files: {BOOTSTRAP: refresh_bootstrap(files[BOOTSTRAP])})[0]


async def hosting(network: Network, urls: Mapping[str, str] = URLS) -> list[Path]:
    """Networks and countries of addresses, from the publisher's daily files. Raises RefreshError."""
    files = {name: await _fetch(network, url) for name, url in urls.items()}
    day = network.now().date().isoformat()
    return _replace(
        files, lambda files: {f"hosting/{name}": data for name, data in build(files, date=day).items()}
    )


async def _fetch(network: Network, url: str) -> bytes:
    try:
        answer = await network.http(url, max_bytes=MOST_BYTES, timeout=SECONDS, redirects=5)
    except EgressError as error:
        raise RefreshError(f"{url}: {error.reason}; the old data stays") from error
    if answer.status != 200 or answer.cut:
        raise RefreshError(f"{url}: HTTP {answer.status} {answer.cut}; the old data stays")
    return answer.body


def _replace(files: dict[str, bytes], make: Callable[[dict[str, bytes]], dict[str, bytes]]) -> list[Path]:
    try:
        return [refreshed.write(name, data) for name, data in make(files).items()]
    except (KnowledgeError, HostingDataError, OSError) as error:
        raise RefreshError(f"{error}; the old data stays") from error
