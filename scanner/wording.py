"""Text from outside in our own sentences: one short line, with nothing in it that a terminal acts on."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp"}
)  # control, format and surrogate characters, line separators


def quoted(text: str, most: int = 60) -> str:
    """The text in quotes, cut after `most` characters.

    >>> quoted("acme.example"), quoted("a\\x1b[2J"), quoted("long words", 4)
    ("'acme.example'", "'a\\\\x1b[2J'", "'long…'")
    """
    short = text[:most] + ("…" if len(text) > most else "")
    return repr(short) if short.isprintable() else ascii(short)


def one_line(text: str) -> str:
    """Text without control, format and surrogate characters, its spaces folded.

    >>> one_line(" Acme\\n\\u202e Soft  LLC ")
    'Acme Soft LLC'
    """
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in text)
    return " ".join(text.split())
