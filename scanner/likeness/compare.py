"""How alike two pages are: containment both ways, and the passages they share.

Everything is counted over shingles (see `shingles`) and weighed by how rare they are. Pages of one site are
never compared: what they share says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scanner.likeness.shingles import WIDTH, Hashes, TextPrint

Weights = NDArray[np.float64]
Weight = Callable[[Hashes], Weights]

RARE = 0.5  # a shingle of that weight or more counts as rare, one of less as known from many sites
LEAST_SHARED = 3  # shingles; two passages that share fewer are not shown as a pair
MOST_PAIRS = 200  # pairs of passages listed, the longest first


def all_alike(hashes: Hashes) -> Weights:
    """The weight when nothing is known of other sites: 1 for every shingle."""
    return np.ones(len(hashes))


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """Two passages that share text.

    ours, theirs: numbers of the passages. words: tokens of ours that stand in shared shingles; rare: those of
    them in rare ones. run: the longest unbroken run of shared tokens, which begins at token `ours_at` of our
    passage and `theirs_at` of theirs. size: tokens of the shorter of the two passages.
    """

    ours: int
    theirs: int
    words: int
    rare: int
    run: int
    ours_at: int
    theirs_at: int
    size: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two pages share.

    containment: share of our shingles, by weight, that stand on their page; contained: share of theirs that
    stand on ours. words: our tokens in shared shingles; rare_words: those in rare ones, in text really shared
    (not a phrase here and there); common_words: those in shingles known from many sites. common: share of all
    our tokens that stand in such shingles, there or not. run: the longest unbroken run of shared rare tokens.
    passages: pairs of passages, most shared first.
    """

    containment: float = 0.0
    contained: float = 0.0
    words: int = 0
    rare_words: int = 0
    common_words: int = 0
    common: float = 0.0
    run: int = 0
    passages: tuple[SharedPassage, ...] = ()


class Alike(StrEnum):
    """What kind of likeness two pages have, strongest first."""

    STRONG = "strong"  # long rare passages, and a good part of one of the two pages
    PARTIAL = "partial"  # rare passages: a lifted review, one section
    UNFILLED = "unfilled"  # what they share is on many sites, and our page is mostly that: demo text left in
    TEMPLATE = "template"  # what they share is on many sites, and our page says something of its own
    NOTHING = "nothing"


# Tuned on labelled pairs of real pages (benchmarks/copies.py prints the figures). With nothing known of rarity, 130
# pairs of unrelated pages share no text at all, 150 of pages filled into one theme at most 51 words of it; 45 with one
# person's body under another's name 400 or more.
STRONG_WORDS = 60  # three to four sentences, more than any such pair shares by chance
STRONG_RUN = 25  # tokens: more than a sentence, no idiom or slogan is that long …
STRONG_EDITED_WORDS = 120  # … or that much in broken runs: every fifth word replaced leaves none of 25
STRONG_SHARE = 0.3  # of one of the two pages, by weight: 30 % replaced words leave 0.34
PARTIAL_WORDS = 35  # two sentences: the least a lifted review has,
PARTIAL_RUN = 12  # with an unbroken run longer than a slogan,
PARTIAL_SHARE = 0.2  # or, where words were replaced, as that much of a page
LOOSE_WORDS = 40  # or that many anywhere, in headings and list items that are too short to be a text …
LOOSE_SHARE = 0.35  # … when they are that much of the page: pages filled into one theme share up to 0.24
UNFILLED_SHARE = 0.4  # of a page's tokens; headings and buttons are too short to be known from elsewhere
TEMPLATE_WORDS = 20


def kind_of(likeness: Likeness) -> Alike:
    """Which kind of likeness this is. Direction is another question: without dates it has none."""
    share = max(likeness.containment, likeness.contained)
    long = likeness.run >= STRONG_RUN or likeness.rare_words >= STRONG_EDITED_WORDS
    if likeness.rare_words >= STRONG_WORDS and long and share >= STRONG_SHARE:
        return Alike.STRONG
    loose = likeness.words - likeness.common_words
    solid = likeness.run >= PARTIAL_RUN or share >= PARTIAL_SHARE
    if likeness.rare_words >= PARTIAL_WORDS and solid:
        return Alike.PARTIAL
    if loose >= LOOSE_WORDS and share >= LOOSE_SHARE:
        return Alike.PARTIAL
    if likeness.common_words < TEMPLATE_WORDS:
        return Alike.NOTHING
    return Alike.UNFILLED if likeness.common >= UNFILLED_SHARE else Alike.TEMPLATE


def compare(a: TextPrint, b: TextPrint, weight: Weight = all_alike, *, passages: bool = True) -> Likeness:
    """What page `a` shares with page `b`; `weight` gives 0 (on every other site) to 1 (rare) per shingle.

    Sections may stand in another order, passages may be cut or joined elsewhere, words may be replaced. Without
    `passages` the pairs of passages are left out, which take most of the time and say nothing of the kind.
    ValueError for two pages of one registrable domain.
    """
    if a.domain and a.domain == b.domain:
        raise ValueError(f"both pages are on {a.domain}: pages of one site are not compared")
    if not len(a.hashes) or not len(b.hashes):
        return Likeness()
    ours, theirs = weight(a.hashes), weight(b.hashes)
    order = np.argsort(b.hashes, kind="stable")
    there = b.hashes[order]
    place = np.minimum(np.searchsorted(there, a.hashes), len(there) - 1)
    shared = there[place] == a.hashes
    back = np.isin(b.hashes, a.hashes[shared])
    pairs = _pairs(a, b, np.flatnonzero(shared), order[place], ours) if passages and shared.any() else ()
    met = np.flatnonzero(shared & (ours >= RARE))
    at, beside = a.at[met], b.at[order[place[met]]]
    return Likeness(
        containment=_share(a.hashes, ours, shared),
        contained=_share(b.hashes, theirs, back),
        words=int(_covered(a, shared).sum()),
        rare_words=_chained(at, beside),
        common_words=int(_covered(a, shared & (ours < RARE)).sum()),
        common=float(_covered(a, ours < RARE).sum()) / max(a.words, 1),
        run=_longest_run(at, beside),
        passages=pairs,
    )


