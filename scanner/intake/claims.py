"""One row of a case file, whatever format it stood in, to a claim. A bad field is reported and the rest
goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.intake.addresses import AddressError, read_address, shown
from scanner.intake.found import Intake, Problem
from scanner.intake.periods import period_of
from scanner.model import Case, Claim, Period, Role
from scanner.wording import one_line

FIELDS = ("role", "organisation", "url", "starts", "ends", "place")
MAX_TEXT = 200  # characters of an organisation, a place or a label
MAX_CLAIMS = 10_000
MAX_PROBLEMS = 1_000  # told one by one; the rest only counted
_CASE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


@dataclass(slots=True)
class Notebook:
    """Gathers cases, problems and notes while a file is read. `file` stands in front of every place."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    claims: dict[str, dict[Claim, None]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    unsaid: int = 0

    def problem(self, place: str, what: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self._where(place), what))
        else:
            self.unsaid += 1

    def note(self, place: str, what: str) -> None:
        self.notes.append(Problem(self._where(place), what))

    def open(self, case: str, label: str = "") -> None:
        """A case exists from here on, claims or none."""
        self.claims.setdefault(case, {})
        if label and not self.labels.get(case):
            self.labels[case] = label

    def add(self, case: str, row: Mapping[str, str], place: str) -> None:
        """Read one row into the case; what can't be read is noted."""
        self.rows += 1
        if self.rows > MAX_CLAIMS:
            raise ValueError(f"over {MAX_CLAIMS} claims; the rest is left out, split the file")
        claim = self.claim(row, place)
        if claim is not None:
            self.claims[case][claim] = None

    def claim(self, row: Mapping[str, str], place: str) -> Claim | None:
        """The claim of a row with the keys FIELDS, all optional here; None when nothing usable is left."""
        try:
            role = Role(row.get("role", "").strip().lower())
        except ValueError:
            given = row.get("role", "").strip()
            what = f"role {shown(given)} is not known" if given else "no role"
            self.problem(place, f"{what}; left out. Roles: {', '.join(Role)}")
            return None
        organisation = self.text(row.get("organisation", ""), "organisation", place)
        url = self._url(row.get("url", ""), place)
        if not url and not organisation:
            if not row.get("url", "").strip():
                self.problem(place, "neither url nor organisation; left out")
            return None
        where = self.text(row.get("place", ""), "place", place)
        return Claim(role, url, organisation, self._period(row, place), where)

    def text(self, value: str, name: str, place: str) -> str:
        """Free text as one line without control characters, of at most MAX_TEXT characters."""
        clean = one_line(value)
        if len(clean) > MAX_TEXT:
            self.problem(place, f"{name} of {len(clean)} characters; cut to {MAX_TEXT}")
            return clean[:MAX_TEXT].rstrip()
        return clean

    def intake(self) -> Intake:
        """Everything gathered, identical claims of a case once."""
        cases = tuple(
            Case(case, self.labels.get(case, ""), tuple(rows)) for case, rows in self.claims.items()
        )
        more = (Problem(self.file, f"{self.unsaid} more problems"),) if self.unsaid else ()
        return Intake(cases, (*self.problems, *more), tuple(self.notes))

    def _url(self, value: str, place: str) -> str:
        if not value.strip():
            return ""
        try:
            address = read_address(value)
        except AddressError as error:
            self.problem(place, str(error))
            return ""
        if not address.url:
            self.problem(place, address.note)
        elif address.note:
            self.note(place, f"{shown(address.url)}: {address.note}")
        return address.url

    def _period(self, row: Mapping[str, str], place: str) -> Period:
        try:
            return period_of(row.get("starts", ""), row.get("ends", ""))
        except ValueError as error:
            self.problem(place, f"{error}. The claim is kept without its period")
            return Period()

    def _where(self, place: str) -> str:
        return f"{self.file}: {place}" if self.file and place else self.file or place


def case_id(text: str) -> str:
    """The id as given. Raises ValueError, one line, unless it is 1 to 64 letters, digits, dots, dashes,
    underscores."""
    if not _CASE_ID.match(text):
        raise ValueError(f"case id {shown(text)} is not allowed; use 1 to 64 of A-Z a-z 0-9 . _ -")
    return text


def case_id_from(file: str) -> str:
    """An id made from a file's name, for files that state none."""
    stem = re.sub(
        r"[^A-Za-z0-9._-]+", "-", file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or file
    )
    return stem.strip("-.")[:64] or "case"
