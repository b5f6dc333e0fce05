"""Likeness of texts: what a copyist edits is masked, so that what he keeps can be compared. Pure functions.

Masking runs in the workers that read pages: what needs numpy (`common`, `shingles`, `compare`) is imported from its
own module, since loading numpy takes longer than reading a page, and is refused in a worker that is shut in.
"""

from __future__ import annotations

from scanner.likeness.masking import Names, names_of, tokens, with_people
from scanner.likeness.people import people_in

__all__ = ["Names", "names_of", "people_in", "tokens", "with_people"]
