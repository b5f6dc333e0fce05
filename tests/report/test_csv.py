"""Cells of the CSV report: no spreadsheet takes one for a formula, and programs read back what stood there."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.table import FORMULA, cell, value
from scanner.report.text import plain


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t=", "\r=", "\n@", "  =", "'=", "\uff1d", "\u00a0=", "\ufeff="]
)
def test_what_could_begin_a_formula_does_not(begin: str) -> None:
    made = cell(f"{begin}HYPERLINK(1)")
    assert not made.lstrip().startswith(FORMULA)
    assert not set(made) & set("\t\r\n")


@given(st.text() | st.from_regex(r"['=+@ -]{1,4}[a-z]{0,3}"))
def test_any_text_is_read_back_from_a_file_as_it_was(text: str) -> None:
    # Given any text, when it is written as a cell and read by a program
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow([cell(text), cell("next")])
    (row,) = csv.reader(io.StringIO(file.getvalue()))
    # Then it is no formula on the way, and what it was at the end (control characters as U+FFFD)
    assert not row[0].lstrip().startswith(FORMULA)
    assert [value(part) for part in row] == [plain(text), "next"]
