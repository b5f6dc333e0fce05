"""Likeness of texts: what a copyist edits is masked, so that what he keeps can be compared. Pure functions."""

from __future__ import annotations

from scanner.likeness.common import common_passages
from scanner.likeness.masking import Names, names_of, tokens, with_people
from scanner.likeness.people import people_in

__all__ = ["Names", "common_passages", "names_of", "people_in", "tokens", "with_people"]
