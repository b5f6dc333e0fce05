"""The one door: every byte that leaves or enters this process goes through a `Network`."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from scanner.egress.bulk import Bulk
from scanner.egress.clock import Clock
from scanner.egress.config import NetworkConfig
from scanner.egress.dialer import Rules, addr_info, open_socket
from scanner.egress.errors import (
    Blocked,
    EgressError,
    Garbled,
    NameAbsent,
    Refused,
    Throttled,
    TimedOut,
    Unreachable,
    typed,
)
from scanner.egress.http import MAX_BYTES, TIMEOUT, HttpAnswer, HttpClient
from scanner.egress.policy import ALL_PORTS, WEB_PORTS, ascii_name, literal, why_not
from scanner.egress.quotas import MemoryQuotas, Quotas
from scanner.egress.resolver import DnsAnswer, Resolver
from scanner.egress.tls import lenient, verifying

USER_AGENT = "Mozilla/5.0 (compatible; falsefront/0.1; website evidence check)"
MOST_ADDRESSES = 4  # dialled of each family; an answer with hundreds must not become hundreds of connections
PATIENCE = 60.0  # seconds a question waits for an operator's quota before it counts as throttled


@dataclass(frozen=True, slots=True)
class Connection:
    """An open stream, TLS already done where it was asked for. `address` is the logical IP address."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    address: str

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):  # the peer went first
            await self.writer.wait_closed()

    async def __aenter__(self) -> Connection:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Network:
    """One network: its clock, resolver, policy, routes, quotas and HTTP session.

    Timeouts given to any method are nominal seconds; the network multiplies them by `deadline_scale` itself.
    Needs a running loop only once something is asked. Close it, or use it as an async context manager.
    """

    def __init__(
        self,
        config: NetworkConfig | None = None,
        *,
        quotas: Quotas | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.config = config or NetworkConfig()
        self._clock = clock or Clock(self.config.now)
        self._quotas: Quotas = quotas or MemoryQuotas(self._clock.monotonic)
        self._turns: dict[str, asyncio.Lock] = {}
        # A world without a resolver of its own must not ask the real one.
        self._resolver = Resolver(
            self.config.resolver, now=self.now, scale=self.scale, system=not self.config.routes
        )
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._http: HttpClient | None = None

    # ------------------------------------------------------------------------------------------- time

    def now(self) -> datetime:
        """Aware UTC: the network file's `now` running on, else real time."""
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def scale(self, seconds: float) -> float:
        """A nominal deadline in this network's seconds."""
        return seconds * self.config.deadline_scale

    # -------------------------------------------------------------------------------------------- DNS

    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        """What the resolver says, once per name and type. Raises TimedOut or Unreachable only."""
        return await self._resolver.lookup(name, rdtype)

    def bulk(self) -> Bulk:
        """The same resolvers for very many short questions, nothing kept. An async context manager."""
        return Bulk(self._resolver.servers(), self.lookup, scale=self.scale)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """IPv4 then IPv6 addresses of a host, or the address it spells. Not judged by the policy yet.

        Raises NameAbsent (NXDOMAIN), Unreachable (no address, SERVFAIL), Refused, TimedOut, Garbled.
        """
        try:
            plain = literal(host) or ascii_name(host)
        except ValueError as error:
            raise Garbled(f"bad-host {host!r}"[:120]) from error
        if literal(plain):
            return (plain,)
        if plain == "localhost" or plain.endswith(".localhost"):
            return ("127.0.0.1",)  # by definition (RFC 6761), whatever a resolver says
        results = await asyncio.gather(
            self.lookup(plain, "A"), self.lookup(plain, "AAAA"), return_exceptions=True
        )
        answers = [result for result in results if isinstance(result, DnsAnswer)]
        found = tuple(dict.fromkeys(record for answer in answers for record in answer.records))
        if found:
            return found
        raise _no_address(plain, answers, [r for r in results if isinstance(r, BaseException)])

    async def reachable(self, host: str, port: int, ports: frozenset[int] = WEB_PORTS) -> tuple[str, ...]:
        """The addresses of a host that may be dialled, at most 4 of each family.

        Raises Blocked when the policy lets none through; a public address beside private ones passes.
        """
        found = await self.addresses(host)
        reasons = [why_not(address, port, self.config.allow, ports) for address in found]
        passed = [address for address, reason in zip(found, reasons, strict=True) if not reason]
        if not passed:
            raise Blocked(reasons[0])
        v4 = [address for address in passed if ":" not in address]
        v6 = [address for address in passed if ":" in address]
        return tuple(v4[:MOST_ADDRESSES] + v6[:MOST_ADDRESSES])

    def why_not(self, address: str, port: int = 443) -> str:
        """Why this address would not be dialled; "" when it would."""
        return why_not(address, port, self.config.allow)

    # ------------------------------------------------------------------------------------ connections

    async def connect(
        self,
        host: str,
        port: int,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - scaled like every deadline
    ) -> Connection:
        """Open a stream to a host, its allowed addresses in order, each with a share of the time left.

        With TLS the host is sent as SNI and checked. A failed handshake ends the tries.
        Raises EgressError: Blocked, Unreachable (`tls …`, `connection-refused`, …), TimedOut, NameAbsent, …
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + self.scale(timeout)
        name = host if ssl_context else None
        try:
            async with asyncio.timeout_at(end):
                addresses = await self.reachable(host, port, ALL_PORTS)
        except TimeoutError as error:
            raise TimedOut("dns-timeout") from error
        failures: list[EgressError] = []
        for place, address in enumerate(addresses):
            share = (end - loop.time()) / (len(addresses) - place)
            try:
                async with asyncio.timeout(share):
                    return await self._open(address, port, ssl_context, name)
            except (OSError, EOFError) as error:
                failures.append(typed(error))
                if failures[-1].slug == "tls":
                    break
        raise failures[-1] if failures[-1].slug == "tls" else failures[0]

    async def _open(
        self, address: str, port: int, context: ssl.SSLContext | None, name: str | None
    ) -> Connection:
        loop = asyncio.get_running_loop()
        sock = await open_socket(Rules(self.config, ALL_PORTS), address, port)
        reader = asyncio.StreamReader()
        try:
            transport, protocol = await loop.create_connection(
                lambda: asyncio.StreamReaderProtocol(reader), sock=sock, ssl=context, server_hostname=name
            )
        except BaseException:
            # The loop closes what its transport holds, one turn later. Closing here would free a descriptor
            # that the loop still watches, and the next connection to get that number would fail.
            loop.call_soon(sock.close)
            raise
        return Connection(reader, asyncio.StreamWriter(transport, protocol, reader, loop), address)

    def connector(self, **kw: Any) -> aiohttp.TCPConnector:
        """An aiohttp connector behind the same door. `kw` goes to TCPConnector (limits, local_addr)."""
        settings: dict[str, Any] = {"use_dns_cache": False, "limit": 100, **kw}
        rules = Rules(self.config, WEB_PORTS)
        return aiohttp.TCPConnector(resolver=_DoorResolver(self), socket_factory=rules.open, **settings)

    def ssl_context(self, verify: bool = True) -> ssl.SSLContext:
        """A TLS client context. `verify=False` accepts any certificate and old protocols: for looking at
        what a server shows, never for trusting it. The network file's CA replaces the system's."""
        if verify not in self._contexts:
            ca_file = self.config.ca_file
            self._contexts[verify] = verifying(ca_file) if verify else lenient()
        return self._contexts[verify]

    # ------------------------------------------------------------------------------------------- HTTP

    async def http(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - scaled like every deadline
        redirects: int = 0,
    ) -> HttpAnswer:
        """One answer, whatever its status, after at most `redirects` redirects (each through the door).

        With `redirects=0` a redirect is returned like any other answer. The body is decoded and cut at
        `max_bytes`. Raises EgressError; what had arrived is in its `evidence` and `hops`.
        """
        if self._http is None:
            self._http = HttpClient(
                self.connector(), self.ssl_context, now=self.now, scale=self.scale, user_agent=USER_AGENT
            )
        return await self._http.fetch(
            url,
            headers=headers,
            max_bytes=max_bytes,
            timeout=timeout,
            redirects=redirects,
        )

    # ----------------------------------------------------------------------------------------- quotas

    async def take(self, key: str, *, patience: float = PATIENCE) -> None:
        """Wait for a turn at an operator, first come first served; at once when the network is unpaced.

        Raises Throttled when the operator asked for more than `patience` seconds of silence.
        """
        if not self.config.pace:
            return
        async with self._turns.setdefault(key, asyncio.Lock()):
            while wait := await self._quotas.take(key):
                if wait > patience:
                    raise Throttled(f"quota {key} for {wait:.0f} s")
                await asyncio.sleep(wait)

    def penalise(self, key: str, seconds: float) -> None:
        """Stay away from an operator for so long (its Retry-After)."""
        self._quotas.penalise(key, seconds)

    # ------------------------------------------------------------------------------------------ close

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None
        await self._resolver.close()

    async def __aenter__(self) -> Network:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class _DoorResolver(AbstractResolver):
    """Gives aiohttp the addresses that may be dialled; the socket judges them once more."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        results: list[ResolveResult] = []
        for address in await self._network.reachable(host, port):
            kind, _, proto, _, _ = addr_info(address, port)
            results.append(
                ResolveResult(hostname=host, host=address, port=port, family=int(kind), proto=proto, flags=0)
            )
        return results

    async def close(self) -> None:
        """The network owns what there is to close."""


def _no_address(name: str, answers: list[DnsAnswer], failures: list[BaseException]) -> EgressError:
    """Why a name has no address. NXDOMAIN counts for every type; silence never counts as an answer."""
    rcodes = {answer.rcode for answer in answers}
    if "NXDOMAIN" in rcodes:
        return NameAbsent(f"nxdomain {name}")
    for failure in failures:
        return typed(failure)
    if "REFUSED" in rcodes:
        return Refused(f"dns-refused {name}")
    other = sorted(rcodes - {"NOERROR"})
    return Unreachable(f"{other[0].lower()} {name}" if other else f"no-address {name}")
