"""Periods as résumés write them: "2015", "Mar 2015 – present", "03/2015 - 06/2019", "seit März 2015".

A date is kept as precisely as it was written, never more. What can't be read is refused, not guessed:
`03/04/2015` may be March or April, so it becomes "2015".
"""

from __future__ import annotations

import re
import unicodedata

from scanner.intake.months import MONTHS
from scanner.model import Date, Period
from scanner.wording import quoted

MAX_LENGTH = 120

_PRESENT = frozenset(
    word
    for words in (
        "present now current currently today ongoing date heute jetzt aktuell laufend presente hoy actual",
        "actualidad actualmente présent présente aujourd'hui actuel actuelle actuellement oggi attuale",
        "attualmente atual atualmente hoje heden nu obecnie настоящее сейчас 現在 现在 至今 今 현재",
        "теперішній зараз дотепер сьогодні halen günümüz günümüze nuvarande idag pågående nuværende nåværende",
        "současnost dosud jelenleg jelenlegi prezent sekarang saat-ini nykyinen nyt 目前 재직중 재직 在職中",
        "auj act akt pres curr nadal σήμερα παρόν досега настояще danas súčasnosť sedaj actualitat maintenant",
        "adesso momento nå nútíð praegu tagad dabar trenutno nykyhetki нині досі тепер present-day sürüyor "
        "halihazırda şimdi edelleen jatkuu mostanáig folyamatban zurzeit derzeit andauernd gegenwart "
        "gegenwärtig laufend bugün súčasnosti současnosti aktualnie dziś tegenwoordig momenteel "
        "teraz løpende igangværende nuvarande pågår الآن الان حاليا היום כיום ปัจจุบัน nay",
    )
    for word in words.split()
)
_PRESENT_PHRASES = (
    "to date", "till date", "till now", "until now", "til now", "up to now", "so far", "bis heute",
    "bis dato", "bis jetzt", "à ce jour", "ce jour", "la fecha", "à data", "a la fecha", "hasta la fecha",
    "по настоящее время", "настоящее время", "наст. время", "н.в", "н. в", "по теперішній час", "теперішній час",
    "do chwili obecnej", "do dziś", "do teraz", "til nu", "til i dag", "till idag", "devam ediyor",
    "in corso", "en cours", "en curso", "a oggi", "ad oggi", "až dosud", "saat ini", "재직 중",
    "en la actualidad", "en actualidad", "la actualidad", "o momento", "the present", "present day", "do současnosti",
    "do súčasnosti", "tähän päivään", "toistaiseksi", "şu an", "şu anda", "hâlen", "bis zum heutigen tag", "hiện tại",
    "hiện nay", "حتى الآن", "по сей день", "по сьогодні", "по теперь", "по наст. время", "по н.в", "по н. в",
    "in prezent", "în prezent",
)  # fmt: skip
_SINCE = (
    "since ",
    "seit ",
    "depuis ",
    "desde ",
    "dal ",
    "dall'",
    "sinds ",
    "sedan ",
    "siden ",
    "з ",
)  # and it goes on
_FROM = ("from ", "as of ", "starting ", "ab ", "da ", "od ", "с ")  # how it ended is not said
_TO = re.compile(
    r"\s+(?:-{1,3}|to|until|till|til|through|thru|bis|à|au|a|al|hasta|até|tot|do|по|до|till|til|alla|an|ila|~|/|から)\s+"
    r"|\s+-(?=\S)|\s*(?:–|—|―|→|->|~|〜|～|\.\.+)\s*",
)
_DASHES = "-–—―"
_YEAR = r"(?:19|20)\d\d"


PRESENT = (*_PRESENT, *_PRESENT_PHRASES)
"""Words for "still going on", lower-case."""


