"""A passage as a tuple of tokens in which what a copyist edits is masked: brand, people, mail, numbers, places.

`names_of` tells the site's own brand from its domain, titles and declared names. `tokens` folds a passage: look-alikes
and invisible characters undone, case folded, white space and punctuation gone, masked parts one placeholder each.
Neighbouring equal placeholders become one, so that "+1 555 0100" and "(030) 1234 567" read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scanner.domains import DomainError, split
from scanner.likeness import people, seeds
from scanner.likeness.confusables import MARKS, undo

BRAND = "‹brand›"
NAME = "‹name›"
MAIL = "‹mail›"
URL = "‹url›"
ADDRESS = "‹address›"
NUMBER = "‹number›"  # numbers, years and telephone numbers: an edit may turn one into another
PLACE = "‹place›"  # countries, their adjectives, cities, "based in …"
PLACEHOLDERS = frozenset({BRAND, NAME, MAIL, URL, ADDRESS, NUMBER, PLACE})

# Stand-ins while a text is still a text: private use, which `undo` has removed from what came in.
_STAND_IN = {
    "\ue000": BRAND,
    "\ue001": NAME,
    "\ue002": MAIL,
    "\ue003": URL,
    "\ue004": ADDRESS,
    "\ue005": NUMBER,
    "\ue006": PLACE,
}
_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_SPELT_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?[\[({]\s?at\s?[\])}]\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[\[({]\s?dot\s?[\])}])\s?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_SPELT = re.compile(r"[\[({]\s?at\s?[\])}]", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]{}]{1,2000}", re.IGNORECASE)
_ENDINGS = (
    "com|net|org|io|co|dev|tech|app|ai|info|biz|me|us|uk|eu|de|at|ch|fr|nl|it|es|pl|in|ca|au|site|online|agency|studio|cloud|"
    "digital|software|solutions|example|test"
)
_HOST = re.compile(
    rf"(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})(?![\w-])(?:/[^\s<>\"'()]{{0,300}})?", re.IGNORECASE
)
_HOST_HINT = re.compile(rf"\.(?:{_ENDINGS})(?![\w-])", re.IGNORECASE)

_SEGMENTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002ffff"
)
_SEGMENT = re.compile(f"[{_SEGMENTED}]+")
_WORD_ASCII = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*|[\ue000-\ue00f]")
_WORD = re.compile(rf"(?:[^\W_]|[{MARKS}])+(?:'(?:[^\W_]|[{MARKS}])+)*|[\ue000-\ue00f]")
_NUMBER = re.compile(
    r"\d+(?:st|nd|rd|th|k|m|mn|b|bn|x|h|hr|hrs|yr|yrs|s|am|pm|d|p|y)?(?:\d+(?:x|h|am|pm)?)?\Z"
)
_CACHE_LIMIT = 1 << 18
_LONGEST_CACHED = 40

# --- one word -----------------------------------------------------------------------------------------------------


class _Canon(dict[str, str]):
    """From a word as written to its token; remembers words already seen."""

    def __missing__(self, word: str) -> str:
        token = _canonical(word)
        if len(word) <= _LONGEST_CACHED:
            if len(self) >= _CACHE_LIMIT:
                self.clear()
            self[word] = token
        return token


_canon = _Canon()


def _canonical(word: str) -> str:
    stand_in = _STAND_IN.get(word)
    if stand_in:
        return stand_in
    token = word.casefold()
    if not token.isascii():
        token = token.replace("i\u0307", "i")
    if token.endswith("'s"):
        token = token[:-2]
    if token[0].isdigit() and (token.isdigit() or _NUMBER.match(token)):
        return NUMBER
    return _fixed().get(token, token)


@cache
def _fixed() -> dict[str, str]:
    """Tokens that always read as another."""
    table = dict.fromkeys(seeds.words("words", "numbers"), NUMBER)
    for name in _places():
        if " " not in name:
            table[name] = PLACE
    table["an"] = "a"  # follows the brand or place that was swapped
    return table


@cache
def _places() -> frozenset[str]:
    names = set(seeds.countries())
    for key in ("adjectives", "regions", "states", "cities"):
        names |= seeds.words("places", key)
    return frozenset(" ".join(_WORD.findall(undo(name).casefold())) for name in names)


# --- the site's own brand -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """What a site calls itself. brands: folded words joined by one space, longest first; people: likewise."""

    brands: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


_SEPARATOR = re.compile(r"\s+[-–—|·•:»>/~]+\s+|\s*[|·•»\n]\s*|:\s+|\s[-–—]\s?|,\s+")
_LOGO = re.compile(
    r"\b(?:logo|logotype|brand|icon|image|picture|img|white|dark|light|header|footer|company)\b|\.\w{2,4}\Z",
    re.I,
)
_MOST_BRANDS = 24


def names_of(domain: str, title: str, site_names: Iterable[str], logo_alts: Iterable[str]) -> Names:
    """The site's own brand in its spellings.

    domain: host or registrable name, "" when unknown. title: the page's title, or the titles of several pages parted by
    line breaks; a segment counts when it matches the domain or recurs. site_names: og:site_name, application-name, names of
    JSON-LD organisations. logo_alts: `alt` of logos. Words that name no brand (home, software, …) are never taken alone.

    >>> names_of("acmesoft.example", "Home | Acme Soft", [], []).brands
    ('acme soft', 'acmesoft', 'acme')
    """
    found: dict[str, None] = {}
    label = _label(domain)
    for name in (*site_names, *(_LOGO.sub(" ", alt) for alt in logo_alts)):
        for segment in _segments(name)[:1]:
            _add(found, segment)
    segments = _segments(title)
    for segment in segments:
        squashed = segment.replace(" ", "")
        like_domain = len(squashed) >= 3 and label and (squashed in label or label in squashed)
        if len(segment.split()) <= 5 and (like_domain or segments.count(segment) > 1):
            _add(found, segment)
    if label:
        _add(found, label)
        if "-" in domain:
            _add(found, _fold_words(domain.split(".")[0]))
    if not found:
        for segment in segments:  # nothing else names it: the title's first segment that can be a name
            if len(segment.split()) <= 3:
                _add(found, segment)
                if found:
                    break
    return Names(tuple(sorted(found, key=lambda brand: (-len(brand), brand))[:_MOST_BRANDS]))


def with_people(names: Names, found: Iterable[str]) -> Names:
    """`names` with people of the site, whose full names are masked wherever they stand."""
    folded = (_fold_words(person) for person in found)
    return Names(
        names.brands, tuple(dict.fromkeys((*names.people, *(name for name in folded if " " in name))))
    )


def _label(domain: str) -> str:
    try:
        host = split(domain)
    except DomainError:
        return ""
    name = host.registrable or host.host
    label = "" if host.is_address else name.removesuffix("." + host.suffix).rpartition(".")[2]
    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            return ""
    return _fold_words(label).replace(" ", "")


def _segments(title: str) -> list[str]:
    folded = (_fold_words(part) for part in _SEPARATOR.split(undo(title[:5000])))
    return [segment for segment in folded if segment]


def _fold_words(text: str) -> str:
    return " ".join(word.casefold().removesuffix("'s") for word in _WORD.findall(undo(text)))


def _add(found: dict[str, None], name: str) -> None:
    """Take a name in, and what is left of it without endings that name no brand."""
    words = name.split()
    plain = seeds.words("words", "plain")
    if not words or len(words) > 6 or sum(map(len, words)) < 3 or all(word in plain for word in words):
        return
    found[name] = None
    endings = seeds.words("words", "endings") | seeds.words("words", "legal")
    while len(words) > 1 and words[-1] in endings:
        words = words[:-1]
    while len(words) == 1 and (shorter := _without_ending(words[0], endings)):
        words = [shorter]
        if _can_stand(shorter, plain):
            found[shorter] = None
    rest = " ".join(words)
    if len(words) > 1 or _can_stand(rest, plain):
        found[rest] = None


def _can_stand(word: str, plain: frozenset[str]) -> bool:
    return len(word) >= 3 and word not in plain and word not in _fixed() and not word.isdigit()


def _without_ending(word: str, endings: frozenset[str]) -> str:
    for length in range(min(12, len(word) - 4), 3, -1):
        if word[-length:] in endings:
            return word[:-length]
    return ""


# --- a passage ----------------------------------------------------------------------------------------------------


def tokens(passage: str, names: Names) -> tuple[str, ...]:
    """The passage's words, folded and masked; Chinese, Japanese, Thai, Lao, Khmer and Burmese as pairs of characters.

    Linear in the length of the passage; never raises.

    >>> tokens("Acme's 120+ engineers — based in Berlin — write to hi@acme.example", Names(("acme",)))
    ('‹brand›', '‹number›', 'engineers', 'based', 'in', '‹place›', 'write', 'to', '‹mail›')
    """
    tables = _tables(names)
    text = _mask_text(undo(passage), tables)
    found = _words(text)
    if not _roles().isdisjoint(found):
        masked = people.mask(text, "\ue001")
        if masked != text:
            text, found = masked, _words(masked)
    if not tables.first.isdisjoint(found):
        found = _mask_phrases(found, tables)
    if NUMBER in found and not _months().isdisjoint(found):
        found = _mask_months(found)
    return _collapse(found)


def _words(text: str) -> list[str]:
    if text.isascii():
        return [_canon[word] for word in _WORD_ASCII.findall(text)]
    if not _SEGMENT.search(text):
        return [_canon[word] for word in _WORD.findall(text)]
    found: list[str] = []
    for word in _WORD.findall(_SEGMENT.sub(r" \g<0> ", text)):
        if _SEGMENT.match(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)] if len(word) > 1 else [word]
        else:
            found.append(_canon[word])
    return found


def _mask_text(text: str, tables: _Tables) -> str:
    """Mask what only the text shows, before it falls into words."""
    if "@" in text:
        text = _MAIL.sub("\ue002", text)
    if _SPELT.search(text):
        text = _SPELT_MAIL.sub("\ue002", text)
    if "://" in text or "www." in text:
        text = _URL.sub("\ue003", text)
    if _HOST_HINT.search(text):
        text = _HOST.sub("\ue003", text)
    if tables.segmented is not None:
        text = tables.segmented.sub("\ue000", text)
    text = people.mask_places(text, "\ue006")
    return people.mask_addresses(text, "\ue004")


@dataclass(frozen=True, slots=True)
class _Tables:
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]  # first token -> (all tokens, placeholder)
    joined: dict[str, frozenset[str]]  # first part of a brand written apart -> brands in one word
    first: frozenset[str]
    segmented: re.Pattern[str] | None  # brands in scripts that part no words


@lru_cache(maxsize=512)
def _tables(names: Names) -> _Tables:
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    joined: dict[str, set[str]] = {}
    segmented = [re.escape(brand) for brand in names.brands if _SEGMENT.search(brand)]
    for kind, group in ((BRAND, names.brands), (NAME, names.people)):
        for name in group:
            parts = tuple(_canonical(word) if word[0].isdigit() else word for word in name.split())
            phrases.setdefault(parts[0], []).append((parts, kind))
            if len(parts) == 1 and len(name) >= 6 and name.isalpha():
                for length in range(2, len(name) - 1):
                    joined.setdefault(name[:length], set()).add(name)
    for first, more in _place_phrases().items():
        phrases.setdefault(first, []).extend(more)
    ordered = {
        first: tuple(sorted(more, key=lambda entry: -len(entry[0]))) for first, more in phrases.items()
    }
    return _Tables(
        ordered,
        {first: frozenset(more) for first, more in joined.items()},
        frozenset(ordered) | frozenset(joined),
        re.compile("|".join(segmented), re.IGNORECASE) if segmented else None,
    )


@cache
def _place_phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in _places():
        if " " in name:
            parts = tuple(_canonical(part) for part in name.split())
            table.setdefault(parts[0], []).append((parts, PLACE))
    return {first: tuple(more) for first, more in table.items()}


@cache
def _after_brand() -> frozenset[str]:
    return seeds.words("words", "endings") | seeds.words("words", "legal")


@cache
def _roles() -> frozenset[str]:
    return seeds.words("words", "roles") | {"mr", "mrs", "ms", "dr", "prof", "by"}


@cache
def _months() -> frozenset[str]:
    return seeds.words("words", "months")


def _mask_phrases(found: list[str], tables: _Tables) -> list[str]:
    masked: list[str] = []
    at, end = 0, len(found)
    first, after = tables.first, _after_brand()
    while at < end:
        token = found[at]
        if token not in first:
            masked.append(token)
            at += 1
            continue
        length, kind = _longest(found, at, tables)
        masked.append(kind or token)
        at += length
        if kind == BRAND:
            while at < end and found[at] in after:
                at += 1
    return masked


def _longest(found: list[str], at: int, tables: _Tables) -> tuple[int, str]:
    """(tokens, placeholder) of the longest phrase that begins here; (1, "") when none does."""
    token = found[at]
    for parts, kind in tables.phrases.get(token, ()):
        if len(parts) == 1 or tuple(found[at : at + len(parts)]) == parts:
            return len(parts), kind
    whole = tables.joined.get(token)
    if whole:
        text = token
        for length in range(2, 5):
            if at + length > len(found):
                break
            text += found[at + length - 1]
            if text in whole:
                return length, BRAND
    return 1, ""


def _mask_months(found: list[str]) -> list[str]:
    months = _months()
    masked = list(found)
    last = len(found) - 1
    for at, token in enumerate(found):
        if token in months and ((at and found[at - 1] == NUMBER) or (at < last and found[at + 1] == NUMBER)):
            masked[at] = NUMBER
    return masked


def _collapse(found: Sequence[str]) -> tuple[str, ...]:
    """Equal placeholders in a row become one."""
    if PLACEHOLDERS.isdisjoint(found):
        return tuple(found)
    kept: list[str] = []
    before = ""
    for token in found:
        if token != before or token not in PLACEHOLDERS:
            kept.append(token)
        before = token
    return tuple(kept)
