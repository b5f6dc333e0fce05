"""The certificate chain a site shows: taken without judging it, checked against the trust anchors in a worker."""

from __future__ import annotations

import json
import ssl
from base64 import b64encode

from scanner.collect.base import Job, Outcome, entry_host
from scanner.egress import Connection
from scanner.model import Evidence, SourceInfo, Status, Target
from scanner.observe.tls import with_header
from scanner.parse import ParseFailed

INFO = SourceInfo(
    name="tls",
    seen_by=("owner",),
    deadline=20.0,
    passive=False,
    asks="host name of the site",
    fresh_days=7,
)
PORT = 443
MOST_CERTIFICATES = 10  # a chain longer than this is an attack, or a mistake
_DER = 2  # _ssl.ENCODING_DER, absent from the module's stubs


def plan(target: Target) -> str:
    return ""


async def collect(job: Job) -> Outcome:
    """One handshake with the host of the first entry address, then one evidence with the chain.

    EgressErrors propagate: no TLS there is `unreachable`, which is no mark against a site on plain http.
    """
    host = next(filter(None, map(entry_host, job.target.entries)), "") or job.target.domain
    network = job.network
    connection = await network.connect(
        host, PORT, ssl_context=network.ssl_context(verify=False), timeout=12.0
    )
    try:
        chain, version = _chain(connection)
        address, at = connection.address, network.now()
    finally:
        # No goodbye: one that isn't answered would hold the connection and its buffers for half a minute.
        connection.writer.transport.abort()
    if not chain:
        return Outcome(Status.UNPARSED, "no-certificate the server showed none")
    trust = await _trust(job, chain, host)
    block = with_header(chain, {"server-name": host, "protocol": version, "trust": trust})
    job.keep(Evidence(f"tls://{host}:{PORT}", "application/x-pem-file", at, block, address=address))
    return Outcome(Status.OK, "" if trust else "trust-unknown")


def _chain(connection: Connection) -> tuple[list[bytes], str]:
    """The certificates as sent (DER, leaf first) and the protocol version."""
    secured = connection.writer.get_extra_info("ssl_object")
    if secured is None:
        return [], ""
    return unverified_chain(secured)[:MOST_CERTIFICATES], secured.version() or ""


def unverified_chain(secured: ssl.SSLObject | ssl.SSLSocket) -> list[bytes]:
    """DER of what the server sent. Public since Python 3.13; before that the inner object has the same method
    and gives objects, not bytes."""
    public = getattr(secured, "get_unverified_chain", None)
    if public is not None:
        return [bytes(certificate) for certificate in public() or ()]
    inner = getattr(secured, "_sslobj", None)
    if inner is None or not hasattr(inner, "get_unverified_chain"):
        leaf = secured.getpeercert(binary_form=True)
        return [leaf] if leaf else []
    return [bytes(certificate.public_bytes(_DER)) for certificate in inner.get_unverified_chain() or ()]


async def _trust(job: Job, chain: list[bytes], host: str) -> str:
    """The word for the trust line, found in a worker (certificates are a stranger's bytes); "" when unknown."""
    ca_file = job.network.config.ca_file
    asked = {
        "chain": [b64encode(der).decode() for der in chain],
        "host": host,
        "at": job.network.now().isoformat(),
        "ca_file": str(ca_file) if ca_file else "",
    }
    try:
        return (await job.parse.run("scanner.observe.tls:verify", json.dumps(asked).encode())).decode()
    except ParseFailed:
        return ""
