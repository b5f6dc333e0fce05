"""The walk through sites of a served world, through the real door, handler, middlewares and parsers."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.model import Evidence, Observed, Status
from scanner.observe.http_message import split
from spiders.visit import Site
from spiders.walk import AT_ONCE
from tests.spiders.site_lab import Seen, firm, html, serving


def one(path: str, seen: Seen) -> bytes:
    """The stored answer of the address that ends so."""
    return next(evidence.block for evidence, _ in seen.kept if evidence.uri.endswith(path))


async def test_a_firm_is_read_and_everything_that_came_is_kept(tmp_path: Path) -> None:
    """Given an ordinary site whose rules close its blog, when it is walked from its bare name, then https is
    taken, the telling pages are read once each, the blog isn't asked for, and evidence is what was sent."""
    site = firm(robots_txt="User-agent: *\nDisallow: /blog\n")
    async with serving(tmp_path, {"acme-soft.com": {"site": "sites/acme"}}, {"acme": site}) as lab:
        seen = await lab.walk("acme-soft.com")
        asked = lab.requests()
    assert seen.crawled.status is Status.OK
    assert seen.crawled.reason == "robots-disallow 1 pages; pages 8"
    paths = [uri.removeprefix("https://acme-soft.com") for uri in seen.uris]
    assert set(paths) >= {
        "/",
        "/robots.txt",
        "/about",
        "/team",
        "/contact",
        "/privacy",
        "/services",
        "/favicon.ico",
    }
    assert len(paths) == len(set(paths)) == len(asked)
    assert not any("blog" in line for line in asked)
    assert seen.facts("entry") == ["acme-soft.com"]
    assert seen.facts("final") == ["https://acme-soft.com/"]
    assert seen.facts("state") == ["content"]
    assert seen.facts("robots") == ["open"]
    for evidence, observed in seen.kept:
        assert observed is not None
        assert evidence.media_type == "application/http;msgtype=response"
        assert evidence.request.startswith(b"GET ")
        assert b"\r\nHost: acme-soft.com\r\n" in evidence.request
        assert evidence.address
        assert not evidence.truncated
    assert split(one("/about", seen))[2].decode() == site["about.html"]
    icons = [
        row.value
        for _, observed in seen.kept
        if observed
        for row in observed.observations
        if row.name == "favicon"
    ]
    assert len(icons) == 1


async def test_redirects_are_rows_and_another_domain_is_where_the_walk_ends(tmp_path: Path) -> None:
    """Given an old name that leads through www to a new firm's site, when walked, then each hop is a row, the
    landing page is kept without its words, and no further page of the new site is asked for."""
    domains: dict[str, object] = {
        "old-name.com": {
            "site": {"redirect": "https://www.old-name.com/"},
            "hosts": {"www": {"redirect": "https://new-name.com/"}},
        },
        "new-name.com": {"site": "sites/acme"},
    }
    async with serving(tmp_path, domains, {"acme": firm()}) as lab:
        seen = await lab.walk("old-name.com", "http://old-name.com/")
        asked = lab.requests()
    assert seen.crawled.status is Status.OK
    assert "redirected-away to new-name.com" in seen.crawled.reason
    assert seen.facts("redirect") == [
        "http://old-name.com/ -> https://www.old-name.com/",
        "https://www.old-name.com/ -> https://new-name.com/",
    ]
    assert seen.facts("final") == ["https://new-name.com/"]
    landing = next(observed for evidence, observed in seen.kept if observed and observed.page)
    assert {row.kind for row in landing.observations} == {"website"}
    assert not any("about" in line or "team" in line for line in asked)


