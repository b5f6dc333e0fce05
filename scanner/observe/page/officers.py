"""Whom a page names as running the firm: JSON-LD founders and officers, and lines that are a role and a name.

Only such slots count. A person in a review, an article or a list of the team is not named as an officer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scanner.model import Observation
from scanner.observe.page.document import Document, collapse
from scanner.observe.page.hints import Hints
from scanner.observe.page.phrases import lines_that_may
from scanner.observe.page.rows import row

MOST = 10
_LINE = 100
_ROLE = (
    r"(?:(?:co-?)?founder|founding partner|owner|proprietor|chief executive(?: officer)?|ceo|cto|cfo|coo|"
    r"chief (?:technology|technical|financial|operating) officer|president|chair(?:man|woman|person)?|"
    r"managing (?:director|partner)|executive director|general (?:director|manager)|director general|director|"
    r"gesch(?:ä|ae)ftsf(?:ü|ue)hrer(?:in)?|inhaber(?:in)?|g[ée]rant|pdg|administrador(?:a)? [úu]nic[oa]|"
    r"director(?:a)? general|amministratore|prezes(?: zarządu)?|генеральный директор|директор|основатель)"
)
_ROLES = rf"{_ROLE}(?:\s*(?:&|and|/|,|und|et|y|и)\s*{_ROLE})?"
_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}"
_FIRST = re.compile(rf"(?P<role>{_ROLES})\s*[:–—|-]\s*(?P<name>{_NAME})\Z", re.IGNORECASE)
_LAST = re.compile(rf"(?P<name>{_NAME})\s*[,:–—|-]\s*(?P<role>{_ROLES})\Z", re.IGNORECASE)
_ONLY = re.compile(rf"{_ROLES}\Z", re.IGNORECASE)
_WORDS = (
    "found owner propr chief ceo cfo cto coo teo tfo tto too president chair director manag inhaber schäfts gérant pdg "
    "amministr administr prezes директор основатель"
)
_HINTS = Hints(_WORDS.split())  # one of them stands in every line that the hint lets through
_HINT = re.compile(
    r"found|owner|propr|chief|\b[ct][efto]o\b|ceo|cfo|coo|president|chair|director|manag|inhaber|schäfts|gérant|pdg|"
    r"amministr|administr|prezes|директор|основатель",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    "[,:–—|-]"
)  # stands between role and name: most lines have none, and the hint costs more
_SLOTS = {"founder": "founder", "founders": "founder"}
_STAFF = ("employee", "employees", "member", "members")


def officers(page: Document) -> list[Observation]:
    """`person/officer` rows, `ROLE: NAME`, ten at most."""
    found: dict[str, None] = {}
    for role, name in (*_in_data(page.linked_data), *_in_lines(page)):
        name = collapse(name).strip(" .")
        if _plausible(name):
            found[f"{collapse(role).lower()}: {name}"] = None
        if len(found) >= MOST:
            break
    return [row(page, "person", "officer", value) for value in found]


def _in_data(data: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    queue, seen = list(data), 0
    while queue and seen < 2000:
        seen += 1
        node = queue.pop(0)
        if isinstance(node, list):
            queue += node[:200]
        if not isinstance(node, dict):
            continue
        queue += [value for value in node.values() if isinstance(value, (dict, list))]
        for slot, role in _SLOTS.items():
            for person in _people(node.get(slot)):
                yield str(person.get("jobTitle") or role)[:60], person["name"]
        for slot in _STAFF:
            for person in _people(node.get(slot)):
                title = person.get("jobTitle")
                if isinstance(title, str) and _ONLY.match(title.strip()):
                    yield title, person["name"]


def _people(value: Any) -> Iterator[dict[str, Any]]:
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            yield item
        elif isinstance(item, str):
            yield {"name": item}


def _in_lines(page: Document) -> Iterator[tuple[str, str]]:
    """A role and a name on one line."""
    for line in lines_that_may(page, _HINTS):
        if len(line) <= _LINE and _BETWEEN.search(line) and _HINT.search(line):
            match = _FIRST.match(line) or _LAST.match(line)
            if match:
                yield match["role"], match["name"]


def _plausible(name: str) -> bool:
    """Two to four words that all begin with a capital, or that have no case."""
    parts = name.split()
    return 2 <= len(parts) <= 4 and len(name) <= 60 and all(not part[0].islower() for part in parts)
