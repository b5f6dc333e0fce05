"""Where the values were read that a scan compared by itself.

Rows of source `library` (what two sites share, whose text stands where) come from no bytes of their own. A finding that
rests on them alone would lead its reader nowhere: here are the rows, read from evidence, that hold the values compared.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from scanner.model import Observation
from scanner.rarity import Kind, Value, mail_host, mail_name, of_row

NAMES = (
    ("page", "state"),
    *(("contact", name) for name in ("mail", "phone", "messenger", "payment", "social", "address")),
    *(("identifier", kind) for kind in ("analytics", "tag", "pixel", "verification", "form_endpoint", "favicon")),
    ("website", "generator"),
    ("registration", "registrant_email"),
    ("registration", "nameserver"),
    ("dns", "ns"),
    ("dns", "a"),
    ("dns", "aaaa"),
    ("tls", "key_digest"),
)  # fmt: skip
"""The rows that hold such values."""

_AS = {("dns", "a"): Kind.ADDRESS, ("dns", "aaaa"): Kind.ADDRESS, ("tls", "key_digest"): Kind.KEY}
_LIKE = {Kind.NEAR_ROOM: Kind.ROOM, Kind.NEAR_PHONE: Kind.PHONE}
"""Likenesses, and the kind of the two values that are alike."""
_PAGES = ("ours", "theirs", "ours_page", "theirs_page", "page")
MOST_ROWS = 12

AT_HAND = 64  # targets whose rows are kept: findings name the same few neighbours again and again

Key = tuple[str, str]


class Origins:
    """Of one scan: which targets hold a value, or a page, and their rows when a finding asks for them.

    rows_of: the rows of a target, of NAMES. It is asked for every target once, and again for those that a finding
    names: the rows of a thousand targets would be most of what judging holds, of them only numbers are kept.
    """

    def __init__(self, domains: Iterable[str], rows_of: Callable[[str], Iterable[Observation]]) -> None:
        self._domains = sorted(domains)
        self._indexed = lru_cache(AT_HAND)(lambda domain: _indexed(rows_of(domain)))
        keys, holders = array("q"), array("I")
        for number, domain in enumerate(self._domains):
            own = array("q", map(hash, _indexed(rows_of(domain))))
            keys += own
            holders.extend([number] * len(own))
        order = np.argsort(np.asarray(keys), kind="stable")
        self._keys, self._holders = np.asarray(keys)[order], np.asarray(holders)[order]

    def behind(self, support: Iterable[Observation]) -> tuple[Observation, ...]:
        """The rows behind those of a finding, by target and at most MOST_ROWS, of each target the first with a value;
        none where one of its own was read from evidence already."""
        own = tuple(support)
        if any(row.evidence for row in own):
            return ()
        asked = [key for row in own for key in _asked(row)]
        found: list[Observation] = []
        for domain in self._holding(asked):
            rows = self._indexed(domain)
            here = dict.fromkeys(row for key in asked if (row := rows.get(key)))
            found += sorted(here, key=lambda row: (row.kind, row.name, row.value))
            if len(found) >= MOST_ROWS:
                break
        return tuple(found[:MOST_ROWS])

    def _holding(self, keys: Iterable[Key]) -> list[str]:
        """Targets that hold any of the keys, and perhaps one that doesn't: two keys may have the same hash."""
        numbers: set[int] = set()
        for key in keys:
            begin, end = (np.searchsorted(self._keys, hash(key), side) for side in ("left", "right"))
            numbers.update(self._holders[begin:end].tolist())
        return [self._domains[number] for number in sorted(numbers)]


def _indexed(rows: Iterable[Observation]) -> dict[Key, Observation]:
    """A target's rows that were read from evidence: the first by each of what they can be found by."""
    found: dict[Key, Observation] = {}
    servers: dict[str, list[Observation]] = {}
    for row in rows:
        if not row.evidence:
            continue
        if (row.kind, row.name) in (("dns", "ns"), ("registration", "nameserver")):
            servers.setdefault(row.kind, []).append(row)
        for key in _keys(row):
            found.setdefault(key, row)
    for kind in ("dns", "registration"):
        if named := servers.get(kind):
            joined = " ".join(sorted({row.value for row in named}))
            found.setdefault((Kind.NAME_SERVERS.value, joined), named[0])
    return found


def _keys(row: Observation) -> Iterator[Key]:
    """What a row can be found by."""
    name = row.kind, row.name
    if name == ("page", "state"):
        yield "page", row.value.partition(" ")[2]
    elif name in _AS:
        yield _AS[name].value, row.value
    else:
        for value in of_row(row):
            yield from _of_value(value)


def _of_value(value: Value) -> Iterator[Key]:
    yield value.kind.value, value.value
    if value.kind is Kind.MAIL:
        yield Kind.MAIL_NAME.value, mail_name(value.value)
        yield Kind.MAIL_HOST.value, mail_host(value.value)


def compares(row: Observation) -> bool:
    """Whether a row says what a comparison of our own gave, so that there are rows behind it."""
    return next(_asked(row), None) is not None


def _asked(row: Observation) -> Iterator[Key]:
    """What to look up for a row of source `library`."""
    if row.kind not in ("shared", "copy", "picture"):
        return
    try:
        what: Any = json.loads(row.value)
    except ValueError:
        return  # rows of these kinds that are plain text carry evidence, or name nothing
    if not isinstance(what, dict):
        return
    if row.kind == "shared":
        kind = Kind(row.name)
        for side in ("ours", "theirs"):
            yield _LIKE.get(kind, kind).value, str(what[side])
    else:
        yield from (("page", str(what[side])) for side in _PAGES if what.get(side))
