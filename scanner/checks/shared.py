"""Shared: does a site carry a private identifier that a published source names for a listed front?"""

from __future__ import annotations

from datetime import timedelta

from scanner.checks.base import Hit, Result, Texts, check
from scanner.checks.facts import Facts, Scene, Subject, first_sights
from scanner.knowledge import Knowledge
from scanner.knowledge.identifiers import FrontIdentifier, load_identifiers
from scanner.model import Date, Observation, Strength
from scanner.rarity import TRAITS, Value, is_rare, of_row, read_count

MARGIN = timedelta(days=30)
_ROWS = (
    *(("identifier", name) for name in ("analytics", "tag", "pixel", "verification", "form_endpoint")),
    *(("contact", name) for name in ("mail", "phone", "messenger", "payment")),
    ("registration", "registrant_email"),
)


@check(
    "infrastructure.front-identifier",
    strength=Strength.DECISIVE,
    needs=tuple(f"{kind}/{name}" for kind, name in _ROWS),
    texts=Texts(
        innocent="Whoever copies a page takes its identifiers along, so the listed site may have copied this one; "
        "or one freelancer built both.",
        ask="Who built or looked after the organisation's web site, as far as you know?",
        next_step="Read the published notice, and settle with your legal or security team how to go on.",
    ),
    idea="A rare private identifier shared with a listed front ties the two to one hand (red flags 13, 17).",
)
def front_identifier(subject: Subject, scene: Scene) -> Result:
    """The site carries an account, mailbox or telephone number that a published source names for a listed front.

    Decisive only for a private value that is rare in the database too, on a site whose first dated sign is not
    older than the value is known to have stood on the front: a likeness never turns against the older site.
    Strong where that order can't be told, medium where many addresses carry the value, context where this site was
    there first. A mailbox or number in the text of a page is medium at most: whoever reports on a front prints it.
    Your own entries and feeds are strong at most, as everywhere.
    """
    hits = []
    for key in _ROWS:
        for row in subject.facts.all(*key):
            for value in of_row(row):
                for listed in _listed(value, subject.domain, scene.knowledge):
                    hits.append(_hit(subject, row, value, listed))
                hits += _own_hits(subject, scene, row, value)
    return hits


def _own_hits(subject: Subject, scene: Scene, row: Observation, value: Value) -> list[Hit]:
    """What feeds and the team itself list. They name no day from which the front had it: strong at most."""
    if row.kind != "identifier" or subject.own.overrule(subject.domain):
        return []
    listings = scene.knowledge.listings(subject.own, "identifier", f"{row.name} {row.value}")
    rare = is_rare(value.kind, _domains(subject.facts, value))
    return [
        Hit(
            f"{subject.domain} carries the {TRAITS[value.kind].words} that is on {listing.whose}.",
            claimed=f"{TRAITS[value.kind].words} {value.value}",
            observed=" ".join(
                filter(None, (listing.whose, listing.indicator.note, listing.indicator.published))
            ),
            support=(row,),
            strength=Strength.STRONG if rare else Strength.MEDIUM,
        )
        for listing in listings
        if listing.indicator.counts
    ]


def _listed(value: Value, domain: str, knowledge: Knowledge) -> tuple[FrontIdentifier, ...]:
    """The fronts named for a private value that were listed and published by the day of the knowledge."""
    if not TRAITS[value.kind].private:
        return ()
    named = load_identifiers().by_value.get((value.kind.value, value.value), ())
    return tuple(one for one in named if one.domain != domain and _public(one, knowledge))


def _public(one: FrontIdentifier, knowledge: Knowledge) -> bool:
    entry = knowledge.entry(one.domain)
    known = knowledge.limit is None or one.published.last.date() <= knowledge.limit.date()
    return known and entry is not None and entry.counts_as_front


def _hit(subject: Subject, row: Observation, value: Value, listed: FrontIdentifier) -> Hit:
    trait = TRAITS[value.kind]
    first = min(
        (sight.date for sight in first_sights(subject.facts)), key=lambda date: date.last, default=None
    )
    older = first is not None and listed.since is not None and first.surely_before(listed.since, MARGIN)
    words = (
        f"{subject.domain} carries the {trait.words} that is published for the listed site {listed.domain}"
    )
    return Hit(
        f"{words}, and stood before it is known to have been there." if older else f"{words}.",
        claimed=f"{trait.words} {value.value}",
        observed=f"{listed.source}, {listed.published}",
        support=(row,),
        strength=_strength(subject.facts, row, value, listed, first, older),
    )


def _strength(
    facts: Facts, row: Observation, value: Value, listed: FrontIdentifier, first: Date | None, older: bool
) -> Strength:
    if older:
        return Strength.CONTEXT
    printed = row.kind == "contact"
    if printed or not is_rare(value.kind, _domains(facts, value)):
        return Strength.MEDIUM
    told = first is not None and listed.since is not None
    return Strength.DECISIVE if told else Strength.STRONG


def _domains(facts: Facts, value: Value) -> int:
    """On how many domains of the database the value stands, as the scan wrote it down."""
    counts = (read_count(row) for row in facts.all("rarity", value.kind.value))
    return next((count for counted, count in counts if counted == value), 1)
