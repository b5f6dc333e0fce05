"""The last stage: an ordinary scan for each name that is left, as a case of its own."""

from __future__ import annotations

from scanner.session import Session, scan_anew
from scanner.store import ScanStatus, Store, StoreError
from scanner.sweep.cases import case_of
from scanner.sweep.rows import PAGES, Row, Step


class Pages:
    """A case a name; one that is stopped goes on by itself."""

    def __init__(self, session: Session, sweep: str) -> None:
        self._session = session
        self._sweep = sweep

    async def step(self, row: Row) -> Step:
        """Raises StoreError, and CancelledError once the scan is marked as interrupted."""
        case = case_of(self._sweep, row.domain)
        try:
            record = await scan_anew(case, self._session.means)
        except StoreError:  # what is wrong with the database is wrong for every name
            raise
        except Exception as error:  # one name never stops the rest
            reason = f"scan-failed {type(error).__name__}: {error}"
            return Step(row.domain, PAGES, False, 0, reason, row.rank, row.facts, failed=True)
        verdicts = await self._session.means.store.call(Store.verdicts_of, record)
        level = next((str(one["level"]) for one in verdicts if one["domain"] == row.domain), "")
        partial = f"{record.status.value} some sources gave no answer"
        # Why the registry gave no date stays told.
        reason = row.reason if record.status is ScanStatus.COMPLETE else partial
        return Step(
            row.domain, PAGES, bool(level), 0, reason, row.rank, row.facts, case=case.id, level=level,
            failed=not level,
        )  # fmt: skip