async def test_how_each_kind_of_failure_ends(tmp_path: Path) -> None:
    """Given one site for each way to fail, when walked side by side, then each ends in its own status."""
    domains: dict[str, object] = {
        "down.com": {"site": {"status": 503}},
        "gone.com": {"site": {"status": 404}},
        "forbidden.com": {"site": {"status": 403}},
        "law.com": {"site": {"status": 451}},
        "busy.com": {"site": {"status": 429}},
        "loop.com": {"site": {"behaviour": "loop"}},
        "check.com": {"site": {"behaviour": "challenge"}},
        "refuse.com": {"site": {"behaviour": "refuse"}},
        "hole.com": {"site": {"behaviour": "blackhole"}},
        "drip.com": {"site": {"behaviour": "slow"}},
        "inside.com": {"site": {"redirect": "http://10.0.0.1/admin"}},
        "rebound.com": {"dns": {"A": ["127.0.0.1"]}},
        "servfail.com": {"dns": {"fault": "servfail"}},
    }
    expected = {
        "down.com": (Status.UNREACHABLE, "status 503"),
        "gone.com": (Status.ABSENT, "status 404"),
        "forbidden.com": (Status.REFUSED, "status 403"),
        "law.com": (Status.REFUSED, "status 451"),
        "busy.com": (Status.THROTTLED, "status 429"),
        "loop.com": (Status.UNREACHABLE, "redirect-loop"),
        "check.com": (Status.REFUSED, "challenge cloudflare"),
        "refuse.com": (Status.UNREACHABLE, "connection-refused"),
        "hole.com": (Status.TIMEOUT, "timeout"),
        "drip.com": (Status.TIMEOUT, "slow-body"),
        "inside.com": (Status.BLOCKED, "private-address 10.0.0.1"),
        "rebound.com": (Status.BLOCKED, "private-address 127.0.0.1"),
        "servfail.com": (Status.UNREACHABLE, "servfail"),
        "no-such-name.com": (Status.ABSENT, "nxdomain"),
    }
    async with serving(tmp_path, domains, {}, deadline_scale=0.2) as lab:
        walks = await asyncio.gather(*(lab.walk(name) for name in expected))
    for (name, (status, slug)), seen in zip(expected.items(), walks, strict=True):
        assert seen.crawled.status is status, (name, seen.crawled)
        assert seen.crawled.reason.startswith(slug), (name, seen.crawled)
    by_name = dict(zip(expected, walks, strict=True))
    # What arrived is kept in each case: the redirect that led inside, the drops of the slow body.
    assert by_name["inside.com"].facts("redirect") == ["https://inside.com/ -> http://10.0.0.1/admin"]
    assert {evidence.truncated for evidence, _ in by_name["drip.com"].kept} == {"time"}
    assert by_name["check.com"].facts("state") == ["challenge"]


async def test_a_body_without_end_and_a_bomb_cost_little(tmp_path: Path) -> None:
    """Given a body that never ends and one that inflates to 1 GB, then both are cut and marked, in time."""
    domains: dict[str, object] = {
        "endless.com": {"site": {"behaviour": "endless"}},
        "bomb.com": {"site": {"behaviour": "bomb"}},
    }
    async with serving(tmp_path, domains, {}) as lab:
        endless, bomb = await asyncio.gather(lab.walk("endless.com"), lab.walk("bomb.com"))
    sizes = {evidence.uri: len(evidence.block) for evidence, _ in endless.kept}
    assert sizes["https://endless.com/"] < (4 << 20) + 2000
    assert sizes["https://endless.com/robots.txt"] < 520_000
    assert sum(sizes.values()) < 11 << 20
    assert {evidence.truncated for evidence, _ in endless.kept} <= {"length", "time"}
    assert bomb.crawled.status is Status.OK
    assert (
        max(len(evidence.block) for evidence, _ in bomb.kept) < 2 << 20
    )  # as sent: nothing was inflated here


async def test_closed_rules_leave_the_entry_alone(tmp_path: Path) -> None:
    """Given rules that answer 5xx, that disallow everything, and that are out of reach behind the policy,
    then the address a person gave is read, and nothing beyond it but the rules file."""
    domains: dict[str, object] = {
        "five.com": {"site": {"dir": "sites/acme", "paths": {"/robots.txt": {"status": 500}}}},
        "no.com": {"site": "sites/no"},
        "trick.com": {
            "site": {"dir": "sites/acme", "paths": {"/robots.txt": {"redirect": "http://127.0.0.1/"}}}
        },
    }
    sites = {"acme": firm(), "no": firm(robots_txt="User-agent: *\nDisallow: /\n")}
    async with serving(tmp_path, domains, sites) as lab:
        five, no, trick = await asyncio.gather(*(lab.walk(name) for name in domains))
        asked = lab.requests()
    for seen in (five, no, trick):
        assert seen.crawled.status is Status.OK
        assert seen.facts("state") == ["content"]
    assert "robots-unreachable status 500" in five.crawled.reason
    assert five.facts("robots") == ["closed"]
    assert no.facts("robots") == ["entry-only"]
    assert "robots-disallow" in no.crawled.reason
    assert "robots-unreachable private-address" in trick.crawled.reason
    assert len(asked) == 6, asked


