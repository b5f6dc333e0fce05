"""The letters of a PDF as a reader sees them: accents on what they stand over, TeX's own codes, no names of icons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

Box = tuple[float, float, float, float]

_CURLY = {0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x2010: "-", 0x2011: "-"}
# Codes of TeX's own encoding, where its typefaces are pictures without names of letters; nothing else uses these.
_TEX = {
    0x10: "“", 0x11: "”", 0x12: "„", 0x13: "«", 0x14: "»", 0x15: "–", 0x16: "—", 0x1B: "ff", 0x1C: "fi", 0x1D: "fl",
    0x1E: "ffi", 0x1F: "ffl", 0x7F: "-", 0x88: "•",
}  # fmt: skip
_LETTERS = _CURLY | _TEX
_CORK = dict(
    enumerate(
        "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖŒØÙÚÛÜÝÞẞ"
        "àáâãäåæçèéêëìíîïðñòóôõöœøùúûüýþß",
        start=0x80,
    )
)
"""The upper half of TeX's T1 encoding, which typefaces made of pictures keep: they have no names that say better."""
_ACCENTS = {
    "`": "\u0300", "´": "\u0301", "\u02ca": "\u0301", "\u02cb": "\u0300", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303",
    "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308", "˚": "\u030a", "˝": "\u030b",
    "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}
_ICONS = re.compile(
    r"awesome|marvosym|icomoon|material-?icon|academicons|simple-?icons|entypo|ionicons|typicons",
    re.IGNORECASE,
)
_MARKS = "•●▪■◦‣·○►▸➢✓✔|"
MOST_FAR = 300  # accents of a page that are looked for among all of its letters
LONGEST = 3  # letters of a ligature ("ffi"); a sign that stands for more is an icon with its name


@dataclass(slots=True)
class Letter:
    """box: its ink; loose: with the white beside it."""

    char: str
    box: Box
    loose: Box
    size: float
    style: str


def letter_of(code: int, tex: bool) -> str:
    """The character of a code, empty for what is none. tex: its typeface has TeX's own encoding and no names."""
    if tex and code in _CORK and code not in _TEX:
        return _CORK[code]
    return _LETTERS.get(code) or (chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "")


def is_tex(codes: Sequence[int]) -> bool:
    """Whether the codes of a typeface without a name are TeX's: no other encoding has letters at these."""
    if any(0x10 <= code < 0x20 or 0x80 <= code < 0xA0 for code in codes):
        return True
    within = zip(codes, codes[1:], codes[2:], strict=False)
    return any(
        0xA0 < code < 0xC0 and code != 0xB7 and chr(a).isalpha() and chr(b).isalpha() for a, code, b in within
    )


def as_seen(letters: Sequence[Letter | None]) -> list[Letter | None]:
    """The letters without the names of icons, accents on the letters they are set over; None parts words."""
    shown: list[Letter | None] = []
    for box, run in groupby(letters, key=lambda one: one and one.box):
        same = list(run)
        first = same[0]
        icon = first is not None and _ICONS.search(first.style) is not None and first.char not in _MARKS
        shown += [None] if box and (icon or len(same) > LONGEST) else same
    dropped: set[int] = set()
    far = MOST_FAR
    for at, one in enumerate(shown):
        if one is None or one.char not in _ACCENTS:
            continue
        far -= 1  # above a capital, an accent comes after the whole line
        near = range(max(0, at - 2), min(len(shown), at + 3))
        for place in chain(near, range(len(shown)) if far > 0 else ()):
            letter = shown[place]
            if (
                letter is not None
                and letter.char.isalpha()
                and letter.char not in _ACCENTS
                and _over(one, letter)
            ):
                whole = accented(letter.char, one.char)
                if whole != letter.char:
                    shown[place] = replace(letter, char=whole)
                    dropped.add(at)
                break
    return [one for at, one in enumerate(shown) if at not in dropped]


def _over(accent: Letter, letter: Letter) -> bool:
    """Whether an accent stands over a letter, or below it, rather than beside it."""
    middle = (accent.box[0] + accent.box[2]) / 2
    left, bottom, right, top = letter.box
    level = bottom - 0.4 * letter.size < accent.box[1] and accent.box[3] < top + 0.5 * letter.size
    return left - 0.3 <= middle <= right + 0.3 and level


def accented(char: str, accent: str) -> str:
    """Both as one letter.

    >>> accented("e", "´"), accented("ı", "¨"), accented("q", "´")
    ('é', 'ï', 'q')
    """
    whole = unicodedata.normalize("NFC", _DOTLESS.get(char, char) + _ACCENTS[accent])
    return whole if len(whole) == 1 else char
