from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scanner.checks.places import country_of
from scanner.evaluate.permute import COUNTRIES, PEOPLE, permuted
from scanner.intake import read_case
from scanner.world import load

PAGE = """<!doctype html><html lang="en"><head><title>Harbourlight</title></head><body><main>
<h2>Our team</h2><p>Mara Oakley, Chief Executive Officer</p><p>Write to us at any time, we answer within a day.</p>
<address>12 Foundry Lane, Suite 410<br>Leeds LS10 1AB<br>United Kingdom</address>
<a href="tel:+441132345678">+44 113 234 5678</a></main></body></html>"""
WORLD = """
now: 2024-06-01
domains:
  harbourlight.example:
    registration: {via: rdap, created: 2015-01-01, registrant: {name: Mara Oakley, country: GB}}
    site: sites/h
labels:
  cases/a.yaml: {least: nothing-found, most: nothing-found}
"""
CASE = """
case: a
claims:
  - {role: employer, url: https://harbourlight.example, starts: 2016, place: "Leeds, United Kingdom"}
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    folder = tmp_path / "world"
    (folder / "cases").mkdir(parents=True)
    (folder / "sites" / "h").mkdir(parents=True)
    (folder / "world.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "cases" / "a.yaml").write_text(CASE, encoding="utf-8")
    (folder / "sites" / "h" / "index.html").write_text(PAGE, encoding="utf-8")
    return folder


@pytest.mark.parametrize("shift", range(1, len(COUNTRIES)))
def test_claim_page_and_record_move_to_the_same_country(world: Path, tmp_path: Path, shift: int) -> None:
    # when
    there = tmp_path / str(shift)
    permuted(world, there, shift)
    # then claim and record name one country, which is not the old one
    claim = read_case(there / "cases" / "a.yaml").cases[0].claims[0]
    code = country_of(claim.place)
    tree = yaml.safe_load((there / "world.yaml").read_text(encoding="utf-8"))
    registrant = tree["domains"]["harbourlight.example"]["registration"]["registrant"]
    assert code not in ("", "GB")
    assert registrant["country"] == code
    # and so do address and telephone on the page, of which nothing old is left; the room is still that room
    page = (there / "sites" / "h" / "index.html").read_text(encoding="utf-8")
    country = next(one for one in COUNTRIES if one.code == code)
    assert country.name in page
    assert "Suite 410" in page
    assert country.phone[:3] in page
    assert not [old for old in ("Leeds", "United Kingdom", "+44", "Mara Oakley", 'lang="en"') if old in page]
    # and the person of the page is still the one of the record
    assert registrant["name"] in PEOPLE
    assert registrant["name"] in page
    # and it can be served
    assert load(there).labels


def test_what_does_not_name_a_country_stays(world: Path, tmp_path: Path) -> None:
    case = world / "cases" / "a.yaml"
    case.write_text(CASE.replace("Leeds, United Kingdom", "Remote"), encoding="utf-8")
    permuted(world, tmp_path / "there", 1)
    assert "Remote" in (tmp_path / "there" / "cases" / "a.yaml").read_text(encoding="utf-8")


def test_the_same_shift_gives_the_same_world(world: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        permuted(world, tmp_path / name, 5)
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
