"""Addresses as people write them."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake import AddressError, case_from_urls, read_address, url_case_id
from scanner.knowledge import Kind, place_of
from scanner.model import Role


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("acme.example", "https://acme.example/"),
        ("www.ACME.example.", "https://www.acme.example/"),
        ("//acme.example/x", "https://acme.example/x"),
        ("hxxp://acme[.]example/x", "http://acme.example/x"),
        ("hXXps://acme{.}example", "https://acme.example/"),
        ("hxxps[://]acme(dot)example", "https://acme.example/"),
        ("http[:]//acme[dot]example", "http://acme.example/"),
        ("h**p://acme (.) example/a", "http://acme.example/a"),
        ("acme[.example", "https://acme.example/"),
        ("https:\\\\acme.example\\team", "https://acme.example/team"),
        ("<https://acme.example>,", "https://acme.example/"),
        ("(https://acme.example/a_(b))", "https://acme.example/a_(b)"),
        ("[our site](https://acme.example/x)", "https://acme.example/x"),
        ("“acme.example”", "https://acme.example/"),
        ("https://acme.example/team.", "https://acme.example/team"),
        ("https://acme.example/?!", "https://acme.example/"),
        ("ht\ntps://acme.exa\tmple/a", "https://acme.example/a"),
        ("https://acme\u200b.example\ufeff", "https://acme.example/"),
        ("acme.example:8443", "https://acme.example:8443/"),
        ("https://acme.example:443/a", "https://acme.example/a"),
        ("http://acme.example:80", "http://acme.example/"),
        ("http://acme.example:443", "http://acme.example:443/"),
        ("acme.example?x=1#part", "https://acme.example/?x=1"),
        ("https://acme.example/a/./b/../c", "https://acme.example/a/c"),
        ("Bücher.example/ä?q=ü", "https://xn--bcher-kva.example/%C3%A4?q=%C3%BC"),
        ("acme。example", "https://acme.example/"),
        ("https://acme.example/a%20b", "https://acme.example/a%20b"),
        ("mailto:jane@acme.example?subject=x", "https://acme.example/"),
        ("jane[at]acme[.]example", "https://acme.example/"),
        ("jane:secret@acme.example", "https://acme.example/"),
        ("jane:secret@acme.example:8443/cv", "https://acme.example:8443/cv"),
        ("💩.example", "https://xn--ls8h.example/"),
    ],
)
def test_an_address_becomes_one_normalised_url(written: str, url: str) -> None:
    address = read_address(written)
    assert address.url == url
    assert read_address(url).url == url  # reading it again changes nothing


@pytest.mark.parametrize(
    ("written", "domain", "kind"),
    [
        ("https://blog.acme.co.uk/x", "acme.co.uk", Kind.SITE),
        ("jane.github.io/cv", "jane.github.io", Kind.HOSTED),
        ("www.jane.netlify.app", "jane.netlify.app", Kind.HOSTED),
        ("jane.medium.com", "jane.medium.com", Kind.HOSTED),
        ("github.com/jane", "", Kind.PROFILE),
        ("uk.linkedin.com/in/jane", "", Kind.PROFILE),
        ("https://www.upwork.com/freelancers/~01", "", Kind.PROFILE),
        ("medium.com/@jane", "", Kind.PROFILE),
        ("docs.google.com/document/d/1", "", Kind.PROFILE),
        ("https://github.com", "github.com", Kind.SITE),
        ("www.google.com/about", "google.com", Kind.SITE),
        ("linktr.ee/jane", "", Kind.LINK_PAGE),
        ("bit.ly/3abc", "", Kind.SHORTENER),
        ("jane@acme.example", "acme.example", Kind.MAIL),
        ("jane@gmail.com", "", Kind.FREE_MAIL),
        ("jane@0-mail.com", "", Kind.FREE_MAIL),
        ("http://8.8.8.8/", "8.8.8.8", Kind.IP),
        ("http://127.0.0.1:8000/admin", "127.0.0.1", Kind.IP),
        ("http://0x7f.1/", "127.0.0.1", Kind.IP),
        ("http://[::1]:80/", "::1", Kind.IP),
        ("::1", "::1", Kind.IP),
        ("localhost:3000", "localhost", Kind.LOCAL),
    ],
)
def test_an_address_is_told_from_a_page_on_somebody_elses_platform(
    written: str, domain: str, kind: Kind
) -> None:
    address = read_address(written)
    assert (address.domain, address.kind) == (domain, kind)
    if not domain or kind is Kind.HOSTED:
        assert address.note
    if address.url and kind is not Kind.MAIL:
        assert (place_of(address.url).domain, place_of(address.url).kind) == (domain, kind)


def test_user_names_and_passwords_are_dropped_and_never_shown() -> None:
    address = read_address("https://paypal.com:secret@evil.example/")
    assert (address.url, address.domain) == ("https://evil.example/", "evil.example")
    assert "user name" in address.note
    with pytest.raises(AddressError) as error:
        read_address("https://jane:secret@bad..example/")
    assert "secret" not in str(error.value)


def test_the_mailbox_of_a_mail_address_is_not_kept() -> None:
    address = read_address("jane.roe@acme.example")
    assert "jane" not in f"{address}"


@pytest.mark.parametrize(
    "refused",
    ["", "   ", "https://", "acme", "co.uk", "github.io", "javascript:alert(1)", "file:///etc/passwd",
     "ftp://acme.example", "data:text/html,x", "tel:+1604", "about:blank", "a b.example", "see https://acme.example",
     "http://1.2.3.4.5/", "2130706433", "3.5", "https://acme.example:99999/", "acme.example:0", "jane@localhost",
     "acme.example:port", "http://%61cme.example", "http://intranet/", "https://" + "a" * 5000,
     "https://acme.example/" + "a" * 2100, "http://[::1", "http://a..b/", "http://x\ud800.example", "mailto:"],
)  # fmt: skip
def test_what_cannot_be_looked_at_is_refused_in_one_line(refused: str) -> None:
    with pytest.raises(AddressError) as error:
        read_address(refused)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    "long",
    ["a" + "(" * 1900 + "." + ")" * 1900, "a" + " " * 4000 + "b", "[" * 4000, ")" * 4000, "[](x" * 1000, "a[at]" * 800,
     "h" * 4000, "xn--" * 1000, "1." * 2000, "a.example/" + "(" * 2000],
)  # fmt: skip
def test_an_address_made_to_take_long_does_not(long: str) -> None:
    started = time.process_time()
    _read(long)
    assert time.process_time() - started < 0.5


def test_bare_addresses_make_a_case_whose_id_does_not_depend_on_order_or_spelling() -> None:
    one = case_from_urls(
        ["acme.example", "jane.github.io", "github.com/jane", "not an address", "HTTPS://ACME.example#x"]
    )
    two = case_from_urls(["https://github.com/jane", "https://jane.github.io/", "hxxps://acme[.]example"])
    assert (
        one.cases[0].id
        == two.cases[0].id
        == url_case_id(["github.com/jane", "jane.github.io", "acme.example"])
    )
    assert one.cases[0].id.startswith("urls-")
    assert len(one.cases[0].id) == 13
    assert [claim.role for claim in one.cases[0].claims] == [Role.EMPLOYER, Role.PORTFOLIO, Role.PROFILE]
    assert [problem.where for problem in one.problems] == ["address 4"]
    assert case_from_urls(["acme.example"]).cases[0].id != one.cases[0].id
    assert case_from_urls(["acme.example"], Role.VENDOR).cases[0].claims[0].role is Role.VENDOR
    assert case_from_urls(["jane@gmail.com"]).cases == ()


@given(st.text(max_size=120))
@settings(max_examples=500, deadline=None)
def test_any_text_is_an_address_or_refused(text: str) -> None:
    _read(text)


_PIECES = st.sampled_from(
    ["http", "https", "hxxp", "://", "[.]", "(dot)", ".", "@", ":", "/", "//", "\\", "?", "#", "%", "[", "]", "(", ")",
     "a", "acme.example", "github.io", "127.1", "::1", "0x7f", "99999", "xn--", "ä", "\u202e", "\ud800", " ", "\t",
     "mailto:"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=10).map("".join))
@settings(max_examples=800, deadline=None)
def test_any_mixture_of_an_address_s_parts_is_an_address_or_refused(text: str) -> None:
    _read(text)


def _read(text: str) -> None:
    try:
        address = read_address(text)
    except AddressError as error:
        message = str(error)
    else:
        message = address.note
        if address.url:
            assert address.url.isascii()
            assert address.url.startswith(("http://", "https://"))
            assert read_address(address.url).url == address.url
            assert place_of(address.url).domain in (address.domain, address.host)
    assert message.isprintable()


def test_the_web_platform_s_url_vectors_never_crash(corpus: Path) -> None:
    """Given the URL standard's vectors, when each is read, then absolute http(s) ones agree on the host and all others
    are read or refused."""
    agreed = 0
    vectors = json.loads((corpus / "hostile/url/urltestdata.json").read_text("utf-8"))
    for vector in (one for one in vectors if isinstance(one, dict)):
        try:
            address = read_address(vector["input"])
        except AddressError:
            continue
        web = vector.get("protocol") in ("http:", "https:") and not vector.get("base")
        if web and address.kind is not Kind.MAIL and vector["input"].lower().startswith("http"):
            assert vector["hostname"].strip("[].") == address.host.strip(".")
            agreed += 1
    assert agreed > 20


def test_a_list_of_naughty_strings_never_crashes(corpus: Path) -> None:
    for text in json.loads((corpus / "hostile/strings/blns.json").read_text("utf-8")):
        _read(text)


@pytest.mark.parametrize("text", ["resume.pdf", "jane-doe-cv.docx", "candidate.yaml", "C.V.JSON", "list.csv"])
def test_given_a_files_name_then_it_is_no_host_and_the_options_for_files_are_named(text: str) -> None:
    """A file's name often holds a person's: no registry may be asked about it."""
    with pytest.raises(
        AddressError, match="a file's name; give a résumé with --resume, a case file with --case"
    ):
        read_address(text)


def test_what_only_looks_like_a_files_name_is_read() -> None:
    """Given an ending that is a country's too, a scheme, or a file on a host, then an address was meant."""
    assert read_address("acme.md").domain == "acme.md"
    assert read_address("https://notes.pdf/").host == "notes.pdf"
    assert read_address("acme.example/cv.pdf").domain == "acme.example"
