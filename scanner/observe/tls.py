"""What a server's certificate chain says: leaf digest, validity, names, issuer, key, and trust.

Evidence is PEM with uri `tls://HOST:443`, leaf first. Lines before the first certificate are `key: value`
(RFC 7468 lets text stand there), written by `with_header`:

    server-name: example.com
    trust: trusted

`trust` is what `trust_of` found against the trust anchors of the machine that connected; it is kept in the
evidence since anchors change and are not part of it.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import os
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status

MOST_NAMES = 200
_LONGEST = 512  # characters of a subject or issuer
_TRUST = ("trusted", "expired", "not-yet-valid", "wrong-name", "self-signed", "untrusted")
_BEGIN = b"-----BEGIN CERTIFICATE-----"


def observe(evidence: Evidence, about: About) -> Observed:
    """Rows of the leaf certificate; `unparsed` when it can't be read."""
    header = read_header(evidence.block)
    try:
        leaf = x509.load_pem_x509_certificate(_first(evidence.block))
        rows = tuple(_rows(leaf, evidence.digest))
    except (ValueError, TypeError, OverflowError, x509.DuplicateExtension) as error:
        return Observed(status=Status.UNPARSED, reason=f"bad-certificate {type(error).__name__}")
    trust = header.get("trust", "")
    if trust in _TRUST:
        rows += (_row("trust", trust, evidence.digest),)
    return Observed(rows)


def _rows(leaf: x509.Certificate, evidence: str) -> Iterator[Observation]:
    der = leaf.public_bytes(Encoding.DER)
    yield Observation(
        "tls",
        "certificate",
        hashlib.sha256(der).hexdigest(),
        "tls",
        starts=Date.of(leaf.not_valid_before_utc),
        ends=Date.of(leaf.not_valid_after_utc),
        bound=Bound.AT,
        evidence=evidence,
    )
    yield _row("issuer", leaf.issuer.rfc4514_string()[:_LONGEST], evidence)
    if subject := leaf.subject.rfc4514_string()[:_LONGEST]:
        yield _row("subject", subject, evidence)
    key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    yield _row("key_digest", hashlib.sha256(key).hexdigest(), evidence)
    for name in _names(leaf)[:MOST_NAMES]:
        yield _row("name", name, evidence)


def _row(name: str, value: str, evidence: str) -> Observation:
    return Observation("tls", name, value, "tls", evidence=evidence)


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    names = extension.value.get_values_for_type(x509.DNSName)
    return list(dict.fromkeys(name.lower().rstrip(".") for name in names))


def _first(block: bytes) -> bytes:
    start = block.find(_BEGIN)
    end = block.find(b"-----END CERTIFICATE-----", start)
    if start < 0 or end < 0:
        raise ValueError("no certificate")
    return block[start : end + len(b"-----END CERTIFICATE-----") + 1]


# ---------------------------------------------------------------------------------------------- evidence


def with_header(chain: Sequence[bytes], header: dict[str, str]) -> bytes:
    """PEM of a DER chain, leaf first, under its header. Nothing in a certificate can become a header line."""
    lines = [f"{key}: {' '.join(value.split())}\n" for key, value in header.items() if value]
    return "".join(lines).encode() + b"".join(_pem(der) for der in chain)


def _pem(der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    body = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()


def read_header(block: bytes) -> dict[str, str]:
    """The `key: value` lines before the first certificate."""
    head = block[: max(block.find(_BEGIN), 0)].decode("utf-8", "replace")
    pairs = (line.partition(": ") for line in head.splitlines())
    return {key: value for key, colon, value in pairs if colon}


# -------------------------------------------------------------------------------------------------- trust


def verify(payload: bytes) -> bytes:
    """`trust_of` for a worker process: JSON of chain (base64 DER), host, at (ISO) and ca_file in."""
    asked = json.loads(payload)
    chain = [base64.b64decode(der) for der in asked["chain"]]
    return trust_of(chain, asked["host"], datetime.fromisoformat(asked["at"]), asked["ca_file"]).encode()


def trust_of(chain: Sequence[bytes], host: str, at: datetime, ca_file: str = "") -> str:
    """One word of OBSERVATIONS.md for tls trust, or "" when it can't be told (no leaf, no anchors).

    chain: DER, leaf first, as the server sent it. ca_file: PEM file trusted in place of the system's store.
    Missing intermediates are not fetched: such a chain is `untrusted`, where a browser may have them cached.
    """
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in chain]
        leaf = certificates[0]
        before, after = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    except (ValueError, TypeError, IndexError):
        return ""
    if at < before:
        return "not-yet-valid"
    if at > after:
        return "expired"
    store = _store(ca_file, _stamp(ca_file))
    if store is None:
        return ""
    if _verifies(certificates, _subject(host), at, store):
        return "trusted"
    if len(certificates) == 1 and leaf.issuer == leaf.subject:
        return "self-signed"
    return "untrusted" if _covers(leaf, host) else "wrong-name"


def _verifies(chain: list[x509.Certificate], subject: x509.GeneralName, at: datetime, store: Store) -> bool:
    if not isinstance(subject, x509.DNSName | x509.IPAddress):
        return False
    try:
        PolicyBuilder().store(store).time(at.astimezone(UTC).replace(tzinfo=None)).build_server_verifier(
            subject
        ).verify(chain[0], chain[1:])
    except (VerificationError, ValueError):
        return False
    return True


def _subject(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _covers(leaf: x509.Certificate, host: str) -> bool:
    """Whether a name of the leaf is the host, a wildcard standing for one label (RFC 9525 §6.3)."""
    try:
        names = _names(leaf)
    except (ValueError, x509.DuplicateExtension):
        return False
    parent = host.partition(".")[2]
    return host in names or f"*.{parent}" in names


def _stamp(ca_file: str) -> float:
    try:
        return os.stat(ca_file).st_mtime if ca_file else 0.0
    except OSError:
        return 0.0


@lru_cache(maxsize=4)
def _store(ca_file: str, stamp: float) -> Store | None:
    """The trust anchors of `ca_file`, else of the system, else of certifi; None when there are none."""
    for path in (ca_file,) if ca_file else _system_files():
        try:
            with open(path, "rb") as file:
                anchors = _readable(file.read())
        except OSError:
            continue
        if anchors:
            return Store(anchors)
    if not ca_file and (
        anchors := _readable_der(ssl.create_default_context().get_ca_certs(binary_form=True))
    ):
        return Store(anchors)  # Windows, macOS builds that fill the context themselves
    return None


def _system_files() -> Iterator[str]:
    paths = ssl.get_default_verify_paths()
    yield from filter(None, (os.environ.get("SSL_CERT_FILE", ""), paths.cafile or "", paths.openssl_cafile))
    yield from ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
    try:
        import certifi
    except ImportError:
        return
    yield certifi.where()


def _readable(pem: bytes) -> list[x509.Certificate]:
    """Each certificate by itself, since one odd anchor must not lose the others."""
    blocks = (b"-----BEGIN CERTIFICATE-----" + part for part in pem.split(_BEGIN)[1:])
    found = []
    for block in blocks:
        try:
            found.append(x509.load_pem_x509_certificate(block))
        except ValueError:
            continue
    return found


def _readable_der(anchors: Sequence[bytes]) -> list[x509.Certificate]:
    return _readable(b"".join(_pem(der) for der in anchors))
