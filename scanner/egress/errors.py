"""What can go wrong between us and an answer, each with the attempt status it stands for.

Library exceptions never leave the package: `typed` turns whatever asyncio, aiohttp, ssl or the system raised
into one of these, so that no caller can take a timeout for an absence.
"""

# ruff: noqa: N818 - the names say what happened; they are read as words ("raises Blocked")

from __future__ import annotations

import asyncio
import errno
import ssl
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import PayloadEncodingError

from scanner.model import Evidence, Status

if TYPE_CHECKING:
    from scanner.egress.http import HttpAnswer


class EgressError(Exception):
    """A fetch that gave no answer.

    reason: a fixed slug, then free text after a space.
    evidence: what had arrived when it failed (an HTTP answer cut short), else None.
    hops: the redirects that were answered before it failed.
    """

    status: Status = Status.ERROR

    def __init__(self, reason: str, evidence: Evidence | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence
        self.hops: tuple[HttpAnswer, ...] = ()

    @property
    def slug(self) -> str:
        return self.reason.partition(" ")[0]


class Blocked(EgressError):
    """We did not connect: address policy."""

    status = Status.BLOCKED


class Refused(EgressError):
    """The peer says no (DNS REFUSED)."""

    status = Status.REFUSED


class Unreachable(EgressError):
    """Refused or reset connection, no route, no address, SERVFAIL, failed TLS, redirects without an end."""

    status = Status.UNREACHABLE


class TimedOut(EgressError):
    """No answer in time."""

    status = Status.TIMEOUT


class NameAbsent(EgressError):
    """The name does not exist (NXDOMAIN)."""

    status = Status.ABSENT


class TooLarge(EgressError):
    """A head larger than anything honest; bodies are cut instead, and say so."""

    status = Status.UNPARSED


class Garbled(EgressError):
    """Bytes that are not the protocol, or an address that is not one."""

    status = Status.UNPARSED


class Throttled(EgressError):
    """The operator asked us to wait longer than a scan can."""

    status = Status.THROTTLED


class DialRefused(OSError):
    """Our own refusal inside a socket call, in the one shape that asyncio and aiohttp let through."""

    def __init__(self, error: EgressError) -> None:
        super().__init__(errno.ENETUNREACH, error.reason)
        self.error = error


_OURS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL}
_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EAFNOSUPPORT}
_DROPPED = (
    aiohttp.ServerDisconnectedError,
    aiohttp.ClientPayloadError,
    PayloadEncodingError,
    asyncio.IncompleteReadError,
    EOFError,
)
_BAD_HEAD = (aiohttp.ClientResponseError, aiohttp.InvalidURL, aiohttp.http.HttpProcessingError)


def typed(error: BaseException) -> EgressError:
    """The typed error for anything raised while fetching. Keeps the cause for the log."""
    for cause in _causes(error):
        found = _one(cause)
        if found is not None:
            if found is not error:
                found.__cause__ = error
            return found
    fault = EgressError(f"fault {type(error).__name__}: {error}"[:200])
    fault.__cause__ = error
    return fault


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what it wraps, innermost first: the innermost one knows most."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain and len(chain) < 8:
        chain.append(at)
        inner = getattr(at, "os_error", None)
        at = inner if isinstance(inner, BaseException) else at.__cause__
    return chain[::-1]


def _one(error: BaseException) -> EgressError | None:
    if isinstance(error, EgressError):
        return error
    if isinstance(error, DialRefused):
        return error.error
    if isinstance(error, ssl.SSLError | ssl.CertificateError):
        return Unreachable(f"tls {_tls_words(error)}")
    if isinstance(error, TimeoutError):
        return TimedOut("timeout")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable("connection-refused")
    if isinstance(error, _DROPPED):
        return Unreachable("disconnected")
    if isinstance(error, ConnectionError):
        return Unreachable("connection-reset")
    if isinstance(error, _BAD_HEAD):
        return _bad_head(error)
    if isinstance(error, OSError) and error.errno is not None:
        if error.errno in _OURS:
            return EgressError(f"fault {error.strerror}")
        slug = "no-route" if error.errno in _NO_ROUTE else "connection"
        return Unreachable(f"{slug} {error.strerror}"[:200])
    return None


def _tls_words(error: ssl.SSLError | ssl.CertificateError) -> str:
    """What OpenSSL says in words (`certificate has expired`), without its file and line."""
    words = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
    return str(words)[:160] or "failed"


def _bad_head(error: BaseException) -> EgressError:
    if isinstance(error, aiohttp.InvalidURL):
        return Garbled("bad-url")
    words = str(getattr(error, "message", "") or error).splitlines()
    text = words[0][:120] if words else ""
    if "more than" in text or "Too many headers" in text:
        return TooLarge(f"too-large {text}")
    return Garbled(f"bad-http {text}")
