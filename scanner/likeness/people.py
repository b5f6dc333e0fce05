"""Slots of a text in which a person, a place or an address stands; found by what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache

from scanner.likeness import seeds

_UPPER = (
    "[A-Z\u00c0-\u00de\u0100\u010c\u0118\u0130\u0141\u015a\u0160\u0179\u017b\u017d\u0391-\u03a9\u0400-\u042f]"
)
_PART = rf"{_UPPER}[^\W\d_]{{0,24}}(?:['-]{_UPPER}[^\W\d_]{{1,20}})?\.?"
_PERSON = rf"{_PART}(?:\s(?:(?:van|von|de|da|del|bin|al|der|den|la)\s){{0,2}}{_PART}){{1,3}}"
_GAP = r"\s{0,3}[,|/(–—:-]{1,2}\s{0,3}"


@cache
def _role() -> str:
    roles = sorted(seeds.words("words", "roles"), key=lambda role: -len(role))
    return "(?:" + "|".join(map(re.escape, roles)) + r")s?\b"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    role = rf"(?:(?i:[^\W\d_]{{1,20}}[\s&/-]{{1,3}}){{0,4}}(?i:{_role()}))"
    return (
        re.compile(rf"(?<![\w])(?P<name>{_PERSON})(?={_GAP}{role})"),
        re.compile(rf"\b(?i:{_role()}){_GAP}(?P<name>{_PERSON})(?!\w)"),
        re.compile(rf"\b(?i:{_role()})\s(?P<name>{_PERSON})(?!\w)"),
        re.compile(
            rf"\b(?:[Ff]ounded|[Ll]ed|[Cc]reated|[Rr]un|[Oo]wned)(?:\sin\s\d{{4}})?\sby\s(?P<name>{_PERSON})(?!\w)"
        ),
        re.compile(rf"\b(?:Mr|Mrs|Ms|Dr|Prof)\.?\s(?P<name>{_PART}(?:\s{_PART}){{0,2}})(?!\w)"),
        re.compile(rf"[–—]\s{{0,2}}(?P<name>{_PERSON})(?=\s{{0,3}}[,(\n]|\s{{0,3}}\Z)"),
    )


@cache
def _employer() -> re.Pattern[str]:
    """ "CEO of Globex Inc" after a name: the firm is edited with the person."""
    firm = rf"(?P<firm>{_UPPER}[\w&.'-]{{0,30}}(?:\s{_UPPER}[\w&.'-]{{0,30}}){{0,4}})"
    field = r"(?:\sof\s[\w&]{1,20}(?:\s[\w&]{1,20}){0,2}?)?"  # "Head of Product"
    link = rf"(?:{field}(?:,\s|\s(?:at|@|bei|chez|en)\s|\s{{0,2}}[|@–—-]\s)|\s(?:of|de)\s)"
    return re.compile(
        rf"(?<=\ue001)(?P<gap>{_GAP}(?:(?i:[^\W\d_]{{1,20}}[\s&/-]{{1,3}}){{0,4}}(?i:{_role()})){link}){firm}"
    )


TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof"})


def mask(text: str, stand_in: str, said: AbstractSet[str]) -> str:
    """`text` with persons in known slots replaced by `stand_in` (one private-use character).

    said: which of the roles, TITLES and "by" stand among its words, folded; slots of others are not looked for.
    """
    by_role, after_role, role_alone, by, title, dash = _patterns()
    patterns = [by_role, after_role, role_alone] if said - TITLES - {"by"} else []
    patterns += [by] if "by" in said else []
    patterns += [title] if said & TITLES else []
    patterns += [dash] if "–" in text or "—" in text else []
    for pattern in patterns:
        text = pattern.sub(lambda match: _unless_plain(match, stand_in), text)
    if stand_in in text:
        text = _employer().sub(lambda match: match.group("gap") + stand_in, text)
    return text


def _unless_plain(match: re.Match[str], stand_in: str) -> str:
    """The match with its name replaced; as it is when the "name" is made of ordinary words or roles."""
    name = match.group("name")
    if not can_be_person(name):
        return match.group()
    start = match.start("name") - match.start()
    return match.group()[:start] + stand_in + match.group()[start + len(name) :]


def can_be_person(name: str) -> bool:
    """Two to four capitalised words, none of them an ordinary word or a role."""
    words = [word.strip(".").casefold() for word in name.split()]
    ordinary = (
        seeds.words("words", "plain")
        | seeds.words("words", "roles")
        | seeds.words("words", "endings")
        | {"united", "states", "kingdom"}
    )
    return bool(words) and not any(word in ordinary for word in words)


_WHOLE = re.compile(rf"{_PERSON}\Z")
_ROLE_LINE_WORDS = 8


def is_person(text: str) -> bool:
    """Whether a text is a name and nothing else, as far as its writing shows."""
    return bool(_WHOLE.match(text)) and can_be_person(text)


def people_in(passages: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Names of team cards and testimonials: a short passage that is a name, followed by a short one with a role.

    passages: (kind, text) in the order of the page.
    """
    found: dict[str, None] = {}
    before = ""
    roles = seeds.words("words", "roles")
    for _, text in passages:
        words = text.split()
        if before and len(words) <= _ROLE_LINE_WORDS:
            folded = {word.strip(",.()/|-").casefold() for word in words}
            if not roles.isdisjoint(folded):
                found[before] = None
        before = text if 2 <= len(words) <= 4 and is_person(text) else ""
    return tuple(found)


