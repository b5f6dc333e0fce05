"""Which addresses may be dialled, and how odd spellings are read."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scanner.egress.policy import ALL_PORTS, WEB_PORTS, ascii_name, literal, why_not

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 100.100.100.200 127.0.0.1 127.255.255.255
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
168.63.129.16
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1:: 2002:a00:1::1 3fff::1 3fff:fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
2606:4700::1111%eth0
""".split()  # noqa: SIM905
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
169.253.255.255 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1
198.51.7.9 223.255.255.255 162.0.229.10 2606:4700::1111 2001:200::1 2001:4860:4860::8888 2a00::1 2003::1
3ffe::1 ::ffff:8.8.8.8
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses_are_refused_and_named(address: str) -> None:
    reason = why_not(address, 443)
    assert reason.startswith("private-address ")
    shown = reason.split()[1]
    assert ipaddress.ip_address(shown) in (
        ipaddress.ip_address(address),
        getattr(ipaddress.ip_address(address), "ipv4_mapped", None),
    )


@pytest.mark.parametrize("address", PUBLIC)
def test_global_unicast_addresses_pass(address: str) -> None:
    assert why_not(address, 443) == ""
    assert why_not(address, 80) == ""


def test_every_special_range_of_the_published_list_is_refused_at_both_ends(corpus: Path) -> None:
    lists = [corpus / "lists" / name for name in ("misp_rfc5735.txt", "misp_rfc6598.txt", "misp_rfc1918.txt")]
    networks = [ipaddress.ip_network(line) for path in lists for line in path.read_text().split() if line]
    assert len(networks) >= 15
    for network in networks:
        assert why_not(str(network[0]), 443), network
        assert why_not(str(network[-1]), 443), network


def test_every_cloud_metadata_address_of_the_corpus_is_refused(corpus: Path) -> None:
    lines = (corpus / "hostile" / "ssrf" / "cloud-metadata.txt").read_text().splitlines()
    hosts = {urlsplit(line.split()[0]).hostname or "" for line in lines if line.startswith("http")}
    addresses = {address for host in hosts if (address := literal(host))}
    assert {"169.254.169.254", "100.100.100.200", "192.0.0.192"} <= addresses
    assert all(why_not(address, 80).startswith("private-address") for address in addresses)


def test_of_the_commonly_open_ports_only_the_webs_pass(corpus: Path) -> None:
    text = (corpus / "hostile" / "ssrf" / "commonly-open-ports.txt").read_text()
    ports = {int(line) for line in text.split()}
    assert len(ports) > 1000
    assert {port for port in ports if not why_not("8.8.8.8", port, ports=WEB_PORTS)} == {80, 443}
    assert {port for port in ports if not why_not("8.8.8.8", port, ports=ALL_PORTS)} == {43, 80, 443}
    assert why_not("8.8.8.8", 22) == "port-refused 22"


def test_given_allowed_networks_then_they_pass_with_any_port_and_nothing_else_does() -> None:
    allow = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8"))
    assert why_not("10.1.2.3", 8080, allow) == ""
    assert why_not("::ffff:10.1.2.3", 80, allow) == ""
    assert why_not("fd00::7", 80, allow) == ""
    assert why_not("10.2.0.1", 80, allow).startswith("private-address")
    assert why_not("8.8.8.8", 8080, allow) == "port-refused 8080"


@pytest.mark.parametrize(
    "text", ["", "acme.example", "1.2.3", "1.2.3.4.5", "0x7f.1", "01.2.3.4", "::g", "1.2.3.4/8"]
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    assert why_not(text, 443).startswith("bad-address")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("0x7f.0x0.0x0.0x1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("4294967295", "255.255.255.255"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("①②⑦.⓪.⓪.①", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::FFFF:127.0.0.1", "127.0.0.1"),
        ("[::ffff:7f00:1]", "127.0.0.1"),
        ("0:0:0:0:0:ffff:a00:1", "10.0.0.1"),
        ("64:ff9b::7f00:1", "64:ff9b::7f00:1"),
        ("::ffff:0:7f00:1", "::ffff:0:7f00:1"),
        ("8.8.8.8", "8.8.8.8"),
        ("134744072", "8.8.8.8"),
        ("acme.example", ""),
        ("1.2.3.4.example", ""),
        ("0x7f.example", ""),
        ("localhost", ""),
        ("xn--bcher-kva.example", ""),
    ],
)
def test_an_address_is_read_in_every_spelling_a_browser_reads(host: str, address: str) -> None:
    assert literal(host) == address


@pytest.mark.parametrize(
    "host", ["256.1.1.1", "1.2.3.4.5", "4294967296", "1.2.3.0x100", "08.1.1.1", "[::g]", "a.1", "1..1"]
)
def test_a_number_that_is_no_address_is_an_error(host: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        literal(host)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("ACME.example", "acme.example"),
        ("acme.example.", "acme.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("ａcme。example", "acme.example"),
        ("💩.example", "xn--ls8h.example"),
        ("_dmarc.acme.example", "_dmarc.acme.example"),
    ],
)
def test_names_are_lower_case_a_labels(host: str, name: str) -> None:
    assert ascii_name(host) == name


@pytest.mark.parametrize(
    "host",
    ["", ".", "a..b", "a b", "a\nb", "x" * 64 + ".example", "a." * 130 + "b", "a/b", "a\x00b", "%31.example"],
)
def test_what_can_not_be_a_name_is_an_error(host: str) -> None:
    with pytest.raises(ValueError, match="not a host name"):
        ascii_name(host)
