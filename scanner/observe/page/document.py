"""A page parsed once: title, visible text in lines, links, metas, scripts, pictures.

Parsing is selectolax (lexbor): 0.2 ms for a page of 21 kB. Line structure comes from a form feed set before
each block-level tag ahead of parsing: white space to HTML (so it moves no node), a mark to us, and ten times
cheaper than walking the tree.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scanner.observe.page.frames import PLACES, places_of
from scanner.observe.page.markup import tamed

TEXT_LIMIT = 1_000_000  # characters of visible text that patterns look at
SCRIPT_LIMIT = 1_000_000  # characters of inline script that patterns look at

_BLOCKS = (
    "p div li ul ol h1 h2 h3 h4 h5 h6 br tr td th table section article header footer nav main aside form address dt "
    "dd dl blockquote pre figure figcaption hr button option label"
)


def _spelt(names: list[str]) -> str:
    """A pattern for tag names and what ends them, letter by letter: twice as fast as trying one name after another."""
    ways: dict[str, list[str]] = {}
    for name in names:
        ways.setdefault(name[:1], []).append(name[1:])
    rest = [rf"[{first}{first.upper()}]" + _spelt(more) for first, more in sorted(ways.items()) if first]
    rest += [r"[\s/>]"] if "" in ways else []
    return rest[0] if len(rest) == 1 else "(?:" + "|".join(rest) + ")"


_BLOCK = re.compile("<(?=/?" + _spelt(_BLOCKS.split()) + ")")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
_REACHING = ("mailto:", "tel:")
_NOT_VOUCHED = frozenset({"ugc", "nofollow", "sponsored"})
_MOST_NOSCRIPTS = 20
_MOST_ROOTS = 20
_MOST_ANCHORS = 5000
_MOST_FRAMES = 200  # footers, headers or menus of a page; each is searched for its links
_UNSEEN = ["script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math"]
_IDEOGRAPH = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")
_FOOTER = "footer, [role=contentinfo], #footer, .footer, #colophon, .site-footer"
_ROOTS = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "app-root", "react-root", "main-app", "q-app"}
)
# One selector for all that is looked at, and one more for what is read without scripts: each question walks the tree.
_ASKED = (
    "html, title, base[href], meta, link[href], script, iframe[src], noscript, a[href], area[href], img, form, "
    "app-root, [ng-app], [id], [role], footer, header, nav, .footer, .site-footer, .site-header, .navbar, .nav, .menu"
)
_ASKED_OF_TEXT = f"{_FOOTER}, address, h1, h2"


class Anchor(msgspec.Struct, frozen=True):  # a page has dozens: made in a fifth of a data class' time
    """One `<a href>` as written: the address unresolved, its visible text, and where it stood."""

    href: str
    text: str
    place: str  # nav, header, footer, body
    vouched: bool = (
        True  # False where its rel says that somebody else put it there, or was paid for (ugc, sponsored)
    )


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its action as written, the lower-case names and types of its fields, and whether it has a textarea."""

    action: str
    fields: tuple[str, ...]
    textarea: bool
    hidden: tuple[tuple[str, str], ...]  # (name, value) of hidden fields


