"""Who says that two sites belong together. Only the other site's word counts, and only where it takes the other
site's holder to say it: a copyist can write anything into pages of his own."""

from __future__ import annotations

from scanner.checks.facts import Facts, Scene, Subject
from scanner.domains import registrable
from scanner.model import Observation

FEW_NAMES = 5
"""Registrable domains on a certificate of somebody's own; a network's or a hoster's covers strangers by the dozen."""


def related(subject: Subject, scene: Scene, other: str) -> bool:
    """Whether the other site itself acknowledges this one: it redirects here, links here from its frame or home page,
    or serves one certificate for both. What this site says of the other counts for nothing, for a copyist can say it
    too; nor does a link that a copyist can have left there, in a comment."""
    return leads_here(subject, scene, other) or bool(one_certificate(subject, scene, other))


def leads_here(subject: Subject, scene: Scene, other: str) -> bool:
    """By a redirect, or by a link from its frame or home page."""
    facts = scene.others.get(other, Facts.of(()))
    redirects = any(name == other for name, _, _ in scene.leading_to(subject.domain))
    return redirects or subject.domain in facts.values("page", "acknowledged_domain")


def one_certificate(subject: Subject, scene: Scene, other: str) -> tuple[Observation, ...]:
    """The names of both sites on the certificate that the other one serves, if it is trusted and names few: whoever
    signed it had both names' control shown. One that this site serves says nothing, unless the other serves it too."""
    facts = scene.others.get(other, Facts.of(()))
    if "trusted" not in facts.values("tls", "trust"):
        return ()
    rows = [(registrable(row.value.removeprefix("*.")), row) for row in facts.all("tls", "name")]
    domains = {domain for domain, _ in rows}
    if not {subject.domain, other} <= domains or len(domains) > FEW_NAMES:
        return ()
    return tuple(row for domain, row in rows if domain in (subject.domain, other))
