"""How a site says it can be reached: mail, telephone, address, profiles, messengers, payment, a contact form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from scanner.domains import host_of
from scanner.model import Observation
from scanner.observe.page import accounts, payments, phones, postal
from scanner.observe.page.document import Document
from scanner.observe.page.domains import registrable
from scanner.observe.page.linked import Organisation
from scanner.observe.page.rows import placeholders, row

MOST_MAILS = 30
_MAIL = re.compile(
    r"(?<![\w.%+/=@-])([A-Za-z0-9][\w.%+'-]{0,63}@(?:[A-Za-z0-9À-ɏ](?:[\wÀ-ɏ-]{0,61}[\wÀ-ɏ])?\.){1,6}[A-Za-z]{2,24})(?![\w@-])"
)
_MAIL_BEFORE, _MAIL_BEHIND = (
    70,
    500,
)  # characters before and behind an @ that an address can take, and some more
_OBFUSCATED = re.compile(
    r"(?<![\w.])([A-Za-z0-9][\w.%+-]{0,63})\s?[\[({<]\s?(?:at|ät|AT|@)\s?[\])}>]\s?"
    r"([A-Za-z0-9-]{1,63}(?:(?:\s?[\[({<]\s?(?:dot|punkt|DOT|\.)\s?[\])}>]\s?|\.)[A-Za-z0-9-]{1,63}){1,4})(?![\w@])"
)
_AT_MARK = re.compile(r"[\[({<] ?(?:at|AT|ät|@)")
_DOT = re.compile(r"\s?[\[({<]\s?(?:dot|punkt|DOT|\.)\s?[\])}>]\s?")
_PROTECTED = re.compile(r"(?:data-cfemail=[\"']|/cdn-cgi/l/email-protection#)([0-9a-f]{8,300})")
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|css|js|mp4|ico|woff2?)\Z", re.IGNORECASE)
_MESSAGE_FIELD = re.compile(
    r"message|comment|inquiry|enquiry|nachricht|mensaje|mensagem|messaggio|bericht|сообщени"
)


def contacts(page: Document, organisations: list[Organisation], domain: str) -> list[Observation]:
    """Contact observations of one page; `domain` is the site's registrable domain."""
    hrefs = [anchor.href for anchor in page.anchors]
    rows = [row(page, "contact", "mail", mail) for mail in mails(page, organisations)]
    lines, countries = postal.addresses(page, organisations)
    rows += [row(page, "contact", "address", line) for line in lines]
    rows += [row(page, "contact", "country", code) for code in countries]
    rows += _phones(page, organisations, countries)
    profiles = [profile for organisation in organisations for profile in organisation.profiles]
    social, chats = accounts.accounts([*hrefs, *profiles], page.text, domain, page)
    rows += [row(page, "contact", "social", account) for account in social]
    rows += [row(page, "contact", "messenger", account) for account in chats]
    rows += [row(page, "contact", "payment", address) for address in payments.payments(page.text, hrefs)]
    if has_contact_form(page):
        rows.append(row(page, "contact", "form", "yes"))
    return rows


def mails(page: Document, organisations: list[Organisation]) -> list[str]:
    """Mail addresses, lower case, each once: mailto links, visible text, "name [at] domain", Cloudflare's
    protected form, JSON-LD. Placeholders and file names such as `logo@2x.png` are none."""
    found: dict[str, None] = {}
    for href in page.reached:
        if href[:7].lower() == "mailto:":
            for address in unquote(href[7:]).partition("?")[0].split(",")[:5]:
                _add(found, address.strip())
    for organisation in organisations:
        for address in organisation.mails:
            _add(found, address.removeprefix("mailto:").strip())
    for address in _written(page.text):
        _add(found, address)
        if len(found) >= MOST_MAILS:
            break
    if "cfemail" in page.html or "email-protection#" in page.html:
        for match in list(_PROTECTED.finditer(page.html))[:MOST_MAILS]:
            _add(found, _unprotect(match.group(1)))
    if _AT_MARK.search(page.text):
        for match in _OBFUSCATED.finditer(page.text):
            _add(found, f"{match.group(1)}@{_DOT.sub('.', match.group(2)).replace(' ', '')}")
            if len(found) >= MOST_MAILS:
                break
    return list(found)[:MOST_MAILS]


def _written(text: str) -> Iterator[str]:
    """The addresses in a text: what `_MAIL.finditer` finds, looked for round each @ alone."""
    at, end = text.find("@"), 0
    while at >= 0:
        match = _MAIL.search(text, max(end, at - _MAIL_BEFORE), at + _MAIL_BEHIND)
        if match is None:
            at = text.find("@", at + 1)
            continue
        yield match.group(1)
        end = match.end()
        at = text.find("@", end)


def _add(found: dict[str, None], address: str) -> None:
    match = _MAIL.fullmatch(address.strip("<>.,;: \t"))
    if match is None or len(found) >= MOST_MAILS:
        return
    mail = match.group(1).lower()
    host = mail.rpartition("@")[2]
    base = registrable(host)
    if not base or _FILE.search(host) or mail in placeholders("mails"):
        return
    if {host, base} & placeholders("mail_domains") or host.rpartition(".")[2] in (
        "tld",
        "invalid",
        "localhost",
    ):
        return
    found[mail] = None


def _unprotect(text: str) -> str:
    """Cloudflare's e-mail obfuscation: the first byte is the key of a XOR over the rest."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return ""
    return bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8", "replace")


def _phones(page: Document, organisations: list[Organisation], countries: list[str]) -> list[Observation]:
    links = [unquote(href[4:]).partition(";")[0] for href in page.reached if href[:4].lower() == "tel:"]
    links += [number for organisation in organisations for number in organisation.phones]
    tld = host_of(page.url).rpartition(".")[2]
    region = phones.region_of(countries[0] if len(countries) == 1 else "", tld)
    rows: list[Observation] = []
    for number, code in phones.phones(page.text, links, region):
        rows.append(row(page, "contact", "phone", number))
        country = row(page, "contact", "phone_country", code)
        if country not in rows:
            rows.append(country)
    return rows


def has_contact_form(page: Document) -> bool:
    """A form one can write a message into: a message field, and a field for a name or an address to answer."""
    for form in page.forms:
        names = " ".join(form.fields)
        message = form.textarea or bool(_MESSAGE_FIELD.search(names))
        if message and ("mail" in names or ":email" in names or "name" in names or "phone" in names):
            return True
    return False
