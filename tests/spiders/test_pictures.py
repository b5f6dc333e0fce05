"""Pictures in a walk: asked for last, few, small, as the rules allow, and never at the pages' cost."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.model import Evidence, Observed, Shown, Status
from spiders.album import Album, askable
from spiders.pictures import Gallery
from spiders.visit import PICTURE_BYTES, PICTURES, Fetched, Kind, OverBudget, Site, Visit
from tests.drawing import encoded, scene
from tests.spiders.site_lab import Lab, Seen, firm, html, serving


def with_pictures(*files: str, site: dict[str, str] | None = None) -> dict[str, str]:
    tags = "".join(f'<img src="/img/{file}" alt="{file}">' for file in files)
    words = "We have built accounting software for small firms in Austin, and look after it for years. " * 8
    return (site or firm()) | {"team.html": html("Team", "/", body=words + tags)}


@asynccontextmanager
async def gallery(
    folder: Path, site: dict[str, str], pictures: dict[str, bytes], **domain: object
) -> AsyncIterator[Lab]:
    """A served site whose `img` folder holds these files."""
    where = folder / "world" / "sites" / "acme" / "img"
    domains: dict[str, object] = {"acme-soft.com": {"site": {"dir": "sites/acme", **domain}}}
    async with serving(folder, domains, {"acme": site | {"img/.keep.txt": ""}}) as lab:
        for name, body in pictures.items():
            (where / name).write_bytes(body)
        yield lab


async def walk(lab: Lab, *, pictures: bool = True) -> Seen:
    kept: list[tuple[Evidence, Observed | None]] = []
    site = Site("acme-soft.com", ("acme-soft.com",), as_of=lab.network.now(), pictures=pictures)
    crawled = await lab.engine.crawl(site, lambda *one: kept.append(one))
    return Seen(crawled, kept)


def asked(seen: Seen) -> list[str]:
    return [uri.rpartition("/")[2] for uri in seen.uris if "/img/" in uri]


async def test_pictures_come_after_every_page_with_where_they_are_shown(tmp_path: Path) -> None:
    """Given a team page with two pictures, when the site is walked, then both come last, as evidence and as rows."""
    files = {"team.jpg": encoded(scene(1)), "office.png": encoded(scene(2), "PNG")}
    async with gallery(tmp_path, with_pictures(*files), files) as lab:
        seen = await walk(lab)
    assert seen.crawled.status is Status.OK
    assert [uri.rpartition("/")[2] for uri in seen.uris[-2:]] == list(files)
    rows = [row for _, observed in seen.kept[-2:] if observed for row in observed.observations]
    assert [(row.kind, row.name) for row in rows] == [("picture", "seen"), ("website", "picture")] * 2
    assert json.loads(rows[1].value) == {
        "url": "https://acme-soft.com/img/team.jpg",
        "page": "https://acme-soft.com/team",
        "alt": "team.jpg",
    }
    assert seen.kept[-2][0].block.endswith(files["team.jpg"])


async def test_without_a_wish_for_pictures_none_is_asked_for(tmp_path: Path) -> None:
    async with gallery(tmp_path, with_pictures("a.jpg"), {"a.jpg": encoded(scene(1))}) as lab:
        assert asked(await walk(lab, pictures=False)) == []


async def test_thirty_are_the_most_and_the_telling_page_comes_first(tmp_path: Path) -> None:
    small = encoded(scene(1, 130, 130), quality=40)
    names = [f"p{number:02}.jpg" for number in range(40)]
    site = with_pictures(*names)
    site["blog.html"] = html("Blog", "/", body="words " * 60 + '<img src="/img/blog.jpg">')
    async with gallery(tmp_path, site, dict.fromkeys([*names, "blog.jpg"], small)) as lab:
        seen = await walk(lab)
    assert len(asked(seen)) == PICTURES
    assert asked(seen)[0] == "p00.jpg"
    assert seen.crawled.reason.endswith("pages 9")


async def test_five_megabytes_are_the_most_and_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Given eight pictures of 900 kB and one of 3 MB, when the site is walked, then no more than 5 MB of pictures
    come, the large one is left after its header, and every page has been read before."""
    dice = random.Random(1)
    heavy = {f"h{number}.jpg": encoded(scene(number)) + dice.randbytes(900_000) for number in range(8)}
    files = {"huge.jpg": encoded(scene(99)) + dice.randbytes(3_000_000), **heavy}
    async with gallery(tmp_path, with_pictures(*files), files) as lab:
        seen = await walk(lab)
    sizes = {e.uri.rpartition("/")[2]: len(e.block) for e, _ in seen.kept if "/img/" in e.uri}
    assert sizes["huge.jpg"] < 1000
    assert sum(sizes.values()) <= PICTURE_BYTES + 100_000
    assert 4 <= sum(size > 900_000 for size in sizes.values()) <= 5
    assert "pages 9" in seen.crawled.reason


