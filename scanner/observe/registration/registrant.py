"""Who a name is registered to, with privacy notices kept apart from names."""

from __future__ import annotations

import re
from typing import Any

from scanner.observe.registration.labels import normal
from scanner.observe.registration.redaction import is_empty, is_notice
from scanner.observe.registration.text import Entry

_MAIL = re.compile(r"[A-Za-z0-9_.+%'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}\Z")
_WITHIN = {
    "organization": "organisation", "organisation": "organisation", "org": "organisation",
    "contact": "organisation",
    "org name": "organisation", "organization name": "organisation", "company": "organisation",
    "organizacion": "organisation", "international organisation": "organisation",
    "registrant org": "organisation", "organization loc": "organisation",
    "name": "name", "full name": "name", "nombre": "name", "person": "name", "international name": "name",
    "country": "country", "country code": "country", "countrycode": "country", "pais": "country",
    "registrant country": "country", "country region": "country", "org country": "country",
    "email": "email", "e mail": "email", "email address": "email", "mail": "email", "holder email": "email",
}  # fmt: skip
_HOLDER = (
    "holder c",
    "registrant",
    "owner c",
    "holder",
    "domain registrant",
    "domain holder handle",
    "registrant handle",
)
_HANDLE = (
    "nic hdl", "nic hdl br", "contact", "contact id", "nic handle", "norid handle", "handle", "domain registrant",
)  # fmt: skip
FIELDS = ("organisation", "name", "country", "email")


def link_handles(entries: list[Entry]) -> None:
    """Mark the contact block that the domain's holder handle points to (RPSL: `holder-c`, `registrant`)."""
    handles = {
        entry.value.lower() for entry in entries
        if entry.value and entry.section in ("", "domain") and normal(entry.label) in _HOLDER
    }  # fmt: skip
    blocks = {
        entry.block for entry in entries
        if entry.value.lower() in handles and entry.block and normal(entry.label) in _HANDLE
    }  # fmt: skip
    for entry in entries:
        if entry.block in blocks and entry.section in ("", "contact", "registrant", "domain"):
            entry.section = "registrant"
    for entry in entries:
        if entry.value.lower() in handles and normal(entry.label) in (*_HOLDER, *_HANDLE):
            entry.name = "handle" if blocks else entry.name


def registrant_of(entries: list[Entry]) -> tuple[dict[str, Any], set[str]]:
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
    elif name == "country" and len(value) == 2 < len(values.get(name, "")):
        values[name] = value.upper()  # the code says it more exactly than the name
    elif len(value) <= 200:
        values.setdefault(name, " ".join(value.split()))


def _part(entry: Entry) -> str:
    """Which part of the registrant an entry names, "" for none."""
    if entry.name == "handle":
        return ""
    if entry.name.startswith("registrant_") and entry.label.lower().startswith("registrant"):
        return entry.name.removeprefix("registrant_")
    if entry.name.startswith("registrant_") and entry.section in (
        "",
        "registrant",
        "domain",
        "dates",
        "status",
    ):
        return entry.name.removeprefix("registrant_")
    if entry.section == "registrant" and (part := _WITHIN.get(normal(entry.label))):
        return part
    if entry.name == "registrant" and entry.section in ("", "registrant", "domain"):
        return "organisation"
    return ""
