"""The recursive resolver of a world: UDP and TCP on one port (RFC 1035, 6891, 7766)."""

from __future__ import annotations

import asyncio
import struct
from functools import lru_cache
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from scanner.world.log import Event, Log, hold, never
from scanner.world.names import Names, Reply, soa

TTL = 300
_UDP_LIMIT = 1232  # what DNS Flag Day 2020 servers send at most over UDP


class Resolver:
    def __init__(self, names: Names, latency: float, log: Log) -> None:
        self.names, self.latency, self.log = names, latency, log
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None
        self._connections = 0

    async def start(self) -> int:
        """Listens on one free port of 127.0.0.1 for UDP and TCP; returns it."""
        loop = asyncio.get_running_loop()
        for attempt in range(20):
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Udp(self), local_addr=("127.0.0.1", 0)
            )
            port = int(transport.get_extra_info("sockname")[1])
            try:
                self._server = await asyncio.start_server(self._tcp, "127.0.0.1", port)
            except OSError:  # another program has that TCP port
                transport.close()
                if attempt == 19:
                    raise
                continue
            self._transport = transport
            return port
        raise AssertionError("unreachable")

    async def close(self) -> None:
        if self._transport:
            self._transport.close()
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def datagram(self, wire: bytes, peer: tuple[str, int], transport: asyncio.DatagramTransport) -> None:
        async def run() -> None:
            answer = await self._answer(wire, udp=True, connection=0)
            if answer and not transport.is_closing():
                transport.sendto(answer, peer)

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _soa(self, zone: str) -> str:
        """The SOA of a negative answer: the zone's own, an invented one above the listed domains."""
        held = self.names.ask(zone, "SOA").records if zone in self.names.world.domains else ()
        own = [value for owner, rdtype, value in held if owner == zone and rdtype == "SOA"]
        return own[0] if own else soa(zone)

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                answer = await self._answer(await reader.readexactly(length), udp=False, connection=number)
                if answer:
                    writer.write(struct.pack("!H", len(answer)) + answer)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client is done, or the world ends
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, wire: bytes, *, udp: bool, connection: int) -> bytes | None:
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return None
        if query.flags & dns.flags.QR or len(query.question) != 1:
            return None
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        with self.log.event("dns", kind, name, connection) as event:
            return await self._reply(query, name, kind, udp, event)

    async def _reply(
        self, query: dns.message.Message, name: str, kind: str, udp: bool, event: Event
    ) -> bytes | None:
        await hold(event, self.latency)
        answer = self.names.ask(name, kind)
        if answer.fault == "timeout":
            if not udp:
                await never(event)
            return None
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(dns.rcode.from_text(answer.rcode))
        _fill(response, answer, kind, self._soa(answer.zone))
        limit = min(max(query.payload, 512), _UDP_LIMIT) if udp else 65535
        try:
            return response.to_wire(max_size=limit)
        except dns.exception.TooBig:
            short = dns.message.make_response(query, recursion_available=True)
            short.flags |= dns.flags.TC
            return short.to_wire()


def _fill(response: dns.message.Message, answer: Reply, kind: str, zone_soa: str) -> None:
    # The owner keeps the letter case of the question: clients compare it (0x20).
    first = response.question[0].name
    for n, (owner, rdtype, value) in enumerate(answer.records):
        name = first if n == 0 or owner == answer.records[0][0] else _absolute(owner)
        rdata = _rdata(rdtype, _presentation(rdtype, value))
        rrset = response.find_rrset(
            response.answer, name, dns.rdataclass.IN, dns.rdatatype.from_text(rdtype), create=True
        )
        rrset.add(rdata, ttl=TTL)
    wanted = any(rdtype == kind for _, rdtype, _ in answer.records)
    if not wanted and answer.zone and answer.rcode in ("NOERROR", "NXDOMAIN"):
        owner_name = _absolute(answer.zone)
        response.authority.append(dns.rrset.from_rdata(owner_name, TTL, _rdata("SOA", zone_soa)))


@lru_cache(maxsize=4096)
def _rdata(rdtype: str, text: str) -> dns.rdata.Rdata:
    """Reading a record's text costs more than all the rest of an answer; many names share theirs."""
    return dns.rdata.from_text(dns.rdataclass.IN, rdtype, text, origin=dns.name.root, relativize=False)


def _absolute(name: str) -> dns.name.Name:
    return dns.name.from_text(name.rstrip(".") + ".")


def _presentation(rdtype: str, value: str) -> str:
    """TXT stands in the file as plain text: strings of at most 255 bytes, quoted and escaped."""
    if rdtype != "TXT":
        return value
    raw = value.encode()
    parts = [raw[i : i + 255] for i in range(0, len(raw), 255)] or [b""]
    return " ".join(
        '"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03d}" for b in part) + '"'
        for part in parts
    )


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport:
            self._resolver.datagram(data, addr, self._transport)
