"""The findings of a case as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.report.text import plain

COLUMNS = (
    "case", "domain", "level", "strength", "check_id", "statement", "claimed", "observed", "innocent", "ask",
    "next_step", "defeated_by",
)  # fmt: skip


FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Characters that begin a formula in spreadsheets, full-width forms included (OWASP, CSV injection)."""


def rows(document: Mapping[str, Any]) -> Iterator[list[str]]:
    """A heading, then one row a finding; a target without findings still has its row."""
    yield list(COLUMNS)
    for target in [
        *document["targets"],
        {"domain": "", "level": document["level"], "findings": document["findings"]},
    ]:
        for finding in target["findings"] or ([{}] if target["domain"] else []):
            values = {
                "case": document["case"],
                **finding,
                "domain": target["domain"],
                "level": target["level"],
            }
            yield [cell(values.get(column) or "") for column in COLUMNS]


def cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula: one that could begin one gets an apostrophe before it, and so does
    one that begins with an apostrophe, so that `value` can tell. Tabs and line breaks are no text and become U+FFFD.

    >>> cell("=1+1"), cell("\\t@SUM(A1)"), cell("'quoted'"), cell("plain")
    ("'=1+1", '\ufffd@SUM(A1)', "''quoted'", 'plain')
    """
    text = plain(value)
    return "'" + text if text.lstrip().startswith((*FORMULA, "'")) else text


def value(cell: str) -> str:
    """What stood in a cell before it was made harmless, for programs that read the CSV back.

    >>> value("'=1+1"), value("plain"), [value(cell(text)) for text in ("-2 C", "'=x", " @a")]
    ('=1+1', 'plain', ['-2 C', "'=x", ' @a'])
    """
    return cell[1:] if cell.startswith("'") else cell
