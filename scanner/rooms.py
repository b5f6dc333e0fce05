"""Postal addresses as people compare them: which building, and which room in it.

Pure. A line is taken apart only as far as a comparison needs: the street with its number, the postcode or else the
town, and the room. What can't be told apart safely yields nothing: a missed likeness costs little, a wrong one much.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_UNIT = re.compile(
    r"(?<![a-z])(?:suite|ste|room|rm|unit|office|apt|apartment|flat|zimmer|raum|buero|bureau|oficina|ufficio|lokal)\b\.?\s*(?:no\b\.?|nr\b\.?|#)?\s*#?\s*([a-z]?-?\d{1,5}[a-z]?)(?![\w])|#\s*([a-z]?-?\d{1,5}[a-z]?)(?![\w])"
)
_POSTCODE = re.compile(
    r"(?<![\w-])(?:([a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})|([a-z]\d[a-z] ?\d[a-z]\d)|(\d{3}-\d{4})|(\d{3} \d{2})|(\d{4,6}))"
    r"(?:-\d{4})?(?![\w-])"
)
_NUMBER = re.compile(r"(?<![\w])\d{1,5}[a-z]?(?:[-/]\d{1,5})?(?![\w])")
_SHORT = {
    "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "rd": "road", "blvd": "boulevard",
    "dr": "drive", "ln": "lane", "ct": "court", "pl": "place", "sq": "square", "hwy": "highway",
    "pkwy": "parkway", "n": "north", "s": "south", "e": "east", "w": "west",
}  # fmt: skip
"""USPS Publication 28, the street suffixes and directions that stand on most addresses."""
_STREET_END = re.compile(r"(?:strasse|straße|str)\Z")


@dataclass(frozen=True, slots=True)
class Room:
    """building: street, number and postcode (or town) in one spelling. unit: the room, "" where none is named."""

    building: str
    unit: str = ""

    @property
    def number(self) -> int | None:
        """The unit's number where it is one."""
        digits = self.unit.strip("abcdefghijklmnopqrstuvwxyz-")
        return int(digits) if digits.isdigit() else None


@lru_cache(maxsize=4096)
def room_of(address: str) -> Room | None:
    """Take a postal address, one line, apart. None where no street with a number and no place can be told.

    >>> room_of("1200 Market St., Suite 410, Austin, TX 78701")
    Room(building='1200 market street 78701', unit='410')
    >>> room_of("Suite 410, 1200 Market Street, Austin TX 78701-2210, USA") == _
    True
    >>> room_of("Hauptstraße 5, 10115 Berlin"), room_of("Austin, TX")
    (Room(building='hauptstrasse 5 10115', unit=''), None)
    """
    text = _plain(address)
    found = _UNIT.search(text)
    unit = (found.group(1) or found.group(2)) if found else ""
    text = _UNIT.sub(" , ", text)
    parts = [part for part in (" ".join(piece.split()) for piece in re.split(r"[,;|\n]", text)) if part]
    at = next((place for place, part in enumerate(parts) if _is_street(part)), None)
    if at is None:
        return None
    rest = " , ".join(parts[at + 1 :] + parts[:at])
    codes = list(_POSTCODE.finditer(rest))
    street = parts[at]
    if codes:
        place = re.sub(r"[ -]", "", next(group for group in codes[-1].groups() if group))
    else:
        place = next((part for part in parts[at + 1 :] if not _NUMBER.search(part)), "")
    return Room(f"{_street(street)} {place}", unit) if place else None


def _plain(text: str) -> str:
    """Lower case, no accents, `ß` as ss, dots gone."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return (
        "".join(sign for sign in folded if not unicodedata.combining(sign))
        .replace(".", " ")
        .replace("\t", " ")
    )


def _is_street(part: str) -> bool:
    """A number, and a word of letters that is no postcode's neighbour alone ("10115 berlin" is a town)."""
    numbers = [match.group() for match in _NUMBER.finditer(part)]
    words = [word for word in re.findall(r"[^\W\d]+", part) if len(word) > 2]
    if not numbers or not words:
        return False
    only_code = len(numbers) == 1 and re.fullmatch(r"\d{4,5}", numbers[0]) is not None
    return not only_code or part.split()[-1] in _SHORT or part.split()[-1] in _SHORT.values()


def _street(part: str) -> str:
    words = [_SHORT.get(word, word) for word in re.findall(r"[\w/-]+", part)]
    return " ".join(_STREET_END.sub("strasse", word) if len(word) > 5 else word for word in words)


def near(one: str, other: str, doors: int = 10) -> bool:
    """Whether two `BUILDING #UNIT` values are different rooms of one building, at most so many numbers apart.

    >>> near("1200 market street 78701 #410", "1200 market street 78701 #412")
    True
    >>> near("1200 market street 78701 #410", "1200 market street 78701 #410")
    False
    """
    sides = [
        Room(building.strip(), unit) for building, _, unit in (side.rpartition("#") for side in (one, other))
    ]
    numbers = [side.number for side in sides]
    if sides[0].building != sides[1].building or None in numbers:
        return False
    return 0 < abs((numbers[0] or 0) - (numbers[1] or 0)) <= doors
