"""A network that points at tiny servers on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from scanner.egress import Network, NetworkConfig
from tests.egress.tiny_servers import NOW, Authority, Open, TinyDns, TinyWeb


@pytest_asyncio.fixture
async def dns_server() -> AsyncIterator[TinyDns]:
    server = TinyDns()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def web() -> AsyncIterator[TinyWeb]:
    server = TinyWeb()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def opened(dns_server: TinyDns, web: TinyWeb) -> AsyncIterator[Open]:
    """Makes networks whose port 80 is the web server and whose resolver is the DNS server."""
    networks: list[Network] = []

    def make(**changes: Any) -> Network:
        settings: dict[str, Any] = {
            "now": NOW,
            "resolver": (("127.0.0.1", dns_server.port),),
            "routes": {("", 80): ("127.0.0.1", web.port)},
            **changes,
        }
        networks.append(Network(NetworkConfig(**settings)))
        return networks[-1]

    yield make
    for network in networks:
        await network.close()


@pytest.fixture
def network(opened: Open) -> Network:
    return opened()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))
