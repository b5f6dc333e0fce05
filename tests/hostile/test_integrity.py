"""What a site says about others: one target's evidence must never count for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.observe import observe
from scanner.parse import ParsePool
from tests.hostile.hostile_page import ABOUT, DOMAIN, answer
from tests.hostile.lab import employer, html, registered, scan

pytestmark = pytest.mark.asyncio(loop_scope="session")

FRONT, OLD = "acme-front.com", "acme-old.com"
YOUNG = {"registration": registered("2022-05-03"), "ct": [{"logged": "2022-05-04", "names": [FRONT]}]}
AGED = {"registration": registered("1999-01-01"), "site": "sites/old"}


@pytest.mark.parametrize(
    "location",
    [
        f"http://{FRONT}\\@{OLD}/",  # one host to a browser, another to a reader that knows no backslash
        f"https://{FRONT}\\.{OLD}/",
        f"\\\\{FRONT}\\@{OLD}/",
        f"https://{FRONT}#@{OLD}/",
        f"https://{FRONT}?@{OLD}/",
        f"https://{FRONT}/x -> https://{OLD}/",
        f"https://{OLD}:443@{FRONT}/x",
        f"https://{FRONT}%2f@{OLD}/",
        f"https://{FRONT}\t@{OLD}/",
    ],
)
async def test_an_address_of_two_minds_makes_no_older_site_lead_here(
    tmp_path: Path, pool: ParsePool, location: str
) -> None:
    # Given a young front that redirects to an address which two readers take for two hosts
    paths = {"/": {"redirect": location}, "/*@*": {"redirect": f"https://{FRONT}/home"}}
    domains = {
        FRONT: {**YOUNG, "site": {"dir": "sites/front", "paths": paths}},
        OLD: AGED,
    }
    sites = {"front": {"home.html": html()}, "old": {"index.html": html(title="Old")}}
    # When a claim from before its registration is scanned
    found = await scan(tmp_path, pool, domains, sites, employer(f"https://{FRONT}/"))
    # Then the older site, which says nothing of it, sets nothing aside
    assert "history.older-domain-redirects" not in found.findings(FRONT)
    assert found.level(FRONT) == "contradicted"
    if OLD in found.observations:
        assert not any(FRONT in row for row in found.rows(OLD, "website", "redirect"))


REDIRECTOR = {"paths": {"/out*": {"redirect": f"https://{FRONT}/home"}}}


async def test_an_open_redirect_of_an_old_site_that_a_claim_names_sets_nothing_aside(
    tmp_path: Path, pool: ParsePool
) -> None:
    # Given an old site with an open redirect, named in the case with the front as its goal
    domains = {
        FRONT: {**YOUNG, "site": "sites/front"},
        OLD: {**AGED, "site": {"dir": "sites/old", **REDIRECTOR}},
    }
    sites = {"front": {"index.html": html(), "home.html": html()}, "old": {"index.html": html(title="Old")}}
    # When both are scanned
    found = await scan(
        tmp_path, pool, domains, sites, employer(f"https://{FRONT}/"), employer(f"https://{OLD}/out?u=1", "")
    )
    # Then what the old site's home page doesn't do, the old site doesn't say
    assert found.rows(OLD, "website", "redirect")
    assert "history.older-domain-redirects" not in found.findings(FRONT)
    assert found.level(FRONT) == "contradicted"


async def test_a_front_that_sends_us_through_an_old_site_s_open_redirect_gains_nothing(
    tmp_path: Path, pool: ParsePool
) -> None:
    # Given a front one page of which leads through an old site's open redirect back to itself
    front = {"dir": "sites/front", "paths": {"/about": {"redirect": f"https://{OLD}/out?u=1"}}}
    domains = {FRONT: {**YOUNG, "site": front}, OLD: {**AGED, "site": {"dir": "sites/old", **REDIRECTOR}}}
    sites = {
        "front": {"index.html": html('<nav><a href="/about">About</a></nav>'), "home.html": html()},
        "old": {"index.html": html(title="Old")},
    }
    found = await scan(tmp_path, pool, domains, sites, employer(f"https://{FRONT}/"))
    assert any(FRONT in row for row in found.rows(OLD, "website", "redirect"))
    assert "history.older-domain-redirects" not in found.findings(FRONT)
    assert found.level(FRONT) == "contradicted"


async def test_a_firm_that_moved_and_sends_every_address_on_is_still_believed(
    tmp_path: Path, pool: ParsePool
) -> None:
    # Given an honest rebrand, whose old careers page is what the case names
    domains = {
        FRONT: {**YOUNG, "site": "sites/front"},
        OLD: {**AGED, "site": {"redirect": f"https://{FRONT}/"}},
    }
    found = await scan(
        tmp_path, pool, domains, {"front": {"index.html": html()}},
        employer(f"https://{FRONT}/"), employer(f"https://{OLD}/careers", ""),
    )  # fmt: skip
    assert "history.older-domain-redirects" in found.findings(FRONT)
    assert found.level(FRONT) == "nothing-found"


def acknowledged(path: str, body: str) -> list[str]:
    rows = observe("website", answer(html(body), uri=f"https://{DOMAIN}{path}"), ABOUT).observations
    return [row.value for row in rows if row.name == "acknowledged_domain"]


LINK = '<a href="https://acme-copy.com/">a friend</a>'


@pytest.mark.parametrize(
    ("path", "body", "stands_behind"),
    [
        ("/blog/post", f"<p>{LINK}</p>", False),  # a comment anybody can leave
        ("/", f"<p>{LINK.replace('<a ', '<a rel=ugc ')}</p>", False),
        (
            "/",
            f"<p>{LINK.replace('<a ', '<a rel=&quot;sponsored nofollow&quot; ')}</p>".replace("&quot;", '"'),
            False,
        ),
        ("/blog/post", f"<footer>{LINK}</footer>", True),
        ("/about", f"<nav>{LINK}</nav>", True),
        ("/", f"<p>{LINK}</p>", True),
    ],
)
async def test_a_link_anybody_can_leave_is_no_word_of_the_site(
    path: str, body: str, stands_behind: bool
) -> None:
    # Given a page of a firm whose text was copied, when it links to the copy, then only where the firm itself does
    assert acknowledged(path, body) == (["acme-copy.com"] if stands_behind else [])
