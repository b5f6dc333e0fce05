"""Data that asks for an attribution has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASKING = re.compile(r"\b(?:MIT|ISC|BSD|CC-BY|Unicode-)")
HEADS = {
    path.relative_to(ROOT).as_posix(): found[1]
    for path in sorted((ROOT / "seeds").rglob("*"))
    if path.suffix in {".yaml", ".txt", ".csv", ".tsv"}
    and (found := re.search(r"^#? ?licence: (.+)$", path.read_text("utf-8")[:2000], re.MULTILINE))
    and ASKING.search(found[1])
}


def test_the_heads_are_found() -> None:
    assert "seeds/likeness/confusables.tsv" in HEADS
    assert len(HEADS) >= 7


@pytest.mark.parametrize("name", HEADS)
def test_what_asks_to_be_named_is_named_in_notice(name: str) -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert name in notice or f"{name.rpartition('/')[0]}/)" in notice
