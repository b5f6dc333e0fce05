"""One indicator of a feed or of a team's own list: an exact address, in one spelling, that can be looked up.

An indicator names one thing and no more: a bare public suffix would list a country, a platform everybody on it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from scanner.coins import coins, looks_like_coins
from scanner.domains import split
from scanner.hostnames import DomainError
from scanner.knowledge.platforms import popular, profile_platform
from scanner.model import Date
from scanner.wording import one_line, quoted

KINDS = ("domain", "host", "url", "mail", "phone", "identifier", "payment")
CATEGORIES = ("front_company", "persona_portfolio", "facilitator", "product_lure", "infrastructure")
STATUSES = ("reported", "seized")
FRONTS = frozenset({"front_company", "persona_portfolio", "facilitator"})
_MAIL = re.compile(r"[\w.%+'-]{1,64}@[^@\s]{3,253}\Z")
_PHONE = re.compile(r"\+\d{7,15}\Z")
_IDENTIFIER = re.compile(r"(?:analytics|tag|pixel|verification|form_endpoint) [a-z][\w.-]{1,40} \S{4,200}\Z")
_COIN = re.compile(r"(?:bitcoin|ethereum|tron|monero)[: ]\s*(?=\S+\Z)", re.IGNORECASE)
_DEFANGED = (("[.]", "."), ("(.)", "."), ("[dot]", "."), ("[:]", ":"), ("[@]", "@"), ("[at]", "@"))
_MOST = 2000


class BadIndicatorError(ValueError):
    """The text names nothing that may be listed; the message is one line."""


class Indicator(msgspec.Struct, frozen=True, array_like=True):
    """kind: one of KINDS. status, category: as in seeds/fronts. published: when it became public, "" where the
    source gives no date. until: when the source takes it back, or "". counts: False for context (another pattern,
    servers). note and reference: the source's own words, one line each."""

    kind: str
    value: str
    status: str = "reported"
    category: str = "front_company"
    published: str = ""
    until: str = ""
    counts: bool = True
    note: str = ""
    reference: str = ""


def spelled(value: str, kind: str = "", *, anything: bool = False) -> tuple[str, str]:
    """(kind, value) in the one spelling that is stored and looked up; kind "" is read off the text.

    >>> spelled("hxxps://WWW.Acme-Soft[.]example/"), spelled("Jobs@Acme-Soft.example")
    (('domain', 'acme-soft.example'), ('mail', 'jobs@acme-soft.example'))
    >>> spelled("analytics google-analytics UA-1234567-1")  # as the observation `identifier/analytics` has it
    ('identifier', 'analytics google-analytics UA-1234567-1')
    >>> spelled("bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")  # as the observation `contact/payment` has it
    ('payment', 'bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa')

    Raises BadIndicatorError for anything else: a bare suffix, a platform, one of the world's most visited sites (which
    pass where `anything` does).
    """
    text = value.strip()
    if not text or len(text) > _MOST or not text.isprintable():
        raise BadIndicatorError(f"{quoted(text)} is no address")
    if kind == "identifier" or (not kind and _IDENTIFIER.match(text)):
        return "identifier", _identifier(text)
    if kind == "payment" or (not kind and looks_like_coins(_COIN.sub("", text))):
        return "payment", _payment(text)
    for odd, plain in _DEFANGED:
        text = text.replace(odd, plain)
    if kind == "phone" or (not kind and text.startswith("+")):
        return "phone", _phone(text)
    if kind == "mail" or (not kind and "@" in text and "/" not in text):
        return "mail", _mail(text)
    if kind == "url" or (not kind and ("/" in text)):
        return _url(text, anything)
    return _name(text, anything)


def keys_of_url(url: str) -> tuple[tuple[str, str], ...]:
    """Under which (kind, value) an address may stand on a list: its page, its host. Never raises."""
    try:
        parts = urlsplit(url)
        host = split(parts.hostname or "").host
    except (ValueError, DomainError):
        return ()
    page = _page(host, parts.path, parts.query)
    return (("url", page), ("host", host)) if page else (("host", host),)


def day(text: str) -> str:
    """A date as it is stored: day, month or year. Raises BadIndicatorError."""
    stamp = text.strip()
    stamp = stamp[:10] if re.match(r"\d{4}-\d\d-\d\d", stamp) else stamp
    try:
        return str(Date(stamp)) if stamp else ""
    except ValueError:
        raise BadIndicatorError(f"{quoted(text)} is no date (2024-05-16)") from None


def short(text: str) -> str:
    """A feed's own words: one line, nothing a terminal acts on."""
    return one_line(text[:1000])[:300]


def _phone(text: str) -> str:
    number = re.sub(r"[\s().-]", "", text)
    if not _PHONE.match(number):
        raise BadIndicatorError(f"{quoted(text)} is no number in international form (+15551234567)")
    return number


def _identifier(text: str) -> str:
    if not _IDENTIFIER.match(text):
        raise BadIndicatorError(f"{quoted(text)} is no identifier (analytics google-analytics UA-1234567-1)")
    return text


def _payment(text: str) -> str:
    address = coins(_COIN.sub("", text))
    if not address:
        raise BadIndicatorError(f"{quoted(text)} is no payment address: its checksum does not hold")
    return address


def _mail(text: str) -> str:
    address = text.removeprefix("mailto:").lower()
    if not _MAIL.match(address):
        raise BadIndicatorError(f"{quoted(text)} is no mail address")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{split(domain).host}"
    except DomainError as error:
        raise BadIndicatorError(str(error)) from None


def _url(text: str, anything: bool) -> tuple[str, str]:
    address = re.sub(r"\Ahxxp", "http", text, flags=re.IGNORECASE)
    if "://" not in address:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise BadIndicatorError(f"{quoted(text)} is no address") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise BadIndicatorError(f"{quoted(text)} is no http or https address")
    try:
        name = split(host).host
    except DomainError as error:
        raise BadIndicatorError(str(error)) from None
    page = _page(name, parts.path, parts.query)
    return ("url", page) if page else _name(host, anything)


def _page(host: str, path: str, query: str) -> str:
    rest = path.rstrip("/") + (f"?{query}" if query else "")
    return f"{host}{rest}" if rest else ""


def _name(text: str, anything: bool) -> tuple[str, str]:
    try:
        host = split(text.removesuffix("."))
    except DomainError as error:
        raise BadIndicatorError(str(error)) from None
    if host.is_address:
        raise BadIndicatorError(f"{host.host} is an IP address: many sites share one, and it changes hands")
    if not host.registrable:
        what = "a platform" if host.platform else "a bare public suffix"
        raise BadIndicatorError(f"{host.host} is {what}: it would list everybody below it")
    if not anything and (host.registrable in popular() or profile_platform(host.registrable)):
        raise BadIndicatorError(f"{host.registrable} is one of the most visited sites, or a platform")
    return ("domain", host.registrable) if host.subdomain in ("", "www") else ("host", host.host)
