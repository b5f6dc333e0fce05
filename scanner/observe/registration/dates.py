"""Registries' dates, as precisely as they are written.

A time of day counts only with its zone (written beside it, or documented for the registry); without one the
day stands as recorded. Values no registration can have (1970-01-01, 2999) are placeholders and dropped.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from scanner.model import Date, Precision

FIRST_YEAR = 1985  # the DNS has no registrations before
LAST_YEAR = 2090  # later ones are "never" (2097, 2999, 9999)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar enero ene janvier gennaio janeiro ocak ian",
            "feb february februar febrero fevrier febbraio fevereiro fev subat",
            "mar march marz maerz marzo mars marco mart",
            "apr april abril abr avril aprile nisan avr",
            "may mai mayo maggio maio mayis",
            "jun june juni junio juin giugno junho haziran",
            "jul july juli julio juillet luglio julho temmuz",
            "aug august agosto ago aout agustos",
            "sep sept september septiembre septembre settembre setembro set eylul",
            "oct october oktober octubre octobre ottobre outubro out ekim okt",
            "nov november noviembre novembre novembro kasim",
            "dec december dezember diciembre decembre dicembre dezembro dic dez aralik",
        ),
        start=1,
    )
    for name in names.split()
}

# Hours east of UTC. Letters shared by several zones (CST, IST) are left out unless the registry settles them.
_ZONES = {
    "utc": 0.0, "gmt": 0.0, "z": 0.0, "wet": 0.0, "cet": 1.0, "wat": 1.0, "bst": 1.0, "met": 1.0, "cest": 2.0,
    "eet": 2.0, "cat": 2.0, "sast": 2.0, "eest": 3.0, "msk": 3.0, "eat": 3.0, "msd": 4.0, "gst": 4.0,
    "uzt": 5.0, "ict": 7.0, "hkt": 8.0, "sgt": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0,
    "nzst": 12.0, "nzdt": 13.0, "art": -3.0, "brt": -3.0, "clst": -3.0, "clt": -4.0, "ast": -4.0,
    "edt": -4.0, "est": -5.0, "cdt": -5.0, "mdt": -6.0, "mst": -7.0, "pdt": -7.0, "pst": -8.0,
}  # fmt: skip

# Registries that write local times without a zone, by their own documentation.
_LOCAL = {"cn": 8.0, "xn--fiqs8s": 8.0, "xn--fiqz9s": 8.0, "jp": 9.0, "kr": 9.0}

_MONTH_FIRST = {"com", "net", "org", "info", "biz", "us", "name", "pro", "aero", "tk"}
"""Where an ambiguous 04/06/2003 is more likely April (registrars in the United States); elsewhere June."""

_SPACE = re.compile(r"[\s,]+")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)\.?")
_ISO_SPACED = re.compile(r"(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?(Z)?(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]{1,2}([a-z]{3,10})[-/., ]{1,2}(\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(
    r"([a-z]{3,10})[-. ]{1,2}(\d{1,2})(?:st|nd|rd|th)?,?[- ](?:(.{8,20}?) )?(\d{4})(?!\d)"
)
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[-/. ]([a-z]{3,10})[-/. ](\d{1,2})(?!\d)")
_MONTH_YEAR = re.compile(r"([a-z]{3,10})[-/. ](\d{4})(?!\d)")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_YEAR = re.compile(r"(\d{4})\Z")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_OFFSET = re.compile(r"\(?(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?\)?")
_WEEKDAY = re.compile(r"\A(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s+")


def parse_date(text: str, tld: str = "") -> Date | None:
    """The first date in a field's value, in UTC; None when there is none or it is a placeholder.

    `tld` settles day/month order and local time where the text leaves them open.

    >>> str(parse_date("27-Apr-2001")), str(parse_date("2019/06/01 04:52:02 (JST)", "jp"))
    ('2001-04-27', '2019-05-31T19:52:02Z')
    """
    value = _SPACE.sub(" ", text[:120]).strip().lower()
    value = _WEEKDAY.sub("", value)
    if not value:
        return None
    return _with_epoch(value) or _full(value, tld) or _short(value)


def _with_epoch(value: str) -> Date | None:
    if not (value.isdigit() and len(value) in (10, 13)):
        return None
    seconds = int(value[:10])
    return _moment(datetime.fromtimestamp(seconds, UTC))


def _full(value: str, tld: str) -> Date | None:
    """A calendar day, with a time where a zone is known."""
    for reader in (_iso, _compact, _numeric, _worded):
        found = reader(value, tld)
        if found:
            (year, month, day), rest = found
            return _build(year, month, day, rest, tld)
    return None


_Found = tuple[tuple[int, int, int], str] | None


def _iso(value: str, tld: str) -> _Found:
    match = _ISO.match(value) or _ISO_SPACED.match(value)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    if month > 12 >= day:
        month, day = day, month
    return (year, month, day), value[match.end() :]


def _compact(value: str, tld: str) -> _Found:
    match = _COMPACT.match(value)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    hours, minutes, seconds, zone = match.groups()[3:]
    clock = f" {hours}:{minutes}:{seconds}{' z' if zone else ''}" if hours else ""
    return (year, month, day), clock + value[match.end() :]


def _numeric(value: str, tld: str) -> _Found:
    match = _NUMERIC.match(value)
    if not match:
        return None
    first, second, year = (int(part) for part in match.groups())
    slash = "/" in match.group()
    month_first = second > 12 or (first <= 12 and slash and tld in _MONTH_FIRST)
    month, day = (first, second) if month_first else (second, first)
    return (year, month, day), value[match.end() :]


def _worded(value: str, tld: str) -> _Found:
    match = _DAY_MONTH.match(value)
    if match and match[2] in _MONTHS:
        return (_century(match[3]), _MONTHS[match[2]], int(match[1])), value[match.end() :]
    match = _YEAR_MONTH_DAY.match(value)
    if match and match[2] in _MONTHS:
        return (int(match[1]), _MONTHS[match[2]], int(match[3])), value[match.end() :]
    match = _MONTH_DAY.match(value)
    if match and match[1] in _MONTHS:
        return (int(match[4]), _MONTHS[match[1]], int(match[2])), f" {match[3] or ''} {value[match.end() :]}"
    return None


def _short(value: str) -> Date | None:
    """A month or a year alone."""
    match = _YEAR_MONTH.match(value)
    if match:
        return _checked(match.group(), int(match[1]))
    match = _MONTH_YEAR.match(value)
    if match and match[1] in _MONTHS:
        return _checked(f"{match[2]}-{_MONTHS[match[1]]:02}", int(match[2]))
    match = _YEAR.match(value)
    return _checked(match.group(), int(match[1])) if match else None


def _build(year: int, month: int, day: int, rest: str, tld: str) -> Date | None:
    clock = _CLOCK.search(rest[:40])
    zone = _zone(rest[clock.end() :], tld) if clock else None
    if clock is None or zone is None:
        return _checked(f"{year:04}-{month:02}-{day:02}", year)
    hours, minutes, seconds = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    try:
        moment = datetime(year, month, day, hours, minutes, min(seconds, 59), tzinfo=zone)
    except ValueError:
        return _checked(f"{year:04}-{month:02}-{day:02}", year)
    return _moment(moment)


def _zone(rest: str, tld: str) -> timezone | None:
    """The zone written after a time, else the registry's documented one, else None."""
    rest = rest.strip(" ()[]")
    offset = _OFFSET.match(rest)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return _east(minutes if offset[1] == "+" else -minutes)
    word = re.match(r"[a-z]+", rest)
    if word and word.group() in _ZONES:
        return _east(round(_ZONES[word.group()] * 60))
    return _east(round(_LOCAL[tld] * 60)) if tld in _LOCAL else None


def _east(minutes: int) -> timezone | None:
    return timezone(timedelta(minutes=minutes)) if abs(minutes) <= 14 * 60 else None


def _century(year: str) -> int:
    return int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 85 else 2000)


def _moment(moment: datetime) -> Date | None:
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        return None
    return Date.of(moment, Precision.SECOND)


def _checked(text: str, year: int) -> Date | None:
    if not FIRST_YEAR <= year < LAST_YEAR:
        return None
    try:
        return Date(text)
    except ValueError:
        return None
