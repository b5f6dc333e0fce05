"""The network file: what it says, and one clear line when it is wrong."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.egress import ConfigError, Network, NetworkConfig

CONTRACT = """
now = "2024-06-01T00:00:00Z"
resolver = ["127.0.0.1:5353"]
rdap_bootstrap = "https://data.iana.test/rdap/dns.json"
whois = { default = "whois.iana.test", uk = "whois.nic.test" }
archive = "https://web.archive.org"
ct = "https://crt.sh"
ca_file = "ca.pem"
allow = ["10.1.0.0/16"]
pace = false
deadline_scale = 0.1
[routes]
"80" = "127.0.0.1:8080"
"443" = "127.0.0.1:8443"
"43" = "127.0.0.1:4343"
"198.51.7.9:443" = "refuse"
"[2606:4700::1]:80" = "blackhole"
"""


def test_the_contracts_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not read here")
    (tmp_path / "network.toml").write_text(CONTRACT)
    config = NetworkConfig.load(tmp_path / "network.toml")
    assert config.now == datetime(2024, 6, 1, tzinfo=UTC)
    assert config.resolver == (("127.0.0.1", 5353),)
    assert config.rdap_bootstrap == "https://data.iana.test/rdap/dns.json"
    assert (config.whois_server("uk"), config.whois_server("com")) == ("whois.nic.test", "whois.iana.test")
    assert (config.archive, config.ct) == ("https://web.archive.org", "https://crt.sh")
    assert config.ca_file == tmp_path / "ca.pem"
    assert config.route("93.184.216.34", 80) == ("127.0.0.1", 8080)
    assert config.route("198.51.7.9", 443) == "refuse"
    assert config.route("198.51.7.9", 80) == ("127.0.0.1", 8080)
    assert config.route("2606:4700::1", 80) == "blackhole"
    assert config.route("93.184.216.34", 22) is None
    assert config.allow == (ipaddress.ip_network("10.1.0.0/16"),)
    assert (config.pace, config.deadline_scale) == (False, 0.1)


def test_without_a_file_it_is_the_real_internet() -> None:
    config = NetworkConfig.parse("", Path())
    assert config == NetworkConfig()
    assert config.rdap_bootstrap == "https://data.iana.org/rdap/dns.json"
    assert config.whois_server("com") == "whois.iana.org"
    assert (config.routes, config.resolver, config.allow, config.pace) == ({}, (), (), True)


@pytest.mark.parametrize(
    "now", ['"2024-06-01"', "2024-06-01", "2024-06-01T00:00:00Z", '"2024-06-01T02:00:00+02:00"']
)
def test_now_may_be_text_or_a_toml_date(now: str) -> None:
    assert NetworkConfig.parse(f"now = {now}", Path()).now == datetime(2024, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nope = 1", "unknown key 'nope'"),
        ("now = 7", "now: must be a time"),
        ("now = 'soon'", "now: must be a time"),
        ("resolver = ['dns.example:53']", "resolver: 'dns.example' is not an IP address"),
        ("resolver = 5", "resolver: must be a list"),
        ("resolver = ['127.0.0.1:99999']", "resolver: must be ADDRESS:PORT"),
        ("archive = 'ftp://x'", "archive: must be an http"),
        ("ct = 5", "ct: must be an http"),
        ("whois = { default = 5 }", "whois: must be a table"),
        ("ca_file = 'missing.pem'", "ca_file: no such file"),
        ("routes = { '443' = 'nowhere' }", "routes: must be ADDRESS:PORT"),
        ("routes = { 'acme.example:443' = 'refuse' }", "routes: 'acme.example' is not an IP address"),
        ("routes = { '0' = 'refuse' }", "routes: must be ADDRESS:PORT"),
        ("routes = ['x']", "routes: must be a table"),
        ("allow = ['10.0.0.1/8']", "allow: 10.0.0.1/8 has host bits set"),
        ("allow = '10.0.0.0/8'", "allow: must be a list"),
        ("pace = 1", "pace: must be true or false"),
        ("deadline_scale = 0", "deadline_scale: must be a number above 0"),
        ("deadline_scale = true", "deadline_scale: must be a number above 0"),
        ("proxy = 'http://proxy.example'", "proxy: sending traffic through a proxy is not supported"),
        ("= 5", "not TOML"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_the_key(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "network.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        NetworkConfig.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert words in message
    assert "\n" not in message


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        NetworkConfig.load(tmp_path / "none.toml")


def test_the_clock_starts_at_now_and_runs_on() -> None:
    ticks = iter([100.0, 160.0])
    from scanner.egress.clock import Clock

    clock = Clock(datetime(2024, 6, 1, tzinfo=UTC), monotonic=lambda: next(ticks))
    assert clock.now() == datetime(2024, 6, 1, 0, 1, tzinfo=UTC)


def test_without_now_the_clock_is_real_and_deadlines_scale() -> None:
    network = Network(NetworkConfig(deadline_scale=0.5))
    assert abs((network.now() - datetime.now(UTC)).total_seconds()) < 5
    assert network.scale(10) == 5
