"""Where the parts of a résumé begin: headings, in whatever language and however they are set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scanner.intake.resume import dates
from scanner.intake.resume.alike import alike
from scanner.intake.resume.headings import HEADINGS, STEMS, Part, folded
from scanner.intake.resume.sheet import Line, Sheet
from scanner.intake.resume.words import TERMS

MAX_HEADING = 48  # characters
_SET_APART = {name.replace(" ", ""): part for name, part in HEADINGS.items() if len(name) > 5}
_MARGINAL = (Part.WORK, Part.SCHOOL, Part.REFERENCES, Part.CERTIFICATES)
_TOTAL = re.compile(rf"\s*(?:[–—:-]|\()\s*(?:{TERMS.pattern})\)?$|\s*\(\d+\)$", re.IGNORECASE)
"""How long all posts took together, or how many follow: "Опыт работы — 9 лет 2 месяца", "Volunteer (1)"."""
_MINE = re.compile(
    r"^(?:my|our|mi|mis|mon|ma|mes|meine?|meu|minha|meus|mijn|min|mina|mine|moje|moja|il mio|la mia|le mie|мой|моя|мои|"
    r"мій|мої|moj|omat) "
)
_EDGES = re.compile(r"^[\W\d_]+|[\W_]+$")


@dataclass(slots=True)
class Section:
    """Lines below one heading, the heading left out. guessed: no heading says that it is of this part."""

    part: Part
    lines: list[Line] = field(default_factory=list)
    guessed: bool = False


def sections(sheet: Sheet) -> list[Section]:
    """The sheet in its parts; what stands above the first heading is `head`."""
    found = [Section(Part.HEAD)]
    lines = _in_margins(sheet.lines)
    before = [Line(""), *lines]
    known = [None if _last_word(*pair) else heading(pair[1]) for pair in zip(before, lines, strict=False)]
    known = _below_items(lines, known)
    if Part.WORK not in known:
        known = [part or _item(lines, at) for at, part in enumerate(known)]
    for line, part in zip(lines, alike(lines, known), strict=True):
        if part is None:
            found[-1].lines.append(line)
        else:
            found.append(Section(part))
            if line.links:  # a heading that is a link: what it leads to must not be lost
                found[-1].lines.append(Line("", list(line.links)))
    return found


def _below_items(lines: Sequence[Line], known: Sequence[Part | None]) -> list[Part | None]:
    """`known`, and headings right below a list, which were taken for the rest of its last item: set as others are."""
    styles = {line.style for line, part in zip(lines, known, strict=True) if part is not None and line.style}
    return [
        part or (_part_of(line.text) if line.goes_on and line.style in styles else None)
        for line, part in zip(lines, known, strict=True)
    ]


def _item(lines: Sequence[Line], at: int) -> Part | None:
    """What an item of a list announces, where all of the page is a list; not one of several (they lead to the
    parts)."""
    near = [lines[place].text for place in (at - 1, at + 1) if 0 <= place < len(lines)]
    if not lines[at].bullet or lines[at].links or any(map(_part_of, near)):
        return None
    return _part_of(lines[at].text)


def _last_word(before: Line, line: Line) -> bool:
    """Whether a line is what was left of the sentence before it: "… rose by a third in user" above "engagement." """
    small = line.text[:1].islower() and not (line.gap or line.heading)
    return small and (line.text.endswith(".") or len(before.text) > MAX_HEADING)


def _in_margins(lines: Sequence[Line]) -> list[Line]:
    """The same lines, headings that stand in a column of their own, beside the first line of what they are about, as
    lines of their own. Where several stand so, one for posts or schools among them, all do."""
    aside = {at: cut for at, line in enumerate(lines) if (cut := _margin(line))}
    parts = {_part_of(lines[at].text[:cut]) for at, cut in aside.items()}
    many = len(parts) > 1 and not parts.isdisjoint((Part.WORK, Part.SCHOOL))
    found = []
    for at, line in enumerate(lines):
        if at in aside and (many or _part_of(line.text[: aside[at]]) in _MARGINAL):
            found += _halves(line, aside[at])
        else:
            found.append(line)
    return found


def _part_of(text: str) -> Part | None:
    return HEADINGS.get(folded(_EDGES.sub("", text)))


def _margin(line: Line) -> int:
    """Where a heading ends at the beginning of a line, by a tab, or by a change of type in a line that stands apart."""
    tab = line.text.find("\t")
    turn = line.turns[0] if line.turns and line.gap else 0
    for cut in (tab, turn):
        first = line.text[: max(cut, 0)]
        if (
            _part_of(first)
            and line.text[cut:].strip()
            and not line.bullet
            and not first.strip().endswith(":")
        ):
            return cut
    return 0


def _halves(line: Line, cut: int) -> list[Line]:
    begin = len(line.text) - len(line.text[cut:].lstrip())
    links = [replace(a, start=max(0, a.start - begin), end=max(0, a.end - begin)) for a in line.links]
    turns = tuple(turn - begin for turn in line.turns if turn > begin)
    rest = replace(line, text=line.text[begin:], links=links, turns=turns, gap=False)
    return [Line(line.text[:cut].strip(), heading=True, gap=True), rest]


def heading(line: Line) -> Part | None:
    """What a line announces, None for a line that is none.

    >>> heading(Line("BERUFSERFAHRUNG:")), heading(Line("W O R K   E X P E R I E N C E"))
    (<Part.WORK: 'work'>, <Part.WORK: 'work'>)
    >>> heading(Line("Experience with many databases and clouds"))
    """
    text = _TOTAL.sub("", line.text)
    if len(text) > MAX_HEADING or line.bullet:
        return None
    words = folded(_EDGES.sub("", _closed_up(text)))
    plain = " ".join(words.replace("&", " and ").split())
    words = _MINE.sub("", words)
    plain = _MINE.sub("", plain)
    exact = HEADINGS.get(words) or HEADINGS.get(plain) or HEADINGS.get(plain.replace(" and ", " "))
    exact = exact or _SET_APART.get(re.sub(r"\s", "", plain))  # "E D U C AT I O N": pairs that were kerned
    if exact is not None:
        return exact
    if not words or dates.find(text) or "," in text or "@" in text:
        return None
    letters = [char for char in text if char.isalpha()]
    loud = line.heading or (len(letters) > 3 and all(char.isupper() for char in letters))
    few = len(words.split()) <= 4
    for pieces in (
        re.split(r"\s*(?:&|/|\+|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bi\b|\bи\b|\bve\b)\s*", words),
    ):
        if len(pieces) > 1 and all(piece in HEADINGS for piece in pieces):
            return HEADINGS[pieces[0]]
    if loud and few:
        return next((part for part, pattern in STEMS if pattern.search(words)), None)
    return None


def _closed_up(text: str) -> str:
    """Letters set apart ("E X P E R I E N C E") as the word they make."""
    if len(text) > 6 and re.fullmatch(r"(?:\S[ \t]){3,}[^\n]*", text):
        words = re.split(r"\s{2,}|\t", text)
        if all(re.fullmatch(r"\S(?: \S)*", word) for word in words):
            return " ".join(word.replace(" ", "") for word in words)
        if re.fullmatch(r"\S(?: \S)+", text):
            return text.replace(" ", "")
    return text
