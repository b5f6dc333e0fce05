"""The main text of a page: what its author wrote, block by block, without what stands around it on every page.

One walk over the tree that `document.read` has parsed (and stripped of scripts); nothing is parsed twice and nothing
in the tree is changed. Left out: navigation, footers, forms, buttons, cookie banners, dialogs, side bars, what is
hidden, blocks that hold nothing but links, copyright notices, and the second copy of a block (carousels repeat
their slides).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scanner.observe.page import document
from scanner.observe.page.document import Document
from scanner.observe.page.frames import doubt_of
from scanner.observe.page.markup import tamed

Kind = Literal["heading", "text", "list", "quote"]

MOST_PASSAGES = 400
MOST_BYTES = 200_000
_SHORT_ITEM = 6  # words below which neighbouring list items make one passage
_NOTICE_WORDS = 25  # a copyright notice is a footer's up to this many words, wherever it stands
_LINK_WORDS = 8  # a block of links only is a menu up to this many words
_WRAPPER_SHARE = 0.5  # of the page's text: what holds more is the page itself, whatever its class says
_MOST_NODES = 60_000


class Passage(msgspec.Struct, frozen=True):
    """One block of a page's main text, white space collapsed. place: its number on the page, from 0."""

    text: str
    kind: Kind
    place: int


# What a tag means to the walk; tags not named here begin and end a block. In this order: what may be a frame by its
# class or the like lies between _SPAN and _SLIGHTLY, and what flows within a line of text up to _SPAN.
_TEXT, _INLINE, _LINK, _SPAN, _BLOCK, _ITEM, _QUOTE, _PARAGRAPH, _HEADING, _SLIGHTLY = range(10)
_BREAK, _OUT, _FOOTER, _HEADER = range(10, 14)


def _each(tags: str, meaning: int) -> dict[str | None, int]:
    return dict.fromkeys(tags.split(), meaning)


_TAGS: dict[str | None, int] = {
    "-text": _TEXT,
    "span": _SPAN,
    "a": _LINK,
    "p": _PARAGRAPH,
    "header": _HEADER,
    "footer": _FOOTER,
    "br": _BREAK,
}
_TAGS |= _each("h1 h2 h3 h4 h5 h6", _HEADING)
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
    """A page parsed and stripped as `document.read` does it, for one that was kept without its tree."""
    tree = LexborHTMLParser(tamed(html))
    tree.strip_tags(document._UNSEEN, recursive=True)
    return tree


