"""What captures of a home page show, and today's site as the same kind of thing. No checks here; what belongs
together is found in `one_business`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scanner.checks.claims import days_held
from scanner.checks.facts import Facts, Subject
from scanner.firm_names import folded, has_legal_form, holder, share, telling, words_of
from scanner.model import Date, Observation

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