# --- places and addresses -----------------------------------------------------------------------------------------

_CAPITAL = rf"{_UPPER}[^\W\d_]{{1,24}}(?:[-'.][^\W\d_]{{1,20}}){{0,2}}"
_SEAT = re.compile(
    rf"\b(?P<lead>(?:[Bb]ased|[Ll]ocated|[Hh]eadquartered|[Ss]ituated|[Rr]egistered|[Oo]ffices?|[Hh]eadquarters|[Aa]nsässig)\s(?:out\sof|in|from|at)\s"
    rf"(?:the\s)?)(?P<place>{_CAPITAL}(?:(?:,\s?|\s){_CAPITAL}){{0,3}})"
)
_SEAT_HINT = re.compile(
    r"(?:ased|ocated|quartered|ituated|egistered|ffices?|quarters|nsässig) (?:out of|in|from|at) "
)
_BEFORE_PLACE = frozenset(
    {"our", "the", "a", "an", "we", "this", "these", "any", "all", "from", "by", "with", "for", "as"}
)
_BASED = re.compile(rf"(?<![\w-])(?P<place>{_CAPITAL}(?:\s{_CAPITAL})?)(?=[-‐‑– ]based\b)")
_CODE = re.compile(r"(?<![\w.])(?:U\.\s?S\.(?:\s?A\.)?|U\.\s?K\.|U\.\s?A\.\s?E\.|USA|UAE|UK)(?!\w)")
_US = re.compile(r"(?<![\w'-])(?:US|EU)(?![\w'])")
_CAPITALS = re.compile(r"[A-Z]{2,}[^\w]{1,3}\Z")


def mask_places(text: str, stand_in: str) -> str:
    """ "based in X", "X-based" and codes of countries that only their case tells from words."""
    if "based" in text:
        text = _BASED.sub(lambda match: _place_or_thing(match, stand_in), text)
    if _SEAT_HINT.search(text):
        text = _SEAT.sub(lambda match: match.group("lead") + stand_in, text)
    if "U" in text:
        text = _US.sub(lambda match: _code_or_word(match, stand_in), _CODE.sub(stand_in, text))
    return text


def _code_or_word(match: re.Match[str], stand_in: str) -> str:
    """The US, or the "us" of a line in capitals."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    return match.group() if _CAPITALS.search(before) else stand_in


def _place_or_thing(match: re.Match[str], stand_in: str) -> str:
    words = match.group("place").split()
    lead = words[0] + " " if len(words) > 1 and words[0].casefold() in _BEFORE_PLACE else ""
    place = match.group("place")[len(lead) :].casefold()
    if place.split()[-1] in seeds.words("words", "not_places"):
        return match.group()
    before = lead or match.string[max(0, match.start() - 2) : match.start()].strip()
    known = not seeds.place_names().isdisjoint((place, place.split()[-1]))
    return lead + stand_in if known or (before and before[-1] not in ".!?:") else match.group()


_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|Square|Sq|Parkway|Pkwy|Highway|Hwy|Terrace|Close|"
    r"Crescent|Row|Broadway|Nagar|Marg)"
)
_TAIL = (
    r"(?:,?\s(?:(?:Suite|Ste|Floor|Fl|Unit|Apt|Room|#)\.?\s?[\w-]{1,8}"
    rf"|{_UPPER}[\w.'-]{{0,24}}|\d[\w-]{{0,9}}|\ue006)){{0,8}}"
)
_ADDRESSES = (
    re.compile(
        rf"(?<![\w.])\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,5}})?,?\s(?:{_UPPER}[\w.'-]{{0,24}}\s|\d{{1,3}}(?:st|nd|rd|th)\s){{1,4}}{_STREET}\b\.?{_TAIL}"
    ),
    re.compile(
        rf"(?<!\w){_UPPER}[^\W\d_]{{1,40}}(?:str\.|straße|strasse|gasse|weg|allee|platz|damm|ufer|laan|straat|plein)\s\d{{1,4}}\s?[a-z]?\b{_TAIL}"
    ),
    re.compile(
        rf"(?<!\w)(?:[Uu]l\.|[Rr]ue|[Vv]ia|[Cc]alle|[Rr]ua|[Aa]venida|ul|vul\.)\s(?:(?:de|du|la|del|da|dos)\s){{0,2}}{_CAPITAL}(?:\s{_CAPITAL}){{0,3}},?\s\d{{1,4}}[\w/]{{0,5}}{_TAIL}"
    ),
)
_STREET_WORDS = (
    "street st road rd avenue ave av lane ln drive dr boulevard blvd way court ct place pl square sq parkway pkwy "
    "highway hwy terrace close crescent row broadway nagar marg ul rue via calle rua avenida vul"
)
_STREETS = frozenset(_STREET_WORDS.split())
_ENDINGS = (
    "str.",
    "straße",
    "strasse",
    "gasse",
    "weg",
    "allee",
    "platz",
    "damm",
    "ufer",
    "laan",
    "straat",
    "plein",
)
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


def mask_addresses(text: str, stand_in: str) -> str:
    """Street addresses with what follows them on the line (suite, place, postal code)."""
    if not _DIGIT.search(text):
        return text
    low = text.lower()
    if _STREETS.isdisjoint(_LETTERS.findall(low)) and not any(ending in low for ending in _ENDINGS):
        return text
    for pattern in _ADDRESSES:
        text = pattern.sub(stand_in, text)
    return text
