"""Certificates of a world, judged by OpenSSL and by cryptography's own verifier."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from scanner.world import load
from scanner.world.authority import Certificates, default_names, validity
from scanner.world.words import Tls

WORLD = """
now: 2024-06-01
domains:
  plain.com: {site: sites/a, hosts: {shop: sites/a, _dmarc: {dns: {TXT: [x]}}}}
  dated.com: {site: sites/a, tls: {not_before: 2024-02-01, names: [dated.com]}}
  expired.com: {site: sites/a, tls: {expired: true}}
  untrusted.com: {site: sites/a, tls: {untrusted: true}}
  wrong.com: {site: sites/a, tls: {names: [other.com]}}
  platform.io: {site: sites/a, hosts: {jane: sites/a}, tls: {names: ["*.platform.io", platform.io]}}
  notls.com: {site: sites/a, tls: {none: true}}
"""
NOW = datetime(2024, 6, 1, tzinfo=UTC)


async def shown(box, host) -> list[x509.Certificate]:
    """The chain a server sends, without judging it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    address, _, port = box.network["routes"]["443"].rpartition(":")
    _, writer = await asyncio.open_connection(address, int(port), ssl=context, server_hostname=host)
    tls = writer.get_extra_info("ssl_object")
    chain = tls._sslobj.get_unverified_chain()
    writer.close()
    return [x509.load_der_x509_certificate(ssl.PEM_cert_to_DER_cert(cert.public_bytes())) for cert in chain]


def verify(box, chain, host, when=NOW):
    root = x509.load_pem_x509_certificate(Path(box.network["ca_file"]).read_bytes())
    verifier = PolicyBuilder().store(Store([root])).time(when).build_server_verifier(x509.DNSName(host))
    return verifier.verify(chain[0], chain[1:])


def names(certificate):
    return certificate.extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    ).value.get_values_for_type(x509.DNSName)


async def test_a_site_has_a_valid_certificate_from_thirty_days_before_now(world):
    async with world(WORLD) as box:
        chain = await shown(box, "plain.com")
        # then both verifiers take it: by the world's clock, and OpenSSL by the machine's
        assert len(verify(box, chain, "plain.com")) == 3
        assert (await box.get("https://plain.com/"))[0] == 200
        assert (await box.get("https://shop.plain.com/"))[0] == 200
    assert names(chain[0]) == ["plain.com", "www.plain.com", "shop.plain.com"]
    assert chain[0].not_valid_before_utc == NOW - timedelta(days=30)
    assert len(chain) == 2, "leaf and intermediate; the root is the client's"


async def test_dates_and_names_of_the_file_are_in_the_certificate(world):
    async with world(WORLD) as box:
        chain = await shown(box, "dated.com")
        verify(box, chain, "dated.com")
        platform = await shown(box, "jane.platform.io")
        verify(box, platform, "jane.platform.io")
    assert names(chain[0]) == ["dated.com"]
    assert chain[0].not_valid_before_utc == datetime(2024, 2, 1, tzinfo=UTC)
    assert names(platform[0]) == ["*.platform.io", "platform.io"]


@pytest.mark.parametrize("host", ["expired.com", "untrusted.com", "wrong.com"])
async def test_bad_certificates_are_refused_by_both_verifiers(world, host):
    async with world(WORLD) as box:
        with pytest.raises(VerificationError):
            verify(box, await shown(box, host), host)
        with pytest.raises(OSError, match=r"certificate|CERTIFICATE"):
            await box.get(f"https://{host}/")
        assert (await box.get(f"https://{host}/", ssl=False))[0] == 200


async def test_an_expired_one_was_good_before(world):
    async with world(WORLD) as box:
        chain = await shown(box, "expired.com")
        verify(box, chain, "expired.com", NOW - timedelta(days=30))
    assert chain[0].not_valid_after_utc < NOW


@pytest.mark.parametrize("host", ["notls.com", "unlisted.com"])
async def test_without_tls_the_handshake_is_refused(world, host):
    async with world(WORLD) as box:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await shown(box, host)


async def test_services_are_valid_by_both_clocks(world):
    async with world(WORLD.replace("2024-06-01", "2019-06-01")) as box:
        for host in ("rdap.com.test", "web.archive.org", "crt.sh", "data.iana.test"):
            verify(box, await shown(box, host), host, datetime(2019, 6, 1, tzinfo=UTC))
            verify(box, await shown(box, host), host, datetime.now(UTC))


async def test_the_same_world_shows_the_same_certificates_and_no_two_sites_share_a_key(world):
    async with world(WORLD) as box:
        first = [await shown(box, host) for host in ("plain.com", "dated.com")]
    async with world(WORLD) as box:
        again = [await shown(box, host) for host in ("plain.com", "dated.com")]
    assert [chain[0].public_bytes(Encoding.DER) for chain in first] == [
        chain[0].public_bytes(Encoding.DER) for chain in again
    ]
    assert first[0][0].public_key() != first[1][0].public_key()


def test_a_certificate_is_made_when_first_asked_for(write, tmp_path):
    # given a world with many sites
    text = "now: 2024-06-01\ndomains:\n" + "".join(f"  site-{n}.com: {{site: sites/a}}\n" for n in range(500))
    served = load(write(text))
    certificates = Certificates(served.now, tmp_path)
    assert certificates.made == 0
    # when one is asked for, twice; then one was made
    first = certificates.for_domain(served.domains["site-7.com"])
    assert certificates.for_domain(served.domains["site-7.com"]) is first
    assert certificates.made == 1
    assert not list(tmp_path.glob("*.pem")), "private keys don't stay on disk"
    assert default_names(served.domains["site-7.com"]) == ("site-7.com", "www.site-7.com")


@pytest.mark.parametrize(
    "tls",
    [
        Tls(),
        Tls(not_before=datetime(2015, 1, 1, tzinfo=UTC)),
        Tls(not_before=datetime(2024, 5, 30, tzinfo=UTC)),
    ],
)
def test_only_what_the_file_says_has_run_out(tls):
    start, end = validity(tls, NOW)
    assert start < NOW < end
    assert datetime.now(UTC) < end
    assert validity(Tls(not_after=datetime(2024, 5, 1, tzinfo=UTC)), NOW)[1] < NOW
