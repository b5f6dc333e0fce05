"""A WHOIS answer, of whatever registry, as a `Registration`."""

from __future__ import annotations

import re
from dataclasses import replace

from scanner.model import Bound, Date
from scanner.observe.registration.dates import parse_date
from scanner.observe.registration.labels import is_weak
from scanner.observe.registration.record import Registration
from scanner.observe.registration.redaction import epp_status, is_empty, is_notice
from scanner.observe.registration.registrant import registrant_of
from scanner.observe.registration.state import limit_notice, state_of_status, state_of_text
from scanner.observe.registration.text import Entry, Record, decode, read

_HOST = re.compile(
    r"(?=.{3,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.[a-z][a-z0-9-]{1,62}\Z"
)
_SERVER = re.compile(r"[a-z0-9][a-z0-9.-]{2,100}\.[a-z]{2,24}\Z", re.IGNORECASE)
_BEFORE = re.compile(r"\W*(?:before|prior to|pre)[ -]+(.+)\Z", re.IGNORECASE)
_NOTE = re.compile(
    r"\s*\(?\s*https?://\S*\s*\)?|\s*\[(?!tag\b).{0,80}?\]\Z|\s*\(see .{0,60}?\)\Z", re.IGNORECASE
)
_STATUS_NOTE = re.compile(r"https?://\S*|www\.\S*|\([^()]{0,120}\)")
_OTHER = ("admin", "tech", "billing", "contact", "whois")
_MOST_NAMESERVERS = 32


def parse_whois(domain: str, raw: bytes | str, server: str = "") -> Registration:
    """Read a WHOIS answer about `domain` (lower-case A-label name, or a bare suffix such as `.de`).

    Never raises; an answer without a readable registration has another `state`, with the telling line as
    `reason`.
    """
    tld = domain.rstrip(".").rpartition(".")[2].lower()
    text = decode(raw, tld)
    record = read(text)
    found = _fields(record, domain, tld, server)
    return _judged(found, record, text)


def _fields(record: Record, domain: str, tld: str, server: str) -> Registration:
    entries = _own_blocks(record.entries, domain)
    created, bound = _created(entries, tld)
    named = {entry.label: entry for entry in entries}
    status = _status(entries)
    registrant, redacted = registrant_of(entries)
    for name, value in (("created", created), ("expires", _date(entries, "expires", tld))):
        if value is None and any(is_notice(entry.value) for entry in _of(entries, name)):
            redacted.add(name)
    return (
        Registration(
            created=created,
            created_bound=bound,
            updated=_date(entries, "updated", tld),
            expires=_date(entries, "expires", tld),
            domain=_domain(entries),
            registry_id=_plain(entries, "registry_id"),
            registrar=_registrar(entries),
            registrar_iana_id=_digits(_plain(entries, "registrar_iana_id")),
            registrar_server=_server(entries, server),
            registrar_url=_plain(entries, "registrar_url"),
            nameservers=_nameservers(entries),
            status=status,
            dnssec=_dnssec(entries),
            redacted=tuple(sorted(redacted)),
            **registrant,
        )
        if named
        else Registration()
    )


def _own_blocks(entries: list[Entry], domain: str) -> list[Entry]:
    """Leave out host records, and blocks about other names (a thin registry lists look-alikes first)."""
    hosts = {entry.block for entry in entries if entry.label.lower() == "server name"}
    return [entry for entry in entries if entry.block not in hosts]


def _of(entries: list[Entry], name: str) -> list[Entry]:
    """Entries of a field, those of contacts and registrars left out where the label is also theirs."""
    return [
        entry
        for entry in entries
        if entry.name == name
        and not (
            entry.section in ("registrant", "registrar", "nameservers", *_OTHER) and is_weak(entry.label)
        )
        and entry.section not in ("whois",)
    ]


def _created(entries: list[Entry], tld: str) -> tuple[Date | None, Bound]:
    for entry in _of(entries, "created"):
        for value in entry.values[:2]:
            before = _BEFORE.match(value)
            date = parse_date(before[1] if before else value, tld)
            if date:
                return date, Bound.NOT_AFTER if before else Bound.AT
    return None, Bound.AT


def _date(entries: list[Entry], name: str, tld: str) -> Date | None:
    dates = (parse_date(value, tld) for entry in _of(entries, name) for value in entry.values[:2])
    return next((date for date in dates if date), None)


