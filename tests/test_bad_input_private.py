"""Nothing a stranger says leads into the owner's network: no page, redirect, rules file, registry or referral.

A server listens on 127.0.0.1, and every private address the worlds mention is routed to it: were the policy to let
one connection through, the canary would sing. The last test lets it through on purpose, to show that it can.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scanner.collect import SOURCES
from scanner.model import Target
from tests.bad_worlds.making import REGISTERED, WORDS, Canary, Result, page, scan, served, write_world

INSIDE = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0", "[::1]", "[fd00::1]",
          "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]")  # fmt: skip
SITE = "sites/firm"
FIRM = {"registration": REGISTERED, "site": SITE}


def _here(*records: str, kind: str = "A") -> dict[str, object]:
    return {"registration": REGISTERED, "dns": {kind: list(records)}}


def _to(url: str) -> dict[str, object]:
    return {"registration": REGISTERED, "site": {"redirect": url}}


RDAP_JSON = {"Content-Type": "application/rdap+json"}


def _rdap(*names: str) -> dict[str, object]:
    """A registry of our own making: the bootstrap names it, its files are the answers."""
    rules: dict[str, object] = {f"/rdap/domain/{name}": {"headers": RDAP_JSON} for name in names}
    rules["/rdap/domain/moved.test"] = {"redirect": "http://127.0.0.1:{port}/rdap/domain/moved.test"}
    rules["/rdap/domain/hidden.test"] = {"redirect": "https://inside.example/rdap/domain/hidden.test"}
    return {"site": {"dir": "sites/registry", "paths": rules}}


def _related(host: str) -> str:
    """A thin registry's answer that names the registrar's server."""
    return json.dumps(
        {
            "objectClassName": "domain",
            "ldhName": "related.test",
            "status": ["active"],
            "events": [{"eventAction": "registration", "eventDate": "2015-03-14T00:00:00Z"}],
            "links": [
                {
                    "rel": "related",
                    "type": "application/rdap+json",
                    "href": f"http://{host}/domain/related.test",
                }
            ],
        }
    )


GARBAGE = {
    "words.test": "<html>It works!</html>",
    "cut.test": '{"objectClassName": "domain", "ldhName": "cut.te',
    "deep.test": "[" * 200_000,
    "list.test": "[1, 2, 3]",
    "types.test": json.dumps(
        {"objectClassName": 7, "ldhName": ["types.test"], "events": {"a": 1}, "entities": "x", "links": [None, 3],
         "status": {"x": None}, "nameservers": [[[]]], "secureDNS": "yes"}
    ),
    "dates.test": json.dumps(
        {"objectClassName": "domain", "ldhName": "dates.test",
         "events": [{"eventAction": "registration", "eventDate": d} for d in ("0000-00-00", "yesterday", "", None, 5,
                    "99999-01-01T00:00:00Z")]}
    ),
    "other.test": json.dumps({"objectClassName": "domain", "ldhName": "someone-else.test",
                              "events": [{"eventAction": "registration", "eventDate": "1999-01-01T00:00:00Z"}]}),
    "long.test": "[" + "1," * 1_500_000 + "1]",
    "nothing.test": "",
}  # fmt: skip


def world(port: int) -> dict[str, object]:
    """Domains that lead inside, each in its own way. `port` is where the canary listens."""
    canary = f"http://127.0.0.1:{port}"
    sites = {
        "loopback.example": _here("127.0.0.1"),
        "private.example": _here("10.1.2.3", "192.168.0.1"),
        "metadata.example": _here("169.254.169.254"),
        "mapped.example": _here("::ffff:127.0.0.1", "64:ff9b::7f00:1", kind="AAAA"),
        "local6.example": _here("::1", "fd00::1", kind="AAAA"),
        "zero.example": _here("0.0.0.0"),
        "alias.example": {"registration": REGISTERED, "dns": {"CNAME": ["inside.example"]}},
        "inside.example": _here("127.0.0.1"),
        "redirect.example": _to(f"{canary}/admin"),
        "redirect-80.example": _to("http://127.0.0.1/"),
        "redirect-number.example": _to("http://2130706433/"),
        "redirect-octal.example": _to("http://0177.0.0.1/"),
        "redirect-mapped.example": _to("http://[::ffff:127.0.0.1]/"),
        "redirect-name.example": _to("http://inside.example/"),
        "redirect-localhost.example": _to("http://localhost/"),
        "redirect-port.example": _to("https://fine.example:22/"),
        "redirect-file.example": _to("file:///etc/passwd"),
        "refresh.example": {"registration": REGISTERED, "site": "sites/refresh"},
        "robots.example": {
            "registration": REGISTERED,
            "site": {"dir": SITE, "paths": {"/robots.txt": {"redirect": f"{canary}/robots.txt"}}},
        },
        "map.example": {"registration": REGISTERED, "site": "sites/map"},
        "map-moved.example": {
            "registration": REGISTERED,
            "site": {
                "dir": "sites/own-map",
                "paths": {
                    "/sitemap.xml": {"redirect": f"{canary}/sitemap.xml"},
                    "/about": {"redirect": "http://10.1.2.3/"},
                    "/favicon.ico": {"redirect": "http://169.254.169.254/latest/meta-data/"},
                },
            },
        },
        "www-inside.example": {**FIRM, "hosts": {"www": {"site": SITE, "dns": {"A": ["10.1.2.3"]}}}},
        "mixed.example": {
            "registration": REGISTERED,
            "site": SITE,
            "dns": {"A": ["10.1.2.3", "162.0.229.10"]},
        },
        "fine.example": FIRM,
        # registries
        "bootstrap.example": {"site": "sites/bootstrap"},
        "registry.example": _rdap(*GARBAGE, "related.test", "related-name.test"),
        "referral.gone": {"registration": {"via": "whois", "whois_file": "referral.txt"}},
        "chain.gone": {"registration": {"via": "whois", "whois_file": "chain.txt"}},
        "named.gone": {"registration": {"via": "whois", "whois_file": "named.txt"}},
    }
    for name in ("moved.test", "hidden.test", "related.test", "related-name.test", *GARBAGE):
        sites[name] = {"site": SITE}
    text = json.dumps(sites).replace("{port}", str(port))
    found: dict[str, object] = json.loads(text)
    return found


def files(port: int) -> dict[str, str]:
    canary = f"http://127.0.0.1:{port}"
    nest = page(
        "Nest",
        WORDS + f'<a href="{canary}/about">About</a><a href="http://10.1.2.3/team">Team</a>'
        '<a href="http://inside.example/contact">Contact</a><iframe src="http://127.0.0.1/"></iframe>',
        f'<link rel=icon href="{canary}/favicon.ico"><link rel=canonical href="http://127.0.0.1/">'
        f'<link rel=sitemap href="{canary}/map.xml">',
    )
    bootstrap = {
        "version": "1.0",
        "services": [
            [["test"], ["https://registry.example/rdap/"]],
            [["example"], ["https://rdap.example.test/"]],
            [["biz"], ["http://127.0.0.1/"]],
        ],
    }
    return {
        "sites/refresh/index.html": page(
            "Moved", "Moved.", f'<meta http-equiv=refresh content="0; url={canary}/admin">'
        ),
        "sites/map/index.html": nest,
        "sites/map/robots.txt": f"User-agent: *\nAllow: /\nSitemap: {canary}/sitemap.xml\nSitemap: http://10.1.2.3/s.xml\n",
        "sites/map/sitemap.xml": f"<urlset><url><loc>{canary}/team</loc></url><url><loc>http://127.0.0.1/</loc></url></urlset>",
        "sites/own-map/index.html": page("Own", WORDS + '<a href="/about">About</a>'),
        "sites/own-map/robots.txt": "Sitemap: https://map-moved.example/sitemap.xml\n",
        "sites/bootstrap/dns.json": json.dumps(bootstrap),
        "sites/registry/rdap/domain/related.test": _related("127.0.0.1"),
        "sites/registry/rdap/domain/related-name.test": _related("inside.example").replace(
            '"related.test"', '"related-name.test"'
        ),
        **{f"sites/registry/rdap/domain/{name}": text for name, text in GARBAGE.items()},
        "referral.txt": "refer: 127.0.0.1\n",
        "named.txt": "refer: inside.example\n",
        "chain.txt": "Domain Name: CHAIN.GONE\nRegistry Domain ID: 1\nRegistrar WHOIS Server: 127.0.0.1\n"
        "Creation Date: 2015-03-14T00:00:00Z\nRegistrar: Harbour Names Inc.\n",
    }


@dataclass
class Watched:
    result: Result
    met: list[bytes]


async def watched(folder: Path, *, allow: tuple[str, ...] = (), only: str = "") -> Watched:
    """One scan of all of it, with the canary listening on every private address."""
    async with Canary.listening() as canary:
        domains = world(canary.port)
        write_world(folder / "world", domains, files(canary.port))
        at = f"127.0.0.1:{canary.port}"

        def adapt(file: dict[str, Any]) -> None:
            file["routes"] |= {f"{address}:{port}": at for address in INSIDE for port in (80, 443, 43)} | {
                at: at
            }
            file["rdap_bootstrap"] = "https://bootstrap.example/dns.json"
            file["whois"]["gone"] = "whois.gone.test"
            file["allow"] = list(allow)

        async with served(folder / "world", adapt) as config:
            names = [only] if only else [name for name in domains if name not in ("bootstrap.example",)]
            return Watched(
                await scan(config, folder / "findings.db", [*names, "intranet.biz"][: 1 if only else None]),
                canary.met,
            )


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return asyncio.run(watched(tmp_path_factory.mktemp("inside")))


def test_nothing_ever_reaches_the_inside(inside: Watched) -> None:
    assert inside.met == []
    assert len(inside.result.targets) == len(world(0))  # without the bootstrap's host, with intranet.biz
    for domain, seen in inside.result.targets.items():
        assert "error" not in seen.statuses.values(), domain


async def test_the_canary_would_sing(tmp_path: Path) -> None:
    """Given a network file that allows the loopback network, the same redirect does arrive there."""
    free = await watched(tmp_path, allow=("127.0.0.0/8",), only="redirect-80.example")
    assert free.met


@pytest.mark.parametrize(
    "domain",
    ["loopback.example", "private.example", "metadata.example", "mapped.example", "local6.example", "zero.example",
     "alias.example"],
)  # fmt: skip
def test_a_name_that_points_inside_is_blocked(inside: Watched, domain: str) -> None:
    for source in ("tls", "website"):
        assert inside.result[domain].status(source) == "blocked"
        assert inside.result[domain].reason(source).startswith("private-address")


@pytest.mark.parametrize(
    "domain",
    ["redirect.example", "redirect-80.example", "redirect-number.example", "redirect-octal.example",
     "redirect-mapped.example", "redirect-name.example", "redirect-localhost.example", "refresh.example"],
)  # fmt: skip
def test_a_page_that_leads_inside_is_blocked_and_the_way_is_on_record(inside: Watched, domain: str) -> None:
    found = inside.result[domain]
    assert found.status("website") == "blocked"
    assert found.reason("website").startswith("private-address 127.0.0.1")
    assert found.said("website", "website", "redirect")


def test_an_address_that_was_given_is_judged_too_and_asked_about_nowhere() -> None:
    """Given bare addresses on a résumé, then those inside a network are no question for strangers."""
    for source, domain, asked in [
        ("archive", "10.0.0.1", False), ("archive", "::1", False), ("archive", "162.0.229.10", True),
        ("ct", "10.0.0.1", False), ("rdap", "10.0.0.1", False), ("whois", "10.0.0.1", False),
        ("dns", "10.0.0.1", False),
    ]:  # fmt: skip
        assert (SOURCES[source].plan(Target(domain)) == "") is asked, (source, domain)


def test_other_ports_and_schemes_are_not_opened(inside: Watched) -> None:
    assert inside.result["redirect-port.example"].status("website") == "blocked"
    assert inside.result["redirect-port.example"].reason("website").startswith("port-refused 22")
    assert inside.result["redirect-file.example"].reason("website") == "redirect-elsewhere file:///etc/passwd"


def test_rules_that_lead_inside_close_the_site_but_for_the_address_that_was_given(inside: Watched) -> None:
    found = inside.result["robots.example"]
    assert found.reason("website").startswith("robots-unreachable private-address 127.0.0.1")
    assert found.said("website", "page", "state") == ("content https://robots.example/",)


@pytest.mark.parametrize("domain", ["map.example", "map-moved.example"])
def test_site_maps_links_frames_and_icons_lead_nowhere_inside(inside: Watched, domain: str) -> None:
    found = inside.result[domain]
    assert found.status("website") == "ok"
    hosts = {row.evidence.uri.split("/")[2] for row in found.evidence if row.source == "website"}
    assert hosts == {domain}


def test_a_public_address_beside_a_private_one_is_used_alone(inside: Watched) -> None:
    found = inside.result["mixed.example"]
    assert found.status("website") == "ok"
    assert {row.evidence.address for row in found.evidence if row.source == "website"} == {"162.0.229.10"}


@pytest.mark.parametrize(
    "domain", ["moved.test", "hidden.test", "related.test", "related-name.test", "intranet.biz"]
)
def test_a_registry_that_leads_inside_is_blocked(inside: Watched, domain: str) -> None:
    """By redirect, by `related` link, by the name of a host, by the bootstrap file itself."""
    assert inside.result[domain].status("rdap") == "blocked"
    assert inside.result[domain].reason("rdap").startswith("private-address 127.0.0.1")


def test_what_the_registry_said_before_it_led_inside_is_kept(inside: Watched) -> None:
    assert inside.result["related.test"].said("rdap", "registration", "created") == ("2015-03-14T00:00:00Z",)


@pytest.mark.parametrize("domain", ["referral.gone", "named.gone", "chain.gone"])
def test_a_referral_inside_is_blocked(inside: Watched, domain: str) -> None:
    assert inside.result[domain].status("whois") == "blocked"
    assert inside.result[domain].reason("whois").startswith("private-address 127.0.0.1")


@pytest.mark.parametrize("domain", sorted(set(GARBAGE) - {"dates.test"}))
def test_rubbish_from_a_registry_is_unparsed_and_whois_is_asked(inside: Watched, domain: str) -> None:
    assert inside.result[domain].status("rdap") == "unparsed"
    assert inside.result[domain].status("whois") == "absent"
    assert not inside.result[domain].said("rdap", "registration", "created")


def test_dates_nobody_can_read_are_no_dates(inside: Watched) -> None:
    assert inside.result["dates.test"].status("rdap") == "redacted"
    assert not inside.result["dates.test"].said("rdap", "registration", "created")
