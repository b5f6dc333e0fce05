"""DNS for a hundred thousand names: the same resolvers and the same limit as `Resolver`, without what a scan keeps.

A scan wants each answer as evidence and asks a few dozen questions; a sweep asks a few hundred thousand and wants the
code and a handful of names. A socket for each question and a full message object cost 0.4 ms; here questions share a
few sockets and an answer is read by hand, a tenth of that. What this reader finds truncated or odd is asked again
through `Resolver`, which knows TCP and everything else.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import dns.rcode
import dns.rdatatype

from scanner.egress.config import Endpoint
from scanner.egress.errors import EgressError, TimedOut, Unreachable
from scanner.egress.policy import ascii_name
from scanner.egress.resolver import AT_ONCE, MOST_RECORDS, OPT, PATIENCE, DnsAnswer, answers, question

_SOCKETS = 4  # of a server: answers are told apart by port, id and question
_RESENDS = (1 / 6, 1 / 2)  # of the patience: a lost packet is asked again
_MOST_JUMPS = 32

Full = Callable[[str, str], Awaitable[DnsAnswer]]


@dataclass(frozen=True, slots=True)
class Short:
    """rcode as in `DnsAnswer`. records: host names in lower case without a trailing dot, or addresses; of MX the
    hosts alone, "" for the null MX (RFC 7505)."""

    rcode: str
    records: tuple[str, ...]


class MalformedError(ValueError):
    """Bytes that are no answer this reader knows."""


def read(wire: bytes, asked: bytes) -> tuple[int, list[str]] | None:
    """Code and records of an answer to the question `asked`; None for an answer to another one.

    Raises MalformedError, also for one that was truncated.
    """
    if not answers(wire, asked):
        return None
    flags, questions, count = struct.unpack_from(">HHH", wire, 2)
    end = len(asked) - len(OPT)
    if flags & 0x0200:
        raise MalformedError("truncated")
    try:
        return flags & 0xF, _records(wire, end if questions else 12, min(count, 2 * MOST_RECORDS), asked, end)
    except (IndexError, struct.error, UnicodeError) as error:
        raise MalformedError(str(error)) from error


def _records(wire: bytes, place: int, count: int, asked: bytes, end: int) -> list[str]:
    wanted = int.from_bytes(asked[end - 4 : end - 2], "big")
    at, _ = _name(asked, 12)
    found: list[str] = []
    for _ in range(count):
        owner, place = _name(wire, place)
        kind, _, _, size = struct.unpack_from(">HHIH", wire, place)
        place += 10
        if place + size > len(wire):
            raise MalformedError("cut off")
        if owner == at:
            if kind == dns.rdatatype.CNAME:
                at, _ = _name(wire, place)
            elif kind == wanted and len(found) < MOST_RECORDS:
                found.append(_value(wire, place, kind, size))
        place += size
    return found


def _value(wire: bytes, place: int, kind: int, size: int) -> str:
    if kind == dns.rdatatype.A:
        if size != 4:
            raise MalformedError("an address of another size")
        return ".".join(map(str, wire[place : place + 4]))
    return _name(wire, place + (2 if kind == dns.rdatatype.MX else 0))[0]


def _name(wire: bytes, place: int) -> tuple[str, int]:
    """The name at a place, and where it ends. Raises MalformedError for pointers without end."""
    labels: list[bytes] = []
    after = -1
    for _ in range(128 + _MOST_JUMPS):
        size = wire[place]
        if size == 0:
            name = b".".join(labels).lower().decode("ascii", "backslashreplace")
            return name, after if after >= 0 else place + 1
        if size >= 0xC0:
            if after < 0:
                after = place + 2
            place = (size & 0x3F) << 8 | wire[place + 1]
            continue
        if size > 63:
            raise MalformedError("a label of no known kind")
        labels.append(wire[place + 1 : place + 1 + size])
        place += size + 1
    raise MalformedError("a name without end")


class _Socket(asyncio.DatagramProtocol):
    """One connected socket, many questions under way."""

    def __init__(self) -> None:
        self.waiting: dict[int, tuple[bytes, asyncio.Future[tuple[int, list[str]]]]] = {}
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        found = self.waiting.get(int.from_bytes(data[:2], "big"))
        if found is None or found[1].done():
            return
        try:
            answer = read(data, found[0])
        except MalformedError as error:
            found[1].set_exception(error)
            return
        if answer is not None:
            found[1].set_result(answer)

    def error_received(self, exc: Exception) -> None:
        """A closed port: the questions still run out in their own time, in case it opens again."""

    def put(self, name: str, rdtype: str) -> tuple[int, asyncio.Future[tuple[int, list[str]]]]:
        id = secrets.randbelow(1 << 16)
        while id in self.waiting:
            id = secrets.randbelow(1 << 16)
        future: asyncio.Future[tuple[int, list[str]]] = asyncio.get_running_loop().create_future()
        self.waiting[id] = (question(name, rdtype, id), future)
        return id, future


class Bulk:
    """Many short questions. `full` is asked where this reader can't tell. Use as an async context manager."""

    def __init__(self, servers: tuple[Endpoint, ...], full: Full, *, scale: Callable[[float], float]) -> None:
        self._servers = servers[:2]
        self._full = full
        self._scale = scale
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._sockets: dict[Endpoint, list[_Socket]] = {}

    async def __aenter__(self) -> Bulk:
        loop = asyncio.get_running_loop()
        for server in self._servers:
            self._sockets[server] = []
            for _ in range(_SOCKETS):
                try:
                    _, protocol = await loop.create_datagram_endpoint(_Socket, remote_addr=server)
                except OSError:
                    continue
                self._sockets[server].append(protocol)
        return self

    async def __aexit__(self, *_: object) -> None:
        for sockets in self._sockets.values():
            for one in sockets:
                one.transport.close()

    async def ask(self, name: str, rdtype: str) -> Short:
        """What the resolver says of one name and type (A, NS, MX). Raises TimedOut or Unreachable only."""
        try:
            name = ascii_name(name)
            question(name, rdtype, 0)
        except (ValueError, UnicodeError) as error:
            raise Unreachable(f"bad-name {name!r}"[:120]) from error
        if not any(self._sockets.values()):
            raise Unreachable("no-resolver")
        servers = [sockets for sockets in self._sockets.values() if sockets]
        patience = self._scale(PATIENCE) / len(servers)
        failure: EgressError = TimedOut("dns-timeout")
        found: Short | None = None
        async with self._gate:
            for sockets in servers:
                try:
                    code, records = await self._put(
                        sockets[hash(name) % len(sockets)], name, rdtype, patience
                    )
                except TimeoutError:
                    continue
                except MalformedError:
                    return await self._in_full(name, rdtype)
                except OSError as error:
                    failure = Unreachable(f"resolver {error.strerror or type(error).__name__}"[:120])
                    continue
                found = Short(dns.rcode.to_text(dns.rcode.Rcode(code)), tuple(records))
                if found.rcode in ("NOERROR", "NXDOMAIN"):
                    break
        if found is None:
            raise failure
        return found

    async def _put(self, socket: _Socket, name: str, rdtype: str, patience: float) -> tuple[int, list[str]]:
        loop = asyncio.get_running_loop()
        id, future = socket.put(name, rdtype)
        wire = socket.waiting[id][0]
        timers = [loop.call_later(patience * part, socket.transport.sendto, wire) for part in _RESENDS]
        timers.append(loop.call_later(patience, _give_up, future))
        try:
            socket.transport.sendto(wire)
            return await future
        finally:
            for timer in timers:
                timer.cancel()
            del socket.waiting[id]

    async def _in_full(self, name: str, rdtype: str) -> Short:
        answer = await self._full(name, rdtype)
        records = (record.rpartition(" ")[2].rstrip(".").lower() for record in answer.records)
        return Short(answer.rcode, tuple(records))


def _give_up(future: asyncio.Future[tuple[int, list[str]]]) -> None:
    if not future.done():
        future.set_exception(TimeoutError())
