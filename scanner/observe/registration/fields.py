"""Reading single fields out of a text's entries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.model import Bound, Date
from scanner.observe.registration.dates import parse_date
from scanner.observe.registration.labels import is_weak, normal, section_of
from scanner.observe.registration.redaction import epp_status, is_empty, is_notice
from scanner.observe.registration.text import Entry

_HOST = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62}){0,10}\.[a-z][a-z0-9-]{1,62}\Z")
_SERVER = re.compile(r"(?:localhost|[a-z0-9.:\[\]-]{1,120}[.:][a-z0-9\]-]{1,63})\Z")
_BEFORE = re.compile(r"\W*(?:before|prior to) +(.+)\Z", re.IGNORECASE)
_STAMP = re.compile(r"(?:\A|\s)(\d{8}(?:\d{6})?)(?=\s|\Z)")
_UNTIL = re.compile(r"(?:ok-)?until[ -](\d{8}(?:\d{6})?)", re.IGNORECASE)
_NAME_NOTE = re.compile(
    r"\s*\(?\s*https?://\S*\s*\)?|\s*\[(?!tag\b)[^\[\]]{0,80}\]\Z|\s*\(see [^()]{0,60}\)\Z", re.IGNORECASE
)
_STATUS_NOTE = re.compile(r"https?://\S*|www\.\S*|\([^()]{0,120}\)")
_PEOPLE = ("admin", "tech", "billing", "contact", "whois")
_CHOSEN = ("registrant", *_PEOPLE[:-1])  # blocks of text that the registrant gave
_ASIDE = ("registrant", "registrar", "nameservers", *_PEOPLE)
_SECONDARY = (
    "registered through", "registration service provider", "registration service provided by", "registered by",
    "account name", "mnt by",
)  # fmt: skip
MOST_NAMESERVERS = 32
MOST_STATUSES = 20


def of(entries: Iterable[Entry], name: str) -> list[Entry]:
    """Entries of a field that speak of the domain, not of a contact, a registrar or the server."""
    return [
        entry
        for entry in entries
        if entry.name == name
        and entry.section != "whois"
        and not (entry.section in _ASIDE and is_weak(entry.label))
    ]


def first_value(entries: Iterable[Entry], name: str) -> str:
    """The first real value of a field."""
    for entry in of(entries, name):
        value = next(iter(entry.values), "")
        if value and not is_empty(value) and not is_notice(value):
            return value
    return ""


def created(entries: list[Entry], tld: str) -> tuple[Date | None, Bound]:
    """The creation date; the earliest where a registrar's record follows the registry's (a registrar may
    give the day the name came to it). "Before 2001" is a bound."""
    found: list[tuple[Date, Bound]] = []
    seen: set[int] = set()
    for entry in _registry_first(of(entries, "created")):
        if entry.record in seen:
            continue
        for value in entry.values[:2]:
            before = _BEFORE.match(value)
            date = _read(before[1] if before else value, tld)
            if date:
                found.append((date, Bound.NOT_AFTER if before else Bound.AT))
                seen.add(entry.record)
                break
    found += [(date, Bound.AT) for date in _assigned(entries, tld) if not found]
    return min(found, key=lambda pair: pair[0].last, default=(None, Bound.AT))


def _registry_first(entries: list[Entry]) -> list[Entry]:
    """Entries outside a contact's block first; of those inside one, the last first. What stands in such a block is
    the registrant's to choose ("Registered on: 2001" as a street), and the registry's own lines come after it."""
    outside = [entry for entry in entries if entry.section not in _CHOSEN]
    return outside + [entry for entry in reversed(entries) if entry.section in _CHOSEN]


def _assigned(entries: list[Entry], tld: str) -> list[Date]:
    """`changed: … 19990605 (Assigned)` (.il): the history lines of RPSL."""
    dates = (_read(e.value, tld) for e in of(entries, "updated") if e.value.lower().endswith("(assigned)"))
    return [date for date in dates if date][:1]


def updated(entries: list[Entry], tld: str) -> Date | None:
    """The last change: the first such date, or the latest of the history lines of one block."""
    listed = [
        (e.block, date) for e in of(entries, "updated") for v in e.values[:2] if (date := _read(v, tld))
    ]
    return max((date for block, date in listed if block == listed[0][0]), key=lambda d: d.last, default=None)


def expires(entries: list[Entry], tld: str) -> Date | None:
    """The expiry date, from its own label or a status `OK-UNTIL 20140903`."""
    for entry in _registry_first(of(entries, "expires")):
        for value in entry.values[:2]:
            if date := _read(value, tld):
                return date
    until = (_UNTIL.match(entry.value) for entry in of(entries, "status"))
    return next((parse_date(match[1], tld) for match in until if match), None)


def _read(value: str, tld: str) -> Date | None:
    """A date at the start of a value, else a date stamp inside it (`EIC-UANIC 20120730164230`)."""
    stamp = _STAMP.search(value[:200])
    return parse_date(value, tld) or (parse_date(stamp[1], tld) if stamp else None)


def domain(entries: list[Entry]) -> str:
    """The name the answer is about, as written, lower case."""
    named = _registry_first([entry for entry in entries if entry.name == "domain" and entry.values])
    words = next((entry.values[0].split() for entry in named), [])
    return words[0].rstrip(".").lower() if words else ""


def registrar(entries: list[Entry]) -> str:
    """The registrar's name: its own label at the domain, else what the registrar section says."""
    labelled = [e for e in entries if e.name == "registrar" and e.section not in ("registrant", *_PEOPLE)]
    # .kr says everything twice; "registered through" names a reseller beside the registrar.
    labelled.sort(key=lambda e: (e.record, normal(e.label) in _SECONDARY, not e.label.isascii()))
    direct = (_registrar_name(e.value) for e in labelled if e.section != "registrar")
    inside = (_registrar_name(e.value) for e in labelled if e.section == "registrar")
    listed = (_registrar_name(e.lines[0]) for e in labelled if e.lines and not e.value)
    for names in (direct, _registrar_section(entries), inside, listed):
        for name in names:
            if name:
                return name
    return ""


