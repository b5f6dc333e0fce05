"""Addresses as people write them, taken to one normalised http(s) URL.

Résumés, chats and reports hold addresses without a scheme, defanged (`hxxps://acme[.]example`), inside
brackets, with a sentence's full stop, with a password in front, as a mail address. What can't be one is
refused in one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from scanner.domains import Host, has_known_ending, split
from scanner.hostnames import DomainError
from scanner.knowledge import Kind, Place, mail_kind, place_of
from scanner.wording import quoted

MAX_LENGTH = 2048  # characters; browsers and servers stop near there
_ROUNDS = 12  # of refanging; a bracket inside a bracket takes one each, and nobody means more

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_DOT = re.compile(r"\s*(?:[\[({<]\s*(?:\.|dot|punkt|punto|point)\s*[\])}>]|\\\.|\[\.|\.\])\s*", re.IGNORECASE)
_AT = re.compile(r"\s*[\[({<]\s*(?:@|at|arroba)\s*[\])}>]\s*", re.IGNORECASE)
_COLON = re.compile(r"[\[({]\s*(:)\s*[\])}]|[\[({]\s*(:\s*//)\s*[\])}]")
_DEFANGED = re.compile(r"(?:h(?:xx|XX|tx|xt|\*\*|__|tt\[?)p|ht\[tt?\]p|meow)(s?)\]?(?=\s*:)", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_PORT = re.compile(r"[^\s/?#@:]+:\d{1,5}(?:[/?#]|\Z)")
_USER_INFO = re.compile(r"[^\s/?#@:]+:[^\s/?#@]*@[^\s/?#@]")  # user:password@host, no scheme before it
_OF_PEOPLE = frozenset({"acct", "im", "sip", "sips", "skype", "xmpp"})  # schemes that look the same
_MARKDOWN = re.compile(r"\[[^\]\[]*\]\((\S+)\)\Z")
_MAIL = re.compile(r"[^\s/?#@:]+@[^\s/?#@:]+\Z")
_ENDS = ".,;:!?'\"…»”’"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_PORTS = {"http": 80, "https": 443}
_FILES = frozenset("csv doc docx htm html jpeg jpg json odt pdf png rtf toml txt xls xlsx yaml yml".split())  # noqa: SIM905
_KEPT = "!$%&'()*+,/:;=@~?[]-._|"  # left as they stand in a path or query; the rest is percent-encoded


class AddressError(ValueError):
    """The text is no address that can be looked at. One line: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address.

    url: normalised http(s) URL (lower-case A-label host, no default port, no fragment, no user name), or
        "" where the text names only a free mail provider.
    domain: what may become a target, "" for none (then `note` says why); of an IP address the address
        itself, public or not: the door decides, and a private one ends as `blocked`.
    host: the host name or IP address. platform: the free-hosting suffix it hangs under, or "".
    note: what a person should know about how it was read, or "". kind: see scanner.knowledge.Kind.
    """

    url: str
    domain: str
    host: str
    platform: str = ""
    note: str = ""
    kind: Kind = Kind.SITE


def read_address(text: str) -> Address:
    """Read one address.

    >>> read_address("hxxps://ACME[.]example:8443/team.").url
    'https://acme.example:8443/team'
    >>> read_address("jane@acme.example").domain, read_address("jane@gmail.com").domain
    ('acme.example', '')

    Raises AddressError.
    """
    if len(text) > 2 * MAX_LENGTH:
        raise AddressError(f"{shown(text)}: an address of {len(text)} characters; {MAX_LENGTH} at most")
    clean = refang(text)
    if not clean:
        raise AddressError(f"{shown(text)}: no address in it; give one like https://acme.example")
    if re.search(r"\s", clean):
        raise AddressError(f"{shown(text)} holds a space; give one address")
    scheme, rest = _scheme(clean, text)
    if scheme == "mailto" or (not scheme and _MAIL.match(rest)):
        return _mail(rest, text)
    return _web(scheme, rest, text)


def refang(text: str) -> str:
    """The text without defanging, invisible characters, surrounding brackets, quotes and a sentence's
    punctuation.

    >>> refang("<hxxp[://]acme(dot)example/a>.")
    'http://acme.example/a'

    Raises AddressError for brackets nested without end.
    """
    clean = _INVISIBLE.sub("", re.sub(r"[\t\r\n]+", "", text)).strip()
    clean = re.sub("[\ud800-\udfff]", "\ufffd", clean)  # half a character: kept as the mark for one
    clean = re.sub(r"\s{2,}", " ", clean)
    for _ in range(_ROUNDS):
        before, clean = clean, _refanged(clean)
        if clean == before:
            return clean
    raise AddressError(f"{shown(text)}: brackets within brackets; write the address plainly")


def _refanged(clean: str) -> str:
    found = _MARKDOWN.search(clean)
    if found:
        clean = found[1]
    clean = _DOT.sub(".", _AT.sub("@", clean))
    clean = _COLON.sub(lambda m: (m[1] or m[2]).replace(" ", ""), clean)
    clean = re.sub(r"^\W*(?=h)", "", clean) if _DEFANGED.search(clean[:12]) else clean
    clean = _DEFANGED.sub(lambda m: "http" + m[1].lower(), clean, count=1)
    return _bare(clean)


def _bare(text: str) -> str:
    """Strip brackets, quotes and punctuation that belong to the sentence; a bracket opened inside stays
    closed."""
    text = text.lstrip("'\"«“‘(<{ ").rstrip()
    if text.startswith("[") and not re.match(r"\[[0-9A-Fa-f:.]+\]", text):
        text = text.lstrip("[")
    while text:
        last = text[-1]
        if (
            last in _ENDS
            or last.isspace()
            or (last in _PAIRS and text.count(last) > text.count(_PAIRS[last]))
        ):
            text = text[:-1]
        else:
            break
    return text


def _scheme(clean: str, text: str) -> tuple[str, str]:
    """(scheme or "", the rest without it). Refuses what is not fetched with http(s)."""
    found = _SCHEME.match(clean)
    if not found or _HOST_PORT.match(clean) or (clean.count(":") > 1 and _bare_ipv6(clean)):
        return "", clean
    scheme = found[1].lower()
    if "." in scheme:
        raise AddressError(f"{shown(text)}: can't tell host from port; write https://host:port/")
    if scheme not in ("http", "https", "mailto"):
        if _USER_INFO.match(clean) and scheme not in _OF_PEOPLE:
            return "", clean
        raise AddressError(f"{shown(text)}: {scheme[:20]}: can't be looked at; give an http(s) address")
    return scheme, clean[found.end() :]


def _bare_ipv6(clean: str) -> bool:
    try:
        return split(clean).is_address
    except DomainError:
        return False


def _mail(rest: str, text: str) -> Address:
    """A mail address: its domain is what can be looked at; who it belongs to is not kept."""
    name = rest.split("?")[0].rpartition("@")[2]
    if not name:
        raise AddressError(f"{shown(text)}: no address in it; give one like https://acme.example")
    host = _host(name, "a mail address", text)
    kind = mail_kind(host.registrable) or mail_kind(host.host)
    if kind:
        note = f"{kind} mail provider {host.host}: says nothing about a firm"
        return Address("", "", host.host, note=note, kind=Kind.FREE_MAIL)
    if not host.registrable or host.host.endswith(".localhost"):
        raise AddressError(f"{shown(name)}: a mail address without a domain; give the firm's web address")
    note = "from a mail address: its domain is looked at, the mailbox is not kept"
    return Address(f"https://{host.host}/", host.registrable, host.host, host.platform, note, Kind.MAIL)


def _web(given: str, rest: str, text: str) -> Address:
    scheme = given or "https"
    rest = rest.replace("\\", "/").lstrip("/")
    authority, path = _cut(rest)
    _, at, server = authority.rpartition("@")
    name, port = _server(server, text)
    host = _host(name, "", text)
    if not given and host.suffix in _FILES and not has_known_ending(host.host):
        # A file's name often holds a person's: it is no host to ask registries about.
        raise AddressError(
            f"{shown(text)}: a file's name; give a résumé with --resume, a case file with --case"
        )
    if not given and host.is_address and ":" not in host.host and name.count(".") != 3:
        raise AddressError(f"{shown(text)}: a number, not an address; give one like https://acme.example")
    shown_host = f"[{host.host}]" if ":" in host.host else host.host
    url = f"{scheme}://{shown_host}{'' if port in (0, _PORTS[scheme]) else f':{port}'}{_encoded(path)}"
    url = refang(url)  # what a dropped fragment laid bare: reading the result again must change nothing
    if len(url) > MAX_LENGTH:
        raise AddressError(f"{shown(text)}: an address of {len(url)} characters; {MAX_LENGTH} at most")
    place = _place(url, text)
    if place.kind is Kind.SUFFIX:
        raise AddressError(f"{shown(text)}: {place.note}; give the whole name")
    dropped = "the user name before @ was dropped" if at else ""
    notes = [dropped, place.note]
    return Address(url, place.domain, host.host, place.platform, "; ".join(filter(None, notes)), place.kind)


def _place(url: str, text: str) -> Place:
    try:
        return place_of(url)
    except (DomainError, ValueError) as error:
        raise AddressError(f"{shown(text)}: {error}; give an address like https://acme.example") from None


def _cut(rest: str) -> tuple[str, str]:
    """(authority, path and query); the fragment never reaches a server and is dropped."""
    rest = rest.split("#")[0]
    place = min((at for mark in "/?" if (at := rest.find(mark)) >= 0), default=len(rest))
    path = rest[place:]
    return rest[:place], path if path.startswith("/") else "/" + path


def _server(server: str, text: str) -> tuple[str, int]:
    """(host, port or 0)."""
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", server)
    if not found:
        if _bare_ipv6(server):
            return server, 0
        raise AddressError(f"{shown(text)}: can't tell host from port; write https://host:port/")
    port = int(found[2] or 0) if len(found[2] or "") < 7 else 99_999
    if port > 65_535 or (found[2] and not port):
        raise AddressError(f"{shown(text)}: port {found[2][:10]} does not exist; ports go from 1 to 65535")
    return found[1], port


def _host(name: str, what: str, text: str) -> Host:
    if "%" in name:  # browsers decode it; a host written like that is only ever a disguise
        raise AddressError(f"{shown(text)}: percent signs in the host; write the host plainly")
    try:
        host = split(name)
    except DomainError as error:
        raise AddressError(f"{shown(text)}: {error}; give an address like https://acme.example") from None
    if "." not in host.host and not host.is_address and host.host != "localhost":
        hint = what or "a single word"
        raise AddressError(f"{shown(text)}: {hint} is no web address; give one like https://acme.example")
    return host


def _encoded(path: str) -> str:
    return quote(_dotless(path), safe=_KEPT)


def _dotless(path: str) -> str:
    """`/a/../b` is `/b`, as every client resolves it before asking."""
    before, mark, query = path.partition("?")
    kept: list[str] = []
    parts = before.split("/")[1:]
    for place, part in enumerate(parts):
        plain = part.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        if plain not in (".", ".."):
            kept.append(part)
        elif place == len(parts) - 1:
            kept.append("")
    return "/" + "/".join(kept) + mark + query


def shown(text: str) -> str:
    """Untrusted text quoted for a message, without the password an address may hold."""
    return quoted(re.sub(r"(//|\A[^\s/?#@:]+:)[^/@\s]*@", r"\1…@", text), 80)
