"""The sample world: whole, invented, and with every level in it."""

from __future__ import annotations

import ipaddress
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

import scanner.world
from scanner.model import Level
from scanner.world import load, sites

SAMPLE = Path(scanner.world.__file__).parent / "sample"
WORLD = load(SAMPLE)
RESERVED = (".example", ".test", "wrenfield-dev.github.io")


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for key, value in attrs if key in ("href", "src") and value]


def test_every_case_has_a_label_and_every_label_a_case():
    assert {f"cases/{path.name}" for path in WORLD.cases} == set(WORLD.labels)


def test_all_five_levels_occur():
    exact = {label.least for label in WORLD.labels.values() if label.least == label.most}
    assert exact == set(Level)


def test_cases_claim_addresses_that_the_world_has():
    for path in WORLD.cases:
        case = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", case["case"])
        for claim in case["claims"]:
            host = claim["url"].partition("://")[2].strip("/")
            assert WORLD.domains[host].site, host


def test_one_case_mixes_three_targets():
    assert max(path.read_text(encoding="utf-8").count("url:") for path in WORLD.cases) == 3


def test_names_are_reserved_or_ours():
    # given that nothing may be said of real firms; then every domain is one nobody can register
    for name in WORLD.domains:
        assert name.endswith(RESERVED), name


def test_given_addresses_are_public():
    for domain in WORLD.domains.values():
        for host in [domain, *domain.hosts.values()]:
            for address in host.zone.records.get("A", ()) if host.zone else ():
                assert ipaddress.ip_address(address).is_global, address


FOLDERS = {name: d.site.folder for name, d in WORLD.domains.items() if d.site and d.site.folder}


@pytest.mark.parametrize(
    "name", [name for name, folder in FOLDERS.items() if (folder / "about.html").exists()]
)
def test_a_firm_has_the_pages_a_firm_has(name):
    folder = FOLDERS[name]
    for page in (
        "index.html",
        "about.html",
        "contact.html",
        "robots.txt",
        "sitemap.xml",
        "favicon.ico",
        "404.html",
    ):
        assert (folder / page).is_file(), page
    assert len(list(folder.glob("*.html"))) >= 5
    words = re.sub(r"<[^>]+>", " ", (folder / "index.html").read_text(encoding="utf-8")).split()
    assert len(words) > 100


@pytest.mark.parametrize("name", list(FOLDERS))
def test_every_link_inside_a_site_leads_somewhere(name):
    site = WORLD.domains[name].site
    assert site is not None
    for page in FOLDERS[name].glob("*.html"):
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        for link in links.found:
            if link.startswith("/") and not link.startswith("/search"):
                assert sites.answer(site, "https", name, link).status == 200, (page.name, link)
    for url in re.findall(r"<loc>https://[^/]+([^<]*)</loc>", _text(FOLDERS[name] / "sitemap.xml")):
        assert sites.answer(site, "https", name, url).status == 200, url


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
