"""The archive source against a world, and a capture on demand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import scanner.collect.archive
from scanner.collect.archive import INFO, capture, home_url, site_url
from scanner.collect.base import Outcome
from scanner.egress import EgressError, Network, NetworkConfig
from scanner.model import Claim, Date, Period, Role, Status, Target, Why
from scanner.observe.archive import as_page
from scanner.observe.http_message import split
from tests.collect.collecting import OpenWorld

HISTORY = """
    now: 2024-06-01
    domains:
      acmesoft.com:
        archive: [{at: 2019-03-01, url: /team, file: old/index.html}, {at: 2022-08-01, site: old},
                  {at: 2023-08-01, site: old}, {at: 2024-02-03, site: site}]
"""


async def test_two_questions_give_bounds_changes_and_pages(world: OpenWorld) -> None:
    async with world(HISTORY) as field:
        seen = await field.collect("archive", "acmesoft.com")
        assert len(field.questions("archive")) == 2
    assert seen.outcome.status is Status.OK
    assert seen.outcome.reason == ""
    firsts = sorted(seen.dates("archive", "first_capture"))
    assert [date[:10] for date in firsts] == ["2019-03-01", "2022-08-01"]
    assert max(seen.dates("archive", "last_capture"))[:10] == "2024-02-03"
    # the page that stayed the same is seen in both years, with the status its revisit repeats
    home = [row for row in seen.rows if row.name == "capture" and row.value.endswith("http://acmesoft.com/")]
    assert {str(row.starts)[:4] for row in home} == {"2022", "2023", "2024"}
    assert all(row.value.startswith("200 text/html ") for row in home)
    assert any(row.value.endswith("/team") for row in seen.rows)


PARKED = """
    now: 2024-06-01
    domains:
      acmesoft.com:
        archive: [{at: 2012-03-01, site: old}, {at: 2016-08-01, site: parked}, {at: 2017-08-01, site: parked},
                  {at: 2019-02-03, site: parked}, {at: 2023-02-03, site: site}]
