"""Addresses on the lines of a résumé: targets behind words and icons, and what stands there to be read.

An address split over two lines is joined. Where a link says one place and leads to another, both are kept and
marked. Of mail addresses only the domain is kept, as a hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.domains import has_known_ending, host_of, registrable
from scanner.intake.addresses import AddressError, read_address
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.words import LABEL
from scanner.knowledge import Kind

HYPHEN = "joined from two lines at a hyphen: part of the address, or not?"
MAX_JOINED = 4  # further lines of one address
MAX_FOUND = 2_000  # addresses in one document; after that nobody means a reader

_STOP = r"\s<>\"“”„«»、。（）「」『』｜，；\t|"
_URL = re.compile(
    rf"(?:h(?:tt|xx)ps?(?:://|\[:\]//)|www\.)(?:(?!(?<![/=])https?://)[^{_STOP}])*"
    rf"|(?<![\w@.\-/:])(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{{2,24}}(?::\d{{2,5}})?(?:/[^{_STOP}]*)?(?![\w@])",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+%-]+\s?@\s?((?:[\w-]+\.)+[^\W\d_]{2,24})")
_HALF_MAIL = re.compile(r"@(?:[\w.-]*[-.])?$")
_PIECE = re.compile(r"[A-Za-z0-9._~%/?#=&+:@,;!-]+")
_HALF_HOST = re.compile(r"(?:[a-z0-9]+-)+")
_GOES_ON = re.compile(r"[-_/?=&%#.]$")
# Names of products that look like names of sites, and endings of files that are countries too.
_PRODUCTS = frozenset("asp.net ado.net vb.net ml.net entity.net socket.io draw.io node.io paint.net".split())  # noqa: SIM905
_DEGREE = re.compile(
    r"[BM]\.[A-Z][a-z]+|(?:cand|mag|dr|dipl|stud|lic)\.\w{2,7}", re.IGNORECASE
)  # "B.Tech", "cand.it"
_FILES = re.compile(
    r"\.(?:py|md|sh|rs|pl|ps|cc|so|zip|mov|java|js|ts|cs|tf|ai|vi|do|st|la|sc|ph|ma|ba|as)$", re.I
)


@dataclass(slots=True)
class Found:
    """One address on a line. doubt: why a person should look, or "". bare: it stands there without http or www,
    and is no link."""

    url: str
    line: int
    start: int
    end: int
    kind: Kind
    doubt: str = ""
    bare: bool = False


def find(lines: Sequence[Line]) -> tuple[list[Found], list[str]]:
    """(addresses in reading order, domains of mail addresses that are no free mail)."""
    found: list[Found] = []
    hints: dict[str, None] = {}
    taken: dict[int, int] = {}  # characters of a line that belong to an address begun above it
    for number, line in enumerate(lines):
        if len(found) >= MAX_FOUND:
            break
        links = _links(line, number, hints)
        found += links
        text = _without_mail(line.text, hints)
        if _HALF_MAIL.search(text) and number + 1 < len(lines):  # its rest is no site
            piece = _PIECE.match(lines[number + 1].text)
            taken[number + 1] = len(piece.group()) if piece else 0
        for match in _URL.finditer(text, taken.get(number, 0)):
            before = _half_host(lines, number) if match.start() == 0 and not taken.get(number) else ""
            written, doubt = before + match.group(), HYPHEN if before else ""
            if match.end() == len(text.rstrip()):
                written, more = _continued(written, lines, number)
                taken |= more
                if more and match.group().endswith("-"):
                    doubt = HYPHEN
            one = _read(written, number, match.start(), match.end(), line)
            if one is None or _stands_behind(links, one, line):
                continue
            one.doubt = one.doubt or doubt or _elsewhere(links, one)
            found.append(one)
    return found, list(hints)


def _continued(written: str, lines: Sequence[Line], number: int) -> tuple[str, dict[int, int]]:
    """An address that ends a line with what the next lines add to it, and how much of each they are."""
    taken: dict[int, int] = {}
    for at in range(number + 1, min(number + 1 + MAX_JOINED, len(lines))):
        rest = _rest(written, lines[at]) if not taken or _GOES_ON.search(written) else ""
        if not rest:
            break
        written, taken[at] = written + rest, len(rest)
        if len(rest) < len(lines[at].text.rstrip()):
            break
    return written, taken


def _half_host(lines: Sequence[Line], number: int) -> str:
    """A name that was broken at its hyphen before its first dot: "tern-and-" alone on the line above "pike.example"."""
    above = lines[number - 1].text.strip() if number else ""
    return above if _HALF_HOST.fullmatch(above) and not lines[number].heading else ""


def written(text: str) -> list[str]:
    """The addresses that stand in a text to be read, as they stand."""
    return [match.group() for match in _URL.finditer(_without_mail(text, {}))]


def _links(line: Line, number: int, hints: dict[str, None]) -> list[Found]:
    found = []
    for link in line.links:
        if link.url.lower().startswith("mailto:"):
            _hint(link.url.partition("?")[0].rpartition("@")[2], hints)
        elif re.match(r"https?:|www\.", link.url, re.IGNORECASE):
            try:
                address = read_address(link.url)
            except AddressError:
                continue
            if address.url:
                found.append(Found(address.url, number, link.start, link.end, address.kind))
    return found


def _without_mail(text: str, hints: dict[str, None]) -> str:
    """The text with mail addresses blanked out, so that their domains are not read as sites."""

    def blank(match: re.Match[str]) -> str:
        _hint(match[1], hints)
        return " " * len(match.group())

    return _MAIL.sub(blank, text)


def _hint(domain: str, hints: dict[str, None]) -> None:
    try:
        address = read_address(f"mailto:x@{domain}")
    except AddressError:
        return
    if address.kind is Kind.MAIL and has_known_ending(address.host):
        hints[address.domain] = None


def _read(written: str, number: int, start: int, end: int, line: Line) -> Found | None:
    bare = not re.match(r"h(?:tt|xx)p|www\.", written, re.IGNORECASE)
    written = written.partition("](")[0]  # Markdown that was pasted as it stood
    clean = re.sub(r"[)\].,;:!?'’*_]+$", "", written) if "(" not in written else written
    try:
        address = read_address(clean)
    except AddressError:
        return None
    if not address.url or not (address.kind is Kind.IP or has_known_ending(address.host)):
        return None
    if bare:
        name = clean.partition("/")[0].lower()
        if (
            _DEGREE.fullmatch(clean)
            or name in _PRODUCTS
            or ("/" not in clean and _FILES.search(name))
            or re.fullmatch(r"[\d.]+", name)
        ):
            return None
        if address.kind is Kind.IP:
            return None
    return Found(address.url, number, start, end, address.kind, "", bare)


def _rest(written: str, following: Line) -> str:
    """What the next line adds to an address that ends a line, or nothing."""
    piece = _PIECE.match(following.text)
    if (
        piece is None
        or (following.bullet and not following.goes_on)
        or following.heading
        or (following.gap and len(written) < 20)
    ):
        return ""
    rest = piece.group()
    if re.match(r"(?:https?:|www\.)", rest, re.IGNORECASE) or re.search(r"[\w.]@", rest):
        return ""
    alone = len(rest) == len(following.text.strip())
    like_one = re.search(r"[/_?=&%#]|\w[.-]\w|\d", rest) is not None
    host = host_of(written if "//" in written else f"//{written}") or ""
    unfinished = not has_known_ending(host.rstrip(".-")) or host.endswith("-")
    if (rest[0] in "/?&=#" or (rest[0] == "@" and written.endswith("/"))) and not unfinished:
        return rest
    if unfinished:
        ending = has_known_ending(host_of(f"//{re.sub(r'^.*//', '', written)}{rest}") or "")
        return rest if ending and (like_one or alone or _GOES_ON.search(written)) else ""
    if (
        alone
        and like_one
        and rest[0].islower()
        and "/" in written[8:]
        and not has_known_ending(rest.partition("/")[0])
    ):
        return rest
    if not _GOES_ON.search(written) or written.endswith("."):
        return ""
    if written.endswith("/") and host.endswith(written.rstrip("/")[-6:]) and not like_one:
        return ""  # "https://acme.example/" is finished
    if written[-1] in "-_=&%?":
        return rest if rest[0].islower() or rest[0].isdigit() or alone else ""
    return rest if (like_one or alone) and not rest[0].isupper() else ""


def _stands_behind(links: list[Found], one: Found, line: Line) -> bool:
    """Whether a written address is only the visible side of a link to the same site."""
    for link in links:
        if link.start < one.end and one.start < link.end:
            words = re.sub(r"\s", "", line.text[link.start : link.end]).lower()
            if len(words) > 3 and words in link.url.lower():
                return True  # the link's own address, however it is broken
            shown, leads = registrable(host_of(one.url) or ""), registrable(host_of(link.url) or "")
            glued = (shown or "").removesuffix(leads or "")
            if leads and glued != shown and (glued.isdigit() or LABEL.fullmatch(glued)):
                return True  # a word that stands right before it: "Websiteacme.example"
            if shown == leads or link.url.startswith(one.url) or not has_known_ending(host_of(one.url) or ""):
                return True
    return any(
        link.url == one.url or (one.url.endswith("-") and link.url.startswith(one.url)) for link in links
    )


def _elsewhere(links: list[Found], one: Found) -> str:
    for link in links:
        if link.start < one.end and one.start < link.end:
            link.doubt = f"the words show {registrable(host_of(one.url) or '')}, and lead here"
            return f"this is what the words show; the link leads to {registrable(host_of(link.url) or '')}"
    return ""
