"""Whose address was it? What captures of the claimed years show, against the claim and today's site."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.checks.archived import IDLE, Shown
from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import LEEWAY, YEAR, dated_claims, named
from scanner.checks.facts import Scene, Subject
from scanner.checks.one_business import (
    Other,
    Record,
    claimed_time,
    organisation_claims,
    over_years,
    seen_then,
)
from scanner.model import Bound, Claim, Date, Observation, Strength
from scanner.sketch import Band, band
from scanner.wording import quoted

NEEDS = ("archive/held", "archived/site_name", "archived/text", "page/text")
IDEA = "Expired names are bought for their age; what stood there before belongs to someone else (red flag 3)."
_MOST = 3  # pages named in a sentence


@check(
    "history.other-business-then",
    strength=Strength.STRONG,
    needs=(*NEEDS, "registration/created"),
    texts=Texts(
        innocent="The firm may have had another name or address then and taken over this one later, "
        "or the claim gives today's name for a firm that was bought.",
        ask="Which name and web address did the organisation use in those years?",
        next_step="Open the archived pages named here, and look both names up in the company register of their places.",
    ),
    idea=IDEA,
)
def other_business_then(subject: Subject, scene: Scene) -> Result:
    """In the claimed years the archive shows another business at the address.

    Only captures that name an organisation, with a telephone number, a street or a legal form, and that share
    nothing with the claimed organisation's pages: no name, contact, account or text, also by way of captures in
    between. Of an ended claim it is said only where some page carries the claimed name. Strong where the other
    business was there on two days, and decisive where the claim also begins before the present registration and
    the names have nothing in common; medium where it was seen once; weak where the names share a word, the
    languages differ, or there is too little text to compare.
    """
    record = Record.of(subject)
    if not record.pages:
        return NoEvidence("no capture with an owner's text was read")
    hits = []
    for claim, start in dated_claims(subject):
        found = record.others(record.own(claim), *claimed_time(claim, start, subject.as_of))
        if found:
            hits.append(_other_hit(subject, claim, start, found))
    return hits


def _other_hit(subject: Subject, claim: Claim, start: Date, found: tuple[Other, ...]) -> Hit:
    created = _registered_after(subject, start)
    days = {day for other in found if not other.unsure for day in other.days}
    anew = created is not None and not any(other.namesake for other in found)
    strength = Strength.DECISIVE if anew else Strength.STRONG
    if len(days) < 2:
        strength = Strength.MEDIUM if days else Strength.WEAK
    what = "another business" if days else "a page under another name"
    return Hit(
        f"In the claimed years the archive shows {what} at {subject.domain}: {_list(found)}.",
        claimed=named(claim),
        observed="; ".join(_line(other.page) for other in found)
        + (f"; registered {created.starts.day}" if created and created.starts else ""),
        support=(*_rows(other.page for other in found), *([created] if created else [])),
        strength=strength,
    )


def _registered_after(subject: Subject, start: Date) -> Observation | None:
    """The registration where the claim surely begins before it."""
    row = subject.facts.earliest("registration", "created")
    known = row is not None and row.starts is not None and row.bound is Bound.AT
    return row if known and row and row.starts and start.surely_before(row.starts, LEEWAY) else None


@check(
    "history.young-content",
    strength=Strength.MEDIUM,
    needs=(*NEEDS, "history/since", "history/founded"),
    texts=Texts(
        innocent="Firms buy a used name when they find a better one, and move their old pages there late.",
        ask="Since when has the organisation used this address, and which one did it have before?",
        next_step="Compare the archived pages named here with today's, and look for the firm's earlier address.",
    ),
    idea=IDEA,
)
def young_content(subject: Subject, scene: Scene) -> Result:
    """Today's text is far younger than the claim, and the address held something else before.

    Compares the first capture with today's text with the claimed beginning: it must lie more than a year later,
    and in between the archive must hold another business, or an unused page within the claimed time. Nothing
    where a capture from that time shows the same organisation with other words. Strong where two such days were
    seen, medium with one; weak where the other page can't be told apart surely, and where only the site's own
    words put its beginning so early.
    """
    record = Record.of(subject)
    if record.now is None or band(record.now.text, record.now.text) is Band.UNKNOWN:
        return NoEvidence("today's front page holds too little text to look for in captures")
    hits = []
    for claim, start in dated_claims(subject):
        hit = _young(subject, record, claim, start)
        hits += [hit] if hit else []
    return hits or _young_by_own_words(subject, record)


def _since(record: Record) -> Date | None:
    """The first capture with today's text."""
    now = record.now
    alike = [
        page.at for page in record.pages if now and band(page.text, now.text) in (Band.SAME, Band.EDITED)
    ]
    return min(alike, key=lambda at: at.first, default=None)


def _young(subject: Subject, record: Record, claim: Claim, start: Date) -> Hit | None:
    own, since = record.own(claim), _since(record)
    until = since.first if since else subject.as_of
    if len(record.pages) not in own or start.last + YEAR > until:
        return None  # today's page is not the claimed organisation's, or is as old as the claim
    if any(start.first <= page.at.first < until for n, page in enumerate(record.pages) if n in own):
        return None
    found = record.others(own, start.last, until)
    _, last = claimed_time(claim, start, subject.as_of)
    idle = [
        row for row in _idle(subject) if row.starts and start.last <= row.starts.first <= min(last, until)
    ]
    days = {day for other in found if not other.unsure for day in other.days} | {row.starts for row in idle}
    if not found and not idle:
        return None
    return Hit(
        f"Today's text of {subject.domain} is {_first_seen(since)}; before that the archive holds "
        f"{_before(found, idle)}.",
        claimed=named(claim),
        observed="; ".join([*(_line(other.page) for other in found), *(_idle_line(row) for row in idle)]),
        support=(*_rows(other.page for other in found), *idle),
        strength=_by_days(len(days), since),
    )