def read_period(text: str) -> Period:
    """The period a text states.

    >>> str(read_period("Mar 2015 – present")), str(read_period("2015–19"))
    ('2015-03 to present', '2015 to 2019')
    >>> read_period("2015")
    Period(starts=Date(text='2015'), ends=Date(text='2015'), ongoing=False)

    A single date is a period of that length. Empty text is an empty period. Raises ValueError, one line.
    """
    clean = _clean(text)
    if not clean:
        return Period()
    word = next((word for word in (*_SINCE, *_FROM) if clean.startswith(word)), "")
    first, last = _sides(clean[len(word) :].strip(), text)
    if last is not None:
        return period_of(first, last, text)
    day = _date(first, text)
    return Period(day, None, word in _SINCE) if word else Period(day, day)


def period_of(starts: str, ends: str, text: str = "") -> Period:
    """The period from two separate fields; `ends` may be "present". Empty means not stated.

    Raises ValueError for what can't be read, and where it ends before it starts.
    """
    shown = text or f"{starts} to {ends}".strip()
    first, last = _clean(starts), _clean(ends)
    if is_present(first):
        raise ValueError(f"{quoted(shown)}: starts in the present; give the year it started")
    ongoing = is_present(last)
    begin = _date(first, shown) if first else None
    end = _date(last, shown) if last and not ongoing else None
    if begin and end and end.surely_before(begin):
        raise ValueError(f"{quoted(shown)}: ends before it starts")
    return Period(begin, end, ongoing)


def is_present(text: str) -> bool:
    """Whether the words mean "still going on", in one of the languages known here."""
    clean = _clean(text).strip(".")
    return clean in _PRESENT or clean in _PRESENT_PHRASES


def _clean(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{quoted(text)}: {len(text)} characters are no period; write YYYY-MM to YYYY-MM")
    plain = (
        unicodedata.normalize("NFKC", text)
        .replace("\u2019", "'")
        .replace("\u2010", "-")
        .replace("\u2011", "-")
        .replace("\u2212", "-")
    )
    plain = " ".join(plain.lower().split())
    return plain.strip(" ()[],;").removesuffix(".")


def _sides(clean: str, text: str) -> tuple[str, str | None]:
    """(start, end), end None where only one date stands there."""
    for phrase in _PRESENT_PHRASES:
        if clean.endswith(phrase):
            return clean[: -len(phrase)].strip(" -–—"), "present"
    if clean.strip(_DASHES) != clean:  # "2015 –": one side is left open
        only = clean.strip(_DASHES + " ")
        return (only, "") if clean.endswith(tuple(_DASHES)) else ("", only)
    parts = [part.strip() for part in _TO.split(clean)]
    if len(parts) == 1:
        parts = _hyphens(clean)
    if len(parts) > 2:
        raise ValueError(f"{quoted(text)}: more than two dates; write YYYY-MM to YYYY-MM")
    if len(parts) == 1:
        return parts[0], None
    return _with_year(parts[0], parts[1])


def _hyphens(clean: str) -> list[str]:
    """Split at a tight hyphen, where it can't belong to a date: "2015-19", "mar 2015-jun 2016"."""
    found = re.fullmatch(rf"({_YEAR})-({_YEAR}|\d\d)", clean)
    if found and (len(found[2]) == 4 or int(found[2]) > 12):
        return [found[1], found[2] if len(found[2]) == 4 else _century(found[1], found[2])]
    found = re.fullmatch(rf"({_YEAR}-\d\d(?:-\d\d)?)-({_YEAR}-\d\d(?:-\d\d)?)", clean)
    if found:
        return [found[1], found[2]]
    found = re.fullmatch(rf"(.*?{_YEAR}|\d{{4}}-\d\d)-([^\d-].*|\d{{1,2}}[/.].*)", clean)
    return [found[1].strip(), found[2].strip()] if found else [clean]


def _century(first: str, short: str) -> str:
    """ "19" after 2015 is 2019; after 1998, "02" is 2002."""
    year = int(first[:2] + short)
    return str(year if year >= int(first) else year + 100)


def _with_year(first: str, last: str) -> tuple[str, str]:
    """Give each side the year the other states: "Mar – Jun 2015", "2015 – 19"."""
    year = re.search(_YEAR, last)
    if year and first.strip(".") in MONTHS:
        return f"{first} {year[0]}", last
    begun = re.fullmatch(_YEAR, first)
    if begun and re.fullmatch(r"'?\d\d", last):
        return first, _century(first, last.strip("'"))
    return first, last


def _date(clean: str, text: str) -> Date:
    """One date. Raises ValueError."""
    for pattern, shape in _SHAPES:
        found = pattern.fullmatch(clean)
        if found:
            return _made(shape, found, text)
    raise ValueError(
        f"{quoted(text)}: not a period; write YYYY, YYYY-MM or YYYY-MM-DD, `present` for the end"
    )


_PART = "q[1-4]|[1-4]q|spring|summer|autumn|fall|winter|early|mid|late"
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?P<y>{_YEAR})"), "y"),
    (re.compile(rf"(?:{_PART})[-\s]+(?P<y>{_YEAR})"), "y"),
    (re.compile(rf"(?P<y>{_YEAR})[-/.](?P<m>\d{{1,2}})"), "ym"),
    (re.compile(rf"(?P<y>{_YEAR})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:[t ].*)?"), "ymd"),
    (re.compile(rf"(?P<m>\d{{1,2}})\s?[-/.]\s?(?P<y>{_YEAR})"), "ym"),
    (re.compile(rf"(?P<a>\d{{1,2}})[-/.]\s?(?P<b>\d{{1,2}})[-/.]\s?(?P<y>{_YEAR})"), "ab"),
    (re.compile(rf"(?P<n>[^\W\d]+)\.?,?\s?(?:de |of |del |')?(?P<y>{_YEAR})"), "ny"),
    (re.compile(r"(?P<n>[^\W\d]+)\.?\s?'(?P<y>\d\d)"), "ny"),
    (re.compile(rf"(?P<y>{_YEAR}),?\s(?P<n>[^\W\d]+)\.?"), "ny"),
    (re.compile(rf"(?P<n>[^\W\d]+)\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>{_YEAR})"), "nyd"),
    (
        re.compile(
            rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s(?:de |of )?(?P<n>[^\W\d]+)"
            rf"\.?,?\s(?:de |of )?(?P<y>{_YEAR})"
        ),
        "nyd",
    ),
    (re.compile(rf"(?P<y>{_YEAR})\s?[年년]"), "y"),
    (re.compile(rf"(?P<y>{_YEAR})\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]"), "ym"),
    (re.compile(rf"(?P<y>{_YEAR})\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]"), "ymd"),
)  # fmt: skip


