"""What a bundle is: its files, its tables with their columns, and its limits. Both sides go by this page alone.

The columns stand here once more, apart from the database's own schema: a bundle of format 1 stays readable when later
migrations add something. A change of this page is a new FORMAT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KIND, FORMAT = "falsefront-case", 1
MANIFEST, README = "manifest.json", "README.txt"
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CASE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
EVIDENCE = re.compile(rf"evidence/{UID.pattern}\.warc\.gz")

MOST_BYTES = 4 << 30  # of all files, unpacked
MOST_MANIFEST = 1 << 20
MOST_FILES = 1000
MOST_ROWS = 5_000_000
MOST_LINE = 4 << 20  # bytes of one row
MOST_RATIO = 100  # unpacked to packed, beyond the first 16 MB: rows reach 30
FREE_RATIO = 16 << 20


class BundleError(Exception):
    """A bundle can't be made or opened; the message is one line."""


@dataclass(frozen=True, slots=True)
class Column:
    """kind: `text`, `integer` or `real`. empty: null is allowed. points_at: table whose row it names."""

    name: str
    kind: str
    empty: bool
    points_at: str


@dataclass(frozen=True, slots=True)
class Table:
    """key: the column by which other rows name a row of it; "" where none does."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        return "id" if self.columns[0].name == "id" else ""


def _table(name: str, columns: str) -> Table:
    """columns: `name`, `name:int`, `name:real`, with `?` where null is allowed; `name>table` names a row there."""
    made = []
    for text in columns.split():
        label, _, other = text.rstrip("?").partition(">")
        label, _, kind = label.partition(":")
        words = {"": "integer" if other and other != "cases" else "text", "int": "integer", "real": "real"}
        made.append(Column(label, words[kind], text.endswith("?"), other))
    return Table(name, tuple(made))


_HANGS = "scan_id>scans target_id>targets"
TABLES: tuple[Table, ...] = (
    _table("cases", "id label created_at"),
    _table("targets", "id:int domain"),
    _table("claims", "id:int case_id>cases target_id>targets? role url organisation starts? ends? place"),
    _table(
        "scans",
        "id:int uid case_id>cases started_at ended_at? as_of status tool_version knowledge_version passive:int",
    ),
    _table("scan_targets", f"{_HANGS} why from_target_id>targets?"),
    _table("attempts", f"id:int {_HANGS} source status reason started_at? ms:int evidence_id>evidence?"),
    _table(
        "evidence",
        "id:int scan_id>scans attempt_id>attempts digest uri media_type fetched_at warc_file warc_offset:int "
        "length:int",
    ),
    _table(
        "pages",
        f"id:int {_HANGS} url status:int title text_digest words:int first_seen evidence_id>evidence?",
    ),
    _table("page_details", "page_id>pages state language"),
    _table(
        "observations",
        f"id:int {_HANGS} kind name value starts? ends? precision? bound source evidence_id>evidence?",
    ),
    _table(
        "findings",
        "id:int scan_id>scans target_id>targets? check_id check_version:int family strength score:real statement "
        "claimed observed innocent ask next_step evidence_ids defeated_by",
    ),
    _table("finding_details", "finding_id>findings defeats level?"),
    _table("support", "finding_id>findings observation_id>observations? evidence_id>evidence? side"),
    _table(
        "verdicts",
        "id:int scan_id>scans target_id>targets? case_id>cases level score:real answered:int planned:int summary",
    ),
    _table("planned", f"{_HANGS} source"),
    _table("scan_claims", "scan_id>scans position:int claim_id>claims stated:int"),
    _table("target_details", f"{_HANGS} position:int platform entries claims"),
    _table("shareable", f"{_HANGS} kind value"),
    _table(
        "case_knowledge",
        "case_id>cases feed kind value status category published until counts:int note reference",
    ),
    _table("case_overrules", "case_id>cases domain reason decided_at"),
)
"""In the order in which they are written: what is named comes before what names it, but for an attempt's evidence."""

LEFT = {
    "links": "what the case has in common with others here",
    "holds": "what is kept here is decided here",
    "written_reports": "files of this machine",
    "watches": "what is looked at again is decided here",
    "changes": "told between scans of this database",
    "alert_states": "what was told to whom here",
    "messages": "what was told to whom here",
    "sweep_domains": "which list led to it here",
}
"""Tables that hang on a case and stay, and why."""


def rows_file(table: str) -> str:
    return f"rows/{table}.jsonl"


def evidence_file(uid: str) -> str:
    return f"evidence/{uid}.warc.gz"
