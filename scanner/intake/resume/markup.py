"""HTML and Markdown as lines."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from scanner.intake.periods import is_present
from scanner.intake.resume import codes
from scanner.intake.resume.package import MAX_PICTURE
from scanner.intake.resume.plain import decoded
from scanner.intake.resume.sheet import Sheet, Writer

MAX_NODES = 100_000
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "  # noqa: SIM905
    "header hr html li main nav ol p pre section table tbody thead tfoot tr ul summary figcaption".split()
)
_PARTS = frozenset(("article", "div", "footer", "header", "main", "section", "table"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE = frozenset(("span", "a", "em", "strong", "b", "i", "time", "small"))
_SILENT = frozenset(
    ("script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe", "object")
)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)


def read_html(raw: bytes) -> Sheet:
    """The body's blocks as lines; nothing is fetched, no script runs."""
    head = raw[:2048].lower()
    found = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", head)
    try:
        text = (
            raw.decode(found[1].decode()) if found and not raw.startswith(b"\xef\xbb\xbf") else decoded(raw)
        )
    except (LookupError, UnicodeDecodeError):
        text = decoded(raw)
    return _sheet(text)


def read_markdown(raw: bytes) -> Sheet:
    """CommonMark with tables; a line break in the source stays one."""
    text = _FRONT_MATTER.sub("", decoded(raw).replace("\r\n", "\n"))
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "maxNesting": 20}).enable("table")
    return _sheet(parser.render(text))


def _sheet(html: str) -> Sheet:
    writer = Writer()
    root = LexborHTMLParser(html).body
    if root is not None:
        _walk(root, writer)
    writer.end()
    if root is not None:
        codes.add(writer.sheet, codes.of_pictures(_pictures(root)))
    return writer.sheet


def _pictures(root: Any) -> Iterator[bytes]:
    """Pictures that the page itself holds; what stands elsewhere is not fetched."""
    for node in root.css("img[src^='data:image/']"):
        head, _, data = (node.attributes.get("src") or "").partition(",")
        if head.endswith(";base64") and len(data) < 2 * MAX_PICTURE:
            with contextlib.suppress(ValueError):  # no base64
                yield base64.b64decode(unquote_to_bytes(data))


def _walk(root: Any, writer: Writer) -> None:
    """Depth first without recursion: a page may nest ten thousand deep."""
    stack: list[tuple[Any, bool, int]] = [(root, False, 0)]
    seen = 0
    while stack and seen < MAX_NODES:
        node, leaving, start = stack.pop()
        seen += 1
        tag = node.tag
        if leaving:
            _leave(node, tag, writer, start)
            continue
        if tag == "-text":
            writer.add(
                re.sub(r"\s+", " ", node.text_content or "") if not _in_pre(node) else node.text_content or ""
            )
            continue
        if tag in _SILENT or tag.startswith(("-", "_", "!")):
            continue
        if tag == "br":
            writer.broken()
            continue
        _enter(node, tag, writer)
        stack.append((node, True, writer.at))
        children = []
        child = node.child
        while child is not None:
            children.append((child, False, 0))
            child = child.next
        stack += reversed(children)


def _in_pre(node: Any) -> bool:
    return node.parent is not None and node.parent.tag == "pre"


def _enter(node: Any, tag: str, writer: Writer) -> None:
    if tag in _BLOCKS:
        writer.end()
        if tag in _HEADINGS:
            writer.gap()
            writer.heading, writer.style = True, tag
        writer.bullet = (tag == "li" and not _holds_more(node)) or (writer.bullet and tag in ("p", "div"))
    elif tag in ("td", "th"):
        writer.add("\t")
    elif tag in _INLINE:
        if tag in ("b", "strong"):
            writer.turn()
        before = node.prev
        if before is not None and before.tag == "time" and (tag == "time" or is_present(_short(node))):
            writer.add(" – ")  # when it began, and when it ended
            return
        if before is not None and before.tag in _INLINE and "span" in (before.tag, tag):
            writer.add("\t")  # side by side without a space: set apart by a style sheet


def _short(node: Any) -> str:
    """The text of an element, where it is short."""
    text = node.text() or ""
    return text.strip() if len(text) < 40 else ""


def _holds_more(node: Any, deep: int = 5) -> bool:
    """Whether an item of a list is a part of the page, rather than one thing that is listed: a heading, or several
    blocks besides further lists stand in it."""
    blocks: list[Any] = []
    child = node.child if deep else None
    while child is not None and len(blocks) < 2:
        if child.tag in _HEADINGS or (
            child.tag in _PARTS and child.css_first("h1,h2,h3,h4,h5,h6") is not None
        ):
            return True
        if child.tag in _PARTS or child.tag == "p":
            blocks.append(child)
        child = child.next
    return len(blocks) > 1 or (
        len(blocks) == 1 and blocks[0].tag in _PARTS and _holds_more(blocks[0], deep - 1)
    )


def _leave(node: Any, tag: str, writer: Writer, start: int) -> None:
    if tag == "a":
        url = (node.attributes.get("href") or "").strip()
        if url:
            writer.link(min(start, writer.at), url)
    if tag in ("b", "strong"):
        writer.turn()
    if tag in _BLOCKS:
        writer.end()
        if tag in _HEADINGS:
            writer.heading, writer.style = False, ""
        if tag in ("li", "ul", "ol", "p"):
            writer.bullet = False
