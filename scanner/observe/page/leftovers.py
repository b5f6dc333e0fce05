"""What of another site was left in a page: its domain where the page's own should stand, its name in small places.

A page that was saved from elsewhere keeps traces where nobody looks: `canonical`, a comment of the tool that saved it,
the host of a mail link, file names of pictures. Each is a place to look at and to compare, never a sign by itself:
firms have parents, agencies and second domains, and anybody can name an innocent firm in a page. Whatever is named on
all kinds of pages (`knowledge.ordinary`) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

from scanner.domains import host_of
from scanner.knowledge.ordinary import foreign_site
from scanner.model import Observation
from scanner.observe.page.document import Document
from scanner.observe.page.rows import placeholders, row

MOST = 12  # rows of a page
_MOST_HOSTS = 60  # foreign hosts of a page looked at in any one place
_SHOWN = 200  # characters of an address
_SCRIPT = 60_000  # characters of inline script
_COMMENTS, _COMMENT = 60, 1500

_HOST = r"(?P<host>(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,30})"
_ARCHIVED = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(?:https?:/{1,2})?([^\s/?#\"'<>]{4,253})", re.IGNORECASE)
_SAVED = re.compile(
    rf"(?:saved from url=\(\d+\)|mirrored from|saved with singlefile\s+url:|copied from|downloaded from|scraped from)"
    rf"\s*(?P<url>(?:https?://)?{_HOST}(?::\d+)?(?:/[^\s\"'<>?#]*)?)"
)
_COMMENTED = re.compile(r"https?://(?P<host>[^\s/?#\"'<>:]{4,253})")
_IN_TEXT = re.compile(r"(?:https?://|@|\bwww\.)((?:[\w-]{1,63}\.){1,8}[a-z][\w-]{1,30})")
_SAVED_MARKS = ("saved from", "mirrored from", "singlefile", "copied from", "downloaded from", "scraped from")
_CREDIT = (  # words of a comment that names a maker, a tool or a manual
    "theme", "template", "plugin", "plug-in", "develop", "author", "license", "licence", "copyright", "powered",
    "design", "optimized", "optimised", "generat", "built", "made", "credit", "librar", "framework", "widget",
    "documentation", "docs", "see ", "[if ", "polyfill", "analytics", "pixel", " tag", "cookie", "font", "icon", "cdn",
)  # fmt: skip
# What a content system writes into its own pages: the addresses of its own programs.
_API = re.compile(
    r"(?<=[\"'`])https?:\\?/\\?/(?:(?P<api>(?:api|backend|graphql|rest)\.[\w.-]{4,250})|(?P<host>[\w.-]{4,253})(?::\d+)?\\?/"
    r"(?:[\w-]{1,40}\\?/)?(?:wp-(?:includes|content|json|admin)|api\b|graphql\b|_next\b))",
    re.IGNORECASE,
)
_MAP = re.compile(r"sourceMappingURL=(?:webpack:/*)?(?P<url>https?://[^\s\"'*]{4,300})")
_OF_A_SITE = re.compile(
    r"/(?:wp-content|wp-includes|themes?|_next|_nuxt|sites/default|skin|assets|static|images?|img|uploads|media|css|js)/"
)
_SERVICE_LINKS = frozenset(
    {"https://api.w.org/", "shortlink", "edituri", "wlwmanifest", "pingback", "amphtml"}
)
_TOP = frozenset(
    {"Organization", "Corporation", "LocalBusiness", "ProfessionalService", "WebSite", "WebPage", "Person",
     "AboutPage", "ContactPage", "CollectionPage", "SoftwareApplication", "EducationalOrganization"}
)  # fmt: skip


class _Found:
    """What was found on one page, in the order of how telling the place is."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        label = domain.partition(".")[0]
        self._label = label if len(label) >= 4 else ""
        self.rows: dict[tuple[str, str], str] = {}

    def name_of(self, host: str, *, hosted: bool) -> str:
        """The other site a host belongs to, "" for our own, a trial copy of it, and an ordinary third party."""
        if not host or len(host) > 253 or host == self._domain or host.endswith("." + self._domain):
            return ""
        name = foreign_site(host, hosted=hosted)
        if not name or name == self._domain or name in placeholders("mail_domains"):
            return ""
        trial = hosted and self._label and self._label in name and not foreign_site(host)
        return "" if trial else name

    def add(self, place: str, url: str, *, hosted: bool = False) -> None:
        host = host_of(_whole(url))
        if host in ("web.archive.org", "archive.org") and (kept := _ARCHIVED.search(url[:600])):
            place, host = "saved-from", _bare(kept.group(1))
        if name := self.name_of(host, hosted=hosted):
            self.rows.setdefault((place, name), url[:_SHOWN])


