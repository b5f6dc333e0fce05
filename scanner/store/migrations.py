"""The numbered steps that make `findings.db`. A step that was released is never edited: add another.

Contract tables (DESIGN §7) hold exactly the contract's columns. What a scan needs beyond them in order to
go on or to be scored again stands in tables of our own beside them (`planned`, `scan_claims`,
`target_details`, `page_details`, `finding_details`, `settings`).
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey, Table

MIGRATIONS = Migrations("falsefront")

Columns = dict[str, type]
# column -> (table it points to, what happens to this row when that one goes)
References = dict[str, tuple[str, str]]

_CASCADE, _CLEAR, _KEEP = "CASCADE", "SET NULL", "NO ACTION"


def _table(
    db: Database,
    name: str,
    columns: Columns,
    references: References | None = None,
    *,
    pk: str | tuple[str, ...] = "id",
    nullable: frozenset[str] = frozenset(),
) -> Table:
    return db.create_table(
        name,
        columns,
        pk=pk,
        not_null={column for column in columns if column not in nullable and column != pk},
        foreign_keys=[
            ForeignKey(table=name, column=column, other_table=other, other_column="id", on_delete=action)
            for column, (other, action) in (references or {}).items()
        ],
    )


@MIGRATIONS(name="0001_first")
def _first(db: Database) -> None:
    _cases(db)
    _collected(db)
    _results(db)
    _beside_the_contract(db)


def _cases(db: Database) -> None:
    _table(db, "cases", {"id": str, "label": str, "created_at": str})
    targets = _table(db, "targets", {"id": int, "domain": str, "first_seen": str, "last_seen": str})
    targets.create_index(["domain"], unique=True)
    claims = _table(
        db,
        "claims",
        {
            "id": int,
            "case_id": str,
            "target_id": int,
            "role": str,
            "url": str,
            "organisation": str,
            "starts": str,
            "ends": str,
            "place": str,
        },
        {"case_id": ("cases", _CASCADE), "target_id": ("targets", _CLEAR)},
        nullable=frozenset({"target_id", "starts", "ends"}),
    )
    claims.create_index(["case_id"])
    claims.create_index(["target_id"])
    scans = _table(
        db,
        "scans",
        {
            "id": int,
            "uid": str,
            "case_id": str,
            "started_at": str,
            "ended_at": str,
            "as_of": str,
            "status": str,
            "tool_version": str,
            "knowledge_version": str,
            "passive": int,
        },
        {"case_id": ("cases", _CASCADE)},
        nullable=frozenset({"ended_at"}),
    )
    scans.create_index(["uid"], unique=True)
    scans.create_index(["case_id", "uid"])
    scan_targets = _table(
        db,
        "scan_targets",
        {"scan_id": int, "target_id": int, "why": str, "from_target_id": int},
        {
            "scan_id": ("scans", _CASCADE),
            "target_id": ("targets", _KEEP),
            "from_target_id": ("targets", _KEEP),
        },
        pk=("scan_id", "target_id"),
        nullable=frozenset({"from_target_id"}),
    )
    scan_targets.create_index(["target_id"])


def _collected(db: Database) -> None:
    # attempts and evidence point at each other; SQLite lets the first name a table that comes later.
    db.execute("PRAGMA defer_foreign_keys = ON")
    evidence_columns: Columns = {
        "id": int,
        "scan_id": int,
        "attempt_id": int,
        "digest": str,
        "uri": str,
        "media_type": str,
        "fetched_at": str,
        "warc_file": str,
        "warc_offset": int,
        "length": int,
    }
    attempts = _table(
        db,
        "attempts",
        {
            "id": int,
            "scan_id": int,
            "target_id": int,
            "source": str,
            "status": str,
            "reason": str,
            "started_at": str,
            "ms": int,
            "evidence_id": int,
        },
        {"scan_id": ("scans", _CASCADE), "target_id": ("targets", _KEEP)},
        nullable=frozenset({"started_at", "evidence_id"}),
    )
    evidence = _table(
        db,
        "evidence",
        evidence_columns,
        {"scan_id": ("scans", _CASCADE), "attempt_id": ("attempts", _CASCADE)},
    )
    attempts.add_foreign_key("evidence_id", "evidence", "id", on_delete=_CLEAR)
    attempts.create_index(["scan_id", "target_id", "source"])
    attempts.create_index(["evidence_id"])
    evidence.create_index(["scan_id", "digest"])
    evidence.create_index(["attempt_id"])
    pages = _table(
        db,
        "pages",
        {
            "id": int,
            "scan_id": int,
            "target_id": int,
            "url": str,
            "status": int,
            "title": str,
            "text_digest": str,
            "words": int,
            "first_seen": str,
            "evidence_id": int,
        },
        {
            "scan_id": ("scans", _CASCADE),
            "target_id": ("targets", _KEEP),
            "evidence_id": ("evidence", _CLEAR),
        },
        nullable=frozenset({"evidence_id"}),
    )
    pages.create_index(["scan_id", "target_id"])
    pages.create_index(["target_id", "url"])
    pages.create_index(["evidence_id"])
    observations = _table(
        db,
        "observations",
        {
            "id": int,
            "scan_id": int,
            "target_id": int,
            "kind": str,
            "name": str,
            "value": str,
            "starts": str,
            "ends": str,
            "precision": str,
            "bound": str,
            "source": str,
            "evidence_id": int,
        },
        {
            "scan_id": ("scans", _CASCADE),
            "target_id": ("targets", _KEEP),
            "evidence_id": ("evidence", _CLEAR),
        },
        nullable=frozenset({"starts", "ends", "precision", "evidence_id"}),
    )
    observations.create_index(["scan_id", "target_id"])
    observations.create_index(["evidence_id"])


def _results(db: Database) -> None:
    findings = _table(
        db,
        "findings",
        {
            "id": int,
            "scan_id": int,
            "target_id": int,
            "check_id": str,
            "check_version": int,
            "family": str,
            "strength": str,
            "score": float,
            "statement": str,
            "claimed": str,
            "observed": str,
            "innocent": str,
            "ask": str,
            "next_step": str,
            "evidence_ids": str,
            "defeated_by": str,
        },
        {"scan_id": ("scans", _CASCADE), "target_id": ("targets", _KEEP)},
        nullable=frozenset({"target_id"}),
    )
    findings.create_index(["scan_id", "target_id"])
    findings.create_index(["check_id"])
    support = _table(
        db,
        "support",
        {"finding_id": int, "observation_id": int, "evidence_id": int, "side": str},
        {
            "finding_id": ("findings", _CASCADE),
            "observation_id": ("observations", _CASCADE),
            "evidence_id": ("evidence", _CLEAR),
        },
        pk=(),
        nullable=frozenset({"observation_id", "evidence_id"}),
    )
    support.create_index(["finding_id"])
    support.create_index(["observation_id"])
    support.create_index(["evidence_id"])
    verdicts = _table(
        db,
        "verdicts",
        {
            "id": int,
            "scan_id": int,
            "target_id": int,
            "case_id": str,
            "level": str,
            "score": float,
            "answered": int,
            "planned": int,
            "summary": str,
        },
        {"scan_id": ("scans", _CASCADE), "target_id": ("targets", _KEEP), "case_id": ("cases", _CASCADE)},
        nullable=frozenset({"target_id"}),
    )
    verdicts.create_index(["scan_id", "target_id"])
    verdicts.create_index(["case_id"])
    links = _table(
        db,
        "links",
        {"id": int, "scan_id": int, "a": str, "b": str, "kind": str, "value": str, "rarity": float},
        {"scan_id": ("scans", _CASCADE)},
        nullable=frozenset({"rarity"}),
    )
    links.create_index(["scan_id"])
    links.create_index(["a"])
    links.create_index(["b"])
    knowledge = _table(
        db,
        "knowledge",
        {"id": int, "kind": str, "value": str, "status": str, "published": str, "source": str},
        nullable=frozenset({"published"}),
    )
    knowledge.create_index(["kind", "value", "source"], unique=True)


def _beside_the_contract(db: Database) -> None:
    scan: References = {"scan_id": ("scans", _CASCADE)}
    target: References = scan | {"target_id": ("targets", _KEEP)}
    _table(
        db,
        "planned",
        {"scan_id": int, "target_id": int, "source": str},
        target,
        pk=("scan_id", "target_id", "source"),
    )
    _table(
        db,
        "scan_claims",
        {"scan_id": int, "position": int, "claim_id": int, "stated": int},
        scan | {"claim_id": ("claims", _CASCADE)},
        pk=("scan_id", "position"),
    ).create_index(["claim_id"])
    _table(
        db,
        "target_details",
        {"scan_id": int, "target_id": int, "position": int, "platform": str, "entries": str, "claims": str},
        target,
        pk=("scan_id", "target_id"),
    )
    _table(
        db,
        "page_details",
        {"page_id": int, "state": str, "language": str},
        {"page_id": ("pages", _CASCADE)},
        pk="page_id",
    )
    _table(
        db,
        "finding_details",
        {"finding_id": int, "defeats": str, "level": str},
        {"finding_id": ("findings", _CASCADE)},
        pk="finding_id",
        nullable=frozenset({"level"}),
    )
    _table(db, "settings", {"name": str, "value": str}, pk="name")
