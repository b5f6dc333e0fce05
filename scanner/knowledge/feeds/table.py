"""CSV: a header line, or one address a line. A list kept by hand: one wrong line and nothing of it is taken."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from scanner.knowledge.feeds import FeedError, Read, packed
from scanner.knowledge.indicators import (
    CATEGORIES,
    FRONTS,
    KINDS,
    STATUSES,
    BadIndicatorError,
    Indicator,
    day,
    short,
    spelled,
)
from scanner.wording import quoted

PIECE = 8 << 20
"""Bytes read at once: a list of any length takes as much memory as this."""

_VALUE = {
    "value": "", "indicator": "", "domain": "", "host": "", "hostname": "", "url": "url", "mail": "mail",
    "email": "mail", "phone": "phone", "payment": "payment",
}  # fmt: skip
_SAME = {
    "type": "type", "kind": "category", "category": "category", "status": "status", "published": "published",
    "date": "published", "first_seen": "published", "reported": "published", "until": "until",
    "valid_until": "until", "relevance": "relevance", "source": "reference", "reference": "reference",
    "note": "note", "comment": "note", "description": "note",
}  # fmt: skip
_FIXED = ("url", "mail", "email", "phone", "payment")
_TYPES = {"email": "mail", "hostname": "host", "domain-name": "domain", **{kind: kind for kind in KINDS}}


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The file in pieces that end with a line, each after the number of its first line and the header:
    what `read_table` takes."""
    head, number, rest = b"", 1, b""
    while block := file.read(PIECE):
        block = rest + block
        end = block.rfind(b"\n") + 1
        if not end and len(block) < PIECE:
            rest = block
            continue
        if not end:
            raise FeedError(f"line {number} is over {PIECE >> 20} MB long")
        rest, block = block[end:], block[:end]
        if not head:
            head = _head(block)
        yield b"%d\n%b\n%b" % (number, head, block)
        number += block.count(b"\n")
    if rest:
        yield b"%d\n%b\n%b" % (number, head or _head(rest), rest)


def _head(block: bytes) -> bytes:
    lines = block.removeprefix(b"\xef\xbb\xbf").splitlines()
    return next((line for line in lines[:200] if line.strip() and not line.startswith(b"#")), b"")


def read_table(payload: bytes) -> bytes:
    """Indicators of one piece: `NUMBER`, the header, then lines. Raises FeedError, one line, for the first line
    that is not as it should be."""
    number, _, rest = payload.partition(b"\n")
    head, _, body = rest.partition(b"\n")
    first = int(number)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first + body[: error.start].count(b"\n")
        raise FeedError(f"line {line}: not UTF-8; save the file as CSV in UTF-8") from None
    if "\0" in text:
        raise FeedError(
            f"line {first + text[: text.index(chr(0))].count(chr(10))}: a null byte; is it UTF-16?"
        )
    header = head.decode("utf-8", "replace")
    columns = _columns(header)
    read = Read()
    lines = text.splitlines()
    if columns is not _BARE and first == 1:
        lines = _without(lines, header)
    try:
        rows = csv.reader((line if not line.startswith("#") else "" for line in lines), strict=True)
        for row in rows:
            if any(cell.strip() for cell in row):
                read.entries.append(_entry(row, columns, first + rows.line_num - 1))
    except csv.Error as error:
        raise FeedError(f"line {first + rows.line_num - 1}: {error}") from None
    return packed(read)


_BARE = {"value": 0}


def _without(lines: list[str], header: str) -> list[str]:
    """The lines with the header blanked, so that numbers stay."""
    for place, line in enumerate(lines):
        if line.strip() and not line.startswith("#"):
            return [*lines[:place], "", *lines[place + 1 :]] if line == header else lines
    return lines


def _columns(head: str) -> dict[str, int]:
    """Column name -> place; a single column whose first line is an address needs no header."""
    cells = [cell.strip().strip('"').lower().replace(" ", "_") for cell in head.split(",")]
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = "value" if cell in _VALUE else _SAME.get(cell, "")
        if _VALUE.get(cell):
            found.setdefault("fixed:" + _VALUE[cell], place)
        if name and name not in found:
            found[name] = place
    if "value" in found:
        return found
    try:
        if len(cells) == 1:
            spelled(cells[0])
            return _BARE
    except BadIndicatorError:
        pass
    raise FeedError(
        f"line 1: no column called value, domain, url, mail, phone or payment in {quoted(head, 80)}"
    )


def _entry(row: list[str], columns: dict[str, int], line: int) -> Indicator:
    def cell(name: str) -> str:
        place = columns.get(name, -1)
        return row[place].strip() if 0 <= place < len(row) else ""

    try:
        fixed = next(
            (name[6:] for name, at in columns.items() if name[:6] == "fixed:" and at == columns["value"]), ""
        )
        stated = _choice("type", cell("type").lower(), _TYPES) or fixed
        kind, value = spelled(cell("value"), _TYPES.get(stated, "") if stated in _FIXED else "")
        category = _choice("kind", cell("category"), CATEGORIES) or "front_company"
        relevance = _choice("relevance", cell("relevance"), ("close", "adjacent", "exclude"))
        return Indicator(
            kind,
            value,
            _choice("status", cell("status").lower(), STATUSES) or "reported",
            category,
            day(cell("published")),
            day(cell("until")),
            category in FRONTS and relevance in ("", "close"),
            short(cell("note")),
            short(cell("reference")),
        )
    except BadIndicatorError as error:
        raise FeedError(f"line {line}: {error}") from None


def _choice(name: str, value: str, choices: tuple[str, ...] | dict[str, str]) -> str:
    if value and value not in choices:
        raise BadIndicatorError(f"{name} {quoted(value)} is not one of {', '.join(choices)}")
    return value
