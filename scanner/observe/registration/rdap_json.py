"""An RDAP domain answer (RFC 9083, jCard RFC 7095, redaction RFC 9537) as a `Registration`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scanner.model import Date
from scanner.observe.registration.dates import parse_date
from scanner.observe.registration.record import Registration, State
from scanner.observe.registration.redaction import epp_status, is_empty, is_notice
from scanner.observe.registration.state import state_of_status

MOST_BYTES = 1 << 20
MOST_ENTITIES = 64
DEEPEST = 3

# Event actions of RFC 9083 §10.2.3 and of 9537's neighbours, with spellings seen at registries.
_EVENTS = {
    "registration": "created",
    "last changed": "updated",
    "last update": "updated",
    "expiration": "expires",
    "transfer": "transferred",
    "reregistration": "reregistered",
    "locked": "locked",
}
_REDACTIONS = {
    "registrant name": "registrant_name",
    "registrant organization": "registrant_organisation",
    "registrant email": "registrant_email",
    "registrant country": "registrant_country",
    "creation date": "created",
    "registry domain id": "registry_id",
}
_ERRORS: dict[int, State] = {
    400: "invalid", 401: "refused", 403: "refused", 404: "available", 422: "invalid", 429: "throttled",
    451: "refused", 500: "unavailable", 501: "invalid", 502: "unavailable", 503: "unavailable",
}  # fmt: skip
_CODE = re.compile("[0-9]{3}")
Object = dict[str, Any]


def parse_rdap(domain: str, body: bytes) -> Registration:
    """Read an RDAP answer about `domain`. Never raises: what is no domain object has state `unknown` (or
    that of its `errorCode`), with the reason."""
    data, why = _load(body)
    if data is None:
        return Registration(state="unknown", reason=why)
    error = data.get("errorCode")
    if isinstance(error, int | str) and _CODE.fullmatch(str(error)[:10]):
        return Registration(state=_ERRORS.get(int(error), "unknown"), reason=f"errorCode {error}")
    if str(data.get("objectClassName") or "domain").lower() != "domain" or not _names_domain(data):
        return Registration(state="unknown", reason="not a domain object")
    return _judged(_read(data, domain.rpartition(".")[2]))


def _load(body: bytes) -> tuple[Object | None, str]:
    if not body.strip():
        return None, "empty answer"
    if len(body) > MOST_BYTES:
        return None, "answer too large"
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"))
    except RecursionError:
        return None, "nested too deeply"
    except ValueError:
        return None, "not JSON"
    return (data, "") if isinstance(data, dict) else (None, "not a JSON object")


def _names_domain(data: Object) -> bool:
    return bool(_text(data.get("ldhName")) or _text(data.get("unicodeName")))


def _read(data: Object, tld: str) -> Registration:
    entities = list(_entities(data))
    registrar = next((e for e in entities if "registrar" in _roles(e)), {})
    registrant = next((e for e in entities if "registrant" in _roles(e)), {})
    card, redacted = _registrant(registrant)
    redacted |= _redactions(data)
    names = _card(registrar)
    related = tuple(_related(data))
    return Registration(
        **_dates(data, tld),
        domain=_text(data.get("ldhName")).rstrip(".").lower(),
        registry_id=_kept(data.get("handle")),
        registrar=names.get("fn") or names.get("org") or _kept(registrar.get("handle")),
        registrar_iana_id=_iana_id(registrar),
        registrar_server=related[0].rpartition("/domain/")[0] if related else "",
        registrar_url=next((_text(link.get("href")) for link in _objects(registrar.get("links"))), ""),
        nameservers=_nameservers(data),
        status=tuple(dict.fromkeys(epp_status(word) for word in _texts(data.get("status"))[:20])),
        registrant_organisation=card.get("org", ""),
        registrant_name=card.get("fn", ""),
        registrant_country=card.get("country", ""),
        registrant_email=card.get("email", "").lower(),
        dnssec=_dnssec(data),
        redacted=tuple(sorted(redacted)),
        related=related,
    )


def _dates(data: Object, tld: str) -> dict[str, Any]:
    found: dict[str, Date] = {}
    for event in _objects(data.get("events"))[:64]:
        action = _text(event.get("eventAction")).lower()
        name = _EVENTS.get(action)
        date = parse_date(_text(event.get("eventDate")), tld) if name else None
        if not name or not date:
            continue
        if name == "created":
            found.setdefault(name, date)
        elif name not in found or date.last > found[name].last:
            found[name] = date
    return found


def _nameservers(data: Object) -> tuple[str, ...]:
    names = (_text(s.get("ldhName") or s.get("unicodeName")) for s in _objects(data.get("nameservers"))[:64])
    return tuple(dict.fromkeys(name.rstrip(".").lower() for name in names if name and len(name) <= 255))[:32]


def _dnssec(data: Object) -> str:
    secure = data.get("secureDNS")
    signed = secure.get("delegationSigned") if isinstance(secure, dict) else None
    return "" if not isinstance(signed, bool) else "signed" if signed else "unsigned"


def _related(data: Object) -> Iterator[str]:
    """`related` links to another RDAP answer about the name: never trusted, dialled only through the door."""
    for link in _objects(data.get("links"))[:32]:
        href = _text(link.get("href"))
        kind = _text(link.get("type")) or "application/rdap+json"
        if (
            _text(link.get("rel")).lower() == "related"
            and "rdap" in kind
            and "/domain/" in href
            and len(href) < 500
        ):
            yield href


def _entities(data: Object, depth: int = 0) -> Iterator[Object]:
    """Entities, those inside them after them, at most three deep."""
    inner = _objects(data.get("entities"))[:MOST_ENTITIES]
    yield from inner
    if depth + 1 < DEEPEST:
        for entity in inner:
            yield from _entities(entity, depth + 1)


def _roles(entity: Object) -> set[str]:
    return {role.lower() for role in _texts(entity.get("roles"))}


def _iana_id(entity: Object) -> str:
    for public in _objects(entity.get("publicIds")):
        number = str(public.get("identifier") or "")
        if "iana" in _text(public.get("type")).lower() and number.isascii() and number.isdigit():
            return number[:6]
    return ""


def _registrant(entity: Object) -> tuple[dict[str, str], set[str]]:
    """The registrant's card without notices, and the names of what was withheld."""
    raw = _card(entity, notices=True)
    fields = {"fn": "registrant_name", "org": "registrant_organisation", "email": "registrant_email",
              "country": "registrant_country"}  # fmt: skip
    redacted = {name for key, name in fields.items() if is_notice(raw.get(key, ""))}
    titles = (_text(remark.get("title")) for remark in _objects(entity.get("remarks")))
    if redacted or any(is_notice(title) for title in titles):
        redacted.add("registrant")
    if raw.get("kind") == "org" and raw.get("fn") and not raw.get("org"):
        raw["org"] = raw.pop("fn")
    return {key: value for key, value in raw.items() if not is_notice(value)}, redacted


