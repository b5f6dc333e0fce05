"""humans.txt: read where a page links it, one request, and nothing where it is missing."""

from __future__ import annotations

from pathlib import Path

from scanner.model import Status
from tests.spiders.site_lab import firm, html, serving

LINK = '<link rel="author" href="/humans.txt">'
HUMANS = "/* TEAM */\nMail: team@bracken.example\n/* THANKS */\nhttps://jquery.com\n"


async def test_a_linked_humans_txt_is_read_for_other_sites(tmp_path: Path) -> None:
    """Given a home page that links it, then it is asked for once and says whom it names."""
    site = firm(humans_txt=HUMANS) | {"index.html": html("Acme", "/about", head=LINK)}
    async with serving(tmp_path, {"acme-soft.com": {"site": "sites/acme"}}, {"acme": site}) as lab:
        seen = await lab.walk("acme-soft.com")
        asked = [line for line in lab.requests() if "humans" in line]
    rows = [row.value for _, observed in seen.kept if observed for row in observed.observations]
    assert len(asked) == 1
    assert "humans bracken.example bracken.example" in rows


async def test_without_a_link_or_a_file_it_costs_and_says_nothing(tmp_path: Path) -> None:
    """Given a site that links none, and one whose link leads to nothing, then neither walk is worse for it."""
    sites = {
        "quiet": firm(humans_txt=HUMANS),
        "broken": firm() | {"index.html": html("B", "/about", head=LINK)},
    }
    domains: dict[str, object] = {
        "quiet.com": {"site": "sites/quiet"},
        "broken.com": {"site": "sites/broken"},
    }
    async with serving(tmp_path, domains, sites) as lab:
        quiet, broken = await lab.walk("quiet.com"), await lab.walk("broken.com")
    assert not any("humans" in uri for uri in quiet.uris)
    assert (quiet.crawled.status, broken.crawled.status) == (Status.OK, Status.OK)
    assert "lost" not in broken.crawled.reason
    rows = [row for _, observed in broken.kept if observed for row in observed.observations]
    assert not any(row.name == "left_over" for row in rows)
