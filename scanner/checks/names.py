"""Known: is a name on the site one of a sanctions list, and does a second fact agree?

A name alone is nothing: firms and people share theirs. Compared are organisations, and only those people whom a site
or a register names as its officers or registrant; never a candidate, never a reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.checks.same_place import same_street, same_town
from scanner.domains import registrable
from scanner.knowledge import ListedName, NamedMatch
from scanner.model import Observation, Role, Strength

FIRMS = frozenset({Role.EMPLOYER, Role.VENDOR})
"""Roles of claims whose site stands for an organisation: there the people it names as officers may be compared."""
MOST_NAMES = 30
"""Names of one target that are compared."""


@dataclass(frozen=True, slots=True)
class Second:
    """A second fact that agrees with a list entry. hard: enough for a common name (not the mere town)."""

    words: str
    hard: bool
    support: tuple[Observation, ...] = ()


@check(
    "known.listed-organisation",
    strength=Strength.STRONG,
    needs=("page/site_name", "registration/registrant_organisation", "contact/address", "contact/phone"),
    texts=Texts(
        innocent="Unrelated firms share names and buildings, and spellings in other alphabets vary.",
        ask="What is the organisation's registered name, number and address?",
        next_step="Compare registration number and address with the list entry, in the public register of that place.",
    ),
    idea="Designated firms present themselves under their names and aliases, garbled or respelled.",
)
def listed_organisation(subject: Subject, scene: Scene) -> Result:
    """The organisation's name is like one on a sanctions list, or like a listed front's, and a second fact agrees.

    Compared are the name the site gives itself, the registrant's organisation and the claimed one, without legal
    forms, in any order, hyphenation and romanisation. Strong where street address, telephone number or domain agree
    too; medium where only the town does; context where nothing does. A name of ordinary words says nothing without
    street, number or domain. Which country it is plays no part.
    """
    names = list(_organisations(subject))
    if not names:
        return NoEvidence("no name of an organisation was seen")
    hits: dict[str, Hit] = {}
    for name, claimed, support in names:
        for match in scene.knowledge.organisations_like(name):
            second = _second(subject, match.entry)
            if match.common and not (second and second.hard):
                continue
            hit = _hit(name, claimed, match, second, support)
            before = hits.get(match.entry.name)
            if before is None or _rank(hit) > _rank(before):
                hits[match.entry.name] = hit
    return [hits[name] for name in sorted(hits)]


@check(
    "known.listed-officer",
    strength=Strength.STRONG,
    needs=("person/officer", "registration/registrant_name", "contact/address", "contact/phone"),
    texts=Texts(
        innocent="Many people share a name; this one may have nothing to do with the list entry.",
        ask="Who managed the organisation while you were there?",
        next_step="Compare birth date and address in the public register with the list entry; a name proves nothing.",
    ),
    idea="Lists name officers of designated firms; names alone accuse the innocent (traps T5, T8).",
)
def listed_officer(subject: Subject, scene: Scene) -> Result:
    """Somebody whom the site names as its officer, or the register as its registrant, has a listed name, and the
    street address, the telephone number or the domain is the listed one too.

    Only on sites claimed as employer or vendor. Without such a second fact nothing is said at all: not for the same
    town, not for the rarest name. A candidate's name and a reference's are never compared.
    """
    if not any(claim.role in FIRMS for claim in subject.target.claims):
        return NoEvidence("the site is not claimed as a firm")
    rows = (*subject.facts.all("person", "officer"), *subject.facts.all("registration", "registrant_name"))
    if not rows:
        return NoEvidence("the site names no officers, and its register no registrant")
    hits: dict[str, Hit] = {}
    for row in rows[:MOST_NAMES]:
        name = row.value.partition(": ")[2] or row.value
        for match in scene.knowledge.people_like(name):
            second = _second(subject, match.entry)
            if second is not None and second.hard:
                hits.setdefault(match.entry.name, _hit(name, "", match, second, (row,)))
    return [hits[name] for name in sorted(hits)]


def _organisations(subject: Subject) -> Iterator[tuple[str, str, tuple[Observation, ...]]]:
    """(name, as claimed, where it was seen): the site's own, the registrant's, the claimed ones."""
    rows = (
        *subject.facts.all("page", "site_name"),
        *subject.facts.all("registration", "registrant_organisation"),
    )
    seen: dict[str, tuple[Observation, ...]] = {}
    for row in rows:
        seen.setdefault(row.value, (row,))
    for name in list(seen)[:MOST_NAMES]:
        yield name, "", seen[name]
    for claim in subject.target.claims:
        if claim.role in FIRMS and claim.organisation and claim.organisation not in seen:
            yield claim.organisation, claim.organisation, ()


def _hit(
    name: str, claimed: str, match: NamedMatch, second: Second | None, support: tuple[Observation, ...]
) -> Hit:
    entry = match.entry
    if second is None:
        said, strength = "; nothing else agrees, and names are shared.", Strength.CONTEXT
    else:
        said, strength = f"; {second.words}.", Strength.STRONG if second.hard else Strength.MEDIUM
    return Hit(
        f"The name “{name}” is like “{match.alias}” on a list ({entry.list}){said}",
        claimed=claimed or name,
        observed=f"list entry {entry.name}; spelling met {match.alias}; likeness {match.score:g} of 100"
        + (f"; second fact: {second.words}" if second else "; no second fact"),
        support=(*support, *(second.support if second else ())),
        strength=strength,
    )


def _rank(hit: Hit) -> int:
    return hit.strength.rank if hit.strength else 0


def _second(subject: Subject, entry: ListedName) -> Second | None:
    """The best second fact that agrees with the entry: domain, telephone, street, then town."""
    return (
        _domain(subject, entry) or _phone(subject, entry) or _street(subject, entry) or _town(subject, entry)
    )


def _domain(subject: Subject, entry: ListedName) -> Second | None:
    if subject.domain in entry.domains:
        return Second(f"{subject.domain} is its listed domain", True)
    rows = [*subject.facts.all("contact", "mail"), *subject.facts.all("registration", "registrant_email")]
    for row in rows:
        domain = registrable(row.value.rpartition("@")[2])
        if domain in entry.domains:
            return Second(f"the mailbox {row.value} stands on its listed domain", True, (row,))
    return None


def _phone(subject: Subject, entry: ListedName) -> Second | None:
    for row in subject.facts.all("contact", "phone"):
        if row.value in entry.phones:
            return Second(f"the number {row.value} is listed with it", True, (row,))
    return None


def _street(subject: Subject, entry: ListedName) -> Second | None:
    for row in subject.facts.all("contact", "address"):
        for address in entry.addresses:
            if same_street(address, row.value):
                return Second(f"the address {row.value} is the listed {address}", True, (row,))
    return None


def _town(subject: Subject, entry: ListedName) -> Second | None:
    for address in entry.addresses:
        for row in subject.facts.all("contact", "address"):
            if town := same_town(address, row.value):
                return Second(f"the town agrees with the entry ({town})", False, (row,))
        for claim in subject.target.claims:
            if claim.role in FIRMS and (town := same_town(address, claim.place)):
                return Second(f"the claimed town agrees with the entry ({town})", False)
    return None
