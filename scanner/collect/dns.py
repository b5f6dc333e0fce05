"""DNS of a target: every question at once through the resolver, each answer kept as it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from scanner.collect.base import Job, Outcome, entry_host, is_address
from scanner.domains import is_within
from scanner.egress import DnsAnswer, EgressError
from scanner.model import SourceInfo, Status, Target
from scanner.observe.dns import probe_name

INFO = SourceInfo(
    name="dns",
    # Questions a resolver has no answer to at hand reach the name servers of the domain's owner.
    seen_by=("resolver", "owner"),
    deadline=20.0,
    passive=False,
    asks="host names of the site",
)
_ZONE = ("NS", "MX", "TXT", "SOA", "CAA")
Question = tuple[str, str]


def plan(target: Target) -> str:
    return "not-needed an address has no name" if is_address(target.domain) else ""


async def collect(job: Job) -> Outcome:
    """Ends as the question for the domain's own address ended; others that failed are named in the reason."""
    asked = list(questions(job.target))
    answers = await asyncio.gather(*(_ask(job, *question) for question in asked))
    decisive = answers[0]
    if isinstance(decisive, EgressError):
        return Outcome(decisive.status, decisive.reason)
    if decisive.rcode == "NXDOMAIN":
        return Outcome(Status.ABSENT, "nxdomain")
    if decisive.rcode == "REFUSED":
        return Outcome(Status.REFUSED, "dns-refused")
    if decisive.rcode != "NOERROR":
        return Outcome(Status.UNREACHABLE, decisive.rcode.lower())
    missing = [_missing(*pair) for pair in zip(asked, answers, strict=True)]
    words = ", ".join(filter(None, missing))
    return Outcome(Status.OK, f"partial {words}"[:200] if words else "")


def questions(target: Target) -> Iterator[Question]:
    """(name, type) pairs, the one that decides first. Below a platform, the zone is the platform's own."""
    hosts = list(dict.fromkeys([target.domain, *_entry_hosts(target)]))
    if not target.platform:
        hosts = list(dict.fromkeys([target.domain, f"www.{target.domain}", *hosts]))
    for host in hosts:
        yield host, "A"
        yield host, "AAAA"
    if not target.platform:
        for rdtype in _ZONE:
            yield target.domain, rdtype
        yield f"_dmarc.{target.domain}", "TXT"
        yield probe_name(target.domain), "A"


def _entry_hosts(target: Target) -> Iterator[str]:
    """Hosts of the entry addresses, as far as they belong to the target."""
    for url in target.entries:
        host = entry_host(url)
        if is_within(host, target.domain):
            yield host


async def _ask(job: Job, name: str, rdtype: str) -> DnsAnswer | EgressError:
    try:
        answer = await job.network.lookup(name, rdtype)
    except EgressError as error:
        return error
    job.keep(answer.evidence)
    return answer


def _missing(question: Question, answer: DnsAnswer | EgressError) -> str:
    """What to say of a question without an answer. NXDOMAIN is one: there is no such host."""
    if isinstance(answer, EgressError):
        return f"{question[0]} {question[1]} {answer.slug}"
    if answer.rcode in ("NOERROR", "NXDOMAIN"):
        return ""
    return f"{question[0]} {question[1]} {answer.rcode.lower()}"