@dataclass(slots=True)
class Document:
    """One HTML page, read. Texts have their white space collapsed; `metas` keys are lower case."""

    url: str
    status: int
    headers: dict[str, str]  # lower-case name -> values joined by ", "
    html: str
    evidence: str = ""  # digest of the bytes it was read from
    year: int = 1970  # when it was fetched
    title: str = ""
    language: str = ""
    base: str = ""
    lines: tuple[str, ...] = ()
    text: str = ""  # the lines, joined by "\n", at most TEXT_LIMIT characters
    low: str = ""  # the text in lower case
    words: int = 0
    text_digest: str = ""  # sha256 of the text in NFC, lower case, white space runs as one space, UTF-8
    plain: str = ""  # the text in lower case, its lines joined by one space, apostrophes straight
    vocabulary: frozenset[str] = frozenset()  # what stands between the spaces of `plain`
    resolved: dict[str, str] = field(default_factory=dict)  # href -> address, kept by `links`
    traces: tuple[int, frozenset[str]] | None = None  # kept by `hints`
    footer: str = ""  # lines of the footer, joined by "\n"
    addresses: tuple[str, ...] = ()  # text of <address> elements, lines joined by "\n"
    metas: dict[str, str] = field(default_factory=dict)
    anchors: tuple[Anchor, ...] = ()
    reached: tuple[str, ...] = ()  # those of their addresses that write or call (mailto:, tel:)
    head_links: tuple[tuple[str, str], ...] = ()  # (rel, href) of <link>
    refresh: str = ""  # target of a meta refresh, as written
    scripts: str = ""  # inline script text and src of scripts and frames, one a line
    sources: tuple[str, ...] = ()  # src of scripts, frames
    images: tuple[tuple[str, str], ...] = ()  # (src, alt)
    tree: LexborHTMLParser | None = field(default=None, repr=False, compare=False)  # what is seen of it
    headings: tuple[str, ...] = ()  # text of h1 and h2
    forms: tuple[Form, ...] = ()
    linked_data: tuple[Any, ...] = ()  # decoded JSON-LD
    noscript: str = ""
    roots: tuple[str, ...] = ()  # ids or tag names of empty application roots


def read(url: str, status: int, headers: list[tuple[str, str]], html: str) -> Document:
    """Parse `html` once and collect what the observers need. Broken markup is repaired as browsers do."""
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    page = Document(url=url, status=status, headers=joined, html=html)
    tree = LexborHTMLParser(_BLOCK.sub("\f<", tamed(html)))
    root = tree.root
    if root is None:  # nothing at all was there
        return page
    _Reader(page).over(tree)
    tree.strip_tags(_UNSEEN, recursive=True)
    _read_text(page, tree.body or root, tree)
    page.tree = tree
    return page


def collapse(text: str) -> str:
    """White space runs to one space, none at the ends."""
    return " ".join(text.split())


def into_lines(text: str) -> list[str]:
    """Lines of a text in which form feeds stand between blocks."""
    return [line for part in text.split("\f") if (line := " ".join(part.split()))]


def language_tag(text: str) -> str:
    """A BCP 47 tag in its usual spelling, "" for what is none.

    >>> language_tag("de_at"), language_tag("zh-hant-TW"), language_tag("{{ lang }}")
    ('de-AT', 'zh-Hant-TW', '')
    """
    tag = text.partition(",")[0].strip().replace("_", "-")
    if not _LANGUAGE.match(tag):
        return ""
    first, *rest = tag.split("-")
    spelled = [
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest
    ]
    return "-".join([first.lower(), *spelled])


def attribute(node: LexborNode, name: str) -> str:
    """An attribute's value without surrounding white space; "" when it is absent or empty."""
    return (node.attrs.get(name) or "").strip()


def _read_meta(page: Document, attributes: dict[str, str | None]) -> None:
    content = (attributes.get("content") or "").strip()
    key = (attributes.get("name") or attributes.get("property") or "").strip().lower()
    if key and content and key not in page.metas and len(page.metas) < 200:
        page.metas[key] = content[:2000]
    pragma = (attributes.get("http-equiv") or "").strip().lower()
    if pragma == "refresh" and not page.refresh:
        page.refresh = _refreshed(content)
    elif pragma == "content-language" and content:
        page.metas.setdefault("content-language", content[:40])


def _refreshed(value: str) -> str:
    """Where a refresh leads, of a meta element or of the header field of that name, which browsers obey alike."""
    found = re.search(r"[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", value[:2000], re.IGNORECASE)
    return found.group(1).strip() if found else ""


def _decode_linked_data(script: str) -> list[Any]:
    if "@type" not in script or len(script) > 200_000:
        return []
    try:
        return [msgspec.json.decode(script.replace("\f", " ").strip().strip(";"), strict=False)]
    except (msgspec.DecodeError, RecursionError, ValueError):
        return []  # broken JSON-LD says nothing