async def test_rules_hold_for_pictures_too(tmp_path: Path) -> None:
    site = with_pictures("a.jpg", "b.jpg", site=firm(robots_txt="User-agent: *\nDisallow: /img/a\n"))
    async with gallery(tmp_path, site, {"a.jpg": encoded(scene(1)), "b.jpg": encoded(scene(2))}) as lab:
        seen = await walk(lab)
        log = lab.requests()
    assert asked(seen) == ["b.jpg"]
    assert not any("/img/a" in line for line in log)
    assert seen.crawled.reason == "pages 9"


@pytest.mark.parametrize("answer", [{"status": 403}, {"status": 429}, {"status": 500}, {"redirect": "/"}])
async def test_pictures_that_are_not_given_change_nothing(tmp_path: Path, answer: dict[str, object]) -> None:
    names = [f"p{number:02}.jpg" for number in range(12)]
    site = with_pictures(*names)
    async with gallery(tmp_path, site, {}, paths={"/img/*": answer}) as lab:
        seen = await walk(lab)
    assert seen.crawled.status is Status.OK
    assert seen.crawled.reason == "pages 9"
    assert not seen.facts("picture")
    if "status" in answer:
        assert len(asked(seen)) <= 5  # two lanes see the fourth refusal


async def test_files_that_are_no_pictures_say_nothing_and_are_kept(tmp_path: Path) -> None:
    """Given a page, an empty file and half a picture under names of pictures, then they are evidence without rows."""
    files = {
        "page.jpg": b"<!doctype html><p>hello</p>",
        "none.png": b"",
        "half.webp": encoded(scene(1), "WEBP")[:900],
    }
    async with gallery(tmp_path, with_pictures(*files), files) as lab:
        seen = await walk(lab)
    assert sorted(asked(seen)) == sorted(files)
    for evidence, observed in seen.kept:
        if "/img/" in evidence.uri:
            assert observed == Observed()


# ------------------------------------------------------------------------------------------------ choosing


def test_icons_drawings_tiny_and_foreign_pictures_are_not_asked_for() -> None:
    album = Album("acme.example")
    album.add(
        "https://acme.example/",
        [
            Shown("https://acme.example/img/facebook-icon.png"),
            Shown("https://acme.example/sprite.png"),
            Shown("https://acme.example/chart.svg"),
            Shown("https://acme.example/small.jpg", "", 64, 64),
            Shown("https://elsewhere.example/photo.jpg"),
            Shown("https://acme.example/photo"),
            Shown("https://static.wixstatic.com/media/ab12.jpg"),
            Shown("https://cdn.acme.example/team.jpg", "Team", 600, 0),
        ],
    )
    found = []
    while (wanted := album.next()) is not None:
        found.append(wanted.url)
    assert found == ["https://static.wixstatic.com/media/ab12.jpg", "https://cdn.acme.example/team.jpg"]


