"""Host names: suffixes, platforms, international names, odd spellings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.domains import is_suffix, registrable, split
from scanner.hostnames import DomainError, to_ascii, to_display


@pytest.mark.parametrize(
    ("host", "name", "platform"),
    [
        ("www.acme.com", "acme.com", ""),
        ("ACME.com.", "acme.com", ""),
        ("a.b.acme.co.uk", "acme.co.uk", ""),
        ("jane.github.io", "jane.github.io", "github.io"),
        ("www.jane.github.io", "jane.github.io", "github.io"),
        ("jane.netlify.app", "jane.netlify.app", "netlify.app"),
        ("blog.jane.wordpress.com", "jane.wordpress.com", "wordpress.com"),
        ("github.io", "", "github.io"),
        ("www.wordpress.com", "wordpress.com", ""),
        ("co.uk", "", ""),
        ("com", "", ""),
        ("shop.acme.example", "acme.example", ""),
        ("acme.test", "acme.test", ""),
        ("localhost", "", ""),
        ("食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn", ""),
    ],
)
def test_a_host_is_taken_to_the_name_that_was_registered(host: str, name: str, platform: str) -> None:
    found = split(host)
    assert (found.registrable, found.platform) == (name, platform)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7F000001", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1"),
    ],
)
def test_an_address_in_any_spelling_is_one_address_without_a_registrable_domain(
    written: str, address: str
) -> None:
    found = split(written)
    assert (found.host, found.is_address, found.registrable) == (address, True, "")


@pytest.mark.parametrize(
    "nonsense",
    ["", ".", "a..b", ".example.com", "a b.com", "a/b.com", "x" * 64 + ".com", "a." * 127 + "com",
     "1.2.3.4.5", "256.256.256.256", "[::1", "[gg::]", "xn--.com", "xn--a.com", "xn--a-ä.pt",
     "a\u202eb.com", "\ud800.com",
     "fe80::1%eth0", "a%2eb.com", "x" * 5000],
)  # fmt: skip
def test_nonsense_is_refused_in_one_line(nonsense: str) -> None:
    with pytest.raises(DomainError) as error:
        to_ascii(nonsense)
    message = str(error.value)
    assert message.isprintable()
    assert len(message) < 260
    assert registrable(nonsense) == ""


def test_names_in_real_use_that_strict_idna_refuses_are_kept() -> None:
    assert to_ascii("i❤.ws") == "xn--i-7iq.ws"
    assert to_ascii("my_site.acme.com") == "my_site.acme.com"
    assert to_ascii("r3---sn-abc.acme.com") == "r3---sn-abc.acme.com"
    assert (
        to_ascii("straße.example") == "xn--strae-oqa.example"
    )  # not transitional: another name than strasse


def test_display_never_mixes_latin_with_another_alphabet() -> None:
    assert to_display("xn--bcher-kva.example") == "bücher.example"
    assert to_display(to_ascii("pаypal.example")) == "xn--pypal-4ve.example"  # Cyrillic а
    assert to_display("xn--a.example") == "xn--a.example"  # broken


def test_bare_suffixes_are_told_from_names() -> None:
    assert is_suffix("co.kr")
    assert is_suffix("pages.dev")
    assert not is_suffix("acme.co.kr")
    assert not is_suffix("127.0.0.1")


@given(st.text(max_size=80))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_a_stable_host_or_a_domain_error(text: str) -> None:
    try:
        host = to_ascii(text)
    except DomainError:
        return
    assert to_ascii(host) == host
    assert host.isascii()
    found = split(host)
    assert found.registrable == "" or host == found.registrable or host.endswith("." + found.registrable)


def test_the_public_suffix_list_s_own_vectors(corpus: Path) -> None:
    lines = (corpus / "hostile/psl/test_psl.txt").read_text("utf-8").splitlines()
    vectors = [re.fullmatch(r"checkPublicSuffix\('(.*)', (?:'(.*)'|null)\);", line) for line in lines]
    seen = {m[1]: m[2] for m in vectors if m}
    assert len(seen) >= 38
    got = {host: registrable(host) for host in seen}
    assert got == {host: to_ascii(name) if name else "" for host, name in seen.items()}


def test_the_unicode_consortium_s_idna_vectors(corpus: Path) -> None:
    """Given UTS-46's own test file, when names are taken to ASCII, then they agree with it; hyphen rules
    (V2, V3) are off as in browsers, and one trailing dot (A4_2 on the last label) is taken off."""
    seen = 0
    for line in (corpus / "hostile/idn/IdnaTestV2.txt").read_text("utf-8").splitlines():
        fields = [_unescaped(field.strip()) for field in line.split("#")[0].split(";")]
        if len(fields) < 5:
            continue  # a comment
        source, as_unicode, status, as_ascii, ascii_status = fields[:5]
        codes = set(re.findall(r"\w+", ascii_status or status)) - {"V2", "V3"}
        wanted = (as_ascii or as_unicode or source).removesuffix(".")
        if len(wanted) <= 253 and all(
            0 < len(label) <= 63 for label in wanted.split(".")
        ):  # only the name's own trailing dot is at fault
            codes -= {"A4_2"}
        seen += 1
        try:
            got = to_ascii(source)
        except DomainError:
            assert codes, f"{source!r} was refused"
        else:
            assert not codes, f"{source!r} became {got!r}, wanted {codes}"
            assert got == wanted
    assert seen > 3000


def _unescaped(text: str) -> str:
    if text == '""':
        return ""
    return re.sub(r"\\u([0-9A-F]{4})|\\x\{([0-9A-F]+)\}", lambda m: chr(int(m[1] or m[2], 16)), text)


def test_a_name_below_a_free_hoster_is_its_customers() -> None:
    # given a hoster that is on no suffix list: its own site stays its own, names below it are targets of their own
    assert split("acme.000freehost.example").registrable == "000freehost.example"
    below, own = split("shop.acme.20m.us"), split("www.20m.us")
    assert (below.registrable, below.platform, below.subdomain) == ("acme.20m.us", "20m.us", "shop")
    assert (own.registrable, own.platform) == ("20m.us", "")
