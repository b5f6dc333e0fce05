"""Which pages of a site to read, when 25 at most may be read.

Pure: links in, an order out. A site's pages that say who is behind it come first, one of each kind before the
second of any; calendars, shops and blogs with a thousand pages get few of their like.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from scanner.domains import host_of, same_site
from scanner.model import Link
from spiders.topics import ROLES, TOPICS

ALIKE = 3  # pages below one folder, or of one script with a query, before those of other folders
MOST_ALIKE = 9  # … and in all
MOST_HOSTS = 4  # hosts of a site, each of which costs a lookup, a connection and a rules file
_PLACES = {"nav": 30, "header": 24, "footer": 12, "body": 8, "refresh": 40, "sitemap": 0, "canonical": 0}
_NO_PAGE = re.compile(
    r"\.(?:7z|apk|avi|bin|bmp|bz2|css|csv|deb|dmg|doc|docx|eot|eps|epub|exe|gif|gz|ico|ics|iso|jar|jpe?g|js|json|"
    r"key|m4a|map|mov|mp3|mp4|mpe?g|msi|odt|ogg|otf|pdf|pkg|png|ppt|pptx|ps|psd|rar|rpm|rss|atom|rtf|svg|swf|tar|"
    r"tgz|[chm]|cpp|py|java|ipynb|tex|bib|sh|sql|tiff?|ttf|txt|vcf|wasm|wav|webm|webmanifest|webp|wmv|woff2?|xls|xlsx|xml|xz|zip)\Z",
    re.IGNORECASE,
)
# Addresses that do something, need an account, or belong to the machinery.
_NOT_FOR_US = re.compile(
    r"(?:\A|[/_-])(?:log-?(?:in|out|off)|sign-?(?:in|out|up|off)|abmelden|anmelden|deconnexion|connexion|registe?r|"
    r"registration|unsubscribe|delete|remove|cart|basket|warenkorb|panier|carrito|checkout|wishlist|my-?account|"
    r"account|password|wp-(?:admin|login|json|content|includes|cron)|xmlrpc|cgi-bin|cdn-cgi|admin|administrator|"
    r"feed|trackback|replytocom|print|share|calendar|search|api|graphql)(?:\Z|[/._-])",
    re.IGNORECASE,
)
_OTHER_HOSTS = re.compile(
    r"\A(?:mail|webmail|cpanel|autodiscover|smtp|imap|ftp|cdn|static|assets|img|images|media|api|login|auth|sso|"
    r"admin|stats|status|shop|store|m)\d*\.",
    re.IGNORECASE,
)
_QUERY_NAMES = frozenset(
    ("p", "page", "page_id", "pageid", "id", "pid", "view", "section", "cat", "content", "lang", "site", "pg")
)
_DATED = re.compile(
    r"/(?:19|20)\d\d(?:/\d\d?){0,2}/|/(?:19|20)\d\d-\d\d|/page/\d+|/(?:tag|tags|category|author)/"
)
_LANGUAGE = re.compile(r"\A[a-z]{2}(?:[-_][a-zA-Z]{2})?\Z")


@lru_cache(maxsize=4096)
def key(url: str) -> str:
    """Equal for two addresses of one page: scheme, `www.`, index file and trailing slash don't count.

    >>> key("http://www.acme.example/about/") == key("https://acme.example/about")
    True
    """
    parts = urlsplit(url)
    host = host_of(url).removeprefix("www.")
    path = re.sub(r"/(?:index|default|home)\.(?:html?|php|aspx?)\Z", "/", parts.path, flags=re.IGNORECASE)
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    return f"{host}{':' + str(parts.port) if parts.port not in (None, 80, 443) else ''}{path}?{parts.query}"


@lru_cache(maxsize=4096)
def eligible(url: str, domain: str) -> bool:
    """Is this an address to ask for at all: a page of the site, that reading doesn't change or multiply?"""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if (
        parts.scheme not in ("http", "https")
        or not same_site(url, domain)
        or parts.username
        or len(url) > 300
    ):
        return False
    host = host_of(url)
    if host != domain and _OTHER_HOSTS.match(host):
        return False
    path = unquote(parts.path)
    if _NO_PAGE.search(path) or _NOT_FOR_US.search(path) or path.count("/") > 7:
        return False
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) != len(set(segments)) and len(segments) > 2:
        return False  # /a/b/a/b: a relative link gone wrong, or a trap
    if not parts.query:
        return True
    query = parse_qsl(parts.query, keep_blank_values=True)
    return len(query) == 1 and query[0][0].lower() in _QUERY_NAMES and len(query[0][1]) <= 40


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    folded = "".join(mark for mark in folded if not ("\u0300" <= mark <= "\u036f"))
    return unicodedata.normalize("NFC", folded)


Topic = tuple[str, int]


@dataclass(slots=True)
class _Words:
    """The words of all topics, so that a text costs a few look-ups and not a pattern for each topic."""

    whole: dict[str, Topic] = field(default_factory=dict)  # words and phrases, by their spelling
    starts: dict[str, Topic] = field(default_factory=dict)  # what a word or phrase may begin with
    inside: dict[str, Topic] = field(default_factory=dict)  # other scripts, where words don't stand apart
    longest: int = 1  # words of a phrase

    @classmethod
    def of(cls, topics: dict[str, tuple[int, str]]) -> _Words:
        found = cls()
        for name, (weight, words) in topics.items():
            for word in map(_plain, words.split("|")):
                bare = word.rstrip("*")
                kind = found.whole if word.isascii() else found.inside
                kind = found.starts if word != bare and word.isascii() else kind
                if weight > kind.get(bare, ("", 0))[1]:
                    kind[bare] = name, weight
                found.longest = max(found.longest, bare.count(" ") + 1)
        return found

    def best(self, text: str) -> Topic:
        """The topic of most weight that a text of plain words names."""
        words = text.split()
        named: list[Topic] = []
        for size in range(1, min(self.longest, len(words)) + 1):
            for first in range(len(words) - size + 1):
                found = self.whole.get(" ".join(words[first : first + size]))
                if found:
                    named.append(found)
        apart = f" {text}"
        named += [found for start, found in self.starts.items() if f" {start}" in apart]
        if not text.isascii():
            named += [found for word, found in self.inside.items() if word in text]
        return max(named, key=lambda found: found[1], default=("", 0))


