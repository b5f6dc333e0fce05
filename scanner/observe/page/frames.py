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
