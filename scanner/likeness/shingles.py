"""Shingles: every run of three masked tokens of a passage as one 64-bit number.

A page is compared by its shingles and looked up by a sample of them. The numbers depend on the tokens' UTF-8
bytes alone (XXH3 with seed 0, then integer arithmetic modulo 2**64): the same on every machine and version of
Python, so that a library written here can be read there. `ALGORITHM` changes when a number changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

import numpy as np
import xxhash
from numpy.typing import NDArray

from scanner.likeness import seeds
from scanner.likeness.words import PLACEHOLDERS

ALGORITHM = 1
WIDTH = 3  # tokens; at 30 % of words replaced a third of the shingles stays, of 5-token ones a sixth
SAMPLE_BITS = (
    2  # one shingle of four is looked up: a lifted review of 60 words has 14, after 30 % replaced 5 are left
)
LONG_PASSAGE = 6  # a passage of that many shingles always has one in the sample, whatever its numbers are
MOST_TOKENS = 50_000  # of one page; what stands behind is left out (a page of one 5 MB line stays bounded)

Hashes = NDArray[np.uint64]
Positions = NDArray[np.int64]

_FIRST, _SECOND, _THIRD = (
    np.uint64(number) for number in (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)


@dataclass(frozen=True, slots=True, eq=False)
class TextPrint:
    """The shingles of one page, in reading order.

    hashes: one per shingle. passage: the number of the passage each stands in. at: where its first token
    stands among all tokens of the page. lengths: tokens per passage, of every passage, empty ones too.
    domain: the registrable domain the page is on ("" when not known). nobodys: which shingles are made of masked
    slots and filler words alone (the Latin of a theme's empty boxes, in whatever order): they prove nothing.
    """

    hashes: Hashes
    passage: Positions
    at: Positions
    lengths: tuple[int, ...]
    domain: str = ""
    nobodys: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    @property
    def words(self) -> int:
        return sum(self.lengths)


def text_print(passages: Iterable[Sequence[str]], domain: str = "") -> TextPrint:
    """The print of a page given as masked tokens, passage by passage.

    Shingles never reach over the end of a passage; a passage of fewer than three tokens has none.

    >>> text_print([("we", "build", "web", "shops"), ("contact",)]).lengths
    (4, 1)
    >>> len(text_print([("we", "build", "web", "shops"), ("contact",)]).hashes)
    2
    """
    kept: list[Sequence[str]] = []
    room = MOST_TOKENS
    for passage in passages:
        kept.append(passage[:room])
        room -= len(kept[-1])
    lengths = tuple(len(passage) for passage in kept)
    numbers = np.fromiter(map(_token, chain.from_iterable(kept)), dtype=np.uint64, count=sum(lengths))
    if len(numbers) < WIDTH:
        nothing = np.empty(0, dtype=np.int64)
        return TextPrint(np.empty(0, dtype=np.uint64), nothing, nothing, lengths, domain)
    owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    one, two, three = numbers[:-2], numbers[1:-1], numbers[2:]
    # A shingle of one token three times over is a row of masked slots or a decoration, never a text.
    whole = (owner[:-2] == owner[2:]) & ~((one == two) & (two == three))
    at = np.flatnonzero(whole).astype(np.int64)
    known = _fillers()
    filler = known[np.minimum(np.searchsorted(known, numbers), len(known) - 1)] == numbers
    nobodys = (filler[:-2] & filler[1:-1] & filler[2:])[at]
    return TextPrint(_mix(one, two, three)[at], owner[at], at, lengths, domain, nobodys)


def sample(print_: TextPrint) -> NDArray[np.bool_]:
    """Which shingles are looked up, as a mask over `hashes`.

    One of four by its own number, so that the same shingle is chosen on every page it stands on; and from a
    passage of six or more shingles that has none such, the one with the least number.
    """
    hashes, passage = print_.hashes, print_.passage
    chosen: NDArray[np.bool_] = hashes < np.uint64(1 << (64 - SAMPLE_BITS))
    count = np.bincount(passage, minlength=len(print_.lengths))
    has = np.bincount(passage[chosen], minlength=len(print_.lengths))
    for number in np.flatnonzero((count >= LONG_PASSAGE) & (has == 0)):
        here = np.flatnonzero(passage == number)
        chosen[here[np.argmin(hashes[here])]] = True
    return chosen


@cache
def _fillers() -> Hashes:
    """The numbers of masked slots and filler words, ascending."""
    words = PLACEHOLDERS | seeds.words("words", "filler")
    return np.unique(np.fromiter(map(_token, sorted(words)), dtype=np.uint64, count=len(words)))


@lru_cache(maxsize=1 << 16)
def _token(token: str) -> int:
    number: int = xxhash.xxh3_64_intdigest(token.encode("utf-8", "surrogatepass"))
    return number


def _mix(one: Hashes, two: Hashes, three: Hashes) -> Hashes:
    """Three token numbers as one, order kept apart (the finaliser is splitmix64's)."""
    mixed: Hashes = one * _FIRST + _rotated(two, 21) * _SECOND + _rotated(three, 42) * _THIRD
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _rotated(numbers: Hashes, by: int) -> Hashes:
    return (numbers << np.uint64(by)) | (numbers >> np.uint64(64 - by))
