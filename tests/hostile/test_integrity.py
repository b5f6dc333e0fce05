"""What a site says about others: one target's evidence must never count for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.parse import ParsePool
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
