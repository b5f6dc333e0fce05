"""One business or two? Captured pages, today's site and a claim, put together by what an owner keeps. No checks here;
they stand in `ownership` and `earlier_contacts`.

A page (today's, or a captured one) is the same business's as another where they share anything an owner keeps: a
name, a telephone number, a mailbox, a street, an account with a service, an officer, a text. What shares nothing with
a page may still share something with one in between: a rebrand and a move seldom fall on one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from scanner.checks.archived import IDLE, TEXT, Shown, captured, same_address, today
from scanner.checks.claims import idle_then
from scanner.checks.facts import Subject
from scanner.firm_names import folded, share, telling, words_of
from scanner.model import Bound, Claim, Date, Role
from scanner.sketch import Band, band


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
        return self._together(anchors, self.linked)

    def surely_own(self, claim: Claim) -> frozenset[int]:
        """The same, for what speaks for or against a claim by itself: a word of a title is no name, and a namesake
        is another's until contacts or text link the two. A bare address means today's site."""
        pages, name = self.all, claim.organisation
        words = telling(name)
        anchors = {
            n
            for n, page in enumerate(pages)
            if share(words, page.telling) and not self._only_repeats_domain(words_of(name), page.words)
        }
        undated = claim.period.starts is None and claim.period.ends is None
        if not name and (claim.period.ongoing or undated) and self.now is not None:
            anchors = {len(pages) - 1}
        return self._together(anchors, self.bound)

    def own_today(self) -> frozenset[int]:
        """Which of `all` hang together with today's site; none where it wasn't read."""
        return self._together({len(self.pages)}, self.linked) if self.now is not None else frozenset()

    def _together(self, numbers: Iterable[int], linked: Callable[[Shown, Shown], bool]) -> frozenset[int]:
        pages = self.all
        found, waiting = set[int](), sorted(numbers)
        while waiting:
            number = waiting.pop()
            found.add(number)
            waiting += [n for n, page in enumerate(pages) if n not in found and linked(page, pages[number])]
        return frozenset(found)

    def bound(self, one: Shown, other: Shown) -> bool:
        """Whether two pages surely belong to one business: a contact, a street, an account, an officer, most of a
        text, or a name that says more than the domain does."""
        streets = any(same_address(mine, their) for mine in one.addresses for their in other.addresses)
        people = one.people & other.people or one.people & other.spelled or other.people & one.spelled
        text = band(one.text, other.text) in (Band.SAME, Band.EDITED)
        named = share(one.telling, other.telling) and not self._namesakes(one, other)
        return bool(one.contacts & other.contacts or streets or people or text or named)

    def linked(self, one: Shown, other: Shown) -> bool:
        """Whether two pages may belong to one business: also where a name stands in the other's title, or among the
        names it says it had. A name that only repeats the domain, before different words, does not carry over a
        day on which the domain changed hands."""
        if self.bound(one, other):
            return True
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


def seen_then(
    subject: Subject, record: Record, claim: Claim, start: Date
) -> tuple[tuple[Shown, ...], list[Date]]:
    """The captured pages of the claimed time that surely show the claimed organisation, and their days in order; none
    where a capture of that time shows another business or an unused page."""
    own = record.surely_own(claim)
    last = claim.period.ends.last if claim.period.ends else subject.as_of
    found = [
        (page, days)
        for n, page in enumerate(record.pages)
        if n in own and (days := tuple(day for day in page.dates if start.first <= day.first <= last))
    ]
    if record.others(record.own(claim), start.first, last) or idle_then(subject, claim, start):
        return (), []
    every = {day for _, days in found for day in days}
    return tuple(page for page, _ in found), sorted(every, key=lambda day: day.first)


def over_years(days: list[Date], start: Date) -> bool:
    """Whether they lie in two different years, the first of them within two years of the claimed beginning."""
    return bool(days) and days[0].year <= start.year + 2 and days[0].year < days[-1].year
