"""What a site says about its own age: "since 2009", "founded in", "15 years in business", copyright notices.

A year alone is no claim. A sentence counts when the firm is its subject (we, our, the company, the brand), or
when it is a short line of its own ("Est. 2009") on a page that speaks as a firm; never when a person speaks, and
never on an article, which tells of others. Patterns for each language stand in seeds/pages/history.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from scanner.domains import host_of
from scanner.model import Bound, Date, Observation
from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.domains import registrable
from scanner.observe.page.hints import Hints
from scanner.observe.page.linked import Organisation
from scanner.observe.page.rows import placeholders, row

VALUE_LIMIT = 160  # characters of the statement kept
MOST_CLAIMS = 8  # of one name on one page
_MOST_NUMBERS = 400  # years and counts looked at on one page
_SHORT = 6  # words of a line that can stand by itself
_EARLIEST = 1800
_MOST_YEARS = 150

# All begin with a character class and look back last: a pattern that begins by looking back is tried everywhere.
_YEAR = re.compile(r"[12][089]\d\d(?<![\d.,/€$£-]\d{4})(?![\d/]|[.,]\d|-\d\d-)")
_COUNT = re.compile(  # the first look ahead lets most numbers go at one letter
    r"\d\d?\d?(?=\s?[+pyjalлг年多余餘년])"
    r"(?=\s?(?:\+|plus\b|years?\b|jahre|ans?\b|años|anos|anni|jaar|lat\b|лет|год|年|多年|余年|餘年|년))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(
    r"[.!?。！？\n|•](?:(?<=[。！？\n|•])|(?<=[a-zа-яß0-9)\"'”’].)(?=\s+[\"“'(]?[A-ZÀ-ÞА-ЯЁ]))"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero janeiro gennaio januari",
            "february feb februar février febrero fevereiro febbraio februari",
            "march mar märz mars marzo março maart",
            "april apr avril abril aprile",
            "may mai mayo maio maggio mei",
            "june jun juni juin junio junho giugno",
            "july jul juli juillet julio julho luglio",
            "august aug août agosto augustus",
            "september sep sept septembre septiembre setembro settembre",
            "october oct oktober okt octobre octubre outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec dezember décembre diciembre dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "(?:(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?,?\s+(?:of\s+|de\s+)?)?"
_ARTICLE_PATH = re.compile(
    r"/(?:blog|news|article|articles|post|posts|press|stories|story|magazine|aktuelles|noticias|actualites|"
    r"careers?|jobs?|19\d\d|20\d\d)(?:/|-|\Z)"
)
_CV = re.compile(
    r"\b(?:curriculum vitae|résumé|resume|work experience|employment history|lebenslauf|berufserfahrung|"
    r"about me|hire me|my (?:work|projects|skills|name is)|i'm an? |i am an? |download cv)\b"
)
_I = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|My|my|me|ich|mein|meine)\b")
_WE = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|us|We're|We’re|[Ww]ir|[Uu]nser\w*|[Nn]ous|[Nn]otre|[Nn]os|[Nn]uestr\w+|[Nn]oss\w+)\b"
)
_RECENT = re.compile(r"[12][90]\d\d")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|all rights reserved|alle rechte vorbehalten)[^\n]{0,80}?(?<!\d)"
    r"((?:19[89]|20\d)\d)(?!\d)(?:\s*(?:-|–|—|to|bis)\s*((?:19[89]|20\d)\d|present|today|heute|now)(?!\d))?",
    re.IGNORECASE,
)
_COPYRIGHT_AFTER = re.compile(
    r"(?<!\d)((?:19[89]|20\d)\d)(?!\d)(?:\s*(?:-|–|—)\s*((?:19[89]|20\d)\d)(?!\d))?"
    r"[^\n]{0,40}?(?:©|all rights reserved)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    since: tuple[re.Pattern[str], ...]
    founded: tuple[re.Pattern[str], ...]
    years: tuple[re.Pattern[str], ...]
    hints: Hints  # words of which every statement with a year has one
    firm: re.Pattern[str]
    person: re.Pattern[str]
    other: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks on a page: whether a person does, whether it tells of others, the brand, the lines that stand out."""

    person: bool
    article: bool
    brand: re.Pattern[str] | None
    prominent: frozenset[str]  # headings, first and footer lines


@cache
def _patterns() -> _Patterns:
    data = seeds.load("history")

    def every(name: str, **places: str) -> tuple[re.Pattern[str], ...]:
        texts = [str(text) for text in data[name]]
        for place, pattern in places.items():
            texts = [text.replace("{" + place + "}", pattern) for text in texts]
        # A second {M} in one pattern would name the group twice; only the first is read.
        return tuple(re.compile(_once(text), re.IGNORECASE) for text in texts)

    def one(name: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{text})" for text in data[name]), re.IGNORECASE)

    year = r"(?P<year>1[89]\d\d|20\d\d)(?!\d)"
    return _Patterns(
        since=every("since", M=_MONTH, Y=year),
        founded=every("founded", M=_MONTH, Y=year),
        years=every("years", N=r"(?<!\d)(?P<count>\d{1,3})"),
        hints=Hints(str(word) for word in data["triggers"]),
        firm=one("firm"),
        person=one("person"),
        other=one("other"),
    )


