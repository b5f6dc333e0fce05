"""What one scan saw of one site, as facts that can be compared with those of another scan. Pure.

A fact that a source gave no answer to is not there: its absence is never a change. Facts are written so that what
alternates between honest answers (the spelling of a registrar, addresses of a large network, an issuer's
intermediate) reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from scanner.domains import registrable
from scanner.model import Attempt, Observation, Status
from scanner.reuse import was_reused
from scanner.watch.values import NOTHING, policy, senders

READ = (
    ("registration", ("created", "expires", "state", "registrar", "nameserver", "status", "redacted")),
    ("registration", ("registrant_organisation", "registrant_name", "registrant_country")),
    ("dns", ("exists", "answered", "ns", "mx", "a", "aaaa", "spf", "dmarc")),
    ("hosting", ("asn", "platform", "parking")),
    ("tls", ("issuer", "subject", "trust")),
    ("website", ("state",)),
    ("seizure", ("banner",)),
    ("page", ("site_name", "legal_name", "text", "acknowledged_domain")),
    ("contact", ("mail", "phone", "address", "messenger", "payment")),
    ("identifier", ("analytics", "tag", "verification", "pixel", "form_endpoint")),
    ("person", ("officer",)),
)
NAMES = frozenset((kind, name) for kind, names in READ for name in names)
"""The observations that are compared, by kind and name."""

HOLDS = frozenset({"clientHold", "serverHold", "redemptionPeriod", "pendingDelete"})
"""States of a registration in which a name does not resolve, or is about to be dropped."""

TELLING_STATES = frozenset(
    {"content", "template", "parked", "for-sale", "default", "coming-soon", "suspended", "seized-banner"}
)
"""Page states that say what stands there. A bot wall, an error page or an empty shell say nothing of it."""

GONE = "gone"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one scan saw of one target; `domain` "" for the case as a whole. `at` is the scan's date, `tool` the version
    of falsefront that read the answers."""

    domain: str
    scan: str
    at: datetime
    attempts: tuple[Attempt, ...] = ()
    observations: tuple[Observation, ...] = ()
    level: str = ""
    tool: str = ""

    @property
    def answered(self) -> frozenset[str]:
        """The sources that answered."""
        return frozenset(a.source for a in self.attempts if a.status.answered)


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of one fact in one scan. `fresh`: asked in that scan, not taken over from an earlier one."""

    values: frozenset[str]
    sources: tuple[str, ...]
    fresh: bool = True


@dataclass(slots=True)
class _Rows:
    sight: Sight
    rows: dict[tuple[str, str], list[Observation]] = field(default_factory=dict)
    ended: dict[str, Attempt] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.sight.observations:
            self.rows.setdefault((row.kind, row.name), []).append(row)
        self.ended = {attempt.source: attempt for attempt in self.sight.attempts}

    def values(self, kind: str, *names: str, source: str = "") -> list[str]:
        found = (row for name in names for row in self.rows.get((kind, name), ()))
        return [row.value for row in found if source in ("", row.source)]

    def status(self, source: str) -> Status | None:
        attempt = self.ended.get(source)
        return attempt.status if attempt else None

    def read(self, values: Iterable[str], *sources: str) -> Reading:
        used = tuple(s for s in sources if s in self.ended and self.ended[s].status.answered)
        fresh = any(not was_reused(self.ended[source].reason) for source in used)
        return Reading(frozenset(values), used, fresh)


def facts(sight: Sight) -> dict[str, Reading]:
    """Fact -> its values, for every fact that this scan could see. `FACT@SOURCE` is the same fact as another source
    has it, to be compared only with itself."""
    rows = _Rows(sight)
    found: dict[str, Reading] = {}
    if sight.level and sight.level != "not-enough":  # too little seen is no level of the site
        found["verdict"] = Reading(frozenset({sight.level}), tuple(sorted(sight.answered)))
    if not sight.domain:
        return found
    found |= _registration(rows)
    found |= _network(rows)
    found |= _certificate(rows)
    found |= _site(rows)
    return found


# ------------------------------------------------------------------------------------------- registration


def _registration(rows: _Rows) -> dict[str, Reading]:
    """What RDAP says and what WHOIS says are two facts: they can honestly differ, and WHOIS is asked only where RDAP
    fails. RDAP's have the plain name, those of WHOIS `NAME@whois`."""
    found: dict[str, Reading] = {}
    for source, mark in (("rdap", ""), ("whois", "@whois")):
        found |= {f"{fact}{mark}": reading for fact, reading in _record(rows, source).items()}
    return found


