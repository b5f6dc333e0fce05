"""What every reader of a format makes of a résumé: lines in reading order, each with the links on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_LINES = 20_000
MAX_LINE = 2_000  # characters; a paragraph that is longer says nothing about who employed whom


@dataclass(slots=True)
class Link:
    """A link target behind the characters from `start` to `end` of its line; behind an icon both are the same."""

    start: int
    end: int
    url: str


@dataclass(slots=True)
class Line:
    """One line. heading: the document itself marks it as one. bullet: an item of a list; goes_on: a further line of
    such an item. gap: it stands apart from the line before. style: how it is set, alike for lines set alike; empty
    where that is not known. turns: where the type changes within it, by characters."""

    text: str
    links: list[Link] = field(default_factory=list)
    heading: bool = False
    bullet: bool = False
    gap: bool = False
    goes_on: bool = False
    style: str = ""
    turns: tuple[int, ...] = ()


@dataclass(slots=True)
class Sheet:
    """lines: in reading order. notes: what a person should know about how it was read, one sentence each.
    scanned: its text is in pictures."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scanned: bool = False


class Unreadable(ValueError):  # noqa: N818 - said as a sentence
    """The document can't be read. One line that holds nothing of its text."""


class Scanned(Unreadable):
    """Its text is in pictures: text recognition may read it."""


class Writer:
    """Puts lines together from pieces of text and links, as readers of marked-up formats meet them."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._text = ""
        self._links: list[Link] = []
        self._gap = False
        self._turns: list[int] = []
        self._goes_on = False
        self.heading = False
        self.bullet = False
        self.style = ""

    @property
    def at(self) -> int:
        """Where the next character will stand."""
        return len(self._text)

    def add(self, text: str) -> None:
        if len(self._text) < MAX_LINE:
            self._text += text

    def turn(self) -> None:
        """The type changes here."""
        if self._text.strip():
            self._turns.append(len(self._text))

    def link(self, start: int, url: str) -> None:
        """What was added from `start` on is the text of a link."""
        self._links.append(Link(start, len(self._text), url))

    def link_at(self, start: int, end: int, url: str) -> None:
        """A link at a known place of the line under way."""
        self._links.append(Link(start, end, url))

    def end(self) -> None:
        """End of a line; one that holds nothing makes a gap."""
        text, links, turns = self._text, self._links, self._turns
        self._text, self._links, self._turns = "", [], []
        if not text.strip() and not links:
            self._gap = True
            return
        if len(self.sheet.lines) < MAX_LINES:
            line = Line(
                text, links, self.heading, self.bullet, self._gap, self._goes_on, self.style, tuple(turns)
            )
            self._goes_on = False
            self.sheet.lines.append(trimmed(line))
        self._gap = False

    def broken(self) -> None:
        """A line break within a paragraph: what follows in an item of a list goes on with it."""
        self.end()
        self._goes_on = self.bullet

    def gap(self) -> None:
        if self._text or self._links:
            self.end()
        self._gap = True


_BULLET = re.compile(r"\s*(?:[•●▪■◦‣⁃∙·○►▸➢➤✓✔\uf0b7\uf0a7\u2043]\s*|[-–*+]\s+(?=\S))")


def trimmed(line: Line) -> Line:
    """The line without space at its ends and with single spaces, its links moved along; a bullet's sign becomes the
    mark for one."""
    text = line.text.replace("\u00a0", " ").replace("\u200b", "")
    found = _BULLET.match(text)
    begin = len(text) - len(text.lstrip())
    if found and not line.heading and found.end() < len(text):
        begin, line.bullet = found.end(), True
    out: list[str] = []
    places: list[int] = []
    length = 0
    for place, char in enumerate(text):
        places.append(length)
        if place < begin or (char == " " and out and out[-1] in " \t"):
            continue
        if char == "\n":
            char = " "
        out.append(char)
        length += 1
    places.extend([length] * (len(line.text) + 1 - len(places)))
    line.turns = tuple(places[turn] for turn in line.turns if begin < turn < len(places))
    line.text = "".join(out).rstrip()
    most = len(line.text)
    line.links = [Link(min(places[a.start], most), min(places[a.end], most), a.url) for a in line.links]
    return line
