"""The one way observations of a page are made: same source, evidence digest filled in."""

from __future__ import annotations

from functools import cache

from scanner.model import Bound, Date, Observation
from scanner.observe.page import seeds
from scanner.observe.page.document import Document

SOURCE = "website"


def row(
    page: Document,
    kind: str,
    name: str,
    value: str,
    starts: Date | None = None,
    ends: Date | None = None,
    bound: Bound = Bound.AT,
) -> Observation:
    """One observation of `page`."""
    return Observation(kind, name, value, SOURCE, starts, ends, bound, page.evidence)


@cache
def placeholders(group: str) -> frozenset[str]:
    """A group of seeds/pages/placeholders.yaml, lower case."""
    return frozenset(str(entry).lower() for entry in seeds.load("placeholders")[group])
