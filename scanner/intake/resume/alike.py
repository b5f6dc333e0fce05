"""Headings whose words are not known, by how they are set: all headings of a résumé are set alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scanner.intake.resume import dates
from scanner.intake.resume.headings import Part
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.words import DEGREE, FORM, SCHOOL, TITLE

MAX_WORDS = 4
NEAR = 3  # lines between a firm's name and its dates, at most


def alike(lines: Sequence[Line], known: Sequence[Part | None]) -> list[Part | None]:
    """What each line announces: `known`, and `unknown` for lines that are set as the known headings are.

    A firm's name may be set so too: a style counts only where few lines have it, and not where posts begin with it.
    """
    styles = Counter(_style(line) for line, part in zip(lines, known, strict=True) if part is not None)
    found = list(known)
    for style, count in styles.items():
        if not style or count < 2:
            continue
        first = min(at for at, part in enumerate(known) if part is not None)  # above stands a name
        others = [
            at
            for at, line in enumerate(lines)
            if at > first and known[at] is None and line.text and _style(line) == style
        ]
        plain = all(_could_be(lines[at]) and (not at or known[at - 1] is None) for at in others)
        if plain and len(others) <= count and not _begin_posts(lines, known, others):
            for at in others:
                found[at] = Part.UNKNOWN
    return found


def _style(line: Line) -> str:
    """How a line is set, capitals and a colon at its end included; empty where nothing sets it apart."""
    letters = [char for char in line.text if char.isalpha()]
    capitals = len(letters) > 3 and all(char.isupper() for char in letters)
    marks = ("capitals" if capitals else "") + (":" if line.text.endswith((":", "：")) else "")
    return f"{line.style} {marks}" if line.style or marks else ""


def _could_be(line: Line) -> bool:
    text = line.text
    if line.bullet or line.links or len(text.split()) > MAX_WORDS or any(char in text for char in "\t@,.|/"):
        return False
    if any(char.isdigit() for char in text):
        return False
    return not any(words.search(text) for words in (FORM, TITLE, SCHOOL, DEGREE))


def _begin_posts(lines: Sequence[Line], known: Sequence[Part | None], others: Sequence[int]) -> bool:
    """Whether lines set so stand above dates among the posts more than once: then they name firms."""
    part: Part | None = None
    above = 0
    for at in range(len(lines)):
        part = known[at] or part
        if at in others and part is Part.WORK:
            near = lines[at + 1 : at + 1 + NEAR]
            above += any(dates.is_range(span) for line in near for span in dates.find(line.text))
    return above > 1
