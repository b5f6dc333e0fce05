"""Look-alikes of firms the user names: which names could be taken for theirs, and by what.

A likeness has no direction. Whether one imitates the other is for dates to say: the newer may imitate the older.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from scanner.domains import split
from scanner.firm_names import folded, telling, words_of
from scanner.hostnames import DomainError
from scanner.likeness import seeds
from scanner.likeness.confusables import undo

SHORT = 5  # letters; names below that are like too many others to be compared by anything but their spelling
LONG = 9  # letters from which two edits still make a name that passes for another
MOST = 1000  # firms
_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "i": "l"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_MORE = (
    "my the get go try join hr jobs job career careers hiring recruit recruitment talent usa us uk eu asia india china "
    "japan america europe remote office mail login portal secure account pay payroll corp inc llc ltd gmbh"
)
_MORE_AFFIXES = frozenset(_MORE.split())


class LikeError(ValueError):
    """One line: why a firm to compare with can't be used."""


@dataclass(frozen=True, slots=True)
class Firm:
    """given: as the user wrote it. domain: registrable, "" where only a name was given. label: letters and digits of
    its name, without hyphens."""

    given: str
    domain: str
    label: str

    @classmethod
    def of(cls, given: str) -> Firm:
        """A firm from its domain, an address or its name.

        >>> Firm.of("https://www.acme-soft.example/").label, Firm.of("Acme Soft Ltd").label
        ('acmesoft', 'acmesoft')

        Raises LikeError.
        """
        text = given.strip().removeprefix("https://").removeprefix("http://").partition("/")[0]
        domain = ""
        if "." in text and " " not in text:
            try:
                domain = split(text).registrable
            except DomainError as error:
                raise LikeError(f"--like {given}: {error}") from error
        if domain:
            label = _label(domain).replace("-", "")
        else:
            words = words_of(given)
            if not telling(given):
                raise LikeError(f"--like {given}: no word in it tells one firm from another; give its domain")
            kept = [
                word for word in given.casefold().replace("-", " ").replace(",", " ").split() if word in words
            ]
            label = "".join("".join(filter(str.isalnum, word)) for word in kept)
        if len(label) < 3:
            raise LikeError(
                f"--like {given}: too short a name to be told from others; give its domain in full"
            )
        return cls(given, domain, label)


@dataclass(frozen=True, slots=True)
class Likeness:
    """how: `spelling` (other letters that look the same), `ending` (the same name elsewhere), `edit` (a letter or
    two), `affix` (with a word added)."""

    firm: Firm
    how: str


class Likes:
    """Asked once a name, for all firms: a few microseconds."""

    def __init__(self, firms: Iterable[Firm]) -> None:
        self.firms = tuple(firms)
        if len(self.firms) > MOST:
            raise LikeError(f"{len(self.firms)} firms to compare with; {MOST} at most")
        self._own = {firm.domain for firm in self.firms}
        self._exact: dict[str, Firm] = {}
        self._looks: dict[str, Firm] = {}
        for firm in self.firms:
            self._exact.setdefault(firm.label, firm)
            if len(firm.label) >= SHORT - 1:
                self._looks.setdefault(looks(firm.label), firm)
        # Grouped by length: an edit changes it by so much at most.
        self._by_length: dict[int, list[Firm]] = {}
        for firm in self._exact.values():
            if len(firm.label) >= SHORT:
                self._by_length.setdefault(len(firm.label), []).append(firm)

    def of(self, domain: str) -> Likeness | None:
        """The firm this name looks like most, None for the firm itself and for everything else."""
        if not self.firms or domain in self._own:
            return None
        written = _label(domain)
        label = _shown(written) if written.startswith("xn--") else written
        bare = label.replace("-", "")
        if firm := self._exact.get(bare):
            return Likeness(firm, "ending" if bare == written else "spelling")
        if firm := self._looks.get(looks(bare)):
            return Likeness(firm, "spelling")
        return self._affixed(label) or self._edited(bare)

    def _affixed(self, label: str) -> Likeness | None:
        parts = label.split("-")
        if len(parts) > 1:
            for part in parts:
                firm = self._exact.get(part)
                if (
                    firm is not None
                    and len(part) >= SHORT - 1
                    and all(p in affixes() for p in parts if p != part)
                ):
                    return Likeness(firm, "affix")
        bare = label.replace("-", "")
        for place in self._by_length:
            if place >= len(bare):
                continue
            if (firm := self._exact.get(bare[:place])) and bare[place:] in affixes():
                return Likeness(firm, "affix")
            if (firm := self._exact.get(bare[-place:])) and bare[:-place] in affixes():
                return Likeness(firm, "affix")
        return None

    def _edited(self, bare: str) -> Likeness | None:
        size = len(bare)
        best, nearest = 3, None
        for length in range(size - 2, size + 3):
            for firm in self._by_length.get(length, ()):
                most = 2 if length >= LONG else 1
                distance = OSA.distance(bare, firm.label, score_cutoff=most)
                if distance <= most and distance < best:
                    best, nearest = distance, firm
        return Likeness(nearest, "edit") if nearest else None


def looks(label: str) -> str:
    """A label as a hasty reader sees it.

    >>> looks("acme-s0ft") == looks("acmesoft"), looks("rnarlow") == looks("marlow")
    (True, True)
    """
    text = label.replace("-", "").translate(_DIGITS)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


@lru_cache(maxsize=1)
def affixes() -> frozenset[str]:
    """Words that firms add to their own name, and that others add to pass for them."""
    return frozenset(
        seeds.words("words", "endings")
        | seeds.words("words", "legal")
        | seeds.words("words", "plain")
        | _MORE_AFFIXES
    )


def _label(domain: str) -> str:
    return domain.partition(".")[0]


def _shown(label: str) -> str:
    """An A-label as a reader takes it, look-alike letters of other scripts and accents undone."""
    try:
        text = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
    return folded(
        undo(f"name {text}").removeprefix("name ")
    )  # beside a Latin word, look-alikes of Latin are that