"""


def claimed(starts: str, ends: str, role: Role = Role.EMPLOYER) -> Target:
    claim = Claim(role, "https://acmesoft.com", "Acme Soft", Period(Date(starts), Date(ends)))
    return Target("acmesoft.com", ("https://acmesoft.com/",), (claim,))


@pytest.mark.parametrize(
    ("target", "held"),
    [
        # the parked page did not change in all those years: its bytes are read once
        (
            claimed("2016", "2019"),
            [("content", "2012-03-01"), ("parked", "2016-08-01"), ("content", "2023-02-03")],
        ),
        (
            claimed("2010", "2014"),
            [("content", "2012-03-01"), ("parked", "2017-08-01"), ("content", "2023-02-03")],
        ),
        # nothing from those years: what stood before and after
        (
            claimed("2013", "2015"),
            [("content", "2012-03-01"), ("parked", "2016-08-01"), ("content", "2023-02-03")],
        ),
        (claimed("2016", "2019", Role.PORTFOLIO), []),
        (Target("acmesoft.com", ("https://acmesoft.com/",), claimed("2016", "2019").claims, Why.LEAD), []),
    ],
    ids=["parked then", "in use then", "nothing from those years", "no claim on a firm", "a lead"],
)
async def test_the_pages_of_the_claimed_years_are_read(
    world: OpenWorld, tmp_path: Path, target: Target, held: list[tuple[str, str]]
) -> None:
    (tmp_path / "parked").mkdir()
    (tmp_path / "parked" / "index.html").write_text(
        "<title>acmesoft.com</title><p>This domain is parked.</p>"
    )
    async with world(PARKED) as field:
        seen = await field.collect("archive", target)
        assert len(field.questions("archive")) == 2 + len(held)
    rows = [row for row in seen.rows if row.name == "held"]
    assert [(row.value.split()[0], str(row.starts)[:10]) for row in rows] == held
    assert seen.outcome == Outcome(Status.OK)


async def test_of_a_lead_only_where_it_went_is_read(world: OpenWorld) -> None:
    # given a name whose home page led elsewhere when it held no page any more
    history = """{now: 2024-06-01, domains: {acmesoft.com: {archive: [
        {at: 2010-05-01, site: site}, {at: 2016-01-02, redirect: "https://www.wayside.example/"}]}}}"""
    target = Target("acmesoft.com", ("https://acmesoft.com/",), (), Why.LEAD)
    async with world(history) as field:
        seen = await field.collect("archive", target)
        assert len(field.questions("archive")) == 3
    [row] = [row for row in seen.rows if row.name in ("redirected", "held")]
    assert (row.value, str(row.starts)[:10]) == (
        "http://acmesoft.com/ -> https://www.wayside.example/",
        "2016-01-02",
    )


async def test_nothing_archived_is_absent(world: OpenWorld) -> None:
    async with world("{now: 2024-06-01, domains: {acmesoft.com: {site: site}}}") as field:
        seen = await field.collect("archive", "acmesoft.com")
    assert seen.outcome.status is Status.OK
    assert [given.status for _, given in seen.kept] == [None, Status.ABSENT]


@pytest.mark.parametrize(("fault", "status"), [("throttled", Status.THROTTLED), ("refused", Status.REFUSED)])
async def test_an_archive_that_says_no_is_asked_once(world: OpenWorld, fault: str, status: Status) -> None:
    yaml = f"{{now: 2024-06-01, domains: {{acmesoft.com: {{archive: {{fault: {fault}}}}}}}}}"
    async with world(yaml) as field:
        seen = await field.collect("archive", "acmesoft.com")
        assert len(field.questions("archive")) == 1
    assert [given.status for _, given in seen.kept] == [status]
    assert seen.rows == []


async def test_a_silent_archive_is_a_timeout(world: OpenWorld) -> None:
    yaml = "{now: 2024-06-01, deadline_scale: 0.02, domains: {acmesoft.com: {archive: {fault: timeout}}}}"
    async with world(yaml) as field:
        seen = await field.collect("archive", "acmesoft.com")
    assert seen.outcome.status is Status.TIMEOUT
    assert seen.kept == []


async def test_a_capture_comes_back_as_the_sites_own_page(world: OpenWorld) -> None:
    async with world(HISTORY) as field:
        evidence = await capture(field.network, "http://acmesoft.com/", "20220801000000")
    page = as_page(evidence)
    assert page is not None
    assert (page.uri, page.fetched_at.isoformat()[:10]) == ("http://acmesoft.com/", "2022-08-01")
    assert b"Old words" in split(page.block)[2]


async def test_another_moment_leads_to_the_nearest_capture(world: OpenWorld) -> None:
    async with world(HISTORY) as field:
        evidence = await capture(field.network, "http://acmesoft.com/", "20240501000000")
    page = as_page(evidence)
    assert page is not None
    assert page.fetched_at.isoformat()[:10] == "2024-02-03"
    assert b"New words" in split(page.block)[2]


async def test_what_was_never_captured_is_unreachable(world: OpenWorld) -> None:
    async with world(HISTORY) as field:
        with pytest.raises(EgressError) as failure:
            await capture(field.network, "http://acmesoft.com/never", "20220801000000")
    assert failure.value.status is Status.UNREACHABLE
    assert failure.value.slug == "not-archived"


async def test_a_name_below_a_platform_is_asked_for_as_a_host() -> None:
    async with Network(NetworkConfig(archive="https://archive.example/")) as network:
        target = Target("jane.github.io", platform="github.io")
        assert "matchType=host" in site_url(network, target)
        assert "matchType=domain" in site_url(network, Target("acme.example"))
        assert home_url(network, target).startswith(
            "https://archive.example/cdx/search/cdx?url=jane.github.io%2F&"
        )


def test_the_archive_sees_the_question_the_owner_does_not() -> None:
    assert INFO.seen_by == ("archive",)
    assert INFO.passive
    assert INFO.dated
    assert not INFO.touches_target


async def test_a_queue_for_captures_does_not_lose_the_index(
    world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(scanner.collect.archive, "capture", wait)
    async with world(
        HISTORY.replace("now: 2024-06-01", "now: 2024-06-01\n    deadline_scale: 0.005")
    ) as field:
        seen = await field.collect("archive", claimed("2021", "2023"))
    assert seen.outcome == Outcome(Status.OK, "partial capture deadline")
    assert seen.dates("archive", "first_capture")
