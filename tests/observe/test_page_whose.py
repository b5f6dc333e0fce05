"""Whose pages these are by their small print, and what a theme left in place of a firm's own details."""

from __future__ import annotations

import pytest

from scanner.model import Observation
from scanner.observe.page import document, whose

HOME = "https://larkwell.example/"


def seen(html: str, url: str = HOME, rows: list[Observation] | None = None) -> list[tuple[str, str]]:
    return [(row.name, row.value) for row in whose.whose(document.read(url, 200, [], html), rows or [])]


@pytest.mark.parametrize(
    ("html", "path", "name"),
    [
        ("<footer>© 2019-2024 Larkwell Data LLC. All rights reserved.</footer>", "", "Larkwell Data LLC"),
        (
            "<footer>Registered in England, Larkwell Data Ltd, company no. 01234567</footer>",
            "",
            "Larkwell Data Ltd",
        ),
        (
            "<h1>Impressum</h1><p>Lerchenbrunn Daten GmbH</p><p>Weg 3</p>",
            "impressum",
            "Lerchenbrunn Daten GmbH",
        ),
        ("<p>This site is operated by Ostler Ventures OÜ.</p>", "terms", "Ostler Ventures OÜ"),
        ("<p>Ostler Ventures Inc. (“we”) runs Larkwell.</p>", "privacy", "Ostler Ventures Inc"),
    ],
)
def test_legal_names_of_notices(html: str, path: str, name: str) -> None:
    assert ("legal_name", name) in seen(html, HOME + path)


@pytest.mark.parametrize(
    ("html", "path"),
    [
        ("<p>We build for Harbour Freight Ltd and Quarry Stone Inc.</p>", ""),  # customers
        ("<footer>Our partner Harbour Freight Ltd</footer>", ""),
        ("<p>We use an analytics service of Google LLC (“Google”).</p>", "privacy"),
        ("<p>Google LLC (“Google”) sets cookies.</p>", "privacy"),
        ("<footer>© 2024 Larkwell</footer>", ""),
    ],
)
def test_names_of_others_are_not_the_sites(html: str, path: str) -> None:
    assert not [value for name, value in seen(html, HOME + path) if name == "legal_name"]


def test_a_themes_contacts_are_seen_where_a_firms_own_would_stand() -> None:
    html = (
        "<a href='mailto:info@yourdomain.com'>mail</a><a href='tel:+15555550123'>call</a>"
        "<footer><address>123 Main Street, Your City</address></footer>"
    )
    found = {value.partition(" ")[0] for name, value in seen(html) if name == "placeholder"}
    assert found == {"mail", "phone", "address"}


def test_a_number_in_a_link_and_in_its_words_is_one() -> None:
    html = "<footer><a href='tel:+15125550142'>+1 512 555 0142</a></footer>"
    assert [value for name, value in seen(html) if name == "placeholder"] == ["phone +1 512 555 0142"]


@pytest.mark.parametrize(
    "html",
    [
        "<pre>quill add --mail you@example.com</pre>",
        "<input placeholder='your@email.com'>",
        "<footer><a href='mailto:info@larkwell.example'>mail</a> +1 512 300 4417, 1200 Market Street</footer>",
        "<footer><a href='mailto:jo@abc.company.example'>mail</a> mail@domain.community</footer>",
    ],
)
def test_docs_forms_and_real_contacts_are_no_left_overs(html: str) -> None:
    assert not [value for name, value in seen(html) if name == "placeholder"]


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("1209 N. Orange Street, Wilmington, DE 19801", "registered agent"),
        ("Kay House, 71-75 Shelton Street, London WC2H 9JQ", "mail forwarding"),
        ("WeWork, 5 Harbour Road, Cork", "co-working"),
        ("11209 N Orange St, Elsewhere", ""),
        ("18 The Green Lane, Dover", ""),
        ("12 Regent Street, London", ""),
    ],
)
def test_addresses_that_are_lent_to_many(address: str, what: str) -> None:
    assert whose.office(address).partition(",")[0].partition(":")[0] == what


def test_an_address_observed_already_is_told_as_shared() -> None:
    rows = [Observation("contact", "address", "8 The Green, Dover, DE 19901", "website")]
    assert ("shared_office", "registered agent, Dover: 8 The Green, Dover, DE 19901") in seen(
        "<p>x</p>", rows=rows
    )


def test_furniture_needs_more_than_a_word() -> None:
    cart = "<a href='/cart'>Cart</a><p>Add to cart</p>"
    dated = "".join(f"<a href='/2024/05/{day}-x'>x</a>" for day in range(12))
    assert [value for _, value in seen(cart)] == ["shop"]
    assert [value for _, value in seen(dated)] == ["news"]
    assert seen("<p>We build carts: add to cart, checkout, done.</p><a href='/2024/05/1-x'>x</a>") == []
