"""What changed between the scans of a case: facts, not bytes. Pure.

Each fact is followed through the scans in order. A source that was silent in a scan says nothing about it. Where one
answer can lie (a server that is down for an hour, a round robin, a page shown to robots), a new value counts once a
second scan, most of a day later at least, sees it too: until then it is *unconfirmed*. What a registry or a seizure
notice says counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scanner.model import Level
from scanner.sketch import Band, band
from scanner.watch.facts import GONE, Reading, Sight, facts
from scanner.watch.values import same, words_of

APART = timedelta(hours=18)
"""Two looks this far apart are two; the same outage can't have made both, as a rule."""
RETURNS = timedelta(days=90)
"""A value that held before within this time has come back: the change is marked as a return."""

AT_ONCE = frozenset({"verdict", "created", "expires", "registrar", "registrant", "held"})
"""Facts one answer decides: the registry's own record, and what was judged."""
SETS = frozenset(
    {"name-servers", "mail", "hosting", "contacts", "identifiers", "firms-named", "site-name"} | {"officers"}
)
"""Facts with many values: each of them comes and goes by itself."""

OURS = frozenset({"text", "site-name", "officers", "contacts", "identifiers", "firms-named"})
"""Facts that are worked out from pages: another version of falsefront may read the same page otherwise."""

KINDS = {
    "seized": "a seizure notice stands there",
    "gone": "the site is gone",
    "back": "the site is back",
    "parked": "the address is parked now",
    "for-sale": "the address is for sale",
    "suspended": "the host has suspended the site",
    "emptied": "the site's content is gone",
    "filled": "the site has content now",
    "lapsed": "the name is no longer registered",
    "restored": "the name is registered again",
    "re-registered": "the name was registered anew",
    "held": "the registry's hold on the name changed",
    "registrar": "the registrar changed",
    "registrant": "the recorded owner changed",
    "verdict": "the level changed",
    "first-result": "its first scan reached a level at which a person should look",
    "text": "another text stands there",
    "hosting": "it moved to another network",
    "mail": "its mail goes elsewhere",
    "name-servers": "its name servers changed",
    "mail-rules": "its rules for who may send its mail changed",
    "certificate-owner": "the certificate names another owner",
    "certificate-trust": "browsers judge the certificate otherwise",
    "site-name": "it goes by another name",
    "officers": "it names other officers",
    "names": "the names on its pages changed",
    "contacts": "its contacts changed",
    "identifiers": "its analytics or tags changed",
    "firms-named": "it names other firms' sites",
    "text-edited": "the text was edited",
    "certificate-issuer": "another authority issued the certificate",
    "addresses": "its addresses changed within the same network",
    "renewed": "the registration was renewed",
    "dates": "the recorded dates changed",
}
"""Every kind of change, gravest first, in words."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that became another. before/after: values as a person reads them.

    before_at: the last scan that saw the old value; after_at: the first that saw the new one; confirmed_at: the
    scan that settled it (`scan` is its uid), None while it is unconfirmed. returned: the value held before already.
    """

    domain: str
    kind: str
    fact: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    before_at: datetime
    after_at: datetime
    confirmed_at: datetime | None
    scan: str
    sources: tuple[str, ...]
    returned: bool = False

    @property
    def what(self) -> str:
        return KINDS[self.kind]


