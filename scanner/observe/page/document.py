"""A page parsed once: title, visible text in lines, links, metas, scripts, pictures.

Parsing is selectolax (lexbor): 0.2 ms for a page of 21 kB. Line structure comes from a form feed set before
each block-level tag ahead of parsing: white space to HTML (so it moves no node), a mark to us, and ten times
cheaper than walking the tree.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scanner.observe.page.markup import tamed

TEXT_LIMIT = 1_000_000  # characters of visible text that patterns look at
SCRIPT_LIMIT = 1_000_000  # characters of inline script that patterns look at

_BLOCK = re.compile(
    r"<(?=/?(?:p|div|li|ul|ol|h[1-6]|br|tr|td|th|table|section|article|header|footer|nav|main|aside|form|address|"
    r"d[tdl]|blockquote|pre|figure|figcaption|hr|button|option|label)[\s/>])",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
_NOT_VOUCHED = frozenset({"ugc", "nofollow", "sponsored"})
_MOST_NOSCRIPTS = 20
_MOST_ROOTS = 20
_UNSEEN = ["script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math"]
_IDEOGRAPH = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")
_FOOTER = "footer, [role=contentinfo], #footer, .footer, #colophon, .site-footer"
_HEADER = "header, #header, .site-header, [role=banner]"
_NAVIGATION = "nav, [role=navigation], .navbar, .nav, .menu, #menu, #nav"


@dataclass(frozen=True, slots=True)
class Anchor:
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
    words: int = 0
    text_digest: str = ""
    footer: str = ""  # lines of the footer, joined by "\n"
    addresses: tuple[str, ...] = ()  # text of <address> elements, lines joined by "\n"
    metas: dict[str, str] = field(default_factory=dict)
    anchors: tuple[Anchor, ...] = ()
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
    _read_head(page, tree)
    page.refresh = page.refresh or _refreshed(joined.get("refresh", ""))
    _read_scripts(page, tree)
    _read_body(page, tree)
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


def _read_head(page: Document, tree: LexborHTMLParser) -> None:
    links: list[tuple[str, str]] = []
    for node in tree.css("html, title, base[href], meta, link[href]"):
        tag = node.tag
        if tag == "meta":
            _read_meta(page, node)
        elif tag == "link":
            if len(links) < 200:
                links.append((attribute(node, "rel").lower(), attribute(node, "href")))
        elif tag == "title":
            if not page.title and (node.parent is None or node.parent.tag not in ("svg", "object")):
                page.title = collapse(node.text())[:500]
        elif tag == "base":
            page.base = page.base or attribute(node, "href")
        else:
            page.language = attribute(node, "lang") or attribute(node, "xml:lang")
    page.head_links = tuple(links)
    stated = (
        page.language or page.metas.get("content-language", "") or page.headers.get("content-language", "")
    )
    page.language = language_tag(stated)


def _read_meta(page: Document, node: LexborNode) -> None:
    attributes = node.attributes
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


def _read_scripts(page: Document, tree: LexborHTMLParser) -> None:
    parts: list[str] = []
    sources: list[str] = []
    data: list[Any] = []
    room = SCRIPT_LIMIT
    pleas = 0
    for node in tree.css("script, iframe[src], noscript"):
        if node.tag == "noscript":
            if pleas < _MOST_NOSCRIPTS:  # they nest, and each gives the text of all inside
                pleas += 1
                parts.append(node.text()[:4000])
                page.noscript += (
                    " " + collapse(node.text()[:8000])[:1000] if len(page.noscript) < 4000 else ""
                )
            continue
        source = attribute(node, "src")
        if source:
            parts.append(source[:2000])
            sources.append(source[:2000])
        elif node.tag == "script" and room > 0:
            script = node.text()
            if "json" in attribute(node, "type") and len(data) < 20:
                data += _decode_linked_data(script)
            parts.append(script[:room])
            room -= len(script)
    page.scripts = "\n".join(parts)
    page.sources = tuple(sources[:500])
    page.linked_data = tuple(data)


def _decode_linked_data(script: str) -> list[Any]:
    if "@type" not in script or len(script) > 200_000:
        return []
    try:
        return [msgspec.json.decode(script.replace("\f", " ").strip().strip(";"), strict=False)]
    except (msgspec.DecodeError, RecursionError, ValueError):
        return []  # broken JSON-LD says nothing


def _read_body(page: Document, tree: LexborHTMLParser) -> None:
    footer = {node.mem_id for node in tree.css(_each(_FOOTER, "a[href]"))}
    header = {node.mem_id for node in tree.css(_each(_HEADER, "a[href]"))}
    navigation = {node.mem_id for node in tree.css(_each(_NAVIGATION, "a[href]"))}
    anchors: list[Anchor] = []
    images: list[tuple[str, str]] = []
    forms: list[Form] = []
    roots: list[str] = []
    looked: list[str] = []
    for node in tree.css("a[href], area[href], img, form, [id], app-root, [ng-app], [data-reactroot]"):
        tag = node.tag
        if tag in ("a", "area"):
            if len(anchors) < 5000:
                mark = node.mem_id
                place = "footer" if mark in footer else "nav" if mark in navigation else "header"
                place = place if mark in header or place != "header" else "body"
                text = node.text() or attribute(node, "title") or attribute(node, "aria-label")
                vouched = not _NOT_VOUCHED & set(attribute(node, "rel").lower().split())
                anchors.append(Anchor(attribute(node, "href"), collapse(text[:400])[:80], place, vouched))
        elif tag == "img":
            if len(images) < 1000:
                images.append((attribute(node, "src")[:500], collapse(attribute(node, "alt"))[:300]))
        elif tag == "form":
            if len(forms) < 50:
                forms.append(_form(node))
        elif len(looked) < _MOST_ROOTS and _is_root(node, tag):
            looked.append(attribute(node, "id") or tag or "")
            if not node.text().strip():
                roots.append(looked[-1])
    page.anchors, page.images, page.forms = tuple(anchors), tuple(images), tuple(forms)
    page.roots = tuple(roots)


_ROOTS = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "app-root", "react-root", "main-app", "q-app"}
)


def _is_root(node: LexborNode, tag: str | None) -> bool:
    return tag == "app-root" or attribute(node, "id") in _ROOTS or "ng-app" in node.attrs


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
    lines = into_lines(body.text())
    page.lines = tuple(lines)
    whole = "\n".join(lines)
    page.words = count_words(whole)
    page.text_digest = text_digest(whole) if whole else ""
    page.text = whole[:TEXT_LIMIT]
    page.footer = "\n".join(line for node in tree.css(_FOOTER)[-2:] for line in into_lines(node.text()))[
        :20_000
    ]
    page.addresses = tuple("\n".join(into_lines(node.text()))[:1000] for node in tree.css("address")[:20])
    page.headings = tuple(collapse(node.text())[:300] for node in tree.css("h1, h2")[:20])


def text_digest(text: str) -> str:
    """`sha256:` of the visible text: NFC, lower case, white space runs as one space, UTF-8."""
    plain = " ".join(unicodedata.normalize("NFC", text).lower().split())
    return "sha256:" + hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def count_words(text: str) -> int:
    """Words of a text; Chinese and Japanese, written without spaces, count as a word for two characters."""
    words = len(text.split())
    if text.isascii():
        return words
    return words + len(_IDEOGRAPH.findall(text)) // 2


def _each(groups: str, inner: str) -> str:
    return ", ".join(f"{group.strip()} {inner}" for group in groups.split(","))
