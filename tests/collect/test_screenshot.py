"""Pictures of pages: in a real browser behind the door, and what is skipped without one."""

from __future__ import annotations

import asyncio
import io
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scanner.collect import ASKED_FOR, SOURCES, chromium, screenshot
from scanner.collect.base import Job, Outcome
from scanner.collect.devtools import BrowserError, Pipe
from scanner.egress import BrowserProxy, Network, NetworkConfig
from scanner.intake import case_from_urls
from scanner.model import About, Case, Claim, Evidence, Observed, Role, SourceInfo, Status, Target
from scanner.observe import observe
from scanner.parse import ParsePool
from scanner.plan import Choice, steps_for
from scanner.rescore import rescore_case
from scanner.session import Session
from scanner.store import Store
from scanner.world import serve
from tests.ports import tcp_and_udp

needs_browser = pytest.mark.skipif(
    not chromium.find(), reason="needs Chromium, Chrome or Edge (Debian: apt install chromium)"
)

WORLD = """
now: 2024-06-01
domains:
  app.example: {registration: {via: rdap, created: 2015-05-03}, site: app}
  pages.example: {site: pages}
  closed.example: {site: {dir: pages, paths: {"/robots.txt": {status: 503}}}}
  routes.example: {site: routes}
  plain.example: {site: plain}
  hostile.example: {site: {dir: hostile, paths: {"/inside": {redirect: "http://127.0.0.1:PORT/redirected"}}}}
  endless.example: {site: {behaviour: endless}}
  busy.example: {site: busy}
  large.example: {site: large}
  moved.example: {site: {redirect: "http://127.0.0.1:PORT/moved"}}
  refused.example: {site: {behaviour: refuse}}
  untrusted.example: {site: plain, tls: {untrusted: true}}
"""
WORDS = (
    "Ferndale plans the upkeep of small harbour cranes. Each crane has a card with its inspections, and the foreman"
    " sees at a glance which ropes are due. We began with two cranes in one harbour and look after forty today."
)
SHELL = '<!doctype html><html lang=en><title>Ferndale</title><div id="root"></div><script src="/router.js"></script>'
ROUTER = f"""const said = {{"/about": "Who we are", "/contact": "Where we are", "/secret": "Not for robots"}};
root.innerHTML = "<h1>" + (said[location.pathname] || "Crane planning") + "</h1><p>{WORDS}</p><nav>"
    + ["/about", "/contact", "/secret", "/same", "/missing", "https://plain.example/about"].map(
        to => `<a href="${{to}}">${{to}}</a>`).join(" ") + "</nav>";"""
HASHES = ROUTER.replace("location.pathname", "location.hash.slice(1)").replace(
    'href="${to}"', 'href="${to[0] == "/" ? "#" + to : to}"'
)
PAGES = {
    "plain": "<title>Plain</title><body style='background:#1f55a5'><h1>Plain words</h1>",
    "app": SHELL.replace("router", "main"),
    "pages": SHELL,
    "routes": SHELL,
    "busy": "<title>Busy</title><p>Busy</p><script>onload = () => { while (true) {} }</script>",
    "large": """<title>Large</title><canvas width=1280 height=900></canvas><script>
        const pen = document.querySelector("canvas").getContext("2d"), all = pen.createImageData(1280, 900);
        for (let i = 0; i < all.data.length; i++) all.data[i] = i % 4 == 3 ? 255 : Math.random() * 256;
        pen.putImageData(all, 0, 0);</script>""",
    "hostile": """<title>Hostile</title><h1>A page</h1><img src="http://127.0.0.1:PORT/img">
        <img src="/inside"><img src="http://localhost:PORT/name"><img src="http://[::1]:PORT/six">
        <img src="http://192.168.1.1/router"><img src="http://10.0.0.1:PORT/ten"><iframe src="http://127.0.0.1:PORT/frame">
        </iframe><link rel=preconnect href="http://127.0.0.1:PORT"><script>
        fetch("http://127.0.0.1:PORT/fetch", {mode: "no-cors"}).catch(() => {});
        navigator.sendBeacon("http://127.0.0.1:PORT/beacon", "x");
        try { new WebSocket("ws://127.0.0.1:PORT/socket"); } catch {}
        new Worker(URL.createObjectURL(new Blob(["fetch('http://127.0.0.1:PORT/worker', {mode: 'no-cors'})"])));
        const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:PORT"}]});
        peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
        open("http://127.0.0.1:PORT/popup"); alert("stay");</script>""",
}
MAIN = (
    f'document.getElementById("root").innerHTML = "<h1>Crane planning</h1><p>{WORDS}</p>'
    "<p>office@app.example</p><a href='/about'>About</a>\";"
)


