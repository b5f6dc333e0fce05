"""Contact: do the contacts on the pages fit the place that is claimed?"""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.checks.places import country_of
from scanner.model import Role, Strength

ANYWHERE = "001"
"""The region code of numbers that belong to no country (freephone, satellite)."""


@check(
    "contact.phone-country",
    strength=Strength.WEAK,
    needs=("contact/phone_country", "contact/country"),
    texts=Texts(
        innocent="Firms serve one country from another, keep a sales office abroad, or answer phones elsewhere.",
        ask="From which office did the organisation work, and where was the team?",
        next_step="Look the organisation up in the company register of the claimed place.",
    ),
    idea="Sites that say one country while phone and address say another (red flag 16).",
)
def phone_country(subject: Subject, scene: Scene) -> Result:
    """Every phone number on the pages belongs to another country than the claimed place.

    Compares the country of the claimed place with those of the phone numbers. Weak by itself; medium where
    the postal addresses on the pages lie in other countries too. Which countries they are plays no part.
    """
    phones = set(subject.facts.values("contact", "phone_country")) - {ANYWHERE}
    if not phones:
        return NoEvidence("no phone number with a country was seen")
    addresses = set(subject.facts.values("contact", "country"))
    hits = []
    for claim in subject.target.claims:
        place = country_of(claim.place)
        if (
            claim.role not in (Role.EMPLOYER, Role.VENDOR, Role.REFERENCE)
            or not place
            or place in phones | addresses
        ):
            continue
        hits.append(
            Hit(
                f"The claimed place is {claim.place}; phone numbers on the pages belong to "
                f"{', '.join(sorted(phones))}.",
                claimed=claim.place,
                observed=", ".join([*sorted(phones), *(f"address: {code}" for code in sorted(addresses))]),
                support=(
                    *subject.facts.all("contact", "phone_country"),
                    *subject.facts.all("contact", "country"),
                ),
                strength=Strength.MEDIUM if addresses else Strength.WEAK,
            )
        )
    return hits


@check(
    "contact.place-fits",
    strength=Strength.CONTEXT,
    needs=("contact/phone_country", "contact/country"),
    texts=Texts(
        innocent="This speaks for the claim: place and contacts fit.",
        ask="In which place did you and the team work?",
        next_step="Nothing to do; contacts on a site belong to whoever runs it.",
    ),
    idea="Consistent contacts (what lowers suspicion).",
)
def place_fits(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: a phone number or postal address on the pages lies in the claimed country."""
    seen = {*subject.facts.values("contact", "phone_country"), *subject.facts.values("contact", "country")}
    return [
        Hit(
            f"The claimed place, {claim.place}, fits the contacts on the pages.",
            claimed=claim.place,
            observed=", ".join(sorted(seen)),
            support=(
                *subject.facts.all("contact", "phone_country"),
                *subject.facts.all("contact", "country"),
            ),
            lowers=True,
        )
        for claim in subject.target.claims
        if (place := country_of(claim.place)) and place in seen
    ]
