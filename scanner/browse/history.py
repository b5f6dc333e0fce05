"""One address over the scans that looked at it, fact by fact: what it was, when it became something else, and where
nobody could look. The facts are those of `scanner.watch`, so that a page never differs from `diff`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scanner.model import Attempt, Observation, Status
from scanner.report.html_words import LEVELS, STATES
from scanner.store import Store
from scanner.store.records import moment
from scanner.watch.changes import Change, follow
from scanner.watch.facts import NAMES, Sight, facts
from scanner.watch.values import same, words_of

MOST_SCANS = 60
"""The newest scans of an address that are read: a year of weekly ones."""
WORDS = {
    "verdict": "Result",
    "site": "What stands there",
    "registration": "Registration",
    "created": "Registered on",
    "expires": "Registered until",
    "registrar": "Registrar",
    "registrant": "Recorded owner",
    "held": "Registry's hold",
    "name-servers": "Name servers",
    "mail": "Mail goes to",
    "spf": "Mail may come from (SPF)",
    "dmarc": "What becomes of other mail (DMARC)",
    "hosting": "Network",
    "addresses": "IP addresses",
    "certificate-owner": "Certificate's owner",
    "certificate-issuer": "Certificate's issuer",
    "certificate-trust": "Certificate in browsers",
    "site-name": "Names on the pages",
    "text": "Text of the pages",
    "contacts": "Contacts",
    "identifiers": "Analytics and tags",
    "firms-named": "Other firms' sites named",
    "officers": "Officers named",
}
"""Facts in words, in the order in which they stand on the page; one that is not named here comes last."""

_SCANS = """
select scans.id, scans.uid, scans.case_id, scans.as_of, verdicts.level
from scan_targets join scans on scans.id = scan_targets.scan_id
left join verdicts on verdicts.scan_id = scans.id and verdicts.target_id = scan_targets.target_id
where scan_targets.target_id = ? and scans.status in ('complete', 'partial')
order by scans.as_of desc, scans.id desc limit ?"""
_ATTEMPTS = """
select scan_id, source, status, reason from attempts
where target_id = :target and scan_id in (select value from json_each(:scans)) order by id"""
_FACTS = """
select observations.scan_id, observations.kind, observations.name, observations.value, observations.source
from json_each(:scans) scan join observations on observations.scan_id = scan.value
where observations.target_id = :target
and (observations.kind, observations.name) in (select value ->> 0, value ->> 1 from json_each(:names))
order by observations.id"""


@dataclass(slots=True)
class Span:
    """The same value in one scan after another, by whom it was said last, and how many scans meanwhile could not
    look (`silent`): that ends nothing."""

    values: frozenset[str]
    words: tuple[str, ...]
    first: datetime
    last: datetime
    sources: tuple[str, ...]
    scans: int = 1
    silent: int = 0

    @property
    def said(self) -> str:
        return _listed(self.words, 4)

    @property
    def short(self) -> str:
        return _listed(self.words, 2)


@dataclass(slots=True)
class Track:
    """One fact through the scans. `source` where it is told apart by who says so, else ""."""

    fact: str
    source: str
    spans: list[Span] = field(default_factory=list)

    @property
    def name(self) -> str:
        name = WORDS.get(self.fact, self.fact.replace("-", " "))
        return f"{name} ({self.source})" if self.source else name


@dataclass(frozen=True, slots=True)
class Lived:
    """changes and waiting (seen once, not confirmed yet): newest first. moments: of the scans, oldest first.
    whole: False where older scans were left out."""

    changed: tuple[Track, ...]
    unchanged: tuple[Track, ...]
    changes: tuple[Change, ...]
    waiting: tuple[Change, ...]
    moments: tuple[datetime, ...]
    whole: bool


def of_target(store: Store, target: int, domain: str) -> Lived:
    """The history of one address, over all cases that claim it or came to it."""
    scans = store.conn.execute(_SCANS, (target, MOST_SCANS + 1)).fetchall()
    sights = _sights(store, target, domain, scans[:MOST_SCANS][::-1])
    told, tracks = follow(sights), tracks_of(sights)
    return Lived(
        tuple(track for track in tracks if len(track.spans) > 1),
        tuple(track for track in tracks if len(track.spans) == 1),
        told.changes[::-1],
        told.unconfirmed[::-1],
        tuple(sight.at for sight in sights),
        len(scans) <= MOST_SCANS,
    )


def tracks_of(sights: Sequence[Sight]) -> list[Track]:
    """Each fact's values through these sights of one address, oldest first. Pure."""
    found: dict[str, Track] = {}
    for sight in sights:
        readings = facts(sight)
        for key in found.keys() - readings.keys():
            found[key].spans[-1].silent += 1
        for key, reading in readings.items():
            fact, _, source = key.partition("@")
            track = found.setdefault(key, Track(fact, source))
            span = track.spans[-1] if track.spans else None
            if span is not None and same(fact, span.values, reading.values):
                span.last, span.scans, span.sources = sight.at, span.scans + 1, reading.sources
            else:
                words = in_words(fact, words_of(fact, reading.values))
                track.spans.append(Span(reading.values, words, sight.at, sight.at, reading.sources))
    order = {fact: place for place, fact in enumerate(WORDS)}
    return sorted(
        found.values(), key=lambda track: (order.get(track.fact, len(order)), track.fact, track.source)
    )


def _listed(words: Sequence[str], most: int) -> str:
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return (", ".join(words[:most]) or "none") + more


def in_words(fact: str, values: Sequence[str]) -> tuple[str, ...]:
    """Values of a fact for a reader.

    >>> in_words("site", ["parked"]), in_words("mail", ["none"])
    (('a parking page',), ('none',))
    """
    known: dict[str, str] = {"site": STATES, "verdict": LEVELS}.get(fact, {})
    return tuple(known.get(value, value) for value in values)


def _sights(store: Store, target: int, domain: str, scans: Sequence[Sequence[Any]]) -> list[Sight]:
    ids = json.dumps([scan[0] for scan in scans])
    seen: dict[int, list[Observation]] = {}
    names = json.dumps(sorted(NAMES))
    for scan, kind, name, value, source in store.conn.execute(
        _FACTS, {"scans": ids, "target": target, "names": names}
    ):
        seen.setdefault(scan, []).append(Observation(kind, name, value, source))
    ended: dict[int, dict[str, Attempt]] = {}
    for scan, source, status, reason in store.conn.execute(_ATTEMPTS, {"scans": ids, "target": target}):
        ended.setdefault(scan, {})[source] = Attempt(source, Status(status), reason)
    judged_alike = len({case for _, _, case, _, _ in scans}) == 1  # another case claims other things
    return [
        Sight(
            domain,
            uid,
            moment(as_of),
            tuple(ended.get(scan, {}).values()),
            tuple(seen.get(scan, ())),
            str(level or "") if judged_alike else "",
        )
        for scan, uid, _, as_of, level in scans
    ]
