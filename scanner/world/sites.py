"""How the sites of a world answer:
files, redirects, statuses, and the ways in which hostile sites misbehave.
"""

from __future__ import annotations

import asyncio
import os
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from scanner.world.words import PathRule, Site

TYPES = {
    "html": "text/html; charset=utf-8",
    "htm": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "webmanifest": "application/manifest+json; charset=utf-8",
    "ico": "image/x-icon",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "zip": "application/zip",
    "gz": "application/gzip",
    "mp4": "video/mp4",
    "rss": "application/rss+xml; charset=utf-8",
    "doc": "application/msword",
    "vcf": "text/vcard; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_HTML = TYPES["html"]
_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
    429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_CHALLENGE = (
    b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
    b'<meta name="robots" content="noindex,nofollow"></head><body><div class="main-wrapper" role="main">'
    b'<noscript><div class="h2">Enable JavaScript and cookies to continue</div></noscript></div>'
    b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>'
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gets. `stream` is slow, endless or "" for a plain body;
    `fate` is refuse, blackhole or "".
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: str = ""
    fate: str = ""


def answer(site: Site, scheme: str, host: str, target: str) -> Answer:
    """The answer to `target` (path and query, as sent)."""
    path = "/" + unquote(target.partition("?")[0].partition("#")[0], errors="replace").lstrip("/")
    rules = [rule for rule in site.paths if _matches(rule.pattern, path)]
    rules.sort(key=lambda rule: (rule.pattern != path, -len(rule.pattern)))  # exact first, then the longest
    headers = {name: value for rule in reversed(rules) for name, value in rule.headers}
    deciding = next((r for r in rules if r.behaviour or r.status or r.redirect or r.file), None)
    if site.http == "redirect" and scheme == "http" and not site.behaviour:
        return Answer(301, b"", {"Location": f"https://{host}{target}"} | headers)
    if site.http == "none" and scheme == "http":
        return Answer(fate="refuse")
    plain = _of_rule(site, deciding, path, target) if deciding else _of_site(site, path, target)
    return Answer(plain.status, plain.body, plain.headers | headers, plain.stream, plain.fate)


def _matches(pattern: str, path: str) -> bool:
    """`*` stands for anything, all else for itself (no character classes: paths hold brackets)."""
    first, *rest = pattern.split("*")
    if not rest:
        return path == pattern
    if not path.startswith(first):
        return False
    position = len(first)
    for part in rest[:-1]:
        position = path.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= position


def _of_rule(site: Site, rule: PathRule, path: str, target: str) -> Answer:
    if rule.behaviour:
        return _misbehave(rule.behaviour, target, _file(site.folder, path))
    if rule.status >= 400 and not rule.file:
        return _error(rule.status)
    if rule.redirect:
        return _redirect(rule.redirect, rule.status)
    found = _read(rule.file) if rule.file else _file(site.folder, path)
    return Answer(rule.status or found.status, found.body, found.headers)


def _of_site(site: Site, path: str, target: str) -> Answer:
    if site.behaviour:
        return _misbehave(site.behaviour, target, _file(site.folder, path))
    if site.status >= 400:
        return _error(site.status)
    if site.redirect:
        return _redirect(site.redirect, site.status)
    found = _file(site.folder, path)
    return Answer(site.status, found.body, found.headers) if site.status and found.status == 200 else found


def _redirect(location: str, status: int) -> Answer:
    body = (
        f'<html><head><title>Moved</title></head><body><a href="{location}">here</a></body></html>'.encode()
    )
    return Answer(status if 300 <= status < 400 else 301, body, {"Location": location, "Content-Type": _HTML})


def _error(status: int) -> Answer:
    title = f"{status} {_REASONS.get(status, 'Error')}"
    page = (
        f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center>"
        "<hr><center>nginx</center></body></html>\r\n"
    )
    headers = {"Content-Type": _HTML}
    return Answer(status, page.encode(), headers | ({"Retry-After": "120"} if status in (429, 503) else {}))


def _misbehave(behaviour: str, target: str, page: Answer) -> Answer:
    html = {"Content-Type": _HTML}
    if behaviour in ("refuse", "blackhole"):
        return Answer(fate=behaviour)
    if behaviour == "loop":
        return Answer(302, b"", {"Location": target or "/"} | html)
    if behaviour == "challenge":
        return Answer(403, _CHALLENGE, {"cf-mitigated": "challenge", "Server": "cloudflare"} | html)
    if behaviour == "bomb":
        return Answer(200, bomb(), {"Content-Encoding": "gzip"} | html)
    body = page.body if page.status == 200 and page.body else b"<html><body>" + b"<p>One moment.</p>" * 64
    return Answer(200, body, page.headers or html, stream=behaviour)


def _file(folder: Path | None, path: str) -> Answer:
    """`/a` is `a`, `a.html`, `a/index.html` or `a.json` (what an API answers); else the site's 404.html.

    Never a file outside the folder.
    """
    if folder is None:
        return _error(404)
    if (found := _find(folder, path)) is not None:
        return _read(found)
    missing = folder / "404.html"
    return Answer(404, _read(missing).body, {"Content-Type": _HTML}) if missing.is_file() else _error(404)


def _find(folder: Path, path: str) -> Path | None:
    parts = [part for part in path.split("/") if part]
    if any(part in (".", "..") or set(part) & set("\\:\0") for part in parts):
        return None
    base = os.path.join(folder, *parts)
    choices = (
        (base, base + ".html", os.path.join(base, "index.html"), base + ".json")
        if parts
        else (os.path.join(base, "index.html"),)
    )
    return next((Path(choice) for choice in choices if _is_inside(choice, _real(folder))), None)


@lru_cache(maxsize=4096)
def _real(folder: Path) -> str:
    return os.path.join(os.path.realpath(folder), "")


@lru_cache(maxsize=4096)
def _behind_links(path: str) -> str:
    return os.path.realpath(path)


def _is_inside(path: str, folder: str) -> bool:
    """A file, also behind links, that lies in the folder; names too long for the system are no files."""
    try:
        return os.path.isfile(path) and _behind_links(path).startswith(folder)
    except (OSError, ValueError):
        return False


def _read(path: Path) -> Answer:
    stat = path.stat()
    return Answer(200, _bytes(path, stat.st_mtime_ns, stat.st_size), {"Content-Type": media_type(path.name)})


@lru_cache(maxsize=2048)
def _bytes(path: Path, mtime: int, size: int) -> bytes:
    return path.read_bytes()


def media_type(name: str) -> str:
    """By extension, the same on every system; an unknown one is bytes."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return TYPES.get(suffix, "application/octet-stream")


# ------------------------------------------------------------------------------------------ misbehaviour

BOMB_BYTES = 1_000_000_000
_BLOCK = 20_000_000
_BOMB_CRC = 0x63F45742  # of BOMB_BYTES zeros; a test decompresses it all


@lru_cache(maxsize=1)
def bomb() -> bytes:
    """A gzip of under 1 MB that unpacks to BOMB_BYTES of zeros.

    One block is compressed and repeated: a full flush ends it on a byte border and forgets what came before.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    last = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return (
        head
        + block * (BOMB_BYTES // _BLOCK)
        + last
        + _BOMB_CRC.to_bytes(4, "little")
        + BOMB_BYTES.to_bytes(4, "little")
    )


async def trickle(body: bytes) -> AsyncIterator[bytes]:
    """One byte a second."""
    for n in range(len(body)):
        yield body[n : n + 1]
        await asyncio.sleep(1)


async def endless(body: bytes) -> AsyncIterator[bytes]:
    """The page, then more of it, for as long as the client reads."""
    chunk = (body or b"<p>more</p>") * (16384 // max(1, len(body) or 11) + 1)
    while True:
        yield chunk
        await asyncio.sleep(0)
