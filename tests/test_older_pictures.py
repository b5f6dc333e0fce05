"""Which captured pictures of other sites are worth a turn of the archive's quota."""

from __future__ import annotations

import pytest

from scanner.library import Picture
from scanner.model import Date, Observation
from scanner.older_pictures import MOST, worth_a_turn


def ours(name: str, hash_: str = "0f" * 16) -> Picture:
    seen = Date("2024-06-01")
    return Picture(
        f"https://front.example/photos/{name}",
        "front.example",
        "aa" * 32,
        hash_,
        "f0" * 16,
        320,
        220,
        seen,
        "scan",
    )


def row(name: str, digest: str, at: str = "2013-02-01", status: str = "200 image/jpeg") -> Observation:
    value = f"{status} {digest} http://old.example/img/{name}"
    return Observation("archive", "capture", value, "archive", Date(at))


def chosen(
    mine: list[Picture], rows: list[Observation], shown: set[str] | None = None, *sharing: str
) -> list[str]:
    found = worth_a_turn(mine, {"old.example": rows}, shown or set(), sharing)
    return [one.value.rpartition("/")[2] for _, one in found]


@pytest.mark.parametrize("name", ["Crew.JPG", "crew-300x200.webp", "crew-scaled.png", "crew@2x.jpg"])
def test_a_picture_of_the_same_name_is_looked_at_whatever_a_program_added(name: str) -> None:
    assert chosen([ours("crew-large.jpg")], [row(name, "D1"), row("other.jpg", "D2")]) == [name]


def test_numbers_logos_what_is_shown_today_and_what_is_no_picture_are_left_out() -> None:
    mine = [ours("0042.jpg"), ours("crew.jpg"), ours("logo-wide.png"), ours("yard.jpg")]
    rows = [
        row("0042.jpg", "D1"),
        row("logo-wide.png", "D2"),
        row("crew.jpg", "KNOWN"),
        row("yard.jpg", "D3", status="404 text/html"),
    ]
    assert chosen(mine, rows, {"KNOWN"}) == []


def test_of_a_site_that_shares_something_the_earliest_follow_up_to_the_limit() -> None:
    # given more pictures than turns, one of them by a name of ours, and an address that no one can open
    rows = [row(f"scene-{number}.jpg", f"D{number}", f"20{18 - number}-01-01") for number in range(8)]
    rows += [row("crew.jpg", "DC", "2020-01-01"), row("http://[broken", "DX")]
    # then nothing but the name counts of a stranger, and of a site that shares something the oldest follow
    assert chosen([ours("crew.jpg")], rows) == ["crew.jpg"]
    found = chosen([ours("crew.jpg")], rows, None, "old.example")
    assert found == ["crew.jpg", "scene-7.jpg", "scene-6.jpg", "scene-5.jpg"]
    assert len(found) == MOST


def test_a_site_without_a_picture_to_tell_by_costs_nothing() -> None:
    assert chosen([ours("crew.jpg", "")], [row("crew.jpg", "D1")], None, "old.example") == []
    assert chosen([], [row("crew.jpg", "D1")], None, "old.example") == []
