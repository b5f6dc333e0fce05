"""Changes of watched cases, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from scanner.browse.answers import Row
from scanner.browse.history import in_words
from scanner.watch.changes import KINDS, Change

_GRAVITY = {kind: place for place, kind in enumerate(KINDS)}
_SHOWN = 4


def told(rows: Iterable[Row]) -> list[Row]:
    """Rows of the table `changes` with `what` in words, `was` and `now` as text and `sources` as a list; the newest
    day first, of a day the gravest."""
    found = []
    for row in rows:
        before, after = (values_of(row[name]) for name in ("before", "after"))
        said = {"what": KINDS.get(row["kind"], row["kind"]), "sources": values_of(row["sources"])}
        found.append({**row, **said, "was": _joined(row["fact"], before), "now": _joined(row["fact"], after)})
    return _ordered(found)


def told_of(changes: Iterable[Change]) -> list[Row]:
    """The same of changes that were just worked out."""
    found: list[Row] = [
        {
            "domain": change.domain,
            "kind": change.kind,
            "what": change.what,
            "was": _joined(change.fact, change.before),
            "now": _joined(change.fact, change.after),
            "before_at": change.before_at.isoformat(),
            "after_at": change.after_at.isoformat(),
            "confirmed_at": change.confirmed_at.isoformat() if change.confirmed_at else "",
            "sources": list(change.sources),
            "returned": change.returned,
        }
        for change in changes
    ]
    return _ordered(found)


def _ordered(rows: list[Row]) -> list[Row]:
    rows.sort(key=lambda row: _GRAVITY.get(row["kind"], len(_GRAVITY)))
    rows.sort(key=lambda row: str(row["confirmed_at"])[:10], reverse=True)
    return rows


def values_of(text: str) -> list[str]:
    """A JSON list of texts; what is none stays as it is, in a list of one.

    >>> values_of('["a", "b"]'), values_of("a")
    (['a', 'b'], ['a'])
    """
    try:
        found = json.loads(text)
    except ValueError:
        return [text]
    return [str(value) for value in found] if isinstance(found, list) else [text]


def _joined(fact: str, values: Sequence[str]) -> str:
    words = in_words(fact, values)
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return (", ".join(words[:_SHOWN]) or "none") + more