def _made(shape: str, found: re.Match[str], text: str) -> Date:
    parts = found.groupdict()
    if any(parts.get(key) in ("0", "00") for key in "md"):
        raise ValueError(f"{quoted(text)}: there is no such date; write YYYY-MM-DD")
    year = parts["y"] if len(parts["y"]) == 4 else ("20" if parts["y"] < "50" else "19") + parts["y"]
    try:
        if shape == "y":
            return Date(year)
        if shape == "ym":
            return Date(f"{year}-{int(parts['m']):02}")
        if shape == "ymd":
            return Date(f"{year}-{int(parts['m']):02}-{int(parts['d']):02}")
        if shape == "ab":
            return _either_order(year, int(parts["a"]), int(parts["b"]))
        month = MONTHS[parts["n"]]
        return Date(f"{year}-{month:02}" if shape == "ny" else f"{year}-{month:02}-{int(parts['d']):02}")
    except KeyError:
        raise ValueError(
            f"{quoted(text)}: {parts['n'][:20]!r} is no month known here; write YYYY-MM"
        ) from None
    except ValueError:
        raise ValueError(f"{quoted(text)}: there is no such date; write YYYY-MM-DD") from None


def _either_order(year: str, first: int, second: int) -> Date:
    """Day and month in an order only the writer knows: what is certain is kept."""
    if first > 12 >= second or first == second:
        return Date(f"{year}-{second:02}-{first:02}")
    if second > 12 >= first:
        return Date(f"{year}-{first:02}-{second:02}")
    if max(first, second) > 12 or min(first, second) < 1:
        raise ValueError
    return Date(year)
