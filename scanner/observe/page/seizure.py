"""Signs that a page is a seizure notice. The words are shown to a person; they never prove a seizure, since
anyone can put a banner up (knowledge: seizure-signals, S-B)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scanner.observe.page import seeds
from scanner.observe.page.document import Document

_MOST_WORDS = 350  # notices are short; articles about seizures are long
_MOST_TEXT = 50_000  # characters: a few words can be of any length, and the patterns are slow
_IMAGE_ONLY_WORDS = 40
_NAME_PARTS = re.compile(r"[^a-z0-9а-яё가-힣]+")


@dataclass(frozen=True, slots=True)
class Signs:
    """notices: the sentences that say the site was seized. supports: agencies, courts, statutes named beside.
    pictures: alt texts or file names that say so. is_notice: enough of them for the page to be a banner."""

    notices: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    is_notice: bool = False


@cache
def _phrases() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = seeds.load("seizure")
    return (
        re.compile("|".join(f"(?:{phrase})" for phrase in data["notices"]), re.IGNORECASE),
        re.compile("|".join(f"(?:{phrase})" for phrase in data["supports"]), re.IGNORECASE),
        re.compile("|".join(f"(?:{phrase})" for phrase in data["pictures"]), re.IGNORECASE),
    )


@cache
def _triggers() -> tuple[str, ...]:
    return tuple(str(word) for word in seeds.load("seizure")["triggers"])


def seizure_signs(page: Document) -> Signs:
    """What on this page says that the domain was seized; nothing for long pages, which only talk about it."""
    if page.words > _MOST_WORDS:
        return Signs()
    pictured = " ".join(f"{_file_name(source)} {alt}" for source, alt in page.images[:50])
    text = page.text[:_MOST_TEXT]
    low = f"{page.title} {text} {pictured}".lower()
    if not any(trigger in low for trigger in _triggers()):
        return Signs()
    notice, support, picture = _phrases()
    flat = " ".join(text.split())
    where = (page.title, flat, *(alt for _, alt in page.images[:50]))
    notices = _unique(match.group(0) for text in where for match in notice.finditer(text))
    supports = _unique(match.group(0) for text in where for match in support.finditer(text))
    pictures = _unique(
        shown
        for source, alt in page.images[:50]
        for shown in (_file_name(source), alt)
        if picture.search(_NAME_PARTS.sub(" ", shown.lower()))
    )
    clear = bool(notices) and (len({s.lower() for s in supports}) >= 1 or bool(pictures) or page.words <= 60)
    drawn = bool(pictures) and page.words <= _IMAGE_ONLY_WORDS
    return Signs(notices, supports, pictures, is_notice=clear or drawn)


def _file_name(source: str) -> str:
    return "" if source.startswith("data:") else source.partition("?")[0].rpartition("/")[2][:100]


def _unique(found: object) -> tuple[str, ...]:
    assert hasattr(found, "__iter__")
    return tuple(dict.fromkeys(" ".join(str(text).split())[:160] for text in found if text))[:5]
