"""Where the values were read that a scan compared by itself.

Rows of source `library` (what two sites share, whose text stands where) come from no bytes of their own. A finding that
rests on them alone would lead its reader nowhere: here are the rows, read from evidence, that hold the values compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

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

Key = tuple[str, str]


class Origins:
    """An index of one scan's rows: by value, and by page. Of each target the first row with a value is kept."""

    def __init__(self, rows: Iterable[tuple[str, Observation]]) -> None:
        self._rows: dict[Key, dict[str, Observation]] = {}
        servers: dict[str, list[Observation]] = {}
        for domain, row in rows:
            if not row.evidence:
                continue
            if (row.kind, row.name) in (("dns", "ns"), ("registration", "nameserver")):
                servers.setdefault(domain, []).append(row)
            for key in _keys(row):
                self._rows.setdefault(key, {}).setdefault(domain, row)
        for domain, own in servers.items():
            for kind in ("dns", "registration"):
                if named := [row for row in own if row.kind == kind]:
                    joined = " ".join(sorted({row.value for row in named}))
                    self._rows.setdefault((Kind.NAME_SERVERS.value, joined), {}).setdefault(domain, named[0])

    def behind(self, support: Iterable[Observation]) -> tuple[Observation, ...]:
        """The rows behind those of a finding, by target and at most MOST_ROWS; none where one of its own was read
        from evidence already."""
        own = tuple(support)
        if any(row.evidence for row in own):
            return ()
        found: dict[tuple[str, Observation], None] = {}
        for row in own:
            for key in _asked(row):
                found |= dict.fromkeys(self._rows.get(key, {}).items())
        ordered = sorted(found, key=lambda one: (one[0], one[1].kind, one[1].name, one[1].value))
        return tuple(row for _, row in ordered[:MOST_ROWS])


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
