"""Periods as résumés write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake import period_of, read_period
from scanner.model import Period


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2015", "2015 to 2015"),
        ("2015-03", "2015-03 to 2015-03"),
        ("2015-03-14", "2015-03-14 to 2015-03-14"),
        ("2015–19", "2015 to 2019"),
        ("1998 - 02", "1998 to 2002"),
        ("2015-2019", "2015 to 2019"),
        ("2015-03-2019-06", "2015-03 to 2019-06"),
        ("03/2015 - 06/2019", "2015-03 to 2019-06"),
        ("01.2015-03.2016", "2015-01 to 2016-03"),
        ("Mar 2015 – present", "2015-03 to present"),
        ("Jan. 2015–Present.", "2015-01 to present"),
        ("2015 -present", "2015 to present"),
        ("March 2015 to date", "2015-03 to present"),
        ("since 2015", "2015 to present"),
        ("from Jan 2015", "2015-01 to ?"),
        ("2015 –", "2015 to ?"),
        ("– 2015", "? to 2015"),
        ("Mar – Jun 2015", "2015-03 to 2015-06"),
        ("Sept. 2015 - Dec. 2016", "2015-09 to 2016-12"),
        ("Jan '15 - Mar '16", "2015-01 to 2016-03"),
        ("(Summer 2015)", "2015 to 2015"),
        ("12 March 2015 to 3rd of June 2016", "2015-03-12 to 2016-06-03"),
        ("March 12th, 2015", "2015-03-12 to 2015-03-12"),
        ("14/03/2015", "2015-03-14 to 2015-03-14"),
        ("03/14/2015", "2015-03-14 to 2015-03-14"),
        ("seit März 2015", "2015-03 to present"),
        ("12. März 2015 bis heute", "2015-03-12 to present"),
        ("mars 2015 à juin 2016", "2015-03 to 2016-06"),
        ("août 2014", "2014-08 to 2014-08"),
        ("enero de 2015 - actualidad", "2015-01 to present"),
        ("mar. 2015 - giu. 2016", "2015-03 to 2016-06"),
        ("maio de 2015 – hoje", "2015-05 to present"),
        ("maj 2015 – obecnie", "2015-05 to present"),
        ("март 2015 – по настоящее время", "2015-03 to present"),
        ("2015年3月 – 現在", "2015-03 to present"),
        ("2015년 3월 ~ 현재", "2015-03 to present"),
        ("2015-03-14T09:00:00Z", "2015-03-14 to 2015-03-14"),
    ],
)
def test_a_period_is_read_as_precisely_as_it_was_written(written: str, meant: str) -> None:
    assert str(read_period(written)) == meant


def test_an_ambiguous_day_and_month_keeps_only_the_year() -> None:
    assert str(read_period("03/04/2015")) == "2015 to 2015"


def test_nothing_stated_is_an_empty_period() -> None:
    assert read_period("  ") == Period()
    assert period_of("", "") == Period()
    assert str(period_of("", "2019")) == "? to 2019"


@pytest.mark.parametrize(
    "wrong",
    ["2019 - 2015", "present", "foo", "2015-02-30", "2015-13-01", "13/13/2015", "99999", "15", "Smarch 2015",
     "2015 to 2017 to 2019", "2015-00", "Jan 15 - Mar 16", "x" * 500, "2015\x00", "from (", "since"],
)  # fmt: skip
def test_what_cannot_be_a_period_is_refused_in_one_line(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as error:
        read_period(wrong)
    assert str(error.value).isprintable()


def test_fields_of_a_case_file_take_no_range() -> None:
    with pytest.raises(ValueError, match="not a period"):
        period_of("2015-2019", "")
    with pytest.raises(ValueError, match="starts in the present"):
        period_of("present", "")
    with pytest.raises(ValueError, match="ends before it starts"):
        period_of("2019-06", "2019-05")


def test_an_end_within_the_start_s_precision_is_no_contradiction() -> None:
    assert str(period_of("2019-06", "2019")) == "2019-06 to 2019"


_WORDS = st.sampled_from(
    ["2015", "2019", "1998", "19", "03", "3", "/", "-", "–", ".", " ", "to", "since ", "mar", "may", "de", "present",
     "'", "年", "月", "q1", "31", "00", "(", ","]
)  # fmt: skip


@given(st.one_of(st.text(max_size=140), st.lists(_WORDS, max_size=8).map("".join)))
@settings(max_examples=800, deadline=None)
def test_any_text_is_a_period_or_a_value_error(text: str) -> None:
    try:
        period = read_period(text)
    except ValueError:
        return
    if period.starts and period.ends:
        assert not period.ends.surely_before(period.starts)


@given(st.dates(), st.sampled_from([4, 7, 10]), st.booleans())
def test_what_a_case_file_says_comes_back(day: object, length: int, ongoing: bool) -> None:
    text = str(day)[:length]
    if not "1900" <= text < "2100":
        return
    period = period_of(text, "present" if ongoing else text)
    assert (str(period.starts), period.end_text) == (text, "present" if ongoing else text)
