"""DNS over the network's resolvers (or the system's), every answer kept as it came.

A timeout is never folded into an absence: `lookup` returns what a server said, NXDOMAIN included, and raises
only when none said anything. More than a few hundred questions at once lose packets, hence the semaphore
(measured: 15 % lost at 1,000 at once).
"""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.resolver

from scanner.egress.config import Endpoint
from scanner.egress.errors import EgressError, TimedOut, Unreachable, typed
from scanner.egress.policy import ascii_name
from scanner.model import Evidence

AT_ONCE = 200
PATIENCE = 10.0  # seconds for one question, over all servers asked: a stub resolver waits 5 s, twice
RESEND = 1 / 6  # of that: a lost packet is asked again while the first answer may still come
REMEMBERED = 1024  # answers kept, oldest first out: enough for all targets under way, about 4 MB …
REMEMBERED_BYTES = 16 << 20  # … unless somebody fills each to the brim
MOST_RECORDS = 100  # of one answer that are handed on; all of them stay in its bytes
_LONG = 4096  # bytes; reading 64 kB of records would hold the loop up for half a second
_PAYLOAD = 1232  # EDNS size that survives any path (DNS flag day 2020)
OPT = struct.pack(">BHHIH", 0, dns.rdatatype.OPT, _PAYLOAD, 0, 0)

