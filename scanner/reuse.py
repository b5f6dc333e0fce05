"""Answers of earlier scans that are young enough to be used again, so that watching a site costs its registry and the
archive few questions.

A reused answer is copied into the scan's own evidence with its first date and read again there; the attempt keeps its
status, and its reason begins with `reused` and that date. That a name is not registered is always asked again: it is
what changes overnight. Answers that came in with a case from elsewhere (`open`) are a stranger's word: they are never
taken for ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanner.model import Evidence, SourceInfo, Status, Target
from scanner.store import EvidenceError, ScanRecord, Store

OF_THE_NAME = frozenset({"rdap", "whois", "ct"})
"""Sources that are asked about the registrable domain alone, whoever claims what of it. The others are asked about
the addresses and years of a claim."""
SLACK = timedelta(hours=12)
"""An answer this close to the end of its freshness is asked for again: a watch of seven days comes some hours early,
and would else hear from a registry every other week."""
_ABSENT_TOO = frozenset({"archive", "ct"})
_MOST_TRIED = 3  # earlier answers looked at, newest first

_EARLIER = """
select a.id, a.scan_id, a.status, a.reason, min(evidence.fetched_at) as first
from targets join scan_targets st on st.target_id = targets.id
join attempts a on a.scan_id = st.scan_id and a.target_id = st.target_id and a.source = :source
join scans on scans.id = a.scan_id join evidence on evidence.attempt_id = a.id
where targets.domain = :domain and a.scan_id <> :scan and scans.passive = :passive
and a.status in ('ok', 'redacted', :absent)
and not exists (select 1 from audit where audit.case_id = scans.case_id and audit.action = 'open')
group by a.id having first > :oldest and first <= :now order by first desc, a.id desc limit :most"""


@dataclass(frozen=True, slots=True)
class Reused:
    """An earlier answer: how its attempt ended, when it first came, its bytes in the order in which they came."""

    status: Status
    reason: str
    evidence: Sequence[Evidence]


def earlier_answer(
    store: Store, scan: ScanRecord, target: Target, info: SourceInfo, now: datetime
) -> Reused | None:
    """The youngest answer of this source about this target that is not older than its freshness; None where there is
    none, or its bytes can't be read any more. One that is dated after `now` (the clock was set back) is left alone."""
    if not info.fresh_days:
        return None
    rows = store.conn.execute(
        _EARLIER,
        {
            "source": info.name,
            "domain": target.domain,
            "scan": scan.id,
            "passive": int(scan.passive),
            "absent": "absent" if info.name in _ABSENT_TOO else "ok",
            "oldest": _iso(now - timedelta(days=info.fresh_days) + SLACK),
            "now": _iso(now),
            "most": _MOST_TRIED,
        },
    ).fetchall()
    for attempt, scan_id, status, reason, first in rows:
        if info.name not in OF_THE_NAME and not _same_question(store, scan_id, target):
            continue
        try:
            evidence = [store.read_evidence(number) for number in _evidence_ids(store, attempt)]
        except EvidenceError:
            continue
        return Reused(Status(status), f"reused {first} {_own(reason)}".rstrip(), evidence)
    return None


def was_reused(reason: str) -> bool:
    """Whether the reason of an attempt says that its answer was taken over."""
    return reason.split(" ", 1)[0] == "reused"


def first_came(reason: str) -> str:
    """The day on which an answer that was taken over first came; "" for one that was asked anew.

    >>> first_came("reused 2024-06-01T09:00:00Z"), first_came("")
    ('2024-06-01', '')
    """
    words = reason.split(" ")
    return words[1][:10] if words[0] == "reused" and len(words) > 1 else ""


def _same_question(store: Store, scan_id: int, target: Target) -> bool:
    """Whether that scan asked with the same addresses and claims."""
    found = [one for one in store.targets(store.scan(scan_id)) if one.domain == target.domain]
    return any((one.entries, one.claims) == (target.entries, target.claims) for one in found)


def _evidence_ids(store: Store, attempt: int) -> list[int]:
    rows = store.conn.execute("select id from evidence where attempt_id = ? order by id", (attempt,))
    return [number for (number,) in rows]


def _own(reason: str) -> str:
    """The reason of the first attempt, where that one was reused too."""
    slug, _, rest = reason.partition(" ")
    return rest.partition(" ")[2] if slug == "reused" else reason


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
