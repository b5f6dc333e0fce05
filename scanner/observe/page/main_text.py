"""The main text of a page: what its author wrote, block by block, without what stands around it on every page.

One walk over the tree that `document.read` has parsed (and stripped of scripts); nothing is parsed twice and nothing
in the tree is changed. Left out: navigation, footers, forms, buttons, cookie banners, dialogs, side bars, what is
hidden, blocks that hold nothing but links, and the second copy of a block (carousels repeat their slides).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scanner.observe.page import document
from scanner.observe.page.document import Document

Kind = Literal["heading", "text", "list", "quote"]

MOST_PASSAGES = 400
MOST_BYTES = 200_000
REPEATED_SHARE = 0.6  # of a site's pages, from which on a passage belongs to the frame
_SHORT_ITEM = 6  # words below which neighbouring list items make one passage
_LINK_WORDS = 8  # a block of links only is a menu up to this many words
_WRAPPER_SHARE = 0.5  # of the page's text: what holds more is the page itself, whatever its class says
_MOST_NODES = 60_000


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of a page's main text, white space collapsed. place: its number on the page, from 0."""

    text: str
    kind: Kind
    place: int


_LEFT_OUT = frozenset(
    "nav footer aside form button select textarea label dialog menu noscript script style template svg iframe object math "
    "head canvas audio video map datalist fieldset legend progress meter".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark picture q ruby rb rt rp s samp small source "
    "span strike strong sub sup time tt u var wbr -text -comment".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_ITEMS = frozenset("li dt dd td th".split())
_ROLES = frozenset(
    "navigation contentinfo search dialog alertdialog menu menubar tablist complementary toolbar alert".split()
)
_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|mainmenu|submenu|dropdown|breadcrumbs?|pagination|pager|sidebar|offcanvas|topbar|"
    r"toolbar|widget-area|copyright|social|socials|share|sharing|newsletter|subscribe|subscription|preloader|loader|"
    r"skip-link|skip-to-content|sr-only|visually-hidden|screen-reader-text|back-to-top|scroll-?top|lightbox|popup|modal|toast|"
    r"(?:site|page|main|global|blog|bottom)-?footer|footer|colophon|language-?switcher|lang-?switch)"
    r"(?:$|[\s_-](?!item-text))|cookie|consent|gdpr|onetrust|cc-window|(?:^|[\s_-])slick-cloned(?:$|\s)|swiper-slide-duplicate",
    re.IGNORECASE,
)


def passages(page: Document) -> tuple[Passage, ...]:
    """The main text of a page that was read, at most MOST_PASSAGES blocks and MOST_BYTES bytes of UTF-8."""
    tree = getattr(page, "tree", None)
    if tree is None:  # a page kept without its tree
        tree = LexborHTMLParser(document._not_too_deep(page.html))
    return of_tree(tree)


def of_tree(tree: LexborHTMLParser) -> tuple[Passage, ...]:
    """The main text of a parsed page, see `passages`."""
    body = tree.body
    if body is None:
        return ()
    walk = _Walk(len(body.text()) * _WRAPPER_SHARE)
    walk.over(body)
    return _within_limits(walk.blocks)


