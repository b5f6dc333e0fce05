"""What a running engine lets in and out, and the parts of Scrapy's private API this rests on."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import signal
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import scrapy
from scrapy import Request
from scrapy.core.downloader.handlers import _aiohttp, _base_streaming
from scrapy.exceptions import IgnoreRequest, NotSupported

from scanner.model import Status
from spiders import settings
from spiders.engine import Engine
from spiders.handler import DoorHandler
from spiders.visit import BlockedByPolicy, Failed, Kind, OverBudget, Site, Visit
from tests.spiders.site_lab import Lab, firm, serving


def crawler_of(lab: Lab) -> Any:
    crawler = lab.engine._crawler
    assert crawler is not None
    return crawler


def listening() -> set[str]:
    """Inodes of this process's listening TCP sockets (Linux)."""
    mine = set()
    for entry in os.listdir("/proc/self/fd"):
        try:
            mine.add(os.readlink(f"/proc/self/fd/{entry}"))
        except OSError:
            continue
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in mine:
                found.add(fields[9])
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's socket tables")
async def test_starting_the_engine_opens_no_listening_socket(tmp_path: Path) -> None:
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        before = listening()
        async with Engine(lab.network, lab.parse):
            assert listening() == before


async def test_the_settings_in_effect_are_the_hardened_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a proxy in the environment, when an engine runs, then no risky default is in effect."""
    monkeypatch.setenv("https_proxy", "http://203.0.113.9:3128")
    before = signal.getsignal(signal.SIGINT), list(logging.getLogger().handlers)
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        crawler = crawler_of(lab)
        names = {type(part).__name__ for part in crawler.engine.downloader.middleware.middlewares}
        assert names == {
            "RobotsMiddleware",
            "ChallengeMiddleware",
            "BudgetMiddleware",
            "RetryMiddleware",
        }
        assert crawler.extensions.middlewares == ()
        assert crawler.settings.getbool("TELNETCONSOLE_ENABLED") is False
        assert crawler.settings.getbool("REMOTE_CONTROL_ENABLED") is False
        assert crawler.settings.getint("DOWNLOAD_MAXSIZE") == 4 << 20
        assert crawler.settings.getfloat("DOWNLOAD_DELAY") == 0  # this world is unpaced
        for address in ("file:///etc/passwd", "data:text/html,x", "ftp://acme.com/x", "s3://bucket/key"):
            with pytest.raises((NotSupported, IgnoreRequest)):
                await crawler.engine.download_async(Request(address, meta=await meta_of(lab)))
        seen = await lab.walk("acme.com")
        assert seen.crawled.status is Status.OK  # the proxy would have refused
    assert (signal.getsignal(signal.SIGINT), list(logging.getLogger().handlers)) == before


async def meta_of(lab: Lab, kind: Kind = Kind.ENTRY, **more: Any) -> dict[str, Any]:
    async def nothing(*_: object) -> Any:
        raise AssertionError("not asked for here")

    visit = Visit(Site("acme.com"), lab.network, lambda *_: None, nothing, nothing)
    return {"visit": visit, "kind": kind, "verify": True, "download_slot": "acme.com"} | more


async def test_a_request_without_a_visit_goes_nowhere(tmp_path: Path) -> None:
    """Given a request that no walk answers for, then it is refused before anything is dialled."""
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        with pytest.raises(OverBudget):
            await crawler_of(lab).engine.download_async(Request("https://acme.com/"))
        assert lab.requests() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://[64:ff9b::7f00:1]/",
        "http://acme.com:22/",
        "https://acme.com:8443/",
    ],
)
async def test_addresses_inside_are_refused_and_never_tried_twice(tmp_path: Path, address: str) -> None:
    """Given an address that the policy refuses, then it ends as BlockedByPolicy with one page spent."""
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        meta = await meta_of(lab)
        with pytest.raises(BlockedByPolicy) as refusal:
            await crawler_of(lab).engine.download_async(Request(address, meta=meta))
        assert refusal.value.status is Status.BLOCKED
        assert meta["visit"].pages_left == 24


async def test_budgets_are_counted_below_retry(tmp_path: Path) -> None:
    """Given a server that always answers 502, when one page is asked for, then both tries are on the bill."""
    async with serving(tmp_path, {"bad.com": {"site": {"status": 502}}}, {}) as lab:
        meta = await meta_of(lab)
        response = await crawler_of(lab).engine.download_async(Request("https://bad.com/", meta=meta))
        assert response.status == 502
        assert meta["visit"].pages_left == 23
        spent = meta["visit"]
        spent.pages_left = 0
        with pytest.raises(OverBudget, match="page-budget"):
            await crawler_of(lab).engine.download_async(Request("https://bad.com/", meta=meta))
        spent.pages_left, spent.bytes_left = 5, 0
        with pytest.raises(OverBudget, match="byte-budget"):
            await crawler_of(lab).engine.download_async(Request("https://bad.com/", meta=meta))


async def test_bytes_over_the_budget_are_cut(tmp_path: Path) -> None:
    """Given 1,000 bytes left and a page of more, then 1,000 are kept and marked."""
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        meta = await meta_of(lab)
        meta["visit"].bytes_left = 1000
        response = await crawler_of(lab).engine.download_async(Request("https://acme.com/", meta=meta))
        evidence = response.request.meta["evidence"]
        assert evidence.truncated == "length"
        assert len(evidence.block.partition(b"\r\n\r\n")[2]) == 1000
        assert response.flags == ["truncated-length"]


async def test_many_sites_are_walked_at_once_on_one_engine(tmp_path: Path) -> None:
    """Given 30 sites with a latency, when all are fed at once, then answers of many are under way together."""
    domains: dict[str, object] = {f"site{number}.com": {"site": "sites/acme"} for number in range(30)}
    most = 0

    async def watch(engine: Any) -> None:
        nonlocal most
        while True:
            most = max(most, len({urlsplit(request.url).hostname for request in engine.downloader.active}))
            await asyncio.sleep(0.005)

    async with serving(tmp_path, domains, {"acme": firm()}, defaults={"latency_ms": 40}) as lab:
        one = await lab.walk("site0.com")
        watching = asyncio.create_task(watch(crawler_of(lab).engine))
        walks = await asyncio.gather(*(lab.walk(name) for name in list(domains)[1:]))
        watching.cancel()
    # On a busy machine a first try may be late and another way be taken; the pages are the same.
    assert {seen.crawled.status for seen in walks} == {one.crawled.status}
    assert all(seen.crawled.reason.endswith(one.crawled.reason) for seen in walks)
    assert most >= 8


async def test_a_second_engine_in_the_same_process_works(tmp_path: Path) -> None:
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        first = await lab.walk("acme.com")
        await lab.engine.close()
        await lab.engine.start()
        second = await lab.walk("acme.com")
    assert first.crawled == second.crawled


def test_every_refusal_of_ours_is_one_scrapy_never_retries() -> None:
    assert issubclass(Failed, IgnoreRequest)
    assert issubclass(BlockedByPolicy, Failed)
    assert settings.RETRY_EXCEPTIONS == ["scrapy.exceptions.DownloadFailedError"]


def test_the_private_scrapy_api_we_build_on_is_as_pinned() -> None:
    """Scrapy's aiohttp handler is private and labelled experimental: what we use of it is written down here,
    so that an upgrade that moves it fails in this test and not in the field."""
    assert scrapy.__version__.startswith("2.19.")
    handler, base = _aiohttp.AiohttpDownloadHandler, _base_streaming.BaseStreamingDownloadHandler
    assert issubclass(DoorHandler, handler)
    assert issubclass(handler, base)
    assert list(inspect.signature(handler.__init__).parameters) == ["self", "crawler"]
    assert list(inspect.signature(handler._make_request).parameters) == ["self", "request", "timeout"]
    assert list(inspect.signature(handler._read_response).parameters) == ["self", "response", "request"]
    assert inspect.iscoroutinefunction(handler.download_request)
    assert inspect.iscoroutinefunction(handler.close)
    assert "self._session.close()" in inspect.getsource(handler.close)
    assert "_pool_size_per_host" in inspect.getsource(base.__init__)
    connector = inspect.signature(aiohttp.TCPConnector.__init__).parameters
    assert {"resolver", "socket_factory"} <= set(connector)


async def test_only_the_world_is_dialled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an engine, when a site is walked, then every connect() goes to loopback ports of the world."""
    dialled: list[Any] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: Any) -> None:
        dialled.append(address)
        connect(self, address)

    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        monkeypatch.setattr(socket.socket, "connect", noted)
        assert (await lab.walk("acme.com")).crawled.status is Status.OK
    assert dialled
    assert {address[0] for address in dialled} == {"127.0.0.1"}
