"""Periods inside a line of text: where they stand, and what they say. What is one is `scanner.intake.periods`'s to
know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scanner.intake.months import MONTHS
from scanner.intake.periods import PRESENT, period_of
from scanner.model import Period

_SEASONS = "spring|summer|autumn|fall|winter|early|mid|late|q[1-4]"
_SINCE = r"since|seit|ab|depuis|desde|dal|dall['’]|sinds|vanaf|sedan|siden|från|fra|od|з|с|from|от|începând cu|mula"
_ISO = re.compile(r"(?<![\d./-])((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-(\d\d)(?!\d)|(?![\d./-]|年))")
_FORM = re.compile(r"\b(?:AB|OD)\b")  # of a Swedish firm: no "from" in German
_HALF = frozenset(("from", "ab", "с", "з", "od", "от", "fra", "från", "vanaf"))
"""They say when it began, and not whether it goes on."""
_TO = (
    r"-{1,3}|\.{2,3}|…|[–—―‐‑−→~〜～]|->|"
    r"to|until|till|through|thru|bis(?: zum)?|à|au|jusqu['’](?:à|au|en)|a|ad|al|alla|"
    r"fino (?:a|ad|al)|hasta(?: el| la)?|até(?: ao| à| o)?|ao|tot|t/m|(?:aż |až )?do|по|до|"
    r"til|ila|から|부터|至|/"
)
_LEAD = r"(?:(?<![^\W\d_])(?:de |d['’]|du |del |da |dal |dall['’]|from |von |van |vom |od |от |с |з |from |între ))?"


@dataclass(frozen=True, slots=True)
class Span:
    """A period and the characters it stands on. sure: both sides were read, or it says that it goes on. both: two dates
    were written, if only the same one twice ("Jan 2016 – Jan 2016")."""

    start: int
    end: int
    period: Period
    sure: bool = True
    both: bool = False


def find(text: str) -> list[Span]:
    """All periods of a line, in order. A single date (a graduation, a certificate) is one with the same start and
    end.

    >>> [str(span.period) for span in find("Acme GmbH, Köln   03/2015 - heute")]
    ['2015-03 to present']
    >>> [str(span.period) for span in find("Lead Engineer (Mar – Jun 2015), before that 2012–14")]
    ['2015-03 to 2015-06', '2012 to 2014']
    """
    spans: list[Span] = []
    text = _ISO.sub(_dotted, _FORM.sub("  ", text.replace("’", "'")))
    for found in _pattern().finditer(text.lower() if len(text.lower()) == len(text) else text):
        word = found["word"] and text[found.start("word")]
        if word and not word.islower():  # a name: "2015 – Bremen"
            found = _pattern().match(text.lower()[: found.end("only")], found.start()) or found
        span = _span(found)
        if span is not None:
            spans.append(span)
    return spans


def _dotted(found: re.Match[str]) -> str:
    """2020-10 as 2020.10, for it is no range of years; 2008-12 and 1998-02 may be one."""
    year, month, day = found.groups()
    if day:
        return f"{year}.{month}.{day}"
    return f"{year}.{month}" if year[:2] == "20" and month < year[2:] else found[0]


def is_range(span: Span) -> bool:
    """Whether it has two sides, rather than being one date."""
    period = span.period
    return span.both or period.ongoing or period.starts != period.ends


def _span(found: re.Match[str]) -> Span | None:
    parts = found.groupdict()
    first = parts["only"] or parts["first"] or parts["month"] or _long(parts["early"]) or ""
    last = parts["last"] or parts["until"] or _long(parts["late"]) or ""
    sure, both = True, bool(last or parts["short"])
    if parts["month"]:
        year = re.findall(r"(?:19|20)\d\d", last)
        first = f"{first.strip(' .')} {year[-1]}" if year else first
    elif parts["short"]:
        year = re.findall(r"(?:19|20)\d\d", first)[-1]
        last = str(int(year[:2] + parts["short"]) + (100 if parts["short"] < year[2:] else 0))
    if parts["present"] or parts["now"] or parts["still"]:
        last = "present"
    elif not last and parts["since"]:
        goes_on = parts["since"].strip() not in _HALF
        last, sure = "present" if goes_on else "", goes_on
    elif not last and parts["open"]:
        last = "present"
        sure = False
    elif not last:
        last = first
    try:
        return Span(found.start(), found.end(), period_of(_plain(first), _plain(last)), sure, both)
    except ValueError:
        return None


def _long(date: str | None) -> str:
    """ "03/15" is 03/2015."""
    if not date:
        return ""
    month, year = date.split("/")
    return f"{month}/{'20' if year < '50' else '19'}{year}"


def _plain(date: str) -> str:
    """A date as `periods` reads it: "2015. március" without its full stop, "fev/2015" with a space."""
    text = re.sub(r"^((?:19|20)\d\d)\.\s+(?=[^\W\d])", r"\1 ", date.strip())
    text = re.sub(r"(?<=[^\W\d_])\.?\s?[/-]\s?(?=(?:19|20)\d\d$)", " ", text)
    text = re.sub(r"\s*([-/.])\s*(?=\d)", r"\1", text)
    if dotted := re.fullmatch(
        r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text
    ):  # with full stops, the day always comes first
        return f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}"
    text = re.sub(r"([月日월일년年])\s+", r"\1", text)
    return re.sub(rf"^(?:{_SEASONS})\s+(?=\d)", "", text.strip(" ."))


@cache
def _pattern() -> re.Pattern[str]:
    year = r"(?<!\d)(?:19|20)\d\d(?!\d)"
    names = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
    month = rf"(?<![^\W\d_])(?:{names})(?![^\W\d_])"
    date = (
        rf"(?:{year}\s?[年년]\s?\d{{1,2}}\s?[月월](?:\s?\d{{1,2}}\s?[日일])?"
        rf"|{year}\s?[年년]"
        rf"|(?:(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s(?:de\s)?)?{month}(?:\.?,?\s?(?:(?:de|of|del)\s)?|\.?\s?[/-]\s?){year}"
        rf"|{month}\.?\s(?:\d{{1,2}}),?\s{year}"
        rf"|{month}\.?\s?['’]\d\d(?!\d)"
        rf"|{year}[.,]?\s{month}"
        rf"|(?<![\d.])\d{{1,2}}\.\s?\d{{1,2}}\.\s?{year}"
        rf"|(?<![\d/])\d{{1,2}}/\d{{1,2}}/{year}"
        rf"|{year}[-/.]\d{{2}}(?:[-/.]\d{{2}})?(?!\d)"
        rf"|(?<!\d)(?:0?[1-9]|1[0-2])\s?[-/.]\s?{year}"
        rf"|(?:(?:{_SEASONS})\s)?{year})"
    )
    present = "|".join(sorted(map(re.escape, PRESENT), key=len, reverse=True)).replace(r"\ ", r"\s")
    present = rf"(?:the |l['’]|la |dem |der |zum )?(?<![^\W\d_])(?:{present})(?![^\W\d_])"
    short = r"(?<!\d)['’]?(?P<short>\d\d)(?![\d./年년-])"
    few = r"(?<![\d/.])(?:0[1-9]|1[0-2])/\d\d(?![\d/.])"  # month and year; both sides of a range, or it could be a day
    word = r"[^\W\d_]{3,14}(?=\s*(?:$|[)\]|\t]))"  # what stands for "present" in a language not known here
    begin = rf"(?:(?<![^\W\d_])(?P<since>{_SINCE})\s?)?{_LEAD}"
    to = rf"\.?\s?г?\.?,?\s*(?:{_TO})\s*{_LEAD}"
    return re.compile(
        rf"{begin}(?:"
        rf"(?P<month>{month}\.?)\s*(?:{_TO})\s*(?P<until>{month}\.?\s?,?\s?(?:de\s)?{year})"
        rf"|(?P<first>{date})(?:{to}(?:(?P<last>{date})|(?P<present>{present})|{short})|\s?(?P<now>至今))"
        rf"|(?P<early>{few})\s*(?:{_TO})\s*(?:(?P<late>{few})|(?P<still>{present}))"
        rf"|(?P<only>{date})(?P<open>\s*(?:[–—-]|〜|~)(?:\s+(?P<word>{word}))?(?=\s*(?:$|[)\]|,\t])))?)",
        re.IGNORECASE,
    )
