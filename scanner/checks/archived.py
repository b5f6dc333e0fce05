"""What captures of a home page show, laid beside today's site and a claim. No checks here; they stand in
`ownership` and `earlier_contacts`.

A page (today's, or a captured one) is the same business's as another where they share anything an owner keeps: a
name, a telephone number, a mailbox, a street, an account with a service, a text. What shares nothing with a page may
still share something with one in between: a rebrand and a move seldom fall on one day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from scanner.checks.claims import days_held
from scanner.checks.facts import Facts, Subject
from scanner.firm_names import folded, has_legal_form, holder, share, telling, words_of
from scanner.model import Bound, Claim, Date, Observation, Role
from scanner.sketch import Band, band

TEXT = ("content", "template")
"""States of a captured page that holds an owner's words; any other says nothing of who it was."""
IDLE = ("parked", "for-sale")
EVERYBODY = frozenset(
    {
        *(
            "info",
            "hello",
            "hi",
            "hey",
            "contact",
            "mail",
            "office",
            "admin",
            "support",
            "sales",
            "team",
            "enquiries",
        ),
        *("webmaster", "postmaster", "jobs", "hr", "careers", "post", "service", "billing", "press"),
        *("kontakt", "contacto", "contato", "bonjour"),
    }
)
"""Mailboxes that the next owner of a name has too."""
SAME_ADDRESS = 0.6  # share of the shorter line's words
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: what it calls itself, how it is reached, its text.

    at: when (the scan's day for today's). dates: all days on which the archive holds these very bytes. names: what it
    declares itself to be (site name, organisation, copyright holder, a title that fits the domain). also: words of
    its titles and of names it says it had.
    """

    at: Date
    dates: tuple[Date, ...]
    state: str
    title: str
    names: tuple[str, ...]
    also: frozenset[str]
    contacts: frozenset[str]
    addresses: tuple[str, ...]
    people: frozenset[str]
    text: str
    languages: frozenset[str]
    has_contacts: bool
    rows: tuple[Observation, ...] = field(repr=False)

    @property
    def telling(self) -> frozenset[str]:
        return frozenset[str]().union(*(telling(name) for name in self.names))

    @property
    def spelled(self) -> frozenset[str]:
        """Its names as they stand there: a founder's own pages go by the founder's name."""
        return frozenset(folded(name) for name in (*self.names, self.title))

    @property
    def is_business(self) -> bool:
        """Whether the page itself says that it is an organisation's: a person's blog has no street and no Ltd."""
        return self.has_contacts or any(map(has_legal_form, self.names))

    def called(self) -> str:
        return self.names[0] if self.names else self.title

    def fits(self, organisation: str) -> bool:
        """Whether it may be the page of that organisation, as far as the names go."""
        words = telling(organisation) or words_of(organisation)
        return bool(share(words, self.telling | self.also | self.words))

    @property
    def words(self) -> frozenset[str]:
        return frozenset[str]().union(*map(words_of, self.names))


def captured(subject: Subject) -> tuple[Shown, ...]:
    """The captures that were read, in order of time; those that show a bot wall or an error among them."""
    facts = subject.facts
    by_capture: dict[tuple[str, str], list[Observation]] = {}
    for row in facts.all("archive", "held"):
        by_capture.setdefault(_key(row), []).append(row)
    for name in _NAMES:
        for row in facts.all("archived", name):
            by_capture.setdefault(_key(row), []).append(row)
    found = []
    for rows in by_capture.values():
        held = next((row for row in rows if row.name == "held"), None)
        if held is not None and held.starts is not None:
            own = Facts.of(row for row in rows if row.kind == "archived")
            state = held.value.partition(" ")[0]
            found.append(
                _shown("archived", own, held.starts, state, subject, (held, *rows), days_held(facts, held))
            )
    return tuple(sorted(found, key=lambda one: (one.at.first, one.rows[0].evidence)))


_NAMES = (
    "title", "site_name", "former_name", "copyright", "language", "text",
    "mail", "phone", "phone_country", "address", "country", "social", "identifier", "officer",
)  # fmt: skip


def today(subject: Subject) -> Shown | None:
    """Today's site as one page; None where its front wasn't read, so that nothing can be laid beside it."""
    if not subject.facts.all("page", "text") and not subject.facts.all("page", "title"):
        return None
    now = Date(subject.as_of.date().isoformat())
    return _shown("today", subject.facts, now, "content", subject, (), (now,))


def _key(row: Observation) -> tuple[str, str]:
    return str(row.starts), row.evidence


def _shown(
    source: str,
    facts: Facts,
    at: Date,
    state: str,
    subject: Subject,
    rows: tuple[Observation, ...],
    dates: tuple[Date, ...],
) -> Shown:
    def values(name: str) -> tuple[str, ...]:
        kinds = ("archived",) if source == "archived" else ("page", "history", "contact", "person")
        return tuple(dict.fromkeys(value for kind in kinds for value in facts.values(kind, name)))

    ids = values("identifier")
    if source != "archived":
        names = ("analytics", "tag", "verification", "pixel", "form_endpoint")
        ids = tuple(value for name in names for value in facts.values("identifier", name))
    titles = values("title")
    declared = [*values("site_name"), *(name for notice in values("copyright") if (name := holder(notice)))]
    declared += [part for title in titles for part in _parts(title) if _fits_domain(part, subject.domain)]
    texts = values("text")
    return Shown(
        at=at,
        dates=dates,
        state=state,
        title=titles[0] if titles else "",
        names=tuple(dict.fromkeys(declared)),
        also=frozenset[str]().union(*(telling(words) for words in (*titles, *values("former_name")))),
        contacts=frozenset(
            [
                *values("phone"),
                *ids,
                *values("social"),
                *(mail for mail in values("mail") if _kept(mail)),
            ]
        ),
        addresses=values("address"),
        people=frozenset(folded(line.partition(": ")[2]) for line in values("officer")) - {""},
        text=max(texts, key=lambda line: (_words(line), line)) if texts else "",
        languages=frozenset(tag.partition("-")[0].lower() for tag in values("language")),
        has_contacts=bool(values("phone") or values("address")),
        rows=tuple(dict.fromkeys(rows)),
    )


def _parts(title: str) -> list[str]:
    for mark in ("|", "•", "·", "–", "—", " - ", ": ", "»"):
        title = title.replace(mark, "\n")
    return [part.strip() for part in title.split("\n") if 0 < len(part.split()) <= 6]


def _fits_domain(part: str, domain: str) -> bool:
    label = folded(domain.partition(".")[0]).replace("-", "")
    return bool(share(telling(part), frozenset({label})))


def _kept(mail: str) -> bool:
    return mail.partition("@")[0].lower() not in EVERYBODY


def same_address(one: str, other: str) -> bool:
    """Whether two lines give one address, in whatever order and with whatever else: most words of the shorter one
    stand in the other, a number among them.

    >>> same_address("2 Dock Street, Dundee DD1 3DR", "Pellow Ltd, 2 Dock Street, DD1 3DR Dundee, Scotland")
    True
    >>> same_address("2 Dock Street, Dundee DD1 3DR", "40 Castle Terrace, Edinburgh EH1 2EL")
    False
    """
    mine, their = (frozenset(_WORD.findall(folded(line))) for line in (one, other))
    shared = mine & their
    return (
        bool(shared)
        and len(shared) >= SAME_ADDRESS * min(len(mine), len(their))
        and any(map(_numbered, shared))
    )


def _numbered(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _words(line: str) -> int:
    first = line.partition(" ")[0]
    return int(first[:9]) if first.isdecimal() else 0


# -------------------------------------------------------------------------------------- one business or two


@dataclass(frozen=True, slots=True)
class Other:
    """A captured page that shows another business than the claimed one, with what weakens that.

    days: those within the time that was asked for. unsure: the names share a word, the languages differ, or too little
    text stands there to be laid beside today's. namesake: the names share what the domain says, and the name was
    registered anew in between.
    """

    page: Shown
    days: tuple[Date, ...]
    unsure: bool
    namesake: bool


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the archive shows of one target, sorted for a claim."""

    now: Shown | None
    pages: tuple[Shown, ...]
    registered: tuple[datetime, ...]
    unused: tuple[datetime, ...]
    domain: str

    @classmethod
    def of(cls, subject: Subject) -> Record:
        pages = tuple(page for page in captured(subject) if page.state in TEXT)
        now = today(subject) if pages else None  # nothing to lay beside it
        return cls(now, pages, _registered(subject), _unused(subject), subject.domain)

    @property
    def all(self) -> tuple[Shown, ...]:
        return (*self.pages, *([self.now] if self.now else []))

    def own(self, claim: Claim) -> frozenset[int]:
        """Which of `all` belong to the organisation a claim names, by number: those that carry its name and all
        that hang together with one of them. Where the claim names none, or no page carries its name, today's
        site stands for a present employer; of a past one nothing can be said then."""
        pages, name = self.all, claim.organisation
        anchors = {n for n, page in enumerate(pages) if name and page.fits(name)}
        whole = {n for n in anchors if not self._only_repeats_domain(words_of(name), pages[n].words)}
        anchors = whole or anchors
        if not anchors and claim.period.ongoing and self.now is not None:
            anchors = {len(pages) - 1}
        return self._together(anchors)

    def own_today(self) -> frozenset[int]:
        """Which of `all` hang together with today's site; none where it wasn't read."""
        return self._together({len(self.pages)}) if self.now is not None else frozenset()

    def _together(self, numbers: Iterable[int]) -> frozenset[int]:
        found, waiting = set[int](), sorted(numbers)
        while waiting:
            number = waiting.pop()
            found.add(number)
            waiting += [
                n for n, page in enumerate(self.all) if n not in found and self.linked(page, self.all[number])
            ]
        return frozenset(found)

    def linked(self, one: Shown, other: Shown) -> bool:
        """Whether two pages belong to one business. A name that only repeats the domain, before different words,
        does not carry over a day on which the domain changed hands."""
        streets = any(same_address(mine, their) for mine in one.addresses for their in other.addresses)
        people = one.people & other.people or one.people & other.spelled or other.people & one.spelled
        if (
            one.contacts & other.contacts
            or streets
            or people
            or band(one.text, other.text) in (Band.SAME, Band.EDITED)
        ):
            return True
        if not one.telling or not other.telling:
            return bool(share(one.telling, other.also) or share(other.telling, one.also))
        if not _by_name(one, other):
            return False
        handed = (*self.registered, *self.unused)
        return not (self._namesakes(one, other) and _between(handed, one, other))

    def _namesakes(self, one: Shown, other: Shown) -> bool:
        return self._only_repeats_domain(one.words, other.words)

    def _only_repeats_domain(self, some: frozenset[str], others: frozenset[str]) -> bool:
        """Whether two names share no more than the domain says, and both go on, differently."""
        label = frozenset({folded(self.domain.partition(".")[0]).replace("-", "")})
        shared = share(some, others) | share(others, some)
        return shared == share(shared, label) and bool(some - shared) and bool(others - shared)

    def others(self, own: frozenset[int], first: datetime, last: datetime) -> tuple[Other, ...]:
        """The captured pages of another business from a stretch of time, those in `own` being the organisation's.
        Only pages that name themselves and say that they are an organisation's; none where `own` is empty, for
        then it isn't known whose pages they are."""
        ours = [page for n, page in enumerate(self.all) if n in own]
        found = []
        known = any(page.telling or page.also for page in ours)
        for number, page in enumerate(self.pages if known else ()):
            days = tuple(day for day in page.dates if first <= day.first <= last)
            if number not in own and page.telling and page.is_business and days:
                found.append(Other(page, days, *self._doubts(page, ours)))
        return tuple(found)

    def _doubts(self, page: Shown, ours: list[Shown]) -> tuple[bool, bool]:
        """Whether it is unsure that a page is another business's, and whether the two are namesakes."""
        alike = [each for each in ours if _by_name(page, each)]
        anew = all(self._namesakes(page, each) and _between(self.registered, page, each) for each in alike)
        spoken = frozenset[str]().union(*(each.languages for each in ours))
        unsure = (
            not anew
            or bool(page.languages and spoken and not page.languages & spoken)
            or not any(band(page.text, each.text) is Band.OTHER for each in ours)
        )
        return unsure, bool(alike)