def _by_days(days: int, since: Date | None) -> Strength:
    if days > 1 and since is not None:
        return Strength.STRONG
    return Strength.MEDIUM if days else Strength.WEAK


def _young_by_own_words(subject: Subject, record: Record) -> list[Hit]:
    row, since = subject.facts.earliest("history", "founded", "since"), _since(record)
    if row is None or row.starts is None or since is None or row.starts.last + YEAR > since.first:
        return []
    own = record.own_today()
    if any(page.at.first < since.first for n, page in enumerate(record.pages) if n in own):
        return []
    found = record.others(own, row.starts.last, since.first)
    if not found:
        return []
    return [
        Hit(
            f"Today's text of {subject.domain} is {_first_seen(since)}; before that the archive holds "
            f"{_before(found, [])}.",
            claimed=row.value,
            observed="; ".join(_line(other.page) for other in found),
            support=(row, *_rows(other.page for other in found)),
            strength=Strength.WEAK,
        )
    ]


def _idle(subject: Subject) -> list[Observation]:
    return [row for row in subject.facts.all("archive", "held") if row.value.partition(" ")[0] in IDLE]


def _first_seen(since: Date | None) -> str:
    return f"first archived {since.day}" if since else "in no archived page that was read"


def _before(found: tuple[Other, ...], idle: Iterable[Observation]) -> str:
    unused = ", ".join(row.starts.day for row in idle if row.starts)
    sure = any(not other.unsure for other in found)
    parts = (
        [f"{'another business' if sure else 'a page under another name'}: {_list(found)}"] if found else []
    )
    return " and ".join([*parts, *([f"an unused page ({unused})"] if unused else [])])


@check(
    "history.same-business-then",
    strength=Strength.CONTEXT,
    needs=NEEDS,
    texts=Texts(
        innocent="This speaks for the claim: the archive shows the claimed organisation in the claimed years.",
        ask="What did the organisation do in those years, and what was your part in it?",
        next_step="Nothing to do; an archived firm proves neither the job nor who runs the site today.",
    ),
    idea="Captures that show the same business over years are hard to make up (what lowers suspicion).",
)
def same_business_then(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: captures from the claimed years show the claimed organisation.

    By its name, or by contacts, accounts or text that a page with its name has too. Where it was there in two
    different years, the first of them within two years of the claimed beginning, and no capture of that time
    shows another business or an unused page, a later registration and a claimed founding year are set aside.
    """
    record = Record.of(subject)
    hits = []
    for claim, start in dated_claims(subject):
        pages, days = seen_then(subject, record, claim, start)
        if not days:
            continue
        hits.append(
            Hit(
                f"The archive shows the same organisation at {subject.domain} in the claimed years "
                f"({_some(days)}).",
                claimed=named(claim),
                observed="; ".join(_line(page) for page in pages),
                support=_rows(pages),
                defeats=("history.claim-before-reregistration", "history.page-claims-too-early")
                if over_years(days, start)
                else (),
                lowers=True,
            )
        )
    return hits or NoEvidence("no capture from the claimed years shows the claimed organisation")


@check(
    "history.archived-pages",
    strength=Strength.CONTEXT,
    needs=NEEDS,
    texts=Texts(
        innocent="Firms redesign, rename, change their language or their trade, and names pass from one to another.",
        ask="What did the organisation do before, and under which name?",
        next_step="Open the archived pages and see who they are about.",
    ),
    idea="A reader should see what stood at an address before, whatever it may mean (red flag 3).",
)
def archived_pages(subject: Subject, scene: Scene) -> Result:
    """Archived pages share neither name nor contacts nor text with today's site: their titles, for the reader.

    It raises nothing by itself.
    """
    record = Record.of(subject)
    own = record.own_today()
    if not own or not organisation_claims(subject):
        return NoEvidence("today's front page was not read, or nothing is claimed of an organisation")
    strange = [page for n, page in enumerate(record.pages) if n not in own and page.called()]
    if not strange:
        return ()
    return [
        Hit(
            f"Archived pages of {subject.domain} have nothing in common with today's: "
            + _called((page, page.dates) for page in strange)
            + ".",
            claimed=record.now.called() if record.now else "",
            observed="; ".join(_line(page) for page in strange),
            support=_rows(strange),
        )
    ]


def _list(found: Iterable[Other]) -> str:
    return _called((other.page, other.days) for other in found)


def _called(pages: Iterable[tuple[Shown, Iterable[Date]]]) -> str:
    """What pages call themselves, each name once with its days; the first few."""
    days: dict[str, set[Date]] = {}
    for page, own in pages:
        days.setdefault(page.called(), set()).update(own)
    return ", ".join(
        f"{quoted(name)} ({_some(sorted(own, key=lambda day: day.first))})"
        for name, own in list(days.items())[:_MOST]
    )


def _some(days: list[Date]) -> str:
    """The days, or the first and the last where they are many."""
    shown = [day.day for day in days]
    return ", ".join(shown) if len(shown) <= 2 else f"{shown[0]} to {shown[-1]}"


def _line(page: Shown) -> str:
    return f"{page.at.day} {quoted(page.called())}"


def _idle_line(row: Observation) -> str:
    return f"{row.starts.day if row.starts else ''} {row.value.partition(' ')[0]}"


def _rows(pages: Iterable[Shown]) -> tuple[Observation, ...]:
    """What a page is cited for: its state, its names, its contacts; never the sketch of its text."""
    cited = ("held", "title", "site_name", "copyright", "phone", "address")
    return tuple(row for page in pages for row in page.rows if row.name in cited)
