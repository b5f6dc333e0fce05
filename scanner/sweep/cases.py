"""Names of a list as cases: one each, since those of a list have nothing to do with each other."""

from __future__ import annotations

from scanner.model import Case, Claim, Role


def case_of(sweep: str, domain: str) -> Case:
    """The case of a name; scans of its registration and of its pages are scans of that one case."""
    return Case(f"{sweep}-{domain}", claims=(Claim(Role.VENDOR, f"https://{domain}/"),))
