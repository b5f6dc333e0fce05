"""What the store's tests put in: one of everything the model has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scanner.model import (
    Attempt,
    Bound,
    Case,
    Claim,
    Date,
    Evidence,
    Family,
    Finding,
    Level,
    Observation,
    Observed,
    Page,
    Period,
    Role,
    Status,
    Strength,
    Target,
    Verdict,
    Why,
)
from scanner.store import ScanRecord, Store

NOW = datetime(2024, 6, 1, 9, 30, 15, tzinfo=UTC)
FRONT, OTHER, LEAD = "front.example", "other.example", "lead.example"

EMPLOYER = Claim(
    Role.EMPLOYER,
    "https://front.example/team",
    "Front Soft LLC",
    Period(Date("2015-03"), Date("2019-06-30")),
    "Austin, TX, US",
)
PORTFOLIO = Claim(Role.PORTFOLIO, "https://other.example", period=Period(Date("2020"), ongoing=True))
SCHOOL = Claim(Role.SCHOOL, organisation="Universität Süd")
CASE = Case("cand-0142", "backend engineer", (EMPLOYER, PORTFOLIO, SCHOOL))

TARGETS = (
    Target(FRONT, ("https://front.example/team", "https://front.example/"), (EMPLOYER,)),
    Target(OTHER, ("https://other.example",), (PORTFOLIO,), platform="example"),
)
LEAD_TARGET = Target(LEAD, ("https://lead.example/",), why=Why.LEAD, from_domain=FRONT)
PLANNED = [(FRONT, "dns"), (FRONT, "rdap"), (OTHER, "dns")]

DNS = Evidence(
    "dns:front.example?type=A", "application/dns-message", NOW, b"\x00\x01wire", address="198.51.7.1"
)
WHOIS = Evidence(
    "whois://whois.test/front.example", "text/plain", NOW + timedelta(seconds=3), "Zoë\r\n".encode("latin-1")
)
PEM = Evidence("tls://front.example:443", "application/x-pem-file", NOW, b"-----BEGIN CERTIFICATE-----\n")
HTTP = Evidence(
    "https://front.example/team?a=1&b=%20",
    "application/http;msgtype=response",
    NOW + timedelta(microseconds=1500),
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>since 2009</h1>",
    b"GET /team HTTP/1.1\r\nHost: front.example\r\n\r\n",
    "2606:4700::1111",
    "length",
)
EVERY_KIND = (DNS, WHOIS, PEM, HTTP, replace(HTTP, request=b"", truncated=""))

ADDRESS = Observation("dns", "a", "198.51.7.1", "dns", evidence=DNS.digest)
CREATED = Observation(
    "registration", "created", "2022-05-03", "whois", Date("2022-05-03"), evidence=WHOIS.digest
)
SINCE = Observation(
    "history",
    "copyright",
    "© 2009–2011",
    "website",
    Date("2009"),
    Date("2011-02"),
    Bound.NOT_AFTER,
    HTTP.digest,
)
PAGE = Page(
    "https://front.example/team", 200, "content", "Team", 2, "sha256:" + "ab" * 32, "en-GB", HTTP.digest
)


def begin(store: Store, case: Case = CASE, when: datetime = NOW, *, passive: bool = False) -> ScanRecord:
    return store.begin_scan(
        case,
        TARGETS,
        as_of=when,
        passive=passive,
        tool_version="0.1.0",
        knowledge_version="2024-05",
        planned=PLANNED,
    )


Kept = tuple[Evidence, Observed | None]


def record_attempt(
    store: Store, scan: ScanRecord, domain: str, attempt: Attempt, kept: Sequence[Kept] = ()
) -> int:
    """An attempt that is over, in one go; the id of its row."""
    with store.writing():
        row = store.open_attempt(scan, domain, attempt.source, attempt.started_at or scan.started_at)
        for evidence, seen in kept:
            store.keep(row, evidence, seen)
        store.close_attempt(row, attempt.status, attempt.reason, attempt.ms)
    return row.id


@dataclass(frozen=True)
class Loaded:
    """All a scan knows."""

    case: Case
    targets: tuple[Target, ...]
    attempts: Mapping[str, tuple[Attempt, ...]]
    observations: Mapping[str, tuple[Observation, ...]]


def load(store: Store, scan: ScanRecord) -> Loaded:
    targets = store.targets(scan)
    facts = {target.domain: store.observations(scan, target.domain) for target in targets}
    return Loaded(store.case(scan), targets, store.attempts(scan), facts)


def fill(store: Store, scan: ScanRecord) -> None:
    """An answer from every kind of source, for the first target."""
    record_attempt(store, scan, FRONT, Attempt("dns", Status.OK, "", NOW, 12), [(DNS, Observed((ADDRESS,)))])
    record_attempt(
        store, scan, FRONT, Attempt("whois", Status.OK, "", NOW, 40), [(WHOIS, Observed((CREATED,)))]
    )
    record_attempt(
        store,
        scan,
        FRONT,
        Attempt("website", Status.OK, "", NOW, 99),
        [(HTTP, Observed((SINCE,), page=PAGE))],
    )


def finding(**changes: object) -> Finding:
    made = Finding(
        "history.before_registration",
        3,
        Family.HISTORY,
        Strength.STRONG,
        "The claim begins before the domain was registered.",
        claimed="2015-03",
        observed="2022-05-03",
        innocent="The firm may have used another address before.",
        ask="Which address did the firm use in 2015?",
        next_step="Look the firm up in the company register.",
        score=1.5,
        support=(CREATED, SINCE),
        domain=FRONT,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


DEFEATED = finding(check_id="mail.none", defeated_by="history.continuity", support=(ADDRESS,))
DEFEATING = finding(
    check_id="history.continuity", strength=Strength.CONTEXT, defeats=("mail.none", "mail.weak"), support=()
)
LISTED = finding(check_id="known.seized", level=Level.KNOWN, family=Family.KNOWN, support=())
CASE_WIDE = finding(check_id="coherence.overlap", family=Family.COHERENCE, domain="", support=(SINCE,))
FINDINGS = (finding(), DEFEATED, DEFEATING, LISTED, CASE_WIDE)
VERDICTS = (
    Verdict(FRONT, Level.KNOWN, 1.5, 3, 4, "This address is on a public list.", FINDINGS[:4]),
    Verdict(OTHER, Level.NOT_ENOUGH, 0.0, 0, 1, "Too little could be seen."),
    Verdict("", Level.KNOWN, 1.5, 3, 5, "One address is on a public list.", (CASE_WIDE,)),
)
