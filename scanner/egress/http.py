"""HTTP through the door: one answer as bytes, its evidence, its redirects followed by us hop by hop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import yarl

from scanner.coding import ACCEPT_ENCODING, codings, decode
from scanner.egress.errors import Blocked, EgressError, Garbled, TimedOut, Unreachable, typed
from scanner.egress.policy import ascii_name, literal
from scanner.egress.quotas import retry_after
from scanner.model import Evidence

if TYPE_CHECKING:
    import ssl

RESPONSE = "application/http;msgtype=response"
MAX_BYTES = 4 << 20
TIMEOUT = 15.0
HEAD_FIELD = 32 << 10  # bytes of one header field; policies of real sites pass 8 kB
REDIRECTS = frozenset({301, 302, 303, 307, 308})  # HTTP statuses whose Location is followed
_SECRET = frozenset({"authorization", "proxy-authorization"})  # sent, and never kept
_BREAKS = re.compile(rb"[\r\n\0]+")

Headers = tuple[tuple[str, str], ...]
RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer, whatever its status.

    headers: as sent, in order. body: content-decoded, at most `max_bytes`. address: the logical IP address.
    cut: "" when the body is whole, `length` when there was more, `encoding` when its coding was broken or
    unknown. hops: the redirects before it, oldest first. fetched_at: by the network's clock.
    """

    url: str
    status: int
    headers: Headers
    body: bytes = field(repr=False)
    address: str
    evidence: Evidence = field(repr=False)
    hops: tuple[HttpAnswer, ...] = ()
    cut: str = ""

    @property
    def fetched_at(self) -> datetime:
        return self.evidence.fetched_at

    def header(self, name: str) -> str:
        """The field's value; several fields of that name are joined by a comma; "" when there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def retry_after(self) -> float | None:
        """Seconds the Retry-After header asks for, None when it is absent or unreadable."""
        return retry_after(self.header("retry-after"), self.fetched_at)


class DoorResponse(aiohttp.ClientResponse):
    """Remembers the peer: it is gone from aiohttp's response once the body is read."""

    peer_address: str = ""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        transport = connection.transport
        if transport is not None:
            peer = transport.get_extra_info("peername")
            self.peer_address = str(peer[0]) if peer else ""
        return await super().start(connection)


def open_session(
    connector: aiohttp.BaseConnector, headers: Mapping[str, str] | None = None
) -> aiohttp.ClientSession:
    """A session as the door wants it: no cookies, no proxy from the environment, no decoding, no header fields but
    those it is given."""
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        response_class=DoorResponse,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        headers=headers,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        max_line_size=HEAD_FIELD,
        max_field_size=HEAD_FIELD,
    )


@lru_cache(maxsize=1024)  # asked before a request is queued, and again when it is sent
def canonical(url: str | yarl.URL) -> yarl.URL:
    """The URL as we send it: http(s), no userinfo, no fragment, a host in A-labels or a plain address.

    Raises Blocked for another scheme, Garbled for something that is no URL.
    """
    try:
        parsed = yarl.URL(url) if isinstance(url, str) else url
        if parsed.scheme not in ("http", "https"):
            raise Blocked(f"scheme {parsed.scheme or 'none'}")
        host = parsed.raw_host or ""
        plain = literal(host) or ascii_name(host)
        parsed = parsed.with_user(None).with_fragment(None)
        if parsed.raw_host != plain:
            parsed = parsed.with_host(plain)
        if parsed.port is None:
            raise ValueError("no port")
        return parsed
    except (ValueError, TypeError) as error:
        raise Garbled(f"bad-url {str(url)[:200]!r}") from error


def evidence_of(
    response: DoorResponse, body: bytes | bytearray, fetched_at: datetime, truncated: str = ""
) -> Evidence:
    """The exchange as evidence: both heads put together again, the body as it came (content coding kept).

    `Transfer-Encoding`, already undone, is kept as `X-Archive-Orig-Transfer-Encoding`, so that readers don't undo
    it once more.
    """
    url = response.url
    sent = [
        (
            name.encode("latin-1", "replace"),
            b"***" if name.lower() in _SECRET else value.encode("utf-8", "replace"),
        )
        for name, value in response.request_info.headers.items()
    ]
    if not any(name.lower() == b"host" for name, _ in sent):
        sent.insert(0, (b"Host", (url.host_port_subcomponent or "").encode("latin-1", "replace")))
    request = _head(f"{response.method} {url.raw_path_qs} HTTP/1.1".encode("latin-1", "replace"), sent)
    kept = [
        (b"X-Archive-Orig-Transfer-Encoding" if name.lower() == b"transfer-encoding" else name, value)
        for name, value in response.raw_headers
    ]
    version = f"{response.version.major}.{response.version.minor}" if response.version else "1.1"
    status_line = f"HTTP/{version} {response.status} {response.reason or ''}".rstrip()
    block = _head(status_line.encode("latin-1", "replace"), kept) + body
    return Evidence(str(url), RESPONSE, fetched_at, block, request, response.peer_address, truncated)


