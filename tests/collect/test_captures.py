"""Which captures of a home page are read: pure, from rows of the index."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.collect.captures import MOST, moved_away, telling_captures
from scanner.model import Claim, Date, Observation, Period, Role, Target

NOW = datetime(2024, 6, 1, tzinfo=UTC)
URL = "http://acme.example/"


def row(at: str, digest: str, status: str = "200", kind: str = "text/html") -> Observation:
    return Observation("archive", "capture", f"{status} {kind} {digest} {URL}", "archive", Date(at))


def claim(starts: str = "", ends: str = "", role: Role = Role.EMPLOYER) -> Claim:
    ongoing = ends == "present"
    period = Period(Date(starts) if starts else None, Date(ends) if ends and not ongoing else None, ongoing)
    return Claim(role, "https://acme.example", "Acme", period)


def chosen(rows: list[Observation], *claims: Claim) -> list[str]:
    found = telling_captures(Target("acme.example", (), claims), rows, NOW)
    assert all(url == URL for _, url in found)
    return [f"{at[:4]}-{at[4:6]}" for at, _ in found]


HISTORY = [
    row("2008-03-01", "A"), row("2011-03-01", "B"), row("2014-03-01", "C"), row("2016-03-01", "D"),
    row("2018-03-01", "E"), row("2021-03-01", "F"), row("2024-05-01", "G"),
]  # fmt: skip


def test_the_claimed_beginning_and_end_the_first_capture_and_the_widest_gap() -> None:
    # given a claim from 2013 to 2018: its first and last capture, the oldest of all, and 2021, farthest from these
    assert chosen(HISTORY, claim("2013-06", "2018-06")) == ["2008-03", "2014-03", "2018-03", "2021-03"]


def test_a_present_claim_reaches_to_today() -> None:
    assert chosen(HISTORY, claim("2017-06", "present")) == ["2008-03", "2014-03", "2018-03", "2024-05"]


def test_nothing_from_the_claimed_years_is_seen_from_both_sides() -> None:
    rows = [row("2009-01-01", "A"), row("2012-01-01", "B"), row("2020-01-01", "C"), row("2022-01-01", "D")]
    assert chosen(rows, claim("2014-01", "2016-12")) == ["2009-01", "2012-01", "2020-01", "2022-01"]


def test_several_claims_count_from_the_first_beginning_to_the_last_end() -> None:
    found = chosen(HISTORY, claim("2016-01", "2016-12"), claim("2010-06", "2011-12"))
    assert {"2011-03", "2016-03"} <= set(found)


def test_an_end_alone_is_a_beginning_too() -> None:
    assert "2016-03" in chosen(HISTORY, claim("", "2016"))


def test_without_a_date_the_first_and_the_last_stand_for_it() -> None:
    found = chosen(HISTORY, claim())
    assert {"2008-03", "2024-05"} <= set(found)
    assert len(found) == MOST


def test_the_same_bytes_are_never_read_twice() -> None:
    same = [row(f"{year}-03-01", "A") for year in range(2008, 2024)]
    assert chosen(same, claim("2010", "2020")) == ["2010-03"]


def test_a_change_within_weeks_tells_nothing_new() -> None:
    rows = [row(f"2016-0{month}-01", f"D{month}") for month in range(1, 5)]
    assert len(chosen(rows, claim("2015-06", "2017-06"))) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [("301", "text/html"), ("403", "text/html"), ("503", "text/html"), ("200", "application/pdf")],
)
def test_what_holds_no_page_is_not_asked_for(status: str, kind: str) -> None:
    assert chosen([row("2016-03-01", "D", status, kind)], claim("2015", "2018")) == []


@pytest.mark.parametrize("role", [Role.PORTFOLIO, Role.PROFILE])
def test_of_a_persons_own_site_nothing_is_read(role: Role) -> None:
    assert chosen(HISTORY, claim("2013", "2018", role)) == []


@given(
    st.dictionaries(st.dates(date(2000, 1, 1), NOW.date()), st.sampled_from("ABCDEFGH"), max_size=30),
    st.integers(2000, 2023),
    st.integers(0, 10),
)
def test_never_more_than_four_all_different_in_order(
    history: dict[date, str], begin: int, years: int
) -> None:
    rows = [row(day.isoformat(), digest) for day, digest in history.items()]
    target = Target("acme.example", (), (claim(str(begin), str(begin + years)),))
    found = telling_captures(target, rows, NOW)
    stamps = [at for at, _ in found]
    digests = [history[datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC).date()] for at in stamps]
    assert len(found) <= MOST
    assert stamps == sorted(stamps)
    assert len(set(digests)) == len(digests)
    assert bool(found) == bool(rows)
    assert found == telling_captures(target, rows[::-1], NOW)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("2010-01-01", "A"), row("2016-01-01", "B", "301"), row("2018-01-01", "C", "302")], "2016"),
        ([row("2010-01-01", "B", "301"), row("2016-01-01", "A")], ""),  # to www, and it held a page later
        ([row("2010-01-01", "A"), row("2016-01-01", "B", "404")], ""),
        ([row("2016-01-01", "B", "301"), row("2010-01-01", "A")], "2016"),
        # led elsewhere for years, then a page again: it was sold on
        (
            [
                row("2010-01-01", "A"),
                row("2016-01-01", "B", "301"),
                row("2018-01-01", "C", "301"),
                row("2020-01-01", "D"),
            ],
            "2016",
        ),
        # the way to https, captured beside the page
        ([row("2010-01-01", "A"), row("2016-01-01", "B", "301"), row("2016-01-02", "A")], ""),
        ([], ""),
    ],
)
def test_where_a_name_went_after_its_last_page(rows: list[Observation], expected: str) -> None:
    assert [(at[:4], url) for at, url in moved_away(rows)] == ([(expected, URL)] if expected else [])
