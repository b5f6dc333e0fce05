"""A `Registration` as observations and an attempt status."""

from __future__ import annotations

from scanner.model import Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe.registration.record import Registration
from scanner.wording import one_line

REGISTRAR_HOP = "#registrar"
"""Fragment of an evidence URI: the registrar was asked after the registry. It adds who holds the name; dates,
name servers and statuses stay the registry's to say."""
UNLISTED = "#unlisted"
"""Fragment of an evidence URI: the service isn't in the bootstrap. It can tell of a name, never of its absence."""

_DATES = ("created", "updated", "expires", "transferred", "reregistered", "locked")
_TEXTS = ("registrar", "registrar_iana_id", "registry_id", "registrar_server", "dnssec")
_HOLDER = ("registrant_organisation", "registrant_name", "registrant_country", "registrant_email")


def observed(found: Registration, source: str, evidence: Evidence) -> Observed:
    """What the answer says, with the attempt status it stands for."""
    write = _Writer(source, evidence.digest)
    if evidence.uri.endswith(REGISTRAR_HOP):
        return _of_registrar(found, write)
    if found.state == "available":
        if evidence.uri.endswith(UNLISTED):
            return Observed(
                status=Status.UNPARSED, reason="unconfirmed not found, by a service that IANA does not list"
            )
        return Observed(
            (write.row("state", "available"),), Status.ABSENT, _words("not-registered", found.reason)
        )
    if found.state in ("registered", "reserved"):
        status, reason = _answer(found)
        return Observed(tuple(_rows(found, write)), status, reason)
    status, slug = _FAILURES[found.state]
    return Observed(status=status, reason=_words(slug, found.reason))


_FAILURES = {
    "throttled": (Status.THROTTLED, "limit"),
    "refused": (Status.REFUSED, "denied"),
    "unavailable": (Status.UNREACHABLE, "server-unavailable"),
    "invalid": (Status.UNPARSED, "invalid-query"),
    "unknown": (Status.UNPARSED, "unreadable"),
}


def _answer(found: Registration) -> tuple[Status, str]:
    """OK, or REDACTED with what is withheld. `no-dates` tells the scan that another source is worth asking."""
    if found.state == "reserved":
        return Status.OK, "reserved"
    if found.created is None:
        return Status.REDACTED, "no-dates the registration date is not published"
    if "registrant" in found.redacted:
        return Status.REDACTED, "owner-withheld"
    return Status.OK, ""


def _of_registrar(found: Registration, write: _Writer) -> Observed:
    """Only who holds the name; a registrar that fails or withholds changes nothing about the registry's answer."""
    if found.state != "registered":
        return Observed()
    rows = [write.row(name, getattr(found, name)) for name in _HOLDER if getattr(found, name)]
    rows += [write.row("redacted", name) for name in found.redacted if name.startswith("registrant")]
    withheld = "registrant" in found.redacted
    return Observed(tuple(rows), Status.REDACTED if withheld else None, "owner-withheld" if withheld else "")


def _rows(found: Registration, write: _Writer) -> list[Observation]:
    rows = [write.row("state", found.state)]
    for name in _DATES:
        date: Date | None = getattr(found, name)
        if date is not None:
            rows.append(
                write.row(name, str(date), date, found.created_bound if name == "created" else Bound.AT)
            )
    rows += [write.row(name, getattr(found, name)) for name in (*_TEXTS, *_HOLDER) if getattr(found, name)]
    rows += [write.row("nameserver", host) for host in found.nameservers]
    rows += [write.row("status", status) for status in found.status]
    return rows + [write.row("redacted", name) for name in found.redacted]


def _words(slug: str, text: str) -> str:
    """A reason: the slug, then a stranger's words on one line."""
    return f"{slug} {one_line(text[:160])}".strip()


class _Writer:
    def __init__(self, source: str, digest: str) -> None:
        self._source, self._digest = source, digest

    def row(self, name: str, value: str, date: Date | None = None, bound: Bound = Bound.AT) -> Observation:
        plain = "".join(c if c.isprintable() else " " for c in value)
        return Observation(
            "registration", name, plain, self._source, starts=date, bound=bound, evidence=self._digest
        )
