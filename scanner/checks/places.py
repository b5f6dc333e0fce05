"""Which country a stated place lies in, as far as the words say. Used only to compare two sides."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

US_STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
    "DC",
]
CA_PROVINCES = ["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"]
"""Postal abbreviations (USPS Publication 28; Canada Post). Some are country codes as well."""

OTHER_NAMES = {
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "uae": "AE",
    "south korea": "KR",
    "korea": "KR",
    "czech republic": "CZ",
    "holland": "NL",
    "the netherlands": "NL",
    "russian federation": "RU",
    "viet nam": "VN",
    "macedonia": "MK",
    "turkey": "TR",
}

AMBIGUOUS = frozenset({"georgia", "jersey", "guinea", "congo"})


@cache
def _locale() -> dict[str, dict[str, str]]:
    """Country names by code and language, from phonenumbers.

    Its module is read by itself: importing the package that it lies in loads the areas of all telephone numbers, which
    takes a third of a second and a hundred times the memory.
    """
    package = importlib.util.find_spec("phonenumbers")
    assert package is not None
    assert package.origin is not None
    file = Path(package.origin).parent / "geodata" / "locale.py"
    spec = importlib.util.spec_from_file_location("phonenumbers.geodata.locale", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.LOCALE_DATA)


@cache
def _names() -> dict[str, str]:
    """Country names in every language of the CLDR subset that phonenumbers carries, case-folded."""
    names: dict[str, str] = {}
    for code, by_language in _locale().items():
        for name in by_language.values():
            if not name.startswith("*"):
                names.setdefault(name.casefold(), code)
    return {**names, **OTHER_NAMES}


def country_of(place: str) -> str:
    """The ISO code of the country a place names, or "" when the words leave it open.

    >>> country_of("Austin, TX, US"), country_of("Austin, TX"), country_of("Berlin, Germany"), country_of("Berlin")
    ('US', 'US', 'DE', '')
    >>> country_of("San Francisco, CA"), country_of("Toronto, ON, CA"), country_of("Remote")
    ('', 'CA', '')
    """
    parts = [part.strip() for part in place.replace(";", ",").replace(" - ", ",").split(",") if part.strip()]
    if not parts:
        return ""
    last = parts[-1].strip("() ").casefold()
    if len(last) == 2 and last.isascii():
        return _of_code(last.upper(), len(parts))
    return "" if last in AMBIGUOUS else _names().get(last, "")


def _of_code(code: str, parts: int) -> str:
    """Two letters at the end: a country after two other parts, else a state or province unless it could be both."""
    if code.casefold() in OTHER_NAMES:
        return OTHER_NAMES[code.casefold()]
    country = code if code in _locale() else ""
    region = "US" if code in US_STATES else "CA" if code in CA_PROVINCES else ""
    if parts >= 3 or not region:
        return country or region
    return "" if country and parts == 2 else region
