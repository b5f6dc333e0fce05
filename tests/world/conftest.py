"""Worlds written on the spot, and plain clients that know nothing of our collectors."""

from __future__ import annotations

import asyncio
import ssl
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import aiohttp.abc
import dns.asyncresolver
import dns.message
import dns.resolver
import pytest

from scanner.world import Served, serve

PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


class RouteResolver(aiohttp.abc.AbstractResolver):
    """Asks the world's DNS, then goes where the network file's routes lead, as a Network would."""

    def __init__(self, box: Box) -> None:
        self.box = box

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[Any]:
        for address in await self.box.a(host):
            target = self.box.route(address, port)
            if target in ("refuse", "blackhole"):
                raise OSError(f"route says {target}")
            where, _, number = target.rpartition(":")
            return [
                {"hostname": host, "host": where, "port": int(number), "family": 2, "proto": 0, "flags": 0}
            ]
        raise OSError("no such host")

    async def close(self) -> None: ...


@dataclass
class Box:
    """A served world with its parsed network file."""

    served: Served
    network: dict[str, Any]
    http: aiohttp.ClientSession

    @property
    def dns_port(self) -> int:
        return int(self.network["resolver"][0].rpartition(":")[2])

    def resolver(self) -> dns.asyncresolver.Resolver:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self.dns_port
        resolver.lifetime = 2.0
        return resolver

    async def a(self, host: str) -> list[str]:
        try:
            return [record.to_text() for record in await self.resolver().resolve(host + ".", "A")]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []

    def route(self, address: str, port: int) -> str:
        routes: dict[str, str] = self.network["routes"]
        return routes.get(f"{address}:{port}", routes[str(port)])

    async def get(self, url: str, **options: Any) -> tuple[int, dict[str, str], bytes]:
        """Status, headers with lower-case names, and the body as sent."""
        async with self.http.get(url, allow_redirects=False, auto_decompress=False, **options) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, await answer.read()

    async def whois(self, server: str, query: str) -> bytes:
        (address,) = await self.a(server)
        host, _, port = self.route(address, 43).rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(query.encode() + b"\r\n")
        try:
            return await asyncio.wait_for(reader.read(), 5)
        finally:
            writer.close()


@asynccontextmanager
async def opened(directory: Path, **options: Any) -> AsyncIterator[Box]:
    async with serve(directory, **options) as served:
        network = tomllib.loads(served.network_toml)
        context = ssl.create_default_context(cafile=network["ca_file"])
        box = Box(served, network, None)  # type: ignore[arg-type]
        connector = aiohttp.TCPConnector(resolver=RouteResolver(box), ssl=context, use_dns_cache=False)
        async with aiohttp.ClientSession(connector=connector, raise_for_status=False) as box.http:
            yield box


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a world: its yaml, and files by relative name. `sites/a` is there always."""

    def write(text: str, **files: str | bytes) -> Path:
        site = {
            "index.html": PAGE.format("Home"),
            "about.html": PAGE.format("About"),
            "team/index.html": PAGE.format("Team"),
            "logo.png": b"\x89PNG",
            "robots.txt": "User-agent: *\nDisallow: /private\n",
        }
        for name, content in {**{f"sites/a/{k}": v for k, v in site.items()}, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "world.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def world(write: Callable[..., Path]) -> Callable[..., Any]:
    """`async with world(yaml) as box:` serves a world written on the spot."""

    def start(text: str, *, files: dict[str, str | bytes] | None = None, **options: Any) -> Any:
        return opened(write(text, **(files or {})), **options)

    return start