def _share(hashes: Hashes, weights: Weights, shared: NDArray[np.bool_]) -> float:
    """Weight of the shared shingles over the weight of all, each distinct shingle once."""
    first = np.unique(hashes, return_index=True)[1]
    whole = float(weights[first].sum())
    return float(weights[first][shared[first]].sum()) / whole if whole > 0 else 0.0


def _covered(text: TextPrint, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The tokens that stand in the given shingles, as a mask over all tokens of the page."""
    covered = np.zeros(text.words, dtype=np.bool_)
    for offset in range(WIDTH):
        covered[text.at[which] + offset] = True
    return covered


def _pairs(
    a: TextPrint, b: TextPrint, ours: NDArray[np.int64], theirs_all: NDArray[np.int64], weights: Weights
) -> tuple[SharedPassage, ...]:
    """The pairs of passages that share at least three shingles, longest first."""
    theirs = theirs_all[ours]
    key = a.passage[ours] * len(b.lengths) + b.passage[theirs]
    keys, counts = np.unique(key, return_counts=True)
    found = keys[counts >= LEAST_SHARED]
    # Most shared shingles first, so that what is cut off is the least of it.
    found = found[np.argsort(-counts[counts >= LEAST_SHARED], kind="stable")][:MOST_PAIRS]
    pairs = [_pair(a, b, int(pair) // len(b.lengths), int(pair) % len(b.lengths), weights) for pair in found]
    return tuple(sorted(pairs, key=lambda pair: (-pair.rare, -pair.words, pair.ours, pair.theirs)))


def _pair(a: TextPrint, b: TextPrint, ours: int, theirs: int, weights: Weights) -> SharedPassage:
    """One pair of passages, looked at by itself: a phrase said elsewhere on the page too is found here."""
    low, high = np.searchsorted(a.passage, (ours, ours + 1))
    start, stop = np.searchsorted(b.passage, (theirs, theirs + 1))
    mine, other = a.hashes[low:high], b.hashes[start:stop]
    order = np.argsort(other, kind="stable")
    place = np.minimum(np.searchsorted(other[order], mine), len(other) - 1)
    met = np.flatnonzero(other[order][place] == mine)
    at, there = a.at[low:high][met], b.at[start:stop][order[place[met]]]
    # Runs: neighbours in our passage that are neighbours in theirs.
    breaks = np.flatnonzero((np.diff(at) != 1) | (np.diff(there) != 1)) + 1
    begins = np.concatenate(([0], breaks))
    sizes = np.diff(np.concatenate((begins, [len(at)])))
    best = int(np.argmax(sizes))
    rare = weights[low:high][met] >= RARE
    return SharedPassage(
        ours=ours,
        theirs=theirs,
        words=_reach(at),
        rare=_reach(at[rare]),
        run=int(sizes[best]) + WIDTH - 1,
        ours_at=int(at[begins[best]]) - sum(a.lengths[:ours]),
        theirs_at=int(there[begins[best]]) - sum(b.lengths[:theirs]),
        size=min(a.lengths[ours], b.lengths[theirs]),
    )


def _reach(at: NDArray[np.int64]) -> int:
    """How many tokens the shingles at these (ascending) places cover."""
    if not len(at):
        return 0
    return int(np.minimum(np.diff(at), WIDTH).sum()) + WIDTH


# Text, as against a turn of phrase: shared shingles that follow one another in both pages alike. Words may be
# replaced, put in or left out between them, and passages may be cut elsewhere.
CHAIN_GAP = (
    14  # tokens from one shared shingle to the next: of 30 % replaced words' gaps, 99 in 100 are shorter
)
CHAIN_SLIP = 4  # tokens put in or left out on the way
CHAIN_WORDS = 15  # covered by a chain's shingles, for it to count; pages that share nothing reach 12
_LOOK = 3  # a shingle that stands elsewhere on their page too may point there: neighbours decide


def _chained(at: NDArray[np.int64], there: NDArray[np.int64]) -> int:
    """How many of our tokens stand in text shared with them.

    at, there: where the shared shingles begin, among all tokens of our page and of theirs.
    """
    supported = np.zeros(len(at), dtype=np.bool_)
    for step in range(1, min(_LOOK, len(at) - 1) + 1):
        far = at[step:] - at[:-step]
        together = (far <= CHAIN_GAP) & (np.abs(far - (there[step:] - there[:-step])) <= CHAIN_SLIP)
        supported[step:] |= together
        supported[:-step] |= together
    at, there = at[supported], there[supported]
    if not len(at):
        return 0
    far = np.diff(at)
    breaks = np.flatnonzero((far > CHAIN_GAP) | (np.abs(far - np.diff(there)) > CHAIN_SLIP)) + 1
    chains = (_reach(chain) for chain in np.split(at, breaks))
    return sum(words for words in chains if words >= CHAIN_WORDS)


def _longest_run(at: NDArray[np.int64], there: NDArray[np.int64]) -> int:
    """Tokens of the longest run in which each shared shingle directly follows the one before, on both pages."""
    if not len(at):
        return 0
    breaks = np.flatnonzero((np.diff(at) != 1) | (np.diff(there) != 1)) + 1
    edges = np.concatenate(([0], breaks, [len(at)]))
    return int(np.diff(edges).max()) + WIDTH - 1
