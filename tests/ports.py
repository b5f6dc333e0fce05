"""A free port of loopback, held for TCP and for UDP at once."""

from __future__ import annotations

import socket


def tcp_and_udp() -> tuple[socket.socket, socket.socket]:
    """Two bound sockets (TCP, listening; UDP) on one port of 127.0.0.1, both non-blocking.

    A port that is free for one protocol may be another program's for the other (any resolver's
    query holds a UDP port for a moment), so one attempt isn't enough. Raises OSError after 50.
    """
    for attempt in range(50):
        stream = socket.create_server(("127.0.0.1", 0))
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagrams.bind(stream.getsockname()[:2])
        except OSError:
            stream.close()
            datagrams.close()
            if attempt == 49:
                raise
            continue
        stream.setblocking(False)
        datagrams.setblocking(False)
        return stream, datagrams
    raise AssertionError("unreachable")
