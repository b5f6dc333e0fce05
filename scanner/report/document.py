"""One case as plain data (the JSON report), read from the database alone. Every other format starts from it."""

from __future__ import annotations

from typing import Any

from scanner.code_accounts import is_account
from scanner.model import Attempt, Claim, Observation, Target, Why
from scanner.plan import plan_case
from scanner.pointers import POINTING, because
from scanner.report import shared
from scanner.store import ScanRecord, Store

UNJUDGED = (
    "Not judged yet: the scan has not ended, or one spider alone has run (`falsefront rescore` judges)."
)
SHARED_CONTENT = "text or pictures of it were seen there"


def of_case(store: Store, case_id: str) -> dict[str, Any] | None:
    """The newest scan of a case, None where there is none."""
    record = store.latest_scan(case_id)
    return of_scan(store, record) if record is not None else None


def of_scan(store: Store, record: ScanRecord) -> dict[str, Any]:
    """The contract's document of one scan, with a few keys more (label, summary, as_of, attempts, unaddressed)."""
    case = store.case(record)
    verdicts = {row["domain"]: row for row in store.verdicts_of(record)}
    findings: dict[str, list[dict[str, Any]]] = {}
    for row in store.findings_of(record):
        findings.setdefault(row["domain"], []).append(row)
    attempts = store.attempts(record)
    texts = shared.of_scan(store, record)
    pointing = _pointing(store, record)
    everything = [
        {
            **_target(
                target.domain,
                target.why,
                verdicts.get(target.domain),
                findings,
                attempts.get(target.domain, ()),
            ),
            **texts.get(target.domain, {"shared": [], "phrases": []}),
            "from": target.from_domain,
            "because": _because(target, pointing),
        }
        for target in store.targets(record)
    ]
    # What stands for an account that a claim names is no site: of it, only what could not be seen is told.
    accounts = {target.domain for target in store.targets(record) if is_account(target)}
    targets = [target for target in everything if target["domain"] not in accounts]
    whole = verdicts.get("")
    return {
        "case": case.id,
        "label": case.label,
        "scan": record.uid,
        "status": record.status.value,
        "as_of": record.as_of.isoformat().replace("+00:00", "Z"),
        "level": whole["level"] if whole else "not-enough",
        "score": whole["score"] if whole else 0.0,
        "summary": whole["summary"] if whole else UNJUDGED,
        "targets": targets,
        "findings": [_without(row, "domain") for row in findings.get("", ())],
        "not_seen": [
            {"domain": target["domain"], **row} for target in everything for row in target["not_seen"]
        ],
        "unaddressed": [{**_claim(claim), "reason": reason} for claim, reason in plan_case(case).unaddressed],
    }


def _pointing(store: Store, record: ScanRecord) -> dict[str, list[Observation]]:
    """What each target of a scan points to other sites with."""
    found: dict[str, list[Observation]] = {}
    for domain, row in store.observations_named(record, POINTING):
        found.setdefault(domain, []).append(row)
    return found


def _because(target: Target, pointing: dict[str, list[Observation]]) -> str:
    """Why a target that nobody claimed was looked at, said of the site that led there; "" for a claimed one."""
    if target.why is Why.CLAIM:
        return ""
    return because(target.domain, pointing.get(target.from_domain, ())) or SHARED_CONTENT


def _target(
    domain: str,
    why: Why,
    verdict: dict[str, Any] | None,
    findings: dict[str, list[dict[str, Any]]],
    attempts: tuple[Attempt, ...],
) -> dict[str, Any]:
    """A claimed target with its verdict; one that came in as a lead has level None."""
    planned = [attempt for attempt in attempts if attempt.status != "skipped"]
    return {
        "domain": domain,
        "why": why.value,
        "level": verdict["level"] if verdict else None,
        "score": verdict["score"] if verdict else 0.0,
        "answered": sum(attempt.status.answered for attempt in planned),
        "planned": len(planned),
        "summary": verdict["summary"] if verdict else "",
        "findings": [_without(row, "domain") for row in findings.get(domain, ())],
        "not_seen": [
            {"source": a.source, "status": a.status.value, "reason": a.reason}
            for a in planned
            if not a.status.answered
        ],
        "attempts": [
            {"source": a.source, "status": a.status.value, "reason": a.reason, "ms": a.ms} for a in attempts
        ],
    }


def _claim(claim: Claim) -> dict[str, str]:
    return {
        "role": claim.role.value,
        "url": claim.url,
        "organisation": claim.organisation,
        "starts": str(claim.period.starts or ""),
        "ends": claim.period.end_text,
        "place": claim.place,
    }


def _without(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}
