"""Two passages side by side with the words they share marked, so that a reader sees at once what was changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Indel

from scanner.wording import one_line

MOST_LETTERS = 1200
"""Of one passage that are shown."""

# A word, or one letter of the scripts that are written without spaces.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")

Run = tuple[str, bool]
"""A stretch of text, and whether the other side has it too."""


def side_by_side(ours: str, theirs: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both passages as runs of text, shared words marked; spaces and signs between shared words belong to them.

    >>> side_by_side("Acme cares for mills.", "Bolt cares for mills!")[0]
    (('Acme ', False), ('cares for mills', True), ('.', False))
    """
    left, right = _cut(ours), _cut(theirs)
    own, other = list(_WORD.finditer(left)), list(_WORD.finditer(right))
    blocks = Indel.opcodes(_keys(own), _keys(other)) if own and other else ()
    equal = [op for op in blocks if op.tag == "equal"]
    return (
        tuple(_runs(left, own, [(op.src_start, op.src_end) for op in equal])),
        tuple(_runs(right, other, [(op.dest_start, op.dest_end) for op in equal])),
    )


def _keys(words: Iterable[re.Match[str]]) -> list[str]:
    return [word[0].casefold() for word in words]


def _runs(text: str, words: Sequence[re.Match[str]], shared: Iterable[tuple[int, int]]) -> Iterator[Run]:
    done = 0
    for first, end in shared:
        begins, ends = words[first].start(), words[end - 1].end()
        if begins > done:
            yield text[done:begins], False
        yield text[begins:ends], True
        done = ends
    if done < len(text):
        yield text[done:], False


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= MOST_LETTERS else f"{line[:MOST_LETTERS]}…"
