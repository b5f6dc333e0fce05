"""What every table and column of `findings.db` means, and `docs/TABLES.md` made from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from scanner.store.describe_sweeps import TABLES as SWEEPS
from scanner.store.describe_watching import TABLES as WATCHING

_SCAN = "scan the row hangs on"
_TARGET = "target it is about"
_EVIDENCE = "evidence it was read from; empty where there is none"

# table -> (what a row is, {column: what it holds})
TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "cases": (
        "One candidate (or vendor) under review.",
        {
            "id": "id given by the person, or `urls-` and 8 hex digits of the sorted addresses",
            "label": "what the person calls it; may be empty",
            "created_at": "start of its first scan",
        },
    ),
    "claims": (
        "What is stated: an address (or none yet), its role, the organisation, period and place.",
        {
            "id": "",
            "case_id": "case it belongs to",
            "target_id": "target its address led to; empty without an address",
            "role": "`employer`, `vendor`, `portfolio`, `reference`, `profile`, `school`, `certificate`, "
            "`offer`",
            "url": "address as stated; may be empty",
            "organisation": "organisation as stated; may be empty",
            "starts": "from when, as precisely as stated; empty when not stated",
            "ends": "until when, or `present`; empty when not stated",
            "place": "place as stated; may be empty",
        },
    ),
    "targets": (
        "One registrable domain that some scan looked at.",
        {
            "id": "",
            "domain": "registrable domain, lower-case ASCII, private suffixes counted",
            "first_seen": "start of the first scan here that had it",
            "last_seen": "start of the last scan here that had it",
        },
    ),
    "scans": (
        "One run over a case. All other rows of a run hang on it.",
        {
            "id": "",
            "uid": "made where the scan runs (UUID version 7: sorts by time); names the evidence file",
            "case_id": "case under review",
            "started_at": "when it began, by the network's clock",
            "ended_at": "when it ended; empty while it runs or when it was killed",
            "as_of": "the date the checks judge by",
            "status": "`running`, `complete` (every planned attempt has an answer), `partial` (each has a "
            "final row, some without an answer), `interrupted`",
            "tool_version": "version of falsefront",
            "knowledge_version": "version of the knowledge it judged with",
            "passive": "1 when only sources were asked that don't touch the target",
        },
    ),
    "scan_targets": (
        "The targets of a scan.",
        {
            "scan_id": _SCAN,
            "target_id": "the target",
            "why": "how it came in: `claim`, `lead`, `redirect`",
            "from_target_id": "target that led to it; empty for claims",
        },
    ),
    "attempts": (
        "One try at one source for one target. A retry adds a row; the last per target and source counts.",
        {
            "id": "",
            "scan_id": _SCAN,
            "target_id": _TARGET,
            "source": "`dns`, `rdap`, `whois`, `tls`, `ct`, `archive`, `website`, `screenshot`",
            "status": "answers: `ok`, `absent`, `redacted`; others: `throttled`, `refused`, `blocked`, "
            "`timeout`, `unreachable`, `unparsed`, `skipped`, `error`",
            "reason": "a fixed slug, then free text; `unfinished …` (status `error`) while the attempt runs",
            "started_at": "when it began, by the network's clock",
            "ms": "how long it took, milliseconds",
            "evidence_id": "evidence that decided the status, else the first that came; empty without any",
        },
    ),
    "evidence": (
        "One fetch: the bytes that came back, one record of the scan's WARC file.",
        {
            "id": "",
            "scan_id": _SCAN,
            "attempt_id": "attempt that fetched it",
            "digest": "`sha256:` and the hex SHA-256 of the stored block",
            "uri": "what was asked: an address, `dns:…`, `whois://…`, `tls://…`",
            "media_type": "type of the stored block",
            "fetched_at": "when the bytes came; a reused answer keeps its first date",
            "warc_file": "evidence file, relative to the folder of the database",
            "warc_offset": "byte offset of the record's gzip member in that file",
            "length": "bytes of that gzip member",
        },
    ),
    "pages": (
        "One page of a site as a scan read it.",
        {
            "id": "",
            "scan_id": _SCAN,
            "target_id": _TARGET,
            "url": "address of the page",
            "status": "HTTP status",
            "title": "title of the page",
            "text_digest": "digest of its text",
            "words": "words of text",
            "first_seen": "when any scan of this database first saw a page at this address",
            "evidence_id": _EVIDENCE,
        },
    ),
    "observations": (
        "One typed fact. The vocabulary stands in `OBSERVATIONS.md`. What was not seen has no row.",
        {
            "id": "",
            "scan_id": _SCAN,
            "target_id": _TARGET,
            "kind": "group of facts (`registration`, `dns`, `history` …)",
            "name": "name of the fact within its kind",
            "value": "the fact as text",
            "starts": "date, or start of a period, as precisely as known (ISO 8601, UTC)",
            "ends": "end of a period",
            "precision": "of `starts`: `second`, `day`, `month`, `year`",
            "bound": "what `starts` means: `at` (it happened then), `not-before`, `not-after`",
            "source": "source it came from",
            "evidence_id": _EVIDENCE,
        },
    ),
    "findings": (
        "One statement of a check, with the two values compared.",
        {
            "id": "",
            "scan_id": _SCAN,
            "target_id": "target it is about; empty for case-wide findings",
            "check_id": "permanent id of the check, `family.name`",
            "check_version": "version of the check",
            "family": "family of the check",
            "strength": "`decisive`, `strong`, `medium`, `weak`, `context`",
            "score": "log10 of the likelihood ratio; orders rows, makes no level",
            "statement": "what was found, as a sentence",
            "claimed": "the value claimed",
            "observed": "the value observed",
            "innocent": "the innocent explanation",
            "ask": "one neutral question an honest person can answer",
            "next_step": "what a person should check next",
            "evidence_ids": "ids of the evidence, a JSON list",
            "defeated_by": "id of the check whose finding defeats this one; empty when it stands",
        },
    ),
    "support": (
        "What a finding rests on.",
        {
            "finding_id": "the finding",
            "observation_id": "an observation it compared; empty when that isn't stored",
            "evidence_id": "evidence of that observation",
            "side": "which of the two values it gave: `claimed`, `observed`",
        },
    ),
    "verdicts": (
        "The level of a claimed target, and one row for the case.",
        {
            "id": "",
            "scan_id": _SCAN,
            "target_id": "the target; empty in the row of the case",
            "case_id": "the case",
            "level": "`known`, `contradicted`, `review`, `not-enough`, `nothing-found`",
            "score": "orders rows within a level",
            "answered": "planned attempts that answered",
            "planned": "planned attempts, without `skipped`",
            "summary": "the verdict as a sentence",
        },
    ),
    "links": (
        "What two domains have in common: targets of one case, of different cases, and known fronts. For analysts; "
        "no candidate's report shows another case's.",
        {
            "id": "",
            "scan_id": "scan that found it",
            "a": "registrable domain, the lesser of the two",
            "b": "the other one",
            "kind": "what they share: `mail`, `phone`, `analytics`, `room`, … (`scanner/rarity.py`); `near-room`, "
            "`near-phone`, `mail-name`, `mail-host`, `building` are likenesses",
            "value": "the shared value in normal form; of a likeness both sides, `A ~ B`",
            "rarity": "1 for a private value on two domains, falling to 0 the more domains have it",
        },
    ),
    "knowledge": (
        "What is known beforehand and a person would look up.",
        {
            "id": "",
            "kind": "list the entry belongs to",
            "value": "domain or name",
            "status": "what the source says of it",
            "published": "when that became public",
            "source": "who says it",
        },
    ),
    "planned": (
        "Beside the contract: what a scan set out to try, so that it can be gone on with.",
        {"scan_id": _SCAN, "target_id": _TARGET, "source": "source to try"},
    ),
    "scan_claims": (
        "Beside the contract: the claims a scan looked at, in the order in which they were stated.",
        {
            "scan_id": _SCAN,
            "position": "place in that order, from 0",
            "claim_id": "the claim",
            "stated": "1 when the case states it so, 0 when only a target carries it in this form",
        },
    ),
    "target_details": (
        "Beside the contract: the rest of what a scan knows of its targets.",
        {
            "scan_id": _SCAN,
            "target_id": _TARGET,
            "position": "order in which it came into the scan, from 0",
            "platform": "private suffix it hangs under (`github.io`); may be empty",
            "entries": "addresses that were opened, a JSON list",
            "claims": "positions of its claims in `scan_claims`, a JSON list",
        },
    ),
    "page_details": (
        "Beside the contract: the rest of what is known of a page.",
        {
            "page_id": "the page",
            "state": "page state of `OBSERVATIONS.md` (`content`, `parked` …)",
            "language": "language of the page; may be empty",
        },
    ),
    "finding_details": (
        "Beside the contract: the rest of a finding.",
        {
            "finding_id": "the finding",
            "defeats": "ids of the checks it defeats, a JSON list",
            "level": "level it gives by itself (`known`); empty as a rule",
        },
    ),
    "shareable": (
        "Beside the contract: what a target has that others could have too, so that it can be counted by value.",
        {
            "scan_id": _SCAN,
            "target_id": _TARGET,
            "kind": "as in `links`, and `brand`, `site` (its own name and domain, to be met by others' mailboxes)",
            "value": "in normal form",
        },
    ),
    "settings": (
        "Beside the contract: what holds for the whole database.",
        {
            "name": "`knowledge_version`: what the table `knowledge` was filled from; `own_knowledge`: version of "
            "what the team knows by itself; `audit_salt`: salt of the digests in `audit`",
            "value": "",
        },
    ),
    "feeds": (
        "Beside the contract: lists a team took in with `knowledge update`, and its own (`own`).",
        {
            "id": "",
            "name": "name it goes by",
            "format": "`csv`, `stix`, `misp` or `own`",
            "updated_at": "day it was last taken in",
            "entries": "how many it has",
            "digest": "SHA-256 of what it says",
        },
    ),
    "feed_entries": (
        "Beside the contract: what those lists say. Never on an authoritative list: a strong finding at most.",
        {
            "feed_id": "feed it stands in",
            "kind": "`domain`, `host`, `url`, `mail`, `phone`",
            "value": "what is listed, in one spelling",
            "status": "`reported` or `seized`, as the feed says",
            "category": "what it is said to be (`front_company`, …)",
            "published": "when that became public; empty where the feed gives no date",
            "until": "when the feed takes it back; may be empty",
            "counts": "0 where it is only context",
            "note": "the feed's own words; may be empty",
            "reference": "where the feed has it from; may be empty",
        },
    ),
    "page_texts": (
        "Beside the contract: title and main text of the pages, each text once, to be searched (`page_texts_fts`). "
        "A row goes with the last page that has that text.",
        {
            "id": "",
            "text_digest": "digest of the text, as in `pages`",
            "title": "title of the first page that had it",
            "text": "main text without menus and the like, 8,000 characters at most; empty where none was kept",
        },
    ),
    "overrules": (
        "Beside the contract: domains for which a team decided that no list counts.",
        {"domain": "registrable domain", "reason": "why", "decided_at": "day of the decision"},
    ),
    "holds": (
        "Beside the contract: cases that no purge may touch (`falsefront hold`). A row goes when the hold is released.",
        {
            "case_id": "the case",
            "held_at": "when, by this machine's clock",
            "who": "who, as the system names the account",
            "reason": "why; may be empty",
        },
    ),
    "audit": (
        "Beside the contract: who exported, opened, held, released and purged. Of a purged case only the digest stays: "
        "`falsefront audit --case ID` finds its rows for who knows the id; nobody reads the id out of them.",
        {
            "id": "",
            "at": "when, by this machine's clock",
            "who": "who, as the system names the account",
            "action": "`export`, `bundle`, `referral`, `open`, `hold`, `release`, `purge`",
            "case_id": "the case; empty once it was purged",
            "case_digest": "first 16 hex digits of PBKDF2-SHA-256 (50,000 rounds) of the id, salted with `audit_salt`",
            "counts": "what went out or away, a JSON object of numbers and formats; never a name, address or reason",
        },
    ),
    "written_reports": (
        "Beside the contract: report files that were written, so that a purge finds them. One that was changed since "
        "is left where it is, and named.",
        {
            "path": "absolute path",
            "case_id": "the case",
            "digest": "SHA-256 of what was written, hexadecimal",
            "written_at": "when, by this machine's clock",
        },
    ),
    "purge_steps": (
        "Beside the contract: what a purge has still to do once the rows are gone. Empty but while one runs, or after "
        "one was interrupted: any `falsefront purge` goes on with it.",
        {"id": "", "step": "`file`, `library` or `tidy`", "what": "path of the file, or id of the case"},
    ),
    "case_knowledge": (
        "Beside the contract: entries of another lab's lists that came with a case (`falsefront open`). They count for "
        "that case alone.",
        {
            "case_id": "the case",
            "feed": "list it stands in there",
            "kind": "as in `feed_entries`, like all that follows",
            "value": "what is listed",
            "status": "as its list says",
            "category": "what it is said to be",
            "published": "when that became public",
            "until": "when the list takes it back",
            "counts": "0 where it is only context",
            "note": "the list's own words",
            "reference": "where the list has it from",
        },
    ),
    "case_overrules": (
        "Beside the contract: domains for which that other lab decided that no list counts, for that case alone.",
        {
            "case_id": "the case",
            "domain": "registrable domain",
            "reason": "why",
            "decided_at": "day of the decision",
        },
    ),
    **WATCHING,
    **SWEEPS,
}

VIEWS: dict[str, str] = {
    "latest_scans": "The newest scan of each case.",
    "latest_verdicts": "Verdicts of the newest scan of each case, most serious first.",
    "open_findings": "Undefeated findings of the newest scans, strongest first; without mere context.",
    "last_attempts": "The attempt that counts, per scan, target and source.",
    "timeline": "Every dated fact of the newest scans, in order of time.",
    "site_pages": "Pages with their state and language.",
    "whats_new": "What changed at watched cases, newest first.",
    "identities": "Contacts, identifiers, owners and names of sites, each with the first and last scan that saw it.",
}

_HEAD = """# Tables of findings.db

