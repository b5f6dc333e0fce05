"""The download handler: Scrapy's own for aiohttp, sent through the one door.

Evidence is taken here, below every middleware: the answer as it came, whatever becomes of it above. A body
that a limit, the clock or the other side cuts short is evidence too, marked with what cut it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response

from scanner.egress import EgressError, canonical, evidence_of, open_session, typed
from scanner.model import Status
from spiders import means
from spiders.visit import BlockedByPolicy, Failed, Kind, OverBudget, TlsFailed, Visit

IDLE_SECONDS = 2.0
"""How long a connection is kept for a site's next page: longer than the pause between two pages. A connection with
TLS holds a third of a megabyte, and no visit needs those of the one before."""

_CUT_SHORT = (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, ConnectionError)


class DoorHandler(AiohttpDownloadHandler):
    """http and https for Scrapy, dialled by `Network` and recorded on the visit in `request.meta`.

    Raises Failed and its kin, which no middleware asks again, and DownloadFailedError for a connection that
    broke before an answer. A body cut short comes as a Response flagged `truncated-REASON`. The Response has
    no body: the bytes are in `request.meta["evidence"]` and are read in a worker process.
    """

    experimental = False  # its warning would be ours to read, and we pin and test what we rely on

    def __init__(self, crawler: Crawler):
        # Not the direct parent's: it would make a connector of its own, past the door.
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._network = means.of(crawler).network
        # Sent by the client with each request: two middlewares less to go through.
        always = crawler.settings.getdict("DEFAULT_REQUEST_HEADERS")
        self._always = {str(name): str(value) for name, value in always.items()}
        self._always["User-Agent"] = crawler.settings["USER_AGENT"]
        self._opened: aiohttp.ClientSession | None = None

    @property
    def _client(self) -> aiohttp.ClientSession:
        """Made when first asked for: Scrapy closes no handler of a spider that ended before it began."""
        if self._opened is None:
            self._opened = open_session(
                self._network.connector(
                    limit=0, limit_per_host=self._pool_size_per_host, keepalive_timeout=IDLE_SECONDS
                )
            )
        return self._opened

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    async def download_request(self, request: Request) -> Response:
        visit = cast(Visit, request.meta["visit"])
        if visit.halted:
            # It was allowed when it was queued; the visit has ended since.
            raise OverBudget(visit.halted)
        visit.track(asyncio.current_task())
        seconds: float = request.meta["download_timeout"]
        try:
            async with self._make_request(request, seconds) as response:
                return await self._read_response(response, request)
        except TimeoutError:
            slug = "slow-body" if request.meta.get("begun") else "timeout"
            raise Failed(Status.TIMEOUT, f"{slug} after {seconds:.3g} s") from None

    @asynccontextmanager
    async def _make_request(
        self,
        request: Request,
        timeout: float,  # noqa: ASYNC109 - the signature is Scrapy's
    ) -> AsyncIterator[Any]:
        verify: bool = request.meta["verify"]
        try:
            async with (
                asyncio.timeout(timeout),
                self._client.request(
                    request.method,
                    canonical(request.url),
                    headers=self._fields(request),
                    ssl=self._network.ssl_context(verify),
                    allow_redirects=False,
                ) as response,
            ):
                yield response
        except (aiohttp.ClientError, EgressError, OSError, ValueError) as error:
            if type(error) is TimeoutError:
                raise
            raise _translated(error, verify) from error

    def _fields(self, request: Request) -> dict[str, str]:
        own = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in request.headers.items()
        }
        return self._always | own

    async def _read_response(self, response: Any, request: Request) -> Response:
        visit = cast(Visit, request.meta["visit"])
        kind: Kind = request.meta["kind"]
        room = min(request.meta.get("download_maxsize", self._default_maxsize), max(visit.room(kind), 1))
        body = bytearray()
        cut = ""
        visit.came(kind, sum(len(name) + len(value) + 4 for name, value in response.raw_headers))
        if kind is Kind.PICTURE and (response.content_length or 0) > room:
            cut, room = "length", 0  # half a picture is none: nothing is read of what would be cut short
            response.close()
        try:
            while not cut and (chunk := await response.content.readany()):
                body += chunk
                visit.came(kind, len(chunk))
                if len(body) > room or (kind is Kind.PICTURE and visit.room(kind) < 0):
                    del body[room:]
                    cut = "length"
                    response.close()  # never wait for the rest
                    break
        except _CUT_SHORT:
            cut = "disconnect"
        except asyncio.CancelledError:
            # The clock of this exchange, the visit's end or Ctrl-C: what has come is kept in each case.
            visit.take(evidence_of(response, body, self._network.now(), "time"), kind)
            request.meta["begun"] = True
            response.close()
            raise
        evidence = evidence_of(response, body, self._network.now(), cut)
        visit.take(evidence, kind)
        request.meta["evidence"] = evidence
        request.meta["fields"] = response.raw_headers
        return Response(
            request.url,
            status=response.status,
            headers=cast(Any, response.raw_headers),  # pairs, which Scrapy takes too
            flags=[f"truncated-{cut}"] if cut else [],
        )


def _translated(error: BaseException, verify: bool) -> Exception:
    """A library's error as one of ours; only a connection that broke is worth asking again."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        words = getattr(error.certificate_error, "verify_message", "") or str(error.certificate_error)
        return TlsFailed(f"tls-untrusted {words}"[:160], untrusted=verify)
    known = typed(error)
    if known.status is Status.BLOCKED:
        return BlockedByPolicy(known.reason)
    if known.slug == "tls":
        return TlsFailed(known.reason.replace("tls", "tls-failed", 1), untrusted=False)
    if known.slug in ("disconnected", "connection-reset"):
        return DownloadFailedError(known.reason)
    return Failed(known.status, known.reason)
