"""Captures of a world, and the questions the CDX server of the Wayback Machine understands.

https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from scanner.world.sites import media_type
from scanner.world.words import Domain, Snapshot

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_LAST = "99991231235959"


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived answer. `file` holds the body; a redirect or error has a short one of its own."""

    timestamp: str
    original: str
    status: int
    mimetype: str
    file: Path | None = None
    redirect: str = ""
    revisit: bool = False

    @property
    def body(self) -> bytes:
        if self.file:
            return self.file.read_bytes()
        return (
            f"<html><head><title>{self.status}</title></head><body>{self.status}</body></html>\n".encode()
            if self.status >= 400
            else b""
        )

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.file else len(self.body)

    @property
    def digest(self) -> str:
        """Base32 SHA-1 of the body, as the archive writes it."""
        if self.file:
            stat = self.file.stat()
            return _file_digest(self.file, stat.st_mtime_ns, stat.st_size)
        return _digest(self.body + self.redirect.encode())

    @property
    def urlkey(self) -> str:
        return surt(self.original)

    def row(self) -> dict[str, str]:
        """The fields of CDX; a revisit shows neither type nor status."""
        return {
            "urlkey": self.urlkey,
            "timestamp": self.timestamp,
            "original": self.original,
            "mimetype": "warc/revisit" if self.revisit else self.mimetype,
            "statuscode": "-" if self.revisit else str(self.status),
            "digest": self.digest,
            "length": str(500 + (0 if self.revisit else self.size // 3)),  # of the compressed record
        }


def _digest(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


@lru_cache(maxsize=4096)
def _file_digest(path: Path, mtime: int, size: int) -> str:
    return _digest(path.read_bytes())


def surt(url: str) -> str:
    """The key of an address: `com,example)/team`; scheme, www, letter case and a last slash don't count."""
    parts = urlsplit(url if "//" in url else "http://" + url)
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/").lower() or "/"
    query = "?" + "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return ",".join(reversed(host.split("."))) + ")" + path + query


def captures(domain: Domain, now: datetime) -> list[Capture]:
    """All captures of a domain up to `now`, by key, then time."""
    found = [
        capture for shot in domain.archive.snapshots if shot.at <= now for capture in _of(shot, domain.name)
    ]
    found.sort(key=lambda capture: (capture.urlkey, capture.timestamp))
    return list(_with_revisits(found))


def _of(shot: Snapshot, domain: str) -> Iterator[Capture]:
    stamp = shot.at.strftime("%Y%m%d%H%M%S")
    if shot.folder:
        for path in _files(shot.folder):
            relative = path.relative_to(shot.folder).as_posix()
            url = f"http://{domain}/" + re.sub(r"(^|/)index\.html?$", r"\1", relative)
            yield Capture(stamp, url, shot.status or 200, _type(path), path)
        return
    url = shot.url or "/"
    url = f"http://{domain}{url}" if url.startswith("/") else url
    if shot.redirect:
        status = shot.status if 300 <= shot.status < 400 else 301
        yield Capture(stamp, url, status, "text/html", redirect=shot.redirect)
    else:
        yield Capture(
            stamp, url, shot.status or 200, _type(shot.file) if shot.file else "text/html", shot.file
        )


@lru_cache(maxsize=1024)
def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _type(path: Path) -> str:
    return media_type(path.name).partition(";")[0]


def _with_revisits(found: Iterable[Capture]) -> Iterator[Capture]:
    """Marks a capture whose bytes are those of the one before it at the same address."""
    last: tuple[str, str, int] | None = None
    for capture in found:
        this = (capture.urlkey, capture.digest, capture.status)
        yield (
            capture
            if this != last
            else Capture(
                capture.timestamp,
                capture.original,
                capture.status,
                capture.mimetype,
                capture.file,
                capture.redirect,
                revisit=True,
            )
        )
        last = this


def asked_host(url: str) -> str:
    """The host an archive question is about: `*.acme.com/team*` is about acme.com."""
    url = url.removeprefix("*.")
    return (urlsplit(url if "//" in url else "http://" + url).hostname or "").removeprefix("*.").rstrip(".")


def select(
    found: Iterable[Capture], ask: Mapping[str, str], many: Mapping[str, list[str]]
) -> list[list[str]]:
    """The rows of a CDX answer, header first; [] when nothing matches.

    `ask` are single parameters, `many` those that may repeat (filter, collapse). Raises ValueError for a bad
    one.
    """
    fields = [f for f in ask.get("fl", ",".join(FIELDS)).split(",") if f]
    if not set(fields) <= set(FIELDS):
        raise ValueError(f"unknown field in fl={ask['fl']}")
    begin = ask.get("from", "").ljust(14, "0")
    end = ask["to"] + _LAST[len(ask["to"]) :] if ask.get("to") else _LAST
    matches = _Match(ask.get("url", ""), ask.get("matchType", ""))
    rows = [c.row() for c in found if matches(c) and begin <= c.timestamp <= end]
    for rule in many.get("filter", []):
        keep = _Filter(rule)
        rows = [row for row in rows if keep(row)]
    rows = _collapse(rows, many.get("collapse", []))
    if ask.get("sort") == "reverse":
        rows.reverse()
    rows = _window(rows, ask)
    return [fields, *[[row[f] for f in fields] for row in rows]] if rows else []


def _window(rows: list[dict[str, str]], ask: Mapping[str, str]) -> list[dict[str, str]]:
    rows = rows[int(ask.get("offset") or 0) :]
    limit = int(ask.get("limit") or 0)
    return rows[:limit] if limit > 0 else rows[limit:] if limit < 0 else rows


class _Match:
    """Whether a capture belongs to the asked address, in the way `matchType` (or a `*`) says."""

    def __init__(self, url: str, kind: str) -> None:
        if url.startswith("*."):
            url, kind = url[2:], kind or "domain"
        if url.endswith("*"):
            url, kind = url[:-1], kind or "prefix"
        self.kind = kind or "exact"
        if self.kind not in ("exact", "prefix", "host", "domain"):
            raise ValueError(f"unknown matchType {kind}")
        self.key = surt(url)
        self.host = self.key.partition(")")[0]

    def __call__(self, capture: Capture) -> bool:
        key = capture.urlkey
        if self.kind == "exact":
            return key == self.key or key in (self.key + ".html", self.key + ".htm")
        if self.kind == "prefix":
            return key.startswith(self.key if not self.key.endswith(")/") else self.host + ")")
        host = key.partition(")")[0]
        return host == self.host or (self.kind == "domain" and host.startswith(self.host + ","))


class _Filter:
    """`[!]field:regex`, which must match the whole value;
    `[!]=field:text` and `[!]~field:text` as in pywb.
    """

    def __init__(self, rule: str) -> None:
        self.negated = rule.startswith("!")
        field, colon, value = rule.lstrip("!").partition(":")
        self.mode = field[0] if field[:1] in ("=", "~") else ""
        self.field = field.lstrip("=~")
        if not colon or self.field not in FIELDS:
            raise ValueError(f"bad filter {rule}")
        try:
            self.pattern = re.compile(re.escape(value) if self.mode else value)
        except re.error:
            raise ValueError(f"bad filter {rule}") from None

    def __call__(self, row: Mapping[str, str]) -> bool:
        value = row[self.field]
        found = self.pattern.search(value) if self.mode == "~" else self.pattern.fullmatch(value)
        return bool(found) != self.negated


def _collapse(rows: list[dict[str, str]], rules: list[str]) -> list[dict[str, str]]:
    """Of neighbouring rows with the same field (or its first N letters) the first stays."""
    for rule in rules:
        field, _, length = rule.partition(":")
        if field not in FIELDS or (length and not length.isdigit()):
            raise ValueError(f"bad collapse {rule}")
        kept: list[dict[str, str]] = []
        last = None
        for row in rows:
            value = row[field][: int(length)] if length else row[field]
            if value != last:
                kept.append(row)
            last = value
        rows = kept
    return rows


def nearest(found: Iterable[Capture], url: str, timestamp: str) -> Capture | None:
    """The capture of an address closest in time; `/team` also finds `/team.html`."""
    match = _Match(url.split("#")[0].rstrip("*"), "exact")
    wanted = _seconds(timestamp)
    return min(
        (c for c in found if match(c)),
        key=lambda c: (c.urlkey != match.key, abs(_seconds(c.timestamp) - wanted), c.timestamp),
        default=None,
    )


def _seconds(timestamp: str) -> float:
    """A timestamp of 1 to 14 digits as seconds; what is missing is the earliest, what can't be is clipped."""
    text = timestamp[:14]
    text += "00000101000000"[len(text) :] if len(text) >= 4 else "19960101000000"[len(text) :]
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:14])
    moment = datetime(max(year, 1), min(max(month, 1), 12), min(max(day, 1), 28))  # noqa: DTZ001
    return (
        (moment - datetime(1, 1, 1)).total_seconds()  # noqa: DTZ001
        + (max(day, 1) - min(max(day, 1), 28)) * 86400
        + min(hour, 23) * 3600
        + min(minute, 59) * 60
        + min(second, 59)
    )