def _redactions(data: Object) -> set[str]:
    """RFC 9537: what the answer says it left out."""
    found: set[str] = set()
    for item in _objects(data.get("redacted"))[:64]:
        name = item.get("name")
        label = _text(name.get("description") or name.get("type")) if isinstance(name, dict) else ""
        if field := _REDACTIONS.get(label.lower()):
            found.add(field)
        if label.lower().startswith("registrant"):
            found.add("registrant")
    return found


def _card(entity: Object, notices: bool = False) -> dict[str, str]:
    """fn, org, email, country and kind of a jCard."""
    array = entity.get("vcardArray")
    rows = array[1] if isinstance(array, list) and len(array) > 1 and isinstance(array[1], list) else []
    card: dict[str, str] = {}
    for row in rows[:100]:
        if not (isinstance(row, list) and len(row) >= 4 and isinstance(row[0], str)):
            continue
        name, parameters, value = row[0].lower(), row[1] if isinstance(row[1], dict) else {}, row[3]
        if name in ("fn", "org", "email", "kind"):
            text = _kept(value[0] if isinstance(value, list) and value else value, notices)
            if text:
                card.setdefault(name, text)
        elif name == "adr" and (country := _country(parameters, value)):
            card.setdefault("country", country)
    return card


def _country(parameters: Object, address: Any) -> str:
    code = _kept(parameters.get("cc"))
    if code:
        return code.upper()
    last = _kept(address[6]) if isinstance(address, list) and len(address) > 6 else ""
    label = _text(parameters.get("label")).strip().splitlines()
    return last or (_kept(label[-1]) if label else "")


def _judged(found: Registration) -> Registration:
    states = [
        state for status in found.status if (state := state_of_status(status)) in ("available", "reserved")
    ]
    if states and not found.created:
        return replace(found, state=states[0], reason=found.status[0])
    return replace(found, state="registered")


def _objects(value: Any) -> list[Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def _text(value: Any) -> str:
    return value.strip()[:1000] if isinstance(value, str) else ""


def _kept(value: Any, notices: bool = False) -> str:
    text = " ".join(_text(value).split())[:200]
    return "" if is_empty(text) or (is_notice(text) and not notices) else text
