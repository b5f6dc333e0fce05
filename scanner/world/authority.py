"""A small certificate authority: root, intermediate, and a leaf made when a name is first asked for.

Keys are derived from the names, so that the same world shows the same certificates on every start (a scan a
week later must not see a change that the file doesn't hold). They protect nothing: the root is trusted by
nobody but a `Network` whose every route leads to this world.
"""

from __future__ import annotations

import hashlib
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from scanner.world.words import Domain, Tls

_FOREVER = datetime(2049, 12, 31, tzinfo=UTC)  # the last year a UTCTime can hold
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def _key(label: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha512(f"falsefront world {label}".encode()).digest())
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Authority:
    """`root_pem` is what a client must trust; `chain(…)` a leaf with its intermediate, PEM."""

    def __init__(self, label: str = "World Trust") -> None:
        self._label = label
        self._root_key, self._key = _key(f"{label} root"), _key(f"{label} intermediate")
        root, issuer = f"{label} Root CA", f"{label} Issuing CA 1"
        root_cert = self._sign(root, root, self._root_key, self._root_key, _LONG_AGO, _FOREVER, path=1)
        self._issuer = issuer
        self._intermediate = self._sign(root, issuer, self._root_key, self._key, _LONG_AGO, _FOREVER, path=0)
        self.root_pem = root_cert.public_bytes(serialization.Encoding.PEM)

    def chain(self, names: tuple[str, ...], start: datetime, end: datetime) -> tuple[bytes, bytes]:
        """(certificates leaf first, private key), both PEM. Times aware, to the second."""
        key = _key(f"{self._label} {' '.join(names)} {start:%Y%m%d%H%M%S}")
        leaf = self._sign(self._issuer, names[0], self._key, key, start, end, names=names)
        encoding = serialization.Encoding.PEM
        return leaf.public_bytes(encoding) + self._intermediate.public_bytes(encoding), _pem(key)

    def _sign(
        self,
        issuer: str,
        subject: str,
        issuer_key: ec.EllipticCurvePrivateKey,
        key: ec.EllipticCurvePrivateKey,
        start: datetime,
        end: datetime,
        *,
        path: int | None = None,
        names: tuple[str, ...] = (),
    ) -> x509.Certificate:
        ca = path is not None
        serial = hashlib.sha256(f"{self._label} {issuer} {subject} {start} {end} {names}".encode()).digest()
        builder = (
            x509.CertificateBuilder()
            .issuer_name(_name(issuer, True))
            .subject_name(_name(subject, ca))
            .public_key(key.public_key())
            .serial_number(int.from_bytes(serial[:15]) | 1)
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
            .add_extension(_usage(ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
            )
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
            ).add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return builder.sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)


def _name(common: str, ca: bool) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common[:64])]
    if ca:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, common.partition(" Root")[0][:64]))
    return x509.Name(parts)


def _usage(ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


class Certificates:
    """The server side of TLS: one context a domain, made at its first handshake."""

    def __init__(self, now: datetime, directory: Path) -> None:
        self.now = now
        self.trusted = Authority()
        self._directory = directory
        self._untrusted: Authority | None = None
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def made(self) -> int:
        """How many leaf certificates exist so far."""
        return len(self._contexts)

    def for_service(self, host: str) -> ssl.SSLContext:
        """For the world's own hosts:
        valid by the world's clock and by the machine's, whichever a client asks.
        """
        start = min(self.now, datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
        return self._context(host, (host,), start - timedelta(days=30), _FOREVER, untrusted=False)

    def for_domain(self, domain: Domain) -> ssl.SSLContext:
        """The certificate the file asks for."""
        start, end = validity(domain.tls, self.now)
        names = domain.tls.names or default_names(domain)
        return self._context(domain.name, names, start, end, untrusted=domain.tls.untrusted)

    def _context(
        self, key: str, names: tuple[str, ...], start: datetime, end: datetime, *, untrusted: bool
    ) -> ssl.SSLContext:
        if key not in self._contexts:
            if untrusted and self._untrusted is None:
                self._untrusted = Authority("Unknown Trust")
            authority = self._untrusted if untrusted and self._untrusted else self.trusted
            chain, private = authority.chain(names, start, end)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            with tempfile.NamedTemporaryFile(dir=self._directory, suffix=".pem", delete=False) as file:
                file.write(private + chain)
            try:
                context.load_cert_chain(file.name)  # ssl only reads from files
            finally:
                Path(file.name).unlink()
            self._contexts[key] = context
        return self._contexts[key]


def validity(tls: Tls, now: datetime) -> tuple[datetime, datetime]:
    """When a site's certificate is valid.

    90 days, as most are; where those would be over by the world's clock or the machine's (OpenSSL checks
    against that one), it lasts to the end of 2049: only `expired` and `not_after` make one that has run out.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if tls.expired:
        end = tls.not_after or midnight - timedelta(days=3)
        start = tls.not_before or end - timedelta(days=90)
        return (start, end) if start < end else (start, start + timedelta(hours=1))
    start = tls.not_before or midnight - timedelta(days=30)
    end = tls.not_after or start + timedelta(days=90)
    if not tls.not_after and end < max(now, datetime.now(UTC)) + timedelta(days=10):
        end = _FOREVER
    return start, max(end, start + timedelta(hours=1))


def default_names(domain: Domain) -> tuple[str, ...]:
    """The domain and www, then the other hosts that have a site."""
    names = [domain.name, f"www.{domain.name}"]
    names += [f"{label}.{domain.name}" for label, host in domain.hosts.items() if host.site]
    return tuple(dict.fromkeys(names))