class _Reader:
    """Goes once over the nodes of a page that tell something, in their order."""

    def __init__(self, page: Document) -> None:
        self.page = page
        self.links: list[tuple[str, str]] = []
        self.parts: list[str] = []  # of the scripts
        self.sources: list[str] = []
        self.data: list[Any] = []
        self.room = SCRIPT_LIMIT
        self.pleas = 0
        self.anchors: list[LexborNode] = []
        self.images: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.roots: list[str] = []
        self.looked: list[str] = []
        self.frames: dict[str, list[LexborNode]] = {"footer": [], "header": [], "nav": []}

    def over(self, tree: LexborHTMLParser) -> None:
        page = self.page
        last = 0
        for node in tree.css(_ASKED):
            if node.mem_id == last:
                continue  # named once for each part of the selector that fits
            last, tag, attributes = node.mem_id, node.tag, node.attributes
            if tag == "a" or tag == "area":
                if "href" in attributes and len(self.anchors) < _MOST_ANCHORS:
                    self.anchors.append(node)
            elif tag in _IN_HEAD:
                self.head(node, tag, attributes)
            elif tag == "script" or tag == "noscript" or tag == "iframe":
                self.script(node, tag, attributes)
            elif tag == "img":
                if len(self.images) < 1000:
                    source, alt = attributes.get("src") or "", attributes.get("alt") or ""
                    self.images.append((source.strip()[:500], collapse(alt)[:300]))
            elif tag == "form":
                if len(self.forms) < 50:
                    self.forms.append(_form(node))
            elif len(self.looked) < _MOST_ROOTS and _is_root(tag, attributes):
                self.looked.append((attributes.get("id") or "").strip() or tag or "")
                if not node.text().strip():
                    self.roots.append(self.looked[-1])
            if tag in PLACES or "class" in attributes or "id" in attributes or "role" in attributes:
                key = attributes.get("class"), attributes.get("id"), attributes.get("role")
                for place in places_of(tag, *key):
                    if len(self.frames[place]) < _MOST_FRAMES:
                        self.frames[place].append(node)
        stated = (
            page.language
            or page.metas.get("content-language", "")
            or page.headers.get("content-language", "")
        )
        page.language = language_tag(stated)
        page.refresh = page.refresh or _refreshed(page.headers.get("refresh", ""))
        page.head_links, page.sources = tuple(self.links), tuple(self.sources[:500])
        page.scripts, page.linked_data = "\n".join(self.parts), tuple(self.data)
        page.images, page.forms, page.roots = tuple(self.images), tuple(self.forms), tuple(self.roots)
        page.anchors = tuple(self.placed())
        page.reached = tuple(
            anchor.href for anchor in page.anchors if anchor.href[:7].lower().startswith(_REACHING)
        )

    def head(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        page = self.page
        if tag == "meta":
            _read_meta(page, attributes)
        elif tag == "link":
            if "href" in attributes and len(self.links) < 200:
                rel, href = attributes.get("rel") or "", attributes["href"] or ""
                self.links.append((rel.strip().lower(), href.strip()))
        elif tag == "title":
            if not page.title and (node.parent is None or node.parent.tag not in ("svg", "object")):
                page.title = collapse(node.text())[:500]
        elif tag == "base":
            page.base = page.base or (attributes.get("href") or "").strip()
        else:
            page.language = (attributes.get("lang") or "").strip() or attribute(node, "xml:lang")

    def script(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        page = self.page
        if tag == "noscript":
            if self.pleas < _MOST_NOSCRIPTS:  # they nest, and each gives the text of all inside
                self.pleas += 1
                text = node.text()
                self.parts.append(text[:4000])
                page.noscript += " " + collapse(text[:8000])[:1000] if len(page.noscript) < 4000 else ""
            return
        source = (attributes.get("src") or "").strip()
        if source:
            self.parts.append(source[:2000])
            self.sources.append(source[:2000])
        elif tag == "script" and self.room > 0:
            script = node.text()
            if "json" in (attributes.get("type") or "") and len(self.data) < 20:
                self.data += _decode_linked_data(script)
            self.parts.append(script[: self.room])
            self.room -= len(script)

    def placed(self) -> Iterator[Anchor]:
        """The anchors with where they stand; a footer's menu is the footer's."""
        inside: dict[str, set[int]] = {}
        for place, frames in self.frames.items():
            marks: set[int] = set()
            for frame in frames:
                own = frame.mem_id  # what is asked of an element may name the element itself
                marks.update(mark for node in frame.css("a[href]") if (mark := node.mem_id) != own)
            inside[place] = marks
        footer, navigation, header = inside["footer"], inside["nav"], inside["header"]
        for node in self.anchors:
            mark, attributes = node.mem_id, node.attributes
            if mark in footer:
                place = "footer"
            elif mark in navigation:
                place = "nav"
            else:
                place = "header" if mark in header else "body"
            text = (
                node.text()
                or (attributes.get("title") or "").strip()
                or (attributes.get("aria-label") or "").strip()
            )
            rel = attributes.get("rel")
            vouched = not rel or _NOT_VOUCHED.isdisjoint(rel.lower().split())
            yield Anchor((attributes["href"] or "").strip(), collapse(text[:400])[:80], place, vouched)


_IN_HEAD = frozenset({"html", "title", "base", "meta", "link"})


def _is_root(tag: str | None, attributes: dict[str, str | None]) -> bool:
    return tag == "app-root" or (attributes.get("id") or "").strip() in _ROOTS or "ng-app" in attributes


def _form(node: LexborNode) -> Form:
    names: list[str] = []
    hidden: list[tuple[str, str]] = []
    textarea = False
    for control in node.css("input, select, textarea")[:100]:
        kind = attribute(control, "type").lower()
        name = attribute(control, "name").lower() or attribute(control, "id").lower()
        textarea = textarea or control.tag == "textarea"
        if kind == "hidden":
            hidden.append((name[:100], attribute(control, "value")[:300]))
        else:
            names.append(f"{name[:100]}:{kind}")
    return Form(attribute(node, "action")[:1000], tuple(names), textarea, tuple(hidden))


def _read_text(page: Document, body: LexborNode, tree: LexborHTMLParser) -> None:
    lines: list[str] = []
    words = 0
    for part in body.text().split("\f"):
        if pieces := part.split():
            words += len(pieces)
            lines.append(" ".join(pieces))
    page.lines = tuple(lines)
    flat = " ".join(lines)
    lower = flat.lower()
    page.words = words if flat.isascii() else words + len(_IDEOGRAPH.findall(flat)) // 2
    if flat:
        plain = (
            lower if unicodedata.is_normalized("NFC", flat) else unicodedata.normalize("NFC", flat).lower()
        )
        page.text_digest = "sha256:" + hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
    page.text = "\n".join(lines)[:TEXT_LIMIT]
    page.low = page.text.lower()
    page.plain = lower[:TEXT_LIMIT]
    if not page.plain.isascii():
        page.plain = page.plain.replace("’", "'").replace("‘", "'")
    page.vocabulary = frozenset(page.plain.split())
    footers: list[LexborNode] = []
    addresses: list[str] = []
    headings: list[str] = []
    for node in tree.css(_ASKED_OF_TEXT):
        tag = node.tag
        if tag == "address" and len(addresses) < 20:
            addresses.append("\n".join(into_lines(node.text()))[:1000])
        elif (tag == "h1" or tag == "h2") and len(headings) < 20:
            headings.append(collapse(node.text())[:300])
        if tag == "footer":
            footers.append(node)
        elif tag not in ("address", "h1", "h2") or node.attributes:
            key = (node.attributes.get(name) for name in ("class", "id", "role"))
            footers += [node] if "footer" in places_of(tag, *key) else []
    page.footer = "\n".join(line for node in footers[-2:] for line in into_lines(node.text()))[:20_000]
    page.addresses, page.headings = tuple(addresses), tuple(headings)