class Listener:
    """Something inside the owner's network, on TCP and UDP: whatever arrives is a leak."""

    def __init__(self) -> None:
        self.tcp, self.udp = tcp_and_udp()
        self.port = int(self.tcp.getsockname()[1])

    def hit(self) -> bool:
        for take in (self.tcp.accept, lambda: self.udp.recvfrom(2048)):
            try:
                take()
            except BlockingIOError:
                continue
            return True
        return False

    def close(self) -> None:
        self.tcp.close()
        self.udp.close()


@pytest.fixture
def inside() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def folder(tmp_path: Path, inside: Listener, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The world, and a place of its own for profiles: a short one, as sockets in it need."""
    world = tmp_path / "world"
    for name, page in PAGES.items():
        (world / name).mkdir(parents=True)
        (world / name / "index.html").write_text(page.replace("PORT", str(inside.port)))
    (world / "app" / "main.js").write_text(MAIN)
    (world / "pages" / "router.js").write_text(ROUTER)
    (world / "routes" / "router.js").write_text(HASHES)
    for name in ("pages", "routes"):
        (world / name / "robots.txt").write_text("User-agent: *\nDisallow: /secret\n")
    for name in ("about", "contact", "secret", "same"):
        (world / "pages" / f"{name}.html").write_text(SHELL)
    (world / "world.yaml").write_text(WORLD.replace("PORT", str(inside.port)))
    with tempfile.TemporaryDirectory(prefix="fft-", dir="/tmp") as profiles:
        monkeypatch.setattr(tempfile, "tempdir", profiles)
        yield world


Kept = list[tuple[Evidence, Observed | None]]


@asynccontextmanager
async def visiting(folder: Path):  # type: ignore[no-untyped-def]
    """`await look(url)` takes the picture of one page: how it ended, and what was kept."""
    async with serve(folder) as served:
        config = NetworkConfig.parse(served.network_toml, folder)
        async with Network(config) as network, ParsePool(1) as pool:

            async def look(url: str, render: bool = False) -> tuple[Outcome, list[Evidence]]:
                target = Target(url.split("/")[2], (url,))
                kept: Kept = []
                about = About(target.domain, target.entries)
                job = Job(
                    "screenshot",
                    target,
                    network,
                    pool,
                    about,
                    lambda e, o: kept.append((e, o)),
                    render=render,
                )
                async with asyncio.timeout(60):
                    return await screenshot.collect(job), [evidence for evidence, _ in kept]

            look.network = network  # type: ignore[attr-defined]
            yield look


def left_over(folder: Path) -> list[str]:
    """Profiles and processes that a visit should have taken with it."""
    profiles = Path(tempfile.gettempdir())
    found = [path.name for path in profiles.iterdir()]
    for line in Path("/proc").glob("[0-9]*/cmdline") if sys.platform == "linux" else ():
        try:
            text = line.read_bytes()
        except OSError:
            continue
        found += [str(line)] if str(profiles).encode() in text else []
    return found


# ------------------------------------------------------------------------------------- with a browser


@needs_browser
@pytest.mark.parametrize("url", ["https://plain.example/", "http://plain.example/"])
async def test_given_a_page_then_its_picture_is_kept_and_nothing_is_left(folder: Path, url: str) -> None:
    async with visiting(folder) as look:
        outcome, kept = await look(url)
    assert outcome == Outcome(Status.OK, "")
    [picture] = kept
    assert (picture.uri, picture.media_type, picture.truncated) == (url, "image/png", "")
    with Image.open(io.BytesIO(picture.block)) as drawn:
        assert drawn.size == (chromium.WIDTH, chromium.HEIGHT)
        assert drawn.convert("RGB").getpixel((900, 800)) == (0x1F, 0x55, 0xA5)
    assert left_over(folder) == []


@needs_browser
async def test_given_a_page_that_only_scripts_fill_then_its_markup_is_kept_and_read(folder: Path) -> None:
    async with visiting(folder) as look:
        _, kept = await look("https://app.example/", render=True)
    about = About("app.example", ("https://app.example/",), texts=True)
    nothing, read, *_ = (observe("screenshot", evidence, about) for evidence in kept)
    assert nothing == Observed()
    assert read.page is not None
    assert read.page.state == "content"
    assert read.text is not None
    assert WORDS in " ".join(read.text.passages)
    assert {row.source for row in read.observations} == {"screenshot"}
    assert [row.value for row in read.observations if row.name == "mail"] == ["office@app.example"]
    assert "https://app.example/about" in [link.url for link in read.links]


def unhurried(folder: Path) -> None:
    """Deadlines as on the real network: a few pages take as long as a busy machine needs."""
    world = folder / "world.yaml"
    world.write_text(world.read_text().replace("domains:", "deadline_scale: 1\ndomains:", 1))


def rendered(kept: list[Evidence]) -> list[str]:
    return [evidence.uri for evidence in kept if evidence.media_type.startswith("text/html")]


@needs_browser
async def test_given_a_site_of_scripts_then_the_pages_it_leads_to_are_read_as_its_rules_allow(
    folder: Path,
) -> None:
    unhurried(folder)
    async with visiting(folder) as look:
        _, kept = await look("https://pages.example/", render=True)
    # not what its robots.txt closes, what shows the entry again, what is missing, or another site's page
    assert rendered(kept) == [f"https://pages.example/{name}" for name in ("", "about", "contact")]
    assert [kind.split("/")[0] for kind in (evidence.media_type for evidence in kept)].count("image") == 1
    assert b"Where we are" in kept[-1].block


@needs_browser
async def test_given_a_site_whose_scripts_keep_its_addresses_behind_a_hash_then_those_pages_are_read(
    folder: Path,
) -> None:
    unhurried(folder)
    async with visiting(folder) as look:
        _, kept = await look("https://routes.example/", render=True)
    # the same pages as of a site with addresses of its own, and chosen as those are
    assert rendered(kept) == [
        "https://routes.example/",
        "https://routes.example/#/about",
        "https://routes.example/#/contact",
    ]
    assert b"Who we are" in kept[-2].block
    about = About("routes.example", ("https://routes.example/",), texts=True)
    read = observe("screenshot", kept[-2], about)
    assert read.page is not None
    assert read.page.url == "https://routes.example/#/about"


@needs_browser
async def test_given_rules_that_can_not_be_had_then_the_entry_alone_is_read(folder: Path) -> None:
    async with visiting(folder) as look:
        outcome, kept = await look("https://closed.example/", render=True)
    assert outcome.status is Status.OK
    assert rendered(kept) == ["https://closed.example/"]


@needs_browser
async def test_given_no_time_left_then_what_came_is_kept_and_the_attempt_is_an_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshot, "_SHARE", 0.0)
    async with visiting(folder) as look:
        outcome, kept = await look("https://pages.example/", render=True)
    assert outcome == Outcome(Status.OK, "")
    assert rendered(kept) == ["https://pages.example/"]


@needs_browser
async def test_what_a_browser_read_is_marked_and_makes_nothing_look_older(folder: Path) -> None:
    # given a scan of a site whose text nobody could read before its scripts ran
    unhurried(folder)
    db = await scanned(folder, Choice(screenshots=True), "https://pages.example")
    [(now,)] = db.execute("select started_at from scans").fetchall()
    # then its pages are first seen in this scan, read from what the browser kept
    rows = db.execute(
        "select url, pages.first_seen, attempts.source from pages join evidence on evidence.id = pages.evidence_id"
        " join attempts on attempts.id = evidence.attempt_id where attempts.source = 'screenshot' order by url"
    ).fetchall()
    assert [(url, source) for url, _, source in rows] == [
        (f"https://pages.example/{name}", "screenshot") for name in ("", "about", "contact")
    ]
    assert all(seen >= now[:10] for _, seen, _ in rows)
    # and every fact read there names the browser as its source, none with a date of its own
    said = db.execute(
        "select distinct observations.source, observations.starts from observations"
        " join evidence on evidence.id = observations.evidence_id where evidence.media_type like 'text/html%'"
        " and evidence.attempt_id in (select id from attempts where source = 'screenshot')"
    ).fetchall()
    assert said == [("screenshot", None)]


@needs_browser
async def test_given_a_page_that_asks_for_what_is_inside_then_nothing_there_is_reached(
    folder: Path, inside: Listener
) -> None:
    async with visiting(folder) as look:
        network = look.network
        async with (
            BrowserProxy(network) as proxy,
            chromium.window(chromium.find(), proxy, opens=10, loads=5, any_certificate=True) as window,
        ):
            seen = await window.visit("http://hostile.example/", dom=False)
    assert seen.picture.startswith(b"\x89PNG")
    assert not inside.hit()
    assert Status.BLOCKED in {one.status for one in proxy.refused}
    assert {one.host for one in proxy.refused if one.status is not Status.BLOCKED} == set()
    # and the listener would have told
    socket.create_connection(("127.0.0.1", inside.port)).close()
    assert inside.hit()


@needs_browser
async def test_given_a_redirect_inside_then_the_attempt_says_blocked(folder: Path, inside: Listener) -> None:
    async with visiting(folder) as look:
        outcome, kept = await look("http://moved.example/")
    assert kept == []
    assert not inside.hit()
    assert outcome.status is Status.BLOCKED


@needs_browser
async def test_given_a_page_without_end_then_the_picture_is_of_what_had_come(folder: Path) -> None:
    began = time.monotonic()
    async with visiting(folder) as look:
        outcome, kept = await look("https://endless.example/")
    assert time.monotonic() - began < 30
    assert outcome.status in (Status.OK, Status.TIMEOUT)
    assert outcome.reason
    assert all(evidence.truncated == "time" for evidence in kept)
    assert left_over(folder) == []


@needs_browser
async def test_given_scripts_without_end_then_the_visit_ends_and_takes_the_browser_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "DRAWS", 2.0)
    async with visiting(folder) as look:
        outcome, _ = await look("https://busy.example/")
    assert outcome.status in (Status.OK, Status.TIMEOUT)
    assert left_over(folder) == []


@needs_browser
async def test_given_a_picture_too_large_to_print_then_it_is_a_jpeg(folder: Path) -> None:
    async with visiting(folder) as look:
        _, [picture] = await look("https://large.example/")
    assert picture.media_type == "image/jpeg"
    assert picture.block.startswith(b"\xff\xd8\xff")
    assert len(picture.block) < 2_000_000


@needs_browser
async def test_given_a_site_that_refuses_then_the_attempt_says_what_the_door_says(folder: Path) -> None:
    async with visiting(folder) as look:
        outcome, kept = await look("https://refused.example/")
        absent, _ = await look("https://nobody.example/")
    assert (outcome.status, outcome.reason, kept) == (Status.UNREACHABLE, "connection-refused", [])
    assert absent.status is Status.ABSENT


@needs_browser
async def test_on_a_network_without_its_own_authority_no_certificate_is_taken_on_trust(folder: Path) -> None:
    async with (
        visiting(folder) as look,
        BrowserProxy(look.network) as proxy,
        chromium.window(chromium.find(), proxy, opens=10, loads=3, any_certificate=False) as window,
    ):
        seen = await window.visit("https://untrusted.example/", dom=False)
    assert seen.failure.startswith("net::ERR_CERT_")
    assert seen.picture == b""


async def test_a_browser_that_does_not_start_is_our_fault_not_the_sites(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(chromium.SETTING, "/bin/false")
    if not chromium.find():
        pytest.skip("needs /bin/false")
    async with visiting(folder) as look:
        outcome, _ = await look("https://plain.example/")
    assert (outcome.status, outcome.reason) == (Status.ERROR, "browser the browser ended")
    assert left_over(folder) == []


# --------------------------------------------------------------------------------------- in a whole scan


async def scanned(folder: Path, choice: Choice, *urls: str) -> sqlite3.Connection:
    return await scanned_cases(folder, choice, case_from_urls(urls).cases)


async def scanned_cases(folder: Path, choice: Choice, cases: Sequence[Case]) -> sqlite3.Connection:
    database = folder.parent / "findings.db"
    async with serve(folder) as served:
        config = NetworkConfig.parse(served.network_toml, folder)
        async with Session(config, database, choice=choice) as session:
            await session.scan_all(cases)
    return sqlite3.connect(database)


@needs_browser
async def test_given_a_scan_with_pictures_then_a_script_only_site_has_text_and_rescoring_moves_nothing(
    folder: Path,
) -> None:
    db = await scanned(folder, Choice(screenshots=True), "https://app.example", "https://plain.example")
    assert db.execute(
        "select t.domain, a.status from attempts a join targets t on t.id = a.target_id"
        " where a.source = 'screenshot' order by 1"
    ).fetchall() == [("app.example", "ok"), ("plain.example", "ok")]
    kept = "select media_type, count(*) from evidence where media_type not like 'application/%' and uri like 'http%'"
    assert db.execute(f"{kept} group by 1").fetchall() == [("image/png", 2), ("text/html; charset=utf-8", 1)]
    rendered = (
        "select value from observations where source = 'screenshot' and kind = 'page' and name = 'state'"
    )
    assert db.execute(rendered).fetchall() == [("content https://app.example/",)]
    state = "select value from observations where kind = 'website' and name = 'state' and value = 'empty-app'"
    assert len(db.execute(state).fetchall()) == 1
    async with ParsePool(1) as pool:
        with Store(folder.parent / "findings.db") as store:
            (case,) = db.execute("select id from cases").fetchone()
            change = await rescore_case(store, case, pool)
    assert change is not None
    assert not change.moved
    assert len(db.execute(rendered).fetchall()) == 1


@needs_browser
async def test_given_two_cases_of_one_run_then_the_page_is_opened_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits: list[str] = []
    visit = chromium.Window.visit

    async def counted(self: chromium.Window, url: str, **more: Any) -> chromium.Seen:
        visits.append(url)
        return await visit(self, url, **more)

    monkeypatch.setattr(chromium.Window, "visit", counted)
    cases = [
        Case(name, "", (Claim(Role.EMPLOYER, "https://plain.example/", "Plain"),)) for name in ("one", "two")
    ]
    db = await scanned_cases(folder, Choice(screenshots=True), cases)
    assert visits == ["https://plain.example/"]
    [(kept, digests)] = db.execute(
        "select count(*), count(distinct digest) from evidence where media_type = 'image/png'"
    ).fetchall()
    assert (kept, digests) == (2, 1)


def planned(db: sqlite3.Connection) -> list[tuple[int, int]]:
    return db.execute("select answered, planned from verdicts where target_id is not null").fetchall()


async def test_without_a_browser_the_attempt_says_how_to_get_one_and_coverage_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(chromium.SETTING, "/nowhere/chromium")
    db = await scanned(folder, Choice(screenshots=True), "https://plain.example")
    [(status, reason)] = db.execute(
        "select status, reason from attempts where source = 'screenshot'"
    ).fetchall()
    assert status == "skipped"
    assert reason.startswith("no-browser install Chromium")
    [(answered, asked)] = planned(db)
    assert asked == len(SOURCES) - 2  # nor whois, once rdap has answered, nor an account
    assert answered == asked
    assert db.execute("select status from scans").fetchall() == [("complete",)]


@needs_browser
async def test_a_site_that_gave_no_page_is_not_opened_in_a_browser(folder: Path) -> None:
    db = await scanned(folder, Choice(screenshots=True), "https://refused.example")
    rows = db.execute("select status, reason from attempts where source = 'screenshot'").fetchall()
    assert rows == [("skipped", screenshot.NO_ENTRY)]


async def test_unless_asked_for_it_is_no_part_of_a_scan(folder: Path) -> None:
    db = await scanned(folder, Choice(), "https://plain.example")
    assert db.execute("select count(*) from attempts where source = 'screenshot'").fetchone() == (0,)
    assert "screenshot" not in SOURCES


# --------------------------------------------------------------------------------------------- planning


def test_passive_and_without_leave_it_out_also_where_it_was_asked_for() -> None:
    assert screenshot.INFO.touches_target
    assert set(screenshot.INFO.seen_by) == {"resolver", "owner", "platform"}
    source: list[tuple[SourceInfo, str]] = [(ASKED_FOR["screenshot"].INFO, "")]
    target = Target("acme.example", ("https://acme.example/",))
    for choice, slug in (
        (Choice(screenshots=True), ""),
        (Choice(passive=True, screenshots=True), "passive"),
        (Choice(without=frozenset({"screenshot"}), screenshots=True), "left-out"),
    ):
        [step] = steps_for(target, source, choice)
        assert step.skip.split(" ")[0] == slug


def test_windows_has_no_browser_that_can_be_driven_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert chromium.find() == ""
    assert screenshot.plan(Target("acme.example")).startswith("no-browser ")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "chrome://version", "data:text/html,x", "javascript:1"]
)
async def test_only_web_addresses_are_opened(url: str) -> None:
    async with Network() as network, BrowserProxy(network) as proxy:
        window = chromium.Window(Pipe(), proxy, opens=1, loads=1, any_certificate=False)
        with pytest.raises(BrowserError, match="not a web address"):
            await window.visit(url, dom=False)


def test_the_end_of_the_empty_page_that_a_visit_begins_with_is_not_taken_for_the_pages_own() -> None:
    # given a page that has been told to go somewhere, while it still shows its empty document
    async def heard(*events: tuple[str, str]) -> bool:
        async with Network() as network, BrowserProxy(network) as proxy:
            page = chromium._Page(Pipe(), proxy, "context", "frame", "session")
            page._blank = "empty"
            for loader, name in events:
                said = {"frameId": "frame", "loaderId": loader, "name": name}
                page._hear("Page.lifecycleEvent", said)
            return page.quiet.is_set()

    # when that document ends loading, then the page is not said to have
    empty = (("empty", "load"), ("empty", "networkIdle"))
    own = (("own", "init"), ("own", "load"), ("own", "networkIdle"))
    assert not asyncio.run(heard(*empty))
    assert not asyncio.run(heard(own[0], *empty))
    assert asyncio.run(heard(*empty, *own))
