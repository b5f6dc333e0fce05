"""Figures in columns, and the load they were taken under."""

from __future__ import annotations

import os
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints rows under their heads; fractions with two digits."""
    cells = [list(head)] + [
        [f"{value:.2f}" if isinstance(value, float) else str(value) for value in row] for row in rows
    ]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    for row in cells:
        print("  ".join(value.rjust(width) for value, width in zip(row, widths, strict=True)))


def load() -> str:
    """How busy the machine is: figures taken beside other work say less."""
    busy = f"load {os.getloadavg()[0]:.1f}, " if hasattr(os, "getloadavg") else ""
    return f"{busy}{os.cpu_count()} cores"
