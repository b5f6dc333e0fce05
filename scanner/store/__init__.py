"""Where a scan is kept: `findings.db` (SQLite) and `evidence/<scan uid>.warc.gz` beside it."""

from scanner.store.background import AsyncStore
from scanner.store.errors import (
    DiskFullError,
    EvidenceError,
    LockedError,
    NotADatabaseError,
    ReadOnlyError,
    StoreError,
    TooNewError,
    readable,
)
from scanner.store.records import OpenAttempt, ScanRecord, ScanStatus, StoredEvidence
from scanner.store.store import Store

__all__ = [
    "AsyncStore",
    "Store",
    "ScanRecord",
    "ScanStatus",
    "StoredEvidence",
    "OpenAttempt",
    "StoreError",
    "ReadOnlyError",
    "LockedError",
    "DiskFullError",
    "NotADatabaseError",
    "TooNewError",
    "EvidenceError",
    "readable",
]
