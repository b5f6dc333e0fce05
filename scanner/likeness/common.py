"""Texts that ship with themes, cookie notices and legal boilerplate: alike everywhere, so they prove nothing."""

from __future__ import annotations

from functools import cache

from scanner.likeness import seeds


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
