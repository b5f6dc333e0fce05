"""The numbered steps that make `findings.db`. A step that was released is never edited: add another.

Contract tables (DESIGN §7) hold exactly the contract's columns. What a scan needs beyond them in order to
go on or to be scored again stands in tables of our own beside them (`planned`, `scan_claims`,
`target_details`, `page_details`, `finding_details`, `settings`).
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey, Table

MIGRATIONS = Migrations("falsefront")

# column -> (table it points to, what happens to this row when that one goes)
References = dict[str, tuple[str, str]]

_CASCADE, _CLEAR, _KEEP = "CASCADE", "SET NULL", "NO ACTION"
_SCAN: References = {"scan_id": ("scans", _CASCADE)}
_TARGET: References = _SCAN | {"target_id": ("targets", _KEEP)}
_EVIDENCE: References = {"evidence_id": ("evidence", _CLEAR)}
_TYPES = {"": str, "int": int, "float": float}


def _table(
    db: Database,
    name: str,
    columns: str,
    references: References | None = None,
    *,
    pk: str | tuple[str, ...] = "id",
) -> Table:
    """columns: `name:type` each, text where no type is given; one with a `?` may be empty."""
    types: dict[str, type] = {}
    needed: set[str] = set()
    for column in columns.split():
        label, _, kind = column.rstrip("?").partition(":")
        types[label] = _TYPES[kind]
        if not column.endswith("?") and label != pk:
            needed.add(label)
    return db.create_table(
        name,
        types,
        pk=pk,
        not_null=needed,
        foreign_keys=[
            ForeignKey(table=name, column=column, other_table=other, other_column="id", on_delete=action)
            for column, (other, action) in (references or {}).items()
        ],
    )


@MIGRATIONS(name="0001_first")
def _first(db: Database) -> None:
    _cases(db)
    _scans(db)
    _attempts(db)
    _facts(db)
    _findings(db)
    _verdicts(db)
    _beside_the_contract(db)


def _cases(db: Database) -> None:
    _table(db, "cases", "id label created_at")
    targets = _table(db, "targets", "id:int domain first_seen last_seen")
    targets.create_index(["domain"], unique=True)
    claims = _table(
        db,
        "claims",
        "id:int case_id target_id:int? role url organisation starts? ends? place",
        {"case_id": ("cases", _CASCADE), "target_id": ("targets", _CLEAR)},
    )
    claims.create_index(["case_id"])
    claims.create_index(["target_id"])


def _scans(db: Database) -> None:
    scans = _table(
        db,
        "scans",
        "id:int uid case_id started_at ended_at? as_of status tool_version knowledge_version passive:int",
        {"case_id": ("cases", _CASCADE)},
    )
    scans.create_index(["uid"], unique=True)
    scans.create_index(["case_id", "uid"])
    scan_targets = _table(
        db,
        "scan_targets",
        "scan_id:int target_id:int why from_target_id:int?",
        _TARGET | {"from_target_id": ("targets", _KEEP)},
        pk=("scan_id", "target_id"),
    )
    scan_targets.create_index(["target_id"])


def _attempts(db: Database) -> None:
    # attempts and evidence point at each other; SQLite lets the first name a table that comes later.
    db.execute("PRAGMA defer_foreign_keys = ON")
    attempts = _table(
        db,
        "attempts",
        "id:int scan_id:int target_id:int source status reason started_at? ms:int evidence_id:int?",
        _TARGET,
    )
    evidence = _table(
        db,
        "evidence",
        "id:int scan_id:int attempt_id:int digest uri media_type fetched_at warc_file warc_offset:int length:int",
        _SCAN | {"attempt_id": ("attempts", _CASCADE)},
    )
    attempts.add_foreign_key("evidence_id", "evidence", "id", on_delete=_CLEAR)
    attempts.create_index(["scan_id", "target_id", "source"])
    attempts.create_index(["evidence_id"])
    evidence.create_index(["scan_id", "digest"])
    evidence.create_index(["attempt_id"])


def _facts(db: Database) -> None:
    pages = _table(
        db,
        "pages",
        "id:int scan_id:int target_id:int url status:int title text_digest words:int first_seen evidence_id:int?",
        _TARGET | _EVIDENCE,
    )
    pages.create_index(["scan_id", "target_id"])
    pages.create_index(["target_id", "url"])
    pages.create_index(["evidence_id"])
    observations = _table(
        db,
        "observations",
        "id:int scan_id:int target_id:int kind name value starts? ends? precision? bound source evidence_id:int?",
        _TARGET | _EVIDENCE,
    )
    observations.create_index(["scan_id", "target_id"])
    observations.create_index(["evidence_id"])


def _findings(db: Database) -> None:
    findings = _table(
        db,
        "findings",
        "id:int scan_id:int target_id:int? check_id check_version:int family strength score:float statement "
        "claimed observed innocent ask next_step evidence_ids defeated_by",
        _TARGET,
    )
    findings.create_index(["scan_id", "target_id"])
    findings.create_index(["check_id"])
    support = _table(
        db,
        "support",
        "finding_id:int observation_id:int? evidence_id:int? side",
        {"finding_id": ("findings", _CASCADE), "observation_id": ("observations", _CASCADE), **_EVIDENCE},
        pk=(),
    )
    support.create_index(["finding_id"])
    support.create_index(["observation_id"])
    support.create_index(["evidence_id"])


def _verdicts(db: Database) -> None:
    verdicts = _table(
        db,
        "verdicts",
        "id:int scan_id:int target_id:int? case_id level score:float answered:int planned:int summary",
        _TARGET | {"case_id": ("cases", _CASCADE)},
    )
    verdicts.create_index(["scan_id", "target_id"])
    verdicts.create_index(["case_id"])
    links = _table(db, "links", "id:int scan_id:int a b kind value rarity:float?", _SCAN)
    links.create_index(["scan_id"])
    links.create_index(["a"])
    links.create_index(["b"])
    knowledge = _table(db, "knowledge", "id:int kind value status published? source")
    knowledge.create_index(["kind", "value", "source"], unique=True)


def _beside_the_contract(db: Database) -> None:
    _table(
        db,
        "planned",
        "scan_id:int target_id:int source",
        _TARGET,
        pk=("scan_id", "target_id", "source"),
    )
    scan_claims = _table(
        db,
        "scan_claims",
        "scan_id:int position:int claim_id:int stated:int",
        _SCAN | {"claim_id": ("claims", _CASCADE)},
        pk=("scan_id", "position"),
    )
    scan_claims.create_index(["claim_id"])
    _table(
        db,
        "target_details",
        "scan_id:int target_id:int position:int platform entries claims",
        _TARGET,
        pk=("scan_id", "target_id"),
    )
    _table(db, "page_details", "page_id:int state language", {"page_id": ("pages", _CASCADE)}, pk="page_id")
    _table(
        db,
        "finding_details",
        "finding_id:int defeats level?",
        {"finding_id": ("findings", _CASCADE)},
        pk="finding_id",
    )
    _table(db, "settings", "name value", pk="name")


@MIGRATIONS(name="0002_shareable")
def _shareable(db: Database) -> None:
    """What each target of each scan has that others could have too, in normal form: counted by value."""
    shareable = _table(
        db,
        "shareable",
        "scan_id:int target_id:int kind value",
        _TARGET,
        pk=("scan_id", "target_id", "kind", "value"),
    )
    shareable.create_index(["kind", "value", "target_id"])


@MIGRATIONS(name="0003_own_knowledge")
def _own_knowledge(db: Database) -> None:
    """What a team knows by itself: the feeds it took in, its own entries among them, and where it overrules."""
    feeds = _table(db, "feeds", "id:int name format updated_at entries:int digest")
    feeds.create_index(["name"], unique=True)
    entries = "feed_id:int kind value status category published until counts:int note reference"
    _table(db, "feed_entries", entries, {"feed_id": ("feeds", _CASCADE)}, pk=("kind", "value", "feed_id"))
    _table(db, "overrules", "domain reason decided_at", pk="domain")


@MIGRATIONS(name="0004_page_search")
def _page_search(db: Database) -> None:
    """Titles and main texts of pages to be searched, each text once however often it was read, and the indexes
    that facets and searches of `falsefront browse` need. Without triggers: SQLite before 3.42 lets none touch a
    search index where the schema isn't trusted, so the store keeps the two in step."""
    texts = _table(db, "page_texts", "id:int text_digest title text")
    texts.create_index(["text_digest"], unique=True)
    texts.enable_fts(["title", "text"], tokenize="unicode61 remove_diacritics 2")
    pages = db["pages"]
    assert isinstance(pages, Table)
    pages.create_index(["text_digest"])
    db.execute(
        """
        insert into page_texts (text_digest, title, text)
        select text_digest, title, '' from pages where text_digest <> '' group by text_digest order by min(id)"""
    )
    db.execute("insert into page_texts_fts (page_texts_fts) values ('rebuild')")
    for table, columns in _FACETS.items():
        for column in columns:
            faceted = db[table]
            assert isinstance(faceted, Table)
            faceted.create_index(column.split())