def _once(pattern: str) -> str:
    for name in ("month", "year", "count"):
        head, mark, tail = pattern.partition(f"(?P<{name}>")
        pattern = head + mark + tail.replace(f"(?P<{name}>", "(?:")
    return pattern


def history(page: Document, organisations: list[Organisation]) -> list[Observation]:
    """Claims of age on this page, each with the words that make it."""
    rows = _stated(page, organisations)
    rows += _copyright(page)
    return rows + _claims(page, organisations)


def _claims(page: Document, organisations: list[Organisation]) -> list[Observation]:
    rows: dict[tuple[str, str], Observation] = {}
    voices: list[_Voice] = []

    def voice() -> _Voice:  # most pages have nothing to ask it about
        if not voices:
            voices.append(_voice(page, organisations))
        return voices[0]

    patterns = _patterns()
    triggers = patterns.hints.present(page)
    for sentence, short in _sentences(page.text, _YEAR) if triggers else ():
        low = sentence.lower()
        if not any(trigger in low for trigger in triggers):
            continue
        for name, group in (("founded", patterns.founded), ("since", patterns.since)):
            found = next((match for pattern in group if (match := pattern.search(sentence))), None)
            if found is None:
                continue
            date = _date(found, page.year)
            if date is not None and _of_the_firm(sentence, found, short, voice()):
                claim = row(page, "history", name, _shown(sentence, found), starts=date)
                rows.setdefault((name, date.text), claim)
            break
    for sentence, short in _sentences(page.text, _COUNT):
        found = next((match for pattern in patterns.years if (match := pattern.search(sentence))), None)
        if found is None:
            continue
        count = int(found.group("count"))
        if 2 <= count <= _MOST_YEARS and _of_the_firm(sentence, found, short, voice()):
            date = Date(str(page.year - count))
            claim = row(
                page, "history", "years_in_business", _shown(sentence, found), date, bound=Bound.NOT_AFTER
            )
            rows.setdefault(("years_in_business", date.text), claim)
    kept: list[Observation] = []
    for name in ("founded", "since", "years_in_business"):
        kept += [claim for claim in rows.values() if claim.name == name][:MOST_CLAIMS]
    return kept


