"""docs/REDFLAGS.md: every published flag, trap and signal has its line, and every check it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.checks import table
from scanner.model import Strength

PAGE = Path(__file__).parents[1] / "docs" / "REDFLAGS.md"
ROWS = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
NAMED = re.compile(r"`([a-z]+)\.([a-z-]+|\*)`")


def row(number: str) -> str:
    [found] = [line for line in ROWS if line.startswith(f"| {number} |")]
    return found


@pytest.mark.parametrize(
    "number", [*map(str, range(1, 41)), *(f"T{n}" for n in range(1, 10)), "S-A", "S-B", "S-C", "S-D"]
)
def test_every_flag_trap_and_signal_has_a_line_that_says_something(number: str) -> None:
    cells = [cell.strip() for cell in row(number).strip("|").split("|")]
    assert len([cell for cell in cells if cell]) >= 3, (
        "a flag needs a check, context, or a reason why there is none"
    )


def test_every_check_it_names_exists() -> None:
    ids = {entry.id for entry in table()}
    families = {entry.family.value for entry in table()}
    for family, name in NAMED.findall("\n".join(ROWS)):
        assert f"{family}.{name}" in ids or (name == "*" and family in families), f"{family}.{name}"


def test_what_stands_under_context_or_exculpatory_alone_cannot_accuse() -> None:
    # given the columns of the numbered flags, what is called exculpatory or context weighs nothing by itself
    strengths = {entry.id: entry.strength for entry in table()}
    for number in map(str, range(1, 41)):
        _, _, _, exculpatory, context, *_ = row(number).strip("|").split("|")
        for family, name in NAMED.findall(exculpatory + context):
            assert strengths[f"{family}.{name}"] is Strength.CONTEXT


def test_every_family_of_checks_is_spoken_of() -> None:
    spoken = {family for family, _ in NAMED.findall("\n".join(ROWS))}
    assert {entry.family.value for entry in table()} <= spoken | {"profile"}
