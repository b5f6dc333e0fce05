"""Which pages are read: on made-up link sets for each rule, on real sites for the whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from scanner.domains import same_site
from scanner.model import About, Evidence, Link
from scanner.observe import observe
from spiders.choice import MOST_ALIKE, Frontier, eligible, icon, key, topic
from spiders.visit import PAGES

SITE = "acme.example"


def link(path: str, text: str = "", place: str = "nav") -> Link:
    return Link(f"https://{SITE}{path}", text, place)


def order(role: str, *links: Link) -> list[str]:
    """The paths in the order in which they are chosen."""
    frontier = Frontier(SITE, role, SITE)
    frontier.add(links)
    chosen = []
    while url := frontier.next():
        chosen.append(urlsplit(url).path)
    return chosen


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("/about-us", "", "about"),
        ("/ueber-uns/", "", "about"),
        ("/p17", "Über uns", "about"),
        ("/x", "О компании", "about"),
        ("/c", "会社概要", "about"),
        ("/impressum.html", "", "legal"),
        ("/mentions-legales", "", "legal"),
        ("/a", "Política de Privacidad", "legal"),
        ("/our-team", "", "team"),
        ("/nosso", "Contato", "contact"),
        ("/index.php?page=contact", "", "contact"),
        ("/realisations", "", "work"),
        ("/x/lebenslauf", "", "resume"),
        ("/1", "من نحن", "about"),
        ("/2", "हमारे बारे में", "about"),
        ("/ติดต่อ", "", "contact"),
        ("/3", "Projektübersicht", "work"),
        ("/index.php?page=about_us", "", "about"),
    ],
)
def test_pages_are_known_by_path_or_text_in_many_languages(path: str, text: str, kind: str) -> None:
    assert topic(link(path, text))[0] == kind


def test_a_headline_that_holds_a_word_is_no_kind_of_page() -> None:
    """Given a blog post whose title mentions teams and work, when its kind is asked, then it has none."""
    post = link(
        "/posts/how-our-team-learned-to-love-the-work-we-ship",
        "How our team learned to love the work we ship",
    )
    assert topic(post) == ("", 0)


def test_one_of_each_kind_comes_before_the_second_of_any() -> None:
    chosen = order(
        "employer", link("/about"), link("/about-us"), link("/contact"), link("/privacy"), link("/xyz")
    )
    assert chosen.index("/contact") < chosen.index("/about-us")
    assert chosen.index("/privacy") < chosen.index("/about-us")
    assert chosen[-1] == "/xyz"


def test_the_claimed_role_decides_what_comes_first() -> None:
    links = (link("/projects"), link("/resume"), link("/imprint"), link("/team"))
    assert order("employer", *links)[:2] == ["/team", "/imprint"]
    assert order("portfolio", *links)[:2] in (["/projects", "/resume"], ["/resume", "/projects"])


@pytest.mark.parametrize(
    "path",
    [
        "/logout",
        "/user/sign-out",
        "/wp-admin/",
        "/wp-login.php",
        "/cart",
        "/unsubscribe/me",
        "/files/report.pdf",
        "/setup.exe",
        "/feed/",
        "/cdn-cgi/l/email-protection",
        "/about?sort=asc&page=2",
        "/list?utm_source=x",
        "/?s=term",
        "/a/b/c/d/e/f/g/h/i",
        "/en/blog/en/blog/en",
    ],
)
def test_what_acts_downloads_or_multiplies_is_not_asked_for(path: str) -> None:
    assert not eligible(f"https://{SITE}{path}", SITE)


@pytest.mark.parametrize(
    "url",
    [
        "https://evilacme.example/about",
        "https://acme.example.evil.example/",
        "ftp://acme.example/about",
        "javascript:alert(1)",
        "https://user@acme.example/",
        "https://acme.example:port/",
        "https://mail.acme.example/",
        "https://[::1/",
    ],
)
def test_other_sites_and_broken_addresses_are_not_asked_for(url: str) -> None:
    assert not eligible(url, SITE)


def test_www_and_other_hosts_of_the_site_belong_to_it() -> None:
    assert same_site("https://WWW.acme.example./x", SITE)
    assert eligible("https://blog.acme.example/about", SITE)


def test_spellings_of_one_page_are_asked_for_once() -> None:
    frontier = Frontier(SITE, "", SITE)
    frontier.seen("https://www.acme.example/")
    frontier.add([link("/"), link("/index.html"), link("/about"), link("/about/"), link("//about")])
    assert [frontier.next(), frontier.next()] == [f"https://{SITE}/about", ""]


def test_a_folder_without_end_gets_few_of_the_pages() -> None:
    """Given a shop of 300 items found before the contact page, then contact is chosen and the shop is cut."""
    items = [link(f"/item/{number}", f"Item {number}", "body") for number in range(300)]
    chosen = order("employer", *items, link("/contact", place="footer"))
    assert chosen[0] == "/contact"
    assert len(chosen) == 1 + MOST_ALIKE


def test_a_calendar_comes_last() -> None:
    chosen = order("", link("/2019/03/11/"), link("/xyz", place="body"), link("/tag/python/"))
    assert chosen[0] == "/xyz"


def test_the_icon_is_the_linked_one_of_the_site_else_the_well_known_one() -> None:
    landed = f"https://www.{SITE}/start"
    own, foreign = Link(f"https://{SITE}/i.png", "", "icon"), Link("https://cdn.example/i.png", "", "icon")
    assert icon([foreign, own], landed, SITE) == own.url
    assert icon([foreign], landed, SITE) == f"https://www.{SITE}/favicon.ico"


# --------------------------------------------------------------------------------------- real sites

TELLING = (
    "about",
    "contact",
    "team",
    "services",
    "projects",
    "portfolio",
    "resume",
    "imprint",
    "privacy",
    "blog",
)


def test_real_sites_have_their_telling_pages_read(corpus: Path) -> None:
    """Given the multi-page sites of the corpus, when 25 pages of each are chosen, then every page whose name
    says it is about the firm or person, and that is linked from what was read, is among them."""
    sites = [json.loads(line) for line in (corpus / "sites" / "sites.jsonl").read_text("utf-8").splitlines()]
    walked = 0
    for site in (site for site in sites if site["kind"] in ("company", "portfolio") and site["pages"] > 1):
        read, linked = _walk(corpus, site)
        walked += bool(read)
        for url in linked:
            stem = urlsplit(url).path.strip("/").lower().removesuffix(".html").removesuffix(".htm")
            if stem in TELLING:
                assert key(url) in {key(page) for page in read}, (site["id"], url, read)
        assert len({key(page) for page in read}) == len(read) <= PAGES
    assert walked >= 6


def _walk(corpus: Path, site: dict[str, str]) -> tuple[list[str], set[str]]:
    """Pages read in order, and all links to files that exist."""
    root, role = corpus / site["path"], "employer" if site["kind"] == "company" else "portfolio"
    frontier = Frontier(SITE, role, SITE)
    url = f"https://{SITE}/{site['entry'].removesuffix('index.html')}"
    frontier.seen(url)
    read: list[str] = []
    linked: set[str] = set()
    while url and len(read) < PAGES:
        file = _file(root, url)
        if file is not None:
            read.append(url)
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + file.read_bytes()
            evidence = Evidence(url, "application/http;msgtype=response", datetime.now(UTC), block)
            links = observe("website", evidence, About(SITE)).links
            frontier.add(links)
            linked |= {each.url for each in links if eligible(each.url, SITE) and _file(root, each.url)}
        url = frontier.next()
    return read, linked


def _file(root: Path, url: str) -> Path | None:
    path = unquote(urlsplit(url).path).lstrip("/")
    found = (root / path, root / f"{path}.html", root / path / "index.html")
    return next(
        (file for file in found if file.is_file() and file.resolve().is_relative_to(root.resolve())), None
    )
