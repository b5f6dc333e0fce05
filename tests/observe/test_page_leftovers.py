"""What of another site was left in a page: each place, and everybody who is named on ordinary pages."""

from __future__ import annotations

import time

import pytest

from scanner.observe.page.document import read
from scanner.observe.page.leftover_names import left_over_names
from scanner.observe.page.leftovers import MOST, in_humans, left_overs
from scanner.observe.page.linked import organisations

OWN = "quillvex.example"


def seen(html: str, domain: str = OWN) -> list[tuple[str, str]]:
    page = read(f"https://{domain}/", 200, [], html)
    return [tuple(row.value.split(" ", 2)[:2]) for row in left_overs(page, domain)]  # type: ignore[misc]


def names(html: str, domain: str = OWN) -> list[str]:
    page = read(f"https://{domain}/", 200, [], html)
    return [row.value for row in left_over_names(page, domain, organisations(page))]


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("place", "html"),
    [
        ("canonical", '<link rel="canonical" href="https://www.bracken.example/about">'),
        ("og-url", '<meta property="og:url" content="//bracken.example/">'),
        ("base", '<base href="https://bracken.example/">'),
        ("saved-from", "<!-- saved from url=(0027)https://www.bracken.example/ --><p>x"),
        ("saved-from", "<!-- Mirrored from bracken.example/a.html by HTTrack Website Copier/3.x, Tue, 04 Apr -->"),
        ("saved-from", "<!--\n Page saved with SingleFile \n url: https://bracken.example/ \n saved date: x -->"),
        ("saved-from", '<base href="https://web.archive.org/web/20190304050607/https://bracken.example/">'),
        ("saved-from", '<img src="https://web.archive.org/web/20190304050607im_/http://bracken.example/a.png">'),
        ("head-link", '<link rel="https://api.w.org/" href="https://bracken.example/wp-json/">'),
        ("head-link", '<link rel="alternate" href="https://bracken.example/feed/">'),
        ("mail", '<a href="mailto:Jo%2Bx@Bracken.example?subject=a">write</a>'),
        ("form", '<form action="https://bracken.example/send"><textarea name="m"></textarea></form>'),
        ("json-ld", ld('{"@type": "Organization", "name": "x", "url": "https://bracken.example/"}')),
        ("json-ld", ld('{"@graph": [{"@type": "WebSite", "@id": "https://bracken.example/#site"}]}')),
        ("json-ld", ld('{"@type": ["Corporation"], "logo": {"url": "https://bracken.example/l.png"}}')),
        ("api", '<script>fetch("https://api.bracken.example/v1/jobs")</script>'),
        ("api", '<script>var s={"a":"https:\\/\\/bracken.example\\/wp-includes\\/js\\/x.js"}</script>'),
        ("source-map", "<script>1\n//# sourceMappingURL=https://bracken.example/app.js.map</script>"),
        (
            "menu",
            '<nav><a href="https://bracken.example/a">A</a><a href="https://bracken.example/b">B</a>'
            '<a href="https://bracken.example/c">C</a></nav>',
        ),
        ("og-image", '<meta property="og:image" content="https://bracken.example/team.jpg">'),
        ("image", '<img src="https://bracken.example/a.jpg"><img src="https://bracken.example/b.jpg">'),
        ("image", '<img src="https://bracken.example/bracken-logo.svg">'),
        (
            "asset",
            '<link rel="stylesheet" href="https://bracken.example/wp-content/a.css">'
            '<script src="https://bracken.example/wp-includes/b.js"></script>',
        ),
        ("comment", "<!-- old: https://staging.bracken.example/home -->"),
    ],
)  # fmt: skip
def test_each_place_gives_the_other_site(place: str, html: str) -> None:
    # when a page names the other site in one place, then that place and its registrable domain are written down
    assert seen(html) == [(place, "bracken.example")]


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="canonical" href="https://www.quillvex.example/x">',  # its own host
        '<link rel="canonical" href="/about">',
        '<link rel="canonical" href="http://localhost:3000/"><meta property="og:url" content="http://127.0.0.1/">',
        '<link rel="canonical" href="http://wiki.corp/"><meta property="og:url" content="http://10.0.0.7/">',
        '<link rel="canonical" href="https://co.uk/"><meta property="og:url" content="https://github.io/">',
        '<link rel="canonical" href="https://www.google.com/"><meta property="og:url" content="https://bit.ly/x">',
        '<link rel="canonical" href="https://yourdomain.com/"><meta property="og:url" content="http://[::1">',
        '<link rel="canonical" href="https://quillvex-git-main.vercel.app/">',  # a trial copy of its own
        '<a href="mailto:quillvex@gmail.com">x</a><a href="mailto:x@mailinator.com">y</a>',
        '<a href="mailto:dean@college.edu">x</a>',
        '<a href="https://bracken.example/">a partner</a><footer>by <a href="https://studio.example/">Studio</a>',
        '<a href="https://bracken.example/"><img src="https://bracken.example/logo.png" alt="Bracken logo"></a>',
        '<img src="https://bracken.example/one-photo.jpg">',
        '<img src="https://images.unsplash.com/a"><img src="https://images.unsplash.com/b">',
        '<img src="https://x.cloudfront.net/logo.png"><img src="https://acme.s3.amazonaws.com/logo.png">',
        '<script src="https://cdn.jsdelivr.net/assets/a.js"></script><script src="https://unpkg.com/js/b"></script>',
        '<script>fetch("https://api.stripe.com/v1/x"); var g="https://www.googletagmanager.com/gtag/js"</script>',
        '<form action="https://formspree.io/f/abcd"><input name="email"></form>',
        "<!-- Theme by Studio https://studio.example --><!-- [if IE]> https://shim.example/a.js -->",
        '<link rel="alternate" hreflang="de" href="https://quillvex-de.example/">',
        ld('{"@type": "Article", "author": {"@type": "Person", "url": "https://jo.example/"}}'),
        ld(
            '{"@type": "Organization", "parentOrganization": {"@type": "Organization", "url": "https://p.example/"}}'
        ),
        ld('{"@type": "Organization", "sameAs": ["https://p.example/"]}'),
        ld("[1, null, {"),
    ],
)
def test_what_stands_on_ordinary_pages_is_left_out(html: str) -> None:
    assert seen(html) == []


