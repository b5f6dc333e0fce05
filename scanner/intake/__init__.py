"""Addresses and files in, cases out. What can't be read is one line each, and the rest goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scanner.intake.addresses import Address, AddressError, read_address, shown
from scanner.intake.casefile import KINDS as CASE_KINDS
from scanner.intake.casefile import MAX_BYTES, parse, parse_bytes, unpack
from scanner.intake.found import Intake, Problem
from scanner.intake.periods import period_of, read_period
from scanner.knowledge import Kind
from scanner.model import Case, Claim, Role

__all__ = [
    "Address", "AddressError", "Intake", "Problem", "read_address", "read_case", "read_period",
    "CASE_KINDS", "period_of", "parse", "parse_bytes", "unpack", "case_from_urls", "url_case_id", "role_of",
]  # fmt: skip

_ROLES = {Kind.PROFILE: Role.PROFILE, Kind.LINK_PAGE: Role.PROFILE, Kind.HOSTED: Role.PORTFOLIO}


def read_case(path: str | Path) -> Intake:
    """Read a case file, CSV or JSON Resume. Never raises: a file that can't be read is one problem and no case."""
    file = Path(path)
    try:
        if file.is_dir() or not file.exists():  # a pipe or /dev/stdin is as good as a file
            what = "is a directory; give a file" if file.is_dir() else "no such file"
            return Intake((), (Problem(str(file), what),))
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return Intake(
            (), (Problem(str(file), f"can't be read ({error.strerror or error.__class__.__name__})"),)
        )
    return parse(file.name, raw)


def case_from_urls(urls: Iterable[str], role: Role | None = None) -> Intake:
    """One case from bare addresses, its id made from them (`url_case_id`).

    Without `role`, a profile page is a `profile`, a name below free hosting a `portfolio`, the rest
    `employer`.
    """
    claims: dict[str, Claim] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for number, text in enumerate(urls, 1):
        where = f"address {number}"
        try:
            address = read_address(text)
        except AddressError as error:
            problems.append(Problem(where, str(error)))
            continue
        if not address.url:
            problems.append(Problem(where, address.note))
            continue
        if address.note:
            notes.append(Problem(shown(address.url), address.note))
        claims.setdefault(address.url, Claim(role or role_of(address), address.url))
    if not claims:
        return Intake((), tuple(problems), tuple(notes))
    case = Case(url_case_id(claims), "", tuple(claims.values()))
    return Intake((case,), tuple(problems), tuple(notes))


def role_of(address: Address) -> Role:
    """What an address without a stated role is taken for."""
    return _ROLES.get(address.kind, Role.EMPLOYER)


def url_case_id(urls: Iterable[str]) -> str:
    """`urls-` and the first 8 hex digits of the SHA-256 over the sorted normalised addresses, a newline
    between.

    The same addresses in another order or spelling make the same id. Raises AddressError.
    """
    normal = sorted({read_address(url).url for url in urls})
    return "urls-" + hashlib.sha256("\n".join(normal).encode()).hexdigest()[:8]