@dataclass(slots=True)
class _Track:
    """One fact of one target on its way through the scans."""

    fact: str
    domain: str
    settled: frozenset[str]
    last: datetime  # when the settled value was last seen
    seen_by: frozenset[str]  # sources that answered when it was
    tool: str = ""  # the version that read it last
    waiting: dict[tuple[str, bool], datetime] = field(default_factory=dict)  # (member, comes?) -> first seen
    value: tuple[frozenset[str], datetime] | None = None  # a single value that waits
    past: list[tuple[frozenset[str], datetime]] = field(default_factory=list)
    open: list[Change] = field(default_factory=list)

    def meet(self, reading: Reading, sight: Sight) -> list[Change]:
        """What this scan's reading settles."""
        if self.fact in OURS and sight.tool != self.tool:
            return self._begin_anew(reading, sight)
        if self.fact == "verdict" and not self._comparable(reading, sight):
            return []
        met = self._meet_set if self.fact in SETS else self._meet_single
        return met(reading, sight)

    def _begin_anew(self, reading: Reading, sight: Sight) -> list[Change]:
        """After an update the values are those that the new version reads: no site has changed for it."""
        self.settled, self.last, self.tool = reading.values, sight.at, sight.tool
        self.waiting, self.value, self.open = {}, None, []
        return []

    def says(self, other: _Track) -> bool:
        """Whether this track, of another source, has told already what that one has just settled."""
        return bool(self.past) and same(self.fact, self.settled, other.settled)

    def _comparable(self, reading: Reading, sight: Sight) -> bool:
        """A level says something new only where at least the same sources answered; a listed site is one anyhow."""
        return reading.values == {Level.KNOWN.value} or self.seen_by <= _operators(sight)

    def _meet_single(self, reading: Reading, sight: Sight) -> list[Change]:
        self.open = []
        if same(self.fact, self.settled, reading.values):
            self.value, self.last = None, sight.at
            return []
        since = sight.at
        if self.value is not None and same(self.fact, self.value[0], reading.values):
            since = self.value[1]
        change = self._change(reading, sight, reading.values, since)
        if self._decides(reading) or (reading.fresh and abs(sight.at - since) >= APART):
            return [self._settle(change, reading.values, sight)]
        self.value, self.open = (reading.values, since), [change]
        return []

    def _decides(self, reading: Reading) -> bool:
        """Whether one answer is enough: what the registry has on record, and a seizure notice."""
        sure = {"site": "seized-banner", "registration": "registered"}.get(self.fact)
        return self.fact in AT_ONCE or sure in reading.values

    def _meet_set(self, reading: Reading, sight: Sight) -> list[Change]:
        self.open = []
        moves = {(m, True) for m in reading.values - self.settled} | {
            (m, False) for m in self.settled - reading.values
        }
        if not reading.fresh:
            return []
        self.waiting = {move: self.waiting.get(move, sight.at) for move in sorted(moves)}
        sure = {move for move, since in self.waiting.items() if abs(sight.at - since) >= APART}
        if not moves:
            self.last = sight.at
        settled = []
        if sure:
            since = min(self.waiting.pop(move) for move in sure)
            new = self.settled - {m for m, comes in sure if not comes} | {m for m, comes in sure if comes}
            settled = [self._settle(self._change(reading, sight, new, since), new, sight)]
        if self.waiting:
            self.open = [self._change(reading, sight, reading.values, min(self.waiting.values()))]
        return settled

    def _change(self, reading: Reading, sight: Sight, new: frozenset[str], since: datetime) -> Change:
        returned = any(
            same(self.fact, old, new) and abs(since - until) <= RETURNS for old, until in self.past
        )
        kind = kind_of(self.fact, self.settled, new)
        before, after = words_of(self.fact, self.settled), words_of(self.fact, new)
        return Change(
            self.domain,
            kind,
            self.fact,
            before,
            after,
            self.last,
            since,
            None,
            sight.scan,
            reading.sources,
            returned,
        )

    def _settle(self, change: Change, new: frozenset[str], sight: Sight) -> Change:
        self.past.append((self.settled, self.last))
        self.settled, self.last, self.value = new, sight.at, None
        self.seen_by = _operators(sight)
        return replace(change, confirmed_at=sight.at)


def _operators(sight: Sight) -> frozenset[str]:
    """The sources that answered; the registry is one, by whichever protocol."""
    return frozenset("rdap" if source == "whois" else source for source in sight.answered)


_STATE_KINDS = {
    GONE: "gone",
    "seized-banner": "seized",
    "parked": "parked",
    "for-sale": "for-sale",
    "suspended": "suspended",
}


def kind_of(fact: str, before: frozenset[str], after: frozenset[str]) -> str:
    """The kind of change that one value of a fact becoming another is.

    >>> kind_of("site", frozenset({"parked"}), frozenset({"content"}))
    'filled'
    """
    old, new = next(iter(sorted(before)), ""), next(iter(sorted(after)), "")
    if fact == "site":
        if new in _STATE_KINDS:
            return _STATE_KINDS[new]
        if old in (GONE, "suspended"):
            return "back"
        return "filled" if new == "content" else "emptied"
    if fact == "registration":
        return "lapsed" if new == "available" else "restored"
    if fact == "created":
        return "re-registered" if new > old else "dates"
    if fact == "expires":
        return "renewed" if new > old else "dates"
    if fact in ("spf", "dmarc"):
        return "mail-rules"
    if fact == "site-name":
        return "names" if before & after else "site-name"
    if fact == "text":
        return "text" if band(old, new) is Band.OTHER else "text-edited"
    return fact


@dataclass(frozen=True, slots=True)
class History:
    """What changed, oldest first; what the newest scan saw otherwise and nobody confirmed yet."""

    changes: tuple[Change, ...]
    unconfirmed: tuple[Change, ...]


def follow(sights: Iterable[Sight]) -> History:
    """Every change between these sights (of any targets, in order of time)."""
    tracks: dict[tuple[str, str], _Track] = {}
    changes: list[Change] = []
    for sight in sights:
        found: list[Change] = []
        for fact, reading in sorted(facts(sight).items()):
            track = tracks.get((sight.domain, fact))
            if track is None:
                name = fact.partition("@")[0]
                tracks[sight.domain, fact] = _Track(
                    name, sight.domain, reading.values, sight.at, _operators(sight), sight.tool
                )
            elif changed := track.meet(reading, sight):
                others = [t for t in tracks.values() if (t.domain, t.fact) == (track.domain, track.fact)]
                found += [] if any(t is not track and t.says(track) for t in others) else changed
        changes += _telling(found)
    waiting = [change for track in tracks.values() for change in track.open]
    return History(tuple(changes), tuple(sorted(_telling(waiting), key=_order)))


def _telling(found: Sequence[Change]) -> list[Change]:
    """Without those that another of the same scan says better."""
    kinds = {change.kind for change in found}
    implied = {
        "addresses": {"hosting", "gone"},
        "restored": {"re-registered"},
        "renewed": {"re-registered"},
        "dates": {"re-registered"},
        "certificate-issuer": {"certificate-owner"},
    }
    return sorted((c for c in found if not implied.get(c.kind, set()) & kinds), key=_order)


def _order(change: Change) -> tuple[datetime, str, int, str]:
    return (
        change.confirmed_at or change.after_at,
        change.domain,
        list(KINDS).index(change.kind),
        change.fact,
    )
