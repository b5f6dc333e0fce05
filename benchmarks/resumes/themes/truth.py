"""What a theme shows of a person: the truth of a document, taken from its text and links rather than from its theme.

A theme may leave out months, posts or addresses. Only what is certain counts: where a post's dates can't be made out
beside each other in the text, the document is of no use and is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from scanner.intake.months import MONTHS
from scanner.intake.periods import PRESENT

Person = dict[str, Any]
_BETWEEN = r"[\s.,()|/>~:;\u00b7\u2022\u2012-\u2015\u2192-]|to|bis|until|till|au|hasta|do|a|\u00e0"
_DASH = r"[\s(]*[\u2012-\u2015\u2192>-]+[\s)]*"


class Unclear(ValueError):  # noqa: N818 - said as a sentence
    """Nobody could say from the text alone what it shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document's text as it is to be read, and the targets of its links."""

    text: str
    links: tuple[str, ...]


def truth(person: Person, shown: Shown) -> dict[str, Any]:
    """`urls` and `employers` as in `expected.json`. Raises Unclear."""
    text = _plain(shown.text)
    if "invalid date" in text or "undefined" in text or "nan/" in text or "[object" in text:
        raise Unclear("the theme stumbles over the person")
    letters = _letters(text)
    posts = [post for post in person["work"] if _letters(post["name"]) in letters]
    if len(posts) < len(person["work"]):
        raise Unclear("not all firms are shown")
    employers = []
    for post in posts:
        starts, ends = _period(text, post.get("startDate", ""), post.get("endDate", ""))
        employers.append([post["name"], starts, ends])
    return {"urls": _urls(person, shown), "employers": employers}


def _period(text: str, starts: str, ends: str) -> tuple[str, str]:
    """(start, end) as precisely as the text has them, side by side in either order."""
    for first, begin in _forms(starts):
        if not ends:
            present = "|".join(sorted(map(re.escape, PRESENT), key=len, reverse=True))
            after = rf"{begin}(?:{_BETWEEN}){{0,8}}(?:{present})(?!\w)"
            before = rf"(?<!\w)(?:{present})(?:{_BETWEEN}){{1,8}}{begin}"
            if re.search(f"{after}|{before}", text) or re.search(rf"{begin}{_DASH}(?!\d)", text):
                return first, "present"
            continue
        for last, end in _forms(ends):
            if re.search(rf"{begin}(?:{_BETWEEN}){{1,8}}{end}|{end}(?:{_BETWEEN}){{1,8}}{begin}", text):
                return first, last
        if starts == ends and re.search(begin, text):
            return first, first
    raise Unclear("dates do not stand beside each other")


def _forms(date: str) -> list[tuple[str, str]]:
    """(what it says, a pattern for it): the most precise first."""
    year, _, rest = date.partition("-")
    month, _, day = (rest or "01").partition("-")
    number, short = int(month), year[2:]
    names = "|".join(re.escape(_plain(name)) for name, at in MONTHS.items() if at == number)
    found = []
    if day:
        whole = (
            rf"{year}[-/.]{month}[-/.]{day}|{day}\.\s?{month}\.\s?{year}|{month}/{day}/{year}|{day}[/-]{month}[/-]{year}"
            rf"|{number}/{day}/{year}|(?:{names})\.? {day}(?:st|nd|rd|th)?,? {year}"
            rf"|{day}(?:st|nd|rd|th|\.)? (?:{names})\.?,? {year}"
        )
        found.append((date, rf"(?<!\d)(?:{whole})(?!\d)"))
    whole = (
        rf"(?<!\w)(?:{names})[.,]{{0,2}}[ /-]?(?:{year}|['\u2019]{short})|(?<![\d.-])0?{number} ?[/.-] ?{year}"
        rf"|(?<!\d){year}[-/.]{month}|(?<!\d){year} (?:{names})\b|(?<![\d/]){month}/{short}"
    )
    found.append((f"{year}-{month}", rf"(?:{whole})(?![-/.]?\d)"))
    found.append((year, rf"(?<![\d/.-]){year}(?!\d|[/.-]\d\d?(?!\d))"))
    return found


def _urls(person: Person, shown: Shown) -> list[str]:
    """Targets of links; and addresses of the person that stand there to be read and are no link."""
    found = {link for link in shown.links if re.match(r"https?://(?!https?:)", link)}
    texts = (
        shown.text.lower(),
        re.sub(r"\s+", "", shown.text).lower(),
    )  # an address may be broken over lines
    linked = "\n".join(found).lower()
    for url in _addresses(person):
        bare = re.sub(r"^https?://(?:www\.)?", "", url).lower()
        host = bare.partition("/")[0]
        if host in linked and bare in linked:
            continue
        for words in (bare, host):
            pattern = rf"(?<![\w@.-])(?:https?://)?(?:www\.)?{re.escape(words)}"
            if any(re.search(pattern, text) for text in texts):
                if words not in linked:
                    found.add(f"https://{words}" if words == host else url)
                break
    return sorted(found)


def _addresses(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {one for part in value.values() for one in _addresses(part)}
    if isinstance(value, list):
        return {one for part in value for one in _addresses(part)}
    return {value} if isinstance(value, str) and re.match(r"https?://\S+$", value) else set()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.replace("\u00ad", "")).lower().split())


def _letters(text: str) -> str:
    return "".join(char for char in _plain(text) if char.isalnum())
