"""No address inside the owner's network is ever reached, by whatever path; nothing leaks past the routes."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from scanner.egress import (
    Blocked,
    EgressError,
    Garbled,
    NameAbsent,
    Network,
    NetworkConfig,
    TimedOut,
    Unreachable,
    typed,
)
from scanner.egress.tls import verifying
from scanner.model import Status
from tests.egress.tiny_servers import PUBLIC, PUBLIC6, Authority, Open, TinyDns, TinyWeb, ok, redirect

HOSTILE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "①②⑦.⓪.⓪.①",
    "10.0.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1%25eth0]",
    "[fd00:ec2::254]",
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "inside.example",
    "mapped.example",
    "alias.example",
]


@pytest.fixture
def hostile_names(dns_server: TinyDns) -> None:
    dns_server.zone["inside.example", "A"] = ["10.0.0.1"]
    dns_server.zone["mapped.example", "AAAA"] = ["::ffff:127.0.0.1", "64:ff9b::7f00:1"]
    dns_server.zone["alias.example", "A"] = ["-> metadata.google.internal", "169.254.169.254"]
    dns_server.zone["acme.example", "A"] = [PUBLIC]


@pytest.mark.usefixtures("hostile_names")
@pytest.mark.parametrize("host", HOSTILE_HOSTS)
async def test_a_private_address_is_blocked_in_every_spelling(
    network: Network, web: TinyWeb, host: str
) -> None:
    with pytest.raises(Blocked) as caught:
        await network.http(f"http://{host}/")
    assert caught.value.status is Status.BLOCKED
    assert caught.value.slug == "private-address"
    assert web.heads == []


@pytest.mark.usefixtures("hostile_names")
@pytest.mark.parametrize("host", HOSTILE_HOSTS)
async def test_a_redirect_to_a_private_address_is_blocked_and_the_hop_is_kept(
    network: Network, web: TinyWeb, host: str
) -> None:
    web.pages["/go"] = redirect(f"http://{host}/secret")
    with pytest.raises((Blocked, Garbled)) as caught:
        await network.http("http://acme.example/go", redirects=3)
    assert [hop.status for hop in caught.value.hops] == [302]
    assert caught.value.hops[0].evidence.address == PUBLIC
    assert len(web.heads) == 1


@pytest.mark.usefixtures("hostile_names")
@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "localhost", "inside.example", "0x7f.1", "::1"])
@pytest.mark.parametrize("port", [43, 443])
async def test_streams_for_whois_and_tls_go_through_the_same_policy(
    network: Network, host: str, port: int
) -> None:
    with pytest.raises(Blocked, match="private-address"):
        await network.connect(host, port)


async def test_every_metadata_address_of_the_corpus_is_out_of_reach(
    network: Network, web: TinyWeb, dns_server: TinyDns, corpus: Path
) -> None:
    lines = (corpus / "hostile" / "ssrf" / "cloud-metadata.txt").read_text().splitlines()
    urls = [line.split()[0] for line in lines if line.startswith("http")]
    for host in {urlsplit(url).hostname or "" for url in urls}:
        dns_server.zone[host, "A"] = ["169.254.169.254"]
    assert len(urls) > 30
    for url in urls:
        with pytest.raises(Blocked, match="private-address"):
            await network.http(url)
    assert web.heads == []


@pytest.mark.parametrize("port", [22, 25, 43, 8080, 0, 65535])
async def test_other_ports_are_refused_even_on_public_addresses(network: Network, port: int) -> None:
    with pytest.raises(Blocked, match="port-refused"):
        await network.http(f"http://{PUBLIC}:{port}/")


async def test_a_stream_may_use_port_43_and_no_other_beside_the_webs(opened: Open, web: TinyWeb) -> None:
    network = opened(routes={("", 43): ("127.0.0.1", web.port)})
    async with await network.connect(PUBLIC, 43) as connection:
        assert connection.address == PUBLIC
    with pytest.raises(Blocked, match="port-refused 25"):
        await network.connect(PUBLIC, 25)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "data:text/plain,x", "ftp://acme.example/", "gopher://acme.example/", "//x", ""],
)
async def test_other_schemes_are_blocked_also_as_a_redirect(network: Network, web: TinyWeb, url: str) -> None:
    with pytest.raises(Blocked, match="scheme"):
        await network.http(url)
    if urlsplit(url).scheme:
        web.pages["/go"] = redirect(url)
        with pytest.raises(Blocked, match="scheme"):
            await network.http(f"http://{PUBLIC}/go", redirects=1)


@pytest.mark.parametrize(
    "url", ["http://", "http://256.1.1.1/", "http://a..b/", "http://a b/", "http://[::g]/", "http://x:99999/"]
)
async def test_what_is_no_url_is_garbled(network: Network, url: str) -> None:
    with pytest.raises(Garbled):
        await network.http(url)


async def test_given_a_name_with_private_and_public_addresses_then_the_public_one_is_dialled(
    network: Network, web: TinyWeb, dns_server: TinyDns
) -> None:
    dns_server.zone["mixed.example", "A"] = ["10.0.0.1", "127.0.0.1", PUBLIC]
    answer = await network.http("http://mixed.example/")
    assert (answer.status, answer.address) == (200, PUBLIC)
    assert await network.addresses("mixed.example") == ("10.0.0.1", "127.0.0.1", PUBLIC)
    assert network.why_not("10.0.0.1").startswith("private-address")


async def test_given_answers_that_alternate_then_each_network_gets_exactly_what_was_judged(
    opened: Open, web: TinyWeb, dns_server: TinyDns
) -> None:
    """DNS rebinding: a public address first, a private one the next time, a record life of nothing."""
    dns_server.zone["rebind.example", "A"] = [[PUBLIC], ["127.0.0.1"]]
    outcomes = []
    for _ in range(6):
        try:
            outcomes.append((await opened().http("http://rebind.example/")).address)
        except Blocked as error:
            outcomes.append(error.slug)
    assert outcomes == [PUBLIC, "private-address"] * 3
    assert len(web.heads) == 3


async def test_given_rebinding_within_one_scan_then_the_first_answer_stands(
    network: Network, web: TinyWeb, dns_server: TinyDns
) -> None:
    dns_server.zone["rebind.example", "A"] = [[PUBLIC], ["127.0.0.1"]]
    answers = [await network.http("http://rebind.example/") for _ in range(4)]
    assert {answer.address for answer in answers} == {PUBLIC}


async def test_given_hundreds_of_addresses_then_few_are_dialled(opened: Open, dns_server: TinyDns) -> None:
    dns_server.zone["many.example", "A"] = [f"93.184.216.{n}" for n in range(1, 60)]
    assert len(await opened().reachable("many.example", 80)) == 4


# ------------------------------------------------------------------------------------------- routes


async def test_with_routes_a_connection_without_one_fails(opened: Open, web: TinyWeb) -> None:
    network = opened()
    with pytest.raises(Unreachable, match=f"no-route {PUBLIC}:443"):
        await network.http(f"https://{PUBLIC}/")
    with pytest.raises(Unreachable, match="no-route"):
        await network.connect(PUBLIC, 43)
    assert web.heads == []


async def test_the_logical_address_stays_also_for_ipv6_routed_to_ipv4(network: Network) -> None:
    for address, url in ((PUBLIC, f"http://{PUBLIC}/"), (PUBLIC6, f"http://[{PUBLIC6}]/")):
        answer = await network.http(url)
        assert (answer.address, answer.evidence.address) == (address, address)
        async with await network.connect(address, 80) as connection:
            assert connection.address == address
            assert connection.writer.get_extra_info("peername")[0] == address


async def test_refuse_and_blackhole_look_like_the_real_thing(opened: Open, web: TinyWeb) -> None:
    routes = {("", 80): ("127.0.0.1", web.port), ("1.1.1.1", 80): "refuse", ("1.0.0.1", 80): "blackhole"}
    network = opened(routes=routes)
    with pytest.raises(Unreachable, match="connection-refused"):
        await network.http("http://1.1.1.1/")
    with pytest.raises(TimedOut):
        await network.http("http://1.0.0.1/", timeout=0.1)
    with pytest.raises(Unreachable, match="connection-refused"):
        await network.connect("1.1.1.1", 80)
    with pytest.raises(TimedOut):
        await network.connect("1.0.0.1", 80, timeout=0.1)
    assert web.heads == []


async def test_given_a_dead_first_address_then_the_next_one_answers(
    opened: Open, web: TinyWeb, dns_server: TinyDns
) -> None:
    dns_server.zone["acme.example", "A"] = ["1.0.0.1", "1.1.1.1", PUBLIC]
    routes = {("", 80): ("127.0.0.1", web.port), ("1.1.1.1", 80): "refuse", ("1.0.0.1", 80): "blackhole"}
    network = opened(routes=routes)
    async with await network.connect("acme.example", 80, timeout=1.5) as connection:
        assert connection.address == PUBLIC
    assert (await network.http("http://acme.example/", timeout=10)).address == PUBLIC


async def test_what_the_file_names_is_trusted_but_what_an_answer_names_is_not(
    opened: Open, web: TinyWeb
) -> None:
    network = opened(allow=(ipaddress.ip_network("10.9.0.0/16"),), routes={("", 80): ("127.0.0.1", web.port)})
    assert (await network.http("http://10.9.0.1/")).address == "10.9.0.1"
    web.pages["/go"] = redirect("http://10.8.0.1/")
    with pytest.raises(Blocked, match=r"private-address 10\.8\.0\.1"):
        await network.http("http://10.9.0.1/go", redirects=1)


async def test_without_routes_an_allowed_network_is_dialled_straight(web: TinyWeb) -> None:
    config = NetworkConfig(allow=(ipaddress.ip_network("127.0.0.0/8"),))
    async with Network(config) as network:
        answer = await network.http(f"http://127.0.0.1:{web.port}/")
    assert (answer.status, answer.body, answer.address) == (200, b"hello", "127.0.0.1")


# ------------------------------------------------------------------------- other clients, same connector


async def test_any_aiohttp_client_with_our_connector_is_behind_the_door(
    network: Network, web: TinyWeb, dns_server: TinyDns
) -> None:
    dns_server.zone["inside.example", "A"] = ["10.0.0.1"]
    web.pages["/go"] = redirect("http://127.0.0.1/")
    outcomes = []
    async with aiohttp.ClientSession(connector=network.connector(limit_per_host=2)) as session:
        urls = [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://inside.example/",
            "http://none.example/",
            f"http://{PUBLIC}/go",
        ]
        for url in urls:
            with pytest.raises(Exception) as caught:  # noqa: PT011 - what matters is what it means
                await session.get(url)
            outcomes.append(type(typed(caught.value)))
    assert outcomes == [Blocked, Garbled, Blocked, Unreachable, Blocked]


async def test_a_network_ignores_proxies_of_the_environment(
    network: Network, web: TinyWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert (await network.http(f"http://{PUBLIC}/")).status == 200


# ---------------------------------------------------------------------------------------------- TLS


async def test_tls_is_checked_against_the_files_ca_and_can_be_looked_at_without(
    opened: Open, authority: Authority, dns_server: TinyDns
) -> None:
    dns_server.zone["acme.example", "A"] = dns_server.zone["other.example", "A"] = [PUBLIC]
    server = TinyWeb()
    await server.start(authority.context("acme.example"))
    routes = {("", 443): ("127.0.0.1", server.port)}
    trusting, doubting = opened(routes=routes, ca_file=authority.ca_file), opened(routes=routes)
    assert (await trusting.http("https://acme.example/")).body == b"hello"
    with pytest.raises(Unreachable, match=r"tls .*other\.example"):
        await trusting.http("https://other.example/")
    with pytest.raises(Unreachable, match=r"^tls "):
        await doubting.http("https://acme.example/")
    async with await doubting.connect("acme.example", 443, ssl_context=doubting.ssl_context(False)) as open_:
        certificate = open_.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        assert ssl.DER_cert_to_PEM_cert(certificate).startswith("-----BEGIN CERTIFICATE")
        assert open_.address == PUBLIC
    with pytest.raises(Unreachable, match=r"^tls "):
        await doubting.connect("acme.example", 443, ssl_context=doubting.ssl_context(True))
    await server.stop()


def test_which_chains_are_trusted_does_not_hang_on_pythons_version(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a Python whose defaults are those of 3.13
    made = ssl.create_default_context

    def strict(cafile: str | None = None) -> ssl.SSLContext:
        context = made(cafile=cafile)
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        return context

    monkeypatch.setattr(ssl, "create_default_context", strict)
    # then the same is asked of a certificate as before
    flags = verifying().verify_flags
    assert not flags & (ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN)
    assert verifying().verify_mode is ssl.CERT_REQUIRED
    assert verifying().check_hostname


async def test_an_expired_certificate_says_so(
    opened: Open, authority: Authority, dns_server: TinyDns
) -> None:
    dns_server.zone["acme.example", "A"] = [PUBLIC]
    server = TinyWeb()
    await server.start(authority.context("acme.example", days=-10))
    network = opened(routes={("", 443): ("127.0.0.1", server.port)}, ca_file=authority.ca_file)
    with pytest.raises(Unreachable, match="tls certificate has expired"):
        await network.http("https://acme.example/")
    await server.stop()


async def test_a_port_that_does_not_speak_tls_is_a_tls_failure(opened: Open) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-x\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    network = opened(routes={("", 443): ("127.0.0.1", port)})
    with pytest.raises(Unreachable, match=r"^tls "):
        await network.http(f"https://{PUBLIC}/")
    with pytest.raises(Unreachable, match=r"^tls "):
        await network.connect(PUBLIC, 443, ssl_context=network.ssl_context(False))
    server.close()


async def test_a_name_that_does_not_exist_is_absent(network: Network, dns_server: TinyDns) -> None:
    dns_server.zone["gone.example", "*"] = "nxdomain"
    for attempt in (network.http("http://gone.example/"), network.connect("gone.example", 43)):
        with pytest.raises(NameAbsent):
            await attempt


async def test_a_network_can_be_closed_while_it_works(opened: Open, dns_server: TinyDns) -> None:
    network = opened()
    dns_server.zone["slow.example", "*"] = "timeout"
    working = asyncio.create_task(network.http("http://slow.example/"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await network.close()
    with pytest.raises((EgressError, asyncio.CancelledError)):
        await working


def test_the_tiny_answers_are_http() -> None:
    assert ok(b"x").startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n")