def _plain(entries: list[Entry], name: str) -> str:
    for entry in _of(entries, name):
        value = entry.value or (entry.lines[0] if entry.lines else "")
        if value and not is_empty(value) and not is_notice(value):
            return value
    return ""


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() and len(value) <= 6 else ""


def _domain(entries: list[Entry]) -> str:
    value = next((e.values[0] for e in entries if e.name == "domain" and e.values), "")
    return value.split()[0].rstrip(".").lower() if value.split() else ""


def _registrar(entries: list[Entry]) -> str:
    """The registrar's name: its label at the domain, else the name inside the registrar section."""
    labelled = [
        entry
        for entry in entries
        if entry.name == "registrar" and entry.section not in ("registrant", *_OTHER)
    ]
    for wanted in ("", "registrar"):
        for entry in labelled:
            if (entry.section == wanted or wanted) and (name := _registrar_value(entry.value)):
                return name
        if wanted == "":
            if name := _registrar_section(entries):
                return name
    listed = (_registrar_value(entry.lines[0]) for entry in labelled if entry.lines)
    return next((name for name in listed if name), "")


def _registrar_section(entries: list[Entry]) -> str:
    inside = [entry for entry in entries if entry.section == "registrar"]
    for labels in (
        ("organization", "organisation", "org", "registrar organization"),
        ("name", "registrar name", "registrar"),
    ):
        for entry in inside:
            if entry.label.lower().strip(" .") in labels and (name := _registrar_value(entry.value)):
                return name
    for entry in inside:
        if entry.name == "registrar" and not entry.value and entry.lines:
            return _registrar_value(entry.lines[0])
    return ""


def _registrar_value(value: str) -> str:
    name = _NOTE.sub("", value).strip(" ,;")
    return "" if is_empty(name) or len(name) > 200 else " ".join(name.split())


def _server(entries: list[Entry], server: str) -> str:
    for entry in entries:
        value = entry.value.lower().strip().removeprefix("whois://").strip("/. ")
        if entry.name == "registrar_server" and _SERVER.match(value):
            return value
    return ""


def _nameservers(entries: list[Entry]) -> tuple[str, ...]:
    """Host names of name-server entries and sections, in order, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        if entry.section in ("registrant", "registrar", *_OTHER) and entry.name != "nameserver":
            continue
        if entry.name == "nameserver" or entry.section == "nameservers":
            for value in entry.values:
                for host in _hosts(value):
                    found.setdefault(host)
    return tuple(found)[:_MOST_NAMESERVERS]


def _hosts(value: str) -> list[str]:
    """The host names a line lists: the first word of each comma-separated part, addresses skipped."""
    hosts = []
    for part in re.split(r"[,;]|\s+[-/]\s+", value[:500]):
        words = [word.strip("()[]").rstrip(".").lower() for word in part.split()[:3]]
        host = next((word for word in words if _HOST.match(word)), "")
        if host and host != "not.defined":
            hosts.append(host)
    return hosts


def _status(entries: list[Entry]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for entry in _of(entries, "status"):
        for value in entry.values[:20]:
            for part in _STATUS_NOTE.sub("", value).split(","):
                word = part.strip(" .;")
                if word and not is_empty(word) and len(word) <= 60:
                    found.setdefault(epp_status(word))
    return tuple(found)


def _dnssec(entries: list[Entry]) -> str:
    for entry in entries:
        if entry.name == "dnssec" and entry.value:
            word = entry.value.lower()
            if word.startswith(("unsigned", "no", "inactive", "n", "미서명", "disabled")):
                return "unsigned"
            if word.startswith(("signed", "yes", "active", "y", "서명", "enabled")):
                return "signed"
    return ""


def _judged(found: Registration, record: Record, text: str) -> Registration:
    """The state: what status values say, else whether anything was registered, else the text's short lines."""
    if not text.strip():
        return replace(found, state="unavailable", reason="empty answer")
    states = [state for status in found.status if (state := state_of_status(status))]
    evidence = sum(map(bool, (found.dated, found.nameservers, found.registrar, found.registrant_organisation,
                              found.registrant_name, found.registry_id)))  # fmt: skip
    if states and not (evidence >= 2 and states[0] != "reserved"):
        notice = limit_notice(text) if states[0] == "available" and not evidence else ""
        return replace(found, state="throttled" if notice else states[0], reason=notice or found.status[0])
    if found.dated or found.nameservers or evidence >= 1:
        return replace(found, state="registered")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    state, line = state_of_text(lines)
    if state in ("unknown", "unavailable", "invalid") and found.status and not states:
        return replace(found, state="registered")
    return replace(found, state=state, reason=line)
