"""TLS client contexts: one that trusts, one that only looks."""

from __future__ import annotations

import contextlib
import ssl
import warnings
from pathlib import Path


def verifying(ca_file: Path | None = None) -> ssl.SSLContext:
    """Checks chain and name, against `ca_file` alone when it is given, else the system's roots."""
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    paths = ssl.get_default_verify_paths()
    if ca_file is None and not (paths.cafile or paths.capath or context.cert_store_stats()["x509_ca"]):
        # Some Python builds (python.org's for macOS) come without any roots.
        import certifi

        context.load_verify_locations(certifi.where())
    # Python 3.13 began to refuse chains that browsers take (no Authority Key Identifier) and to take others (an
    # intermediate as anchor): whether a site counts as reachable must not hang on the version.
    context.verify_flags &= ~(ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN)
    return context


def lenient() -> ssl.SSLContext:
    """Accepts any certificate and old protocols: to see what a server shows, never to trust it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    with contextlib.suppress(ssl.SSLError):  # LibreSSL and BoringSSL have no levels
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
