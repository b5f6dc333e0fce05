"""How many names each stage may look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace


class BudgetError(ValueError):
    """One line: what is wrong with a budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Names, not questions, over all runs of one sweep. 0 leaves the stage out, and with it those behind it."""

    dns: int = 1_000_000
    registration: int = 500
    pages: int = 25

    @classmethod
    def parse(cls, text: str) -> Budget:
        """What `--budget` says; the rest as it is by default.

        >>> Budget.parse("registration=40, pages=0")
        Budget(dns=1000000, registration=40, pages=0)

        Raises BudgetError.
        """
        return cls().changed(filter(None, (part.strip() for part in text.split(","))))

    def changed(self, parts: Iterable[str]) -> Budget:
        known = [field.name for field in fields(self)]
        values: dict[str, int] = {}
        for part in parts:
            name, _, number = (piece.strip() for piece in part.partition("="))
            if name not in known:
                raise BudgetError(f"no stage {name!r}; there are {', '.join(known)}, as in dns=1000,pages=10")
            if not number.isascii() or not number.isdigit() or len(number) > 9:
                raise BudgetError(f"{name}={number}: give a whole number of names, 0 or more")
            values[name] = int(number)
        return replace(self, **values)
