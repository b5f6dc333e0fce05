"""Contact, as it stood before: places and numbers of archived pages against the claim and today's site."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.checks.archived import Shown, same_address
from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import named, stated_start
from scanner.checks.facts import Scene, Subject
from scanner.checks.one_business import Record, claimed_time, organisation_claims
from scanner.checks.places import country_of
from scanner.model import Claim, Observation, Strength

ANYWHERE = "001"
NEEDS = (
    "archived/phone",
    "archived/address",
    "archived/country",
    "archived/phone_country",
    "contact/country",
)
_MOST = 4


@check(
    "contact.earlier-place",
    strength=Strength.WEAK,
    needs=NEEDS,
    texts=Texts(
        innocent="Firms move, close an office, or change their telephone company.",
        ask="Where was the organisation when you worked there, and when did it move?",
        next_step="Look the organisation up in the company registers of both places.",
    ),
    idea="An address abroad stood on an archived page and was taken off later (red flag 16).",
)
def earlier_place(subject: Subject, scene: Scene) -> Result:
    """An archived page of the same organisation names a place or a telephone number that is gone today.

    Context by itself, for firms move; a number alone is not even that. Weak where all countries named there are
    others than the claimed one, and medium where that page is from the claimed time and both street and telephone
    number lie elsewhere; never where an archived page of that time or before names the claimed country. Which
    countries they are plays no part.
    """
    record = Record.of(subject)
    if record.now is None:
        return NoEvidence("today's front page was not read")
    hits = []
    for claim in organisation_claims(subject):
        own = record.surely_own(claim)
        if len(record.pages) not in own:
            continue  # today's site is another's: that it has other contacts says nothing
        pages = [page for n, page in enumerate(record.pages) if n in own]
        gone = [(page, rows) for page in pages if (rows := _gone(subject, page))]
        hit = _hit(subject, claim, pages, gone)
        hits += [hit] if hit else []
    return _once(hits)


def _hit(
    subject: Subject, claim: Claim, pages: list[Shown], gone: list[tuple[Shown, tuple[Observation, ...]]]
) -> Hit | None:
    place = country_of(claim.place)
    elsewhere = [
        page
        for page, _ in gone
        if (seen := _countries(page)) and place and place not in seen and _left(subject, seen)
    ]
    latest = max((page.at.first for page in elsewhere), default=None)
    if latest and any(place in _countries(page) for page in pages if page.at.first <= latest):
        elsewhere = []
    strength = Strength.CONTEXT
    if elsewhere:
        then = any(_within(subject, claim, page) and _both(page) for page in elsewhere)
        strength = Strength.MEDIUM if then else Strength.WEAK
    rows = tuple(
        dict.fromkeys(row for page, found in gone if page in elsewhere or not elsewhere for row in found)
    )
    if not elsewhere and all(row.name == "phone" for row in rows):
        return None  # numbers change without anybody moving
    words = _named(rows)
    where = f"; the claimed place is {claim.place}" if elsewhere else ""
    return Hit(
        f"An address or number on archived pages of {subject.domain} is gone today ({len(words)} in all){where}.",
        claimed=claim.place or named(claim),
        observed="; ".join(words[:_MOST]),
        support=rows,
        strength=strength,
    )


def _gone(subject: Subject, page: Shown) -> tuple[Observation, ...]:
    """Addresses and telephone numbers of a captured page that today's pages don't have."""
    facts = subject.facts
    phones = set(facts.values("contact", "phone"))
    addresses = facts.values("contact", "address")
    return tuple(
        row
        for row in page.rows
        if (row.name == "phone" and row.value not in phones)
        or (row.name == "address" and not any(same_address(row.value, each) for each in addresses))
    )


def _countries(page: Shown) -> frozenset[str]:
    rows = (row.value for row in page.rows if row.name in ("country", "phone_country"))
    return frozenset(rows) - {ANYWHERE}


def _left(subject: Subject, seen: frozenset[str]) -> bool:
    """Whether a country named then is named no more: an office that is still shown is no secret."""
    facts = subject.facts
    today = {*facts.values("contact", "country"), *facts.values("contact", "phone_country")}
    return not seen <= today


def _both(page: Shown) -> bool:
    return {"country", "phone_country"} <= {row.name for row in page.rows}


def _within(subject: Subject, claim: Claim, page: Shown) -> bool:
    start = stated_start(claim)
    if start is None:
        return False
    first, last = claimed_time(claim, start, subject.as_of)
    return any(first <= day.first <= last for day in page.dates)


def _named(rows: Iterable[Observation]) -> list[str]:
    """Each detail once, with the day of the first capture that has it."""
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.value, f"{row.value} ({row.starts.day if row.starts else 'undated'})")
    return list(found.values())


def _once(hits: list[Hit]) -> list[Hit]:
    """Several claims on one address say the same thing once, unless each has a place of its own."""
    found: dict[str, Hit] = {}
    for hit in hits:
        found.setdefault(hit.statement, hit)
    return list(found.values())


@check(
    "contact.place-then",
    strength=Strength.CONTEXT,
    needs=NEEDS,
    texts=Texts(
        innocent="This speaks for the claim: an archived page of that time names the claimed country.",
        ask="In which place did you and the team work at that time?",
        next_step="Nothing to do; contacts on a site belong to whoever ran it.",
    ),
    idea="Contacts that fitted the place at the claimed time (what lowers suspicion).",
)
def place_then(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: a capture from the claimed time names a street or telephone number in the claimed
    country."""
    record = Record.of(subject)
    hits = []
    for claim in organisation_claims(subject):
        own, place = record.surely_own(claim), country_of(claim.place)
        pages = [
            page
            for n, page in enumerate(record.pages)
            if n in own and place in _countries(page) and _within(subject, claim, page)
        ]
        if place and pages:
            hits.append(
                Hit(
                    f"The claimed place, {claim.place}, fits the contacts on archived pages of that time.",
                    claimed=claim.place,
                    observed="; ".join(
                        f"{page.at.day}: {', '.join(sorted(_countries(page)))}" for page in pages
                    ),
                    support=tuple(
                        row for page in pages for row in page.rows if row.name in ("country", "phone_country")
                    ),
                    lowers=True,
                )
            )
    return hits or NoEvidence("no capture of the claimed time names the claimed country")
