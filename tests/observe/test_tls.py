"""Certificate chains in, observations out; certificates are made here."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from scanner.model import About, Bound, Evidence, Observed, Precision, Status
from scanner.observe import observe
from scanner.observe.tls import read_header, trust_of, verify, with_header

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
ABOUT = About("acme.example", as_of=WHEN)
DAY = timedelta(days=1)


@dataclass
class Issuer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issue(
    issuer: Issuer | None,
    *names: str,
    subject: str = "acme.example",
    start: datetime = WHEN - 30 * DAY,
    end: datetime = WHEN + 60 * DAY,
    authority: bool = False,
) -> Issuer:
    """A certificate that passes the web's rules, signed by `issuer` or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(issuer.certificate.subject if issuer else name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=authority)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if authority:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
    if names:
        san = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(san, critical=False)
    return Issuer(key, builder.sign(signer, hashes.SHA256()))


ROOT = issue(None, subject="Test Root", authority=True, start=WHEN - 3000 * DAY, end=WHEN + 3000 * DAY)
MIDDLE = issue(ROOT, subject="Test Middle", authority=True, start=WHEN - 300 * DAY, end=WHEN + 300 * DAY)


def der(*chain: Issuer) -> list[bytes]:
    return [each.certificate.public_bytes(Encoding.DER) for each in chain]


@pytest.fixture
def anchors(tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    path.write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    return str(path)


def read(chain: Sequence[bytes], **header: str) -> Observed:
    return observe("tls", evidence_of(with_header(chain, header)), ABOUT)


def evidence_of(block: bytes) -> Evidence:
    return Evidence("tls://acme.example:443", "application/x-pem-file", WHEN, block)


def test_rows_of_the_leaf() -> None:
    leaf = issue(MIDDLE, "acme.example", "*.ACME.example")
    observed = read(der(leaf, MIDDLE), trust="trusted")
    rows = {(row.name, row.value) for row in observed.observations}
    certificate = next(row for row in observed.observations if row.name == "certificate")
    assert certificate.value == leaf.certificate.fingerprint(hashes.SHA256()).hex()
    assert (str(certificate.starts), str(certificate.ends)) == (
        "2024-05-02T00:00:00Z",
        "2024-07-31T00:00:00Z",
    )
    assert (certificate.bound, certificate.precision) == (Bound.AT, Precision.SECOND)
    assert {("issuer", "CN=Test Middle"), ("subject", "CN=acme.example"), ("trust", "trusted")} <= rows
    assert {value for key, value in rows if key == "name"} == {"acme.example", "*.acme.example"}
    assert len(next(value for key, value in rows if key == "key_digest")) == 64


def test_the_same_key_in_two_certificates_has_one_key_digest() -> None:
    leaf = issue(None, "acme.example")
    again = (
        x509.CertificateBuilder()
        .subject_name(name("other"))
        .issuer_name(name("other"))
        .public_key(leaf.key.public_key())
        .serial_number(7)
        .not_valid_before(WHEN)
        .not_valid_after(WHEN + DAY)
        .sign(leaf.key, hashes.SHA256())
    )
    digests = {
        row.value
        for chain in (der(leaf), [again.public_bytes(Encoding.DER)])
        for row in read(chain).observations
        if row.name == "key_digest"
    }
    assert len(digests) == 1


def test_without_a_trust_line_nothing_is_said_of_trust() -> None:
    assert not [row for row in read(der(issue(MIDDLE, "acme.example"))).observations if row.name == "trust"]
    made_up = read(der(issue(MIDDLE, "acme.example")), trust="certified by the moon")
    assert not [row for row in made_up.observations if row.name == "trust"]


def test_a_header_value_can_not_become_a_second_line() -> None:
    block = with_header(der(ROOT), {"server-name": "x\ntrust: trusted", "reason": ""})
    assert read_header(block) == {"server-name": "x trust: trusted"}


@pytest.mark.parametrize(
    "block", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_unparsed(block: bytes) -> None:
    assert observe("tls", evidence_of(block), ABOUT).status is Status.UNPARSED


def test_trusted_chain(anchors: str) -> None:
    chain = der(issue(MIDDLE, "acme.example", "www.acme.example"), MIDDLE)
    assert trust_of(chain, "acme.example", WHEN, anchors) == "trusted"
    assert trust_of(chain, "www.acme.example", WHEN, anchors) == "trusted"


def test_each_way_not_to_be_trusted_has_its_word(anchors: str) -> None:
    good = issue(MIDDLE, "acme.example")
    alone = issue(None, "acme.example")
    stranger = issue(issue(None, subject="Nobody", authority=True), "acme.example")
    old = issue(MIDDLE, "acme.example", start=WHEN - 90 * DAY, end=WHEN - DAY)
    young = issue(MIDDLE, "acme.example", start=WHEN + DAY)
    assert trust_of(der(old, MIDDLE), "acme.example", WHEN, anchors) == "expired"
    assert trust_of(der(young, MIDDLE), "acme.example", WHEN, anchors) == "not-yet-valid"
    assert trust_of(der(good, MIDDLE), "other.example", WHEN, anchors) == "wrong-name"
    assert trust_of(der(alone), "acme.example", WHEN, anchors) == "self-signed"
    assert trust_of(der(stranger), "acme.example", WHEN, anchors) == "untrusted"
    assert trust_of(der(good), "acme.example", WHEN, anchors) == "untrusted"  # the intermediate is missing


def test_what_can_not_be_told_is_not_told(tmp_path: Path) -> None:
    chain = der(issue(MIDDLE, "acme.example"), MIDDLE)
    assert trust_of(chain, "acme.example", WHEN, str(tmp_path / "missing.pem")) == ""
    assert trust_of([b"not der"], "acme.example", WHEN) == ""
    assert trust_of([], "acme.example", WHEN) == ""


def test_the_moment_of_the_fetch_decides_not_the_clock(anchors: str) -> None:
    chain = der(issue(MIDDLE, "acme.example"), MIDDLE)
    later = WHEN + 61 * DAY
    assert [trust_of(chain, "acme.example", at, anchors) for at in (WHEN, later)] == ["trusted", "expired"]


def test_verify_is_trust_of_for_a_worker(anchors: str) -> None:
    chain = der(issue(MIDDLE, "acme.example"), MIDDLE)
    asked = {
        "chain": [b64encode(each).decode() for each in chain],
        "host": "acme.example",
        "at": WHEN.isoformat(),
        "ca_file": anchors,
    }
    assert verify(json.dumps(asked).encode()) == b"trusted"
