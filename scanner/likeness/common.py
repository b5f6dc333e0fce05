"""Texts that ship with themes, cookie notices and legal boilerplate: alike everywhere, so they prove nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scanner.likeness import seeds
from scanner.likeness.brand import Names
from scanner.likeness.masking import tokens

if TYPE_CHECKING:
    from scanner.likeness.shingles import Hashes


@cache
def common_passages() -> tuple[str, ...]:
    """Passages that many unrelated sites hold, as `seeds/likeness/common.yaml` lists them, each once.

    Raises SeedError when a group lacks its provenance or the list is shorter or longer than it says it may be.
    """
    data = seeds.load("common")
    found: dict[str, None] = {}
    for group in data["groups"]:
        if not all(group.get(key) for key in ("name", "source", "licence")):
            raise seeds.SeedError(
                f"seeds/likeness/common.yaml: group {group.get('name')!r} lacks its provenance"
            )
        found |= dict.fromkeys(" ".join(str(text).split()) for text in group["passages"])
    if not data["least"] <= len(found) <= data["most"]:
        raise seeds.SeedError(f"seeds/likeness/common.yaml holds {len(found)} passages")
    return tuple(found)


@cache
def common_shingles() -> Hashes:
    """The shingles of these passages, sorted, each once: what shares nothing else shares nothing."""
    # Here and not above: workers mask texts and count no shingles, and numpy would cost each of them 10 MB.
    import numpy as np

    from scanner.likeness.shingles import text_print

    return np.unique(text_print(tokens(passage, Names()) for passage in common_passages()).hashes)