Made from the schema by `scanner.store.schema.tables_markdown()`; a test compares. Dates are ISO 8601 UTC, as
precisely as known. An empty date means that it isn't known or wasn't stated. The evidence itself lies in
`evidence/<scan uid>.warc.gz` beside the database.
"""


def markdown(conn: sqlite3.Connection, contract: Sequence[str], views: Sequence[str]) -> str:
    """The page for a migrated database: tables of the contract in its order, then ours, then the views."""
    parts = [_HEAD]
    for table in [*contract, *(name for name in TABLES if name not in contract)]:
        parts.append(_table(conn, table))
    parts.append("## Views\n\n| view | shows |\n|---|---|\n")
    parts.extend(f"| `{view}` | {VIEWS[view]} |\n" for view in views)
    return "".join(parts)


def _table(conn: sqlite3.Connection, table: str) -> str:
    about, columns = TABLES[table]
    points_at = {row[3]: row[2] for row in conn.execute(f'PRAGMA foreign_key_list("{table}")')}
    lines = [f"\n## {table}\n\n{about}\n\n| column | type | holds |\n|---|---|---|\n"]
    for _, name, kind, *_ in conn.execute(f'PRAGMA table_info("{table}")'):
        holds = columns[name] or ("row number" if name == "id" else "its value")
        target = f" (→ `{points_at[name]}`)" if name in points_at else ""
        lines.append(f"| {name} | {kind.lower()} | {holds}{target} |\n")
    return "".join(lines) + ("\n" if table == list(TABLES)[-1] else "")
