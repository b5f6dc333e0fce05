"""Leads in whole scans: what a page carries of another site is looked at, compared and dated; a lead accuses nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from scanner.egress import NetworkConfig
from scanner.intake import case_from_urls
from scanner.knowledge.originals import Original, load_originals
from scanner.leads import _firms, in_order, label_of, labels, listed
from scanner.library import Library
from scanner.model import Date, Level, Observation, Target, Why
from scanner.observe import PRELOAD
from scanner.parse import ParsePool
from scanner.plan import LEADS_PER_TARGET, leads
from scanner.pointers import because
from scanner.report import document
from scanner.rescore import rescore_case
from scanner.session import Session, library_of
from scanner.store import ScanRecord, Store
from scanner.world import serve

WORLD = Path(__file__).parent / "worlds" / "leads"
ONE_LOOP = pytest.mark.asyncio(loop_scope="module")
CLAIMED = Target("acme.example")


def left(place: str, domain: str, seen: str = "") -> Observation:
    return Observation("page", "left_over", f"{place} {domain} {seen or domain}", "website")


# ------------------------------------------------------------------------------------------------ ranking


def test_the_most_telling_place_comes_first() -> None:
    rows = [
        left("comment", "a.example"),
        left("og-image", "b.example"),
        left("json-ld", "c.example"),
        left("form", "d.example"),
        left("mail", "e.example"),
        left("canonical", "f.example", "https://www.f.example/about?x=1#y"),
        Observation("lead", "same_name", "g.example logo G Works", "library"),
        Observation("page", "former_domain", "h.example", "website"),
        Observation("website", "redirect", "https://acme.example/ -> https://i.example/", "website"),
    ]
    found = in_order([CLAIMED], {"acme.example": rows}, ["acme.example"])
    assert [lead.domain[0] for lead in found] == list("hifedcbga")
    assert found[2].entries == (
        "https://www.f.example/about",
    )  # the page's original, without what follows its path
    assert {lead.why for lead in found} == {Why.LEAD, Why.REDIRECT}


def test_three_a_target_ten_a_scan_one_level() -> None:
    rows = [left("canonical", f"other{n}.example") for n in range(9)]
    assert len(leads(CLAIMED, rows, [], 10)) == LEADS_PER_TARGET
    assert len(leads(CLAIMED, rows, [], 1)) == 1
    assert leads(CLAIMED, rows, [], 0) == ()
    assert leads(Target("led-to.example", why=Why.LEAD), rows, [], 10) == ()
    assert leads(CLAIMED, rows, [f"other{n}.example" for n in range(9)], 10) == ()


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "wiki.corp",
        "127.0.0.1",
        "co.uk",
        "github.io",
        "google.com",
        "gmail.com",
        "jsdelivr.net",
        "x..y",
        "",
    ],
)
def test_a_row_that_names_no_ordinary_site_leads_nowhere(name: str) -> None:
    # even where an older version wrote it down
    assert leads(CLAIMED, [left("canonical", name), left("mail", name)], [], 10) == ()


def test_of_one_rank_what_stands_on_most_pages_comes_first() -> None:
    rows = [
        left("mail", "a.example"),
        left("mail", "b.example"),
        left("mail", "b.example"),
        left("comment", "a.example"),
    ]
    assert [lead.domain for lead in leads(CLAIMED, rows, [], 10)] == ["b.example", "a.example"]


def test_the_reason_is_the_most_telling_place() -> None:
    rows = [left("comment", "a.example"), left("canonical", "a.example", "https://a.example/")]
    assert because("a.example", rows) == "the page's canonical address names it"
    assert because("b.example", rows) == ""


def test_a_name_is_looked_for_in_the_spellings_a_domain_may_have() -> None:
    assert "bracken-holt" in labels("Bracken Holt Ltd")
    assert labels("HR") == ()
    assert label_of("www.x.co.uk") == "x"


# ------------------------------------------------------------------------------------------ in whole scans


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncIterator[tuple[NetworkConfig, ParsePool]]:
    async with serve(WORLD) as world, ParsePool(2, preload=PRELOAD) as pool:
        yield NetworkConfig.parse(world.network_toml, WORLD), pool


async def scanned(
    served: tuple[NetworkConfig, ParsePool], database: Path, *urls: str, known: tuple[str, ...] = ()
) -> ScanRecord:
    config, pool = served
    async with Session(config, database, again=True, parse=pool) as session:
        await session.fill_library(known)
        return await session.scan(case_from_urls(urls).cases[0])


@ONE_LOOP
async def test_a_copy_is_found_by_its_canonical_alone_and_the_report_says_why(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given an empty library and database
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://vantrella.example/")
    with Store(database) as store:
        found = document.of_scan(store, record)
        claimed, lead = found["targets"]
        # then the original was looked at, dated and named by the finding; it has no verdict of its own
        assert found["level"] == Level.CONTRADICTED.value
        assert (lead["domain"], lead["level"], lead["from"]) == (
            "larkfield.example",
            None,
            "vantrella.example",
        )
        assert lead["because"] == "the page's canonical address names it"
        assert claimed["because"] == ""
        ids = {finding["check_id"]: finding["strength"] for finding in claimed["findings"]}
        assert ids["copy.later-copy"] == "decisive"
        assert ids["identity.left-over-name"] == "weak"
        # and judging again, without the library, gives the same
        library_of(database).unlink()
        for pool in (None, served[1]):
            change = await rescore_case(store, found["case"], pool)
            assert change is not None
            assert not change.moved, change.differences


@ONE_LOOP
async def test_decoys_do_not_take_the_room_of_an_original(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given a copy that names four others in the most telling places, and an original that the library knows
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://threnody.example/", known=("larkfield.example",))
    with Store(database, readonly=True) as store:
        targets = [target.domain for target in store.targets(record)]
    # then the shared text comes first, and no more than three are looked at
    assert targets[1] == "larkfield.example"
    assert len(targets) == 1 + LEADS_PER_TARGET


@ONE_LOOP
async def test_a_framed_firm_and_the_site_that_frames_it_carry_nothing_of_the_lead(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    database = tmp_path / "f.db"
    record = await scanned(served, database, "https://ashgrove.example/", "https://willowmere.example/")
    with Store(database, readonly=True) as store:
        found = document.of_scan(store, record)
        by_domain = {target["domain"]: target for target in found["targets"]}
    assert {target["level"] for target in by_domain.values()} == {Level.NOTHING_FOUND.value}
    framing = {f["check_id"]: f for f in by_domain["ashgrove.example"]["findings"]}
    assert framing["identity.left-over-name"]["strength"] == "context"
    assert framing["identity.left-over-name"]["score"] == 0
    assert not any("ashgrove" in f["statement"] for f in by_domain["willowmere.example"]["findings"])


@ONE_LOOP
async def test_a_name_without_an_address_leads_to_the_site_of_that_name_scanned_before(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    # given a database in which that site was scanned, and a page that carries its name alone
    database = tmp_path / "f.db"
    await scanned(served, database, "https://larkfield.example/")
    library_of(database).unlink()
    record = await scanned(served, database, "https://named-only.example/")
    with Store(database, readonly=True) as store:
        rows = [row.value for row in store.observations(record, "named-only.example") if row.kind == "lead"]
        found = document.of_scan(store, record)
    # then it was looked at, for that reason, and nothing is said against anybody
    assert rows == ["larkfield.example image-file larkfield"]
    assert [(t["domain"], t["because"]) for t in found["targets"]][1:] == [
        ("larkfield.example", "a logo, a picture's file name or a notice carries its name")
    ]
    assert found["level"] == Level.NOTHING_FOUND.value


@ONE_LOOP
async def test_a_name_without_an_address_leads_to_the_firm_of_that_name_on_a_shipped_list(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given nothing scanned before, and a list that names a firm by the name left in the page
    firm = Original("larkfield.example", "Larkfield Ltd", "a list", "CC0-1.0", Date("2020"))
    monkeypatch.setattr("scanner.leads.load_originals", lambda name: ((firm,), None))
    _firms.cache_clear()
    try:
        record = await scanned(served, tmp_path / "f.db", "https://named-only.example/")
    finally:
        _firms.cache_clear()
    with Store(tmp_path / "f.db", readonly=True) as store:
        targets = {target.domain: target.why for target in store.targets(record)}
        found = document.of_scan(store, record)
    # then its site was looked at and compared, and nothing is said against anybody
    assert targets["larkfield.example"] is Why.LEAD
    assert found["level"] == Level.NOTHING_FOUND.value


def test_listed_firms_go_by_their_name_and_by_their_address() -> None:
    # given any firm of the shipped list whose address says something else than its name
    firms = load_originals("it-services")[0]
    firm = next(one for one in firms if labels(one.name) and label_of(one.domain) not in labels(one.name)
                and len(label_of(one.domain)) >= 5)  # fmt: skip
    today = datetime(2026, 6, 1, tzinfo=UTC)
    assert firm.domain in listed(labels(firm.name), today)
    assert firm.domain in listed([label_of(firm.domain)], today)
    # and not before the list was public
    assert firm.domain not in listed(labels(firm.name), datetime(2001, 1, 1, tzinfo=UTC))
    assert listed(["no-such-firm-anywhere"], today) == set()


@ONE_LOOP
async def test_an_identifier_leads_to_the_site_it_was_seen_on_before(
    served: tuple[NetworkConfig, ParsePool], tmp_path: Path
) -> None:
    database = tmp_path / "f.db"
    await scanned(served, database, "https://tagged-one.example/")
    record = await scanned(served, database, "https://tagged-two.example/")
    with Store(database, readonly=True) as store:
        rows = [row.value for row in store.observations(record, "tagged-two.example") if row.kind == "lead"]
        targets = {target.domain: target.why for target in store.targets(record)}
    assert rows == ["tagged-one.example analytics google-analytics UA-48213377-1"]
    assert targets["tagged-one.example"] is Why.LEAD


def test_the_library_tells_domains_by_their_label(tmp_path: Path) -> None:
    from scanner.library import Text
    from scanner.model import Date

    with Library(tmp_path / "l.db") as library:
        for domain in ("bracken.example", "bracken.co.uk", "brackenholt.example"):
            words = tuple(f"word{n}" for n in range(30))
            library.add(
                [Text(f"https://{domain}/", domain, (" ".join(words),), (words,), Date("2024"), "crawl")]
            )
        assert library.called(["bracken"]) == ["bracken.co.uk", "bracken.example"]
        assert library.called(["%", "brack", ""]) == []
