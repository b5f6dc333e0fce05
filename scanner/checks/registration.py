"""Registration: what the registry record says by itself. All of it is context."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.model import Bound, Strength


@check(
    "registration.record",
    strength=Strength.CONTEXT,
    needs=("registration/created", "registration/registrar"),
    texts=Texts(
        innocent="A young name is usual for young firms and freelancers; large registrars serve everybody.",
        ask="Nothing to ask here.",
        next_step="Compare the date with the claimed period.",
    ),
    idea="Registrar and age say nothing alone (red flags 22, 25, 28).",
)
def record(subject: Subject, scene: Scene) -> Result:
    """When the name was registered and through whom, as a fact for the reader."""
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None:
        return NoEvidence("no registration date was given")
    registrar = subject.facts.one("registration", "registrar")
    when = "on" if created.bound is Bound.AT else "by"
    through = f" through {registrar.value.rstrip('.')}" if registrar else ""
    return [
        Hit(
            f"{subject.domain} was registered {when} {created.starts.day}{through}.",
            observed=created.starts.day,
            support=(created, *((registrar,) if registrar else ())),
        )
    ]


@check(
    "registration.nobody-there",
    strength=Strength.CONTEXT,
    needs=("registration/state", "dns/exists"),
    texts=Texts(
        innocent="Firms close and let their names go; an address on a résumé may hold a typing error.",
        ask="Is this the address the organisation used, and does it have another one today?",
        next_step="Compare the spelling with the résumé, and look the name up in the web archive.",
    ),
    idea="A former employer's address may be gone; that alone means nothing (red flag 7).",
)
def nobody_there(subject: Subject, scene: Scene) -> Result:
    """The name is not registered, or does not exist in the name service, as a fact for the reader."""
    free = [row for row in subject.facts.all("registration", "state") if row.value == "available"]
    nowhere = [row for row in subject.facts.all("dns", "exists") if row.value == "no"]
    if not free and not nowhere:
        return ()
    words = "is not registered" if free else "does not exist in the name service"
    return [Hit(f"{subject.domain} {words} at present.", observed=words, support=(*free, *nowhere))]


@check(
    "registration.platform",
    strength=Strength.CONTEXT,
    needs=(),
    texts=Texts(
        innocent="Free addresses under a platform are normal for developers and small projects.",
        ask="Nothing to ask here.",
        next_step="Nothing to do by itself.",
    ),
    idea="Under a shared platform the age of the platform's domain is meaningless (red flag 27).",
)
def platform(subject: Subject, scene: Scene) -> Result:
    """The address hangs under a shared platform, so registration dates say nothing about it."""
    if not subject.target.platform:
        return ()
    return [
        Hit(
            f"{subject.domain} is an address under {subject.target.platform}; "
            "its age cannot be told from registration.",
            observed=subject.target.platform,
        )
    ]