def test_telling_pages_first_logos_last_and_one_size_of_each() -> None:
    album = Album("acme.example")
    album.add("https://acme.example/blog/post", [Shown("https://acme.example/post.jpg")])
    album.add(
        "https://acme.example/",
        [Shown("https://acme.example/logo-client.png"), Shown("https://acme.example/h.jpg")],
    )
    album.add(
        "https://acme.example/team",
        [Shown("https://acme.example/t-300x200.jpg"), Shown("https://www.acme.example/t.jpg?x=1")],
    )
    found = []
    while (wanted := album.next()) is not None:
        found.append(wanted.url.rpartition("/")[2])
    assert found == ["t-300x200.jpg", "h.jpg", "post.jpg", "logo-client.png"]


def test_one_page_does_not_take_all_places() -> None:
    album = Album("acme.example")
    album.add("https://acme.example/team", [Shown(f"https://acme.example/t{n}.jpg") for n in range(20)])
    album.add("https://acme.example/about", [Shown("https://acme.example/a.jpg")])
    first = [wanted.url for _ in range(9) if (wanted := album.next())]
    assert "https://acme.example/a.jpg" in first


@pytest.mark.parametrize(
    "url", ["https://acme.example/a.pdf", "https://notacme.example/a.jpg", "ftp://acme.example/a.jpg"]
)
def test_what_is_not_askable(url: str) -> None:
    assert not askable(url, "acme.example")


def test_pictures_have_a_budget_of_their_own() -> None:
    class Clock:
        def monotonic(self) -> float:
            return 0.0

        def scale(self, seconds: float) -> float:
            return seconds

    visit = Visit(Site("acme.example"), Clock(), lambda *_: None, None, None)  # type: ignore[arg-type]
    pages, extras = visit.pages_left, visit.extras_left
    for _ in range(PICTURES):
        visit.spend(Kind.PICTURE)
    with pytest.raises(OverBudget):
        visit.spend(Kind.PICTURE)
    assert (visit.pages_left, visit.extras_left) == (pages, extras)
    visit.pictures_left = 1
    visit.came(Kind.PICTURE, PICTURE_BYTES)
    with pytest.raises(OverBudget):
        visit.spend(Kind.PICTURE)
    visit.spend(Kind.PAGE)


async def test_pictures_that_never_come_cost_their_own_time_and_no_more() -> None:
    """Given a server that takes every question and answers none, when pictures are asked for, then two are under way
    until the time for pictures is over, and nothing is raised."""
    asked: list[str] = []

    class Clock:
        def monotonic(self) -> float:
            return 0.0

        def scale(self, seconds: float) -> float:
            return seconds / 100

    async def never(url: str, kind: Kind, verify: bool) -> Fetched:
        asked.append(url)
        await asyncio.Event().wait()
        raise AssertionError

    visit = Visit(Site("acme.example"), Clock(), lambda *_: None, never, None)  # type: ignore[arg-type]
    album = Album("acme.example")
    album.add("https://acme.example/", [Shown(f"https://acme.example/{n}.jpg") for n in range(9)])
    async with asyncio.timeout(5):
        await Gallery(visit, album).run()
    assert len(asked) == 2


async def test_pictures_that_cost_a_worker_end_the_asking() -> None:
    """Given pictures on which the reader dies, when two were read, then no more than those under way follow."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"

    class Clock:
        def monotonic(self) -> float:
            return 0.0

        def scale(self, seconds: float) -> float:
            return seconds

    read: list[Evidence] = []
    kept: list[Evidence] = []

    async def fetch(url: str, kind: Kind, verify: bool) -> Fetched:
        evidence = Evidence(url, "application/http;msgtype=response", datetime(2024, 6, 1, tzinfo=UTC), head)
        visit.take(evidence, kind)
        return Fetched(url, 200, {}, evidence, kind)

    async def observe(evidence: Evidence) -> Observed:
        read.append(evidence)
        return Observed(status=Status.UNPARSED, reason="died")

    visit = Visit(Site("acme.example"), Clock(), lambda evidence, _: kept.append(evidence), fetch, observe)
    album = Album("acme.example")
    album.add("https://acme.example/", [Shown(f"https://acme.example/{n}.jpg") for n in range(9)])
    await Gallery(visit, album).run()
    assert len(read) <= 3
    assert kept == read
