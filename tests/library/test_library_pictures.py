"""Pictures in the library: which sites show them, since when, and which ones are nearly the same."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from scanner.library import Library, LibraryError, Picture
from scanner.library.pictures import MOST_SITES, NEAR
from scanner.model import Date


def picture(
    domain: str,
    number: int,
    *,
    flips: int = 0,
    turned: bool = False,
    seen: str = "2020-01-01",
    by: str = "crawl",
    plain: bool = False,
    copy: int = 0,
) -> Picture:
    """Picture `number` as a site shows it; `flips` bits of its hash differ, `copy` makes other bytes of it."""
    dice = random.Random(number)
    own, mirror = dice.getrandbits(128), dice.getrandbits(128)
    other = random.Random(f"{number} {flips} {copy}")
    for bit in other.sample(range(128), flips):
        own ^= 1 << bit
        mirror ^= 1 << bit
    one, two = (f"{value:032x}" for value in ((mirror, own) if turned else (own, mirror)))
    digest = f"{random.Random(f'{number} {flips} {turned} {copy}').getrandbits(256):064x}"
    return Picture(
        f"https://{domain}/{number}.jpg", domain, digest, "" if plain else one, "" if plain else two, 600, 400,
        Date(seen), by, f"https://{domain}/team", "alt", "S" * 32,
    )  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library.db")


def found(library: Library, asked: Picture) -> list[tuple[str, int, bool, bool]]:
    return [
        (one.picture.domain, one.bits, one.mirrored, one.same_bytes)
        for one in library.pictures.matches(asked)
    ]


def test_the_same_bytes_near_ones_and_mirrored_ones_are_found_on_other_sites(library: Library) -> None:
    library.pictures.add(
        [
            picture("a.example", 1),
            picture("b.example", 1),
            picture("c.example", 1, flips=3),
            picture("d.example", 1, flips=2, turned=True),
            picture("e.example", 2),
        ]
    )
    assert found(library, picture("a.example", 1)) == [
        ("b.example", 0, False, True),
        ("d.example", 2, True, False),
        ("c.example", 3, False, False),
    ]
    # and from the mirrored side
    assert found(library, picture("d.example", 1, flips=2, turned=True))[0] == ("a.example", 2, True, False)


@pytest.mark.parametrize("flips", range(NEAR + 1))
def test_near_pictures_are_found_whichever_bits_differ(library: Library, flips: int) -> None:
    """Given 200 pictures, when copies with some differing bits are looked up, then nearly all are found."""
    library.pictures.add([picture("a.example", number) for number in range(200)])
    met = sum(
        bool(found(library, picture("b.example", n, flips=flips, turned=n % 2 == 1))) for n in range(200)
    )
    assert met >= (200 if flips < 8 else 190)


def test_far_pictures_are_not_found(library: Library) -> None:
    library.pictures.add([picture("a.example", number) for number in range(300)])
    assert found(library, picture("b.example", 5, flips=NEAR + 1)) == []
    assert not any(found(library, picture("b.example", number)) for number in range(1000, 1300))


def test_plain_pictures_meet_by_their_bytes_alone(library: Library) -> None:
    library.pictures.add([picture("a.example", 1, plain=True), picture("b.example", 2, plain=True)])
    assert found(library, picture("c.example", 1, plain=True)) == [("a.example", 0, False, True)]
    assert found(library, picture("c.example", 3, plain=True)) == []


def test_the_earliest_sight_of_a_site_counts(library: Library) -> None:
    library.pictures.add([picture("a.example", 1, seen="2024-06-01", by="scan:x")])
    library.pictures.add([picture("a.example", 1, seen="2015-03-01", by="warc")])
    library.pictures.add([picture("a.example", 1, seen="2019-01-01", by="warc")])
    (one,) = library.pictures.matches(picture("b.example", 1))
    assert (str(one.picture.first_seen), one.picture.seen_in) == ("2015-03-01", "warc")
    assert [str(own.first_seen) for own in library.pictures.of("a.example")] == ["2015-03-01"]
    assert library.pictures.count() == (1, 1)


def test_a_picture_of_everybody_is_counted_to_a_limit(library: Library) -> None:
    library.pictures.add([picture(f"s{n:03}.example", 1, copy=n % 7) for n in range(120)])
    started = time.process_time()
    assert len(library.pictures.matches(picture("a.example", 1))) == MOST_SITES
    assert time.process_time() - started < 1


def test_what_a_case_brought_alone_is_forgotten_with_it(tmp_path: Path) -> None:
    """Given two pictures of a case, one of which a crawl saw too, when the case is purged, then that one stays."""
    with Library(tmp_path / "l.db") as library:
        library.pictures.add([picture("a.example", 1, by="scan:x"), picture("a.example", 2, by="scan:x")])
        library.pictures.add([picture("a.example", 2, seen="2021-01-01", by="crawl")])
        library.forget("x")
        assert [one.url for one in library.pictures.of("a.example")] == ["https://a.example/2.jpg"]
        assert found(library, picture("b.example", 1)) == []
    held = (tmp_path / "l.db").read_bytes()
    assert b"a.example/2.jpg" in held
    assert b"a.example/1.jpg" not in held


def test_a_library_without_pictures_has_none(library: Library) -> None:
    assert library.pictures.of("a.example") == []
    assert library.pictures.matches(picture("a.example", 1)) == []
    assert library.pictures.count() == (0, 0)
    assert library.forget("nobody") == 0


def test_one_opened_for_reading_takes_none(tmp_path: Path) -> None:
    Library(tmp_path / "l.db").close()
    with (
        Library(tmp_path / "l.db", readonly=True) as library,
        pytest.raises(LibraryError, match="reading only"),
    ):
        library.pictures.add([picture("a.example", 1)])


def test_a_look_up_stays_quick_among_many(library: Library) -> None:
    """Given 20,000 pictures, when one is looked up, then few candidates are read."""
    library.pictures.add(picture(f"s{number % 997}.example", number) for number in range(20_000))
    asked = [picture("x.example", number, flips=4) for number in range(0, 20_000, 400)]
    started = time.process_time()
    met = sum(bool(found(library, one)) for one in asked)
    assert met == len(asked)
    assert (time.process_time() - started) / len(asked) < 0.02
