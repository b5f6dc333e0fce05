"""Dates with a precision: what they can mean, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import Date, Precision, earliest

moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["2015-00", "2015-01-00", "2015-02-30", "2015-13", "15", "2015-3", "", "2015-01-01T25:00:00Z"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Date(text)


@given(moments, st.sampled_from(Precision))
def test_a_date_holds_the_moment_it_was_made_of(moment: datetime, precision: Precision) -> None:
    date = Date.of(moment, precision)
    assert date.precision is precision
    assert date.first <= moment.replace(microsecond=0) <= date.last


@given(moments, moments, st.sampled_from(Precision), st.sampled_from(Precision))
def test_surely_before_never_contradicts_the_moments(
    one: datetime, other: datetime, first: Precision, second: Precision
) -> None:
    if Date.of(one, first).surely_before(Date.of(other, second)):
        assert one < other


def test_a_margin_must_be_exceeded() -> None:
    assert Date("2015").surely_before(Date("2016-05"), timedelta(days=100))
    assert not Date("2015").surely_before(Date("2016-03"), timedelta(days=100))


def test_the_earliest_is_the_one_that_surely_lies_first() -> None:
    assert earliest([Date("2015"), Date("2015-06-01"), Date("2016")]) == Date("2015-06-01")
    assert earliest([]) is None
