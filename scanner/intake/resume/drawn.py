"""From the parts of a résumé to claims: which address belongs to which post, and what a person should look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scanner.domains import host_of, registrable
from scanner.intake.claims import Notebook
from scanner.intake.resume import dates, links
from scanner.intake.resume.entries import Entry, entries
from scanner.intake.resume.headings import Part
from scanner.intake.resume.pieces import pieces_of
from scanner.intake.resume.record import Drawn, Reading
from scanner.intake.resume.sections import Section, sections
from scanner.intake.resume.sheet import Line, Sheet
from scanner.intake.resume.spread import day_first
from scanner.intake.resume.words import DEGREE, FORM, LABEL, SCHOOL
from scanner.knowledge import Kind
from scanner.model import Period, Role

MAX_ADDRESSES = 60
"""Claims with an address in one case: each may cost a minute of other people's machines."""
MAX_CLAIMS = 300
_REACH = re.compile(r"@|\+?\d[\d ()./-]{6,}\d|https?://|www\.", re.IGNORECASE)
_SIZE = re.compile(r"\s(\d+(?:\.\d+)?)(?=\s|$)")
_UNHEADED = "no heading says that this is a post"
_RANK = (
    Role.EMPLOYER, Role.VENDOR, Role.REFERENCE, Role.PORTFOLIO, Role.SCHOOL, Role.CERTIFICATE, Role.OFFER, Role.PROFILE,
)  # fmt: skip
_ROLES = {
    Part.SCHOOL: Role.SCHOOL,
    Part.REFERENCES: Role.REFERENCE,
    Part.CERTIFICATES: Role.CERTIFICATE,
}


@dataclass(slots=True)
class _Row:
    role: Role
    url: str = ""
    organisation: str = ""
    period: Period = field(default_factory=Period)
    place: str = ""
    doubts: list[str] = field(default_factory=list)


def draw(sheet: Sheet) -> Reading:
    """The claims of a sheet, in reading order."""
    sheet = replace(sheet, lines=[line for line in day_first(sheet.lines) if not _of_a_logo(line)])
    parts = sections(sheet)
    notes = list(sheet.notes)
    headed = any(section.part is Part.WORK for section in parts)
    owner = _largest(sheet)
    names = {line.text.casefold() for line in parts[0].lines[: 3 if headed else 1]} | owner
    for section in parts[1:]:
        section.lines = [
            replace(one, text="") if one.text.casefold() in owner else one for one in section.lines
        ]
    if not any(section.part is Part.WORK and _periods(section) for section in parts) and _untitled_work(
        parts, headed
    ):
        notes.append("no heading says where the posts begin; what has dates was taken for one")
    rows: list[_Row] = []
    hints: dict[str, None] = {}
    for section in parts:
        found, mails = links.find(section.lines)
        hints.update(dict.fromkeys(mails))
        rows += _rows(section, found)
    for row in rows:
        if row.organisation.casefold() in names and not FORM.search(row.organisation):
            row.organisation = ""  # what heads a résumé is a person's name
    rows = [row for row in rows if row.organisation or row.url]
    return _reading(rows, hints, notes)


