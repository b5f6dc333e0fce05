"""Loads `seeds/pages/*.yaml`: phrases and fingerprints, each file with source, licence, date and counts.

An empty or exploding list cannot ship: a file names the least and the most entries it may hold, and loading
fails with a line that says which file broke the promise.
"""

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
    """The file `seeds/pages/NAME.yaml`. Raises SeedError when provenance or counts are wrong."""
    text = files("seeds").joinpath("pages", f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=_Loader)  # noqa: S506  the C or pure Python safe loader
    missing = [key for key in ("source", "licence", "published", "least", "most") if key not in data]
    if missing:
        raise SeedError(f"seeds/pages/{name}.yaml lacks {', '.join(missing)}")
    count = sum(
        len(value)
        for key, value in data.items()
        if isinstance(value, (list, dict)) and key not in ("source",)
    )
    if not data["least"] <= count <= data["most"]:
        raise SeedError(
            f"seeds/pages/{name}.yaml holds {count} entries, not {data['least']} to {data['most']}"
        )
    return dict(data)
