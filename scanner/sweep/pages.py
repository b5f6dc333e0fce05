"""The last stage: an ordinary scan for each name that is left, as a case of its own."""

from __future__ import annotations

from scanner.model import Case, Claim, Role
from scanner.session import Session
from scanner.store import ScanStatus, Store, StoreError
from scanner.sweep.rows import PAGES, Row, Step


class Pages:
    """A case a name: those of a list have nothing to do with each other, and one that is stopped goes on by itself."""

    def __init__(self, session: Session, sweep: str) -> None:
        self._session = session
        self._sweep = sweep

    async def step(self, row: Row) -> Step:
        """Raises StoreError, and CancelledError once the scan is marked as interrupted."""
        case = Case(f"{self._sweep}-{row.domain}", claims=(Claim(Role.VENDOR, f"https://{row.domain}/"),))
        try:
            record = await self._session.scan(case)
        except StoreError:  # what is wrong with the database is wrong for every name
            raise
        except Exception as error:  # one name never stops the rest
            reason = f"scan-failed {type(error).__name__}: {error}"
            return Step(row.domain, PAGES, False, 0, reason, row.rank, row.facts)
        verdicts = await self._session.means.store.call(Store.verdicts_of, record)
        level = next((str(one["level"]) for one in verdicts if one["domain"] == row.domain), "")
        partial = f"{record.status.value} some sources gave no answer"
        # Why the registry gave no date stays told.
        reason = row.reason if record.status is ScanStatus.COMPLETE else partial
        return Step(row.domain, PAGES, bool(level), 0, reason, row.rank, row.facts, case=case.id, level=level)
