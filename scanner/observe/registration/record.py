"""What a registration answer says, whichever protocol carried it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scanner.model import Bound, Date

State = Literal[
    "registered", "available", "reserved", "throttled", "refused", "unavailable", "invalid", "unknown"
]


@dataclass(frozen=True, slots=True)
class Registration:
    """One domain name as its registry or registrar describes it.

    state: `registered`, `available` and `reserved` are answers about the name; `throttled`, `refused` and
        `unavailable` are about the server; `invalid` means the server cannot hold such a name; `unknown`
        means nothing could be read.
    created_bound: `not-after` where the registry only says "before 1996".
    reregistered: date of an RDAP `reregistration` event.
    registrar_server: WHOIS host or RDAP base URL the registry names for more.
    related: RDAP `related` links (absolute URLs), never trusted.
    redacted: names of fields that were withheld (`registrant`, `registrant_email`, `created` …).
    """

    state: State = "unknown"
    created: Date | None = None
    created_bound: Bound = Bound.AT
    updated: Date | None = None
    expires: Date | None = None
    transferred: Date | None = None
    reregistered: Date | None = None
    locked: Date | None = None
    domain: str = ""
    registry_id: str = ""
    registrar: str = ""
    registrar_iana_id: str = ""
    registrar_server: str = ""
    registrar_url: str = ""
    nameservers: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    registrant_organisation: str = ""
    registrant_name: str = ""
    registrant_country: str = ""
    registrant_email: str = ""
    dnssec: str = ""
    redacted: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    reason: str = ""

    @property
    def dated(self) -> bool:
        return bool(self.created or self.updated or self.expires)
