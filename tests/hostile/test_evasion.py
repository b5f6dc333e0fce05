"""Ways to look empty to us and ordinary to a browser, or to cost more than a site may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scanner.egress import Network, NetworkConfig
from scanner.model import About, Evidence, Observed, Status
from scanner.observe import observe_in
from scanner.parse import ParsePool
from spiders.engine import Engine
from spiders.visit import BYTES, Crawled, Site
from tests.egress.tiny_servers import NOW, PUBLIC, TinyDns, TinyWeb, ok
from tests.hostile.lab import Scanned, employer, html, registered, scan

pytestmark = pytest.mark.asyncio(loop_scope="session")
FRONT = "acme-front.com"


async def scanned(tmp_path: Path, pool: ParsePool, paths: object, **files: str) -> Scanned:
    site = {"dir": "sites/front", "paths": paths}
    pages = {name.replace("_", "."): text for name, text in files.items()}
    domains = {FRONT: {"registration": registered("2012-05-03"), "site": site}}
    return await scan(tmp_path, pool, domains, {"front": pages}, employer(f"https://{FRONT}/"))


async def test_the_mark_of_a_bot_check_on_an_ordinary_page_hides_nothing(
    tmp_path: Path, pool: ParsePool
) -> None:
    # Given a site whose every page carries the header of a bot check, which browsers ignore
    marks = {"cf-mitigated": "challenge", "x-vercel-mitigated": "challenge", "x-amzn-waf-action": "captcha"}
    found = await scanned(tmp_path, pool, {"/*": {"headers": marks}}, index_html=html("<p>Since 2009</p>"))
    # When it is scanned, then its pages are read
    assert found.statuses[FRONT, "website"] is Status.OK
    assert found.rows(FRONT, "website", "state") == ["content"]


async def test_a_bot_check_is_still_one_where_it_refuses(tmp_path: Path, pool: ParsePool) -> None:
    found = await scanned(tmp_path, pool, {"/*": {"behaviour": "challenge"}}, index_html=html())
    assert found.statuses[FRONT, "website"] is Status.REFUSED
    assert found.rows(FRONT, "website", "state") == ["challenge"]


async def test_a_refresh_in_the_header_is_followed_as_browsers_do(tmp_path: Path, pool: ParsePool) -> None:
    paths = {"/": {"headers": {"Refresh": "0; url=/real"}}}
    found = await scanned(tmp_path, pool, paths, index_html="<p>Loading", real_html=html())
    assert found.rows(FRONT, "website", "final") == [f"https://{FRONT}/real"]
    assert found.rows(FRONT, "website", "state") == ["content"]


# ---------------------------------------------------------------------------------- what a site may cost


@pytest_asyncio.fixture(loop_scope="session")
async def web() -> AsyncIterator[TinyWeb]:
    server = TinyWeb()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def engine(web: TinyWeb, pool: ParsePool) -> AsyncIterator[Engine]:
    dns = TinyDns()
    await dns.start()
    dns.zone[FRONT, "A"] = [PUBLIC]
    config = NetworkConfig(
        now=NOW,
        resolver=(("127.0.0.1", dns.port),),
        routes={("", 80): ("127.0.0.1", web.port), ("", 443): "refuse"},
        pace=False,
    )
    async with Network(config) as network, Engine(network, pool) as running:
        yield running
    await dns.stop()


async def walked(engine: Engine) -> tuple[Crawled, list[Evidence]]:
    kept: list[Evidence] = []
    site = Site(FRONT, (f"http://{FRONT}/",), role="employer", as_of=NOW)
    crawled = await engine.crawl(site, lambda evidence, observed: kept.append(evidence))
    return crawled, kept


MENU = "".join(f'<a href="/p{n}">Page {n}</a>' for n in range(30))


async def test_a_site_whose_pages_wear_workers_out_is_left_alone(
    engine: Engine, web: TinyWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a site every page of which costs a worker all its time
    web.pages = {f"/p{n}": ok(b"<p>x", "Content-Type: text/html") for n in range(30)}
    web.pages["/"] = ok(html(f"<nav>{MENU}</nav>").encode(), "Content-Type: text/html")
    lost: list[str] = []

    async def observe(pool: ParsePool, source: str, evidence: Evidence, about: About) -> Observed:
        if evidence.uri.endswith("/"):
            return await observe_in(pool, source, evidence, about)
        lost.append(evidence.uri)
        return Observed(status=Status.UNPARSED, reason="timeout of CPU time")

    monkeypatch.setattr("spiders.engine.observe_in", observe)
    # When it is walked
    crawled, _ = await walked(engine)
    # Then after a few of them no more is asked, and what was read stands
    assert len(lost) <= 5
    assert crawled.status is Status.OK
    assert "unreadable pages" in crawled.reason


async def test_heads_count_like_bodies(engine: Engine, web: TinyWeb) -> None:
    # Given pages of two bytes under heads of three megabytes
    filler = [f"X-{n}: {'y' * 30_000}" for n in range(100)]
    web.pages = {f"/p{n}": ok(b"hi", "Content-Type: text/html", *filler) for n in range(30)}
    web.pages["/"] = ok(html(f"<nav>{MENU}</nav>").encode(), "Content-Type: text/html")
    crawled, kept = await walked(engine)
    assert "byte-budget" in crawled.reason
    assert sum(len(evidence.block) for evidence in kept) < BYTES + (8 << 20)


@pytest.mark.parametrize("location", ["http://[::1", "http://[x]/", "http://a:99999/", "//", "", "data:,x"])
async def test_rules_that_lead_nowhere_are_no_end_of_the_walk(
    engine: Engine, web: TinyWeb, location: str
) -> None:
    # Given a robots.txt that redirects to something that is no address
    web.pages = {
        "/": ok(html().encode(), "Content-Type: text/html"),
        "/robots.txt": ok(b"", f"Location: {location}", status="302 Found"),
    }
    crawled, kept = await walked(engine)
    assert crawled.status is Status.OK
    assert f"http://{FRONT}/" in [evidence.uri for evidence in kept]
