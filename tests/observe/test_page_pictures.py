"""Which pictures a page shows: as a browser would load them, scripts or not."""

from __future__ import annotations

from datetime import UTC, datetime

from scanner.model import About, Evidence, Shown
from scanner.observe import observe

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TEXT = (
    "<p>"
    + "We look after the accounting of small firms in this town and have done so for years. " * 6
    + "</p>"
)


def shown(body: str, url: str = "https://acme.example/about", *, wanted: bool = True) -> tuple[Shown, ...]:
    html = f"<html><head><title>Acme</title></head><body>{TEXT}{body}</body></html>"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    about = About("acme.example", ("https://acme.example/",), as_of=NOW, pictures=wanted)
    return observe("website", Evidence(url, "application/http;msgtype=response", NOW, block), about).pictures


def urls(body: str) -> list[str]:
    return [picture.url for picture in shown(body)]


def test_address_words_and_stated_size_of_each_picture_once_in_page_order() -> None:
    found = shown(
        '<img src="/img/team.jpg" alt=" Our\n team " width="640" height="400px"><img src="b.png?v=2" width="100%">'
        '<img src="/img/team.jpg">'
    )
    assert found == (
        Shown("https://acme.example/img/team.jpg", "Our team", 640, 400),
        Shown("https://acme.example/b.png?v=2"),
    )


def test_pictures_that_a_script_fills_in_later_are_found() -> None:
    assert urls('<img src="data:image/gif;base64,R0lGOD" data-src="/a.jpg">') == [
        "https://acme.example/a.jpg"
    ]
    assert urls('<img data-lazy-src="/b.jpg" src="/blank.gif">') == ["https://acme.example/b.jpg"]
    assert urls('<img data-srcset="/c-300.jpg 300w, /c-900.jpg 900w">') == ["https://acme.example/c-900.jpg"]


def test_of_several_sizes_the_smallest_that_is_large_enough_is_taken() -> None:
    body = '<img src="/d.jpg" srcset="/d-300.jpg 300w, /d-600.jpg 600w, /d-2400.jpg 2400w">'
    assert urls(body) == ["https://acme.example/d-600.jpg"]
    assert urls('<img src="/e.jpg" srcset="/e-2x.jpg 2x">') == ["https://acme.example/e.jpg"]


def test_behind_an_image_service_the_original_is_named() -> None:
    body = '<img src="/_next/image?url=%2Fphotos%2Fteam.jpg&amp;w=640&amp;q=75">'
    assert urls(body) == ["https://acme.example/photos/team.jpg"]


def test_what_no_server_is_asked_for_is_left_out() -> None:
    assert urls('<img src="data:image/png;base64,AAAA"><img><img src="blob:x"><img src="javascript:1">') == []


def test_a_page_of_ten_thousand_pictures_is_cut_short_and_a_torn_srcset_costs_nothing() -> None:
    assert len(urls("".join(f'<img src="/{n}.jpg">' for n in range(10_000)))) == 60
    assert urls(f'<img src="/a.jpg" srcset="{"x " * 20_000}">') == ["https://acme.example/a.jpg"]
    assert urls(f'<img src="/a.jpg" srcset="{"," * 20_000}">') == ["https://acme.example/a.jpg"]


def test_nothing_is_listed_where_it_is_not_wanted_or_the_page_is_another_sites() -> None:
    assert shown('<img src="/a.jpg">', wanted=False) == ()
    assert shown('<img src="/a.jpg">', "https://other.example/") == ()
