"""A world moved to other people and other countries, the same everywhere it stands: in claims, pages and records.

What agreed before agrees afterwards, and what did not fit still doesn't; so no verdict may move. Changed are the
persons that pages and registers name, the labels of cases, the language tags of pages, and countries: of claimed
places, of postal addresses, of telephone numbers, and of registrants. Names of firms stay: their addresses repeat
them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import phonenumbers
import yaml

from scanner.checks.places import country_of
from scanner.intake import read_case
from scanner.likeness import people_in
from scanner.model import About, Evidence
from scanner.observe import website
from scanner.observe.page import document, main_text

TEXTS = (".html", ".yaml", ".txt", ".xml", ".json")
LANGUAGES = ("de", "ko", "ar", "pt", "ru", "zh", "hi", "yo", "vi", "tr", "uk", "fa", "en", "pl", "sw", "ja")
PEOPLE = (
    "Kim Jong-su", "Fatima Al-Sayed", "Ngozi Okafor", "Dmitri Volkov", "Nguyen Thi Lan", "Chidi Eze", "Park Min-jun",
    "Priya Raman", "Li Xiaoming", "Omar Haddad", "Aigul Bekova", "Tomas Novak", "Maria Souza", "John Miller",
    "Ayesha Khan", "Olena Shevchenko",
)  # fmt: skip
"""Invented, of many origins; taken in turn."""


@dataclass(frozen=True, slots=True)
class Country:
    """How places of a country are written here. address: with `{n}` for the house, in a form its own people use.
    phone: a number in E.164 from which others are made; none of a range kept for films and books."""

    code: str
    cities: tuple[str, ...]
    address: str
    phone: str

    @property
    def name(self) -> str:
        """In words: a code of two letters can be a state's too."""
        return self.address.rpartition(", ")[2]


# fmt: off
COUNTRIES = (
    Country("US", ("Austin, TX", "Denver, CO", "Albany, NY"), "{n} Main Avenue, Austin, TX 78701, USA", "+15124567890"),
    Country("KR", ("Seoul", "Busan", "Daegu"), "{n} Teheran-ro, Gangnam-gu, Seoul 06132, South Korea", "+8225174093"),
    Country("DE", ("Freiburg", "Hamburg", "Mainz"), "Lindenweg {n}, 79098 Freiburg, Germany", "+497611234567"),
    Country("NG", ("Lagos", "Abuja", "Kano"), "{n} Broad Street, Lagos 101001, Nigeria", "+2348035174093"),
    Country("CN", ("Shenyang", "Dalian", "Harbin"), "{n} Qingnian Street, Shenyang 110013, China", "+862425174093"),
    Country("GB", ("Bristol", "Leeds", "York"), "{n} Foundry Lane, Leeds LS10 1AB, United Kingdom", "+441132345678"),
    Country("RU", ("Moscow", "Kazan", "Samara"), "ul. Lesnaya {n}, Moscow 125047, Russia", "+74955174093"),
    Country("IN", ("Pune", "Chennai", "Jaipur"), "{n} Baner Road, Pune 411045, India", "+912025678901"),
    Country("BR", ("Recife", "Curitiba", "Natal"), "Rua da Aurora {n}, 50050-000 Recife, Brazil", "+558135174093"),
    Country("PK", ("Lahore", "Karachi", "Multan"), "{n} Mall Road, Lahore 54000, Pakistan", "+924235174093"),
    Country("PT", ("Lisbon", "Porto", "Braga"), "{n} Rua das Flores, 4050-262 Porto, Portugal", "+351226174093"),
    Country("VN", ("Hanoi", "Hue", "Vinh"), "{n} Trang Tien, Hanoi 100000, Vietnam", "+842435174093"),
    Country("ES", ("Madrid", "Sevilla", "Bilbao"), "Calle Mayor {n}, 28013 Madrid, Spain", "+34911234567"),
)
# fmt: on
_AT = {country.code: number for number, country in enumerate(COUNTRIES)}
_ROOM = re.compile(r"(?i)\b(?:suite|ste\.?|unit|room|floor|apt\.?)\s*#?\s*[\w-]{1,8}|#\s?\d{1,5}")
_LANG = re.compile(r"""(<html[^>]*?\slang=)(["'])([A-Za-z-]+)\2""", re.IGNORECASE)
_WHEN = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Change:
    """What stands for what, every text that was found once."""

    shift: int
    texts: dict[str, str] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], str]] = field(
        default_factory=list
    )  # where markup may stand between words
    _numbers: dict[str, int] = field(default_factory=dict)  # next number of a country

    def country(self, code: str) -> Country:
        """Where a country's places go; one that is not in the table goes where its letters say, always the same."""
        at = _AT.get(code, sum(map(ord, code)) % len(COUNTRIES))
        return COUNTRIES[(at + self.shift) % len(COUNTRIES)]

    def next(self, kind: str) -> int:
        self._numbers[kind] = self._numbers.get(kind, -1) + 1
        return self._numbers[kind]

    def apply(self, text: str) -> str:
        """All at once, so that two names can change places: longest first, by way of marks that stand nowhere."""
        for number, (pattern, _) in enumerate(self.patterns):
            text = pattern.sub(f"\ue002{number}\ue001", text)
        olds = sorted(self.texts, key=lambda old: (-len(old), old))
        for number, old in enumerate(olds):
            text = text.replace(old, f"\ue000{number}\ue001")
        for number, old in enumerate(olds):
            text = text.replace(f"\ue000{number}\ue001", self.texts[old])
        for number, (_, new) in enumerate(self.patterns):
            text = text.replace(f"\ue002{number}\ue001", new)
        return text


