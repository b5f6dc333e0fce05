"""Which pictures of a site to ask for, when 30 at most may be: an order by where they stand and what they are called.

Pure: what pages show comes in, addresses go out. Icons, buttons and logos are left out or come last: half the web
has them too, and they say nothing about whose site it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from scanner.domains import host_of, is_within, same_site
from scanner.model import Link, Shown
from scanner.observe.picture import LEAST_PIXELS, is_address, is_icon
from spiders.choice import topic

MOST_OF_A_PAGE = 8  # before the other pages have had their turn
_TELLING = {"about": 40, "team": 45, "services": 30, "work": 35, "contact": 20}
HOME = 30
_NOTHING = re.compile(
    r"(?i)(?:\A|[/_.\s-])(?:icons?|sprites?|spacer|pixel|blank|loader|loading|placeholder|arrows?|bullet|button|btn|"
    r"rating|flags?|emoji|smil(?:ey|ies)|captcha|qr-?code|gravatar|badges?|payments?|"
    r"visa|mastercard|paypal|favicon|wp-includes|social)(?:\Z|[/_.\s\d-])"
)
_LOGO = re.compile(
    r"(?i)logo|(?:\A|[/_.\s-])(?:partners?|clients?|brands?|certifi\w+|awards?|iso-?\d+)(?:\Z|[/_.\s\d-])"
)
ASSET_HOSTS = (
    "b-cdn.net",
    "cdn.shopify.com",
    "cdn.jimdo.com",
    "cloudfront.net",
    "cloudinary.com",
    "framerusercontent.com",
    "imgix.net",
    "irp.cdn-website.com",
    "lirp.cdn-website.com",
    "squarespace-cdn.com",
    "website-files.com",
    "wixstatic.com",
    "wp.com",
    "wsimg.com",
)
"""Hosts that keep the pictures of sites made elsewhere. Any other host isn't this site's, and isn't asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to ask for: its address, the page that shows it and the words beside it."""

    url: str
    page: str
    alt: str


def askable(url: str, domain: str) -> bool:
    """Whether this may be a picture of the site's own: by its ending, on its own host or one that keeps assets."""
    if len(url) > 500 or not url.startswith(("http://", "https://")) or not is_address(url) or is_icon(url):
        return False
    return same_site(url, domain) or of_an_asset_host(url)


def of_an_asset_host(url: str) -> bool:
    """Whether this lies on a host that keeps the files of many sites: its name says nothing of whose it is."""
    host = host_of(url)
    return any(is_within(host, name) for name in ASSET_HOSTS)


@dataclass(slots=True)
class Album:
    """Pictures met on a site's pages, best first. `domain` is the site's."""

    domain: str
    _waiting: dict[str, tuple[Wanted, int, int]] = field(
        default_factory=dict
    )  # worth and order of appearance
    _seen: set[str] = field(default_factory=set)
    _pages: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, page: str, shown: Iterable[Shown]) -> None:
        """What a page shows. A picture that stands on several pages keeps its first one."""
        room = None
        for picture in shown:
            name = _key(picture.url)
            if name in self._seen or not _large(picture) or not askable(picture.url, self.domain):
                continue
            words = f"{unquote(urlsplit(picture.url).path)} {picture.alt}"
            if _NOTHING.search(words):
                continue
            self._seen.add(name)
            room = _worth_of(page) if room is None else room
            worth = room - 60 * bool(_LOGO.search(words))
            self._waiting[name] = (Wanted(picture.url, page, picture.alt), worth, len(self._seen))

    def next(self) -> Wanted | None:
        """The best picture left, and it counts as asked for; None when there is none."""
        if not self._waiting:
            return None
        name = max(self._waiting, key=self._order)
        wanted, _, _ = self._waiting.pop(name)
        self._pages[wanted.page] += 1
        return wanted

    def _order(self, name: str) -> tuple[int, int, str]:
        wanted, worth, number = self._waiting[name]
        return worth - 50 * (self._pages[wanted.page] // MOST_OF_A_PAGE), -number, name


def _worth_of(page: str) -> int:
    if urlsplit(page).path in ("", "/", "/index.html", "/index.php"):
        return HOME
    return _TELLING.get(topic(Link(page))[0], 0)


def _large(picture: Shown) -> bool:
    return all(size == 0 or size >= LEAST_PIXELS for size in (picture.width, picture.height))


def _key(url: str) -> str:
    """Equal for sizes of one picture: `team-300x200.jpg` and `team.jpg`, whatever the query asks for.

    >>> _key("https://www.a.example/x/team-300x200.jpg?v=2") == _key("https://a.example/x/team.jpg")
    True
    """
    parts = urlsplit(url)
    path = re.sub(r"(?:-\d{2,4}x\d{2,4}|-scaled|@2x)(?=\.\w+\Z)", "", parts.path)
    return host_of(url).removeprefix("www.") + path
