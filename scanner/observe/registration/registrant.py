"""Who a name is registered to, with privacy notices kept apart from names."""

from __future__ import annotations

import re

from scanner.observe.registration.redaction import is_empty, is_notice
from scanner.observe.registration.text import Entry

_MAIL = re.compile(r"[A-Za-z0-9_.+%'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}\Z")
_WITHIN = {
    "organization": "organisation", "organisation": "organisation", "org": "organisation",
    "org name": "organisation", "organization name": "organisation", "company": "organisation",
    "organizacion": "organisation", "international organisation": "organisation",
    "registrant org": "organisation", "organization loc": "organisation",
    "name": "name", "full name": "name", "nombre": "name", "person": "name", "international name": "name",
    "country": "country", "country code": "country", "countrycode": "country", "pais": "country",
    "registrant country": "country", "country / region": "country", "country/region": "country",
    "email": "email", "e-mail": "email", "email address": "email", "mail": "email", "holder email": "email",
}  # fmt: skip
FIELDS = ("organisation", "name", "country", "email")


def registrant_of(entries: list[Entry]) -> tuple[dict[str, str], set[str]]:
    """`registrant_*` values, and the names of those that were withheld."""
    values: dict[str, str] = {}
    redacted: set[str] = set()
    for entry in entries:
        name = _part(entry)
        if not name:
            continue
        for value in entry.values[:1]:
            _take(name, value.strip(), values, redacted)
    if redacted:
        redacted.add("registrant")
    return {f"registrant_{name}": values.get(name, "") for name in FIELDS}, {
        name if name == "registrant" else f"registrant_{name}" for name in redacted if name not in values
    }


def _take(name: str, value: str, values: dict[str, str], redacted: set[str]) -> None:
    if is_empty(value):
        return
    if is_notice(value):
        redacted.add(name)
    elif name == "email":
        if _MAIL.match(value):
            values.setdefault(name, value.lower())
    elif len(value) <= 200:
        values.setdefault(name, " ".join(value.split()))


def _part(entry: Entry) -> str:
    """Which part of the registrant an entry names, "" for none."""
    if entry.name.startswith("registrant_") and entry.section in (
        "",
        "registrant",
        "domain",
        "dates",
        "status",
    ):
        return entry.name.removeprefix("registrant_")
    if entry.section == "registrant":
        if part := _WITHIN.get(entry.label.lower().strip(" .:")):
            return part
    if entry.name == "registrant" and entry.section in ("", "registrant", "domain"):
        return "organisation"
    return ""
