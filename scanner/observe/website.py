"""What one fetched HTTP answer of a website says: pages, icons and sitemaps; pure.

The evidence block is a whole HTTP message, its uri the page's address. `website/state`, `website/robots` and
redirects are the spider's to write: it knows which page is the entry. Here every HTML page gets a `page/state`.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import replace
from urllib.parse import urlsplit

from scanner.domains import is_within
from scanner.likeness import names_of, people_in, tokens, with_people
from scanner.model import About, Evidence, Link, Observation, Observed, Page, PageText
from scanner.observe import http_message, picture
from scanner.observe.page import (
    charset,
    contacts,
    document,
    former,
    history,
    identifiers,
    leftover_names,
    leftovers,
    linked,
    links,
    main_text,
    mills,
    officers,
    pictures,
    praise,
    safety,
    seizure,
    state,
    whose,
)
from scanner.observe.page.rows import SOURCE, placeholders, row
from scanner.sketch import sketch

SPEAKS_FOR_THE_SITE = frozenset({"content", "template", "empty-app", "coming-soon", "maintenance"})
"""States whose text, markup and identifiers are the owner's; the rest is a hoster's, a parker's or a proxy's."""

HOLDS_TEXT = frozenset({"content", "template"})
"""States whose main text is worth comparing with other sites'."""

_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|title|script|meta|!--)", re.IGNORECASE
)
_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n\f\r")
_MORE_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")  # of Unicode, in UTF-8
_UNREADABLE = "\ufffd".encode()
_GUESSED = re.compile(r"/favicon\.ico\Z|/[^/]*sitemap[^/]*\.xml(?:\.gz)?\Z")
_SITEMAP_LIMIT = 10 << 20


def observe(evidence: Evidence, about: About) -> Observed:
    """Observations, page and links of one answer; nothing for types that hold no text of the site.

    A page on another domain (where the entry led) is told as a page, without observations: its words are not
    this site's. Half a page that a deadline cut says nothing: it would pass for all of it.
    """
    status, headers, body = http_message.split(evidence.block)
    if 300 <= status < 400 or evidence.truncated == "time":
        return Observed()  # a redirect is recorded by who followed it
    kind = _media_type(headers)
    parts = urlsplit(evidence.uri)
    path, host = parts.path.lower(), parts.hostname or ""
    if kind.startswith("image/") or (kind in ("", "application/octet-stream") and path.endswith(".ico")):
        return _icon(evidence, status, body)
    if picture.is_address(evidence.uri) and evidence.uri not in about.entries:
        return _picture(evidence, status, body)  # whatever else a server sends there is no page of the site
    if _is_sitemap(kind, path, body):
        return Observed(links=links.sitemap(evidence.uri, _unpacked(body))) if status < 300 else Observed()
    if path.endswith("/humans.txt"):
        return _humans(evidence, about, body) if kind == "text/plain" and status == 200 else Observed()
    if path.endswith("/robots.txt") or not _is_html(kind, body, status):
        return Observed()
    if _GUESSED.search(path):
        return Observed()  # whatever a server sends in place of an icon or a site map is no page of the site
    page = _page(evidence, about, status, headers, body)
    own = not about.domain or is_within(host, about.domain)
    return page if own else replace(page, observations=(), text=None, pictures=())


def _page(
    evidence: Evidence, about: About, status: int, headers: list[tuple[str, str]], body: bytes
) -> Observed:
    content_type = next((value for name, value in headers if name == "content-type"), "")
    html = charset.decode(body, content_type)
    if is_rubbish(html):
        return Observed(page=Page(evidence.uri, status, "empty", evidence=evidence.digest))
    read = document.read(evidence.uri, status, headers, html)
    read.evidence, read.year = evidence.digest, evidence.fetched_at.year
    name, _ = state.state_of(read)
    found = links.links(read)
    page = Page(
        url=evidence.uri,
        status=status,
        state=name,
        title=read.title,
        words=read.words,
        text_digest=read.text_digest,
        language=read.language,
        evidence=read.evidence,
    )
    rows = [row(read, "page", "state", f"{name} {evidence.uri}"), *_software(read), *_banner(read)]
    if name in SPEAKS_FOR_THE_SITE:
        organisations = linked.organisations(read)
        rows += _about_the_page(read, organisations, found, about.domain)
        rows += history.history(read, organisations)
        rows += contacts.contacts(read, organisations, about.domain)
        rows += identifiers.identifiers(read, about.domain)
        rows += [*whose.whose(read, rows), *mills.mills(read), *safety.safety(read)]
        rows += praise.praise(read)
        rows += leftovers.left_overs(read, about.domain)
        rows += leftover_names.left_over_names(read, about.domain, organisations)
    home = name in HOLDS_TEXT and is_home(evidence.uri, about)
    text = _text(read, about.domain, rows) if name in HOLDS_TEXT and (about.texts or home) else None
    if home and text is not None:
        rows += _front(read, text)
    if not about.texts:
        text = None
    shown = pictures.pictures(read) if about.pictures and name in HOLDS_TEXT else ()
    return Observed(tuple(rows), page=page, links=found, text=text, pictures=shown)


_HOME = re.compile(
    r"/?(?:(?:index|home|default)(?:\.\w{3,5})?)?\Z|/[a-z]{2}(?:[-_][a-z]{2})?/?\Z", re.IGNORECASE
)


