"""Finding pages that share text with one page: rarity of its shingles, candidates, verification."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.library import postings
from scanner.library.postings import Numbers, Owners
from scanner.library.texts import Reuse
from scanner.library.voices import SiteText, voices
from scanner.likeness.compare import RARE, Likeness, Weight, Weights, compare
from scanner.likeness.shingles import WIDTH, Hashes, TextPrint, sample

# How a shingle loses its weight with the number of other, independent sites it stands on (copies of one another count
# as one, see `voices`). The demo text of a theme with few users must be known as such: real theme families show their
# text on 8 to 50 domains among 40 to 90 of their users.
FEW_DOMAINS = 3  # full weight up to here
COMMON_DOMAINS = 8  # none from here on
NEIGHBOURS = 2  # on each side: a shingle outside the sample is as rare as those of the sample around it

EXAMPLES = 5  # domains named for a text that is on many
LEAST_CONTAINMENT = 0.15  # 30 % replaced words leave 0.34
LEAST_WORDS = 15  # or that many rare words in shared passages: a lifted review on a long page
MOST_VERIFIED = 40  # candidates looked at whole, those with most rare shingles first
MOST_VERIFIED_PER_DOMAIN = 4
_SLACK = 0.5  # the sample's share is an estimate: verify from half the containment on


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare each shingle of a page is.

    weights: one per shingle, 0 to 1. domains: per key of the sample, on how many other domains it is, copies of one
    another included. keys, key_weights: the sample. hits, pages: which key stands on which page (of other domains).
    """

    weights: Weights
    keys: Numbers
    key_weights: Weights
    hits: NDArray[np.int64]
    pages: Numbers
    owners: Numbers
    domains: NDArray[np.int64]


