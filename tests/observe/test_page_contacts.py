"""How a site can be reached, and what is a theme's placeholder instead."""

from __future__ import annotations

import pytest

from scanner import coins
from scanner.observe.page import contacts, document, linked, payments, phones, postal

# published examples of https://docs.getmonero.org: one account, plain and with a payment id, and a subaddress
MONERO = "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge"
MONERO_WITH_ID = (
    "4LL9oSLmtpccfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45D"
    "J852K5Jv2bYXZKKQePHES9khPK"
)
MONERO_BELOW = (
    "87XWTP9tBECHXCwbyMK1KENoy4GeXkRviNzmhNc5Pvo5ExZ1QXjtRRyFeXPuHf7fNiS7KzBZNJeGweJhMbFB647171y66id"
)

AGENCY = "https://acmesoft.example/"


def values(html: str, name: str, url: str = AGENCY) -> list[str]:
    page = document.read(url, 200, [], html)
    rows = contacts.contacts(page, linked.organisations(page), "acmesoft.example")
    return [row.value for row in rows if row.name == name]


def protected(address: str, key: int = 0x42) -> str:
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


@pytest.mark.parametrize(
    "html",
    [
        "<a href='mailto:Hello@AcmeSoft.test?subject=x'>write</a>",
        "<p>Write to hello@acmesoft.test.",
        "<p>hello [at] acmesoft [dot] test",
        "<p>hello(at)acmesoft.test",
        f"<a href='/cdn-cgi/l/email-protection' data-cfemail='{protected('hello@acmesoft.test')}'>[email]</a>",
        '<script type="application/ld+json">{"@type":"LocalBusiness","email":"mailto:hello@acmesoft.test"}</script>',
    ],
)
def test_a_mail_address_is_found_however_it_is_written(html: str) -> None:
    assert values(html, "mail") == ["hello@acmesoft.test"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>name@example.com",
        "<p>your@email.com",
        "<img src=logo@2x.png><p>logo@2x.png",
        "<p>a@b",
        "<p>info@domain.com",
    ],
)
def test_placeholders_and_file_names_are_no_mail(html: str) -> None:
    assert values(html, "mail") == []


def test_a_number_with_its_country_code_or_in_a_link_is_read() -> None:
    html = "<a href='tel:+442079460958'>x</a><p>Call +49 30 901820 or <a href='tel:+1 (415) 200-1234'>us</a>"
    assert values(html, "phone") == ["+14152001234", "+4930901820"]  # 020 7946 0xxx is for drama use
    assert values(html, "phone_country") == ["US", "DE"]


def test_a_national_number_needs_a_country_and_a_word_for_telephone() -> None:
    assert values("<p>Tel. 030 901820", "phone", "https://acme.de/") == ["+4930901820"]
    assert values("<p>030 901820", "phone", "https://acme.de/") == []
    assert values("<p>Tel. 030 901820", "phone", "https://acme.example/") == []


@pytest.mark.parametrize(
    "text",
    ["+1 202 555 0123", "+1 234 567 8900", "2019-2024", "+49 111", "192.168.100.100", "1234567890123456"],
)
def test_fiction_dates_and_other_numbers_are_no_telephone(text: str) -> None:
    assert phones.phones(f"Phone: {text}", [], "US") == []


@pytest.mark.parametrize(
    ("html", "line", "country"),
    [
        (
            "<p>500 Congress Ave Suite 200, Austin, TX 78701</p>",
            "500 Congress Ave Suite 200, Austin, TX 78701",
            "US",
        ),
        (
            "<address>Hauptstr. 5<br>10117 Berlin<br>Germany</address>",
            "Hauptstr. 5, 10117 Berlin, Germany",
            "DE",
        ),
        (
            "<address>Acme Lda, Rua das Flores 18, 4050-262 Porto, Portugal</address>",
            "Acme Lda, Rua das Flores 18, 4050-262 Porto, Portugal",
            "PT",
        ),
        ("<p>12 King Street, Manchester M2 4WU</p>", "12 King Street, Manchester M2 4WU", "GB"),
    ],
)
def test_a_postal_address_is_one_line_with_its_country(html: str, line: str, country: str) -> None:
    assert values(html, "address")[0] == line
    assert values(html, "country") == [country]


