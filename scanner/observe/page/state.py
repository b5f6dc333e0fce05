"""Whether a page holds the site's own content, and if not, what it is (docs/OBSERVATIONS.md, page states).

Precision first: a rule looks at pages with few words only, and a title alone decides nothing, since real pages
are left with a default title. What no rule knows is `content`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints
from scanner.observe.page.seizure import seizure_signs
from scanner.observe.page.template import is_template

UNAVAILABLE_WITH_STATUS = frozenset({"challenge", "parked", "for-sale", "suspended", "maintenance"})
_TEXT_LIMIT = 20_000
_HTML_LIMIT = 200_000
_UNCLAIMED_WORDS = 120
_ANY_LENGTH = 100_000  # words of a rule that looks at header fields alone
_APP_WORDS = 30  # a script shell says at most this much: a title line, "Loading", a note about JavaScript


@dataclass(frozen=True, slots=True)
class Rule:
    """One fingerprint of seeds/pages/states.yaml: every group of phrases must have one that is there."""

    id: str
    state: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]  # (field, phrases)
    most_words: int
    bare: bool


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules in order: own wording first, then hosting services' (seeds/pages/unclaimed.yaml)."""
    fields = ("text", "header", "title", "heading", "image", "html")  # what costs least to look for first
    listed = tuple(
        Rule(
            id=str(entry["id"]),
            state=str(entry["state"]),
            groups=tuple(
                (name, tuple(_plain(str(phrase)) for phrase in entry[name]))
                for name in fields
                if name in entry
            ),
            most_words=int(entry.get("most_words", 12 if entry.get("bare") else 250)),
            bare=bool(entry.get("bare", False)),
        )
        for entry in seeds.load("states")["rules"]
    )
    unclaimed = tuple(
        Rule(
            id=f"unclaimed {entry['service']}",
            state=str(entry["state"]),
            groups=(("text", (_plain(str(entry["phrase"])),)),),
            most_words=_UNCLAIMED_WORDS,
            bare=False,
        )
        for entry in seeds.load("unclaimed")["fingerprints"]
    )
    return listed + unclaimed


def state_of(page: Document) -> tuple[str, str]:
    """The page's state and the id of what decided it (a rule of seeds/pages/states.yaml, or a fixed word)."""
    if page.status in (404, 410):
        return "error", "status"
    if seizure_signs(page).is_notice:
        return "seized-banner", "seizure-signs"
    rule = matching_rule(page)
    if rule is not None and (page.status < 400 or rule.state in UNAVAILABLE_WITH_STATUS):
        return rule.state, rule.id
    if page.status == 403 and rule is not None and rule.state == "default":
        return rule.state, rule.id  # distributions serve their test page with 403
    if page.status >= 400:
        return "error", "status"
    if is_shell(page):
        return "empty-app", "shell"
    if page.words == 0 or (page.refresh and page.words <= 15):
        return "empty", "no-text"
    if is_template(page):
        return "template", "demo-text"
    return "content", ""


@cache
def _by_phrase() -> dict[str, list[int]]:
    """The places of the rules that ask for text, by each phrase that will do; under "" those that ask for none."""
    found: dict[str, list[int]] = {"": []}
    for place, rule in enumerate(rules()):
        for phrase in next((phrases for name, phrases in rule.groups if name == "text"), ("",)):
            found.setdefault(phrase, []).append(place)
    return found


@cache
def _longest() -> int:
    """Words of the longest page that a rule may hold for, but for rules that look at header fields alone."""
    return max(rule.most_words for rule in rules() if rule.most_words < _ANY_LENGTH)


def matching_rule(page: Document) -> Rule | None:
    """The first rule that holds for this page."""
    if page.words > _longest() and not ("cf-mitigated" in page.headers and page.status >= 400):
        return None
    text = page.plain[:_TEXT_LIMIT]
    said = [phrase for phrase in _hints().possible(page) if phrase in text]
    fields: dict[str, str] = {}

    def holds(name: str, phrases: tuple[str, ...]) -> bool:
        if name == "text":
            return True  # that is why the rule is looked at
        if name not in fields:
            fields[name] = _field(page, name)
        field = fields[name]
        return any(phrase in field for phrase in phrases)

    for place in sorted({place for phrase in ("", *said) for place in _by_phrase()[phrase]}):
        rule = rules()[place]
        if page.words > rule.most_words:
            continue
        if rule.bare and (page.words > 12 or any(form.fields for form in page.forms)):
            continue
        if page.status < 400 and rule.most_words >= _ANY_LENGTH:
            continue  # beside an ordinary page the field is anybody's, and browsers show the page
        if all(holds(name, phrases) for name, phrases in rule.groups):
            return rule
    return None


def _field(page: Document, name: str) -> str:
    """What of a page the phrases of a rule's group are looked for in."""
    if name == "title":
        return _plain(page.title)
    if name == "header":
        return " ".join(f"{name}: {value}" for name, value in page.headers.items()).lower()
    if page.words > 900:
        return ""
    if name == "html":
        return page.html[:_HTML_LIMIT].lower()
    if name == "heading":
        return _plain(" | ".join((*page.headings, *page.lines[:8])))
    return _plain(" ".join(f"{source} {alt}" for source, alt in page.images[:50]))


@cache
def _hints() -> Hints:
    return Hints(
        phrase for rule in rules() for name, phrases in rule.groups if name == "text" for phrase in phrases
    )


def is_shell(page: Document) -> bool:
    """A page that is filled in by scripts: next to no text, and an empty root, a plea for JavaScript, or nothing
    but scripts."""
    if page.words > _APP_WORDS or not page.scripts:
        return False
    if page.roots:
        return True
    plea = page.noscript.lower()
    if "javascript" in plea and page.words <= _APP_WORDS:
        return True
    return page.words <= 10 and bool(page.sources) and not page.images and not page.forms


def _plain(text: str) -> str:
    if not text.isascii():
        text = text.replace("’", "'").replace("‘", "'")
    return " ".join(text.lower().split())
