"""RDAP: what the registry says of a name, and who the registrar says holds it.

The registry's service is found by the longest listed suffix in IANA's bootstrap (RFC 9224): the shipped copy on
the real internet, the one a network file names elsewhere. What an answer names (redirects, `related` links) is
dialled like any stranger's address.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import quote
from weakref import WeakKeyDictionary

from scanner.collect.base import Job, Outcome, operator, without_registration
from scanner.egress import Blocked, EgressError, HttpAnswer, Network, NetworkConfig, Unreachable
from scanner.knowledge import KnowledgeError
from scanner.model import Observed, SourceInfo, Status, Target
from scanner.observe.registration.rows import REGISTRAR_HOP, UNLISTED
from scanner.registries import BOOTSTRAP_BYTES, Bootstrap, parse_bootstrap, shipped_bootstrap

SECONDS = 12.0  # for one answer, its redirects included
REDIRECTS = 3
MOST_BYTES = (1 << 20) + 1
PENALTY = 60.0  # seconds of silence after 429 without a Retry-After
ACCEPT = {"Accept": "application/rdap+json"}
INFO = SourceInfo(
    name="rdap",
    seen_by=("registry", "registrar"),  # with --passive the registry only
    deadline=60.0,  # asking takes at most 24; the rest is waiting for a turn beside other names of the registry
    passive=True,
    asks="domain name",
    dated=True,
    fresh_days=7,
)


def plan(target: Target) -> str:
    return without_registration(target)


async def collect(job: Job) -> Outcome:
    """Asks the registry and, unless passive, the registrar it links to."""
    bootstrap = await bootstrap_of(job.network)
    domain = job.target.domain
    base = bootstrap.base(domain)
    if not base:
        return Outcome(Status.SKIPPED, f"no-rdap-service for .{domain.rpartition('.')[2]}")
    unlisted = bootstrap.suffix(domain) in bootstrap.unlisted
    observed = await _registry(job, f"{base}domain/{quote(domain)}", UNLISTED if unlisted else "")
    outcome = Outcome(observed.status or Status.OK, observed.reason)
    if observed.reason.startswith("http-501"):
        return Outcome(
            Status.SKIPPED, f"no-rdap-service {operator(base)} answers 501: it does not serve this name"
        )
    if job.passive or not outcome.status.answered or outcome.status is Status.ABSENT:
        return outcome
    return await _registrar(job, observed, outcome)


async def _registry(job: Job, url: str, mark: str) -> Observed:
    """The registry's answer; once more when it asked for a pause that fits into the deadline."""
    network, key = job.network, f"rdap:{operator(url)}"
    end = network.monotonic() + network.scale(INFO.deadline)
    answer = await _ask(job, url, key)
    pause = answer.retry_after if answer.status == 429 else None
    if pause is not None and network.monotonic() + pause + network.scale(SECONDS) < end:
        _keep(job, answer, Observed(), mark)  # an interim answer: how it went is told by the next
        await asyncio.sleep(pause)
        answer = await _ask(job, url, key)
    observed = await job.observe(_marked(answer, mark).evidence)
    _keep(job, answer, observed, mark)
    return observed


async def _registrar(job: Job, registry: Observed, outcome: Outcome) -> Outcome:
    """The registrar's answer adds the holder. Failing to get it leaves the registry's answer as it is, but an
    address that we don't dial is told: it is a fact about the name."""
    rows = {row.name: row.value for row in registry.observations if row.kind == "registration"}
    server = rows.get("registrar_server", "")
    if not server or rows.get("registrant_organisation") or rows.get("registrant_name"):
        return outcome
    url = f"{server}/domain/{quote(job.target.domain)}"
    try:
        answer = await _ask(job, url, f"rdap:{operator(url)}")
    except Blocked as error:
        return Outcome(Status.BLOCKED, f"{error.reason} (registrar's RDAP, named by the registry)")
    except EgressError:
        return outcome
    observed = await job.observe(_marked(answer, REGISTRAR_HOP).evidence)
    _keep(job, answer, observed, REGISTRAR_HOP)
    return Outcome(observed.status, observed.reason) if observed.status else outcome


async def _ask(job: Job, url: str, key: str) -> HttpAnswer:
    """One answer. What had arrived when it failed is kept."""
    network = job.network
    await network.take(key)
    try:
        answer = await network.http(
            url, headers=ACCEPT, max_bytes=MOST_BYTES, timeout=SECONDS, redirects=REDIRECTS
        )
    except EgressError as error:
        for hop in error.hops:
            job.keep(hop.evidence, Observed())
        if error.evidence is not None:
            job.keep(error.evidence, Observed())
        raise
    if answer.status == 429:
        network.penalise(key, answer.retry_after or PENALTY)
    return answer


def _marked(answer: HttpAnswer, mark: str) -> HttpAnswer:
    """The answer with its role in the evidence's address, so that the stored bytes say it too."""
    evidence = answer.evidence
    return replace(answer, evidence=replace(evidence, uri=evidence.uri + mark)) if mark else answer


def _keep(job: Job, answer: HttpAnswer, observed: Observed, mark: str) -> None:
    for hop in answer.hops:
        job.keep(hop.evidence, Observed())
    job.keep(_marked(answer, mark).evidence, observed)


# -------------------------------------------------------------------------------------------- bootstrap

_FETCHES: WeakKeyDictionary[Network, asyncio.Task[Bootstrap]] = WeakKeyDictionary()


async def bootstrap_of(network: Network) -> Bootstrap:
    """The bootstrap of this network: the shipped one on the real internet, else fetched once through the door.

    Raises EgressError when it can't be had.
    """
    if network.config.rdap_bootstrap == NetworkConfig().rdap_bootstrap:
        return shipped_bootstrap()
    task = _FETCHES.get(network)
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = _FETCHES[network] = asyncio.ensure_future(_fetch(network))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # all who asked may be gone
    # Shielded: one target's deadline must not take the file away from the others.
    return await asyncio.shield(task)


async def _fetch(network: Network) -> Bootstrap:
    url = network.config.rdap_bootstrap
    answer = await network.http(url, max_bytes=BOOTSTRAP_BYTES, timeout=SECONDS, redirects=REDIRECTS)
    if answer.status != 200:
        raise Unreachable(f"no-bootstrap http-{answer.status} from {url}"[:160])
    try:
        return parse_bootstrap(answer.body)
    except KnowledgeError as error:
        raise Unreachable(f"no-bootstrap {error}"[:160]) from error