for _rdtype in ("A", "AAAA", "CNAME", "NS", "MX", "TXT", "SOA", "CAA"):
    # dnspython imports the module of a type at its first record: not in the middle of the first answers.
    dns.rdata.get_rdata_class(dns.rdataclass.IN, dns.rdatatype.from_text(_rdtype))  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What a resolver said to one question.

    rcode: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED` … records: the answer's records of the asked type at
    the end of the alias chain, presentation text. cname: the alias chain, each name with its trailing dot.
    authenticated: the resolver says it validated the answer (AD). ttl: seconds, lowest of the answer.
    """

    name: str
    rdtype: str
    rcode: str
    records: tuple[str, ...]
    cname: tuple[str, ...]
    authenticated: bool
    ttl: int
    wire: bytes = field(repr=False)
    fetched_at: datetime
    evidence: Evidence = field(repr=False)


class Resolver:
    """One cache, one limit. `servers` are (address, port); empty means what the system is set to."""

    def __init__(
        self,
        servers: tuple[Endpoint, ...],
        *,
        now: Callable[[], datetime],
        scale: Callable[[float], float],
        system: bool = True,
    ) -> None:
        self._servers = servers
        self._system = system
        self._now = now
        self._scale = scale
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._known: OrderedDict[tuple[str, str], DnsAnswer] = OrderedDict()
        self._held = 0  # bytes of them
        self._flying: dict[tuple[str, str], asyncio.Task[DnsAnswer]] = {}

    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        """Ask once; the same question meanwhile, and later, gets the same answer.

        Raises TimedOut or Unreachable; those are not remembered.
        """
        try:
            key = (ascii_name(name), rdtype.upper())
        except ValueError as error:
            raise _bad(name) from error
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        task = self._flying.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(key))
            self._flying[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        # Shielded: one impatient caller must not take the answer from the others.
        return await asyncio.shield(task)

    def _landed(self, key: tuple[str, str], task: asyncio.Task[DnsAnswer]) -> None:
        self._flying.pop(key, None)
        if not task.cancelled() and task.exception() is None:
            self._known[key] = task.result()
            self._held += len(task.result().wire)
            while len(self._known) > REMEMBERED or self._held > REMEMBERED_BYTES:
                _, oldest = self._known.popitem(last=False)
                self._held -= len(oldest.wire)

    def servers(self) -> tuple[Endpoint, ...]:
        """Whom questions go to; empty where there is nobody to ask."""
        return self._servers or (_system_servers() if self._system else ())

    async def _ask(self, key: tuple[str, str]) -> DnsAnswer:
        question = _question(*key)
        servers = self.servers()
        if not servers:
            raise Unreachable("no-resolver")
        answer: DnsAnswer | None = None
        failure: EgressError = TimedOut("dns-timeout")
        servers = servers[:2]
        patience = self._scale(PATIENCE) / len(servers)
        for server in servers:
            try:
                async with self._gate, asyncio.timeout(patience):
                    message = await _exchange(question, server, patience * RESEND)
                answer = _read(key, message, self._now())
            except TimeoutError:
                continue
            except (OSError, EOFError) as error:
                failure = Unreachable(f"resolver {typed(error).reason}")
                continue
            except Exception as error:  # the codec on a stranger's bytes
                failure = Unreachable(f"dns-malformed {type(error).__name__}: {error}"[:160])
                continue
            if answer.rcode in ("NOERROR", "NXDOMAIN"):
                break
        if answer is None:
            raise failure
        return answer

    async def close(self) -> None:
        tasks = list(self._flying.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def question(name: str, rdtype: str, id: int) -> bytes:
    """The wire form of one question, recursion and the AD bit wanted, with EDNS. Written by hand: message objects cost
    as much as all the rest of a look-up. Raises ValueError for what is no name, DNSException for an unknown type."""
    labels = name.encode("ascii").removesuffix(b".").split(b".")
    if not all(0 < len(label) < 64 for label in labels) or len(name) > 253:
        raise ValueError("no name")
    written = b"".join(bytes((len(label),)) + label for label in labels)
    head = struct.pack(">HHHHHH", id, dns.flags.RD | dns.flags.AD, 1, 0, 0, 1)
    return (
        head + written + b"\0" + struct.pack(">HH", dns.rdatatype.from_text(rdtype), dns.rdataclass.IN) + OPT
    )


def answers(wire: bytes, asked: bytes) -> bool:
    """Whether a message is an answer to that question: its id, and the question again, which an error may leave out."""
    if len(wire) < 12 or wire[:2] != asked[:2] or not wire[2] & 0x80:
        return False
    if wire[4:6] == b"\0\0":
        return bool(wire[3] & 0xF)
    end = len(asked) - len(OPT)
    return wire[4:6] == b"\0\1" and wire[12:end].lower() == asked[12:end].lower()


def _question(name: str, rdtype: str) -> bytes:
    try:
        return question(name, rdtype, secrets.randbelow(1 << 16))
    except (ValueError, dns.exception.DNSException) as error:
        raise _bad(name) from error


def _bad(name: str) -> Unreachable:
    return Unreachable(f"bad-name {name!r}"[:120])


def _system_servers() -> tuple[Endpoint, ...]:
    try:
        configured = dns.resolver.Resolver(configure=True)
    except (dns.resolver.NoResolverConfiguration, OSError):
        return ()
    return tuple(
        (str(server), configured.port) for server in configured.nameservers if isinstance(server, str)
    )


class _Datagrams(asyncio.DatagramProtocol):
    """Waits on a connected socket for the answer to one question; anything else that arrives is ignored."""

    def __init__(self, question: bytes) -> None:
        self._question = question
        self.answer: asyncio.Future[dns.message.Message] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if self.answer.done() or not answers(data, self._question):
            return
        try:
            message = dns.message.from_wire(data, ignore_trailing=True)
        except Exception:  # a stranger's bytes: whatever the codec makes of them, they are no answer
            return
        self.answer.set_result(message)

    def error_received(self, exc: Exception) -> None:
        # On a connected socket the system reports a closed port; waiting on would only look like a timeout.
        if not self.answer.done():
            self.answer.set_exception(exc)


async def _exchange(question: bytes, server: Endpoint, resend: float) -> dns.message.Message:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: _Datagrams(question), remote_addr=server
    )
    try:
        transport.sendto(question)
        await asyncio.wait({protocol.answer}, timeout=resend)
        if not protocol.answer.done():
            transport.sendto(question)
        message = await protocol.answer
    finally:
        transport.close()
    if message.flags & dns.flags.TC:
        return await _over_tcp(question, server)
    return message


async def _over_tcp(question: bytes, server: Endpoint) -> dns.message.Message:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(len(question).to_bytes(2, "big") + question)
        size = int.from_bytes(await reader.readexactly(2), "big")
        wire = await reader.readexactly(size)
    finally:
        writer.close()
    message = _parsed(wire)
    if not answers(wire, question):
        raise EOFError("answer to another question")
    return message


def _parsed(wire: bytes) -> dns.message.Message:
    """The message; of a long one the first records of the answer alone. Its `wire` is whole either way."""
    if len(wire) <= _LONG:
        return dns.message.from_wire(wire, ignore_trailing=True)
    count = min(int.from_bytes(wire[6:8], "big"), 2 * MOST_RECORDS)
    message = dns.message.from_wire(
        wire[:6] + count.to_bytes(2, "big") + b"\0\0\0\0" + wire[12:], ignore_trailing=True
    )
    message.wire = wire
    return message


def _read(key: tuple[str, str], message: dns.message.Message, now: datetime) -> DnsAnswer:
    """Follow the alias chain inside the answer section and take the asked records at its end."""
    name, rdtype = key
    wanted = dns.rdatatype.from_text(rdtype)
    at = dns.name.from_text(name)
    chain: list[str] = []
    records: tuple[str, ...] = ()
    ttls: list[int] = []
    aliases = {s.name: s for s in message.answer if s.rdtype == dns.rdatatype.CNAME and len(s)}
    while wanted != dns.rdatatype.CNAME and at in aliases and len(chain) < 16:
        ttls.append(aliases[at].ttl)
        at = aliases[at][0].target
        chain.append(at.to_text())
    for rrset in message.answer:
        if rrset.name == at and rrset.rdtype == wanted:
            records += tuple(record.to_text() for record in islice(rrset, MOST_RECORDS - len(records)))
            ttls.append(rrset.ttl)
    wire = message.wire or b""
    evidence = Evidence(f"dns:{name}?type={rdtype}", "application/dns-message", now, wire)
    return DnsAnswer(
        name=name,
        rdtype=rdtype,
        rcode=dns.rcode.to_text(message.rcode()),
        records=records,
        cname=tuple(chain),
        authenticated=bool(message.flags & dns.flags.AD),
        ttl=min(ttls, default=0),
        wire=wire,
        fetched_at=now,
        evidence=evidence,
    )
