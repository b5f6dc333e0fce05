"""CSV with the columns of a case file. A `case` column makes several cases; a bad row is reported with its
line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from scanner.intake.addresses import shown
from scanner.intake.claims import FIELDS, Notebook, case_id, case_id_from
from scanner.intake.found import FileError

COLUMNS = ("case", "label", *FIELDS)
_DELIMITERS = ",;\t|"
MAX_BROKEN = 100  # rows with broken quotes, before the rest of the file is given up
MAX_CELL = 4096  # characters


def read_table(text: str, book: Notebook) -> None:
    """Read a table into the notebook. Delimiter: whichever of , ; tab | makes most known columns of the
    header.

    Raises FileError where the header has no `role` column, or the rest is hopeless.
    """
    lines = list(io.StringIO(text, newline=""))  # only CR and LF end a line, unlike splitlines()
    start = _header_line(lines)
    delimiter, header = _header(lines[start])
    _check_header(header, start + 1, book)
    for line, row, problem in _rows(lines, start + 1, delimiter):
        place = f"line {line}"
        if problem:
            book.problem(place, f"{problem}; left out")
        elif any(cell.strip() for cell in row):
            _add(dict(zip(header, row, strict=False)), row[len(header) :], place, book)


def is_header(line: str) -> bool:
    """Whether a first line looks like this table's header."""
    return "role" in _header(line)[1]


def _header_line(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if line.strip() and not line.lower().startswith("sep="):  # a hint that some spreadsheets write
            return number
    raise FileError("an empty file; it needs a header line and rows")


def _header(line: str) -> tuple[str, list[str]]:
    best: tuple[int, str, list[str]] = (-1, ",", [])
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [cell.strip().strip("\ufeff").lower() for cell in cells]
        known = sum(name in COLUMNS for name in names)
        if known > best[0]:
            best = (known, delimiter, names)
    return best[1], best[2]


def _check_header(header: list[str], line: int, book: Notebook) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileError(f"line {line}: column {shown(twice[0])} stands there twice")
    if "role" not in header:
        raise FileError(f"line {line}: no column `role`; columns are {', '.join(COLUMNS)}")
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown:
        names = ", ".join(shown(name) for name in unknown[:5])
        book.problem(f"line {line}", f"unknown column {names} is ignored; columns are {', '.join(COLUMNS)}")


def _rows(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, cells, problem). A row whose quotes are broken is one line lost, not the rest of the file."""
    broken = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        line = start
        try:
            for row in reader:
                if any(len(cell) > MAX_CELL for cell in row):
                    yield line + 1, [], f"a cell of over {MAX_CELL} characters"
                else:
                    yield line + 1, row, ""
                line = start + reader.line_num
            return
        except csv.Error as error:
            broken += 1
            if broken > MAX_BROKEN:
                raise FileError(
                    f"line {line + 1}: over {MAX_BROKEN} rows with broken quotes; given up"
                ) from None
            yield line + 1, [], f"broken quotes or an endless cell ({error})"
            start = line + 1


def _add(cells: dict[str, str], rest: list[str], place: str, book: Notebook) -> None:
    if any(cell.strip() for cell in rest):
        book.problem(place, f"{len(rest)} cells more than the header has columns; left out")
        return
    given = cells.get("case", "").strip()
    try:
        case = case_id(given) if given else case_id_from(book.file)
    except ValueError as error:
        book.problem(place, f"{error}; left out")
        return
    book.open(case, book.text(cells.get("label", ""), "label", place))
    book.add(case, cells, place)