_WORDS = _Words.of(TOPICS)
_BETWEEN = re.compile(r"(?:[^\w\u0900-\u0eff]|_)+")  # Indic and Thai vowel signs are no letters to `\w`


def topic(link: Link) -> Topic:
    """What kind of page the link names, with its weight; ("", 0) when nothing says so.

    A short text or a short path counts; a sentence that happens to hold a word doesn't.
    """
    parts = urlsplit(link.url)
    query = " ".join(value for _, value in parse_qsl(parts.query)) if parts.query else ""
    places = (
        _topic_in(re.sub(r"\.\w{2,5}\Z", "", unquote(parts.path))),
        _topic_in(link.text),
        _topic_in(query),
    )
    return max(places, key=lambda found: found[1])


@lru_cache(maxsize=4096)
def _topic_in(place: str) -> Topic:
    text = _plain(_BETWEEN.sub(" ", place).strip())
    count = len(text.split())
    if not text or count > 6 or len(text) > 60:
        return "", 0
    name, weight = _WORDS.best(text)
    worth = weight - 6 * max(0, count - 2)
    return (name, worth) if worth > 0 else ("", 0)


@dataclass(slots=True)
class Frontier:
    """Addresses found and not yet asked for, best first.

    domain: the site. role: what the address is claimed to be (`employer`, `portfolio` …), "" for neither.
    home: the host the entry landed on.
    """

    domain: str
    role: str = ""
    home: str = ""
    _seen: set[str] = field(default_factory=set)
    _waiting: dict[str, tuple[Link, str, float]] = field(default_factory=dict)
    _topics: Counter[str] = field(default_factory=Counter)
    _folders: Counter[str] = field(default_factory=Counter)
    _hosts: set[str] = field(default_factory=set)
    _later: deque[Link] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self._waiting)

    def seen(self, url: str) -> None:
        """This address has been asked for; it and its spellings are not chosen."""
        self._seen.add(key(url))
        self._hosts.add(host_of(url))
        self._waiting.pop(key(url), None)

    def fresh(self, links: Iterable[Link]) -> list[Link]:
        """Those that could be chosen and are not known yet, in their order."""
        found: dict[str, Link] = {}
        for link in links:
            if link.place in ("icon", "humans") or not eligible(link.url, self.domain):
                continue
            name = key(link.url)
            if name not in self._seen and (name not in self._waiting or link.place == "nav"):
                found.setdefault(name, link)
        return list(found.values())

    def add(self, links: Iterable[Link]) -> None:
        for link in self.fresh(links):
            kind, weight = topic(link)
            worth = self._worth(link, kind, weight)
            known = self._waiting.get(key(link.url))
            if known is None or worth > known[2]:
                self._waiting[key(link.url)] = (link, kind, worth)

    def next(self) -> str:
        """The best address left, and it counts as asked for; "" when nothing worth it is left."""
        while self._waiting:
            name = self._best()
            link, kind, _ = self._waiting.pop(name)
            self._seen.add(name)
            if host_of(link.url) not in self._hosts and len(self._hosts) >= MOST_HOSTS:
                continue
            alike = self._alike(link, kind)
            if alike > ALIKE:
                if alike <= MOST_ALIKE:
                    self._later.append(link)
                continue
            self._topics[kind] += 1
            self._hosts.add(host_of(link.url))
            return link.url
        return self._later.popleft().url if self._later else ""

    def _best(self) -> str:
        # One of each kind before the second of any; then short addresses, then a fixed order.
        less = {kind: 45 * count for kind, count in self._topics.items() if kind}
        waiting = self._waiting.items()
        return max((worth - less.get(kind, 0), -len(name), name) for name, (_, kind, worth) in waiting)[2]

    def _worth(self, link: Link, kind: str, weight: int) -> float:
        path = urlsplit(link.url).path
        worth = float(weight + _PLACES.get(link.place, 8))
        if kind:
            worth += ROLES.get(self.role, {}).get(kind, 0)
        worth -= 8 * max(0, path.rstrip("/").count("/") - 1)
        worth -= 10 * bool(urlsplit(link.url).query) + 60 * bool(_DATED.search(path + "/"))
        if host_of(link.url).removeprefix("www.") != self.home.removeprefix("www."):
            worth -= 40
        segments = [segment for segment in path.split("/") if segment]
        if len(segments) == 1 and _LANGUAGE.match(segments[0]):
            worth -= 20  # the same home page in another language
        return worth

    def _alike(self, link: Link, kind: str) -> int:
        """How many of this folder have been chosen with this one; 0 for pages that stand for themselves."""
        parts = urlsplit(link.url)
        folder = f"{parts.path}?" if parts.query else parts.path.rstrip("/").rpartition("/")[0]
        if not folder or (kind and self._topics[kind] < 2):
            return 0
        self._folders[host_of(link.url) + folder] += 1
        return self._folders[host_of(link.url) + folder]


def icon(links: Iterable[Link], landed: str, domain: str) -> str:
    """The address of the site's icon: the one its page names if it lies on the site, else /favicon.ico."""
    for link in links:
        if link.place == "icon" and same_site(link.url, domain):
            return link.url
    parts = urlsplit(landed)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/favicon.ico"
