"""Organisations a page describes in JSON-LD (schema.org): name, founding date, address, contacts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scanner.observe.page.document import Document, collapse

_MOST_NODES = 2000
_ORGANISATION = re.compile(
    r"(?:Organization|Corporation|LocalBusiness|ProfessionalService|EducationalOrganization|Store|LegalService|"
    r"NGO|FinancialService|MedicalBusiness|OnlineBusiness|Company|HomeAndConstructionBusiness|Restaurant|"
    r"NewsMediaOrganization|EmploymentAgency|GeneralContractor)\Z"
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation as the page's own data describes it; "" or empty where not stated."""

    name: str = ""
    founded: str = ""
    address: str = ""
    country: str = ""
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


def organisations(page: Document) -> list[Organisation]:
    """Organisations of the page's JSON-LD, at most ten; a publisher or author of an article among them."""
    found = []
    for node in _nodes(page.linked_data):
        kinds = node.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(name, str) and _ORGANISATION.search(name) for name in names):
            found.append(_organisation(node))
            if len(found) >= 10:
                break
    return found


def _nodes(data: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    queue: deque[Any] = deque(data)
    seen = 0
    while queue and seen < _MOST_NODES:
        seen += 1
        item = queue.popleft()
        if isinstance(item, dict):
            yield item
            queue.extend(value for value in item.values() if isinstance(value, (dict, list)))
        elif isinstance(item, list):
            queue.extend(item[:_MOST_NODES])


def _organisation(node: dict[str, Any]) -> Organisation:
    address, country = _address(node.get("address"))
    points = [point for point in _many(node.get("contactPoint")) if isinstance(point, dict)]
    holders = [node, *points[:10]]
    return Organisation(
        name=_text(node.get("name") or node.get("legalName")),
        founded=_text(node.get("foundingDate")),
        address=address,
        country=country,
        mails=tuple(text for holder in holders for text in _texts(holder.get("email"))),
        phones=tuple(text for holder in holders for text in _texts(holder.get("telephone"))),
        profiles=tuple(_texts(node.get("sameAs")))[:30],
    )


def _address(value: Any) -> tuple[str, str]:
    """A PostalAddress as one line, and the country it names."""
    for item in _many(value)[:3]:
        if isinstance(item, str):
            return _text(item), ""
        if isinstance(item, dict):
            country = item.get("addressCountry")
            country = _text(country.get("name") if isinstance(country, dict) else country)
            keys = ("streetAddress", "addressLocality", "addressRegion", "postalCode")
            parts = [part for key in keys if (part := _text(item.get(key)))]
            if parts or country:
                return ", ".join([*parts, country] if country else parts), country
    return "", ""


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(value: Any) -> list[str]:
    return [text for item in _many(value)[:30] if (text := _text(item))]


def _text(value: Any) -> str:
    return collapse(value)[:300] if isinstance(value, str) else ""