def is_home(url: str, about: About) -> bool:
    """Whether a page is the site's front: its root (in a language), or an address the claim names."""
    parts = urlsplit(url)
    return (not parts.query and bool(_HOME.match(parts.path))) or url in about.entries


def _front(page: document.Document, text: PageText) -> list[Observation]:
    """What the front page of today is laid beside archived ones by: its title, and its text as a sketch."""
    rows = [row(page, "page", "title", page.title[:200])] if page.title else []
    line = sketch(text.tokens)
    return [*rows, row(page, "page", "text", line)] if line else rows


def is_rubbish(html: str) -> bool:
    """Whether what is called a page is bytes of something else: more than one sign of ten is none of any text."""
    head = html[:20_000]
    raw = head.encode("utf-8", "replace")
    strange = len(raw) - len(raw.translate(None, _CONTROLS)) + raw.count(_UNREADABLE)
    if b"\xc2" in raw:
        strange += len(_MORE_CONTROLS.findall(raw))
    return strange * 10 > len(head)


def _text(page: document.Document, domain: str, rows: list[Observation]) -> PageText:
    """The main text with what a copyist edits masked: the site's own names are those it gives itself here."""
    site_names = [row.value for row in rows if (row.kind, row.name) == ("page", "site_name")]
    logos = [alt for source, alt in page.images if alt and "logo" in f"{source} {alt}".lower()]
    passages = main_text.passages(page)
    people = people_in((passage.kind, passage.text) for passage in passages)
    names = with_people(names_of(domain, page.title, site_names, logos), people)
    texts = tuple(passage.text for passage in passages)
    return PageText(texts, tuple(tokens(text, names) for text in texts))


def _software(page: document.Document) -> list[Observation]:
    rows = []
    for name, value in (
        ("server", page.headers.get("server", "")),
        ("generator", page.metas.get("generator", "")),
    ):
        if value:
            rows.append(row(page, "website", name, value[:200]))
    return rows


def _banner(page: document.Document) -> list[Observation]:
    signs = seizure.seizure_signs(page)
    if not signs.is_notice:
        return []
    words = dict.fromkeys((*signs.notices, *signs.pictures, *signs.supports))
    return [row(page, "seizure", "banner", text) for text in words]


def _about_the_page(
    page: document.Document, organisations: list[linked.Organisation], found: tuple[Link, ...], domain: str
) -> list[Observation]:
    names = dict.fromkeys([page.metas.get("og:site_name", ""), *(entry.name for entry in organisations)])
    rows = [
        row(page, "page", "site_name", name[:200])
        for name in names
        if name and name.lower() not in placeholders("names")
    ]
    if page.language:
        rows.append(row(page, "page", "language", page.language))
    rows += former.former(page, domain)
    rows += officers.officers(page)
    rows += [row(page, "page", "external_domain", name) for name in links.external_domains(found, domain)]
    return rows + [
        row(page, "page", "acknowledged_domain", name) for name in links.acknowledged_domains(page, domain)
    ]


def _icon(evidence: Evidence, status: int, body: bytes) -> Observed:
    """What a picture says: an icon by its digest, any other by what it looks like."""
    if not picture.is_icon(evidence.uri):
        return _picture(evidence, status, body)
    if status >= 300 or not body:
        return Observed()
    value = "favicon sha256:" + hashlib.sha256(body).hexdigest()
    return Observed((Observation("identifier", "favicon", value, SOURCE, evidence=evidence.digest),))


def _picture(evidence: Evidence, status: int, body: bytes) -> Observed:
    seen = picture.observation(evidence, body) if status == 200 and not evidence.truncated else None
    return Observed((seen,) if seen else ())


def _humans(evidence: Evidence, about: About, body: bytes) -> Observed:
    """Whom a site thanks or was taken from: other sites that its humans.txt names."""
    text = body[:20_000].decode("utf-8", "replace")
    rows = (
        Observation("page", "left_over", value, SOURCE, evidence=evidence.digest)
        for value in leftovers.in_humans(text, about.domain)
    )
    return Observed(tuple(rows))


def _media_type(headers: list[tuple[str, str]]) -> str:
    value = next((value for name, value in headers if name == "content-type"), "")
    return value.partition(";")[0].strip().lower()


def _is_html(kind: str, body: bytes, status: int) -> bool:
    """HTML by its type; by its first bytes where no type, or plain text, is given; any text of an error."""
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    if kind in ("", "text/plain", "application/octet-stream", "unknown/unknown"):
        return bool(_MARKUP.match(body[:1024])) or status >= 400
    return status >= 400


def _is_sitemap(kind: str, path: str, body: bytes) -> bool:
    if kind in ("text/html", "application/xhtml+xml"):
        return False
    if "sitemap" in path.rpartition("/")[2] and path.endswith((".xml", ".xml.gz")):
        return True
    return kind in ("application/xml", "text/xml") and (
        b"<urlset" in body[:2000] or b"<sitemapindex" in body[:2000]
    )


def _unpacked(body: bytes) -> bytes:
    """A sitemap sent as a .gz file, at most 10 MiB of it; as it is when it is none."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, _SITEMAP_LIMIT)
    except zlib.error:
        return b""