def permuted(world: Path, folder: Path, shift: int) -> Change:
    """Copies a world to `folder` with everything moved by `shift` places (1 to len(COUNTRIES) - 1); returns what was
    changed. Files are text in UTF-8 or stay as they are."""
    shutil.copytree(world, folder)
    change = Change(shift)
    files = {
        path: _read(path) for path in sorted(folder.rglob("*")) if path.suffix in TEXTS and path.is_file()
    }
    _note_claims(change, sorted((folder / "cases").glob("*")))
    for path, text in files.items():
        if path.suffix == ".html" and text:
            _note_page(change, text)
        _note_phones(change, text)
    tree = _tree(files.get(folder / "world.yaml", ""))
    _note_registrants(change, tree)
    tags = sorted({match[3].lower() for text in files.values() for match in _LANG.finditer(text)})
    others = [language for language in LANGUAGES if language not in tags] or LANGUAGES
    spoken = {tag: others[(number + shift) % len(others)] for number, tag in enumerate(tags)}
    for path, text in files.items():
        if text:
            text = _LANG.sub(lambda match: f"{match[1]}{match[2]}{spoken[match[3].lower()]}{match[2]}", text)
            path.write_text(change.apply(text), encoding="utf-8")
    tree = _tree(_read(folder / "world.yaml"))
    for registrant in _registrants(tree):
        if code := str(registrant.get("country") or ""):
            registrant["country"] = change.country(code.upper()).code
    (folder / "world.yaml").write_text(
        yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return change


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _tree(text: str) -> dict[str, Any]:
    return yaml.load(text, yaml.BaseLoader) or {}  # noqa: S506 (plain strings only)


def _note_claims(change: Change, cases: Iterable[Path]) -> None:
    for path in cases:
        try:
            found = read_case(path).cases
        except (OSError, ValueError):
            continue
        for case in found:
            for claim in case.claims:
                if claim.place and claim.place not in change.texts and (code := country_of(claim.place)):
                    country = change.country(code)
                    city = country.cities[change.next(f"city {country.code}") % len(country.cities)]
                    change.texts[claim.place] = f"{city}, {country.name}"


def _note_page(change: Change, text: str) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + text.encode()
    page = document.read("https://site.example/", 200, [], text)
    for name in people_in((passage.kind, passage.text) for passage in main_text.passages(page)):
        _note_person(change, name)
    evidence = Evidence("https://site.example/", "application/http;msgtype=response", _WHEN, block)
    observed = website.observe(evidence, About("", (), as_of=_WHEN))
    rows = [row for row in observed.observations if row.kind == "contact"]
    places = [row.value for row in rows if row.name == "address"]
    codes = {row.value for row in rows if row.name == "country"}
    for place in places:
        # An address whose country stays unsaid is its reader's guess: only one that is said can be moved.
        code = country_of(place) or (next(iter(codes)) if len(codes) == 1 else "")
        if code and place not in change.texts:
            new = _address(change, place, code)
            change.texts[place] = new
            words = [re.escape(word.strip(",")) for word in place.split()]
            change.patterns.append((re.compile(r"(?:\s|,|<br\s*/?>|</?span[^>]*>)+".join(words)), new))


def _address(change: Change, old: str, code: str) -> str:
    """Another house for each, in the new country's form; the room stays, since neighbours must stay neighbours."""
    country = change.country(code)
    building = _ROOM.sub("", old)
    key = f"house {country.code} {building}"
    if key not in change._numbers:
        change._numbers[key] = 3 + change.next(f"houses {country.code}")
    room = _ROOM.search(old)
    new = country.address.format(n=change._numbers[key])
    return f"{room[0]}, {new}" if room else new


def _note_person(change: Change, name: str) -> None:
    if " " in name and name not in change.texts:
        number = change.next("person")
        again = f" {number // len(PEOPLE) + 1}" if number >= len(PEOPLE) else ""
        change.texts[name] = PEOPLE[(number + change.shift) % len(PEOPLE)] + again


def _note_phones(change: Change, text: str) -> None:
    """International numbers alone: a national one says nothing of a country by itself."""
    for match in phonenumbers.PhoneNumberMatcher(text, None):
        region = phonenumbers.region_code_for_number(match.number)
        if not region or region == "001" or match.raw_string in change.texts:
            continue
        e164 = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        if e164 not in change.texts:
            change.texts[e164] = _number(change, change.country(region))
        change.texts[match.raw_string] = change.texts[e164]


def _number(change: Change, country: Country) -> str:
    """The next valid number of a country, in E.164."""
    first = phonenumbers.parse(country.phone)
    while True:
        step = 7 * change.next(f"number {country.code}")
        tried = phonenumbers.PhoneNumber(first.country_code, (first.national_number or 0) + step)
        if phonenumbers.is_valid_number_for_region(tried, country.code):
            return phonenumbers.format_number(tried, phonenumbers.PhoneNumberFormat.E164)


def _registrants(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    worlds = [tree, *(tree.get("changes") or [])]
    domains = [domain for world in worlds for domain in (world.get("domains") or {}).values() if domain]
    records = [(domain.get("registration") or {}) for domain in domains if isinstance(domain, dict)]
    found = [record.get("registrant") for record in records if isinstance(record, dict)]
    return [registrant for registrant in found if isinstance(registrant, dict)]


def _note_registrants(change: Change, tree: Mapping[str, Any]) -> None:
    for registrant in _registrants(tree):
        if name := str(registrant.get("name") or ""):
            _note_person(change, name)
