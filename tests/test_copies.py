"""Copies in whole scans: what is written down, what the archive is asked, and that judging again needs neither."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scanner.copies import Shelf, likenesses, opened, worth_a_look
from scanner.dating import captures_of
from scanner.egress import NetworkConfig
from scanner.intake import case_from_urls
from scanner.library import Text
from scanner.model import Date, Level, Observation, Why
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.report import document
from scanner.rescore import rescore_case
from scanner.session import Session, library_of
from scanner.store import ScanRecord, Store
from scanner.world import serve

WORLD = Path(__file__).parent / "worlds" / "copies"
ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncIterator[tuple[NetworkConfig, ParsePool]]:
    async with serve(WORLD) as world, ParsePool(2, preload=PRELOAD) as pool:
        yield NetworkConfig.parse(world.network_toml, WORLD), pool


async def scanned(
    served: tuple[NetworkConfig, ParsePool],
    database: Path,
    *urls: str,
    known: tuple[str, ...] = (),
    choice: Choice | None = None,
) -> ScanRecord:
    """One scan of these addresses, the named sites in the library before."""
    config, pool = served
    async with Session(config, database, again=True, parse=pool, choice=choice) as session:
        await session.fill_library(known)
        return await session.scan(case_from_urls(urls).cases[0])


def copies(database: Path, record: ScanRecord, domain: str) -> list[Observation]:
    with Store(database, readonly=True) as store:
        return [row for row in store.observations(record, domain) if row.kind == "copy"]


@ONE_LOOP
async def test_a_scan_writes_down_pair_passages_and_dates_and_judges_again_from_them(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://quillvex.example/", known=("brackenholt.example",))
    rows = copies(database, record, "quillvex.example")
    (match,) = [json.loads(row.value) for row in rows if row.name == "match"]
    assert (match["domain"], match["kind"]) == ("brackenholt.example", "strong")
    dated = {(row.value.split()[0], row.source): str(row.starts)[:10] for row in rows if row.name == "seen"}
    assert dated == {
        ("ours", "library"): "2024-06-01",
        ("theirs", "library"): "2024-06-01",
        ("ours", "captures"): "2022-08-01",
        ("theirs", "captures"): "2011-05-01",
    }
    with Store(database) as store:
        found = document.of_scan(store, record)
        assert found["level"] == Level.CONTRADICTED.value
        # the site with the same text was looked at as a lead and has no verdict
        assert {t.domain: t.why for t in store.targets(record)}["brackenholt.example"] is Why.LEAD
        assert [row["domain"] for row in store.verdicts_of(record) if row["domain"]] == ["quillvex.example"]
        # given the library is gone, judging again gives the same, from observations and from evidence
        library_of(database).unlink()
        for pool in (None, served[1]):
            change = await rescore_case(store, found["case"], pool)
            assert change is not None
            assert not change.moved, change.differences
    assert copies(database, record, "quillvex.example") == rows


@ONE_LOOP
async def test_the_same_scan_twice_compares_no_site_with_itself(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    for _ in range(2):
        record = await scanned(served, tmp_path / "f.db", "https://brackenholt.example/")
    found = copies(tmp_path / "f.db", record, "brackenholt.example")
    assert {row.name for row in found} == {"phrase"}  # what a person may look for; nobody has the same text


@ONE_LOOP
async def test_without_the_archive_a_likeness_is_found_and_undated(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    database, choice = tmp_path / "f.db", Choice(without=frozenset({"archive"}))
    urls = ("https://quillvex.example/", "https://brackenholt.example/")
    record = await scanned(served, database, *urls, choice=choice)
    with Store(database, readonly=True) as store:
        found = document.of_scan(store, record)
    assert found["level"] == Level.NOTHING_FOUND.value
    for target in found["targets"]:
        ids = {row["check_id"] for row in target["findings"]}
        assert "copy.undated-likeness" in ids
        assert not ids & {"copy.later-copy", "copy.earlier-original"}


@ONE_LOOP
async def test_a_page_that_leads_elsewhere_lends_its_goal_no_text(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given a name that redirects to a firm: what stands there is the firm's text, not the name's
    record = await scanned(served, tmp_path / "f.db", "https://pellmere.example/")
    assert copies(tmp_path / "f.db", record, "pellmere.example") == []
    with opened(library_of(tmp_path / "f.db")) as library:
        assert not library.texts_of("pellmere.example")
        assert library.texts_of("norrvane.example")


# -------------------------------------------------------------------------------------------- without a scan

CHANCE = random.Random(7)
WORDS = [
    a + b + c
    for a in "bdfglmnprst"
    for b in ("a", "e", "i", "o", "un")
    for c in ("ck", "ld", "m", "rn", "ss")
]
ROWS = [" ".join(CHANCE.choices(WORDS, k=25)) for _ in range(10)]


def text(domain: str, seen: str, rows: list[str], path: str = "") -> Text:
    tokens = tuple(tuple(row.lower().split()) for row in rows)
    return Text(f"https://{domain}/{path}", domain, tuple(rows), tokens, Date(seen), "crawl")


async def test_copies_of_one_text_do_not_push_its_original_out_of_sight(tmp_path: Path) -> None:
    # given five fronts with the whole text, and the original with a little less of it, known long before
    with opened(tmp_path / "l.db") as library:
        library.add([text("elder.example", "2009-01-01", ROWS[:8])])
        library.add([text(f"front{n}.example", "2023-01-01", ROWS) for n in range(2)])
        library.add([text("front7.example", "2023-01-01", ROWS), text("ours.example", "2024-01-01", ROWS)])
        names = [found.match.domain for found in likenesses(library, "ours.example")]
        found = likenesses(library, "ours.example")
    assert names[:3] == ["front0.example", "front1.example", "front7.example"]
    assert names[3:] == ["elder.example"]
    # and few sites are looked at: it comes first of them
    assert [one.match.domain for one in worth_a_look(found)] == ["elder.example", *names[:3]]


async def test_of_sites_crawled_at_once_the_one_with_most_text_is_looked_at_first(tmp_path: Path) -> None:
    # given twelve fronts and their original, all read in one crawl, the original with pages of its own besides
    with opened(tmp_path / "l.db") as library:
        library.add([text(f"front{n}.example", "2023-01-01", ROWS) for n in range(12)])
        library.add([text("the-original.example", "2023-01-04", ROWS)])
        library.add(
            [text("the-original.example", "2023-01-04", [f"{ROWS[n]} history"], f"{n}") for n in range(4)]
        )
        library.add([text("ours.example", "2024-01-01", ROWS)])
        found = likenesses(library, "ours.example")
    assert worth_a_look(found)[0].match.domain == "the-original.example"


async def test_the_first_sight_of_a_text_survives_its_pages_edits(tmp_path: Path) -> None:
    # given a site that had the text in 2012, and has since put twice as much of its own around it
    more = [" ".join(CHANCE.choices(WORDS, k=25)) for _ in range(20)]
    with opened(tmp_path / "l.db") as library:
        library.add([text("ours.example", "2012-01-01", ROWS), text("other.example", "2023-01-01", ROWS)])
        library.add([text("ours.example", "2024-01-01", more + ROWS, "new")])
        shelf = Shelf(library)
        (found,) = await shelf.likenesses("ours.example")
        shared = await shelf.shared(found)
    assert (str(shared.ours[1]), str(shared.theirs[1])) == ("2012-01-01", "2023-01-01")
    # and what stands around it plays no part in whether a capture holds it
    assert shared.held_by([row.lower().split() for row in ROWS])
    assert not shared.held_by([row.lower().split() for row in more])


def test_captures_of_an_address_are_of_that_address() -> None:
    def row(url: str, year: int, status: str = "200 text/html") -> Observation:
        return Observation("archive", "capture", f"{status} DIGEST {url}", "archive", Date(f"{year}-01-01"))

    rows = [
        row("http://www.a.example:80/page/", 2015),
        row("https://a.example/page.html", 2011),
        row("http://a.example/page", 2012, "301 text/html"),
        row("http://a.example/page", 2012, "200 image/png"),
        row("http://a.example/page?id=7", 2010),
        row("http://a.example/", 2009),
        row("http://[a.example/page", 2008),
    ]
    assert [str(found.starts) for found in captures_of("https://a.example/page", rows)] == [
        "2011-01-01",
        "2015-01-01",
    ]