def test_a_person_s_site_below_a_platform_counts_where_a_page_says_where_it_stands() -> None:
    assert seen('<link rel="canonical" href="https://janedoe.github.io/cv/">') == [
        ("canonical", "janedoe.github.io")
    ]
    assert seen('<img src="https://a.github.io/x/logo.png">') == []


def test_the_mailbox_itself_is_not_written_down() -> None:
    page = read("https://quillvex.example/", 200, [], '<a href="mailto:jo.doe@bracken.example">x</a>')
    [row] = left_overs(page, OWN)
    assert "jo.doe" not in row.value


def test_a_page_with_ten_thousand_foreign_hosts_stays_bounded() -> None:
    # given every place filled with other hosts
    html = "".join(
        f'<!-- https://c{n}.example/x --><img src="https://i{n}.example/logo-{n}.png">'
        f'<a href="mailto:a@m{n}.example">m</a>'
        f'<nav><a href="https://n{n}.example/1">a</a></nav><script src="https://s{n}.example/assets/a.js"></script>'
        f'<form action="https://f{n}.example/"></form><script>"https://api.a{n}.example/v1"</script>'
        for n in range(10_000)
    )
    page = read("https://quillvex.example/", 200, [], html)
    begun = time.perf_counter()
    rows = left_overs(page, OWN)
    # then few rows and a bounded time come out of it
    assert len(rows) == MOST
    assert time.perf_counter() - begun < 0.5
    assert all(len(row.value) < 500 for row in rows)


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        (["site-name Brackenholt"], '<meta property="og:site_name" content="Brackenholt">'),
        (["json-ld Brackenholt GmbH"], ld('{"@type": "Organization", "name": "Brackenholt GmbH"}')),
        (["logo Brackenholt"], '<img src="/a.png" alt="Brackenholt logo">'),
        (["copyright Brackenholt Ltd"], "<footer>© 2019-2023 Brackenholt Ltd. All rights reserved</footer>"),
        (["copyright Brackenholt"], "<footer>Copyright Brackenholt 2021</footer>"),
        (["image-file brackenholt"], '<img src="/img/brackenholt-team.jpg">'),
        (
            ["image-file brackenholt"],
            '<img src="/img/logo-brackenholt.png"><img src="/img/brackenholt-office.png">',
        ),
        ([], '<meta property="og:site_name" content="Quillvex GmbH"><footer>© Quillvex 2020</footer>'),
        (
            [],
            '<meta property="og:site_name" content="Home"><img src="/our-team.jpg"><img src="/company-logo.png">',
        ),
        ([], "<footer>© 2020 Your Company. All rights reserved</footer>"),
    ],
)
def test_names_that_are_not_the_site_s_own(expected: list[str], html: str) -> None:
    assert names(f"<title>Quillvex | Plans</title>{html}") == expected


def test_a_name_in_the_title_is_the_site_s_own_whatever_the_domain() -> None:
    html = '<title>Brown Henderson - Audit</title><meta property="og:site_name" content="Brown Henderson">'
    assert names(html, "bh-consult.example") == []


def test_humans_txt_names_sites_and_hosts_of_mailboxes() -> None:
    text = "/* TEAM */ Jo: jo [at] x\nMail: jo@bracken.example\n/* SITE */ https://www.quillvex.example, http://jquery.com"
    assert in_humans(text, OWN) == ["humans bracken.example bracken.example"]
    assert len(in_humans("\n".join(f"https://h{n}.example/" for n in range(99)), OWN)) == 3