def _sentences(text: str, number: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """The sentences round each number, and whether the sentence is a short line of its own.

    A short line that is only a number or a label is read with its neighbour: tables and counters put "Founded"
    and "2009", or "15+" and "years of experience", into boxes of their own.
    """
    last_end = -1
    for index, match in enumerate(number.finditer(text)):
        if index >= _MOST_NUMBERS:
            return
        if match.start() < last_end or (text[max(0, match.start() - 1)] in "0123456789.," and match.start()):
            continue
        start, end = max(0, match.start() - 200), min(len(text), match.end() + 200)
        left = start
        for stop in _SENTENCE_END.finditer(text, start, match.start()):
            left = stop.end()
        right_match = _SENTENCE_END.search(text, match.end(), end)
        right = right_match.start() if right_match else end
        sentence = text[left:right].strip()
        line_start = text.rfind("\n", start, match.start()) + 1 or start
        line_end = text.find("\n", match.end(), end)
        line = text[line_start : line_end if line_end >= 0 else end].strip()
        last_end = right
        if len(line.split()) <= 2:
            before = text[max(0, line_start - 60) : max(0, line_start - 1)].rpartition("\n")[2].strip()
            after = text[line_end + 1 : line_end + 61].partition("\n")[0].strip() if line_end >= 0 else ""
            if before and len(before.split()) <= 4:
                yield f"{before} {line}", True
            if after and len(after.split()) <= _SHORT:
                yield f"{line} {after}", True
        yield sentence, len(line.split()) <= _SHORT


def _of_the_firm(sentence: str, found: re.Match[str], short: bool, voice: _Voice) -> bool:
    patterns = _patterns()
    if patterns.other.search(_near(sentence, found)):
        return False
    branded = bool(voice.brand and voice.brand.search(sentence))
    if voice.article:
        return branded and not patterns.person.search(sentence)
    spoken = bool(patterns.firm.search(sentence))
    if patterns.person.search(sentence) and not (spoken and _plural(sentence)):
        return False
    if voice.person:
        return branded and spoken
    if branded or (spoken and not _about_another(sentence, found)):
        return True
    return short and _stands_alone(sentence, found, voice)


def _near(sentence: str, found: re.Match[str]) -> str:
    """The words a date or a count belongs to: those just before it and right behind it. "Founded in" says itself
    what its year is, so nothing beside it can change that."""
    if "year" in found.re.groupindex and found.re in _patterns().founded:
        return ""
    return sentence[max(0, found.start() - 60) : found.end() + 15]


def _stands_alone(sentence: str, found: re.Match[str], voice: _Voice) -> bool:
    """ "Est. 2009", "Founded: 2009"; "Quality since 1998" only as a heading or at the page's top or end."""
    before = sentence[: found.start()].strip(" :–—-·")
    if not before:
        return True
    return "," not in before and " ".join(sentence.split()) in voice.prominent


_LEADING = re.compile(r",?\s*(?P<word>[A-Z][\w&.-]+)(?:\s+[A-Z][\w&.-]+)?\s+(?:has|have|is|was|had)\b")


def _about_another(sentence: str, found: re.Match[str]) -> bool:
    """ "Since 2009, Python has …": a capitalised subject that is not the speaker follows the date."""
    following = _LEADING.match(sentence, found.end())
    return bool(following) and not _WE.match(following.group("word") if following else "")


def _plural(sentence: str) -> bool:
    return bool(_WE.search(sentence)) or not sentence.isascii()


def _voice(page: Document, organisations: list[Organisation]) -> _Voice:
    path = urlsplit(page.url).path.lower()
    article = page.metas.get("og:type", "").lower() == "article" or bool(_ARTICLE_PATH.search(path))
    sample = page.text[:20_000]
    first, plural = len(_I.findall(sample)), len(_WE.findall(sample))
    cv = len(set(_CV.findall(sample.lower())))
    person = (first > plural and first >= 2) or (cv >= 2 and plural <= first + 1)
    prominent = frozenset((*page.headings, *page.lines[:12], *page.footer.split("\n")))
    return _Voice(person, article, _brand(page, organisations), prominent)


def _brand(page: Document, organisations: list[Organisation]) -> re.Pattern[str] | None:
    """The names a firm calls itself by: og:site_name, JSON-LD names, and the label of its domain."""
    names = {page.metas.get("og:site_name", ""), page.metas.get("application-name", "")}
    names |= {organisation.name for organisation in organisations}
    label = registrable(host_of(page.url)).partition(".")[0]
    words = {name.strip() for name in names if 3 <= len(name.strip()) <= 60}
    words = {word for word in words if word.lower() not in placeholders("names")}
    if len(label) >= 4:
        words.add(label)
    if not words:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(words)) + r")(?!\w)", re.I)


def _date(found: re.Match[str], now: int) -> Date | None:
    year = int(found.group("year"))
    if not _EARLIEST <= year <= now:
        return None
    month = found.groupdict().get("month")
    number = _MONTHS.get(month.lower()) if month else None
    return Date(f"{year}-{number:02d}" if number else str(year))


def _shown(sentence: str, found: re.Match[str]) -> str:
    """The statement's words, at most 160 characters around what was recognised."""
    flat = " ".join(sentence.split())
    if len(flat) <= VALUE_LIMIT:
        return flat
    middle = sentence.find(found.group(0))
    start = max(0, min(middle - 40, len(sentence) - VALUE_LIMIT))
    return " ".join(sentence[start : start + VALUE_LIMIT].split())


def _stated(page: Document, organisations: list[Organisation]) -> list[Observation]:
    rows = []
    for organisation in organisations:
        try:
            date = Date(organisation.founded.strip()[:10])
        except ValueError:
            continue
        if _EARLIEST <= date.year <= page.year:
            words = f"foundingDate {organisation.founded} {organisation.name}".strip()
            claim = row(page, "history", "founded", words[:VALUE_LIMIT], date)
            if claim not in rows:
                rows.append(claim)
    return rows[:2]


def _copyright(page: Document) -> list[Observation]:
    """The notices of the page's end: in its footer, else in its last lines; a theme's own notice is none."""
    end = page.footer or "\n".join(page.lines[-25:])[-5000:]
    rows: dict[str, Observation] = {}
    for text in (end, "\n".join(page.lines[-8:])[-2000:]):
        if not _RECENT.search(text):
            continue
        for line in text.split("\n"):
            if not _RECENT.search(line):
                continue
            found = _COPYRIGHT.search(line) or _COPYRIGHT_AFTER.search(line)
            if found is None or any(name in line.lower() for name in placeholders("notices")):
                continue
            first = int(found.group(1))
            last = int(found.group(2)) if (found.group(2) or "").isdigit() else 0
            last = page.year if found.group(2) and not last else last or first
            if 1980 <= first <= last <= page.year + 1:
                notice = _shown(line, found)
                rows.setdefault(
                    notice, row(page, "history", "copyright", notice, Date(str(first)), Date(str(last)))
                )
    return list(rows.values())[:3]
