"""The report as one HTML file: no script, nothing remote, no link that leads anywhere but within the page.

Whatever came from a site, a registry or a résumé reaches the page as text: escaped by the templates, and before that
freed of control characters, of characters that turn the direction of writing round, and of piles of accents.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scanner.report.html_facts import Facts
from scanner.report.html_lanes import FOOT, HEAD, LANE_HEIGHT
from scanner.report.html_page import page_of
from scanner.report.text import plain

MARK = '<meta name="generator" content="falsefront">'
"""Stands in the head of every report, so that only a report is ever replaced by the next one."""
MOST_LETTERS, BRIEF_LETTERS, MOST_ACCENTS = 1500, 200, 3
"""Of one value, of one where it is told first, and accents on one letter: what is longer is cut and says so."""


def render(document: Mapping[str, Any], facts: Facts) -> str:
    """The whole page of one scan: the document of `report --format json`, and its dated facts."""
    template = _environment().get_template("report.html")
    style = _style()
    return template.render(
        page=page_of(document, facts),
        style=Markup(style),  # noqa: S704  our own file, nothing is put into it
        policy=_policy(style, pictures=bool(facts.screenshots)),
        generator=Markup(MARK),  # noqa: S704
        lane={"height": LANE_HEIGHT, "head": HEAD, "foot": FOOT},
    )


def harmless(value: object) -> str:
    """A value as one line of text that shows what it is and moves nothing around it.

    >>> harmless("a\\u202eb\\n c"), harmless("e" + "\\u0301" * 9) == "e" + "\\u0301" * 3
    ('a\\ufffdb c', True)
    """
    text = " ".join(str(value).split()) if not isinstance(value, str) or value.strip() else ""
    lead = " " if isinstance(value, str) and value[:1].isspace() else ""
    tail = " " if isinstance(value, str) and text and value[-1:].isspace() else ""
    text = f"{lead}{text}{tail}"
    if len(text) > MOST_LETTERS:
        text = f"{text[:MOST_LETTERS]}…"
    return text if text.isascii() and text.isprintable() else _few_accents(plain(text))


def _few_accents(text: str) -> str:
    kept, pile = [], 0
    for char in text:
        pile = pile + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if pile <= MOST_ACCENTS:
            kept.append(char)
    return "".join(kept)


def _brief(value: str) -> str:
    """A value where it is told first; the whole of it stands with the fact."""
    return value if len(value) <= BRIEF_LETTERS else f"{value[:BRIEF_LETTERS].rsplit(' ', 1)[0]} …"


def _finalised(value: object) -> object:
    """What every `{{ … }}` of the templates passes through, before it is escaped."""
    return value if isinstance(value, Markup) else harmless(value)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("scanner.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalised,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["brief"] = _brief
    return environment


@cache
def _style() -> str:
    loader = _environment().loader
    assert loader is not None
    text = loader.get_source(_environment(), "report.css")[0]
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _policy(style: str, *, pictures: bool) -> str:
    """Nothing may be loaded, run, sent or framed; the one style sheet is named by its digest."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    images = "; img-src data:" if pictures else ""
    return f"default-src 'none'; style-src 'sha256-{digest}'{images}; base-uri 'none'; form-action 'none'"
