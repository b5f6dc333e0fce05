"""Whatever a library raises has one meaning; evidence is put together the same way for every client."""

from __future__ import annotations

import asyncio
import errno
import ssl
from types import SimpleNamespace
from typing import cast

import aiohttp
import pytest
import yarl

from scanner.egress import (
    Blocked,
    DialRefused,
    DoorResponse,
    EgressError,
    Garbled,
    TimedOut,
    Unreachable,
    evidence_of,
    typed,
)
from scanner.model import Status
from tests.egress.tiny_servers import NOW


def wrapped(inner: OSError) -> aiohttp.ClientConnectorError:
    key = SimpleNamespace(host="acme.example", port=80, ssl=None, is_ssl=False)
    return aiohttp.ClientConnectorError(key, inner)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "kind", "slug"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), Unreachable, "connection-refused"),
        (ConnectionResetError(errno.ECONNRESET, "x"), Unreachable, "connection-reset"),
        (BrokenPipeError(), Unreachable, "connection-reset"),
        (OSError(errno.ENETUNREACH, "x"), Unreachable, "no-route"),
        (OSError(errno.EHOSTUNREACH, "x"), Unreachable, "no-route"),
        (OSError(errno.EIO, "x"), Unreachable, "connection"),
        (OSError(errno.EMFILE, "Too many open files"), EgressError, "fault"),
        (TimeoutError(), TimedOut, "timeout"),
        (OSError(errno.ETIMEDOUT, "x"), TimedOut, "timeout"),
        (aiohttp.ServerTimeoutError(), TimedOut, "timeout"),
        (ssl.SSLError(1, "handshake failure"), Unreachable, "tls"),
        (ssl.SSLCertVerificationError("x"), Unreachable, "tls"),
        (aiohttp.ServerDisconnectedError(), Unreachable, "disconnected"),
        (aiohttp.ClientPayloadError("x"), Unreachable, "disconnected"),
        (asyncio.IncompleteReadError(b"", 5), Unreachable, "disconnected"),
        (aiohttp.InvalidURL("x"), Garbled, "bad-url"),
        (wrapped(ConnectionRefusedError(errno.ECONNREFUSED, "x")), Unreachable, "connection-refused"),
        (wrapped(OSError(errno.EMFILE, "Too many open files")), EgressError, "fault"),
        (wrapped(DialRefused(Blocked("private-address 10.0.0.1"))), Blocked, "private-address"),
        (Blocked("scheme file"), Blocked, "scheme"),
        (KeyError("x"), EgressError, "fault"),
    ],
)
def test_each_failure_is_typed(error: Exception, kind: type[EgressError], slug: str) -> None:
    found = typed(error)
    assert type(found) is kind
    assert found.slug == slug


def test_only_our_own_faults_are_errors() -> None:
    assert typed(OSError(errno.EMFILE, "x")).status is Status.ERROR
    assert typed(ConnectionResetError()).status is Status.UNREACHABLE


def test_evidence_is_put_together_from_what_a_client_knows() -> None:
    """Given a response with fields no parser lets through today, then none of them begins a line of its own."""
    response = SimpleNamespace(
        url=yarl.URL("https://acme.example/a?b=1"),
        method="GET",
        request_info=SimpleNamespace(headers={"User-Agent": "x"}),
        version=None,
        status=200,
        reason="OK",
        raw_headers=[
            (b"Content-Encoding", b"br"),
            (b"TRANSFER-ENCODING", b"chunked"),
            (b"X-Bad", b"a\r\nInjected: b"),
        ],
        peer_address="1.1.1.1",
    )
    evidence = evidence_of(cast(DoorResponse, response), b"body", NOW, "length")
    assert evidence.request == b"GET /a?b=1 HTTP/1.1\r\nHost: acme.example\r\nUser-Agent: x\r\n\r\n"
    assert evidence.block == (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n"
        b"X-Bad: a Injected: b\r\n\r\nbody"
    )
    assert (evidence.address, evidence.truncated, evidence.fetched_at) == ("1.1.1.1", "length", NOW)
