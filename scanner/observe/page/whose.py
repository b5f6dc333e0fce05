"""Whose pages these are, by their own small print, and what stands on them in place of a firm's own details.

Legal names in notices, addresses that are lent to many, contacts a theme left behind, and the furniture of a shop or
a newspaper. Facts only; all of it is common on honest sites.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import unquote

from scanner.model import Observation
from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints
from scanner.observe.page.rows import placeholders, row

_FORMS = (
    r"LLC|L\.L\.C\.|Ltd|Limited|Inc|Incorporated|Corp|Corporation|GmbH|UG|AG|KG|LLP|PLC|Pty Ltd|"
    r"Pvt\.? Ltd|Private Limited|OÜ|UAB|S\.?L\.?U?|S\.?A\.?S|SARL|S\.?r\.?l|B\.?V|N\.?V|A/S|ApS|AB|Oy|"
    r"sp\. z o\.o|s\.r\.o|d\.o\.o|Kft|Zrt|Ltda|EIRELI|Sdn\.? Bhd|Pte\.? Ltd|K\.K"
)
_CAPITAL = r"[^\W\d_a-zß-ÿ][\w&.'’-]{0,30}"
_NAME = rf"((?:{_CAPITAL} |& ){{0,4}}{_CAPITAL},? (?:{_FORMS}))(?![\w-])"
_OPERATOR = re.compile(
    rf"(?:operated|owned|run|provided|published|maintained|controlled|betrieben|édité|operado) (?:and \w+ )?"
    rf"(?:by|von|par|por) {_NAME}"
    rf"|(?:^|: ){_NAME}\.?,? ?\((?:[\"“„'«]|the |we\b|hereinafter)",
)
_NAMED = re.compile(_NAME)
_LEGAL = re.compile(r"impressum|imprint|mentions-?legales|aviso-?legal|legal-?notice|colofon|note-?legali")
_TERMS = re.compile(r"terms|privacy|legal|agb|cgu|cgv|datenschutz|privacidad|confidentialit")
_NOTICE = ("©", "copyright", "(c)", "reg.", "registered in", "company no", "registration n", "all rights")
_THIRD_PARTIES = frozenset(
    ("google", "meta", "facebook", "cloudflare", "microsoft", "apple", "amazon", "automattic")
)
_CONTACT = re.compile(
    r"contact|kontakt|contacto|contato|contatti|impressum|imprint|about|ueber|uber-uns|support"
)
_FILLER_PHONE = re.compile(
    r"(?<![\d.-])(?:\+?1[ .-]?)?\(?(?:555|\d{3})\)?[ .-]?555[ .-]?\d{4}(?!\d)"
    r"|(?<!\d)\+?1?[ .-]?\(?123\)?[ .-]?456[ .-]?7890(?!\d)"
)
_CART = re.compile(
    r"/(?:cart|basket|checkout|warenkorb|panier|carrito|carrinho|carrello)(?:[/?.#]|\Z)", re.IGNORECASE
)
_BUY = (
    "add to cart",
    "add to basket",
    "in den warenkorb",
    "ajouter au panier",
    "añadir al carrito",
    "checkout",
)
_DATED = re.compile(r"/(?:19|20)\d\d/\d\d?/")
_LEAST_DATED = 12
MOST = 5


def whose(page: Document, rows: Sequence[Observation]) -> list[Observation]:
    """`page/legal_name`, `page/furniture`, `contact/placeholder`, `contact/shared_office` of one page.

    `rows`: what was observed of it already (postal addresses).
    """
    path = page.url.lower().partition("//")[2].partition("/")[2]
    found = [row(page, "page", "legal_name", name) for name in legal_names(page, path)]
    found += [row(page, "contact", "placeholder", value) for value in fillers(page, path)]
    found += [row(page, "page", "furniture", name) for name in furniture(page)]
    offices = (office(entry.value) for entry in rows if (entry.kind, entry.name) == ("contact", "address"))
    return found + [row(page, "contact", "shared_office", what) for what in dict.fromkeys(offices) if what]


def legal_names(page: Document, path: str) -> list[str]:
    """Names with a legal form, three at most: in the footer's notice, on an imprint, or said to run the site."""
    footer = [line[:300] for line in page.footer.split("\n") if _is_notice(line.lower())][:10]
    matches = [match for line in footer for match in _NAMED.finditer(line)]
    if _LEGAL.search(path):
        matches += [match for line in page.lines[:60] for match in _NAMED.finditer(line[:300])][:2]
    elif _TERMS.search(path):
        matches += [match for line in page.lines[:300] for match in _OPERATOR.finditer(line[:400])][:2]
    names: dict[str, None] = {}
    for match in matches:
        spoken = next((text for text in match.groups() if text), "")
        name = " ".join(spoken.replace("Copyright", "").split())
        if name.partition(" ")[0].lower() not in _THIRD_PARTIES and name.lower() not in placeholders("names"):
            names.setdefault(name[:120])
    return list(names)[:3]


