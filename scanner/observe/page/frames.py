"""What an element's attributes say of its part in the page: menus, footers and banners name themselves."""

from __future__ import annotations

import re
from functools import lru_cache

_ROLES = frozenset({"navigation", "contentinfo", "search", "menu", "menubar", "toolbar", "alert"})
_ROLES_IF_SLIGHT = frozenset({"dialog", "alertdialog", "tablist", "complementary"})
_TELLING = frozenset({"id", "role", "hidden", "aria-hidden", "style"})  # attributes, beside the class
_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:(?:site|page|main|global|blog|bottom)-?footer|footer|colophon|copyright|nav|navbar|navigation|main-?menu|menu|submenu|"
    r"breadcrumbs?|pagination|pager|skip-link|skip-to-content|cc-window)(?:$|\s|[_-](?!content|wrap|page|body|main|item-text))"
    r"|cookie|consent|gdpr|onetrust|(?:^|[\s_-])slick-cloned(?:$|\s)|swiper-slide-duplicate",
    re.IGNORECASE,
)
_NAMED_IF_SLIGHT = re.compile(
    r"(?:^|[\s_-])(?:dropdown|sidebar|offcanvas|topbar|toolbar|widget-area|socials?|share|sharing|newsletter|subscribe|subscription|"
    r"preloader|loader|sr-only|visually-hidden|screen-reader-text|back-to-top|scroll-?top|lightbox|popup|modal|toast|"
    r"language-?switcher|lang-?switch)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LONGEST_NAME = 400  # characters of a class or an id that are looked at
PLACES = {
    "footer": frozenset({"footer", "site-footer"}),
    "header": frozenset({"site-header"}),
    "nav": frozenset({"navbar", "nav", "menu"}),
}
"""Parts of a page, each the tag of its frame, and the classes that say the same."""
_PLACE_IDS = {
    "footer": "footer",
    "colophon": "footer",
    "header": "header",
    "menu": "nav",
    "nav": "nav",
}
_PLACE_ROLES = {"contentinfo": "footer", "banner": "header", "navigation": "nav"}


def doubt_of(attributes: dict[str, str | None]) -> int:
    """2 for what names itself frame, 1 for what often is or is hidden, 0 for the rest."""
    doubt = 0
    if name := attributes.get("class"):
        doubt = _named(name[:200])
    if _TELLING.isdisjoint(attributes):
        return doubt
    if doubt < 2 and (label := attributes.get("id")):
        doubt = max(doubt, _named(label[:200]))
    if doubt < 2 and (role := attributes.get("role")):
        doubt = max(doubt, 2 if role in _ROLES else int(role in _ROLES_IF_SLIGHT))
    if doubt:
        return doubt
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return 1
    style = attributes.get("style")
    return 1 if style and _STYLE.search(style) else 0


@lru_cache(maxsize=4096)
def _named(value: str) -> int:
    return 2 if _NAMED.search(value) else int(_NAMED_IF_SLIGHT.search(value) is not None)


@lru_cache(maxsize=4096)
def places_of(tag: str | None, name: str | None, label: str | None, role: str | None) -> frozenset[str]:
    """Of which parts of the page an element is the frame, as its tag, its class, its id or its role say it."""
    found = {tag} if tag in PLACES else set()
    name, label = (name or "")[:_LONGEST_NAME], (label or "")[:_LONGEST_NAME]
    found |= _by_class(name.split())
    if label in _PLACE_IDS:
        found.add(_PLACE_IDS[label])
    if role in _PLACE_ROLES:
        found.add(_PLACE_ROLES[role])
    if not found:  # pages without a doctype: case says nothing there
        found = _by_class(name.lower().split())
        found |= {_PLACE_IDS[label.lower()]} if label.lower() in _PLACE_IDS else set()
    return frozenset(found)


def _by_class(words: list[str]) -> set[str]:
    return {place for place, names in PLACES.items() if not names.isdisjoint(words)}
