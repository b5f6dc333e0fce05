"""The main text of a page: what its author wrote, block by block, without what stands around it on every page.

One walk over the tree that `document.read` has parsed (and stripped of scripts); nothing is parsed twice and nothing
in the tree is changed. Left out: navigation, footers, forms, buttons, cookie banners, dialogs, side bars, what is
hidden, blocks that hold nothing but links, copyright notices, and the second copy of a block (carousels repeat
their slides).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scanner.observe.page import document
from scanner.observe.page.document import Document
from scanner.observe.page.markup import tamed

Kind = Literal["heading", "text", "list", "quote"]

MOST_PASSAGES = 400
MOST_BYTES = 200_000
_SHORT_ITEM = 6  # words below which neighbouring list items make one passage
_NOTICE_WORDS = 25  # a copyright notice is a footer's up to this many words, wherever it stands
_LINK_WORDS = 8  # a block of links only is a menu up to this many words
_WRAPPER_SHARE = 0.5  # of the page's text: what holds more is the page itself, whatever its class says
_MOST_NODES = 60_000


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of a page's main text, white space collapsed. place: its number on the page, from 0."""

    text: str
    kind: Kind
    place: int


# What a tag means to the walk; tags not named here begin and end a block.
_BLOCK, _TEXT, _INLINE, _SPAN, _LINK, _LEAF, _ITEM, _QUOTE, _OUT, _SLIGHTLY, _HEADER, _FOOTER, _BREAK = range(
    13
)


def _each(tags: str, meaning: int) -> dict[str | None, int]:
    return dict.fromkeys(tags.split(), meaning)


_WITHIN = (_INLINE, _LINK)
_TAGS: dict[str | None, int] = {
    "-text": _TEXT,
    "span": _SPAN,
    "a": _LINK,
    "p": _LEAF,
    "header": _HEADER,
    "footer": _FOOTER,
    "br": _BREAK,
}
_TAGS |= _each("h1 h2 h3 h4 h5 h6", _LEAF)
_TAGS |= _each("li dt dd td th", _ITEM)
_TAGS |= _each("blockquote", _QUOTE)
_TAGS |= _each(
    "abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark picture q ruby rb rt rp s samp small "
    "source strike strong sub sup time tt u var wbr",
    _INLINE,
)
# Never the author's text, whatever it holds.
_TAGS |= _each(
    "nav form select textarea menu noscript script style template svg iframe object math head canvas audio video map "
    "datalist fieldset progress meter -comment",
    _OUT,
)
# Frame when there is little in it: portfolios keep their case studies in dialogs and behind buttons.
_TAGS |= _each("aside button dialog label legend", _SLIGHTLY)


def _numbers() -> dict[int, int]:
    """The meanings by the parser's own numbers of tags, which are twice as fast to ask for as their names."""
    found = {}
    for name, code in _TAGS.items():
        cell = f"<table><tr><{name}>x</table>" if name in ("td", "th") else f"<{name}>x"
        tree = LexborHTMLParser(f"<body>{cell}" if name and name[0] != "-" else "<body><!--x-->x")
        for node in tree.root.traverse(include_text=True) if tree.root is not None else ():
            if node.tag == name and node.tag_id is not None:
                found[node.tag_id] = code
    return found


_ROLES = frozenset({"navigation", "contentinfo", "search", "menu", "menubar", "toolbar", "alert"})
_ROLES_IF_SLIGHT = frozenset({"dialog", "alertdialog", "tablist", "complementary"})
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
_MARKED = re.compile(r"<(?=/?(?:[bB](?:[rR]|[uU][tT][tT][oO][nN])|[lL][aA][bB][eE][lL])[\s/>])")
# Characters of text outside links below which an element of doubtful name, or a hidden one, is frame.
_SLIGHT = 160
_NOTICE = re.compile(
    r"(?:©|\(c\)|copyright\b)[\s©]*(?:\(c\)\s*)?(?:[\w&.,'-]+\s){0,4}(?:19|20)\d\d\b", re.IGNORECASE
)
_BROKEN = " \n"
_SOFT = re.compile("[\u00ad\u200b\ufeff]")  # where a line may break: no reader sees them


def passages(page: Document) -> tuple[Passage, ...]:
    """The main text of a page that was read, at most MOST_PASSAGES blocks and MOST_BYTES bytes of UTF-8."""
    return of_tree(parsed(page.html) if page.tree is None else page.tree)


def parsed(html: str) -> LexborHTMLParser:
    """A page parsed and stripped as `document.read` does it, for one that was kept without its tree. Only what can
    stand within a paragraph or a heading is marked: the walk sees the other blocks for itself."""
    tree = LexborHTMLParser(_MARKED.sub("\f<", tamed(html)))
    tree.strip_tags(document._UNSEEN, recursive=True)
    return tree


def of_tree(tree: LexborHTMLParser) -> tuple[Passage, ...]:
    """The main text of a page parsed as `document.read` does it: stripped, a form feed before each block-level tag."""
    body = tree.body
    if body is None:
        return ()
    walk = _Walk(len(body.text()))
    walk.over(body)
    return _within_limits(walk.blocks)


