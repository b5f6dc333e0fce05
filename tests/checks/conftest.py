"""What checks are tested with: facts written by hand, the shipped knowledge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from scanner.checks import Facts, Scene, Subject, table
from scanner.knowledge import Knowledge
from scanner.model import (
    Attempt,
    Bound,
    Case,
    Claim,
    Date,
    Finding,
    Observation,
    Period,
    Role,
    Status,
    Target,
)

NOW = datetime(2024, 6, 1, tzinfo=UTC)
DOMAIN = "acme-soft.example"

Run = Callable[..., tuple[Finding, ...]]


def fact(
    kind: str, name: str, value: str = "x", at: str = "", source: str = "", bound: Bound = Bound.AT
) -> Observation:
    sources = {"registration": "rdap", "ct": "ct", "archive": "archive", "dns": "dns", "tls": "tls"}
    return Observation(
        kind,
        name,
        value,
        source or sources.get(kind, "website"),
        Date(at) if at else None,
        None,
        bound,
        "sha256:00",
    )


def created(at: str) -> Observation:
    return fact("registration", "created", at, at)


def archived(at: str) -> Observation:
    return fact("archive", "first_capture", "http://acme-soft.example/", at, bound=Bound.NOT_AFTER)


def logged(at: str) -> Observation:
    return fact("ct", "first_logged", "issuer", at, bound=Bound.NOT_AFTER)


def captures(*years: int) -> list[Observation]:
    return [
        fact("archive", "capture", "200 text/html X http://acme-soft.example/", f"{year}-03-01")
        for year in years
    ]


def employer(
    starts: str = "2015-03", ends: str = "2019-06", place: str = "", role: Role = Role.EMPLOYER
) -> Claim:
    ongoing = ends == "present"
    period = Period(Date(starts) if starts else None, Date(ends) if ends and not ongoing else None, ongoing)
    return Claim(role, f"https://{DOMAIN}", "Acme Soft", period, place)


@pytest.fixture
def run() -> Run:
    """Runs one check by id over given facts."""

    def run(
        id: str,
        *facts: Observation,
        claims: Sequence[Claim] = (employer(),),
        others: dict[str, list[Observation]] | None = None,
        domain: str = DOMAIN,
        platform: str = "",
        claimed: tuple[str, ...] = (),
        statuses: dict[str, Status] | None = None,
        knowledge: Knowledge | None = None,
    ) -> tuple[Finding, ...]:
        entry = next(entry for entry in table() if entry.id == id)
        attempts = {name: Attempt(name, status) for name, status in (statuses or {"dns": Status.OK}).items()}
        target = Target(domain, (f"https://{domain}",), tuple(claims), platform=platform)
        scene = Scene(
            Case("c", "", tuple(claims)),
            knowledge or Knowledge.load(NOW),
            NOW,
            {name: Facts.of(rows) for name, rows in (others or {}).items()},
            claimed or (domain,),
        )
        subject = Subject(target, Facts.of(facts), attempts, NOW)
        found = (*entry.findings(subject, scene), *entry.case_findings(scene))
        assert all(len(finding.statement.split()) <= 35 for finding in found), "a statement is a sentence"
        return found

    return run
