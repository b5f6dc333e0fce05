"""What a certificate log's index says of a domain: first and last sight, how many certificates, which names.

Evidence is the HTTP answer of crt.sh's `/?q=DOMAIN&output=json`: an array of objects, times in UTC without a
zone, precertificate and certificate as two entries. Being logged at a time means the name was in use by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scanner.domains import is_within
from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe.http_message import split

BODY_LIMIT = 10 << 20
MOST_NAMES = 50
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Entry:
    """One logged certificate: when it was logged, who issued it, its serial number, the names it is for."""

    logged: Date
    issuer: str
    serial: str
    names: tuple[str, ...]


def observe(evidence: Evidence, about: About) -> Observed:
    """Rows of one answer; an empty array is `absent`, an overloaded or refusing index typed as such."""
    status, headers, body = split(evidence.block, BODY_LIMIT)
    if status != 200:
        return _failure(status, dict(headers), body)
    try:
        listed, whole = _objects(body.decode("utf-8", "replace"))
    except ValueError as error:
        return Observed(status=Status.UNPARSED, reason=f"not-json {error}"[:120])
    entries = [entry for raw in listed if (entry := _entry(raw, about.domain)) is not None]
    if not entries:
        if listed or not whole:
            return Observed(status=Status.UNPARSED, reason="no-entry for this domain in the answer")
        return Observed(status=Status.ABSENT, reason="not-logged")
    return Observed(tuple(_rows(entries, evidence.digest, whole)), reason="" if whole else "cut-short")


def _failure(status: int, headers: dict[str, str], body: bytes) -> Observed:
    """429 is a limit, and so is a 503 that says when to come back; other 5xx are an overloaded index."""
    reason = f"http-{status}"
    words = body[:4096].lower()
    if status == 429 or (status == 503 and ("retry-after" in headers or b"too many requests" in words)):
        return Observed(status=Status.THROTTLED, reason=reason)
    if status in (401, 403, 451):
        return Observed(status=Status.REFUSED, reason=reason)
    if status >= 500 or status == 404:
        return Observed(status=Status.UNREACHABLE, reason=reason)
    return Observed(status=Status.UNPARSED, reason=reason)


def _objects(text: str) -> tuple[list[Any], bool]:
    """The array's objects, and whether it is whole. Of an answer cut by a limit what came before counts: each
    entry is a bound by itself. Raises ValueError for what is no array."""
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith("["):
        raise ValueError("no array")
    try:
        return list(json.loads(text)), True
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError:
        pass
    decoder = json.JSONDecoder()
    found: list[Any] = []
    at = 1
    while at < len(text):
        if text[at] in ", \t\r\n":
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found, False


def _entry(raw: Any, domain: str) -> Entry | None:
    """None for an entry of another domain, or without the time it was logged."""
    if not isinstance(raw, dict):
        return None
    text = f"{raw.get('name_value') or ''}\n{raw.get('common_name') or ''}".lower()
    names = tuple(dict.fromkeys(name for name in text.split() if is_within(name, domain)))
    logged = _date(raw.get("entry_timestamp"))
    if not names or logged is None:
        return None
    issuer = str(raw.get("issuer_name") or "")[:_LONGEST]
    return Entry(logged, issuer, f"{issuer} {raw.get('serial_number') or raw.get('id')}", names)


def _date(value: Any) -> Date | None:
    """`2015-05-22T13:35:41.521`, cut to the second."""
    try:
        return Date(str(value).partition(".")[0].rstrip("Z") + "Z")
    except ValueError:
        return None


def _rows(entries: list[Entry], evidence: str, whole: bool) -> Iterator[Observation]:
    """An answer cut short may have lost its oldest entries (the index lists the newest first): what is left is no
    first sight, only one by which the name was in use."""
    ordered = sorted(entries, key=lambda entry: (entry.logged.text, entry.issuer, entry.serial))
    for name, entry, bound in (
        ("first_logged" if whole else "logged_by", ordered[0], Bound.NOT_AFTER),
        ("last_logged", ordered[-1], Bound.AT),
    ):
        yield Observation("ct", name, entry.issuer, "ct", starts=entry.logged, bound=bound, evidence=evidence)
    count = len({entry.serial for entry in entries})
    yield Observation("ct", "certificates", str(count), "ct", evidence=evidence)
    names = sorted(
        {name for entry in entries for name in entry.names}, key=lambda name: (name.count("."), name)
    )
    for name in names[:MOST_NAMES]:
        yield Observation("ct", "name", name, "ct", evidence=evidence)
