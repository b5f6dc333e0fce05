"""Ports 80 and 443 of a world: accepts connections and hands each request to the service or site it names."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from datetime import datetime
from email.utils import format_datetime
from functools import partial

from aiohttp import web

from scanner.world import sites
from scanner.world.archive import Archive
from scanner.world.authority import Certificates
from scanner.world.log import Event, Log, hold, never
from scanner.world.names import ARCHIVE_API, ARCHIVE_HOST, BOOTSTRAP_HOST, LOG_HOST, Names
from scanner.world.rdap import Rdap
from scanner.world.sites import Answer
from scanner.world.transparency import TransparencyLog
from scanner.world.words import Domain, Site, World, find_host

Service = Callable[
    [str, str], tuple[Answer, bool, str]
]  # (host, target) -> (answer, silent, domain asked for)


class WebServers:
    """`http_port` and `https_port` once started."""

    def __init__(
        self, world: World, names: Names, certificates: Certificates, clock: Callable[[], datetime], log: Log
    ) -> None:
        self.world, self.certificates, self.clock, self.log = world, certificates, clock, log
        self.http_port = self.https_port = 0
        self._services: dict[str, tuple[str, Service]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets: list[socket.socket] = []
        self._servers: list[web.Server] = []
        self._numbers: dict[object, int] = {}
        self._count = 0
        rdap = Rdap(world, names)
        self.offer("http", partial(_bootstrap, rdap), BOOTSTRAP_HOST)
        self.offer("rdap", partial(_rdap, rdap), *rdap.registries, *rdap.registrars)
        self.offer("archive", Archive(world, clock).ask, ARCHIVE_HOST, ARCHIVE_API)
        self.offer("ct", TransparencyLog(world, clock).ask, LOG_HOST)

    def offer(self, name: str, service: Service, *hosts: str) -> None:
        """Serves `hosts` with a service; `name` stands in the log and decides the latency."""
        for host in hosts:
            self._services[host] = (name, service)

    async def start(self) -> None:
        self.http_port = self._listen("http", None)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.sni_callback = self._choose
        self.https_port = self._listen("https", context)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in self._sockets:
            listener.close()
        for server in self._servers:
            await server.shutdown(timeout=0.05)

    # ------------------------------------------------------------------------------------ connections

    def _listen(self, scheme: str, context: ssl.SSLContext | None) -> int:
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        listener.setblocking(False)
        handler = partial(self._handle, scheme)
        server = web.Server(
            handler, access_log=None, handler_cancellation=True, keepalive_timeout=75.0, tcp_keepalive=False
        )
        self._sockets.append(listener)
        self._servers.append(server)
        self._spawn(self._accept(listener, server, context, scheme))
        return int(listener.getsockname()[1])

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(
        self, listener: socket.socket, server: web.Server, context: ssl.SSLContext | None, scheme: str
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, peer = await loop.sock_accept(listener)
            except OSError:  # out of files, or the client was gone already
                await asyncio.sleep(0.01)
                continue
            self._count += 1
            self._spawn(self._greet(connection, peer, server, context, scheme, self._count))

    async def _greet(
        self,
        connection: socket.socket,
        peer: object,
        server: web.Server,
        context: ssl.SSLContext | None,
        scheme: str,
        number: int,
    ) -> None:
        """The kernel has accepted long ago; what a slow network does to a new connection happens here."""
        try:
            if self.world.latency:
                with self.log.event("connect", scheme, "", number) as event:
                    await hold(event, self.world.latency)
            self._numbers[peer] = number
            while len(self._numbers) > 20_000:
                self._numbers.pop(next(iter(self._numbers)))
            await asyncio.get_running_loop().connect_accepted_socket(server, connection, ssl=context)
        except (OSError, ssl.SSLError, asyncio.CancelledError):
            connection.close()  # the handshake failed, or the world ends

    def _choose(self, tls: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> int | None:
        """Shows the certificate of the name asked for; an unknown name, and `tls: {none:
        true}`, get an alert.
        """
        host = (name or "").rstrip(".").lower()
        if host in self._services:
            tls.context = self.certificates.for_service(host)
            return None
        domain, label = self.world.owner(host)
        site = site_of(domain, label) if domain else None
        if domain is None or domain.tls.none or site is None or site.behaviour in ("refuse", "blackhole"):
            return int(ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
        tls.context = self.certificates.for_domain(domain)
        return None

    # --------------------------------------------------------------------------------------- requests

    async def _handle(self, scheme: str, request: web.BaseRequest) -> web.StreamResponse:
        host = request.headers.get("Host", "").rsplit(":", 1)[0].rstrip(".").lower()
        number = self._numbers.get(
            request.transport.get_extra_info("peername") if request.transport else None, 0
        )
        service, ask = self._services.get(host, ("http", None))
        with self.log.event(
            service, f"{request.method} {scheme}://{host}{request.path_qs}"[:300], host, number
        ) as event:
            extra = self.world.registration_latency if service == "rdap" else 0.0
            await hold(event, self.world.latency + extra)
            if ask is not None:
                answer, silent, event.domain = ask(host, request.raw_path)
                if silent:
                    await never(event)
            else:
                answer = self._site_answer(scheme, host, request)
            return await self._send(request, answer, event)

    def _site_answer(self, scheme: str, host: str, request: web.BaseRequest) -> Answer:
        domain, label = self.world.owner(host)
        site = site_of(domain, label) if domain else None
        if site is None or domain is None or (scheme == "https" and domain.tls.none):
            return Answer(fate="refuse")
        if request.method not in ("GET", "HEAD"):
            return Answer(405, b"", {"Allow": "GET, HEAD"})
        return sites.answer(site, scheme, host, request.raw_path)

    async def _send(self, request: web.BaseRequest, answer: Answer, event: Event) -> web.StreamResponse:
        if answer.fate == "blackhole":
            await never(event)
        if answer.fate:
            if request.transport:
                request.transport.abort()
            raise asyncio.CancelledError
        headers = {"Server": "nginx", "Date": format_datetime(self.clock(), usegmt=True)} | answer.headers
        if not answer.stream:
            return web.Response(status=answer.status, body=answer.body, headers=headers)
        response = web.StreamResponse(status=answer.status, headers=headers)
        await response.prepare(request)
        chunks = sites.trickle(answer.body) if answer.stream == "slow" else sites.endless(answer.body)
        with contextlib.suppress(ConnectionError):
            async for chunk in chunks:
                await response.write(chunk)
            await response.write_eof()
        return response


def site_of(domain: Domain, label: str) -> Site | None:
    """The site of the apex ("") or of a listed host."""
    if not label:
        return domain.site
    host = find_host(domain, label)
    return host.site if host else None


def _bootstrap(rdap: Rdap, host: str, target: str) -> tuple[Answer, bool, str]:
    if target.partition("?")[0] == "/rdap/dns.json":
        return Answer(200, rdap.bootstrap(), {"Content-Type": "application/json"}), False, ""
    return Answer(404, b"", {"Content-Type": "text/plain"}), False, ""


def _rdap(rdap: Rdap, host: str, target: str) -> tuple[Answer, bool, str]:
    path = target.partition("?")[0]
    found = rdap.answer(host, path)
    headers = {"Content-Type": "application/rdap+json", "Access-Control-Allow-Origin": "*"} | dict(
        found.headers
    )
    return Answer(found.status, found.body, headers), found.silent, path.rpartition("/")[2].lower()
