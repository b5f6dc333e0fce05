"""A list, line by line: the registrable domain each names, or why it names none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.domains import has_known_ending, host_of, is_inside, plainly_registrable, split
from scanner.hostnames import DomainError
from scanner.intake import AddressError, read_address
from scanner.wording import quoted

LONGEST = 4096  # bytes of a line that are read; what is longer is no address
_PLAIN = re.compile(r"(?:https?://)?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)\.?(?:/[!-~]*)?\Z")
_CELL = re.compile(r"[,;\t]")
_CELLS = 20  # of a row that are looked at
_HEADERS = frozenset({"domain", "domains", "url", "website", "host", "hostname", "name", "address"})


@dataclass(frozen=True, slots=True)
class Line:
    """number: from 1. Either `domain` is set, or `problem`."""

    number: int
    domain: str = ""
    problem: str = ""


def lines(path: Path) -> Iterator[Line]:
    """Every line that isn't empty or a comment (`#`). In a table the first cell counts that is a domain. Never holds
    more than one line. Raises OSError."""
    with path.open("rb") as stream:
        number, first = 0, True
        while raw := stream.readline(LONGEST):
            number += 1
            if len(raw) == LONGEST and not raw.endswith(b"\n"):
                while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                    pass
                yield Line(number, problem=f"a line of over {LONGEST} bytes")
                continue
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
            if text and text[0] != "#":
                cells = [cell.strip().strip("\"'").strip() for cell in _CELL.split(text, maxsplit=_CELLS)]
                header, first = first and any(cell.lower() in _HEADERS for cell in cells), False
                if header:
                    continue
                line = _line(number, cells[0])
                yield line if line.domain or len(cells) == 1 else _further(line, cells[1:])


def _further(first: Line, cells: Sequence[str]) -> Line:
    """The domain in another cell of the row, as it stands there alone; else what was wrong with the first."""
    found = (_line(first.number, cell) for cell in cells if _PLAIN.match(cell))
    return next((line for line in found if line.domain), first)


def _line(number: int, text: str) -> Line:
    plain = _PLAIN.match(text)
    if plain and plainly_registrable(name := plain[1].lower()):
        return Line(number, name)
    try:
        host = plain[1] if plain else host_of(read_address(text).url)
        found = split(host)
    except (AddressError, DomainError) as error:
        return Line(number, problem=str(error)[:200])
    if found.is_address:
        return Line(number, problem=f"{quoted(text)} is an IP address; a sweep looks at domains")
    if not found.registrable:
        return Line(number, problem=f"{quoted(text[:100])} names no domain that somebody registered")
    if is_inside(found.host) or not has_known_ending(found.registrable):
        return Line(number, problem=f"{quoted(text[:100])} has no ending of the public internet")
    return Line(number, found.registrable)