def of_tree(tree: LexborHTMLParser) -> tuple[Passage, ...]:
    """The main text of a page parsed as `document.read` does it: stripped, a form feed before each block-level tag."""
    body = tree.body
    if body is None:
        return ()
    walk = _Walk(len(body.text_lexbor()))
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
            if node.is_empty_text_node:
                if parts:
                    parts.append(" ")
            elif (code := meaning(node.tag_id, _BLOCK)) == _TEXT:
                text = node.text_content or ""
                parts.append(text)
                if links:
                    self.linked += len(text.strip())
            elif code == _BREAK:
                if len(parts) > 1 and _BROKEN in parts[-2:]:
                    self.flush(kind)
                elif parts:
                    parts.append(_BROKEN)
            elif _PARAGRAPH <= code <= _HEADING:
                if parts:
                    self.flush(kind)
                if not self.is_frame(node, code, kind):
                    self.leaf(node, "heading" if code == _HEADING else "quote" if kind == "quote" else "text")
            elif (code <= _LINK or not self.is_frame(node, code, kind)) and (
                down := node.first_child
            ) is not None:
                within = code <= _SPAN
                inner: Kind = "list" if code == _ITEM else "quote" if code == _QUOTE else kind
                if parts and not within:
                    self.flush(kind)
                if down.next is not None or meaning(down.tag_id) != _TEXT:
                    stack.append((node, code, kind))
                    kind = inner
                    links += code == _LINK
                    node = down
                    continue
                # nothing but text in it, as in most: there is no need to go down
                text = down.text_content or ""
                parts.append(text)
                if links or code == _LINK:
                    self.linked += len(text.strip())
                if not within:
                    self.flush(inner)
            following = node.next
            while following is None and stack:
                node, code, before = stack.pop()
                if code == _LINK:
                    links -= 1
                elif code > _SPAN:
                    if parts:
                        self.flush(kind)
                    kind = before
                following = node.next
            node = following
        if parts:
            self.flush(kind)

    def leaf(self, node: LexborNode, kind: Kind) -> None:
        """A paragraph or heading: it holds no other block."""
        first = node.first_child
        if first is None:
            return
        if first.next is None and first.is_text_node:
            self.add(first.text_content or "", kind, 0)
            return
        parts: list[str] = []
        links: list[LexborNode] = []
        apart: set[int] = set()  # what comes after a block within it, against the rules
        for inside in islice(node.traverse(include_text=True), 1, None):
            code = _NUMBERS.get(inside.tag_id, _BLOCK)
            if apart and inside.mem_id in apart:
                parts.append(" ")
            if code == _TEXT:
                parts.append(inside.text_content or "")
                continue
            if code in (_LINK, _SLIGHTLY):  # a link or a button
                links.append(inside)
            if code > _SPAN:
                parts.append(" ")
                if (following := inside.next) is not None:
                    apart.add(following.mem_id)
        text = "".join(parts)
        linked = 0
        if links and kind != "heading" and text.count(" ") < _LINK_WORDS:
            linked = sum(len(link.text_lexbor().strip()) for link in links)
        self.add(text, kind, linked)

    def is_frame(self, node: LexborNode, code: int, kind: Kind) -> bool:
        """Whether an element belongs to what stands around the text."""
        if code > _SLIGHTLY:
            if code == _HEADER:
                return node.css_first("h1, h2, h3, p") is None
            return (code == _OUT or kind != "quote") and not self.is_wrapper(node)
        attributes = node.attributes
        doubt = doubt_of(attributes) if attributes else 0
        if not doubt and code != _SLIGHTLY:
            return False
        return not (self.is_wrapper(node) if doubt == 2 else self.is_prose(node))

    def is_wrapper(self, node: LexborNode) -> bool:
        size = len(node.text_lexbor()) if self.patience > 0 else 0
        self.patience -= size
        return size > self.wrapper

    def is_prose(self, node: LexborNode) -> bool:
        """Whether an element holds sentences, not just links and labels."""
        if self.patience <= 0:
            return True
        text = node.text_lexbor()
        self.patience -= len(text)
        if len(text) <= _SLIGHT or not _is_longer(text, _SLIGHT):
            return False
        return _is_longer(text, _SLIGHT + sum(len(link.text_lexbor()) for link in node.css("a")))

    def flush(self, kind: Kind) -> None:
        """Ends the block gathered so far."""
        parts = self.parts
        self.add(parts[0] if len(parts) == 1 else "".join(parts), kind, self.linked)
        self.linked = 0
        parts.clear()

    def add(self, text: str, kind: Kind, linked: int) -> None:
        """Takes a block of which so many characters are links; links alone make none, nor does a copyright notice."""
        if text.isprintable() and "  " not in text:
            text = text.strip()  # what white space it has are single spaces, as in most: nothing to collapse
        else:
            if not text.isascii():
                text = _SOFT.sub("", text)
            text = " ".join(text.split())
        if not text:
            return
        if linked and kind != "heading" and linked * 5 > len(text) * 4 and text.count(" ") < _LINK_WORDS:
            return
        if text[0] in "©Cc(" and text.count(" ") < _NOTICE_WORDS and _NOTICE.match(text):
            return
        self.blocks.append((text, kind))


def _is_longer(text: str, size: int) -> bool:
    """Whether a text has more characters than that when white space is collapsed; a long one is not read to its end."""
    return len(" ".join(text[: 2 * size].split())) > size or len(" ".join(text.split())) > size


_NUMBERS = _numbers()


def _within_limits(blocks: Iterable[tuple[str, Kind]]) -> tuple[Passage, ...]:
    kinds: dict[str, Kind] = {}  # of each text, in the order in which they first came
    for text, kind in _joined(blocks):
        kinds.setdefault(text, kind)
    if len(kinds) > MOST_PASSAGES or 4 * sum(map(len, kinds)) > MOST_BYTES:
        kinds = _cut(kinds)
    return tuple([Passage(text, kind, place) for place, (text, kind) in enumerate(kinds.items())])


def _cut(kinds: dict[str, Kind]) -> dict[str, Kind]:
    """As many texts from the first on as the limits take, the last one perhaps cut off."""
    kept: dict[str, Kind] = {}
    room = MOST_BYTES
    for text, kind in kinds.items():
        taken = text.encode("utf-8", "replace")[:room]
        room -= len(taken)
        if whole := taken.decode("utf-8", "ignore").rstrip():
            kept[whole] = kind
        if room <= 0 or len(kept) >= MOST_PASSAGES:
            break
    return kept


def _joined(blocks: Iterable[tuple[str, Kind]]) -> list[tuple[str, Kind]]:
    """Blocks, with neighbouring short items of lists and tables as one."""
    joined: list[tuple[str, Kind]] = []
    items: list[str] = []
    for block in blocks:
        if block[1] == "list" and block[0].count(" ") < _SHORT_ITEM - 1:
            items.append(block[0])
            continue
        if items:
            joined.append((" · ".join(items), "list"))
            items = []
        joined.append(block)
    if items:
        joined.append((" · ".join(items), "list"))
    return joined
