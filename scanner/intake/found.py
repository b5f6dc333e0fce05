"""What intake hands on: cases, what could not be read, and what a person should know about how it was read."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model import Case


@dataclass(frozen=True, slots=True)
class Problem:
    """One line for the user. `where`: file and line or field ("cases.csv: line 7"); `what`: what is wrong and
    what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class Intake:
    """problems: what was left out or changed. notes: how something was read (a profile page, a dropped password)."""

    cases: tuple[Case, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class FileError(ValueError):
    """The whole file can't be read; one line."""
