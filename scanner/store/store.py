"""The store: `findings.db` and the evidence files beside it."""

from __future__ import annotations

from scanner.store.known import Known
from scanner.store.results import Results
from scanner.store.shareable import Shareable


class Store(Shareable, Known, Results):
    """A findings database, opened or created, brought up to date, and closed as a context manager.

    `Store(path, readonly=False, wait=10.0)`. One thread at a time may use it; in an event loop use
    `scanner.store.AsyncStore`. Every method that writes is one transaction, or joins the one opened by
    `with store.writing():`. All raise `StoreError` (or one of its kinds) with one line for the person.
    """
