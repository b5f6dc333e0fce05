"""Text as a reader sees it: no invisible characters, and look-alike letters of other scripts undone (UTS 39).

Genuine Cyrillic, Greek or any other writing stays itself. A look-alike is undone in a word that mixes scripts and
comes out Latin, and in a whole word of look-alikes that stands among Latin words without real words of its script.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache

from scanner.likeness import seeds

# What no reader sees: soft hyphen, joiners, zero-width and bidi controls, variation selectors, tags, fillers, and
# private use (icon fonts). U+200C/D join letters in some scripts; without them both sides still read the same.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\ue000-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)
_APOSTROPHE = re.compile("[’‘ʼʹʻ`´′＇]")
_GENUINE_SHARE = 4  # a real word of a script outweighs four Latin ones: then its script is meant


def _ranges(categories: tuple[str, ...], low: int = 0x80) -> str:
    """Characters of these general categories, as the inside of a character class."""
    parts: list[str] = []
    start = -1
    for code in range(low, sys.maxunicode + 2):
        inside = code <= 0x2FFFF and unicodedata.category(chr(code)) in categories
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            parts.append(chr(start) if code - start == 1 else f"{chr(start)}-{chr(code - 1)}")
            start = -1
        if code > 0x30000 and start < 0:
            break
    return "".join(parts)


MARKS = _ranges(("Mn", "Mc", "Me"))
_PILE = re.compile(
    f"([{MARKS}]{{8}})[{MARKS}]+"
)  # ordering a long pile of marks costs the square of its length
# A word with a letter or mark beyond ASCII in it; never begun again within a run of ASCII letters.
_LETTERS = re.compile(rf"(?<![A-Za-z])[A-Za-z]*+(?:[^\W\d_\x00-\x7f]|[{MARKS}])(?:[^\W\d_]|[{MARKS}])*+")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for line in seeds.read("likeness", "confusables.tsv").splitlines():
        if line and not line.startswith("#"):
            code, letter = line.split("\t")[:2]
            table[int(code, 16)] = letter
    return table


_ORDINARY = (
    "\u00a1-\u024f\u0370-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
)


@cache
def _odd() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What `undo` may have to change: any character but ASCII and those of everyday writing that no step below
    touches, alone or after another. The first lets the stand-ins of masked parts pass."""
    table = _table()
    parts = []
    for code in (*range(0x80), *(ord(c) for c in _each(_ORDINARY))):
        char = chr(code)
        ordinary = not (_UNSEEN.match(char) or _APOSTROPHE.match(char)) and (
            code < 0x80
            or (
                code not in table
                and (code >= 0x4E00 or not _moves(char))  # Han and Hangul syllables are stable as they are
            )
        )
        if ordinary:
            parts.append(code)
    return re.compile(f"[^{_as_class(parts)}\ue000-\ue00f]"), re.compile(f"[^{_as_class(parts)}]")


def _moves(char: str) -> bool:
    """Whether a character is a mark, or changed by NFKC, alone or after a letter."""
    return unicodedata.category(char)[0] == "M" or not all(
        unicodedata.is_normalized("NFKC", base + char) for base in ("", "a")
    )


def _each(ranges: str) -> str:
    """The characters of the inside of a class."""
    return "".join(
        "".join(map(chr, range(ord(low), ord(high) + 1)))
        for low, _, high in zip(*[iter(ranges)] * 3, strict=True)
    )


def _as_class(codes: list[int]) -> str:
    parts: list[str] = []
    last = -2
    for code in codes:
        if code == last + 1:
            parts[-1] = f"{parts[-1].partition('-')[0]}-\\U{code:08x}"
        else:
            parts.append(f"\\U{code:08x}")
        last = code
    return "".join(parts)


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "?").partition(" ")[0]


def may_hold_marks(text: str) -> bool:
    """Whether a text that `undo` has been through can hold combining marks; quick, and never wrongly no."""
    return bool(_odd()[0].search(text))


def undo(text: str) -> str:
    """`text` with invisible characters dropped, NFKC, straight apostrophes and look-alike letters undone.

    >>> undo("s\\u043eft\\u200bw\\u0430re"), undo("хорошо"), undo("ﬁne")
    ('software', 'хорошо', 'fine')
    """
    if text.isascii():
        return text
    if _APOSTROPHE.search(text):
        text = _APOSTROPHE.sub("'", text)
    if not _odd()[1].search(text):
        return text
    text = _UNSEEN.sub("", text)
    if not unicodedata.is_normalized("NFKC", text := _PILE.sub(r"\1", text)):
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    if text.isascii():
        return text
    return _undo_letters(text)


def _undo_letters(text: str) -> str:
    seen = set(text)
    table = _table()
    if not any(ord(character) in table for character in seen if character > "\x7f"):
        return text
    genuine: dict[str, int] = {}
    for word in _LETTERS.findall(text):
        script = _own_script(word[:_LONGEST_WORD])
        if script:
            genuine[script] = genuine.get(script, 0) + 1
    latin = len(_LATIN_WORD.findall(text))
    meant = frozenset(script for script, count in genuine.items() if count * _GENUINE_SHARE >= latin)
    return _LETTERS.sub(lambda match: _undone(match.group(), latin > 0, meant), text)


_LONGEST_WORD = 80  # letters; what is longer is none, and would fill the caches


@lru_cache(maxsize=1 << 14)
def _own_script(word: str) -> str:
    """The script of a word that no look-alikes can explain, "" for any other."""
    if len(word) < 2 or any(character < "\x80" for character in word):
        return ""
    table = _table()
    foreign = [
        character for character in word if ord(character) not in table and _script(character) != "LATIN"
    ]
    return _script(foreign[0]) if foreign else ""


def _undone(word: str, among_latin: bool, meant: frozenset[str]) -> str:
    if len(word) <= _LONGEST_WORD:
        return _undo_word(word, among_latin, meant)
    return _undo_word.__wrapped__(word, among_latin, meant)


@lru_cache(maxsize=1 << 14)
def _undo_word(word: str, among_latin: bool, meant: frozenset[str]) -> str:
    plain = word.translate(_table())
    if plain == word:
        return word
    if not all(character < "\x80" or _script(character) == "LATIN" for character in plain):
        return word
    if any(character < "\x80" or _script(character) == "LATIN" for character in word):
        return plain  # it mixes scripts
    if among_latin and _script(word[0]) not in meant:
        return plain
    return word
