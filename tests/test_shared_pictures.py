"""Pictures in whole scans: what is written down, from where, and that judging again asks nothing."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import ImageOps
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scanner.copies import Shelf, opened
from scanner.egress import NetworkConfig
from scanner.intake import case_from_urls
from scanner.library import Picture, PictureMatch
from scanner.model import Date, Observation, Status, Why
from scanner.observe import PRELOAD
from scanner.originals import add_warc
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.report import document
from scanner.rescore import rescore_case
from scanner.session import Session, library_of
from scanner.shared_pictures import Meeting, shared_pictures
from scanner.store import ScanRecord, Store
from scanner.world import serve
from tests.drawing import encoded, scene

WORLD = Path(__file__).parent / "worlds" / "pictures"
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
    config, pool = served
    async with Session(config, database, again=True, parse=pool, choice=choice) as session:
        if known:
            await session.fill_library(known)
        return await session.scan(case_from_urls(urls).cases[0])


def pictures(database: Path, record: ScanRecord, domain: str, name: str = "shared") -> list[Observation]:
    with Store(database, readonly=True) as store:
        rows = store.observations(record, domain)
    return [row for row in rows if (row.kind, row.name) == ("picture", name)]


@ONE_LOOP
async def test_lifted_pictures_are_found_shown_and_judged_again_without_the_library(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    """Given the older firm in the library, when the front is scanned, then each pair stands in the database with
    both addresses and dates, the older site is looked at as a lead, and judging again gives the same."""
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://varrowdale.example/", known=("fennimore.example",))
    met = {
        json.loads(row.value)["ours"]: json.loads(row.value)
        for row in pictures(database, record, "varrowdale.example")
    }
    assert {url.rpartition("/")[2]: one["theirs"].rpartition("/")[2] for url, one in met.items()} == {
        "people-01.jpg": "team.jpg",
        "campus.jpg": "office.jpg",
        "lab.jpg": "workshop.jpg",
    }
    assert all(one["mirrored"] and not one["same_bytes"] and one["kind"] == "photo" for one in met.values())
    sights = pictures(database, record, "varrowdale.example", "sight")
    assert len(sights) == 6
    assert all(str(row.starts).startswith("2024-06-01") for row in sights)
    with Store(database) as store:
        assert {t.domain: t.why for t in store.targets(record)}["fennimore.example"] is Why.LEAD
        found = document.of_scan(store, record)
        (shown,) = [
            row for row in found["targets"][0]["findings"] if row["check_id"] == "copy.shared-pictures"
        ]
        assert shown["strength"] == "medium"
        assert "https://fennimore.example/img/team.jpg (archived 2010-02-01, mirrored" in shown["observed"]
        assert "https://varrowdale.example/img/people-01.jpg" in shown["claimed"]
        library_of(database).unlink()
        before = store.observations(record, "varrowdale.example")
        for pool in (None, served[1]):
            change = await rescore_case(store, found["case"], pool)
            assert change is not None
            assert not change.moved, change.differences
        assert sorted(map(repr, store.observations(record, "varrowdale.example"))) == sorted(
            map(repr, before)
        )


@ONE_LOOP
async def test_a_picture_in_another_sites_older_capture_is_found_by_its_bytes(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given a site that shows three pictures another claimed one took down years ago
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://halstock.example/", "https://gatcombe.example/")
    # when both were scanned: the archive's index, asked for dates, lists the very bytes
    found = [json.loads(row.value) for row in pictures(database, record, "halstock.example")]
    assert {(one["domain"], one["kind"], one["same_bytes"]) for one in found} == {
        ("gatcombe.example", "photo", True)
    }
    assert {one["theirs"].rpartition("/")[2] for one in found} == {"bench.jpg", "crew.jpg", "yard.jpg"}
    dated = pictures(database, record, "halstock.example", "archived")
    theirs = {row.starts.day for row in dated if row.starts and row.value.startswith("theirs")}
    assert theirs == {"2013-02-01"}
    # and nobody is said to have seen them there
    sights = pictures(database, record, "halstock.example", "sight")
    assert {row.value.split(" ", 1)[0] for row in sights} == {"ours"}
    # the firm that had them first shows none, so nothing is said of it
    assert pictures(database, record, "gatcombe.example") == []
    # and the order is told from the stored rows alone
    with Store(database, readonly=True) as store:
        (target,) = [
            one for one in document.of_scan(store, record)["targets"] if one["domain"] == "halstock.example"
        ]
    (finding,) = [one for one in target["findings"] if one["check_id"] == "copy.shared-pictures"]
    assert "gatcombe.example had them first" in finding["statement"]
    assert finding["strength"] == "medium"
    assert "archived 2013-02-01" in finding["observed"]


@ONE_LOOP
async def test_a_picture_in_an_older_capture_is_found_when_it_was_mirrored_and_scaled(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given a site with three pictures that another claimed one took down, mirrored, scaled and encoded anew
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://marrowick.example/", "https://gatcombe.example/")
    # when both were scanned: those of the same names were fetched from the archive and compared by what they look like
    found = [json.loads(row.value) for row in pictures(database, record, "marrowick.example")]
    assert {(one["domain"], one["same_bytes"], one["mirrored"]) for one in found} == {
        ("gatcombe.example", False, True)
    }
    assert {one["theirs"].rpartition("/")[2] for one in found} == {"bench.jpg", "crew.jpg", "yard.jpg"}
    # and each is dated by its capture, whose bytes are the evidence
    dated = pictures(database, record, "marrowick.example", "archived")
    theirs = [row for row in dated if row.value.startswith("theirs")]
    assert {row.starts.day for row in theirs if row.starts} == {"2013-02-01"}
    with Store(database, readonly=True) as store:
        kept = {one.evidence.digest: one for one in store.evidence_of(record, "marrowick.example")}
    fetched = [kept[row.evidence] for row in theirs]
    assert {one.source for one in fetched} == {"captures"}
    assert all("/web/20130201" in one.evidence.uri for one in fetched)
    assert len(fetched) == 3


@ONE_LOOP
async def test_pictures_of_the_same_names_alone_are_no_likeness(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given a site whose own pictures are called as those that another took down
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://pinnock.example/", "https://gatcombe.example/")
    # then they were looked at, and nothing is said of them
    assert pictures(database, record, "pinnock.example") == []
    with Store(database, readonly=True) as store:
        sources = [one.source for one in store.evidence_of(record, "pinnock.example")]
    assert sources.count("captures") == 3


@ONE_LOOP
async def test_an_earlier_scan_of_this_database_is_remembered(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    await scanned(served, tmp_path / "f.db", "https://fennimore.example/")
    record = await scanned(served, tmp_path / "f.db", "https://varrowdale.example/")
    assert len(pictures(tmp_path / "f.db", record, "varrowdale.example")) == 3
    record = await scanned(served, tmp_path / "f.db", "https://varrowdale.example/")
    assert len(pictures(tmp_path / "f.db", record, "varrowdale.example")) == 3


@ONE_LOOP
async def test_a_site_alone_shares_nothing_with_itself(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    for _ in range(2):
        record = await scanned(served, tmp_path / "f.db", "https://fennimore.example/")
    assert pictures(tmp_path / "f.db", record, "fennimore.example") == []
    assert len(pictures(tmp_path / "f.db", record, "fennimore.example", "seen")) == 4


@ONE_LOOP
@pytest.mark.parametrize("choice", [Choice(without=frozenset({"website"})), Choice(passive=True)])
async def test_without_the_website_there_are_no_pictures(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path, choice: Choice
) -> None:
    record = await scanned(served, tmp_path / "f.db", "https://fennimore.example/", choice=choice)
    assert pictures(tmp_path / "f.db", record, "fennimore.example", "seen") == []
    with Store(tmp_path / "f.db", readonly=True) as store:
        attempts = {row.source: row.status for row in store.attempts(record)["fennimore.example"]}
    assert attempts["website"] is Status.SKIPPED


@ONE_LOOP
async def test_what_many_sites_show_is_told_as_common(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    known = tuple(f"{name}.example" for name in ("pettibone", "quenby", "ravenglass", "selwick"))
    record = await scanned(served, tmp_path / "f.db", "https://orlebar.example/", known=known)
    rows = pictures(tmp_path / "f.db", record, "orlebar.example", "common")
    found = {json.loads(row.value)["ours"].rpartition("/")[2]: json.loads(row.value)["sites"] for row in rows}
    assert found == {"hero-banner.jpg": 4, "feature.jpg": 4, "handshake.jpg": 4}
    assert pictures(tmp_path / "f.db", record, "orlebar.example") == []


@ONE_LOOP
async def test_partner_marks_and_stock_names_are_told_as_such(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    record = await scanned(
        served, tmp_path / "f.db", "https://umberleigh.example/", known=("thornbury.example",)
    )
    rows = pictures(tmp_path / "f.db", record, "umberleigh.example")
    kinds = {json.loads(row.value)["ours"].rpartition("/")[2]: json.loads(row.value)["kind"] for row in rows}
    assert kinds == {
        "partner-logo.png": "logo",
        "vendor-silver.jpg": "logo",
        "pexels-photo-2041627.jpg": "stock",
    }


def meeting(
    ours: str, theirs: str, *, alt: str = "", same_bytes: bool = False, hash: str = "0f" * 16
) -> Meeting:
    one, other = (
        Picture(url, url.split("/")[2], "00" * 32, hash, hash, 300, 200, Date("2020"), "crawl", alt=words)
        for url, words in ((ours, ""), (theirs, alt))
    )
    return Meeting(one, PictureMatch(other, 0, False, same_bytes), 1)


@pytest.mark.parametrize(
    ("met", "kind"),
    [
        (meeting("https://a.example/i/team.jpg", "https://b.example/i/us.jpg"), "photo"),
        (meeting("https://a.example/i/team.jpg", "https://b.example/i/team.jpg"), "photo"),
        (meeting("https://a.example/team.jpg", "https://b.example/team.jpg", same_bytes=True), "photo"),
        (meeting("https://a.example/i/team.jpg", "https://b.example/i/team.jpg", same_bytes=True), "theme"),
        (meeting("https://a.example/t.jpg", "https://b.example/wp-content/themes/astra/t.jpg"), "theme"),
        (meeting("https://a.example/t.jpg", "https://b.example/adobestock_2041.jpeg"), "stock"),
        (
            meeting("https://a.example/t.jpg", "https://b.example/u.jpg", alt="Photo by X on Unsplash"),
            "stock",
        ),
        (meeting("https://a.example/t.jpg", "https://b.example/u.jpg", alt="ISO 27001 certified"), "logo"),
        (meeting("https://a.example/t.jpg", "https://b.example/mybrandlogo.png"), "logo"),
        (meeting("https://a.example/livestock.jpg", "https://b.example/woodstock-office.jpg"), "photo"),
        (meeting("https://a.example/t.jpg", "https://b.example/u.jpg", hash=""), "plain"),
    ],
)
def test_what_a_shared_picture_is_taken_for(met: Meeting, kind: str) -> None:
    assert met.kind == kind


# ---------------------------------------------------------------------------------------------------- WARC


def warc(path: Path, records: list[tuple[str, str, bytes, str]]) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, kind, body, date in records:
            head = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    io.BytesIO(body),
                    http_headers=head,
                    warc_headers_dict={"WARC-Date": date},
                )
            )
    return path


PAGE = (
    b"<html><head><title>Yard</title></head><body><main><p>" + b"The oak is counted twice before noon, says he. " * 9
    + b'</p><img src="/t.jpg" alt="Us"><img src="https://static.wixstatic.com/media/w.jpg"></main></body></html>'
)  # fmt: skip


async def test_pictures_of_a_warc_are_dated_by_their_records_and_known_by_their_page(tmp_path: Path) -> None:
    """Given a WARC with a page, its own picture, one on an asset host, an archive's old copy of a picture, and one
    of an asset host that no page shows, when it is added, then four have an owner, a date and a place."""
    records = [
        ("https://yard.example/", "text/html", PAGE, "2019-05-01T00:00:00Z"),
        ("https://yard.example/t.jpg", "image/jpeg", encoded(scene(1)), "2019-05-01T00:00:00Z"),
        ("https://static.wixstatic.com/media/w.jpg", "image/jpeg", encoded(scene(2)), "2019-05-01T00:00:00Z"),
        ("https://static.wixstatic.com/media/x.jpg", "image/jpeg", encoded(scene(3)), "2019-05-01T00:00:00Z"),
        ("https://torn.example/y.jpg", "image/jpeg", encoded(scene(4))[:2000], "2019-05-01T00:00:00Z"),
    ]
    async with ParsePool(1, preload=PRELOAD) as pool:
        with opened(tmp_path / "l.db") as library:
            await add_warc(warc(tmp_path / "a.warc.gz", records), Shelf(library), pool)
            found = {one.url: one for one in library.pictures.of("yard.example")}
            assert set(found) == {"https://yard.example/t.jpg", "https://static.wixstatic.com/media/w.jpg"}
            one = found["https://yard.example/t.jpg"]
            assert (one.page, one.alt, one.seen_in) == ("https://yard.example/", "Us", "warc")
            assert str(one.first_seen) == "2019-05-01T00:00:00Z"
            assert library.pictures.of("wixstatic.com") == []
            assert library.pictures.of("torn.example") == []
            # a younger site shows it mirrored, and meets the older date
            later = [
                (
                    "https://new.example/q.png",
                    "image/png",
                    encoded(ImageOps.mirror(scene(1)), "PNG"),
                    "2024-01-01T00:00:00Z",
                )
            ]
            await add_warc(warc(tmp_path / "b.warc.gz", later), Shelf(library), pool)
            ((met,),) = shared_pictures(library, "new.example").sites
            assert (met.domain, met.match.mirrored, met.sites) == ("yard.example", True, 1)
            assert str(met.match.picture.first_seen) == "2019-05-01T00:00:00Z"
