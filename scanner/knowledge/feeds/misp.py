"""MISP: events as the core format writes them, one a file, and the manifest that names a feed's events."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec

from scanner.knowledge.feeds import FeedError, Read, packed
from scanner.knowledge.indicators import BadIndicatorError, Indicator, day, short, spelled

MOST_EVENTS = 5000
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_KINDS = {
    "domain": "", "hostname": "", "domain|ip": "", "hostname|port": "", "url": "url", "link": "",
    "email": "mail", "email-src": "mail", "email-dst": "mail", "whois-registrant-email": "mail",
    "phone-number": "phone", "whois-registrant-phone": "phone", "btc": "payment",
    "xmr": "payment",
}  # fmt: skip
_CONTEXT = frozenset({"link"})


class _Attribute(msgspec.Struct):
    type: str = ""
    value: str = ""
    to_ids: bool = False
    deleted: bool = False
    comment: str | None = ""
    last_seen: str | None = ""


class _Object(msgspec.Struct):
    Attribute: list[_Attribute] = []
    deleted: bool = False


class _Event(msgspec.Struct):
    uuid: str = ""
    info: str = ""
    date: str = ""
    published: bool = True
    publish_timestamp: int | None = 0
    Attribute: list[_Attribute] = []
    Object: list[_Object] = []


class _File(msgspec.Struct):
    Event: _Event


def is_manifest(payload: bytes) -> bool:
    """Whether a JSON text is a mapping of event uuids (`manifest.json`)."""
    return bool(
        re.match(rb'\s*\{\s*"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"\s*:', payload[:4096])
    )


def read_manifest(payload: bytes) -> bytes:
    """The uuids of the feed's events, one a line. Raises FeedError, one line."""
    try:
        events = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(f"no MISP manifest: {' '.join(str(error).split())[:160]}") from None
    strange = [name for name in events if not _UUID.match(name)]
    if strange or not events:
        raise FeedError(
            "no MISP manifest: it names " + ("something that is no event" if strange else "no event")
        )
    if len(events) > MOST_EVENTS:
        raise FeedError(f"{len(events)} events, {MOST_EVENTS} at most")
    return "\n".join(sorted(events)).encode()


def read_event(payload: bytes) -> bytes:
    """Indicators of one event: attributes made for detection (`to_ids`), alone or in objects. Raises FeedError."""
    try:
        event = msgspec.json.decode(payload, type=_File, strict=False).Event
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(f"no MISP event: {' '.join(str(error).split())[:160]}") from None
    read = Read()
    if not event.published:
        read.leave(f"event {event.uuid}: not published yet")
        return packed(read)
    published = _published(event)
    rows = [*event.Attribute, *(row for one in event.Object if not one.deleted for row in one.Attribute)]
    for row in rows:
        if row.type not in _KINDS or row.type in _CONTEXT or row.deleted:
            continue
        if not row.to_ids:
            read.leave(f"{short(row.value)[:80]}: not meant for detection (to_ids is false)")
            continue
        try:
            kind, value = spelled(row.value.partition("|")[0], _KINDS[row.type])
        except BadIndicatorError as error:
            read.leave(str(error))
            continue
        note = "; ".join(part for part in (event.info, row.comment or "") if part)
        read.entries.append(
            Indicator(
                kind,
                value,
                published=published,
                note=short(note),
                reference=f"MISP event {short(event.uuid)}",
            )
        )
    return packed(read)


def _published(event: _Event) -> str:
    """When the event was published; its own date may lie long before."""
    if event.publish_timestamp and 0 < event.publish_timestamp < 1 << 33:
        return datetime.fromtimestamp(event.publish_timestamp, UTC).date().isoformat()
    try:
        return day(event.date)
    except BadIndicatorError as error:
        raise FeedError(f"MISP event {short(event.uuid)}: {error}") from None
