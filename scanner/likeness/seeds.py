"""Loads `seeds/likeness/`: word lists and look-alike letters, each file with source, licence and date."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SeedError(ValueError):
    """A shipped list is not what it says it is."""


@cache
def load(name: str) -> dict[str, Any]:
    """The file `seeds/likeness/NAME.yaml`. Raises SeedError when its provenance is missing."""
    data = yaml.load(read("likeness", f"{name}.yaml"), Loader=_Loader)  # noqa: S506  the C or pure safe loader
    missing = [key for key in ("source", "licence", "published") if key not in data]
    if missing:
        raise SeedError(f"seeds/likeness/{name}.yaml lacks {', '.join(missing)}")
    return dict(data)


@cache
def words(name: str, key: str) -> frozenset[str]:
    """The entries of one "|"-parted list."""
    return frozenset(" ".join(word.split()) for word in str(load(name)[key]).split("|") if word.strip())


@cache
def countries() -> frozenset[str]:
    """Names of countries in several languages, lower case; no codes of two letters, which are words too."""
    data = yaml.load(read("pages", "countries.yaml"), Loader=_Loader)  # noqa: S506
    names = {name.strip() for spellings in data["names"].values() for name in str(spellings).split("|")}
    return frozenset(name for name in names if len(name.replace(".", "")) > 2)


@cache
def place_names() -> frozenset[str]:
    """Countries, their adjectives, regions, states and large cities, lower case."""
    lists = (words("places", key) for key in ("adjectives", "regions", "states", "cities"))
    return countries().union(*lists)


def read(*path: str) -> str:
    """The text of a shipped file."""
    return files("seeds").joinpath(*path).read_text(encoding="utf-8")