def left_overs(page: Document, domain: str) -> list[Observation]:
    """`page/left_over` rows (`PLACE DOMAIN ADDRESS`), MOST at most, the most telling places first."""
    found = _Found(domain)
    _declared(page, found)
    _comments(page, found)
    _mails(page, found)
    for form in page.forms:
        if form.action[:4].lower() == "http" or form.action[:2] == "//":
            found.add("form", form.action)
    for url in _described(page.linked_data):
        found.add("json-ld", url, hosted=True)
    _scripts(page, found)
    _menu(page, found)
    _loaded(page, found)
    return [
        row(page, "page", "left_over", f"{place} {name} {seen}")
        for (place, name), seen in islice(found.rows.items(), MOST)
    ]


def in_humans(text: str, domain: str) -> list[str]:
    """Values of `page/left_over` rows for a humans.txt, three at most: hosts of its addresses and mailboxes."""
    found = _Found(domain)
    for match in islice(_IN_TEXT.finditer(text.lower()), 40):
        if name := found.name_of(match.group(1), hosted=False):
            found.rows.setdefault(("humans", name), match.group(1))
    return [f"{place} {name} {seen}" for (place, name), seen in islice(found.rows.items(), 3)]


def _whole(url: str) -> str:
    return "https:" + url if url[:2] == "//" else url


def _bare(host: str) -> str:
    return host.rpartition("@")[2].partition(":")[0].lower().rstrip(".")


def _declared(page: Document, found: _Found) -> None:
    """Where the page says that it stands itself."""
    for rel, href in page.head_links:
        if rel == "canonical":
            found.add("canonical", href, hosted=True)
        elif rel in _SERVICE_LINKS or (rel == "alternate" and ("/feed" in href or "/wp-json" in href)):
            found.add("head-link", href)
    if page.base:
        found.add("base", page.base, hosted=True)
    for key in ("og:url", "twitter:url", "al:web:url"):
        if value := page.metas.get(key):
            found.add("og-url", value, hosted=True)
    for key in ("og:image", "og:image:secure_url", "twitter:image", "msapplication-tileimage"):
        if value := page.metas.get(key):
            found.add("og-image", value)


def _comments(page: Document, found: _Found) -> None:
    room = 2
    for comment in _commented(page.html):
        if "from" not in comment and "://" not in comment:
            continue
        low = comment.lower()
        match = _SAVED.search(low) if any(mark in low for mark in _SAVED_MARKS) else None
        if match:
            if name := found.name_of(match.group("host"), hosted=True):
                found.rows.setdefault(("saved-from", name), match.group("url")[:_SHOWN])
        elif room:
            for link in islice(_COMMENTED.finditer(low), 3):
                name = found.name_of(_bare(link.group("host")), hosted=False)
                if name and ("comment", name) not in found.rows and not any(word in low for word in _CREDIT):
                    found.rows["comment", name] = link.group(0)[:_SHOWN]
                    room -= 1
                    break


def _commented(html: str) -> Iterator[str]:
    """The first comments of a page, each cut to _COMMENT characters."""
    at = html.find("<!--")
    for _ in range(_COMMENTS):
        if at < 0:
            return
        end = html.find("-->", at + 4, at + 4 + _COMMENT)
        yield html[at + 4 : end if end > 0 else at + 4 + _COMMENT]
        at = html.find("<!--", at + 4)