def _is_notice(low: str) -> bool:
    return any(mark in low for mark in _NOTICE)


def fillers(page: Document, path: str) -> list[str]:
    """Contacts that a theme left there: `mail …`, `phone …`, `address …`. Looked for where a site gives its own:
    links to write or call, footers, marked addresses, contact pages; docs are full of `you@example.com`."""
    links = [unquote(href[:200]).lower() for href in page.reached]
    places = [page.footer[:5000], *page.addresses]
    if _CONTACT.search(path):
        places.append(page.text[:5000])
    text = "\n".join((*links, *places)).lower()
    if not text.strip():
        return []
    found: dict[str, None] = {}
    if "@" in text:
        for mail in placeholders("mails"):
            if mail in text:
                found[f"mail {mail}"] = None
        for domain in placeholders("mail_domains"):
            if f"@{domain}" in text and not text.partition(f"@{domain}")[2][:1].isalnum():
                found[f"mail @{domain}"] = None
    if "555" in text or "456" in text:
        written: dict[str, str] = {}  # a link and its words hold one number in two spellings
        for match in _FILLER_PHONE.finditer(text):
            number = match.group(0).strip()
            written[re.sub(r"\D", "", number)[-10:]] = number
        found.update((f"phone {number}", None) for number in list(written.values())[:3])
    for address in placeholders("addresses"):
        if address in text and address != "lorem ipsum":
            found[f"address {address}"] = None
    if "lorem ipsum" in text:
        found["text lorem ipsum"] = None
    return sorted(found)[:MOST]


@cache
def _offices() -> tuple[dict[str, str], dict[str, str]]:
    data = seeds.load("shared_offices")
    return dict(data["addresses"]), dict(data["words"])


def office(address: str) -> str:
    """`WHAT: ADDRESS` where the address is one that a service lends to many, else "".

    >>> office("8 The Green, Suite A, Dover, DE 19901")
    'registered agent, Dover: 8 The Green, Suite A, Dover, DE 19901'
    """
    low = " ".join(address.lower().replace(".", "").split())
    streets, words = _offices()
    what = next((kind for street, kind in streets.items() if _begins_there(low, street)), "")
    plain = address.lower()
    what = what or next((kind for word, kind in words.items() if word in plain), "")
    return f"{what}: {address}" if what else ""


def _begins_there(address: str, street: str) -> bool:
    at = address.find(street)
    return at == 0 or (at > 0 and address[at - 1] in " ,(")


@cache
def _buy() -> Hints:
    return Hints(_BUY)


def furniture(page: Document) -> list[str]:
    """`shop` for a page with a cart and things to put in it, `news` for one with a dozen dated articles."""
    found = []
    if _buy().present(page) and any(_CART.search(anchor.href) for anchor in page.anchors):
        found.append("shop")
    if (
        sum(1 for anchor in page.anchors if "/20" in anchor.href and _DATED.search(anchor.href))
        >= _LEAST_DATED
    ):
        found.append("news")
    return found
