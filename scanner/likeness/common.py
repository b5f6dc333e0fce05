"""Texts that ship with themes, cookie notices and legal boilerplate: alike everywhere, so they prove nothing."""

from __future__ import annotations

from functools import cache

from scanner.likeness import seeds


@cache
def common_passages() -> tuple[str, ...]:
    """Passages that many unrelated sites hold, as `seeds/likeness/common.yaml` lists them, each once."""
    groups = seeds.load("common")["groups"]
    return tuple(dict.fromkeys(" ".join(str(text).split()) for group in groups for text in group["passages"]))