def _between(days: Iterable[datetime], one: Shown, other: Shown) -> bool:
    early, late = sorted((one.at.first, other.at.first))
    return any(early < day <= late for day in days)


def _by_name(one: Shown, other: Shown) -> bool:
    return bool(share(one.telling, other.telling | other.also) or share(other.telling, one.also))


def _registered(subject: Subject) -> tuple[datetime, ...]:
    """Days on which the name was registered: what stood there before may have been another owner's."""
    rows = (row for name in ("created", "reregistered") for row in subject.facts.all("registration", name))
    return tuple(
        sorted({row.starts.first for row in rows if row.starts is not None and row.bound is Bound.AT})
    )


def _unused(subject: Subject) -> tuple[datetime, ...]:
    """Days on which a capture shows it unused."""
    rows = (row for row in subject.facts.all("archive", "held") if row.value.partition(" ")[0] in IDLE)
    return tuple(sorted({row.starts.first for row in rows if row.starts is not None}))


def organisation_claims(subject: Subject) -> tuple[Claim, ...]:
    """Claims that put an organisation at this address."""
    roles = (Role.EMPLOYER, Role.VENDOR, Role.REFERENCE)
    return tuple(claim for claim in subject.target.claims if claim.role in roles)


def claimed_time(claim: Claim, start: Date, as_of: datetime) -> tuple[datetime, datetime]:
    """What surely lies within a claim: of a year alone, its last day begins it and its first day ends it."""
    return start.last, claim.period.ends.first if claim.period.ends else as_of


def other_then(subject: Subject, claim: Claim, start: Date) -> tuple[Other, ...]:
    """The captures of the claimed time that show another business than the claimed one."""
    record = Record.of(subject)
    return record.others(record.own(claim), *claimed_time(claim, start, subject.as_of))
