"""Very long lists: a cascade that asks the cheapest question first and says what it did not look at.

Lines are read and compared offline; what is left goes to DNS, what is interesting then to the registries, and what is
still open after that is scanned like any case. Levels come from those scans alone: everything before is a fact.
"""

from __future__ import annotations

from scanner.sweep.budget import Budget, BudgetError
from scanner.sweep.run import Sweep, SweepError

__all__ = ["Budget", "BudgetError", "Sweep", "SweepError"]
