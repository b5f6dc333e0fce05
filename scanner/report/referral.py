"""A case for those who take reports: one zip with the report, the evidence, digests, plain facts, and where to turn.

Whether to refer, and to whom, is for a person. The label of the case is left out; the claims are in the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from scanner.bundle.form import BundleError, evidence_file
from scanner.bundle.pack import Files, written
from scanner.model import Level
from scanner.report import document, html, html_facts
from scanner.report.sites import LIMIT
from scanner.report.text import plain
from scanner.store import ScanRecord, Store, keeping
from scanner.store.fetches import fetches

FACTS, CENTRES_FILE, DIGESTS, PAGE = "FACTS.txt", "WHERE-TO-TURN.txt", "SHA256SUMS", "report.html"

CENTRES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "FBI, Internet Crime Complaint Center (IC3)",
        "ic3.gov",
        ("ic3.gov/PSA/2023/PSA231018 (2023-10-18)", "ic3.gov/PSA/2025/PSA250723-4 (2025-07)"),
    ),
    (
        "US State Department, Treasury and FBI: guidance on sanctioned IT workers",
        "home.treasury.gov",
        ("home.treasury.gov/system/files/126/20220516_dprk_it_worker_advisory.pdf (2022-05-16)",),
    ),
    (
        "US Treasury, Office of Foreign Assets Control (OFAC)",
        "ofac.treasury.gov",
        ("ofac.treasury.gov/sanctions-list-service",),
    ),
)
"""Who published on this, their site, and where: only what the shipped knowledge cites. Pages with forms and telephone
numbers change, so none stands here: they are found from these sites."""

_WHERE = """\
Where to turn
=============

Whether this is reported, and to whom, is for you and your counsel to decide. In an emergency, and outside the United
States, turn to the police where you are.

These bodies have published on the pattern. Open their site yourself, from an address you know, and look there for how
they take reports: pages with forms and telephone numbers change, and none is repeated here. Never use a telephone
number or mailbox that stands on a site this report is about.

"""


def write(store: Store, case: str, to: Path, *, label: bool = False) -> dict[str, int]:
    """Writes the referral of the newest scan of a case; what is in it, as counts. StoreError or BundleError."""
    keeping.require_case(store, case)
    record = store.latest_scan(case)
    if record is None:
        raise BundleError(f"{case} has no scan yet: there is nothing to refer")
    found = document.of_scan(store, record)
    if not label:
        found["label"] = ""
    with written(to) as file, ZipFile(file, "w", ZIP_DEFLATED, allowZip64=False) as zipped:
        files = Files(zipped)
        files.add(PAGE, [html.render(found, html_facts.of_scan(store, record)).encode()])
        files.add(FACTS, [_facts(store, record, found).encode()])
        files.add(CENTRES_FILE, [_centres().encode()])
        files.copy(evidence_file(record.uid), store.path.parent / record.warc_file)
        sums = "".join(f"{listed['sha256']}  {name}\n" for name, listed in sorted(files.listed.items()))
        files.put(DIGESTS, sums.encode())
    return {"sites": len(_worth(found)), "findings": sum(len(_open(one)) for one in _worth(found))}


def _worth(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Targets that a person should look at."""
    levels = (Level.KNOWN.value, Level.CONTRADICTED.value, Level.REVIEW.value)
    return [target for target in found["targets"] if target["level"] in levels]


def _open(target: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in target["findings"] if not row["defeated_by"] and row["strength"] != "context"]


def _facts(store: Store, record: ScanRecord, found: dict[str, Any]) -> str:
    """What was found, as plain text: each statement with both values, and the digests of what it rests on."""
    return "\n".join(_fact_lines(store, record, found)) + "\n"


def _fact_lines(store: Store, record: ScanRecord, found: dict[str, Any]) -> Iterator[str]:
    held = {fetch.id: fetch for fetch in fetches(store, record)}
    yield "Facts about web sites"
    yield "====================="
    yield ""
    yield f"Reference: {plain(found['case'])}, scan {record.uid}, as of {found['as_of']}."
    yield f"{LIMIT} What could explain each point stands beside it."
    yield f"The evidence is in {evidence_file(record.uid)} (WARC 1.1); {DIGESTS} has the SHA-256 of every file here."
    for target in _worth(found):
        yield ""
        yield plain(target["domain"])
        yield "-" * len(target["domain"])
        yield plain(target["summary"])
        for row in _open(target):
            yield ""
            yield f"* {plain(row['statement'])}"
            for name, value in (("claimed", row["claimed"]), ("observed", row["observed"])):
                if value:
                    yield f"    {name}: {plain(value)}"
            yield f"    it may be: {plain(row['innocent'])}"
            for number in row["evidence_ids"]:
                if number in held:
                    fetch = held[number]
                    yield f"    {fetch.source}, {fetch.fetched_at}: {plain(fetch.uri)}"
                    yield f"      {fetch.digest}"
    if not _worth(found):
        yield ""
        yield "Nothing was found that needs a person."


def _centres() -> str:
    lines = [_WHERE.rstrip("\n"), ""]
    for name, site, published in CENTRES:
        lines += [f"* {name}", f"    site: {site}", *(f"    published: {where}" for where in published), ""]
    return "\n".join(lines)