def _record(rows: _Rows, source: str) -> dict[str, Reading]:
    status = rows.status(source)
    if status is Status.ABSENT:
        return {"registration": rows.read({"available"}, source)}
    if status not in (Status.OK, Status.REDACTED):
        return {}

    def said(*names: str) -> list[str]:
        return rows.values("registration", *names, source=source)

    # A registry that answers "available" in words has status ABSENT as well; what else it says is no registration.
    found = {
        "registration": rows.read({"available" if "available" in said("state") else "registered"}, source)
    }
    for name in ("created", "expires"):
        if days := sorted(value[:10] for value in said(name)):
            found[name] = rows.read({days[0]}, source)
    if registrars := said("registrar"):
        found["registrar"] = rows.read({registrars[0]}, source)
    owner = said("registrant_organisation") or said("registrant_name")
    if owner and not {"registrant", "registrant_organisation"} & set(said("redacted")):
        found["registrant"] = rows.read({" ".join(owner[0].split())}, source)
    if statuses := said("status"):
        found["held"] = rows.read(HOLDS & set(statuses) or {NOTHING}, source)
    return found


# ------------------------------------------------------------------------------------- names and addresses


def _network(rows: _Rows) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    answered = set(rows.values("dns", "answered"))
    if "NS" in answered and rows.values("dns", "ns"):
        found["name-servers"] = rows.read(rows.values("dns", "ns"), "dns")
    elif rows.status("dns") in (None, Status.SKIPPED) and rows.values("registration", "nameserver"):
        found["name-servers@registry"] = rows.read(rows.values("registration", "nameserver"), "rdap", "whois")
    if "MX" in answered:
        hosts = [value.split()[-1] for value in rows.values("dns", "mx")]
        found["mail"] = rows.read({registrable(h) or h for h in hosts if h != "."} or {NOTHING}, "dns")
    if "TXT" in answered:
        found["spf"] = rows.read(map(senders, rows.values("dns", "spf")[:1] or [NOTHING]), "dns")
    if policies := rows.values(
        "dns", "dmarc"
    ):  # without one it isn't known whether the question was answered
        found["dmarc"] = rows.read([policy(policies[0])], "dns")
    platforms = rows.values("hosting", "platform")
    networks = [value.partition(" ")[2] or value for value in rows.values("hosting", "asn")]
    if platforms or networks:
        found["hosting"] = rows.read(platforms or networks, "dns")
    addresses = rows.values("dns", "a", "aaaa")
    if addresses and not platforms:  # a CDN or site builder answers with others each time
        found["addresses"] = rows.read(addresses, "dns")
    return found


_ORGANISATION = re.compile(r"(?:^|,)O=((?:\\.|[^,\\])*)")


def _certificate(rows: _Rows) -> dict[str, Reading]:
    if rows.status("tls") is not Status.OK:
        return {}
    found: dict[str, Reading] = {}
    for fact, name in (("certificate-issuer", "issuer"), ("certificate-owner", "subject")):
        for value in rows.values("tls", name)[:1]:
            if owner := _ORGANISATION.search(value):
                found[fact] = rows.read({re.sub(r"\\(.)", r"\1", owner[1])}, "tls")
    for value in rows.values("tls", "trust")[:1]:
        found["certificate-trust"] = rows.read({value}, "tls")
    return found


# ------------------------------------------------------------------------------------------------ the site


def _site(rows: _Rows) -> dict[str, Reading]:
    state, sources = _state(rows)
    if not state:
        return {}
    found = {"site": rows.read({state}, *sources)}
    if state != "content":
        return found
    if texts := rows.values("page", "text"):
        found["text"] = rows.read(texts[:1], "website")
    contacts = {
        f"{name} {value}"
        for name in ("mail", "phone", "address", "messenger", "payment")
        for value in rows.values("contact", name)
    }
    named = {
        "contacts": contacts,
        "identifiers": rows.values(
            "identifier", "analytics", "tag", "verification", "pixel", "form_endpoint"
        ),
        "firms-named": rows.values("page", "acknowledged_domain"),
        "site-name": rows.values("page", "site_name", "legal_name"),
        "officers": rows.values("person", "officer"),
    }
    # The site was read: that none is named is a fact as well, once one was.
    found |= {fact: rows.read(values, "website") for fact, values in named.items()}
    return found


def _state(rows: _Rows) -> tuple[str, tuple[str, ...]]:
    """What stands at the address, and who says so; "" where it can't be said."""
    if rows.status("dns") is Status.ABSENT or "no" in rows.values("dns", "exists"):
        return GONE, ("dns",)
    if rows.values("seizure", "banner"):
        return "seized-banner", ("website",)
    website = rows.status("website")
    if website is Status.ABSENT:
        return GONE, ("website",)
    states = [value for value in rows.values("website", "state") if value in TELLING_STATES]
    if website is Status.OK and states:
        return states[0], ("website",)
    return "", ()
