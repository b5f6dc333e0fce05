"""What `watch add` is given: cases of the database, case files, lists of addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scanner.cli.common import UserError
from scanner.cli.scan import _cases
from scanner.intake import Intake, case_from_urls, read_case
from scanner.model import Case
from scanner.store import Store

LISTS = (".txt", ".lst", ".list")


def named(store: Store, what: Sequence[str]) -> list[Case]:
    """Cases of files, of lists, and of the database, each once; what can't be read is said, a line each."""
    intakes, found = [], []
    for name in what:
        path = Path(name)
        if path.suffix.lower() in LISTS and path.is_file():
            try:
                lines = path.read_text("utf-8", "replace").splitlines()
            except OSError as error:
                raise UserError(f"{path}: {error.strerror or error}") from error
            intakes += [(path.name, _of_line(path, *line)) for line in _told(lines)]
        elif path.is_file():
            intakes.append((path.name, read_case(path)))
        elif (record := store.latest_scan(name)) is not None:
            found.append(store.case(record))
        else:
            raise UserError(f"{name}: neither a file nor a case of {store.path}")
    return [*found, *_cases(intakes)]


def _told(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Lines with something in them, each text once, with the number of its first line."""
    texts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            texts.setdefault(line.strip(), number)
    return [(number, text) for text, number in texts.items()]


def _of_line(path: Path, number: int, text: str) -> Intake:
    found = case_from_urls([text])
    where = f"{path.name}: line {number}"
    return replace(found, problems=tuple(replace(one, where=where) for one in found.problems))
