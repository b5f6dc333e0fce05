"""Hosting: shipped tables, platform and parking recognition, and their builder."""

from __future__ import annotations

import ipaddress
import time
from pathlib import Path

import pytest

from scanner import hosting_data
from scanner.hosting_data import HostingDataError, RangeTable, pack
from scanner.observe import hosting
from seeds.hosting import build


def facts(*addresses: str) -> set[tuple[str, str]]:
    return {(row.name, row.value) for row in hosting.of_addresses(addresses, "sha256:x")}


@pytest.mark.parametrize(
    ("address", "network", "country"),
    [
        ("8.8.8.8", "15169 Google LLC", "US"),
        ("162.0.229.10", "22612 Namecheap, Inc.", "US"),
        ("5.9.161.60", "24940 Hetzner Online GmbH", "DE"),
        ("93.184.216.34", "", "US"),  # registered, not routed
        ("2606:4700::1111", "13335 Cloudflare, Inc.", "US"),
        ("10.0.0.1", "", ""),
    ],
)
def test_shipped_tables_know_an_address(address: str, network: str, country: str) -> None:
    assert hosting_data.networks().find(address) == network
    assert hosting_data.countries().find(address) == country


def test_shipped_tables_name_publisher_licence_and_date() -> None:
    for table in (hosting_data.networks(), hosting_data.countries()):
        assert table.header["publisher"]
        assert table.header["licence"] == "CC-BY-4.0"
        assert table.header["date"] == "2026-06-17"


def test_tables_load_quickly_and_answer_quickly() -> None:
    # generous bounds: they catch a table that is parsed row by row, not a slow machine
    packed = Path(build.__file__).with_name("networks.bin.gz").read_bytes()
    started = time.perf_counter()
    table = RangeTable(packed, name="networks")
    loaded = time.perf_counter()
    for last in range(2000):
        table.find(f"104.21.{last % 256}.7")
    assert loaded - started < 1.0
    assert time.perf_counter() - loaded < 0.5


def test_a_private_address_has_no_hosting() -> None:
    assert facts("10.0.0.1", "127.0.0.1", "fe80::1", "not an address") == set()


def test_networks_and_countries_are_written_once_each() -> None:
    # given two addresses of one network
    rows = list(hosting.of_addresses(["162.0.229.10", "162.0.229.11"], "sha256:x"))
    assert [(row.name, row.value) for row in rows] == [("asn", "22612 Namecheap, Inc."), ("country", "US")]
    assert all(row.source == "dns" and row.evidence == "sha256:x" for row in rows)


@pytest.mark.parametrize(
    ("address", "platform"),
    [
        ("104.21.5.6", "Cloudflare"),
        ("185.199.108.153", "GitHub Pages"),  # inside Fastly's network: the smaller range wins
        ("151.101.1.195", "Fastly"),
        ("23.227.38.65", "Shopify"),  # inside Cloudflare's network
        ("76.76.21.21", "Vercel"),
        ("75.2.60.5", "Netlify"),  # inside AWS Global Accelerator
        ("15.197.148.33", "AWS Global Accelerator"),
        ("13.225.34.10", "Amazon CloudFront"),
        ("198.185.159.144", "Squarespace"),
        ("185.230.63.107", "Wix"),
        ("192.0.78.24", "WordPress.com"),
        ("192.64.119.5", "Namecheap URL forwarding"),
        ("2606:50c0:8000::153", "GitHub Pages"),
    ],
)
def test_shared_platforms_are_recognised_by_address(address: str, platform: str) -> None:
    assert ("platform", platform) in facts(address)


@pytest.mark.parametrize(
    "address", ["162.0.229.10", "5.9.161.60", "146.190.1.1", "51.81.2.1", "198.54.115.10"]
)
def test_ordinary_hosting_is_neither_platform_nor_parking(address: str) -> None:
    assert {name for name, _ in facts(address)} <= {"asn", "country"}


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("199.59.243.225", "Bodis"),
        ("91.195.240.94", "Sedo"),
        ("185.53.177.50", "ParkingCrew"),
        ("103.224.182.242", "Above.com"),
        ("3.64.163.50", "Dan.com"),
    ],
)
def test_parking_addresses(address: str, service: str) -> None:
    assert ("parking", service) in facts(address)


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        (["ns1.sedoparking.com", "ns2.sedoparking.com"], [("parking", "Sedo")]),
        (["ns1.parkingcrew.net", "ns2.parkingcrew.net"], [("parking", "ParkingCrew")]),
        (["ns1.koaladns.com", "ns2.koaladns.com"], [("parking", "koaladns.com")]),
        (["ns6.wixdns.net", "ns7.wixdns.net"], [("platform", "Wix")]),
        # defaults of registrars and hosts that carry ordinary sites
        (["dns1.registrar-servers.com", "dns2.registrar-servers.com"], []),
        (["ns1.dns-parking.com", "ns2.dns-parking.com"], []),
        (["ns37.domaincontrol.com", "ns38.domaincontrol.com"], []),
        (["ns1.dnsowl.com"], []),
        (["ada.ns.cloudflare.com"], []),
        # a set that is only partly with the service says nothing
        (["ns1.sedoparking.com", "ns1.hetzner.com"], []),
        (["notsedoparking.com"], []),
        ([], []),
    ],
)
def test_name_servers(servers: list[str], expected: list[tuple[str, str]]) -> None:
    assert [(row.name, row.value) for row in hosting.of_name_servers(servers, "")] == expected


