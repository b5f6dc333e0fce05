"""Identifiers of a page, and where they are not looked for."""

from __future__ import annotations

import pytest

from scanner.observe.page import document, identifiers


def found(html: str) -> list[tuple[str, str]]:
    page = document.read("https://acmesoft.example/contact/", 200, [], html)
    return [(row.name, row.value) for row in identifiers.identifiers(page, "acmesoft.example")]


@pytest.mark.parametrize(
    ("html", "name", "value"),
    [
        ("<script>ga('create','UA-7654321-2','auto')</script>", "analytics", "google-analytics UA-7654321-2"),
        ("<script src='https://www.googletagmanager.com/gtag/js?id=G-8K2ABCD9XY'></script>", "analytics",
         "google-analytics G-8K2ABCD9XY"),
        ("<iframe src='https://www.googletagmanager.com/ns.html?id=GTM-K7QW2Z'></iframe>", "tag",
         "google-tag-manager GTM-K7QW2Z"),
        ("<script>gtag('config', 'AW-1029384756')</script>", "tag", "google-ads AW-1029384756"),
        ("<script>fbq('init', '102938475610293');</script>", "pixel", "facebook 102938475610293"),
        ("<script>h._hjSettings={hjid:2938475,hjsv:6}</script>", "analytics", "hotjar 2938475"),
        ("<script>ym(29384756, 'init', {})</script>", "analytics", "yandex-metrika 29384756"),
        ("<script>var u='//stats.acme.test/';_paq.push(['setSiteId', '7'])</script>", "analytics",
         "matomo 7@stats.acme.test"),
        ("<meta name=google-site-verification content=q1w2e3r4t5y6u7i8o9p0>", "verification",
         "google q1w2e3r4t5y6u7i8o9p0"),
        ("<meta name=msvalidate.01 content=ABCDEF0123456789>", "verification", "bing ABCDEF0123456789"),
        ("<form action='https://formspree.io/f/mkoqyvz'><textarea></textarea></form>", "form_endpoint",
         "formspree mkoqyvz"),
        ("<form action='https://acme.us10.list-manage.com/subscribe/post?u=1a&id=2b'></form>", "form_endpoint",
         "mailchimp acme.us10.list-manage.com/subscribe/post?u=1a&id=2b"),
        ("<form action='https://other.test/send.php'><textarea></textarea></form>", "form_endpoint",
         "url https://other.test/send.php"),
        ("<script>hbspt.forms.create({portalId: '29384756'})</script>", "tag", "hubspot 29384756"),
    ],
)  # fmt: skip
def test_an_identifier_is_read_with_its_service(html: str, name: str, value: str) -> None:
    assert found(html) == [(name, value)]


@pytest.mark.parametrize(
    "html",
    [
        "<script>ga('create','UA-XXXXX-Y')</script>",
        "<script>ga('create','UA-12345-6')</script>",
        "<script>gtag('config','G-XXXXXXXXXX')</script>",
        "<p>Put UA-7654321-2 or GTM-K7QW2Z into your page",
        "<pre>&lt;script&gt;ga('create','UA-7654321-2')&lt;/script&gt;</pre>",
        "<form action='/send'><textarea></textarea></form>",
        "<form action='https://www.acmesoft.example/send'><textarea></textarea></form>",
        "<form action='https://other.test/search'><input name=q></form>",
        "<form action='https://formspree.io/email@email.com'><textarea></textarea></form>",
        "<meta name=google-site-verification content='{{ site.verification }}'>",
    ],
)
def test_placeholders_examples_and_own_addresses_are_none(html: str) -> None:
    assert found(html) == []
