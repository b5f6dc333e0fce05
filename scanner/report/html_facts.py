"""What the HTML report needs beside the plain document: claims, dated facts, pictures, and where each lies."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scanner.model import Attempt, Claim, Observation
from scanner.report.html_evidence import Appendix, kind_of
from scanner.store import EvidenceError, ScanRecord, Store
from scanner.store.fetches import Fetch, deciding, fetches
from scanner.store.records import observation_of

NAMES = (
    *(("registration", name) for name in ("created", "reregistered", "transferred", "updated", "expires")),
    *(("ct", name) for name in ("first_logged", "logged_by", "last_logged")),
    *(("archive", name) for name in ("first_capture", "last_capture", "capture", "held")),
    *(("history", name) for name in ("since", "founded", "years_in_business", "copyright")),
    ("website", "state"),
    ("page", "state"),
    ("copy", "seen"),
    *(("picture", name) for name in ("shared", "sight", "archived", "common")),
)
SCREENSHOTS_SHOWN, SCREENSHOT_BYTES = 12, 2_000_000
"""Of one report, and of one picture: the page is one file that people mail."""
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, and the id of the evidence it was read from."""

    fact: Observation
    evidence: int | None

    def named(self, kind: str, *names: str) -> bool:
        return self.fact.kind == kind and self.fact.name in names


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A stored picture of a page as a `data:` address."""

    data: str
    uri: str
    day: str
    evidence: int


@dataclass(slots=True)
class Facts:
    """By domain: claims, dated facts, last attempts, screenshots, the evidence of pages that only a browser could
    read. `decided` has the evidence of attempts."""

    record: ScanRecord
    appendix: Appendix
    claims: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    attempts: dict[str, tuple[Attempt, ...]] = field(default_factory=dict)
    decided: dict[tuple[str, str], int] = field(default_factory=dict)
    screenshots: dict[str, list[Screenshot]] = field(default_factory=dict)
    rendered: dict[str, list[int]] = field(default_factory=dict)


def of_scan(store: Store, record: ScanRecord) -> Facts:
    """Read in one go. A screenshot that is missing or was changed is left out."""
    fetched = fetches(store, record)
    facts = Facts(record, Appendix(fetched))
    facts.claims = {target.domain: target.claims for target in store.targets(record)}
    facts.attempts = store.attempts(record)
    facts.decided = deciding(store, record)
    for row in store.rows_named(record, NAMES):
        facts.rows.setdefault(row[0], []).append(Row(observation_of(row[1:-2]), row[-1]))
    for fetch in fetched:
        if kind_of(fetch) == "rendered":
            facts.rendered.setdefault(fetch.domain, []).append(fetch.id)
    for domain, shot in _screenshots(store, fetched):
        facts.screenshots.setdefault(domain, []).append(shot)
    return facts


def _screenshots(store: Store, fetched: Iterable[Fetch]) -> Iterator[tuple[str, Screenshot]]:
    """Pictures are handed to the reader's browser as they are, never decoded here."""
    shown = 0
    for fetch in fetched:
        if fetch.source != "screenshot" or not fetch.media_type.startswith("image/"):
            continue
        if shown == SCREENSHOTS_SHOWN or fetch.length > SCREENSHOT_BYTES:
            continue
        try:
            block = store.read_evidence(fetch.id).block
        except EvidenceError:
            continue
        kind = next((kind for magic, kind in _PICTURES.items() if block.startswith(magic)), "")
        if kind and len(block) <= SCREENSHOT_BYTES:
            shown += 1
            data = f"data:{kind};base64,{base64.b64encode(block).decode()}"
            yield fetch.domain, Screenshot(data, fetch.uri, fetch.fetched_at[:10], fetch.id)
