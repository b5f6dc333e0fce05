"""Where a page leads: absolute http(s) addresses with their text and place, for the spider and for checks."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from urllib.parse import urljoin, urlsplit

from scanner.domains import host_of, slashed
from scanner.model import Link
from scanner.observe.page.document import Document
from scanner.observe.page.domains import registrable

MOST_LINKS = 500
MOST_EXTERNAL = 50
_HOME_PATHS = frozenset({"", "/", "/index.html", "/index.php"})
MOST_LOCATIONS = 500
_MOST_LOOKED_AT = 5000
_URL_LIMIT = 2000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Most links are one of two plain forms that need no parsing: a whole URL, or a path without dot segments.
_PLAIN_URL = re.compile(r"https?://[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,250}[a-zA-Z0-9])?/[^\s\\]*\Z")
_PLAIN_PATH = re.compile(r"/(?![/\\])(?:(?!/\.)[^\s\\])*\Z")
_ORIGIN = re.compile(r"https?://[^/?#\s@\\]+(?=[/?#]|\Z)")
_LOC = re.compile(rb"<(?:[\w-]{1,20}:)?loc>\s*+(?:<!\[CDATA\[\s*+)?([^<\]\s]{8,2000})", re.IGNORECASE)


def absolute(base: str, href: str) -> str:
    """`href` against `base` as an http(s) URL without fragment, or "" for every other scheme and for what cannot
    be read. Tabs and line breaks inside are dropped and spaces become %20, as browsers do."""
    if " " in href or "#" in href or not href.isprintable():
        href = _CONTROL.sub("", href).strip().replace(" ", "%20").partition("#")[0]
    if not href or len(href) > _URL_LIMIT:
        return ""
    if _PLAIN_URL.match(href):
        return href
    if href[0] == "/" and _PLAIN_PATH.match(href) and (origin := _ORIGIN.match(base)):
        return origin.group(0) + href
    href = slashed(href)
    try:
        url = href if href[:8].lower().startswith(("http://", "https://")) else urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        _ = parts.port
    except ValueError:
        return ""
    return url if parts.path else parts._replace(path="/").geturl()


def target(page: Document, href: str) -> str:
    """`absolute` of a link on a page, found out once."""
    found = page.resolved.get(href)
    if found is None:
        found = page.resolved[href] = absolute(base_of(page), href)
    return found


def base_of(page: Document) -> str:
    """What relative addresses resolve against: the page's `<base href>`, else its URL."""
    if not page.base:
        return page.url
    return absolute(page.url, page.base) or page.url


def links(page: Document) -> tuple[Link, ...]:
    """At most 500 links, each address once, in the order: refresh, canonical, icons, then anchors as they stand.

    Anchors that only point into the page itself are left out.
    """
    base = base_of(page)
    found: dict[str, Link] = {}
    own = page.url.partition("#")[0]
    if page.refresh and (url := absolute(base, page.refresh)):
        found[url] = Link(url, "", "refresh")
    for rel, href in page.head_links:
        place = "canonical" if rel == "canonical" else "icon" if "icon" in rel.split() else ""
        if rel == "author" and href.endswith("humans.txt"):
            place = "humans"
        if place and (url := absolute(base, href)) and url not in found:
            found[url] = Link(url, "", place)
    known: set[str] = set()
    for anchor in page.anchors:
        href = anchor.href
        if not href or href[0] == "#" or href in known:
            continue
        known.add(href)
        url = target(page, href)
        if not url or (url == own and "#" in href):
            continue
        earlier = found.get(url)
        if earlier is None or (earlier.place == "canonical" and anchor.text):
            found[url] = Link(url, anchor.text, anchor.place)
        if len(found) >= MOST_LINKS:
            break
    return tuple(found.values())


def external_domains(found: tuple[Link, ...], domain: str) -> list[str]:
    """Registrable domains other than `domain` that anchors lead to, each once, 50 at most, in page order."""
    names: dict[str, None] = {}
    for link in found:
        if link.place in ("icon", "canonical", "refresh", "humans"):
            continue
        name = registrable(host_of(link.url))
        if name and name != domain:
            names[name] = None
            if len(names) >= MOST_EXTERNAL:
                break
    return list(names)


def acknowledged_domains(page: Document, domain: str) -> list[str]:
    """Those of them that the site itself stands behind: linked from its menu, header or footer, or on its home
    page. In the text of other pages anybody may leave a link, as a comment or a guest's article."""
    home = urlsplit(page.url).path in _HOME_PATHS
    names: dict[str, None] = {}
    for anchor in page.anchors:
        if not anchor.vouched or (anchor.place == "body" and not home):
            continue
        name = registrable(host_of(target(page, anchor.href)))
        if name and name != domain:
            names[name] = None
            if len(names) >= MOST_EXTERNAL:
                break
    return list(names)


def sitemap(url: str, body: bytes) -> tuple[Link, ...]:
    """The `<loc>` addresses of a sitemap or sitemap index, 500 at most. No XML parser: entities other than the
    predefined ones are never resolved, so there is nothing to expand and nothing to fetch."""
    found: dict[str, Link] = {}
    for match in islice(_LOC.finditer(body), _MOST_LOOKED_AT):
        location = absolute(url, unescape(match.group(1).decode("utf-8", "replace")))
        if location:
            found.setdefault(location, Link(location, "", "sitemap"))
        if len(found) >= MOST_LOCATIONS:
            break
    return tuple(found.values())
