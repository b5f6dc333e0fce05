"""What is claimed, and what is looked at because of it: claims, cases, targets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.dates import Period


class Role(StrEnum):
    """What a claimed address is said to be."""

    EMPLOYER = "employer"
    VENDOR = "vendor"
    PORTFOLIO = "portfolio"
    REFERENCE = "reference"
    PROFILE = "profile"
    SCHOOL = "school"
    CERTIFICATE = "certificate"
    OFFER = "offer"


DATED_ROLES = frozenset((Role.EMPLOYER, Role.VENDOR, Role.REFERENCE, Role.SCHOOL, Role.CERTIFICATE))
"""Roles whose period is a statement about the organisation. A portfolio's dates are about a person's work."""


_UNSTATED = Period()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a résumé: an address (or none yet), its role, the organisation, period and place."""

    role: Role
    url: str = ""
    organisation: str = ""
    period: Period = _UNSTATED
    place: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One candidate (or vendor) under review."""

    id: str
    label: str = ""
    claims: tuple[Claim, ...] = ()


class Why(StrEnum):
    """How a target came into a scan."""

    CLAIM = "claim"
    LEAD = "lead"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Target:
    """One registrable domain to look at.

    `domain` is lower-case ASCII (A-labels), private suffixes counted (`jane.github.io`). `platform` is the
    private suffix it hangs under ("github.io") or "": with a platform, the registration of the apex says
    nothing about the target.
    """

    domain: str
    entries: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    why: Why = Why.CLAIM
    from_domain: str = ""
    platform: str = ""
