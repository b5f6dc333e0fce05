"""The socket itself: what it was judged for is what it may dial."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from scanner.egress import Blocked, DialRefused, NetworkConfig, Unreachable
from scanner.egress.dialer import Rules, addr_info
from tests.egress.tiny_servers import PUBLIC, PUBLIC6, TinyWeb


async def test_given_a_socket_judged_for_one_address_then_it_dials_no_other(web: TinyWeb) -> None:
    rules = Rules(NetworkConfig(routes={("", 80): ("127.0.0.1", web.port)}))
    with rules.open(addr_info(PUBLIC, 80)) as sock:
        for address in (("127.0.0.1", 80), ("1.1.1.1", 80), (PUBLIC, 22), ("10.0.0.1", 80)):
            with pytest.raises(DialRefused) as caught:
                sock.connect(address)
            assert isinstance(caught.value.error, Blocked)
        with pytest.raises(DialRefused):
            sock.connect_ex((PUBLIC, 80))
        with pytest.raises(OSError, match=r".+"):
            sock.getpeername()
        sock.connect((PUBLIC, 80))
        assert sock.getpeername() == (PUBLIC, 80)


@pytest.mark.parametrize(
    "sockaddr",
    [("127.0.0.1", 80), ("::1", 80, 0, 0), ("fe80::1", 80, 0, 2), (PUBLIC6, 80, 0, 7), ("localhost", 80)],
)
async def test_no_socket_is_made_for_an_address_that_is_refused(sockaddr: tuple[Any, ...]) -> None:
    family = socket.AF_INET6 if len(sockaddr) == 4 else socket.AF_INET
    with pytest.raises(DialRefused) as caught:
        Rules(NetworkConfig()).open((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", sockaddr))
    assert isinstance(caught.value.error, Blocked)


async def test_an_ipv6_address_routed_to_an_ipv4_port_needs_no_ipv6_on_the_machine(web: TinyWeb) -> None:
    rules = Rules(NetworkConfig(routes={("", 80): ("127.0.0.1", web.port)}))
    with rules.open(addr_info(PUBLIC6, 80)) as sock:
        sock.setblocking(False)
        assert sock.family == socket.AF_INET6
        await asyncio.get_running_loop().sock_connect(sock, (PUBLIC6, 80, 0, 0))
        assert sock.getsockname()[0] == "127.0.0.1"
        assert sock.getpeername()[0] == PUBLIC6


async def test_with_routes_no_socket_is_made_without_one() -> None:
    with pytest.raises(DialRefused) as caught:
        Rules(NetworkConfig(routes={("", 80): "refuse"}), frozenset({443})).open(addr_info(PUBLIC, 443))
    assert isinstance(caught.value.error, Unreachable)
    assert caught.value.error.reason == f"no-route {PUBLIC}:443"


async def test_a_blackhole_never_becomes_connected_and_leaves_nothing_open() -> None:
    rules = Rules(NetworkConfig(routes={("", 80): "blackhole"}))
    sock = rules.open(addr_info(PUBLIC, 80))
    connecting = asyncio.ensure_future(asyncio.get_running_loop().sock_connect(sock, (PUBLIC, 80)))
    done, _ = await asyncio.wait({connecting}, timeout=0.05)
    assert not done
    connecting.cancel()
    await asyncio.wait({connecting})
    sock.close()
    assert sock.fileno() == -1
