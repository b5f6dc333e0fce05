"""A WHOIS answer, of whatever registry, as a `Registration`."""

from __future__ import annotations

from dataclasses import replace

from scanner.observe.registration import fields
from scanner.observe.registration.record import Registration
from scanner.observe.registration.registrant import link_handles, registrant_of
from scanner.observe.registration.second import filled
from scanner.observe.registration.state import notices, state_of_status, state_of_text
from scanner.observe.registration.text import Entry, decode, read


def parse_whois(domain: str, raw: bytes | str, server: str = "") -> Registration:
    """Read a WHOIS answer about `domain` (lower-case A-label name). `server` is who gave it.

    Never raises; an answer without a readable registration has another `state`, with the telling line as
    `reason`.
    """
    tld = domain.rstrip(".").rpartition(".")[2].lower()
    text = decode(raw, tld)
    entries = _own_blocks(read(text).entries)
    link_handles(entries)
    found = filled(_judged(_fields(entries, domain, tld), text), domain, text)
    return replace(found, registrar_server="") if found.registrar_server == server.lower() != "" else found


def _fields(entries: list[Entry], domain: str, tld: str) -> Registration:
    created, bound = fields.created(entries, tld)
    expires = fields.expires(entries, tld)
    registrant, redacted = registrant_of(entries)
    for name, value in (("created", created), ("expires", expires)):
        if value is None and fields.withheld(entries, name):
            redacted.add(name)
    return Registration(
        created=created,
        created_bound=bound,
        updated=fields.updated(entries, tld),
        expires=expires,
        domain=fields.domain(entries),
        registry_id=fields.first_value(entries, "registry_id"),
        registrar=fields.registrar(entries),
        registrar_iana_id=fields.registrar_iana_id(entries),
        registrar_server=fields.registrar_server(entries),
        registrar_url=fields.first_value(entries, "registrar_url"),
        nameservers=fields.nameservers(entries, domain),
        status=fields.statuses(entries),
        dnssec=fields.dnssec(entries),
        redacted=tuple(sorted(redacted)),
        **registrant,
    )


def _own_blocks(entries: list[Entry]) -> list[Entry]:
    """Leave out host records: a thin registry lists hosts that begin like the name before the name itself."""
    hosts = {entry.block for entry in entries if entry.label.lower() == "server name"}
    return [entry for entry in entries if entry.block not in hosts]


def _judged(found: Registration, text: str) -> Registration:
    """The state: what status values say, else whether anything was registered, else the text's short lines."""
    if not text.strip():
        return replace(found, state="unavailable", reason="empty answer")
    states = [state for status in found.status if (state := state_of_status(status))]
    evidence = _evidence(found)
    if states and (
        (evidence < 2 and not found.created)
        or any(status.lower().startswith("reserved") for status in found.status)
    ):
        return replace(found, state=states[0], reason=found.status[0])
    if evidence:
        return replace(found, state="registered")
    state, line = state_of_text(notices(text))
    if state in ("unknown", "unavailable", "invalid") and found.status and not states:
        return replace(found, state="registered")
    return replace(found, state=state, reason=line)


def _evidence(found: Registration) -> int:
    """How many kinds of registration data there are."""
    kinds = (found.dated, found.nameservers, found.registrar, found.registry_id,
             found.registrant_organisation or found.registrant_name)  # fmt: skip
    return sum(map(bool, kinds))