def test_cname_chain_names_each_service_once() -> None:
    chain = ["cname.vercel-dns.com", "cname-china.vercel-dns.com", "parkingpage.namecheap.com"]
    found = [(row.name, row.value) for row in hosting.of_cnames(chain, "")]
    assert found == [("platform", "Vercel"), ("parking", "Namecheap parking")]


def test_a_private_suffix_is_a_platform_even_when_the_list_lacks_it() -> None:
    assert [row.value for row in hosting.of_platform("github.io", "")] == ["GitHub Pages"]
    assert [row.value for row in hosting.of_platform("is-a.dev", "")] == ["is-a.dev"]
    assert list(hosting.of_platform("", "")) == []


def test_as_numbers_of_platforms_carry_the_organisation_they_are_listed_for() -> None:
    # given the labels of the shipped table, an AS number that moved to someone else shows
    import re

    import yaml

    raw = yaml.safe_load(Path(build.__file__).with_name("platforms.yaml").read_text("utf-8"))
    table = hosting_data.networks()
    labels = {
        label.split(" ", 1)[0]: label for label in map(table._label, range(1, int(table.header["labels"])))
    }
    for entry in raw["platforms"]:
        for asn in entry.get("asns", ()):
            assert re.search(entry["organisation"], labels[str(asn)], re.IGNORECASE), (
                entry["name"],
                labels[str(asn)],
            )
        assert entry["source"].startswith("https://")


def test_parking_knowledge_holds_no_general_name_server_and_names_its_lists() -> None:
    ordinary = (
        *(
            "ns1.registrar-servers.com",
            "ns1.name.com",
            "ns1.one.com",
            "shades1.rzone.de",
            "ns1.wordpress.com",
        ),
        *(
            "ns1.markmonitor.com",
            "ns1.sav.com",
            "ns.directnic.com",
            "ns1.awsdns-1.com",
            "ns1.dns-parking.com",
        ),
    )
    assert [hosting.parking().by_name_server(host) for host in ordinary] == [""] * len(ordinary)


def test_parking_knowledge_comes_from_the_lists_it_names(corpus: Path) -> None:
    # given the two public lists
    lists = corpus / "lists"
    listed = {line.strip().rstrip(".") for line in (lists / "misp_parking-domain-ns.txt").open()}
    listed_networks = [
        ipaddress.ip_network(line.strip())
        for line in (lists / "misp_parking-domain.txt").open()
        if line.strip()
    ]
    # then every name server and network here stands in them (or holds an entry of theirs)
    for entry in hosting.parking().entries:
        for name in entry.name_servers:
            assert any(host == name or host.endswith("." + name) for host in listed), name
        for network in entry.networks:
            assert network in listed_networks, network


# ---------------------------------------------------------------------------------------- the builder


def test_packing_keeps_gaps_joins_neighbours_and_cuts_ipv6_to_64_bits() -> None:
    rows = [
        ("1.0.0.0", "1.0.0.255", "64500 One"),
        ("1.0.1.0", "1.0.1.255", "64500 One"),
        ("1.0.3.0", "1.0.3.255", "64501 Two, Inc."),
        ("2001:4860::", "2001:4860:0:1:ffff:ffff:ffff:ffff", "64502 Six"),
    ]
    table = RangeTable(pack(rows, {"date": "2026-06-17"}))
    assert table.header["v4"] == 5  # nothing, One, nothing, Two, nothing
    found = [table.find(address) for address in ("0.9.9.9", "1.0.1.255", "1.0.2.0", "1.0.3.1", "1.0.4.0")]
    assert found == ["", "64500 One", "", "64501 Two, Inc.", ""]
    assert [table.find(a) for a in ("2001:4860::1", "2001:4860:0:1::", "2001:4860:0:2::")] == [
        "64502 Six",
        "64502 Six",
        "",
    ]


def test_packing_is_reproducible() -> None:
    rows = [("1.0.0.0", "1.0.0.255", "64500 One")]
    assert pack(rows, {"date": "2026-06-17"}) == pack(rows, {"date": "2026-06-17"})


@pytest.mark.parametrize("damage", [b"", b"not gzip", b"\x1f\x8b\x08\x00"])
def test_a_damaged_table_is_one_clear_error(damage: bytes) -> None:
    with pytest.raises(HostingDataError):
        RangeTable(damage)


def test_a_cut_table_is_one_clear_error() -> None:
    whole = Path(build.__file__).with_name("countries.bin.gz").read_bytes()
    with pytest.raises(HostingDataError):
        RangeTable(whole[: len(whole) // 2], name="countries")


def test_an_empty_feed_can_not_replace_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # given files far smaller than the publisher's
    for name, row in (("a4", "1.0.0.0,1.0.0.255,64500,One"), ("a6", "2001:4860::,2001:4860::1,64500,One")):
        (tmp_path / name).write_text(row + "\n")
    (tmp_path / "c4").write_text("1.0.0.0,1.0.0.255,AU\n")
    (tmp_path / "c6").write_text("2001:4860::,2001:4860::1,US\n")
    files = [
        f"--{key}={tmp_path / name}" for key, name in zip(build.URLS, ("a4", "a6", "c4", "c6"), strict=True)
    ]
    # when they are built
    code = build.main([*files, "--date", "2026-06-17", "--out", str(tmp_path)])
    # then nothing is written, and one line says why
    assert code == 1
    assert "expected" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.gz"))


def test_the_builder_refuses_rows_of_another_shape() -> None:
    files = dict.fromkeys(build.URLS, b"1.0.0.0,1.0.0.255\n")
    with pytest.raises(HostingDataError, match="columns"):
        build.build(files, date="2026-06-17")
