"""Where registries answer: shipped lists, and bootstrap files from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.knowledge import KnowledgeError
from scanner.registries import (
    parse_bootstrap,
    refresh_bootstrap,
    shipped_bootstrap,
    whois_queries,
    whois_servers,
)

SHIPPED = Path(__file__).resolve().parents[2] / "seeds" / "registries" / "rdap_bootstrap.json"


def test_given_the_shipped_lists_when_loaded_then_known_registries_are_found() -> None:
    bootstrap = shipped_bootstrap()
    assert bootstrap.base("acme.com") == "https://rdap.verisign.com/com/v1/"
    assert bootstrap.base("acme.de") == "https://rdap.denic.de/"
    assert "de" in bootstrap.unlisted
    assert "com" not in bootstrap.unlisted
    assert bootstrap.base("acme.nosuchsuffix") == ""
    assert whois_servers()["jp"] == "whois.jprs.jp"
    assert whois_queries()["whois.jprs.jp"].format(domain="acme.jp") == "acme.jp/e"


def test_given_nested_suffixes_when_looked_up_then_the_longest_wins() -> None:
    services = [[["gl"], ["https://a.example/"]], [["co.gl"], ["http://b.example/x", "https://b.example/y"]]]
    bootstrap = parse_bootstrap(json.dumps({"services": services}).encode())
    assert bootstrap.base("acme.gl") == "https://a.example/"
    assert bootstrap.base("acme.co.gl") == "https://b.example/y/"  # https before http
    assert bootstrap.base("co.gl") == "https://a.example/"


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b'{"services": {}}', b'{"services": []}', b"\xff\xfe", b"[" * 100_000]
)
def test_given_a_file_that_is_none_when_read_then_one_line_says_so(raw: bytes) -> None:
    with pytest.raises(KnowledgeError, match=r"\ARDAP bootstrap: [^\n]+\Z"):
        parse_bootstrap(raw)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/%%",
        "file:///etc/passwd",
        "https://user@a.example/",
        "https://a.example:22/",
        "x",
        3,
    ],
)
def test_given_an_unusable_address_when_read_then_it_is_left_out(url: object) -> None:
    services = [[["bad"], [url]], [["good"], ["https://a.example/"]]]
    assert set(parse_bootstrap(json.dumps({"services": services}).encode()).bases) == {"good"}


def test_given_peers_malformed_files_when_read_then_what_is_sound_stays(corpus: Path) -> None:
    folder = corpus / "hostile" / "rdap_bootstrap_malformed"
    bases = parse_bootstrap((folder / "dns_bad_url.json").read_bytes()).bases
    assert bases["br"] == "https://rdap.registro.br/"
    assert "example" not in bases
    with pytest.raises(KnowledgeError):
        parse_bootstrap((folder / "dns_empty.json").read_bytes())


def test_given_a_refreshed_file_when_it_is_much_smaller_older_or_huge_then_it_is_refused() -> None:
    data = json.loads(SHIPPED.read_bytes())
    assert parse_bootstrap(refresh_bootstrap(SHIPPED.read_bytes())).bases
    with pytest.raises(KnowledgeError, match="suffixes"):
        refresh_bootstrap(json.dumps({**data, "services": data["services"][:20]}).encode())
    renamed = [
        [[f"x{place}-{n}" for n, _ in enumerate(s[0])], s[1]] for place, s in enumerate(data["services"])
    ]
    with pytest.raises(KnowledgeError, match="keeps only"):
        refresh_bootstrap(json.dumps({**data, "services": renamed}).encode())
    with pytest.raises(KnowledgeError, match="older"):
        refresh_bootstrap(json.dumps({**data, "publication": "2019-01-01T00:00:00Z"}).encode())
    with pytest.raises(KnowledgeError, match="bytes"):
        refresh_bootstrap(b" " * (5 << 20))
