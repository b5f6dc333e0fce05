"""A DNS server, a web server and a certificate authority of a few lines each.

Deliberately not the world: the door is tested against servers that misbehave in ways a world needn't know.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scanner.egress import Network
from tests.ports import tcp_and_udp

PUBLIC = "93.184.216.34"  # any address the policy lets through; nothing is ever sent to it
PUBLIC6 = "2606:4700::1111"
NOW = datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)

Answer = list[str] | str  # records, or a fault: nxdomain, servfail, refused, timeout, truncated, garbage


Open = Callable[..., Network]  # makes networks that point at the servers; see conftest.py


class TinyDns:
    """Answers from `zone[(name, type)]`; a list of lists alternates. `asked` counts the questions."""

    def __init__(self) -> None:
        self.zone: dict[tuple[str, str], Answer | list[list[str]]] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.port = 0
        self._turn: dict[tuple[str, str], int] = {}

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        stream, datagrams = tcp_and_udp()
        self.port = stream.getsockname()[1]
        self._tcp = await asyncio.start_server(self._stream, sock=stream)
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=datagrams)

    async def stop(self) -> None:
        self._udp.close()
        self._tcp.close()

    def answer(self, wire: bytes, how: str) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        key = (question.name.to_text(omit_final_dot=True), question.to_text().split()[-1])
        self.asked.append((*key, how))
        known = self.zone.get(key, self.zone.get((key[0], "*"), []))
        if isinstance(known, list) and known and isinstance(known[0], list):
            turn = self._turn[key] = self._turn.get(key, -1) + 1
            known = known[turn % len(known)]
        reply = dns.message.make_response(query, recursion_available=True)
        if known == "timeout" or (known == "slow-start" and len(self.asked) == 1):
            return None
        if known == "garbage" or (known == "mangled" and how == "tcp"):
            return b"\x00\x01garbage"
        if known in ("nxdomain", "servfail", "refused"):
            reply.set_rcode(dns.rcode.from_text(str(known)))
        elif known in ("truncated", "mangled") and how == "udp":
            reply.flags |= dns.flags.TC
        else:
            texts = ["one", "two"] if known == "truncated" else known if isinstance(known, list) else [PUBLIC]
            self._fill(reply, question.name.to_text(), key[1], [str(text) for text in texts])
        return reply.to_wire()

    def _fill(self, reply: dns.message.Message, name: str, rdtype: str, texts: list[str]) -> None:
        """`-> target` makes an alias, the records after it hang on the target."""
        for text in texts:
            if text.startswith("-> "):
                target = text.removeprefix("-> ").rstrip(".") + "."
                reply.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target))
                name = target
            else:
                reply.answer.append(dns.rrset.from_text(name, 300, "IN", rdtype, text))

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
        reply = self.answer(await reader.readexactly(size), "tcp")
        if reply is not None:
            writer.write(struct.pack("!H", len(reply)) + reply)
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: TinyDns) -> None:
        self._server = server

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        reply = self._server.answer(data, "udp")
        if reply is not None:
            self._transport.sendto(reply, addr)


Page = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


class TinyWeb:
    """Sends the bytes of `pages[path]`, head and all, or lets a coroutine write. Keeps the request heads."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.heads: list[bytes] = []
        self.port = 0

    async def start(self, context: ssl.SSLContext | None = None) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            page = self.pages.get(head.split()[1].decode("latin-1"), ok(b"hello"))
            if isinstance(page, bytes):
                writer.write(page)
                await writer.drain()
            else:
                await page(writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def ok(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return ok(b"", f"Location: {location}", status=status)


class Authority:
    """A certificate authority for one test run; `context(names)` is a server context it vouches for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tiny CA")])
        certificate = (
            self._start(self._name, self._key.public_key(), 3650)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _start(self, subject: x509.Name, key: Any, days: int) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
        )

    def context(self, *names: str, days: int = 30) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alternatives = [
            x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
            for name in names
        ]
        certificate = (
            self._start(subject, key.public_key(), days)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / f"{names[0]}-{days}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context
