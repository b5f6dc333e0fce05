"""CSV in the dialects that spreadsheets write."""

from __future__ import annotations

import csv
import io
import itertools

import pytest

from scanner.intake import parse
from scanner.model import Case

HEADER = ["case", "label", "role", "organisation", "url", "starts", "ends", "place"]
ROWS = [
    ["c-1", "first; \"one\"", "employer", "Müller, Søn & Co", "https://acme.example", "2015-03", "present", "Köln, DE"],
    ["c-1", "", "portfolio", "", "jane.example", "", "", ""],
    ["c-2", "", "employer", "Beta", "", "2010", "2012", ""],
]  # fmt: skip


def written(delimiter: str, encoding: str, ending: str, quoting: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([HEADER, *ROWS])
    return out.getvalue().encode(encoding)


def plain() -> tuple[Case, ...]:
    return parse("t.csv", written(",", "utf-8", "\n", csv.QUOTE_MINIMAL)).cases


def test_a_byte_order_mark_before_another_encoding_is_no_part_of_the_first_column() -> None:
    (case,) = parse(
        "t.csv", b"\xef\xbb\xbf" + "case,role,organisation\nc-1,employer,Café".encode("cp1252")
    ).cases
    assert (case.id, case.claims[0].organisation) == ("c-1", "Café")


def test_a_table_makes_a_case_for_each_id() -> None:
    first, second = plain()
    assert (first.id, first.label, len(first.claims)) == ("c-1", 'first; "one"', 2)
    assert first.claims[0].organisation == "Müller, Søn & Co"
    assert str(first.claims[0].period) == "2015-03 to present"
    assert (second.id, second.claims[0].organisation, second.claims[0].url) == ("c-2", "Beta", "")


@pytest.mark.parametrize(
    ("delimiter", "encoding", "ending", "quoting"),
    list(
        itertools.product(
            [",", ";", "\t", "|"],
            ["utf-8", "utf-8-sig", "cp1252", "utf-16"],
            ["\n", "\r\n", "\r"],
            [csv.QUOTE_MINIMAL, csv.QUOTE_ALL],
        )
    ),
)
def test_every_dialect_says_the_same(delimiter: str, encoding: str, ending: str, quoting: int) -> None:
    intake = parse("t.csv", written(delimiter, encoding, ending, quoting))
    assert intake.cases == plain()
    assert intake.problems == ()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_columns_does_not_matter(order: tuple[int, ...]) -> None:
    columns = ["role", "organisation", "url"]
    cells = ["employer", "Acme", "acme.example"]
    lines = [";".join(columns[i] for i in order), ";".join(cells[i] for i in order)]
    (case,) = parse("t.csv", "\n".join(lines).encode()).cases
    assert (case.id, case.claims[0].organisation, case.claims[0].url) == (
        "t",
        "Acme",
        "https://acme.example/",
    )


def test_a_spreadsheet_s_separator_hint_blank_lines_and_capitals_are_taken() -> None:
    raw = b"sep=;\r\n\r\nRole;URL;Place\r\nEmployer;acme.example;\r\n;;\r\n\r\n"
    intake = parse("t.csv", raw)
    assert [claim.url for claim in intake.cases[0].claims] == ["https://acme.example/"]
    assert not intake.problems


def test_a_table_is_known_by_its_header_when_the_name_says_nothing() -> None:
    assert parse("list.txt", b"role\turl\nemployer\tacme.example\n").cases[0].claims


def test_bad_rows_are_reported_with_their_line_and_the_rest_goes_on() -> None:
    raw = (
        "case,role,organisation,url,colour\n"  # 1
        "a,employer,Good,,\n"  # 2
        "a,boss,Bad,,\n"  # 3
        "a b,employer,Bad,,\n"  # 4
        'a,employer,"never closed,x.example,\n'  # 5
        "a,employer,Two,two.example,red,more,cells\n"  # 6
        'a,employer,"Bad" quote,,\n'  # 7
        "a,employer,Short\n"  # 8
        f"a,employer,{'x' * 5000},,\n"  # 9
        "a,employer,Last,last.example,\n"  # 10
    )
    intake = parse("t.csv", raw.encode())
    assert [claim.organisation for claim in intake.cases[0].claims] == ["Good", "Short", "Last"]
    lines = [str(problem).split(":")[1].strip() for problem in intake.problems]
    assert lines == ["line 1", "line 3", "line 4", "line 5", "line 6", "line 7", "line 9"]


def test_a_file_of_broken_quotes_is_given_up_soon() -> None:
    raw = b"role,organisation\n" + b'employer,"x" y\n' * 5000
    intake = parse("t.csv", raw)
    assert len(intake.problems) == 101
    assert "given up" in str(intake.problems[-1])


def test_a_damaged_row_of_a_long_list_does_not_end_the_list() -> None:
    rows = [f"v-{number},vendor,,https://firm{number}.example" for number in range(20)]
    rows[7] = "v-7,vendor,,\x00\x01\x00"
    found = parse("list.csv", ("case,role,organisation,url\n" + "\n".join(rows)).encode())
    assert [case.id for case in found.cases if not case.claims] == ["v-7"]
    assert sum(len(case.claims) for case in found.cases) == 19
    assert any("line 9" in str(problem) for problem in found.problems)
    assert "\x00" not in "".join(str(problem) for problem in found.problems)
