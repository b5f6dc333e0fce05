"""Registration: what the registry record says by itself. All of it is context."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.model import Strength


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
    through = f" through {registrar.value}" if registrar else ""
    return [
        Hit(
            f"{subject.domain} was registered on {created.starts.day}{through}.",
            observed=created.starts.day,
            support=(created, *((registrar,) if registrar else ())),
        )
    ]


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