class _Walk:
    """Goes through the tree in order and gathers text until a block begins or ends."""

    def __init__(self, wrapper: float) -> None:
        self.wrapper = wrapper  # characters from which on an element counts as the page itself
        self.blocks: list[tuple[str, Kind]] = []
        self.parts: list[str] = []
        self.linked = 0  # characters of the gathered text that stand inside <a>
        self.kind: Kind = "text"
        self.in_link = 0
        self.break_before = False

    def over(self, body: LexborNode) -> None:
        stack: list[tuple[LexborNode, str, Kind]] = []
        node = body.first_child
        room = _MOST_NODES
        while node is not None and room:
            room -= 1
            tag = node.tag or ""
            down = None
            if tag == "-text":
                self.text(node)
            elif self.enters(node, tag):
                down = node.first_child
                if down is not None:
                    stack.append((node, tag, self.kind))
                    self.begin(tag)
                    node = down
                    continue
            following = node.next
            while following is None and stack:
                parent, tag, kind = stack.pop()
                self.end(tag, kind)
                following = parent.next
            node = following
        self.flush()

    def text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if not text or text.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        self.parts.append(text)
        self.break_before = False
        if self.in_link:
            self.linked += len(text)

    def begin(self, tag: str) -> None:
        if tag in _INLINE:
            if tag == "a":
                self.in_link += 1
            return
        self.flush()
        if tag in _HEADINGS:
            self.kind = "heading"
        elif tag in _ITEMS:
            self.kind = "list"
        elif tag == "blockquote":
            self.kind = "quote"
        elif tag == "p" and self.kind == "list":
            self.kind = "text"

    def end(self, tag: str, kind: Kind) -> None:
        if tag in _INLINE:
            if tag == "a":
                self.in_link -= 1
            return
        self.flush()
        self.kind = kind

    def enters(self, node: LexborNode, tag: str) -> bool:
        """Whether the element's text belongs to the page's own."""
        if tag == "br":
            if self.break_before:
                self.flush()
            elif self.parts:
                self.parts.append(" ")
                self.break_before = True
            return False
        if tag == "a" or tag in _HEADINGS:
            return True
        if tag in _LEFT_OUT:
            return self.kind == "quote" if tag == "footer" else self.is_wrapper(node)
        if tag == "header":
            return self.is_masthead(node)
        attributes = node.attributes
        if not attributes:
            return True
        if self.is_frame(attributes):
            return self.is_wrapper(node)
        return True

    def is_frame(self, attributes: dict[str, str | None]) -> bool:
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        role = attributes.get("role")
        if role and role in _ROLES:
            return True
        style = attributes.get("style")
        if style and _STYLE.search(style):
            return True
        named = attributes.get("class")
        if named and _NAMED.search(named):
            return True
        named = attributes.get("id")
        return bool(named and _NAMED.search(named))

    def is_wrapper(self, node: LexborNode) -> bool:
        return len(node.text()) > self.wrapper

    def is_masthead(self, node: LexborNode) -> bool:
        """A header that says something: a heading or a paragraph beside its menu."""
        return bool(node.css("h1, h2, h3, p"))

    def flush(self) -> None:
        if not self.parts:
            return
        text = " ".join("".join(self.parts).split())
        linked, self.linked, self.break_before = self.linked, 0, False
        self.parts.clear()
        if not text:
            return
        if linked and self.kind != "heading" and linked * 5 > len(text) * 4 and text.count(" ") < _LINK_WORDS:
            return
        self.blocks.append((text, self.kind))


def _within_limits(blocks: Iterable[tuple[str, Kind]]) -> tuple[Passage, ...]:
    found: list[Passage] = []
    seen: set[str] = set()
    room = MOST_BYTES
    for text, kind in _joined(blocks):
        if text in seen:
            continue
        seen.add(text)
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if size > room:
            text = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip()
        if text:
            found.append(Passage(text, kind, len(found)))
        room -= size
        if room <= 0 or len(found) >= MOST_PASSAGES:
            break
    return tuple(found)


def _joined(blocks: Iterable[tuple[str, Kind]]) -> Iterable[tuple[str, Kind]]:
    """Blocks, with neighbouring short items of lists and tables as one."""
    items: list[str] = []
    for text, kind in blocks:
        if kind == "list" and text.count(" ") < _SHORT_ITEM - 1:
            items.append(text)
            continue
        if items:
            yield " · ".join(items), "list"
            items = []
        yield text, kind
    if items:
        yield " · ".join(items), "list"


def without_frame(pages: Sequence[Sequence[Passage]]) -> list[tuple[Passage, ...]]:
    """The pages of one site without the passages that stand on most of them (from three pages on)."""
    if len(pages) < 3:
        return [tuple(page) for page in pages]
    counts: dict[str, int] = {}
    for page in pages:
        for text in {passage.text for passage in page}:
            counts[text] = counts.get(text, 0) + 1
    least = max(3, REPEATED_SHARE * len(pages))
    return [tuple(passage for passage in page if counts[passage.text] < least) for page in pages]
