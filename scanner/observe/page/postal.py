"""Postal addresses as one line of text, and the country they name. Modest on purpose: JSON-LD, `<address>`, and
lines that end in a postal code form only a few countries share."""

from __future__ import annotations

import re
from functools import cache

from scanner.observe.page import seeds
from scanner.observe.page.document import Document, collapse
from scanner.observe.page.linked import Organisation
from scanner.observe.page.rows import placeholders

MOST = 5
_LIMIT = 200
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|"
    "OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_US = re.compile(
    rf"\b\d{{1,6}}\s+[\w .'#-]{{3,60}}?,?\s+[A-Z][\w .'-]{{1,40}},?\s+(?:{_STATES}),?\s+\d{{5}}(?:-\d{{4}})?\b"
)
_US_END = re.compile(rf"\b[A-Z][a-z][\w .'-]{{1,30}},\s*(?:{_STATES}),?\s+\d{{5}}(?:-\d{{4}})?\b")
_GB = re.compile(r"[\w ,.'/&-]{8,120}[ ,]+(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2})\b")
_CA = re.compile(r"[\w ,.'#-]{8,120}[ ,]+[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d\b")
_CONTINENT = re.compile(
    r"\b[A-ZÄÖÜ][\wäöüßéèç.'-]{2,40}(?:str\.|straße|strasse|weg|platz|allee|gasse|ring|damm|ufer|laan|straat|plein)\s?\d{1,4}\s?[a-z]?"
    r"\s*[,·|–-]?\s*(?:(?P<country>[A-Z]{1,2})-)?\d{4,5}\s+[A-ZÄÖÜ][\wäöüß .()-]{2,40}"
)
_DIGIT = re.compile(r"\d")
# What a line must hold before the longer patterns look at it: they are bounded, but not cheap.
_CODE = re.compile(r"\d[A-Z]{2}\b|\d[A-Z]\s?\d[A-Z]\d|\d\s*[,·|–-]?\s*(?:[A-Z]{1,2}-)?\d{4,5}\s+[A-ZÄÖÜ]")
_FIVE = re.compile(r"\d\d{4}")
_STATE_CODE = re.compile(rf"(?:{_STATES}),?\s+\d{{5}}")
_MAYBE_CODE = re.compile(
    r"\d[\dA-Z]{2,5}(?!\w)"
)  # begins with a character class, which is what makes it fast
_MOST_LINES = 60
_PREFIXES = {
    "D": "DE",
    "DE": "DE",
    "A": "AT",
    "AT": "AT",
    "CH": "CH",
    "NL": "NL",
    "F": "FR",
    "B": "BE",
    "L": "LU",
}
# Ten digits or an international prefix: postal codes have up to nine (4050-262 Porto, Boston 02108-1234).
_TELEPHONE = re.compile(r"\+\d|\d(?:[\s().-]{0,3}\d){9}")


@cache
def _countries() -> dict[str, str]:
    names = {}
    for code, spellings in seeds.load("countries")["names"].items():
        for spelling in str(spellings).split("|"):
            names[spelling] = str(code)
    return names


def country_code(text: str) -> str:
    """ISO code of a country named by name or code, "" when it is none.

    >>> country_code("Deutschland"), country_code("us"), country_code("Ruritania")
    ('DE', 'US', '')
    """
    plain = collapse(text).strip(" .,").lower()
    code = _countries().get(plain) or _countries().get(plain + ".")
    if code:
        return code
    return plain.upper() if len(plain) == 2 and plain.upper() in set(_countries().values()) else ""


def addresses(page: Document, organisations: list[Organisation]) -> tuple[list[str], list[str]]:
    """(addresses, country codes) the page gives, each once; five addresses at most."""
    lines: dict[str, None] = {}
    countries: dict[str, None] = {}
    for organisation in organisations:
        if organisation.address and _plausible(organisation.address):
            lines[organisation.address[:_LIMIT]] = None
            _note(countries, organisation.country or _last_part(organisation.address))
    for text in page.addresses:
        line = ", ".join(part.strip(" ,") for part in text.split("\n"))
        if _plausible(line) and len(line) <= 300:
            lines[line[:_LIMIT]] = None
            _note(countries, _last_part(_without_contacts(text)))
    for line, code in _in_text(page):
        lines.setdefault(line[:_LIMIT], None)
        _note(countries, code)
    return list(lines)[:MOST], list(countries)


def _in_text(page: Document) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in _coded_lines(page.text):
        if not _plausible(line, strict=False):
            continue
        for pattern, code in ((_US, "US"), (_GB, "GB"), (_CA, "CA"), (_CONTINENT, ""), (_US_END, "US")):
            match = pattern.search(line)
            if match and _plausible(match.group(0), strict=False):
                tail = line[match.end() :].strip(" ,")
                named = country_code(_first_part(tail)) if tail else ""
                text = collapse(match.group(0)) + (f", {_first_part(tail)}" if named else "")
                prefix = (match.groupdict().get("country") or "") if not named else ""
                found.append((text.strip(" ,"), named or code or _PREFIXES.get(prefix, "")))
                break
        if len(found) >= MOST:
            break
    return found


def _coded_lines(text: str) -> list[str]:
    """Lines that hold what could be a postal code, 60 at most."""
    lines: dict[str, None] = {}
    end = -1
    for match in _MAYBE_CODE.finditer(text):
        if match.start() < end:
            continue
        start = text.rfind("\n", max(0, match.start() - 300), match.start()) + 1
        end = text.find("\n", match.end(), match.end() + 300)
        end = end if end >= 0 else match.end() + 300
        line = text[start:end].strip()
        if 12 <= len(line) <= 300 and line not in lines and _has_code(line):
            lines[line] = None
            if len(lines) >= _MOST_LINES:
                break
    return list(lines)


def _has_code(line: str) -> bool:
    if _CODE.search(line):
        return True
    return _FIVE.search(line) is not None and _STATE_CODE.search(line) is not None


def _plausible(text: str, strict: bool = True) -> bool:
    """Not a placeholder, and, for marked-up text, with a number and no sentence."""
    low = text.lower()
    if any(entry in low for entry in placeholders("addresses")) or len(text) < 10:
        return False
    return not strict or (
        bool(_DIGIT.search(text)) and "@" not in text.partition(",")[0] and len(text.split()) <= 45
    )


def _without_contacts(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "@" not in line and not _TELEPHONE.search(line))


def _last_part(text: str) -> str:
    return re.split(r"[,\n]", text.strip(" ,.\n"))[-1].strip()


def _first_part(text: str) -> str:
    return re.split(r"[,.|·\n]", text, maxsplit=1)[0].strip()


def _note(countries: dict[str, None], text: str) -> None:
    code = text if len(text) == 2 and text.isupper() else ""
    code = country_code(code or text)
    if code:
        countries[code] = None
