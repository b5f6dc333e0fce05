"""python-whois as a second reader: fills dates and registrar that our own reading left empty, never overrides it.

Its e-mail and domain patterns are quadratic (64 kB without a line break: 73 s), and the text is the
registrant's to choose: so the text is capped and its lines are broken, and callers run in a worker process
with a time limit. Its values pass the same filters as ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scanner.model import Date, Precision
from scanner.observe.registration.dates import FIRST_YEAR, LAST_YEAR
from scanner.observe.registration.record import Registration
from scanner.observe.registration.redaction import is_empty, is_notice

MOST_CHARACTERS = 8 << 10
LONGEST_LINE = 200
_LEFT_OUT = ("hk",)  # its pattern for this suffix takes 19 s for 8 kB; our own reading covers it
_BLANKS = re.compile(r" {9,}")


def filled(found: Registration, domain: str, text: str) -> Registration:
    """`found` with empty core fields filled by python-whois; unchanged when nothing is missing."""
    missing = [name for name in _FIELDS if not getattr(found, name) and name not in found.redacted]
    # One reading can take a second of CPU: only where neither beginning nor end was read.
    if (
        found.state != "registered"
        or not missing
        or found.created
        or found.expires
        or domain.endswith(_LEFT_OUT)
    ):
        return found
    entry = _load(domain, text)
    values = {name: value for name in missing if (value := _FIELDS[name](entry))}
    return replace(found, **values) if values else found


def tame(text: str) -> str:
    """The text made short enough for patterns that take the square or cube of a run: 8 kB, lines of 200
    characters at most, no run of more than 8 blanks and no empty lines but one."""
    lines: list[str] = []
    for line in text[:MOST_CHARACTERS].splitlines():
        line = _BLANKS.sub(" " * 8, line.expandtabs(8).rstrip())
        if line or (lines and lines[-1]):
            lines += [line[start : start + LONGEST_LINE] for start in range(0, len(line), LONGEST_LINE)] or [
                ""
            ]
    return "\n".join(lines)


def _load(domain: str, text: str) -> dict[str, Any]:
    import whois  # 0.1 s to import: only where it is needed

    try:
        return dict(whois.WhoisEntry.load(domain, tame(text)))
    except Exception:
        # It raises its own not-found, quota and date errors, and TypeErrors on odd input; ours stands then.
        return {}


def _date(key: str) -> Callable[[dict[str, Any]], Date | None]:
    def read(entry: dict[str, Any]) -> Date | None:
        value = entry.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if not isinstance(value, datetime) or not FIRST_YEAR <= value.year < LAST_YEAR:
            return None
        # It guesses zones: only the day can be relied on.
        return Date.of(value.replace(tzinfo=UTC), Precision.DAY)

    return read


def _registrar(entry: dict[str, Any]) -> str:
    value = entry.get("registrar")
    value = value[0] if isinstance(value, list) and value else value
    name = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if is_empty(name) or is_notice(name) or len(name) > 120 else name


_FIELDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "created": _date("creation_date"),
    "expires": _date("expiration_date"),
    "registrar": _registrar,
}
