"""Serves a world on 127.0.0.1 for as long as a `with` block lasts, and tells a `Network` how to use it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from scanner.world.authority import Certificates
from scanner.world.loader import load
from scanner.world.log import Event, Log
from scanner.world.names import ARCHIVE_HOST, BOOTSTRAP_HOST, IANA_WHOIS, LOG_HOST, Names
from scanner.world.resolver import Resolver
from scanner.world.web import WebServers
from scanner.world.whois import WhoisServers
from scanner.world.words import Domain, Host, Label, Site, World


@dataclass(frozen=True, slots=True)
class Served:
    """A running world. `network_toml` is a Contract network file (DESIGN §4); `log` grows as it answers."""

    world: World
    network_toml: str
    cases: tuple[Path, ...]
    labels: dict[str, Label]
    log: list[Event]


@asynccontextmanager
async def serve(directory: Path, *, now: str | None = None, log: Path | None = None) -> AsyncIterator[Served]:
    """Starts every server of the world in `directory`, in the running loop, on free ports.

    `now` starts its clock elsewhere and applies the changes up to then. `log` also writes the events as JSON
    lines. Raises WorldError for a world file that can't be served.
    """
    world = load(directory, now)
    begin = time.monotonic()

    def clock() -> datetime:
        return world.now + timedelta(seconds=time.monotonic() - begin)

    names = Names(world)
    events = Log(log)
    with tempfile.TemporaryDirectory(prefix="falsefront-world-", ignore_cleanup_errors=True) as folder:
        certificates = Certificates(world.now, Path(folder))
        ca_file = Path(folder) / "ca.pem"
        ca_file.write_bytes(certificates.trusted.root_pem)
        resolver = Resolver(names, world.latency, events)
        whois = WhoisServers(world, names, events)
        web = WebServers(world, names, certificates, clock, events)
        try:
            port = await resolver.start()
            await whois.start()
            await web.start()
            routes = _routes(names, whois, web)
            yield Served(
                world, _network(world, port, ca_file, routes), world.cases, world.labels, events.events
            )
        finally:
            for server in (web, whois, resolver):
                with contextlib.suppress(OSError):
                    await server.close()
            events.close()


def _routes(names: Names, whois: WhoisServers, web: WebServers) -> dict[str, str]:
    ports = {role: f"127.0.0.1:{port}" for role, port in whois.ports.items()}
    routes = {
        "80": f"127.0.0.1:{web.http_port}",
        "443": f"127.0.0.1:{web.https_port}",
        "43": ports["registry"],
        f"{names.services[IANA_WHOIS]}:43": ports["root"],
    }
    for registrar in names.registrars:
        routes[f"{names.services[names.registrar_whois(registrar)]}:43"] = ports["registrar"]
    return routes | _refusals(names)


def _refusals(names: Names) -> dict[str, str]:
    """`ADDRESS:PORT` routes for hosts whose connections fail.

    An address that a host with another fate shares gets none; there the connection ends, or hangs, when the
    host has been named.
    """
    fates: dict[str, set[str]] = {}
    for name, domain, host in names.hosts():
        for address in names.addresses(name):
            key = f"[{address}]" if ":" in address else address
            for port in ("80", "443"):
                fates.setdefault(f"{key}:{port}", set()).add(_fate(domain, host, port))
    return {key: next(iter(fate)) for key, fate in fates.items() if len(fate) == 1 and fate != {"open"}}


def _fate(domain: Domain, host: Host, port: str) -> str:
    site: Site | None = host.site
    if site is None or (port == "80" and site.http == "none") or (port == "443" and domain.tls.none):
        return "refuse"
    return site.behaviour if site.behaviour in ("refuse", "blackhole") else "open"


def _network(world: World, resolver: int, ca_file: Path, routes: dict[str, str]) -> str:
    rows = ", ".join(f'"{key}" = "{target}"' for key, target in routes.items())
    return (
        f'now = "{world.now:%Y-%m-%dT%H:%M:%SZ}"\n'
        f'resolver = ["127.0.0.1:{resolver}"]\n'
        f'rdap_bootstrap = "https://{BOOTSTRAP_HOST}/rdap/dns.json"\n'
        f'whois = {{ default = "{IANA_WHOIS}" }}\n'
        f'archive = "https://{ARCHIVE_HOST}"\n'
        f'ct = "https://{LOG_HOST}"\n'
        f'ca_file = "{ca_file.as_posix()}"\n'
        f"routes = {{ {rows} }}\n"
        "allow = []\n"
        f"pace = {str(world.pace).lower()}\n"
        f"deadline_scale = {world.deadline_scale:g}\n"
    )


async def forever(
    directory: Path,
    *,
    now: str | None = None,
    log: Path | None = None,
    network_out: Path | None = None,
    as_json: bool = False,
) -> None:
    """Serves in the foreground until cancelled; the network file goes to `network_out`, else to stdout. as_json: what
    stands on stdout is one line of JSON, `{directory, network_out, network}`."""
    async with serve(directory, now=now, log=log) as served:
        if network_out:
            network_out.write_text(served.network_toml, encoding="utf-8")  # noqa: ASYNC240  a few lines, once
        if as_json:
            out = str(network_out) if network_out else ""
            found = {"directory": str(directory), "network_out": out, "network": served.network_toml}
            print(json.dumps(found), flush=True)
        elif network_out:
            print(f"serving {directory}; network file: {network_out}", flush=True)
        else:
            print(served.network_toml, flush=True)
        await asyncio.Event().wait()
