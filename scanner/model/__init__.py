"""The words of the project as frozen dataclasses; imports nothing of ours.

Everything that crosses a module border is one of these. They hold plain values (text, numbers, aware UTC
datetimes), so that they can be sent to worker processes and stored without the library that made them.
"""

from scanner.model.claims import DATED_ROLES, Case, Claim, Role, Target, Why
from scanner.model.dates import Bound, Date, Period, Precision, earliest
from scanner.model.evidence import (
    About,
    Attempt,
    Evidence,
    Link,
    Observation,
    Observed,
    Page,
    PageText,
    Shown,
    SourceInfo,
    Status,
)
from scanner.model.findings import Family, Finding, Level, Strength, Verdict

__all__ = [
    "Precision",
    "Bound",
    "Date",
    "earliest",
    "Period",
    "Role",
    "DATED_ROLES",
    "Claim",
    "Case",
    "Why",
    "Target",
    "Status",
    "SourceInfo",
    "Evidence",
    "Attempt",
    "Observation",
    "Page",
    "PageText",
    "Link",
    "Shown",
    "About",
    "Observed",
    "Strength",
    "Family",
    "Level",
    "Finding",
    "Verdict",
]
