"""What kind of likeness two pages show, from what they share."""

from __future__ import annotations

from scanner.likeness.compare import Likeness

STRONG_WORDS, STRONG_RUN, STRONG_SHARE = 60, 12, 0.25
"""Rare shared words, the longest run among them and the share of the page: more than any phrase or list of
services two firms hit upon by themselves."""
PARTIAL_WORDS = 30
"""A lifted review or one paragraph."""
COMMON_SHARE = 0.6
"""From this share of words known from many sites, a page is its template's text."""


def kind_of(likeness: Likeness) -> str:
    """`strong`, `partial`, `template` (only what many sites share), `unfilled` (mostly that), or `weak`."""
    if likeness.common >= COMMON_SHARE:
        return "unfilled"
    if likeness.rare_words >= STRONG_WORDS and likeness.run >= STRONG_RUN and likeness.containment >= STRONG_SHARE:
        return "strong"
    if likeness.rare_words >= PARTIAL_WORDS and likeness.run >= STRONG_RUN:
        return "partial"
    return "template" if likeness.common > 0.2 else "weak"
