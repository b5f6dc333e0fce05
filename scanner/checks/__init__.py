"""Pure functions from observations and knowledge to findings; one file a family."""

from scanner.checks import (
    alike,
    coherence,
    contact,
    continuity,
    copy,
    earlier_contacts,
    handed_on,
    history,
    identity,
    infrastructure,
    injected,
    known,
    leftovers,
    mail,
    mills,
    names,
    ownership,
    pictures,
    praise,
    profile,
    reach,
    registration,
    safety,
    seizure,
    shared,
    signs,
    unused,
)
from scanner.checks.base import Check, Hit, NoEvidence, table
from scanner.checks.facts import SHARED, Facts, Scene, Subject
from scanner.model import Finding

__all__ = [
    "SHARED",
    "Check",
    "Facts",
    "Hit",
    "NoEvidence",
    "Scene",
    "Subject",
    "case_findings",
    "findings",
    "table",
]

FAMILIES = (
    alike,
    coherence,
    contact,
    continuity,
    copy,
    earlier_contacts,
    handed_on,
    history,
    identity,
    infrastructure,
    injected,
    known,
    leftovers,
    mail,
    mills,
    names,
    ownership,
    pictures,
    profile,
    praise,
    reach,
    registration,
    safety,
    seizure,
    shared,
    signs,
    unused,
)
"""The modules that hold the checks; importing them fills the table."""


def findings(subject: Subject, scene: Scene) -> tuple[Finding, ...]:
    """Every finding on one target, in the order of check ids."""
    return tuple(finding for check in table() for finding in check.findings(subject, scene))


def case_findings(scene: Scene) -> tuple[Finding, ...]:
    """Every finding on the case as a whole, in the order of check ids."""
    return tuple(finding for check in table() for finding in check.case_findings(scene))