def _head(first: bytes, headers: RawHeaders) -> bytes:
    lines = [first, *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(_BREAKS.sub(b" ", line) for line in lines) + b"\r\n\r\n"


class HttpClient:
    """GET over one session; redirects are followed by us, hop by hop."""

    def __init__(
        self,
        connector: aiohttp.BaseConnector,
        ssl_context: Callable[[], ssl.SSLContext],
        *,
        now: Callable[[], datetime],
        scale: Callable[[float], float],
        user_agent: str,
    ) -> None:
        self._ssl_context = ssl_context
        self._now = now
        self._scale = scale
        self._session = open_session(
            connector, {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": ACCEPT_ENCODING}
        )

    async def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - a deadline for all hops together, scaled like every other
        redirects: int = 0,
    ) -> HttpAnswer:
        """See `Network.http`."""
        hops: list[HttpAnswer] = []
        partial: list[Evidence] = []
        target, sent = canonical(url), dict(headers or {})
        try:
            async with asyncio.timeout(self._scale(timeout)):
                while True:
                    answer = await self._once(target, sent, max_bytes, partial)
                    location = answer.header("location") if answer.status in REDIRECTS else ""
                    if not location or not redirects:
                        return replace(answer, hops=tuple(hops))
                    hops.append(answer)
                    following = _follow(target, location)
                    if len(hops) > redirects or following == target:
                        raise Unreachable(f"redirects {len(hops)} without an end")
                    if following.origin() != target.origin():
                        sent = {
                            name: value for name, value in sent.items() if name.lower() != "authorization"
                        }
                    target = following
        except TimeoutError as error:
            raise _after(hops, TimedOut("timeout", partial[-1] if partial else None)) from error
        except EgressError as error:
            raise _after(hops, error) from error.__cause__

    async def _once(
        self, url: yarl.URL, headers: Mapping[str, str], max_bytes: int, partial: list[Evidence]
    ) -> HttpAnswer:
        try:
            response = await self._session.get(
                url, headers=headers, ssl=self._ssl_context(), allow_redirects=False
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise typed(error) from error
        return await self._read(cast("DoorResponse", response), max_bytes, partial)

    async def _read(self, response: DoorResponse, max_bytes: int, partial: list[Evidence]) -> HttpAnswer:
        """The body, at most `max_bytes` raw and as many decoded. One that the deadline cuts leaves its
        evidence in `partial` (the deadline arrives here as a cancellation), one that breaks in its error."""
        body, truncated = bytearray(), "disconnect"
        try:
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > max_bytes:
                    del body[max_bytes:]
                    truncated = "length"
                    break
            else:
                truncated = ""
        except asyncio.CancelledError:
            partial.append(evidence_of(response, body, self._now(), "time"))
            raise
        except (aiohttp.ClientError, OSError) as error:
            failure = typed(error)
            failure.evidence = evidence_of(response, body, self._now(), "disconnect")
            raise failure from error
        finally:
            if truncated:
                response.close()  # never wait for the rest
            else:
                response.release()
        evidence = evidence_of(response, body, self._now(), truncated)
        fields = tuple(
            (name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in response.raw_headers
        )
        listed = ",".join(value for name, value in fields if name.lower() == "content-encoding")
        decoded, cut = decode(bytes(body), codings(listed), max_bytes)
        return HttpAnswer(
            str(response.url),
            response.status,
            fields,
            decoded,
            evidence.address,
            evidence,
            cut=truncated or cut,
        )

    async def close(self) -> None:
        await self._session.close()


def _follow(base: yarl.URL, location: str) -> yarl.URL:
    try:
        return canonical(base.join(yarl.URL(location.strip())))
    except ValueError as error:
        raise Garbled(f"bad-url {location[:200]!r}") from error


def _after(hops: list[HttpAnswer], error: EgressError) -> EgressError:
    error.hops = tuple(hops)
    return error