def _largest(sheet: Sheet) -> set[str]:
    """What is set in the largest type, where that is one line or two: the name of the résumé's owner, which may stand
    anywhere where columns are read one after the other."""
    sizes = [(float(size[1]), line.text) for line in sheet.lines if (size := _SIZE.search(line.style))]
    if len(sizes) < 6:
        return set()
    most, usual = max(sizes)[0], sorted(sizes)[len(sizes) // 2][0]
    found = [text for size, text in sizes if size == most]
    return (
        {text.casefold() for text in found if not FORM.search(text)}
        if len(found) < 3 and most > 1.2 * usual
        else set()
    )


def _of_a_logo(line: Line) -> bool:
    """Whether a line only says what a picture shows, as text copied from a portal does: "Acme logo"."""
    return (
        not line.links
        and re.fullmatch(r"(?:logo (?:de|von|di|do|da|van)\s.{1,60}|.{1,60}\slogo)", line.text, re.IGNORECASE)
        is not None
    )


def _periods(section: Section) -> int:
    return sum(any(map(dates.is_range, dates.find(line.text))) for line in section.lines)


def _untitled_work(parts: Sequence[Section], headed: bool) -> bool:
    """Takes parts without a heading of their own for work where they hold periods; where a heading of posts stands
    elsewhere, with nothing below it, only the part with most of them."""
    found = [one for one in parts if one.part in (Part.HEAD, Part.OTHER, Part.UNKNOWN) and _periods(one)]
    if headed:
        found = [one for one in sorted(found, key=_periods, reverse=True)[:1] if _periods(one) > 1]
    for section in found:
        if section.part is Part.HEAD:
            section.lines = _below_contact(section.lines)
        section.part, section.guessed = Part.WORK, True
    return bool(found)


def _below_contact(lines: list[Line]) -> list[Line]:
    """The lines without the name at the top and how to reach its owner; addresses on them are kept."""
    first = next((at for at, line in enumerate(lines) if any(map(dates.is_range, dates.find(line.text)))), 0)
    reach = [
        at for at, line in enumerate(lines[:first])
        if line.links or _REACH.search(line.text) or links.written(line.text)
    ]  # fmt: skip
    top = max(reach, default=0) + 1
    return [replace(line, text="\t".join(links.written(line.text))) for line in lines[:top]] + lines[top:]


def _rows(section: Section, found: list[links.Found]) -> list[_Row]:
    if section.part is Part.WORK:
        return _of_entries(section, found, Role.EMPLOYER)
    if section.part is Part.SCHOOL:
        return _of_entries(section, found, Role.SCHOOL)
    if section.part is Part.REFERENCES:
        return _of_references(section, found)
    rows = []
    for one in found:
        if one.bare and section.part is Part.OTHER and one.kind is Kind.SITE and "/" not in one.url[8:-1]:
            continue  # "React.io, Foo.ai" in a list of skills: products, not the candidate's claims
        rows.append(_Row(_role(one, _ROLES.get(section.part, Role.PORTFOLIO)), one.url, doubts=_doubts(one)))
    return rows


def _role(one: links.Found, otherwise: Role) -> Role:
    if one.kind in (Kind.PROFILE, Kind.LINK_PAGE):
        return Role.PROFILE
    return Role.PORTFOLIO if one.kind is Kind.HOSTED and otherwise is Role.EMPLOYER else otherwise


def _doubts(one: links.Found, *more: str) -> list[str]:
    return [doubt for doubt in (one.doubt, *more) if doubt]


def _of_entries(section: Section, found: list[links.Found], role: Role) -> list[_Row]:
    lines = section.lines
    posts = entries(lines, section.part)
    rows: list[_Row] = []
    taken: set[int] = set()
    for post in posts:
        main = _site_of(post, section, found)
        row = _Row(role, "", post.organisation, post.period, post.place, list(post.doubts))
        if section.guessed:
            row.doubts.append(_UNHEADED)
            row.role = Role.SCHOOL if _taught(post) else role
        if main is not None:
            row.url = found[main].url
            row.doubts += _doubts(found[main])
            taken.add(main)
        if row.organisation or row.url:
            rows.append(row)
    for number, one in enumerate(found):
        if number not in taken:
            beside = (
                [] if role is Role.SCHOOL else ["stands among the posts: the firm's site, or one's own work?"]
            )
            rows.append(
                _Row(_role(one, Role.SCHOOL if role is Role.SCHOOL else Role.PORTFOLIO), one.url,
                     doubts=_doubts(one, *(beside if one.kind is Kind.SITE else ())))
            )  # fmt: skip
    return rows


def _taught(post: Entry) -> bool:
    return SCHOOL.search(post.organisation) is not None and any(
        DEGREE.search(one.text) for one in post.pieces
    )


def _site_of(post: Entry, section: Section, found: list[links.Found]) -> int | None:
    """Which address is the organisation's: one on the head of the entry, else one alone on a line or behind a
    label, else one that carries its name."""
    ranked: list[tuple[int, int]] = []
    name = _letters(post.organisation)
    for number, one in enumerate(found):
        if one.line not in post.lines or one.kind not in (Kind.SITE, Kind.HOSTED, Kind.IP):
            continue
        line = section.lines[one.line]
        domain = registrable(host_of(one.url) or "").partition(".")[0].replace("-", "")
        named = len(domain) > 3 and (domain in name or (len(name) > 3 and name in domain))
        alone = len(line.text) - (one.end - one.start) < 6 or LABEL.search(line.text[: one.start]) is not None
        rank = (
            0
            if named
            else 1
            if one.line in post.head and not line.bullet
            else 2
            if alone and not line.bullet
            else 9
        )
        if one.kind is not Kind.SITE and rank == 1:
            rank = 2
        ranked.append((rank, number))
    best = min(ranked, default=(9, 0))
    return best[1] if best[0] < 9 else None


def _letters(text: str) -> str:
    return "".join(char for char in FORM.sub("", text).lower() if char.isalnum())


def _of_references(section: Section, found: list[links.Found]) -> list[_Row]:
    """Firms of referees; never the referees themselves."""
    rows: list[_Row] = []
    by_line = {one.line: one for one in found if one.kind is Kind.SITE}
    used: set[int] = set()
    for number, line in enumerate(section.lines):
        firms = [p for p in pieces_of(line, number, None) if FORM.search(p.text) or p.after_at or p.linked]
        firms = [p for p in firms if len(p.text) <= 60 and not p.is_place]
        if not firms:
            continue
        near = next(
            (by_line[at] for at in (number, number + 1, number - 1) if at in by_line and at not in used), None
        )
        row = _Row(Role.REFERENCE, "", firms[0].text)
        if near is not None:
            used.add(near.line)
            row.url, row.doubts = near.url, _doubts(near)
        rows.append(row)
    rows += [
        _Row(_role(one, Role.REFERENCE), one.url, doubts=_doubts(one))
        for one in found
        if one.line not in used
    ]
    return rows


def _reading(rows: list[_Row], hints: dict[str, None], notes: list[str]) -> Reading:
    """Rows as claims, the same address once for each role and organisation, with the limits applied."""
    book = Notebook("")
    drawn: dict[tuple[object, ...], Drawn] = {}
    named = {row.url for row in rows if row.organisation and row.url}
    for row in rows:
        if row.url in named and not row.organisation:
            continue
        claim = book.claim(
            {
                "role": row.role.value,
                "organisation": row.organisation,
                "url": row.url,
                "starts": str(row.period.starts or ""),
                "ends": row.period.end_text,
                "place": row.place,
            },
            "",
        )
        if claim is not None:
            key = (
                (claim.role, claim.url, claim.organisation, claim.period)
                if claim.organisation
                else (claim.url,)
            )
            drawn.setdefault(key, Drawn(claim, tuple(dict.fromkeys(row.doubts))))
    kept, left_out = _capped(list(drawn.values()))
    known = {registrable(host_of(one.claim.url) or "") for one in kept if one.claim.url}
    mails = tuple(domain for domain in hints if domain not in known)
    return Reading(tuple(kept), mails[:20], tuple(left_out), tuple(notes))


def _capped(drawn: list[Drawn]) -> tuple[list[Drawn], list[str]]:
    """At most MAX_ADDRESSES with an address, employers first."""
    order = sorted((one for one in drawn if one.claim.url), key=lambda one: _RANK.index(one.claim.role))
    over = {id(one) for one in order[MAX_ADDRESSES:]}
    kept = [one for one in drawn if id(one) not in over][:MAX_CLAIMS]
    return kept, [one.claim.url for one in order[MAX_ADDRESSES:]]