@MIGRATIONS(name="0005_keeping")
def _keeping(db: Database) -> None:
    """What is kept for how long and who took it out: holds, the trail of exports and purges, reports that were
    written, what an interrupted purge left to do, and knowledge that came with one case from elsewhere."""
    case: References = {"case_id": ("cases", _CASCADE)}
    _table(db, "holds", "case_id held_at who reason", case, pk="case_id")
    audit = _table(
        db, "audit", "id:int at who action case_id? case_digest counts", {"case_id": ("cases", _CLEAR)}
    )
    audit.create_index(["case_digest"])
    audit.create_index(["case_id"])
    _table(db, "written_reports", "path case_id digest written_at", case, pk="path").create_index(["case_id"])
    _table(db, "purge_steps", "id:int step what")
    entries = "case_id feed kind value status category published until counts:int note reference"
    _table(db, "case_knowledge", entries, case, pk=("case_id", "kind", "value", "feed"))
    _table(db, "case_overrules", "case_id domain reason decided_at", case, pk=("case_id", "domain"))


@MIGRATIONS(name="0006_watching")
def _watching(db: Database) -> None:
    """What is watched, what changed, and whom to tell; who is at work, and how often operators were asked."""
    case: References = {"case_id": ("cases", _CASCADE)}
    watches = _table(
        db,
        "watches",
        "case_id definition every:int rules added_at due_at last_at? paused_at? runs:int failures:int problem",
        case,
        pk="case_id",
    )
    watches.create_index(["due_at"])
    changes = _table(
        db,
        "changes",
        "id:int case_id domain kind fact before after before_at after_at confirmed_at scan sources returned:int "
        "noticed_at told_at?",
        case,
    )
    changes.create_index(["case_id", "domain", "fact", "after", "after_at"], unique=True)
    changes.create_index(["noticed_at"])
    key = "rule case_id domain fact value"
    _table(db, "alert_states", f"{key} fired_at cleared_at?", case, pk=tuple(key.split()))
    messages = _table(
        db,
        "messages",
        "id:int key case_id rules channel digest content made_at due_at tries:int sent_at? dead_at? problem",
        case,
    )
    messages.create_index(["key"], unique=True)
    messages.create_index(["sent_at", "due_at"])
    _table(db, "leases", "name holder until:float", pk="name")
    _table(db, "quotas", "key tokens:float counted:float closed:float", pk="key")


@MIGRATIONS(name="0007_sweeps")
def _sweeps(db: Database) -> None:
    """Very long lists: how far each name has come, and why it went no further."""
    _table(
        db,
        "sweeps",
        "id file likes begun_at read_at? ended_at? lines:int repeated:int rubbish:int problems dates",
        pk="id",
    )
    names = _table(
        db,
        "sweep_domains",
        "sweep_id domain line:int rank:int asked:int done:int next:int reason facts registered case_id? level",
        {"sweep_id": ("sweeps", _CASCADE), "case_id": ("cases", _CLEAR)},
        pk=("sweep_id", "domain"),
    )
    names.create_index(["sweep_id", "next", "rank"])
    names.create_index(["case_id"])


_FACETS = {
    "scans": ["status"],
    "attempts": ["status source"],
    "findings": ["strength", "family"],
    "verdicts": ["level"],
    "observations": ["source", "kind name", "target_id"],
}
