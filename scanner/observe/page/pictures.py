"""The pictures a page shows: their addresses as a browser would take them, with the words beside them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from selectolax.lexbor import LexborNode

from scanner.model import Shown
from scanner.observe.page.document import Document, attribute, collapse
from scanner.observe.page.links import absolute, base_of

MOST_SHOWN = 60  # pictures of one page
ENOUGH_WIDTH = 480  # pixels: of several sizes of one picture the smallest that has them is taken
_LOOKED_AT = 400
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-image")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_ENTRY = re.compile(r"\s*([^\s,]\S{0,1999}?)(?:\s+(\d{1,5})(?:\.\d+)?([wx]))?\s*(?:,\s|,?\Z)")
_NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*\Z")


def pictures(page: Document) -> tuple[Shown, ...]:
    """Pictures of `<img>` elements in page order, each address once, those that load late included.

    Leaves out what no server is asked for (`data:`), and nothing else: whether one is worth asking for is for
    who asks to say.
    """
    if page.tree is None:
        return ()
    base = base_of(page)
    found: dict[str, Shown] = {}
    for node in page.tree.css("img")[:_LOOKED_AT]:
        url = _original(absolute(base, _source(node)))
        if not url or url in found:
            continue
        alt = collapse(attribute(node, "alt"))[:200]
        found[url] = Shown(url, alt, _pixels(attribute(node, "width")), _pixels(attribute(node, "height")))
        if len(found) >= MOST_SHOWN:
            break
    return tuple(found.values())


def _source(node: LexborNode) -> str:
    """The address of one size of the picture: what is shown where a script fills it in later too."""
    for name in _SETS:
        if chosen := of_set(attribute(node, name)):
            return chosen
    for name in _LAZY:
        if value := attribute(node, name):
            return value
    return attribute(node, "src")


def _original(url: str) -> str:
    """The picture that an image service of the site's own host scales down, where the address names it.

    >>> _original("https://a.example/_next/image?url=%2Fteam.jpg&w=640&q=75")
    'https://a.example/team.jpg'
    """
    path, found, query = url.partition("?")
    if found and path.endswith("/_next/image"):
        named = next((value for name, value in parse_qsl(query) if name == "url"), "")
        return absolute(path, named) or url
    return url


def of_set(srcset: str) -> str:
    """One address of a `srcset`: the smallest picture of enough pixels, else the largest; "" where no widths stand.

    >>> of_set("a-300.jpg 300w, a-600.jpg 600w, a-1200.jpg 1200w"), of_set("a.jpg 1x, b.jpg 2x")
    ('a-600.jpg', '')
    """
    widths: dict[int, str] = {}
    at = 0
    srcset = srcset[:8000]
    while at < len(srcset) and (match := _ENTRY.match(srcset, at)) and match.end() > at:
        url, number, unit = match.groups()
        if unit == "w" and not url.startswith("data:"):
            widths.setdefault(int(number), url)
        at = match.end()
    enough = [width for width in widths if width >= ENOUGH_WIDTH]
    return widths[min(enough) if enough else max(widths)] if widths else ""


def _pixels(text: str) -> int:
    found = _NUMBER.match(text)
    return int(found.group(1)) if found else 0