def _registrar_section(entries: list[Entry]) -> list[str]:
    inside = [e for e in entries if e.section == "registrar"]
    organisations = [e.value for e in inside if normal(e.label) in ("organization", "organisation", "org")]
    names = [e.value for e in inside if normal(e.label) == "name"]
    return [_registrar_name(value) for value in (*organisations, *names)]


def _registrar_name(value: str) -> str:
    name = " ".join(_NAME_NOTE.sub("", value).split()).strip(" ,;")
    return "" if is_empty(name) or is_notice(name) or len(name) > 200 or name.startswith(("-", "!")) else name


def registrar_iana_id(entries: list[Entry]) -> str:
    value = first_value(entries, "registrar_iana_id")
    return value if value.isascii() and value.isdigit() and len(value) <= 6 else ""


def registrar_server(entries: list[Entry]) -> str:
    """The WHOIS host the registry points to, as written (an address, should it be one: the door judges it)."""
    for entry in entries:
        value = entry.value.lower().removeprefix("whois://").strip("/. ")
        if entry.name == "registrar_server" and _SERVER.match(value):
            return value
    return ""


def nameservers(entries: list[Entry], domain_name: str) -> tuple[str, ...]:
    """Host names of name-server labels and lists, in order, each once, of the first record that has any."""
    found: dict[str, None] = {}
    record = -1
    for entry in entries:
        header = not entry.value and section_of(entry.label) == "nameservers"
        listed = entry.section == "nameservers" and normal(entry.label).endswith("name")
        if entry.name != "nameserver" and not header and not listed:
            continue
        if record not in (-1, entry.record):
            break
        hosts = [host for value in entry.values for host in _hosts(value)]
        if normal(entry.label) == "dns" and hosts == [domain_name]:
            continue  # .dk: `DNS:` is the name itself in A-labels
        for host in hosts:
            record = entry.record
            found.setdefault(host)
    return tuple(found)[:MOST_NAMESERVERS]


def _hosts(value: str) -> list[str]:
    """The host names a line lists: the first of each comma-separated part, addresses skipped."""
    hosts = []
    for part in re.split(r"[,;]|\s[-/]\s", value[:500]):
        words = (word.strip("()[]").rstrip(".").lower() for word in part.split()[:3])
        host = next((word for word in words if len(word) <= 253 and _HOST.match(word)), "")
        if host and host != "not.defined":
            hosts.append(host)
    return hosts


def statuses(entries: list[Entry]) -> tuple[str, ...]:
    """Status values, EPP codes in camelCase, each once."""
    found: dict[str, None] = {}
    for entry in of(entries, "status"):
        for value in entry.values[:MOST_STATUSES]:
            for part in _STATUS_NOTE.sub("", value).split(","):
                word = part.strip(" .;")
                if word and not is_empty(word) and len(word) <= 60:
                    found.setdefault(epp_status(word))
    return tuple(found)[:MOST_STATUSES]


def dnssec(entries: list[Entry]) -> str:
    for entry in entries:
        word = entry.value.lower()
        if entry.name == "dnssec" and word:
            if word.startswith(("unsigned", "no", "inactive", "미서명", "disabled")) or word == "n":
                return "unsigned"
            if word.startswith(("signed", "yes", "active", "서명", "enabled")) or word == "y":
                return "signed"
    return ""


def withheld(entries: list[Entry], name: str) -> bool:
    """True when a field's value is a notice ("see at www.register.bg")."""
    return any(is_notice(entry.value) for entry in of(entries, name))
