"""WHOIS: the fall-back where RDAP gave no answer, and the only source of many country registries.

A client of our own: one socket through the door, one deadline, 64 kB, at most two referrals, which are dialled
like any stranger's address.
"""

from __future__ import annotations

import asyncio
import re

from scanner.collect.base import Job, Outcome, operator, without_registration
from scanner.egress import Blocked, EgressError, Network, NetworkConfig, typed
from scanner.model import Evidence, Observed, SourceInfo, Status, Target
from scanner.observe.registration.rows import REGISTRAR_HOP
from scanner.registries import whois_queries, whois_servers

PORT = 43
SECONDS = 12.0  # for one answer
MOST_BYTES = 64 << 10
REFERRALS = 2
PENALTY = 60.0  # seconds of silence after a notice that a limit was reached
INFO = SourceInfo(
    name="whois",
    seen_by=("registry", "registrar"),  # with --passive the registry only
    deadline=60.0,  # asking takes at most 36; the rest is waiting for a turn beside other names of the registry
    passive=True,
    asks="domain name",
    dated=True,
    fresh_days=7,
)
_REFERRAL = re.compile(rb"^(?:refer|whois):[ \t]*([A-Za-z0-9.:\[\]-]{1,200})[ \t\r]*$", re.MULTILINE)
_SERVER = re.compile(r"[a-z0-9.:\[\]-]{1,200}\Z")


def plan(target: Target) -> str:
    return without_registration(target)


async def collect(job: Job) -> Outcome:
    """Asks the registry (by way of the root, where its server isn't known) and, unless passive, the registrar."""
    server = server_for(job.network.config, job.target.domain)
    if not server:
        return Outcome(Status.SKIPPED, f"no-whois-server for .{job.target.domain.rpartition('.')[2]}")
    evidence, observed = await _query(job, server)
    referrals = 0
    if (referral := _root_referral(evidence, server)) and not observed.observations:
        referrals += 1
        evidence, observed = await _query(job, referral)
    outcome = Outcome(observed.status or Status.OK, observed.reason)
    if observed.status is None and not observed.observations:
        outcome = Outcome(Status.UNPARSED, "unreadable no record of the name")
    if (
        job.passive
        or not outcome.status.answered
        or outcome.status is Status.ABSENT
        or referrals >= REFERRALS
    ):
        return outcome
    return await _registrar(job, evidence, observed, outcome)


def server_for(config: NetworkConfig, domain: str) -> str:
    """The network file's own server for the suffix, else the shipped one on the real internet, else the file's
    default (the root)."""
    tld = domain.rpartition(".")[2]
    default = config.whois.get("default", "")
    if tld not in config.whois and default == NetworkConfig().whois["default"]:
        return whois_servers().get(tld, default)
    return config.whois_server(tld)


async def _query(job: Job, server: str, mark: str = "") -> tuple[Evidence, Observed]:
    """One server's answer, kept with what it says."""
    network, key = job.network, f"whois:{operator(server)}"
    await network.take(key)
    try:
        evidence = await ask(network, server, job.target.domain, mark)
    except EgressError as error:
        if error.evidence is not None:
            job.keep(error.evidence)
        raise
    observed = await job.observe(evidence)
    if observed.status is Status.THROTTLED:
        network.penalise(key, PENALTY)
    job.keep(evidence, observed)
    return evidence, observed


async def _registrar(job: Job, evidence: Evidence, registry: Observed, outcome: Outcome) -> Outcome:
    """The registrar's answer adds the holder. Failing to get it leaves the registry's answer as it is, but an
    address that we don't dial is told: it is a fact about the name."""
    rows = {row.name: row.value for row in registry.observations}
    server = rows.get("registrar_server", "")
    asked = evidence.uri.removeprefix("whois://").partition("/")[0]
    known = rows.get("registrant_organisation") or rows.get("registrant_name")
    if known or not _SERVER.match(server) or server == asked:
        return outcome
    try:
        _, observed = await _query(job, server, REGISTRAR_HOP)
    except Blocked as error:
        return Outcome(Status.BLOCKED, f"{error.reason} (registrar's WHOIS, named by the registry)")
    except EgressError:
        return outcome
    return Outcome(observed.status, observed.reason) if observed.status else outcome


def _root_referral(evidence: Evidence, server: str) -> str:
    """The server the root names for the suffix, "" when the answer names none or itself."""
    found = _REFERRAL.search(evidence.block)
    host = found[1].decode("ascii").lower().rstrip(".") if found else ""
    return host if host != server else ""


async def ask(network: Network, server: str, domain: str, mark: str = "") -> Evidence:
    """The text a WHOIS server answers. Raises EgressError; what had arrived by then is in its `evidence`."""
    query = whois_queries().get(server, "{domain}").format(domain=domain)
    data = bytearray()
    cut, address, failure = "", "", None
    try:
        async with asyncio.timeout(network.scale(SECONDS)):
            async with await network.connect(_host(server), PORT, timeout=SECONDS) as connection:
                address = connection.address
                connection.writer.write(query.encode("ascii") + b"\r\n")
                await connection.writer.drain()
                while len(data) < MOST_BYTES and (
                    part := await connection.reader.read(MOST_BYTES - len(data))
                ):
                    data += part
                if len(data) >= MOST_BYTES:
                    cut = "length"
    except (TimeoutError, OSError, EOFError) as error:
        cut = "time" if isinstance(error, TimeoutError) else "disconnect"
        failure = typed(error)
    evidence = Evidence(
        f"whois://{server}/{domain}{mark}",
        "text/plain",
        network.now(),
        bytes(data),
        address=address,
        truncated=cut,
    )
    if failure is not None:
        failure.evidence = evidence if data else None
        raise failure
    return evidence


def _host(server: str) -> str:
    """The host of a server as registries write it; port 43 is the only one asked."""
    if server.startswith("["):
        return server[1:].partition("]")[0]
    return server.rpartition(":")[0] if server.count(":") == 1 else server