class _Walk:
    """Goes through the tree in order and gathers text until a block begins or ends."""

    def __init__(self, characters: int) -> None:
        self.wrapper = characters * _WRAPPER_SHARE  # an element with more than this is the page itself
        self.patience = 4 * characters + 100_000  # characters that may be looked at twice
        self.blocks: list[tuple[str, Kind]] = []
        self.parts: list[str] = []
        self.linked = 0  # characters of the gathered text that stand inside <a>

    def over(self, body: LexborNode) -> None:
        parts, meaning = self.parts, _NUMBERS.get
        stack: list[tuple[LexborNode, int, Kind]] = []
        kind: Kind = "text"
        links = 0
        node = body.first_child
        for _ in range(_MOST_NODES):
            if node is None:
                break
            code = _TEXT if (empty := node.is_empty_text_node) else meaning(node.tag_id, _BLOCK)
            if code == _TEXT:
                text = None if empty else node.text_content
                if text and not text.isspace():
                    parts.append(text)
                    if links:
                        self.linked += len(text.strip())
                elif parts:
                    parts.append(" ")
            elif code == _BREAK:
                if len(parts) > 1 and _BROKEN in parts[-2:]:
                    self.flush(kind)
                elif parts:
                    parts.append(_BROKEN)
            elif code == _LEAF:
                if parts:
                    self.flush(kind)
                if not self.is_frame(node, code, kind):
                    self.leaf(node, "heading" if node.tag != "p" else "quote" if kind == "quote" else "text")
            elif (code in _WITHIN or not self.is_frame(node, code, kind)) and (
                down := node.first_child
            ) is not None:
                stack.append((node, code, kind))
                if code == _LINK:
                    links += 1
                elif code not in (_INLINE, _SPAN):
                    if parts:
                        self.flush(kind)
                    kind = "list" if code == _ITEM else "quote" if code == _QUOTE else kind
                node = down
                continue
            following = node.next
            while following is None and stack:
                node, code, before = stack.pop()
                if code == _LINK:
                    links -= 1
                elif code not in (_INLINE, _SPAN):
                    if parts:
                        self.flush(kind)
                    kind = before
                following = node.next
            node = following
        if parts:
            self.flush(kind)

    def leaf(self, node: LexborNode, kind: Kind) -> None:
        """A paragraph or heading: it holds no other block."""
        text = node.text()
        self.parts.append(text)
        if kind != "heading" and text.count(" ") < _LINK_WORDS and _holds_elements(node):
            self.linked = sum(len(link.text().strip()) for link in node.css("a, button"))
        self.flush(kind)

    def is_frame(self, node: LexborNode, code: int, kind: Kind) -> bool:
        """Whether an element belongs to what stands around the text."""
        if code == _OUT:
            return not self.is_wrapper(node)
        if code == _FOOTER:
            return kind != "quote" and not self.is_wrapper(node)
        if code == _HEADER:
            return node.css_first("h1, h2, h3, p") is None
        attributes = node.attributes
        doubt = _doubt(attributes) if attributes else 0
        if doubt == 2:
            return not self.is_wrapper(node)
        return bool(doubt or code == _SLIGHTLY) and not self.is_prose(node)

    def is_wrapper(self, node: LexborNode) -> bool:
        size = len(node.text()) if self.patience > 0 else 0
        self.patience -= size
        return size > self.wrapper

    def is_prose(self, node: LexborNode) -> bool:
        """Whether an element holds sentences, not just links and labels."""
        if self.patience <= 0:
            return True
        text = node.text()
        self.patience -= len(text)
        size = len(" ".join(text.split()))
        return size > _SLIGHT and size - sum(len(link.text()) for link in node.css("a")) > _SLIGHT

    def flush(self, kind: Kind) -> None:
        """Ends the block gathered so far; links alone make none, nor does a copyright notice."""
        parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        if not text.isascii():
            text = _SOFT.sub("", text)
        text = " ".join(text.split())
        linked, self.linked = self.linked, 0
        self.parts.clear()
        if not text:
            return
        if linked and kind != "heading" and linked * 5 > len(text) * 4 and text.count(" ") < _LINK_WORDS:
            return
        if text[0] in "©Cc(" and text.count(" ") < _NOTICE_WORDS and _NOTICE.match(text):
            return
        self.blocks.append((text, kind))


def _holds_elements(node: LexborNode) -> bool:
    first = node.first_child
    return first is not None and (first.tag != "-text" or first.next is not None)


def _doubt(attributes: dict[str, str | None]) -> int:
    """2 for what names itself frame, 1 for what often is or is hidden, 0 for the rest."""
    doubt = 0
    if name := attributes.get("class"):
        doubt = _named(name[:200])
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


_NUMBERS = _numbers()


@lru_cache(maxsize=4096)
def _named(value: str) -> int:
    return 2 if _NAMED.search(value) else int(_NAMED_IF_SLIGHT.search(value) is not None)


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