def _mails(page: Document, found: _Found) -> None:
    """Hosts of mail links. The mailbox itself is not written down here."""
    hosts: Counter[str] = Counter()
    for href in page.reached:
        if href[:7].lower() == "mailto:":
            address = unquote(href[7:300].partition("?")[0]).strip().lower()
            host = address.rpartition("@")[2].partition(",")[0].strip()
            if host:
                hosts[host] += 1
    for host, _ in hosts.most_common(3):
        if name := found.name_of(host, hosted=False):
            found.rows.setdefault(("mail", name), host)


def _described(data: tuple[Any, ...]) -> Iterator[str]:
    """Addresses of the site, firm or page itself in JSON-LD: what stands at its top, not the authors, publishers,
    parents and products further in."""
    for item in data[:10]:
        graph = item.get("@graph") if isinstance(item, dict) else item
        nodes = graph if isinstance(graph, list) else [item]
        for node in nodes[:20]:
            if not isinstance(node, dict):
                continue
            kind = node.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(one, str) and one in _TOP for one in kinds):
                logo = node.get("logo")
                logo = logo.get("url") if isinstance(logo, dict) else logo
                for value in (node.get("url"), node.get("@id"), logo):
                    if isinstance(value, str) and value[:4].lower() == "http":
                        yield value


def _scripts(page: Document, found: _Found) -> None:
    """Own programs that inline scripts call, and where their sources are said to lie."""
    scripts = page.scripts[:_SCRIPT]
    if "://" not in scripts and ":\\/" not in scripts:
        return
    met: dict[str, str] = {}
    for match in islice(_API.finditer(scripts), 40):
        met.setdefault((match.group("api") or match.group("host")).lower(), match.group(0))
    for host, seen in met.items():
        if name := found.name_of(host, hosted=False):
            found.rows.setdefault(("api", name), seen.replace("\\/", "/")[:_SHOWN])
    if "sourceMappingURL=" in scripts:
        for match in islice(_MAP.finditer(scripts), 5):
            found.add("source-map", match.group("url"))


def _menu(page: Document, found: _Found) -> None:
    """A menu of which several entries lead to pages of one other site."""
    entries: dict[str, set[str]] = {}
    for anchor in page.anchors:
        if anchor.place in ("nav", "header") and anchor.vouched and anchor.href[:4].lower() == "http":
            host = host_of(anchor.href)
            if len(entries) < _MOST_HOSTS or host in entries:
                entries.setdefault(host, set()).add(anchor.href.partition("#")[0])
    for urls in entries.values():
        if len(urls) >= 3:
            found.add("menu", min(urls), hosted=True)


def _loaded(page: Document, found: _Found) -> None:
    """Pictures, scripts and styles that come from another site: several of them, or its logo. A site whose picture
    the page links to (a partner, a customer) is none it was saved from."""
    count: Counter[str] = Counter()
    first: dict[str, tuple[str, str]] = {}
    styles = (
        href
        for rel, href in page.head_links
        if rel in ("stylesheet", "icon", "shortcut icon", "apple-touch-icon")
    )
    for place, sources in (
        ("image", (src for src, _ in page.images)),
        ("asset", page.sources),
        ("asset", styles),
    ):
        for url in sources:
            if url[:4].lower() != "http" and url[:2] != "//":
                continue
            host = url.split("/", 3)[2].lower() if url.count("/", 0, 12) >= 2 else ""
            if host not in first:
                if len(first) >= _MOST_HOSTS:
                    continue
                first[host] = (place, url)
            telling = place == "image" or _OF_A_SITE.search(url[:300])
            count[host] += 2 if telling and "logo" in url[-60:].lower() else 1 if telling else 0
    named: Counter[str] = Counter()
    where: dict[str, tuple[str, str]] = {}
    for host, (place, url) in first.items():
        if count[host] and host_of(_whole(url)) in ("web.archive.org", "archive.org"):
            found.add(place, url)
        elif count[host] and (name := found.name_of(_bare(host), hosted=False)):
            named[name] += count[host]
            where.setdefault(name, (place, url))
    linked = (
        [anchor.href.lower() for anchor in page.anchors if anchor.href[:4].lower() == "http"] if named else []
    )
    for name, times in sorted(named.items(), key=lambda item: (-item[1], item[0]))[:3]:
        if times >= 2 and not any(name in href for href in linked):
            place, url = where[name]
            found.rows.setdefault((place, name), url[:_SHOWN])
