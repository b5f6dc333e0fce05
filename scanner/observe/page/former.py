"""Where a site says it stood before: "formerly acme-soft.example", "we moved from …", linked or spelled out.

An old name named here is only a place to look at: it speaks for the claim where that address really leads here.
Patterns for each language stand in seeds/pages/former.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scanner.domains import has_known_ending, host_of, split
from scanner.hostnames import DomainError
from scanner.model import Observation
from scanner.observe.page import seeds
from scanner.observe.page.document import Document, collapse
from scanner.observe.page.hints import Hints
from scanner.observe.page.links import target
from scanner.observe.page.phrases import lines_that_may
from scanner.observe.page.rows import row

MOST = 3  # on one page; a plan follows no more
_MOST_LINES = 200  # lines with a trigger looked at
_LINE = 1000  # characters of a line
_HOST = r"(?:https?://)?(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,30})(?![\w@-])"
_OPENING = r"\s*[:：–—-]?\s*[\"'“„«(\[]?\s*"
_NAME = r"(?:[^\s.,;:()|]+\s){0,4}\(?"  # the old name may stand before its address
_ARTICLE = re.compile(
    r"/(?:blog|news|articles?|posts?|press|stor(?:y|ies)|careers?|jobs?|team|people|19\d\d|20\d\d)(?:/|-|\Z)"
)
_END = re.compile(r"[,;:()|\n\"“”„«»]|\.\s|\.\Z")
_NAME_WORDS = 6
_MOST_ARTICLE = 60  # words after which a page of that kind tells of others


@dataclass(frozen=True, slots=True)
class _Patterns:
    triggers: tuple[str, ...]
    hints: Hints  # of the triggers
    spelled: re.Pattern[str]
    turned: re.Pattern[str]
    linked: re.Pattern[str]
    person: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = seeds.load("former")
    linked = "|".join(str(text) for text in data["linked"])
    before = "|".join(str(text) for text in data["before"])
    after = "|".join(str(text) for text in data["after"])
    person = "|".join(f"(?:{text})" for text in seeds.load("history")["person"])
    return _Patterns(
        triggers=(triggers := tuple(str(word) for word in data["triggers"])),
        hints=Hints(triggers),
        spelled=re.compile(
            rf"(?<![^\W\d_])(?:{linked}|{before}){_OPENING}(?:{_NAME})??{_HOST}", re.IGNORECASE
        ),
        turned=re.compile(rf"(?<![\w@.-]){_HOST}\s+(?:{after})\b", re.IGNORECASE),
        linked=re.compile(rf"(?<![^\W\d_])(?:{linked}){_OPENING}", re.IGNORECASE),
        person=re.compile(person, re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A line that names something earlier: addresses spelled out, and where what follows "formerly" begins."""

    line: str
    hosts: tuple[str, ...]
    ends: tuple[int, ...]


def former(page: Document, domain: str) -> list[Observation]:
    """`page/former_domain` and `page/former_name` rows of one page: what it says that it was before."""
    if _ARTICLE.search(page.url.lower()) and page.words > _MOST_ARTICLE:
        return []
    told = list(_told(page))
    return [
        *(row(page, "page", "former_domain", name) for name in _domains(page, told, domain)),
        *(row(page, "page", "former_name", name) for name in _names(told)),
    ]


def _domains(page: Document, told: list[_Told], domain: str) -> list[str]:
    """Registrable domains the page names as its own earlier address, MOST at most."""
    anchors: dict[str, str] | None = None
    found: dict[str, None] = {}
    for each in told:
        for host in each.hosts:
            if name := _elsewhere(host, domain):
                found.setdefault(name)
        for end in each.ends:
            if anchors is None:
                anchors = _anchors(page)
            rest = each.line[end : end + 80]
            for text, host in anchors.items():
                if rest.startswith(text) and (name := _elsewhere(host, domain)):
                    found.setdefault(name)
        if len(found) >= MOST:
            break
    return list(found)[:MOST]


def _names(told: list[_Told]) -> list[str]:
    """What follows "formerly", as it reads, MOST at most. It is read for the words of a name alone: that it shares one
    with an older page says that the two belong together."""
    found: dict[str, None] = {}
    for each in told:
        for end in each.ends:
            words = _END.split(each.line[end : end + 120])[0].split()[:_NAME_WORDS]
            if words:
                found.setdefault(" ".join(words))
    return list(found)[:MOST]


def _told(page: Document) -> Iterator[_Told]:
    """The lines that say so and do not speak of a person; whom they speak of costs most to tell and is asked last."""
    patterns = _patterns()
    triggers = patterns.hints.present(page)
    if not triggers:
        return
    seen = 0
    for whole in lines_that_may(page, patterns.hints):
        line = whole[:_LINE]
        low = line.lower()
        if not any(trigger in low for trigger in triggers):
            continue
        seen += 1
        if seen > _MOST_LINES:
            return
        spelled = (patterns.spelled, patterns.turned)
        hosts = tuple(match.group("host") for pattern in spelled for match in pattern.finditer(line))
        ends = tuple(match.end() for match in patterns.linked.finditer(line))
        if (hosts or ends) and not patterns.person.search(line):
            yield _Told(line, hosts, ends)


def _anchors(page: Document) -> dict[str, str]:
    """Host by link text, for links that have a name to find in the text."""
    found: dict[str, str] = {}
    for anchor in page.anchors:
        text = collapse(anchor.text)
        if len(text) >= 3:
            found.setdefault(text, host_of(target(page, anchor.href)))
    return found


def _elsewhere(host: str, domain: str) -> str:
    """The registrable domain of a host, "" for our own, for what is none, and for one under a shared platform."""
    try:
        place = split(host)
    except DomainError:
        return ""
    ours = place.registrable == domain
    return "" if place.platform or ours or not has_known_ending(host) else place.registrable
