"""A word on a page, and what rows of words say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.intake.resume import dates
from scanner.intake.resume.letters import Letter

SPACED = 0.08  # share of spaces among what is written


@dataclass(slots=True)
class Word:
    """A word and its box, in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 10.0
    gap: bool = False
    style: str = ""
    last: tuple[float, float, float, float] | None = None
    apart: bool = False  # it begins a cell

    def takes(self, box: tuple[float, float, float, float], size: float, white: float = 0.16) -> bool:
        """Whether the next character belongs to this word. white: of the letters' size, what may be between them."""
        if box == self.last:  # both letters of a ligature have its box
            return True
        near = -0.6 * size < box[0] - self.right < white * size
        return near and self._level(box[1], box[3]) and abs(size - self.size) < 0.5 * self.size

    def _level(self, bottom: float, top: float) -> bool:
        middle = (bottom + top) / 2
        low, high = min(self.bottom, self.top - self.size * 0.8), max(self.top, self.bottom + self.size * 0.8)
        return low - 0.2 * self.size <= middle <= high + 0.2 * self.size

    def add(self, char: str, box: tuple[float, float, float, float]) -> None:
        self.text += char
        self.last = box
        self.right = max(self.right, box[2])
        self.bottom, self.top = min(self.bottom, box[1]), max(self.top, box[3])


Row = list[Word]


def words_of(letters: Sequence[Letter | None]) -> list[Word]:
    """Letters in the order of the page, None for a written space, as words: white parts them too."""
    words: list[Word] = []
    word: Word | None = None
    spaced = _spaced(letters)
    for one in letters:
        if one is None:
            word = None
        elif word is not None and word.takes(
            one.loose, one.size, 0.3 if one.style in spaced and word.style == one.style else 0.16
        ):
            word.add(one.char, one.loose)
        else:
            word = Word(one.char, *one.loose, size=max(one.size, 1.0), style=one.style)
            words.append(word)
    return words


def _spaced(letters: Sequence[Letter | None]) -> set[str]:
    """The styles whose spaces are written, so that a little white parts no words. A page's other styles may set theirs
    by moving on."""
    count: Counter[str] = Counter()
    spaces: Counter[str] = Counter()
    before = ""
    for one in letters:
        if one is None:
            spaces[before] += 1
        else:
            before = one.style
            count[before] += 1
    return {style for style, many in count.items() if spaces[style] > SPACED * many}


def text_of(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def spans_of(text: str) -> list[dates.Span]:
    """Its periods. Most lines of a page have no figure and need not be searched."""
    return dates.find(text) if any(map(str.isdigit, text)) else []


def ranges_of(text: str) -> list[dates.Span]:
    return [span for span in spans_of(text) if dates.is_range(span)]


def is_period(text: str) -> bool:
    """Whether a period is all that a text says."""
    return any(len(text) - (span.end - span.start) <= 3 for span in ranges_of(text))
