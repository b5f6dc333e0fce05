"""Port 43 of a world: the root, the registries and the registrars.

A WHOIS query doesn't say which server it was meant for, so each of the three listens on its own port; routes
lead the addresses of their names there. `via: rdap` and `none` answer that the registry runs no WHOIS, which
is neither a record nor its absence.
"""

from __future__ import annotations

import asyncio
from typing import cast

from scanner.world import whois_text as texts
from scanner.world.log import Event, Log, hold, never
from scanner.world.names import Names
from scanner.world.whois_country import registry_text
from scanner.world.words import World

ROLES = ("root", "registry", "registrar")


class WhoisServers:
    """`ports` holds the port of each role once started."""

    def __init__(self, world: World, names: Names, log: Log) -> None:
        self.world, self.names, self.log = world, names, log
        self.ports: dict[str, int] = {}
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = 0

    async def start(self) -> None:
        for role in ROLES:

            async def serve(r: asyncio.StreamReader, w: asyncio.StreamWriter, role: str = role) -> None:
                await self._serve(r, w, role)

            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            self._servers.append(server)
            self.ports[role] = int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, role: str) -> None:
        self._connections += 1
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            with self.log.event("connect", f"whois {role}", "", self._connections) as event:
                await hold(event, self.world.latency)
            query = _query(await reader.readline())
            with self.log.event("whois", role, query, self._connections) as event:
                await hold(event, self.world.latency + self.world.registration_latency)
                writer.write(await self._answer(role, query, event))
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.CancelledError):
            pass  # the client left, sent a line without end, or the world ends
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, role: str, query: str, event: Event) -> bytes:
        tld = query.rpartition(".")[2]
        if role == "root":
            known = tld in self.names.tlds
            text = texts.iana(tld, self.names.whois_host(tld)) if known else texts.iana_nothing(query)
            return text.encode()
        domain = self.world.domains.get(query)
        registration = domain.registration if domain else None
        if domain is None or registration is None:
            return texts.no_match(query, tld, self.world.now).encode(texts.encoding(tld), "replace")
        if registration.via == "timeout":
            await never(event)
        if registration.via == "throttled":
            return texts.throttled(tld).encode()
        if registration.via == "refused":
            return texts.denied().encode()
        if registration.via in ("rdap", "none"):
            return texts.retired(tld, registration.via == "rdap").encode()
        if registration.whois_file:
            return registration.whois_file.read_bytes()
        facts = texts.Facts(domain, registration, self.world.now)
        if role == "registrar":
            return texts.gtld(facts, thin=False, registrar_server=True).encode("utf-8")
        return registry_text(facts).encode(texts.encoding(tld), "replace")


def _query(line: bytes) -> str:
    """The name in a query, without the options some registries take (`domain `, `-T dn,ace `, `=`, `/e`)."""
    words = line.decode("utf-8", "replace").split()
    name = words[-1].removesuffix("/e").lstrip("=").rstrip(".").lower() if words else ""
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