async def test_without_tls_plain_http_is_read_and_said(tmp_path: Path) -> None:
    """Given a site without TLS and one with a certificate nobody vouches for, then both are read, and it
    stands in the reason."""
    domains: dict[str, object] = {
        "plain.com": {"site": "sites/acme", "tls": {"none": True}},
        "self.com": {"site": {"dir": "sites/acme", "http": "redirect"}, "tls": {"untrusted": True}},
    }
    async with serving(tmp_path, domains, {"acme": firm()}) as lab:
        plain = await lab.walk("plain.com", "https://plain.com/")
        untrusted = await lab.walk("self.com")
    assert plain.crawled.status is untrusted.crawled.status is Status.OK
    assert plain.crawled.reason.startswith("plain-http after ")
    assert plain.facts("final") == ["http://plain.com/"]
    assert "certificate not trusted" in untrusted.crawled.reason
    assert "pages 9" in untrusted.crawled.reason


@pytest.mark.parametrize(
    ("path", "status"), [("/", Status.OK), ("/gone/page", Status.ABSENT)], ids=["home", "a page that is gone"]
)
async def test_a_gone_entry_page_is_absent_but_the_site_is_read(
    tmp_path: Path, path: str, status: Status
) -> None:
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": firm()}) as lab:
        seen = await lab.walk("acme.com", f"https://acme.com{path}")
    assert seen.crawled.status is status
    assert {"https://acme.com/", "https://acme.com/about"} <= set(seen.uris)


async def test_a_meta_refresh_is_a_redirect(tmp_path: Path) -> None:
    site = firm()
    site["home.html"] = site.pop("index.html")
    site["index.html"] = (
        '<html><head><meta http-equiv="refresh" content="0; url=/home"></head><body></body></html>'
    )
    async with serving(tmp_path, {"acme.com": {"site": "sites/acme"}}, {"acme": site}) as lab:
        seen = await lab.walk("acme.com")
    assert seen.facts("redirect") == ["https://acme.com/ -> https://acme.com/home"]
    assert seen.facts("final") == ["https://acme.com/home"]
    assert "https://acme.com/about" in seen.uris


async def test_the_budget_of_pages_holds_and_the_telling_ones_are_in_it(tmp_path: Path) -> None:
    """Given a site with 200 pages, when walked, then 25 are asked for, contact among them."""
    names = [f"/thing-{number}" for number in range(200)]
    site = {f"{name[1:]}.html": html(name, "/") for name in names} | {"contact.html": html("Contact")}
    site["index.html"] = html("Things", *names, "/contact")
    async with serving(tmp_path, {"many.com": {"site": "sites/many"}}, {"many": site}) as lab:
        seen = await lab.walk("many.com")
        asked = lab.requests()
    pages = [line for line in asked if "robots" not in line and "favicon" not in line]
    assert len(pages) == 25
    assert "https://many.com/contact" in seen.uris
    assert seen.crawled.status is Status.OK


async def test_the_time_budget_ends_a_walk_with_what_it_has(tmp_path: Path) -> None:
    """Given a site whose pages hang after the first, when its seconds are over, then it ends ok with a note."""
    paths = {
        f"/{name}": {"behaviour": "slow"} for name in ("about", "team", "contact", "services", "projects")
    }
    site = {"slow.com": {"site": {"dir": "sites/acme", "paths": paths}}}
    async with serving(tmp_path, dict(site), {"acme": firm()}, deadline_scale=0.1) as lab:
        seen = await lab.walk("slow.com")
    assert seen.crawled.status is Status.OK
    assert "lost" in seen.crawled.reason or "time-budget" in seen.crawled.reason
    assert "https://slow.com/" in seen.uris


async def test_parked_and_waiting_sites_are_looked_at_once(tmp_path: Path) -> None:
    """Given a page that only says the domain is for sale, then nothing further is asked for."""
    page = html(
        "acme.com is for sale", "/a", "/b", body="This domain is for sale. Buy this domain. Make an offer."
    )
    async with serving(tmp_path, {"acme.com": {"site": "sites/p"}}, {"p": {"index.html": page}}) as lab:
        seen = await lab.walk("acme.com")
    assert seen.facts("state")[0] in ("parked", "for-sale")
    assert [uri for uri in seen.uris if not uri.endswith("robots.txt")] == ["https://acme.com/"]
    assert "content unavailable" in seen.crawled.reason


