"""Registration: what the registry record says by itself. All of it is context."""

from __future__ import annotations

from datetime import timedelta

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import LEEWAY
from scanner.checks.facts import Scene, Subject, first_sights
from scanner.model import Bound, Strength

RECENT = timedelta(days=90)


@check(
    "registration.record",
    strength=Strength.CONTEXT,
    needs=("registration/created", "registration/registrar"),
    texts=Texts(
        innocent="A young name is usual for young firms and freelancers; large registrars serve everybody.",
        ask="Since when has the organisation used this web address, as far as you know?",
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
        ask="Is there, or was there, another address under a name of its own?",
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


@check(
    "registration.privacy",
    strength=Strength.CONTEXT,
    needs=("registration/redacted", "registration/registrant_organisation"),
    texts=Texts(
        innocent="Registries withhold names by default since 2018; nine of ten registrants can't be seen.",
        ask="Under which legal name does the organisation stand in a company register?",
        next_step="Look the organisation up in a company register instead.",
    ),
    idea="Privacy is the rule and says nothing (red flag 25).",
)
def privacy(subject: Subject, scene: Scene) -> Result:
    """Whether the registry names the registrant or withholds it, as a fact for the reader."""
    organisations = subject.facts.all("registration", "registrant_organisation")
    withheld = [row for row in subject.facts.all("registration", "redacted") if row.value == "registrant"]
    if organisations:
        name = organisations[0].value
        return [
            Hit(
                f"The registry names the registrant: {_short(name)}.",
                observed=name,
                support=organisations[:1],
            )
        ]
    if not withheld:
        return NoEvidence("the registry said nothing of the registrant")
    return [
        Hit("The registry withholds who registered the name.", observed="withheld", support=tuple(withheld))
    ]


@check(
    "registration.short-period",
    strength=Strength.CONTEXT,
    needs=("registration/created", "registration/expires"),
    texts=Texts(
        innocent="A year at a time is the default everywhere, and renews by itself.",
        ask="Since when has the organisation used this web address, and did it have another one before?",
        next_step="Nothing to do by itself.",
    ),
    idea="Names registered for a year only are the rule among throw-away and among honest names alike.",
)
def short_period(subject: Subject, scene: Scene) -> Result:
    """A young name is registered for one year, as a fact for the reader."""
    created = subject.facts.earliest("registration", "created")
    expires = subject.facts.one("registration", "expires")
    if created is None or created.starts is None or expires is None or expires.starts is None:
        return NoEvidence("no dates of registration and expiry were given")
    length = expires.starts.last - created.starts.first
    if created.bound is not Bound.AT or not timedelta(0) < length < timedelta(days=400):
        return ()
    return [
        Hit(
            f"{subject.domain} is registered from {created.starts.day} to {expires.starts.day}, its first year.",
            observed=f"{created.starts.day} to {expires.starts.day}",
            support=(created, expires),
        )
    ]


@check(
    "registration.recent-change",
    strength=Strength.CONTEXT,
    needs=("registration/updated", "registration/transferred", "registration/created"),
    texts=Texts(
        innocent="Renewals, a move to another registrar and a new name server all change the record.",
        ask="Did the organisation change its web address, provider or owner lately, as far as you know?",
        next_step="Compare archived pages from before and after the change.",
    ),
    idea="Names change hands; what the site was before may be somebody else's history (red flag 3).",
)
def recent_change(subject: Subject, scene: Scene) -> Result:
    """The record of an older name changed, or moved to another registrar, within the last 90 days."""
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None or subject.as_of - created.starts.last < timedelta(days=365):
        return NoEvidence("the name is young, or no date was given")
    for name, words in (("transferred", "moved to another registrar"), ("updated", "was changed")):
        rows = [
            row
            for row in subject.facts.all("registration", name)
            if row.starts is not None and timedelta(0) <= subject.as_of - row.starts.first <= RECENT
        ]
        if rows and rows[-1].starts is not None:
            day = rows[-1].starts.day
            return [
                Hit(f"The record of {subject.domain} {words} on {day}.", observed=day, support=(rows[-1],))
            ]
    return ()


@check(
    "registration.registered-anew",
    strength=Strength.CONTEXT,
    needs=("registration/created", "registration/reregistered", "archive/first_capture", "ct/first_logged"),
    texts=Texts(
        innocent="Owners let names lapse and buy them back; good names are bought second-hand.",
        ask="Did the organisation's address lapse or change hands at some point?",
        next_step="Open archived pages from before the date and compare the business they show.",
    ),
    idea="Expired names are caught and used again; what was there before belongs to the earlier holder (red flag 3).",
)
def registered_anew(subject: Subject, scene: Scene) -> Result:
    """The name was in use before its present registration, as a fact; what that means for a claim is judged by
    `history.claim-before-reregistration`."""
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None or created.bound is not Bound.AT:
        return NoEvidence("no registration date was given")
    earlier = [
        sight.observation
        for sight in first_sights(subject.facts)
        if sight.operator != "registration" and sight.date.surely_before(created.starts, LEEWAY)
    ]
    anew = subject.facts.all("registration", "reregistered")
    if not earlier and not anew:
        return ()
    return [
        Hit(
            f"{subject.domain} was in use before its present registration of {created.starts.day}.",
            observed=created.starts.day,
            support=(created, *anew, *earlier),
        )
    ]


def _short(name: str) -> str:
    return " ".join(name.split()[:12])