def test_an_address_in_json_ld_is_read() -> None:
    data = (
        '<script type="application/ld+json">{"@type":"ProfessionalService","address":{"@type":"PostalAddress",'
        '"streetAddress":"5 Rue X","addressLocality":"Lyon","postalCode":"69001","addressCountry":"FR"}}</script>'
    )
    assert values(data, "address") == ["5 Rue X, Lyon, 69001, FR"]
    assert values(data, "country") == ["FR"]


@pytest.mark.parametrize(
    "html", ["<address>123 Main St, Anytown</address>", "<p>1234 Street Name, City, CA 90210"]
)
def test_a_demo_address_is_none(html: str) -> None:
    assert values(html, "address") == []


def test_every_country_name_gives_a_code() -> None:
    assert [postal.country_code(name) for name in ("Norway", "Nederland", "U.S.A.", "中国", "FR", "Ruritania")] == [
        "NO", "NL", "US", "CN", "FR", "",
    ]  # fmt: skip


def test_profiles_are_told_from_share_buttons_and_theme_defaults() -> None:
    html = (
        "<a href='https://www.linkedin.com/company/acmesoft/'>in</a>"
        "<a href='https://www.facebook.com/sharer/sharer.php?u=x'>share</a>"
        "<a href='https://twitter.com/intent/tweet?text=x'>tweet</a>"
        "<a href='https://github.com/BlackrockDigital'>theme</a><a href='https://github.com/acmesoft'>code</a>"
        "<a href='https://github.com/python/cpython'>not ours</a><a href='https://facebook.com/'>f</a>"
    )
    assert values(html, "social") == [
        "linkedin https://linkedin.com/company/acmesoft",
        "github https://github.com/acmesoft",
    ]


def test_messengers_are_read_from_links_schemes_and_text() -> None:
    html = (
        "<a href='https://t.me/acme_hr'>t</a><a href='https://api.whatsapp.com/send?phone=%2B4930901820'>w</a>"
        "<a href='skype:live:acme?chat'>s</a><a href='https://t.me/share/url?url=x'>share</a>"
        "<p>WeChat: acme_2020 Telegram: @acmejobs"
    )
    assert values(html, "messenger") == [
        "telegram https://t.me/acme_hr",
        "whatsapp https://wa.me/4930901820",
        "skype live:acme",
        "telegram acmejobs",
        "wechat acme_2020",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ["bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"],
        ),  # the genesis block's
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", []),
        (
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            ["bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
        ),  # BIP 173
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", []),
        (
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            ["ethereum 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],
        ),  # EIP-55
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", []),
        ("hash 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", []),
        (
            "donate ETH 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            ["ethereum 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],
        ),
        (
            "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
            ["tron TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"],
        ),  # the USDT contract
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", []),
        (f"XMR: {MONERO}.", [f"monero {MONERO}"]),  # docs.getmonero.org, plain
        (MONERO_WITH_ID, [f"monero {MONERO_WITH_ID}"]),  # the same with a payment id
        (MONERO_BELOW, [f"monero {MONERO_BELOW}"]),  # a subaddress
        (f"{MONERO[:-1]}f", []),
        (MONERO[:-1], []),
        (f"https://pool.example/{MONERO}", []),
    ],
)
def test_a_payment_address_counts_when_its_checksum_holds(text: str, expected: list[str]) -> None:
    assert payments.payments(text, []) == expected


def test_a_monero_address_of_a_test_network_is_none() -> None:
    # given an address of the test network whose checksum holds (first byte 53)
    assert not coins.coins(
        "9wviCeWe2D8XS82k2ovp5EUYLzBt9pYNW2LXUFsZiv8S3Mt21FZ5qQaAroko1enzw3eGr9qC7X1D7Geoo2RrAotYPwq9Gm8"
    )
    assert not coins.coins("4" * 95)


def test_keccak_gives_the_published_digest_of_nothing() -> None:
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert coins.keccak256(b"").hex() == empty
    assert len(coins.keccak256(b"x" * 500)) == 32


def test_a_form_with_a_message_and_someone_to_answer_is_a_contact_form() -> None:
    contact = "<form><input name=email type=email><textarea name=message></textarea></form>"
    assert values(contact, "form") == ["yes"]
    assert values("<form><input name=q type=search></form>", "form") == []
    assert values("<form><input name=email type=email><input type=submit></form>", "form") == []
