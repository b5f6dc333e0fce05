"""STIX 2.1 bundles: indicators that name exactly one address each, with the campaign they point to."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from scanner.knowledge.feeds import MOST_ENTRIES, FeedError, Read, packed
from scanner.knowledge.indicators import BadIndicatorError, Indicator, day, short, spelled
from scanner.wording import quoted

_COMPARISON = re.compile(
    r"(?<![a-z0-9-])([a-z0-9-]+):([A-Za-z0-9_.\[\]*'-]+)\s*(=|!=|>|<|>=|<=|IN|LIKE|MATCHES|ISSUBSET|ISSUPERSET)\s*'((?:[^'\\]|\\.)*)'"
)
_KINDS = {
    ("domain-name", "value"): "",
    ("url", "value"): "url",
    ("email-addr", "value"): "mail",
    ("email-message", "from_ref.value"): "mail",
    # no part of the standard, but what OpenCTI and those who feed it write
    ("cryptocurrency-wallet", "value"): "payment",
    ("x-opencti-cryptocurrency-wallet", "value"): "payment",
    ("phone-number", "value"): "phone",
    ("x-opencti-phone-number", "value"): "phone",
}
_NOT_ONE = re.compile(r"\b(?:AND|NOT|FOLLOWEDBY|REPEATS)\b")
_NAMED = ("campaign", "intrusion-set", "threat-actor", "malware", "tool", "infrastructure", "identity")
_BENIGN = frozenset({"benign"})
_ANONYMOUS = "anonymization"


LONGEST = 100_000  # characters of a pattern


class _Kind(msgspec.Struct):
    type: str = ""
    spec_version: str = ""


class _Bundle(msgspec.Struct):
    type: str = ""
    objects: list[msgspec.Raw] = []


class _Reference(msgspec.Struct):
    url: str = ""
    source_name: str = ""


class _Pattern(msgspec.Struct):
    id: str
    pattern: str
    pattern_type: str = "stix"
    created: str = ""
    modified: str = ""
    valid_from: str = ""
    valid_until: str = ""
    revoked: bool = False
    name: str = ""
    indicator_types: list[str] = []
    external_references: list[_Reference] = []


class _Report(msgspec.Struct):
    published: str = ""
    object_refs: list[str] = []
    revoked: bool = False


class _Relation(msgspec.Struct):
    source_ref: str = ""
    target_ref: str = ""
    relationship_type: str = ""
    revoked: bool = False


class _Named(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Contents(msgspec.Struct):
    """The parts of a bundle that matter here, each indicator in its newest version."""

    indicators: dict[str, _Pattern] = {}
    names: dict[str, str] = {}
    public: dict[str, str] = {}
    points_to: dict[str, str] = {}


def read_bundle(payload: bytes) -> bytes:
    """Indicators of a bundle. Revoked ones are left out, whichever version says so; `valid_until` is kept.

    Published is the day of the earliest report that refers to an indicator, else the day it was created. Raises
    FeedError, one line.
    """
    contents = _contents(payload)
    read = Read()
    for pattern in contents.indicators.values():
        if pattern.revoked:
            read.leave(f"{pattern.id}: revoked")
            continue
        if _BENIGN & set(pattern.indicator_types):
            read.leave(f"{pattern.id}: benign")
            continue
        try:
            read.entries += _entries(pattern, contents)
        except BadIndicatorError as error:
            read.leave(f"{pattern.id}: {error}")
    return packed(read)


def _contents(payload: bytes) -> _Contents:
    try:
        bundle = msgspec.json.decode(payload, type=_Bundle)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(f"no STIX bundle: {_line(error)}") from None
    if bundle.type != "bundle":
        raise FeedError(f"no STIX bundle: its type is {quoted(bundle.type)}")
    if len(bundle.objects) > MOST_ENTRIES:
        raise FeedError(f"{len(bundle.objects)} objects, {MOST_ENTRIES} at most")
    found = _Contents()
    for number, raw in enumerate(bundle.objects, 1):
        try:
            _take(raw, found)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise FeedError(f"object {number}: {_line(error)}") from None
    return found


def _take(raw: msgspec.Raw, found: _Contents) -> None:
    kind = msgspec.json.decode(raw, type=_Kind).type
    if kind == "indicator":
        _newest(found.indicators, msgspec.json.decode(raw, type=_Pattern))
    elif kind == "report":
        report = msgspec.json.decode(raw, type=_Report)
        for ref in report.object_refs if report.published and not report.revoked else ():
            found.public[ref] = min(report.published, found.public.get(ref, report.published))
    elif kind == "relationship":
        relation = msgspec.json.decode(raw, type=_Relation)
        if relation.relationship_type == "indicates" and not relation.revoked:
            found.points_to.setdefault(relation.source_ref, relation.target_ref)
    elif kind in _NAMED:
        named = msgspec.json.decode(raw, type=_Named)
        found.names[named.id] = named.name


def _newest(found: dict[str, _Pattern], pattern: _Pattern) -> None:
    """Versions of one object share an id; the newest counts. Two of one moment that differ contradict each other."""
    other = found.get(pattern.id)
    if other is None or pattern.modified > other.modified:
        found[pattern.id] = pattern
    elif pattern.modified == other.modified and pattern != other:
        raise msgspec.ValidationError(f"{pattern.id} stands there twice and says different things")


def _entries(pattern: _Pattern, contents: _Contents) -> list[Indicator]:
    points_to = contents.names.get(contents.points_to.get(pattern.id, ""), "")
    note = short("; ".join(part for part in (pattern.name, points_to) if part))
    reference = next((ref.url for ref in pattern.external_references if ref.url), pattern.id)
    published = contents.public.get(pattern.id) or pattern.created or pattern.valid_from
    return [
        Indicator(
            kind,
            value,
            published=day(published),
            until=day(pattern.valid_until),
            counts=_ANONYMOUS not in pattern.indicator_types,
            note=note,
            reference=short(reference),
        )
        for kind, value in _addresses(pattern)
    ]


def _addresses(pattern: _Pattern) -> list[tuple[str, str]]:
    """What the pattern names, each by itself: `[a OR b]`. Anything that needs two things at once names none."""
    if pattern.pattern_type != "stix":
        raise BadIndicatorError(f"a pattern in {quoted(pattern.pattern_type)}, not in STIX")
    text = pattern.pattern
    if len(text) > LONGEST:
        raise BadIndicatorError(f"a pattern of {len(text)} characters")
    if _NOT_ONE.search(re.sub(r"'(?:[^'\\]|\\.)*'", "''", text)):
        raise BadIndicatorError("a pattern of several things at once")
    found = []
    for kind, path, operator, value in _COMPARISON.findall(text):
        if operator != "=" or (kind, path) not in _KINDS:
            raise BadIndicatorError(f"{kind}:{path} {operator} … is no exact address")
        plain = re.sub(r"\\(.)", r"\1", value)
        found.append(spelled(plain, _KINDS[(kind, path)]))
    if not found:
        raise BadIndicatorError("a pattern without an exact address")
    return found


def _line(error: Any) -> str:
    return " ".join(str(error).split())[:160]
