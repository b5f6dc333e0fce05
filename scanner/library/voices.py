"""How many independent sites a text is known from: sites that are copies of one another count as one.

What many sites show, each beside text of its own, is nobody's: a theme's demo text, a notice, a phrase. What forty
sites show because each is a copy of the next is one text still, and forty copies vouch for it no more than one does:
else a campaign would be found worse the more fronts it has. Only the sites themselves tell the two apart, so some of
those that have a good part of a page are read whole.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scanner.likeness.shingles import SAMPLE_BITS, Hashes

TELLING_SHARE = 0.25  # of a page's sampled shingles, from which another site has a good part of it …
TELLING_KEYS = 6  # … and that many: about 25 words
LOOKED_AT = 20  # of these sites, read whole: more voices than it takes to be common
ONE_TEXT = 0.5  # of the smaller site's text, from which two sites are one voice …
ONE_TEXT_LARGER = (
    0.25  # … with that much of the larger one's: a shared notice is all of a site of one short page
)

Counts = NDArray[np.float64]
SiteText = Callable[[int], Hashes]


def sampled(hashes: Hashes) -> Hashes:
    """The quarter of shingles that any page they stand on is looked up by: enough to tell how much sites share."""
    return np.unique(hashes[hashes < np.uint64(1 << (64 - SAMPLE_BITS))])


def voices(
    keys: NDArray[np.int64], owners: NDArray[np.int64], own: NDArray[np.bool_], few: int, text: SiteText
) -> Counts:
    """On how many independent other sites each key of a page is.

    keys, owners: which key is on which site, each pair once. own: per key, whether it can be somebody's at all.
    few: from how many sites on it matters. text: the sampled shingles of a whole site, ascending.
    """
    plain: Counts = np.bincount(keys, minlength=len(own)).astype(np.float64)
    if not len(plain) or plain.max() <= few:
        return plain
    numbers, place = np.unique(owners, return_inverse=True)
    shared = np.bincount(place, weights=own[keys], minlength=len(numbers))
    telling = shared >= max(TELLING_KEYS, TELLING_SHARE * int(own.sum()))
    if int(telling.sum()) <= few:
        return plain
    sites = np.flatnonzero(telling)
    looked = sites[np.unique(np.linspace(0, len(sites) - 1, LOOKED_AT).round().astype(np.int64))]
    voice = np.full(len(numbers), -1, dtype=np.int64)
    voice[looked] = told_apart([text(int(number)) for number in numbers[looked]])
    alone = np.bincount(voice[looked])[voice] == 1  # of sites that were read
    read, whole = voice[place] >= 0, telling[place]
    # Among the sites that were not read there are as many voices of their own as among those that were; one that
    # many sites speak with is one however many there are.
    single, count = _per_key(keys, read & alone[place], len(own)), _per_key(keys, read, len(own))
    unread = _per_key(keys, whole & ~read, len(own))
    chorus = np.unique(np.stack((keys, voice[place]))[:, read & ~alone[place]], axis=1)[0]
    found: Counts = (
        _per_key(keys, ~whole, len(own))
        + np.bincount(chorus, minlength=len(own))
        + np.where(count > 0, single * (1 + unread / np.maximum(count, 1)), unread)
    )
    return found


def _per_key(keys: NDArray[np.int64], which: NDArray[np.bool_], size: int) -> Counts:
    return np.bincount(keys[which], minlength=size).astype(np.float64)


def told_apart(texts: list[Hashes]) -> NDArray[np.int64]:
    """A number for each site: the same for those that share nearly everything. Numbers begin at 0."""
    numbers = np.full(len(texts), -1, dtype=np.int64)
    first: list[Hashes] = []
    for place in sorted(range(len(texts)), key=lambda place: (-len(texts[place]), place)):
        numbers[place] = next(
            (number for number, other in enumerate(first) if _one_text(texts[place], other)), len(first)
        )
        if numbers[place] == len(first):
            first.append(texts[place])
    return numbers


def _one_text(one: Hashes, other: Hashes) -> bool:
    small, large = sorted((len(one), len(other)))
    both = len(np.intersect1d(one, other, assume_unique=True))
    return bool(small) and both >= ONE_TEXT * small and both >= ONE_TEXT_LARGER * large