async def test_other_hosts_of_the_site_keep_their_own_rules(tmp_path: Path) -> None:
    """Given a blog on a host of its own that closes itself, then it is asked for its rules and nothing else."""
    closed = {"index.html": html("Blog"), "robots.txt": "User-agent: *\nDisallow: /\n"}
    main = firm() | {"index.html": html("Acme", "/about", "https://blog.acme.com/")}
    domains: dict[str, object] = {"acme.com": {"site": "sites/main", "hosts": {"blog": "sites/blog"}}}
    async with serving(tmp_path, domains, {"main": main, "blog": closed}) as lab:
        seen = await lab.walk("acme.com")
    assert [uri for uri in seen.uris if "blog." in uri] == ["https://blog.acme.com/robots.txt"]
    assert "robots-disallow 1 pages" in seen.crawled.reason


async def test_a_cancelled_walk_hands_on_what_it_has(tmp_path: Path) -> None:
    """Given a redirect to a body that drips for minutes, when the walk is cancelled after the redirect came,
    then that is kept, the transfer ends, and the engine goes on with other sites."""
    domains: dict[str, object] = {
        "drip.com": {"site": {"redirect": "https://www.drip.com/"}, "hosts": {"www": {"behaviour": "slow"}}},
        "acme.com": {"site": "sites/acme"},
    }
    async with serving(tmp_path, domains, {"acme": firm()}, deadline_scale=10) as lab:
        kept: list[str] = []
        redirected = asyncio.Event()

        def sink(evidence: Evidence, observed: Observed | None) -> None:
            kept.append(evidence.uri)
            redirected.set()

        walk = asyncio.ensure_future(lab.engine.crawl(Site("drip.com", ("https://drip.com/",)), sink))
        await redirected.wait()
        walk.cancel()
        await asyncio.wait([walk])
        assert walk.cancelled()
        seen = await lab.walk("acme.com")
    assert kept[0] == "https://drip.com/"
    assert seen.crawled.status is Status.OK


async def test_a_name_that_only_has_www_is_found_there(tmp_path: Path) -> None:
    """Given a domain with mail records only and a site under www, then that is read, and it is said."""
    domains: dict[str, object] = {
        "acme.com": {"dns": {"MX": ["10 mail.acme.com"]}, "hosts": {"www": {"dir": "sites/acme"}}}
    }
    async with serving(tmp_path, domains, {"acme": firm()}) as lab:
        seen = await lab.walk("acme.com")
    assert seen.crawled.status is Status.OK
    assert "www-only no-address" in seen.crawled.reason
    assert seen.facts("final") == ["https://www.acme.com/"]


async def test_requests_to_a_paced_site_keep_their_distance(tmp_path: Path) -> None:
    """Given a network with its manners on, then pages are asked for half a second apart."""
    site = {
        "index.html": html("Acme", "/about", "/contact"),
        "about.html": html("About"),
        "contact.html": html("C"),
    }
    async with serving(tmp_path, {"acme.com": {"site": "sites/a"}}, {"a": site}, pace=True) as lab:
        seen = await lab.walk("acme.com", "http://acme.com/")
        starts = sorted(event.start for event in lab.events("http") if "robots" not in event.what)
    assert seen.crawled.status is Status.OK
    assert len(starts) >= 4
    assert all(later - earlier > 0.45 for earlier, later in pairwise(starts))


async def test_a_bot_check_on_the_way_ends_the_walk(tmp_path: Path) -> None:
    """Given a bot check that answers for every page but the first, then it is met once, not at each page."""
    pages = ("about", "team", "contact", "services", "projects", "privacy", "blog", "clients")
    site = {"dir": "sites/acme", "paths": {f"/{page}": {"behaviour": "challenge"} for page in pages}}
    async with serving(tmp_path, {"acme.com": {"site": site}}, {"acme": firm()}) as lab:
        seen = await lab.walk("acme.com")
        asked = [what for what in lab.requests() if "robots" not in what and "favicon" not in what]
    assert "challenge cloudflare" in seen.crawled.reason
    assert len(asked) <= 1 + AT_ONCE
