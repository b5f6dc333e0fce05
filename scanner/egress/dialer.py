"""Sockets that judge the very address connect() gets, then apply the network file's routes.

The policy sees the logical address (what DNS said); a route only changes where the bytes go. With routes,
a connection without one fails, so that nothing leaks from a world. `getpeername` keeps giving the logical
address.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import sys
from dataclasses import dataclass
from typing import Any, Literal

from scanner.egress.config import NetworkConfig, Route
from scanner.egress.errors import Blocked, DialRefused, Unreachable
from scanner.egress.policy import WEB_PORTS, why_not

AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
Straight = Literal["straight"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy and the routes of one network, for one set of ports."""

    config: NetworkConfig
    ports: frozenset[int] = WEB_PORTS

    def judge(self, sockaddr: tuple[Any, ...]) -> Route | Straight:
        """Where this socket address may be dialled. Raises DialRefused (policy, or no route)."""
        address, port = str(sockaddr[0]), int(sockaddr[1])
        if len(sockaddr) > 3 and sockaddr[3]:
            raise DialRefused(Blocked(f"private-address {address} scoped"))
        reason = why_not(address, port, self.config.allow, self.ports)
        if reason:
            raise DialRefused(Blocked(reason))
        if not self.config.routes:
            return "straight"
        route = self.config.route(address, port)
        if route is None:
            raise DialRefused(Unreachable(f"no-route {address}:{port}"))
        return route

    def open(self, info: AddrInfo) -> socket.socket:
        """A socket for this address, as aiohttp's `socket_factory` and asyncio's `sock_connect` want it."""
        family, kind, proto, _, sockaddr = info
        _refuse_proactor()
        route = self.judge(sockaddr)
        if route == "blackhole":
            return _Blackhole(self, info)
        physical = int(family)
        if isinstance(route, tuple):
            physical = socket.AF_INET6 if ":" in route[0] else socket.AF_INET
        return RoutedSocket(self, info, physical, int(kind), int(proto))


class RoutedSocket(socket.socket):
    """A TCP socket whose `connect` judges, maps, and remembers the logical address.

    `family` stays the logical one (asyncio checks addresses against it), even where an IPv6 address is
    routed to an IPv4 port.
    """

    def __init__(self, rules: Rules, info: AddrInfo, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._rules = rules
        self._logical_family = socket.AddressFamily(int(info[0]))
        self._promised = tuple(info[4][:2])
        self._logical: tuple[Any, ...] = info[4]

    @property
    def family(self) -> socket.AddressFamily:
        return self._logical_family

    def connect(self, address: Any) -> None:
        route = self._rules.judge(address)
        if tuple(address[:2]) != self._promised:
            raise DialRefused(Blocked("private-address changed between check and use"))
        self._logical = tuple(address)
        if route == "straight":
            super().connect(address)
        elif route == "refuse":
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        elif route == "blackhole":
            raise DialRefused(Unreachable("no-route changed between check and use"))
        else:
            super().connect(route)

    def connect_ex(self, address: Any) -> int:
        raise DialRefused(Blocked("private-address only connect() is judged"))

    def getpeername(self) -> Any:
        super().getpeername()  # raises when not connected, as callers expect
        return self._logical


class _Blackhole(RoutedSocket):
    """Never connects. One end of a socket pair whose buffer is full: the loop waits for it to become
    writable, which works alike on every platform, unlike a full accept queue."""

    def __init__(self, rules: Rules, info: AddrInfo) -> None:
        ours, self._other = socket.socketpair()
        super().__init__(rules, info, fileno=ours.detach())
        self.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.send(b"\0" * 65536)

    def connect(self, address: Any) -> None:
        self._rules.judge(address)
        raise BlockingIOError(errno.EINPROGRESS, os.strerror(errno.EINPROGRESS))

    def close(self) -> None:
        self._other.close()
        super().close()


def _refuse_proactor() -> None:
    """Windows' default loop connects by handle, past `connect`: nothing would be judged there."""
    if sys.platform == "win32" and isinstance(asyncio.get_running_loop(), asyncio.ProactorEventLoop):
        raise RuntimeError("falsefront needs asyncio's selector event loop (asyncio.SelectorEventLoop)")


def addr_info(address: str, port: int) -> AddrInfo:
    """What getaddrinfo would say of an address literal."""
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port)


async def open_socket(rules: Rules, address: str, port: int) -> socket.socket:
    """A connected non-blocking socket to a logical address. Raises OSError, DialRefused among them."""
    info = addr_info(address, port)
    sock = rules.open(info)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, info[4])
    except BaseException:
        sock.close()
        raise
    return sock