def rarity(
    db: sqlite3.Connection, query: TextPrint, own: int, owners: Owners, background: Hashes, text: SiteText
) -> Rarity:
    """Looks the query's sample up. `own`: the number of the query's domain, whose pages don't count (0: none).
    text: what a whole site says, by its number."""
    chosen = sample(query)
    # A key is the lower half of a shingle's number: the upper half decided whether it is in the sample.
    low = (query.hashes & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    keys, place = np.unique(low[chosen], return_inverse=True)
    hits, pages = postings.lookup(db, keys)
    owner = owners(pages)
    kept = (owner != 0) & (owner != own)
    hits, pages, owner = hits[kept], pages[kept], owner[kept]
    met = np.unique(hits << 32 | owner)
    domains = np.bincount(met >> 32, minlength=len(keys))
    known = np.isin(query.hashes, background, assume_unique=False)
    if query.nobodys.any():
        known |= query.nobodys
    somebodys = np.ones(len(keys), dtype=np.bool_)
    somebodys[place[known[chosen]]] = False
    independent = voices(met >> 32, met & 0xFFFFFFFF, somebodys, FEW_DOMAINS, text)
    key_weights = np.clip((COMMON_DOMAINS - independent) / (COMMON_DOMAINS - FEW_DOMAINS), 0.0, 1.0)
    key_weights[~somebodys] = 0.0
    weights = _spread(query, chosen, key_weights[place])
    weights[known] = 0.0
    return Rarity(weights, keys, key_weights, hits, pages, owner, domains)


def _spread(query: TextPrint, chosen: NDArray[np.bool_], found: Weights) -> Weights:
    """Weights for every shingle from those of the sample: the mean of the nearest in the same passage, or, where a
    short passage has none (a heading, an item of a list), of the nearest on the page."""
    if not len(found):
        return np.ones(len(query.hashes))
    at = np.flatnonzero(chosen)
    sums = np.concatenate(([0.0], np.cumsum(found)))
    numbers = np.arange(len(query.lengths))
    first = np.searchsorted(query.passage[at], numbers, "left")[query.passage]
    last = np.searchsorted(query.passage[at], numbers, "right")[query.passage]
    here = np.searchsorted(at, np.arange(len(query.hashes)), "left")
    none = first == last
    low = np.maximum(here - NEIGHBOURS, np.where(none, 0, first))
    high = np.minimum(here + NEIGHBOURS, np.where(none, len(at), last))
    spread: Weights = (sums[high] - sums[low]) / (high - low)
    spread[at] = np.minimum(found, spread[at] + 0.5)
    spread[at] = np.where(found <= 0, 0.0, spread[at])
    return spread


def as_weight(query: TextPrint, weights: Weights) -> Weight:
    """A weight function for `compare`; shingles that aren't the query's count as rare."""
    hashes, first = np.unique(query.hashes, return_index=True)
    own = weights[first]

    def weight(asked: Hashes) -> Weights:
        if not len(hashes):
            return np.ones(len(asked))
        place = np.minimum(np.searchsorted(hashes, asked), len(hashes) - 1)
        return np.where(hashes[place] == asked, own[place], 1.0)

    return weight


def candidates(found: Rarity) -> list[int]:
    """Pages worth looking at whole, by the weight of the sample they share."""
    if not len(found.pages):
        return []
    pages, first, place = np.unique(found.pages, return_index=True, return_inverse=True)
    score = np.bincount(place, weights=found.key_weights[found.hits])
    whole = float(found.key_weights.sum())
    # Three rare shingles, or one where the page hardly has more: a partial copy shows in few of them.
    least = min(max(_SLACK * LEAST_CONTAINMENT * whole, 0.9), 2.9)
    order = np.lexsort((pages, -score))
    per_domain: dict[int, int] = {}
    chosen: list[int] = []
    for index in order[: 20 * MOST_VERIFIED].tolist():
        if score[index] < least or len(chosen) == MOST_VERIFIED:
            break
        owner = int(found.owners[first[index]])
        per_domain[owner] = per_domain.get(owner, 0) + 1
        if per_domain[owner] <= MOST_VERIFIED_PER_DOMAIN:
            chosen.append(int(pages[index]))
    return chosen


def verified(
    query: TextPrint, found: Rarity, wanted: list[int], load: Callable[[int], TextPrint]
) -> list[tuple[int, Likeness]]:
    """The candidates that do share text, most first."""
    weight = as_weight(query, found.weights)
    kept: list[tuple[int, Likeness]] = []
    for page in wanted:
        shape = load(page)
        likeness = compare(query, shape, weight, passages=False)
        if likeness.containment >= LEAST_CONTAINMENT or likeness.rare_words >= LEAST_WORDS:
            # Of the few that count, where they are alike too.
            kept.append((page, compare(query, shape, weight)))
    return sorted(kept, key=lambda row: (-row[1].rare_words, -row[1].containment, row[0]))


def sites_of(found: Rarity, page: int) -> int:
    """On how many other sites the rare text shared with a page is known to stand, that page's own among them."""
    keys = found.hits[found.pages == page]
    keys = keys[found.key_weights[keys] >= RARE]
    return int(np.median(found.domains[keys])) if len(keys) else 1


def reuse(query: TextPrint, found: Rarity, names: Callable[[list[int]], list[str]]) -> Reuse:
    """How much of a page stands on many other domains, and on which it stands most."""
    common = found.weights < RARE
    covered = np.zeros(query.words, dtype=np.bool_)
    for offset in range(WIDTH):
        covered[query.at[common] + offset] = True
    many = (found.domains >= COMMON_DOMAINS) & (found.key_weights < RARE)
    met = np.unique(np.stack((found.hits, found.owners.astype(np.int64))), axis=1)
    met = met[:, many[met[0]]]
    owners, counts = np.unique(met[1], return_counts=True)
    most = owners[np.lexsort((owners, -counts))][:EXAMPLES].tolist()
    return Reuse(
        words=int(covered.sum()),
        share=float(covered.sum()) / max(query.words, 1),
        domains=int(np.median(found.domains[many])) if many.any() else 0,
        examples=tuple(names(most)),
    )
