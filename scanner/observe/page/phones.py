"""Telephone numbers on a page, valid ones only, as E.164 with their region.

The library's own matcher costs 2.5 ms a page. A cheap pattern finds candidates; a candidate is parsed when it
has a country code, stands in a `tel:` link, or beside a word for telephone on a page whose country is known.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from scanner.observe.page.rows import placeholders

MOST = 20
# Begins with a character class and looks back behind it: a pattern that begins by looking back is tried everywhere.
_CANDIDATE = re.compile(
    r"[+(\d](?<![\w.+/=#-][+(\d])(?:(?<=[+(])\d|(?<=0)0\d|(?<=\d))[\d\s().\-/\u00a0\u2010-\u2013]{5,22}\d(?![\w/]|[.,]\d)"
)
_WORD = re.compile(
    r"(?:\btel\b|\btél\b|phone|telephone|telefon|téléphone|teléfono|telefone|\bcall\b|\bcell|mobile|mobil\b|móvil|fax|"
    r"hotline|whats\s?app|\bph\b|☎|📞|📱|тел|电话|電話|手机|전화|연락처|\bT:|\bM:|\bP:)",
    re.IGNORECASE,
)
_DATE_OR_VERSION = re.compile(
    r"\A(?:(?:19|20)\d\d\s?[-–/.]\s?(?:(?:19|20)?\d\d|\d\d?[-–/.]\d\d?)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})\Z"
)
# Countries whose numbers are most often written without a country code on pages that name no country.
_REGION_OF_TLD = {
    "uk": "GB",
    "com": "",
    "org": "",
    "net": "",
    "eu": "",
    "io": "",
    "co": "",
    "ai": "",
    "me": "",
    "tv": "",
}


def phones(text: str, links: list[str], region: str) -> list[tuple[str, str]]:
    """(E.164, region code) of each number once, 20 at most. `links` are tel: targets and numbers of JSON-LD;
    `region` is the ISO code of the page's country, "" when unknown."""
    found: dict[str, str] = {}
    for target in links[:50]:
        _add(found, target, region)
    for match in _CANDIDATE.finditer(text):
        if len(found) >= MOST:
            break
        written = match.group(0)
        digits = sum(char.isdigit() for char in written)
        if not 7 <= digits <= 15 or _DATE_OR_VERSION.match(written):
            continue
        international = written.startswith(("+", "00"))
        if not international:
            before = text[max(0, match.start() - 40) : match.start()]
            if not region or not _WORD.search(before):
                continue
        _add(found, written, region)
    return list(found.items())


def _add(found: dict[str, str], written: str, region: str) -> None:
    number, code = parse(" ".join(written.split())[:40], region)
    if number and len(found) < MOST:
        found.setdefault(number, code)


@lru_cache(maxsize=4096)
def parse(written: str, region: str) -> tuple[str, str]:
    """(E.164, region) of a valid number, ("", "") otherwise. A toll-free or satellite number without a region
    has `001`."""
    text = "+" + written[2:] if written.startswith("00") else written
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return "", ""
    if not phonenumbers.is_valid_number(number):
        return "", ""
    written_out = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = str(number.national_number)
    if written_out in placeholders("phones") or _fictional(number.country_code or 0, national):
        return "", ""
    return written_out, phonenumbers.region_code_for_number(number) or "001"


def _fictional(country_code: int, national: str) -> bool:
    """555-01xx in North America, one digit over and over, or the digits in a row."""
    if country_code == 1 and len(national) == 10 and (national[3:8] == "55501" or national[:3] == "555"):
        return True
    if country_code == 44 and national.startswith(("2079460", "7700900", "1632960")):
        return True
    return len(set(national[-7:])) == 1 or national[-8:] in ("12345678", "23456789", "01234567", "34567890")


def region_of(country: str, tld: str) -> str:
    """Region to read national numbers in: the country the page names, else the one its ccTLD stands for."""
    if country:
        return country
    code = _REGION_OF_TLD.get(tld, tld.upper() if len(tld) == 2 else "")
    return code if code in phonenumbers.SUPPORTED_REGIONS else ""
