"""Accounts a page links to: social profiles and messengers, as `service address`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.domains import registrable
from scanner.observe.page.hints import Hints
from scanner.observe.page.rows import placeholders

_MOST = 40
_HANDLES = (
    (
        "telegram",
        re.compile(r"\btelegram\s*(?:id|username|handle)?\s*[:：@]\s*@?([A-Za-z]\w{4,31})\b", re.IGNORECASE),
    ),
    (
        "wechat",
        re.compile(
            r"(?:\bwe\s?chat|微信号?|微信號)\s*(?:id|号)?\s*[:：]\s*([A-Za-z][\w-]{5,19})", re.IGNORECASE
        ),
    ),
    (
        "skype",
        re.compile(r"\bskype\s*(?:id|name)?\s*[:：]\s*((?:live:)?[A-Za-z.][\w.,:-]{5,31})", re.IGNORECASE),
    ),
    ("discord", re.compile(r"\bdiscord\s*(?:id|tag)?\s*[:：]\s*(\w[\w.]{1,31}(?:#\d{4})?)", re.IGNORECASE)),
    ("line", re.compile(r"\bline\s+id\s*[:：]\s*(@?[\w.-]{3,20})", re.IGNORECASE)),
    ("kakao", re.compile(r"(?:카카오톡|kakaotalk)\s*(?:id)?\s*[:：]\s*([\w.-]{3,20})", re.IGNORECASE)),
    ("qq", re.compile(r"\bQQ\s*[:：]\s*(\d{5,11})\b")),
)
_HANDLE_WORDS = ("telegram", "chat", "微信", "skype", "discord", "line id", "kakao", "카카오", "qq")


@cache
def _hints() -> Hints:
    return Hints(_HANDLE_WORDS)


@cache
def _services() -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    data = seeds.load("services")
    return dict(data["social"]), dict(data["messenger"]), tuple(data["share"])


def accounts(
    hrefs: Iterable[str], text: str, domain: str, page: Document | None = None
) -> tuple[list[str], list[str]]:
    """(social, messenger) accounts, each once. Share buttons, the services' own pages and theme defaults are
    none; neither is the site itself when it is one of the services. page: whose text it is, when it was read."""
    social, messenger, _ = _services()
    profiles: dict[str, None] = {}
    chats: dict[str, None] = {}
    for href in hrefs:
        if href[:1] == "#" or (href[:1] == "/" and href[1:2] != "/"):
            continue
        if href[:6].lower() in ("skype:", "viber:", "weixin", "tg://r", "whatsa"):
            chat = _by_scheme(href)
            if chat:
                chats[chat] = None
            continue
        if href[:4].lower() != "http" and href[:2] != "//":
            continue
        host, path, url, query = _parts(href)
        service = messenger.get(host) or messenger.get(host.removeprefix("www."))
        if service:
            address = _messenger_address(service, host, path, query, url)
            if address:
                chats[f"{service} {address}"] = None
            continue
        base = registrable(host)
        service = social.get(base, "")
        if service and base != domain and _names_someone(service, f"{base}{path}", path):
            who = f"?{query}" if path.endswith("/profile.php") and query.startswith("id=") else ""
            profiles[f"{service} https://{base}{path}{who[:40]}"] = None
    words = _hints().possible(page) if page else _HANDLE_WORDS
    if words and any(word in low for low in [text.lower()] for word in words):
        chats.update((f"{name} {found}", None) for name, found in _handles(text))
    return list(profiles)[:_MOST], list(chats)[:_MOST]


@lru_cache(maxsize=4096)
def _parts(href: str) -> tuple[str, str, str, str]:
    try:
        parts = urlsplit("https:" + href if href.startswith("//") else href)
        host = (parts.hostname or "").lower()
    except ValueError:
        return "", "", "", ""
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")[:200]
    return host, path, f"https://{host}{path}", parts.query


@cache
def _profiles() -> dict[str, re.Pattern[str]]:
    paths = seeds.load("services")["profile"]
    return {service: re.compile(str(path) + r"\Z", re.IGNORECASE) for service, path in paths.items()}


def _names_someone(service: str, address: str, path: str) -> bool:
    low = path.lower()
    form = _profiles().get(service)
    if form is not None and not form.match(unquote(path)):
        return False
    if len(low) < 2 or path.count("/") > (4 if form else 2):
        return False
    share, within = _sharing()
    return low not in share and not low.startswith(within) and address.lower() not in placeholders("social")


@cache
def _sharing() -> tuple[frozenset[str], tuple[str, ...]]:
    """Paths of share buttons, and how the paths below them begin."""
    _, _, share = _services()
    return frozenset(share), tuple(word + mark for word in share for mark in "/.")


def _messenger_address(service: str, host: str, path: str, query: str, url: str) -> str:
    low = path.lower()
    if service == "whatsapp":
        number = re.sub(
            r"\D", "", (parse_qs(query).get("phone") or [""])[0] or (path if host == "wa.me" else "")
        )
        if number:
            return f"https://wa.me/{number}" if 7 <= len(number) <= 15 else ""
        return url if host == "chat.whatsapp.com" and len(low) > 5 else ""
    if service == "telegram":
        return "" if len(low) < 3 or low.startswith("/share") else url
    if service == "discord" and host != "discord.gg":
        return url if low.startswith(("/invite/", "/users/")) else ""
    return url if len(low) > 2 else ""


def _by_scheme(href: str) -> str:
    scheme, _, rest = unquote(href).partition(":")
    name = rest.partition("?")[0].strip("/ ")
    if scheme.lower() == "skype" and 2 <= len(name) <= 60:
        return f"skype {name}"
    if scheme.lower() == "tg":
        domain = re.search(r"domain=(\w{3,32})", rest)
        return f"telegram https://t.me/{domain.group(1)}" if domain else ""
    number = re.search(r"(?:number|phone)=\+?(\d{7,15})", rest)
    if scheme.lower() == "whatsapp" and number:
        return f"whatsapp https://wa.me/{number.group(1)}"
    return f"viber +{number.group(1)}" if scheme.lower() == "viber" and number else ""


def _handles(text: str) -> Iterable[tuple[str, str]]:
    for name, pattern in _HANDLES:
        for match in list(pattern.finditer(text))[:5]:
            yield name, match.group(1)
